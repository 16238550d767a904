"""Members, their roles, and the links that let somebody in."""

import re

import pytest
from django.test import Client

from studio.models import Invitation, Membership, Role, User
from studio.services import members
from tests.fixtures import PASSWORD
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
    client.post(link)
    assert charlie.memberships.get(workspace=alice.workspaces.get()).role == Role.VIEWER


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
    visit(alice).post(f"/members/{bob.memberships.get().pk}/remove/")
    assert bobs.get("/gallery/").status_code == 403


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
