"""Members, their roles, and the links that let somebody in."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from studio.forms.people import NewPersonForm
from studio.models import Budget, Entry, Invitation, Membership, Role, User
from studio.services import audit, members
from tests.fixtures import PASSWORD, budget_of
from tests.views.conftest import HTMX, Visit

NEWCOMER = {"email": "dana@example.com", "name": "Dana", "password": "a bowl of six oranges"}


def link_of(client: Client, role: str = Role.EDITOR) -> str:
    text = client.post("/members/invite/", {"role": role, "note": "for Dana"}, headers=HTMX).content.decode()
    found = re.search(r"http://testserver(/join/[\w-]+/)", text)
    assert found, text
    return found[1]


def test_only_stewards_have_a_members_page(visit: Visit, alice: User, bob: User) -> None:
    page = visit(alice).get("/members/")
    assert page.status_code == 200
    assert "bob@example.com" in page.content.decode()
    assert visit(bob).get("/members/").status_code == 404
    assert 'href="/members/"' not in visit(bob).get("/").content.decode(), "no way to what is not there"


def test_a_link_is_shown_once_and_lets_one_person_in(visit: Visit, alice: User) -> None:
    link = link_of(visit(alice))
    assert link not in visit(alice).get("/members/").content.decode()
    newcomer = Client()
    assert newcomer.get(link).status_code == 200
    assert newcomer.post(link, NEWCOMER)["Location"] == "/"
    assert newcomer.get("/").status_code == 200
    joined = Membership.objects.get(person__email="dana@example.com")
    assert (joined.role, joined.workspace) == (Role.EDITOR, alice.workspaces.get())
    assert Client().get(link).status_code == 410
    assert Client().post(link, {**NEWCOMER, "email": "eve@example.com"}).status_code == 410
    assert not User.objects.filter(email="eve@example.com").exists()


@pytest.mark.parametrize(
    "wrong", [{"password": "short"}, {"password": "password1234"}, {"email": "alice@example.com"}, {"name": ""}]
)
def test_a_newcomers_mistake_does_not_use_the_link_up(visit: Visit, alice: User, wrong: dict[str, str]) -> None:
    link = link_of(visit(alice))
    assert Client().post(link, {**NEWCOMER, **wrong}).status_code == 422
    assert Client().post(link, NEWCOMER).status_code == 302


def test_somebody_with_an_account_joins_with_it(visit: Visit, alice: User, charlie: User) -> None:
    link = link_of(visit(alice), Role.VIEWER)
    client = visit(charlie)
    assert "You are signed in as Charlie" in client.get(link).content.decode()
    assert charlie.workspaces.count() == 1, "looking is not joining"
    assert client.post(link)["Location"] == "/gallery/", "who only looks begins where there is something to see"
    assert charlie.memberships.get(workspace=alice.workspaces.get()).role == Role.VIEWER
    assert "Go to the studio" in client.get(link).content.decode(), "it is used, and they are in"


def test_a_withdrawn_link_is_dead(visit: Visit, alice: User) -> None:
    client = visit(alice)
    link = link_of(client)
    client.post(f"/members/invitations/{Invitation.objects.get().pk}/withdraw/", headers=HTMX)
    assert Client().get(link).status_code == 410


def test_roles_change_but_the_last_owner_stays(visit: Visit, alice: User, bob: User) -> None:
    client = visit(alice)
    bobs, own = bob.memberships.get(), alice.memberships.get()
    assert client.post(f"/members/{bobs.pk}/role/", {"role": "reviewer"}, headers=HTMX).status_code == 200
    bobs.refresh_from_db()
    assert bobs.role == Role.REVIEWER
    refused = client.post(f"/members/{own.pk}/role/", {"role": "viewer"}, headers=HTMX)
    assert refused.status_code == 422
    assert "A workspace needs an owner." in refused.content.decode()
    assert client.post(f"/members/{bobs.pk}/role/", {"role": "emperor"}, headers=HTMX).status_code == 422


def test_an_admin_makes_no_owner(visit: Visit, alice: User, bob: User) -> None:
    members.change_role(alice.memberships.get(), bob.memberships.get(), Role.ADMIN)
    client = visit(bob)
    assert client.post("/members/invite/", {"role": "owner"}, headers=HTMX).status_code == 422
    assert client.post(f"/members/{bob.memberships.get().pk}/role/", {"role": "owner"}).status_code == 422
    assert client.post(f"/members/{alice.memberships.get().pk}/remove/").status_code == 422
    assert Invitation.objects.count() == 0


def test_who_was_removed_is_out_at_the_next_request(visit: Visit, alice: User, bob: User) -> None:
    bobs = visit(bob)
    assert bobs.get("/gallery/").status_code == 200
    workspace = bob.workspaces.get().public_id
    visit(alice).post(f"/members/{bob.memberships.get().pk}/remove/")
    assert bobs.get("/gallery/").status_code == 403
    open_page = bobs.get("/units/", headers={**HTMX, "X-Workspace": workspace})
    assert open_page["HX-Refresh"] == "true", "what stands on it does not stay there"


def test_a_strangers_members_and_links_are_missing(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    link_of(visit(alice))
    client = visit(charlie)
    for address in (
        f"/members/{bob.memberships.get().pk}/role/",
        f"/members/{bob.memberships.get().pk}/remove/",
        f"/members/invitations/{Invitation.objects.get().pk}/withdraw/",
    ):
        assert client.post(address, {"role": "viewer"}).status_code == 404
    assert bob.memberships.get().role == Role.EDITOR
    assert Invitation.objects.count() == 1


def test_the_password_of_a_newcomer_is_never_shown_again(visit: Visit, alice: User) -> None:
    response = Client().post(link_of(visit(alice)), {**NEWCOMER, "name": ""})
    assert NEWCOMER["password"] not in response.content.decode()
    assert PASSWORD not in response.content.decode()


def give(client: Client, budget: Budget, units: object, **headers: str) -> int:
    return client.post(f"/members/budgets/{budget.pk}/", {"units": units}, headers=headers or HTMX).status_code


def test_units_given_can_be_spent_and_stand_in_the_ledger(visit: Visit, alice: User, bob: User) -> None:
    budget = budget_of(bob)
    assert give(visit(alice), budget, 5000) == 200
    assert budget_of(bob).left == (budget.left or 0) + 5000
    entry = Entry.objects.latest("id")
    assert (entry.kind, entry.units, entry.actor) == ("grant", 5000, alice)
    assert "15,000" in visit(alice).get("/members/").content.decode()


def test_units_can_be_taken_back_down_to_nothing(visit: Visit, alice: User, bob: User) -> None:
    assert give(visit(alice), budget_of(bob), -10_000_000) == 200
    assert (budget_of(bob).limit, budget_of(bob).left) == (0, 0)
    assert audit.broken() == []


@pytest.mark.parametrize("units", ["", "many", "1.5", "99999999999"])
def test_what_is_no_number_of_units_changes_nothing(visit: Visit, alice: User, bob: User, units: str) -> None:
    before = budget_of(bob).limit
    assert give(visit(alice), budget_of(bob), units) == 422
    assert budget_of(bob).limit == before


def test_units_are_given_by_stewards_of_the_same_workspace(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    assert give(visit(bob), budget_of(bob), 5000) == 404
    assert give(visit(alice), budget_of(charlie), 5000) == 404
    Membership.objects.filter(person=bob).update(role=Role.ADMIN)
    shared = Budget.objects.get(account__kind="workspace", account__workspace=alice.workspaces.get())
    assert give(visit(bob), shared, 5000) == 422, "only an owner changes the workspace's"
    assert give(visit(bob), budget_of(alice), 5000) == 200


def test_the_members_page_makes_the_same_queries_for_one_and_for_many(
    visit: Visit, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit(alice)
    client.get("/members/")
    with CaptureQueriesContext(connection) as few:
        client.get("/members/")
    for number in range(12):
        members.add(alice.workspaces.get(), User.objects.create_user(f"p{number}@example.com"), Role.EDITOR)
    with django_assert_max_num_queries(len(few)):
        client.get("/members/")


def test_a_name_is_one_line_and_says_something(db: None) -> None:
    form = NewPersonForm({**NEWCOMER, "name": " Dana\r\nBcc:\u202e you "})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Dana Bcc: you"
    assert not NewPersonForm({**NEWCOMER, "name": "\u200b\u202e"}).is_valid()


def test_an_open_page_says_that_it_was_made_for_another_role(visit: Visit, alice: User, bob: User) -> None:
    client, workspace = visit(bob), bob.workspaces.get().public_id
    (address,) = re.findall(r'hx-get="(/banner/[^"]*)"', client.get("/gallery/?q=fox").content.decode())
    headers = {**HTMX, "x-workspace": workspace, "hx-current-url": "http://testserver/gallery/?q=fox#tile-1"}

    def banner() -> str:
        return client.get(address, headers=headers).content.decode()

    assert "Your role" not in banner()
    members.change_role(alice.memberships.get(), bob.memberships.get(), Role.VIEWER)
    told = banner()
    assert "Your role in Studio is now Viewer." in told
    assert 'href="/gallery/?q=fox"' in told, "without the fragment, which would keep the page as it is"
    assert f'hx-get="{address}"' in told, "it goes on asking for the role that the page was made for"
    assert "Your role" not in client.get("/gallery/").content.decode()
    for crafted in ("//evil.example/", "/\\evil.example", "///evil.example/x", "javascript:alert(1)", "http://["):
        headers["hx-current-url"] = crafted if ":" in crafted else f"http://testserver{crafted}"
        assert 'href="/">Reload' in banner()
    members.change_role(alice.memberships.get(), bob.memberships.get(), Role.EDITOR)
    assert "Your role" not in banner()
