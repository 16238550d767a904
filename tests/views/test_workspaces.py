"""Going from one workspace to another, and coming back in with a forgotten password."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio import tasks
from studio.models import (
    Action,
    Asset,
    Collection,
    Export,
    Invitation,
    Membership,
    Role,
    Share,
    User,
    Visibility,
    Workspace,
)
from studio.services import collections, letters, members, workspaces
from tests.fixtures import PASSWORD
from tests.views.conftest import HTMX, Visit
from tests.views.making import job, picture

NEW = "a bowl of six oranges"


@pytest.fixture
def second(alice: User) -> Workspace:
    return workspaces.make(alice, "Northlight", "UTC").workspace


def test_a_switch_lasts_for_the_session_and_begins_the_next_one(visit: Visit, alice: User, second: Workspace) -> None:
    client, other = visit(alice), visit(alice)
    assert "Studio" in client.get("/gallery/").content.decode()
    assert client.post(f"/workspaces/{second.public_id}/switch/", {"next": "/gallery/"})["Location"] == "/gallery/"
    assert f'data-workspace="{second.public_id}"' in client.get("/gallery/").content.decode()
    other.post(f"/workspaces/{alice.workspaces.exclude(pk=second.pk).get().public_id}/switch/")
    assert f'data-workspace="{second.public_id}"' in client.get("/").content.decode(), "each session has its own"
    User.objects.filter(pk=alice.pk).update(last_workspace=second)
    assert f'data-workspace="{second.public_id}"' in visit(alice).get("/").content.decode()


def test_the_menu_names_ones_own_workspaces_and_leads_back_to_the_same_page(
    visit: Visit, alice: User, charlie: User, second: Workspace
) -> None:
    headers = {**HTMX, "hx-current-url": "http://testserver/gallery/?kind=vector"}
    text = visit(alice).get("/workspaces/", headers=headers).content.decode()
    assert "Northlight" in text
    assert "Elsewhere" not in text
    assert 'name="next" value="/gallery/"' in text


def test_which_workspace_one_is_in_costs_one_query(visit: Visit, alice: User, second: Workspace) -> None:
    client = visit(alice)
    client.post(f"/workspaces/{second.public_id}/switch/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/create/history/")
    assert sum("studio_workspace" in each["sql"] for each in queries) == 1


def test_a_page_left_open_goes_on_in_its_own_workspace(visit: Visit, alice: User, second: Workspace) -> None:
    client, first = visit(alice), alice.workspaces.exclude(pk=second.pk).get()
    client.post(f"/workspaces/{second.public_id}/switch/")
    headers = {**HTMX, "x-workspace": first.public_id}
    client.post("/create/generate/draft/", {"prompt": "A fox"}, headers=headers)
    assert f"/workspaces/{first.public_id}/" not in client.get("/workspaces/", headers=headers).content.decode()
    told = client.get("/banner/", headers=headers).content.decode()
    assert "This page is part of Studio" in told
    Membership.objects.filter(person=alice, workspace=first).delete()
    assert client.post("/create/generate/draft/", {"prompt": "A fox"}, headers=headers)["HX-Refresh"] == "true"


def test_what_a_page_does_with_pictures_it_does_where_it_was_opened(
    visit: Visit, alice: User, second: Workspace
) -> None:
    client, first = visit(alice), alice.workspaces.exclude(pk=second.pk).get()
    here, there = (picture(alice, job(alice, workspace=each)) for each in (first, second))
    client.post(f"/workspaces/{second.public_id}/switch/")
    everything = {"all": "1", "search": "", "in_workspace": first.public_id}
    for sent, headers in (({}, {**HTMX, "x-workspace": first.public_id}), ({"in_workspace": first.public_id}, {})):
        client.post("/act/", {"do": "rate 4", **everything, **sent}, headers=headers)
    assert set(Action.objects.values_list("workspace", flat=True)) == {first.pk}, "not all that there is elsewhere"
    # What is named knows where it is.
    client.post("/act/", {"do": "rate 3", "assets": here.public_id})
    assert Asset.objects.get(pk=here.pk).rating == 3
    collection = collections.create(alice.memberships.get(workspace=first), "Spring")
    collections.add(alice, collection, [here.pk])
    chosen = {"format": "original", "percent": "100", "name": "{title}"}
    for named in ({"assets": here.public_id}, {"collection": collection.public_id}, everything):
        client.post("/exports/new/", {**chosen, **named})
        client.post("/shares/new/", {"days": "30", "largest": "preview", **named})
    for model in (Export, Share):
        assert list(model._default_manager.values_list("workspace", flat=True)) == [first.pk] * 3
    assert client.get("/exports/").content.decode().count("Studio, 1 picture") == 3, "one's own are listed anywhere"
    assert "This page is part of Studio" in client.get(f"/collections/{collection.public_id}/").content.decode()
    client.post("/collections/new/", {"name": "Autumn", "assets": there.public_id})
    assert Collection.objects.get(name="Autumn").workspace == second
    Membership.objects.filter(person=alice, workspace=first).delete()
    assert client.post("/act/", {"do": "rate 4", **everything})["Location"] == "/"


def test_every_script_says_where_its_page_is() -> None:
    scripts = [path for path in (settings.BASE_DIR / "static" / "js").glob("*.js") if path.name != "seen-once.js"]
    asking = {
        path.name: text for path in scripts if (text := path.read_text()).count(" fetch(") + text.count("(fetch(")
    }
    assert len(asking) > 5
    assert [name for name, text in asking.items() if "X-Workspace" not in text] == []


def test_lists_are_of_one_workspace_and_addresses_of_all_of_ones_own(
    visit: Visit, alice: User, second: Workspace
) -> None:
    there = picture(alice, job(alice, workspace=second))
    client = visit(alice)
    for page in ("/gallery/", "/runs/?who=everyone", "/queue/"):
        assert there.public_id not in client.get(page).content.decode(), page
    page = client.get(f"/assets/{there.public_id}/").content.decode()
    assert "This page is part of Northlight" in page
    assert f'data-workspace="{second.public_id}"' in page
    assert f'data-workspace="{second.public_id}"' not in client.get("/").content.decode(), "looking is not switching"


def test_a_role_counts_where_the_thing_is(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    # Charlie steers a workspace of his own, and only looks in this one.
    waiting = job(bob, "queued")
    members.add(bob.workspaces.get(), charlie, Role.VIEWER)
    assert visit(charlie).post(f"/runs/{waiting.public_id}/cancel/").status_code == 403


def test_making_settings_handing_over_and_leaving(visit: Visit, alice: User, bob: User) -> None:
    client = visit(alice)
    assert client.post("/workspaces/new/", {"name": "", "time_zone": "UTC"}).status_code == 422
    assert client.post("/workspaces/new/", {"name": "Third", "time_zone": "UTC"}).status_code == 302
    assert "Third" in client.get("/workspace/").content.decode(), "one works in it at once"
    given = {"name": "Thirds", "time_zone": "Asia/Tokyo", "new_pictures": "private"}
    assert client.post("/workspace/", given).status_code == 302
    assert client.post("/workspace/", {**given, "new_pictures": "all"}).status_code == 422
    third = Workspace.objects.get(name="Thirds")
    assert (third.time_zone, third.new_pictures) == ("Asia/Tokyo", Visibility.PRIVATE)
    assert client.post("/workspace/leave/").status_code == 422, "it would have no owner"
    his = members.add(third, bob, Role.EDITOR)
    assert client.post("/workspace/hand-over/", {"to": bob.memberships.exclude(pk=his.pk).get().pk}).status_code == 422
    assert client.post("/workspace/hand-over/", {"to": his.pk}).status_code == 302
    assert client.post("/workspace/leave/")["Location"] == "/"
    assert "Thirds" not in client.get("/workspaces/").content.decode()


def test_an_editor_sees_the_settings_and_changes_none(visit: Visit, bob: User) -> None:
    client = visit(bob)
    assert "Leave the workspace" in client.get("/workspace/").content.decode()
    given = {"name": "Mine", "time_zone": "UTC", "new_pictures": "private"}
    assert client.post("/workspace/", given).status_code == 422
    assert not client.get("/workspaces/new/").context["allowed"]


def test_who_made_a_picture_shares_it_and_takes_it_back(visit: Visit, alice: User, bob: User) -> None:
    asset = picture(alice)
    address, hers, his = f"/assets/{asset.public_id}/visibility/", visit(alice), visit(bob)
    assert his.post(address, {"visibility": "private"}, headers=HTMX).status_code == 403
    assert "Only you" in hers.post(address, {"visibility": "private"}, headers=HTMX).content.decode()
    for gone in (f"/assets/{asset.public_id}/", f"/media/{asset.public_id}/tile", f"/edit/{asset.public_id}/finish/"):
        assert his.get(gone).status_code == 404
    assert his.post(address, {"visibility": "workspace"}, headers=HTMX).status_code == 404
    assert hers.post(address, {"visibility": "everybody"}, headers=HTMX).status_code == 422
    assert hers.post(address, {"visibility": "workspace"}).status_code == 302
    assert his.get(f"/assets/{asset.public_id}/").status_code == 200
    assert Asset.objects.get().visibility == Visibility.WORKSPACE


def test_an_invitation_by_mail_is_sent_again_and_withdrawn(visit: Visit, alice: User) -> None:
    client = visit(alice)
    page = client.post("/members/invite/", {"role": "viewer", "email": "dana@example.com"}, headers=HTMX)
    assert "on its way to dana@example.com" in page.content.decode()
    invitation = Invitation.objects.get()
    letters.send_invitation(invitation.pk)
    assert client.post(f"/members/invitations/{invitation.pk}/resend/", headers=HTMX).status_code == 200
    assert letters.send_invitation(invitation.pk)
    link = re.search(r"/join/\S+", mail.outbox[-1].body)
    assert link
    assert 'value="dana@example.com"' in Client().get(link[0]).content.decode()
    client.post(f"/members/invitations/{invitation.pk}/withdraw/", headers=HTMX)
    assert Client().get(link[0]).status_code == 410


def test_who_belongs_there_already_does_not_use_the_link_up(visit: Visit, alice: User, bob: User) -> None:
    token = members.invite(alice.memberships.get(), Role.VIEWER)
    assert visit(bob).post(f"/join/{token}/").status_code == 422
    assert members.find_invitation(token)


def test_a_forgotten_password_is_answered_alike_for_everybody(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *args: rung.extend(args))
    answers = [Client().post("/forgot/", {"email": email}) for email in ("ALICE@example.com", "nobody@example.com")]
    assert {(each.status_code, each["Location"], each.content) for each in answers} == {(302, "/forgot/sent/", b"")}
    assert rung == [alice.pk, 0]


def test_asking_for_a_password_is_limited_per_address(alice: User) -> None:
    client = Client()
    codes = [client.post("/forgot/", {"email": "alice@example.com"}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_a_new_password_ends_every_session(visit: Visit, alice: User) -> None:
    elsewhere = visit(alice)
    assert elsewhere.get("/").status_code == 200
    letters.send_reset(alice.pk)
    found = re.search(r"/reset/\S+", mail.outbox[-1].body)
    assert found
    browser = Client()
    assert browser.get(found[0]).status_code == 200
    assert browser.post(found[0], {"new_password1": "short", "new_password2": "short"}).status_code == 422
    done = browser.post(found[0], {"new_password1": NEW, "new_password2": NEW})
    assert done["Location"] == "/reset/done/"
    assert elsewhere.get("/").status_code == 302
    assert Client().post(found[0], {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 410
    assert Client().post("/sign-in/", {"email": "alice@example.com", "password": NEW}).status_code == 302
