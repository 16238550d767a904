"""The bell, the list of notices, and how one chooses to be told."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.models import Notice, NoticeKind, Role, User, Workspace
from studio.services import members, notices, workspaces
from studio.views.notices import PAGE
from tests.views.conftest import HTMX, Visit
from tests.views.making import job


def tell(person: User, count: int = 1) -> None:
    workspace = person.workspaces.get()
    for number in range(count):
        notices.tell([person], workspace, NoticeKind.COMMENT, f"Comment <{number}>", "/gallery/", f"key-{number}")


def test_the_bell_counts_what_is_unread_on_every_page(visit: Visit, alice: User) -> None:
    client = visit(alice)
    assert "unread" not in client.get("/notices/bell/").content.decode()
    tell(alice, 2)
    for address in ("/", "/notices/bell/"):
        assert 'aria-label="Notices, 2 unread"' in client.get(address).content.decode()


def test_a_notice_leads_where_it_happened_and_is_read_by_that(visit: Visit, alice: User) -> None:
    tell(alice)
    client = visit(alice)
    assert "Comment &lt;0&gt;" in client.get("/notices/").content.decode()
    answer = client.post(f"/notices/{Notice.objects.get().pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/gallery/")
    assert notices.unread(alice) == 0


def test_a_notice_from_another_workspace_leads_there_and_the_session_goes_along(visit: Visit, alice: User) -> None:
    first, second = alice.workspaces.get(), workspaces.make(alice, "Northlight", "UTC").workspace
    notices.tell([alice], second, NoticeKind.ASKED, "Bob asks for units", "/requests/", "key")
    client, address = visit(alice), f"/notices/{Notice.objects.get().pk}/"
    client.post(f"/workspaces/{first.public_id}/switch/")
    asked = client.get(address)
    assert (asked.status_code, "Go on in Northlight" in asked.content.decode()) == (200, True)
    assert (here(client), notices.unread(alice)) == (first.public_id, 1), "a link in a mail only asks"
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (302, "/requests/")
    assert (here(client), notices.unread(alice)) == (second.public_id, 0)
    assert client.get(address)["Location"] == "/requests/", "there already"


def test_a_notice_of_a_workspace_one_has_left_is_as_unknown_as_any(visit: Visit, alice: User, bob: User) -> None:
    tell(bob)
    client, address = visit(bob), f"/notices/{Notice.objects.get().pk}/"
    members.add(Workspace.objects.create(name="Northlight"), bob, Role.EDITOR)
    members.remove(alice.memberships.get(), bob.memberships.exclude(workspace__name="Northlight").get())
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 404
        assert answer.content == getattr(client, answer.request["REQUEST_METHOD"].lower())("/notices/999999/").content
    assert "Comment" not in client.get("/notices/").content.decode()
    assert Notice.objects.get().read_at is None


def here(client: Client) -> str:
    """The workspace that a session works in."""
    found = re.search(r'data-workspace="([\w-]+)"', client.get("/").content.decode())
    assert found
    return found[1]


def test_one_or_all_are_marked_read_in_place(visit: Visit, alice: User, bob: User) -> None:
    tell(alice, 3)
    tell(bob)
    client = visit(alice)
    first = Notice.objects.filter(person=alice).first()
    assert first
    text = client.post(f"/notices/{first.pk}/read/", headers=HTMX).content.decode()
    assert "2 unread" in text
    assert client.post("/notices/read/").status_code == 302
    assert (notices.unread(alice), notices.unread(bob)) == (0, 1)


def test_what_others_were_told_is_not_here(visit: Visit, alice: User, bob: User) -> None:
    tell(alice)
    client = visit(bob)
    assert "Comment" not in client.get("/notices/").content.decode()
    assert client.post(f"/notices/{Notice.objects.get().pk}/read/").status_code == 404


def test_older_ones_come_page_by_page_and_cost_the_same(visit: Visit, alice: User) -> None:
    client = visit(alice)
    tell(alice)
    client.get("/notices/")
    with CaptureQueriesContext(connection) as few:
        client.get("/notices/")
    Notice.objects.all().delete()
    tell(alice, PAGE + 5)
    with CaptureQueriesContext(connection) as many:
        text = client.get("/notices/").content.decode()
    assert len(many) == len(few)
    assert text.count('class="notice"') == PAGE
    last = Notice.objects.order_by("-id")[PAGE - 1].pk
    assert f"?before={last}" in text
    rest = client.get(f"/notices/older/?before={last}", headers=HTMX).content.decode()
    assert rest.count('class="notice"') == 5
    assert client.get("/notices/?before=x").status_code == 404


def test_one_chooses_how_to_be_told(visit: Visit, bob: User) -> None:
    client = visit(bob)
    text = client.get("/notices/settings/").content.decode()
    assert 'name="comment"' in text
    assert 'name="alert"' not in text, "that is for stewards"
    chosen = dict.fromkeys(notices.ways(bob), "daily")
    assert client.post("/notices/settings/", chosen | {"comment": "off"}).status_code == 302
    assert notices.ways(bob)["comment"] == "off"
    assert client.post("/notices/settings/", chosen | {"comment": "by pigeon"}).status_code == 422


def test_a_hidden_tab_learns_how_many_runs_it_waits_for(visit: Visit, alice: User) -> None:
    for state in ("running", "queued", "held", "done"):
        job(alice, state)
    client = visit(alice)
    answer = client.get("/runs/moving/")
    assert (answer.content, answer["Content-Type"]) == (b"2", "text/plain")
    page = client.get("/gallery/").content.decode()
    assert 'data-moving="2"' in page
    assert "<tab-title" in page
