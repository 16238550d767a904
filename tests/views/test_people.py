"""Coming in and going out."""

import pytest
from django.core.cache import cache
from django.test import Client

from studio.models import SignInLink, User
from studio.services import members
from studio.views import people
from tests.fixtures import PASSWORD
from tests.views.conftest import Visit

CREDENTIALS = {"email": "alice@example.com", "password": PASSWORD}


def test_an_address_in_any_case_and_a_password_let_in(alice: User) -> None:
    client = Client()
    response = client.post("/sign-in/", {**CREDENTIALS, "email": "ALICE@Example.com", "next": "/gallery/?kind=vector"})
    assert (response.status_code, response["Location"]) == (302, "/gallery/?kind=vector")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "/\\evil.test"])
def test_signing_in_never_leads_to_another_site(alice: User, elsewhere: str) -> None:
    assert Client().post("/sign-in/", {**CREDENTIALS, "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize(
    "wrong", [{"password": "not the password"}, {"email": "nobody@example.com"}, {"email": "not an address"}]
)
def test_a_wrong_pair_is_refused_and_says_not_which_half(alice: User, wrong: dict[str, str]) -> None:
    response = Client().post("/sign-in/", {**CREDENTIALS, **wrong})
    assert response.status_code == 422
    text = response.content.decode()
    assert people.NOT_KNOWN.replace("'", "&#x27;") in text or wrong.get("email") == "not an address"
    assert PASSWORD not in text


def test_somebody_who_was_closed_is_refused_in_the_same_words(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = Client().post("/sign-in/", CREDENTIALS)
    assert response.status_code == 422
    assert people.NOT_KNOWN.replace("'", "&#x27;") in response.content.decode()


def test_guessing_at_one_person_ends_and_leaves_others_alone(alice: User, bob: User) -> None:
    limit, _ = people.TRIES_PER_PERSON
    for _ in range(limit):
        assert Client().post("/sign-in/", {**CREDENTIALS, "password": "a guess"}).status_code == 422
    assert Client().post("/sign-in/", CREDENTIALS).status_code == 429, "not even the right password"
    assert Client().post("/sign-in/", {**CREDENTIALS, "email": " Alice@example.com "}).status_code == 429
    assert Client().post("/sign-in/", {**CREDENTIALS, "email": "bob@example.com"}).status_code == 302


def test_guessing_from_one_address_ends_whoever_it_is_at(alice: User) -> None:
    limit, _ = people.TRIES_PER_PEER
    for number in range(limit):
        Client().post("/sign-in/", {"email": f"{number}@example.com", "password": "a guess"})
    assert Client().post("/sign-in/", CREDENTIALS).status_code == 429
    forged = Client(headers={"x-forwarded-for": "203.0.113.7"})
    assert forged.post("/sign-in/", CREDENTIALS).status_code == 429, "a header a guesser writes changes nothing"
    cache.clear()
    assert Client().post("/sign-in/", CREDENTIALS).status_code == 302


def test_the_session_changes_at_sign_in(alice: User) -> None:
    client = Client()
    client.get("/sign-in/")
    before = client.session.session_key
    client.post("/sign-in/", CREDENTIALS)
    assert client.session.session_key != before


def test_signing_out_is_a_post_and_ends_the_session(visit: Visit, alice: User) -> None:
    client = visit(alice)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_the_first_link_is_used_by_its_button_and_not_by_being_looked_at(db: None) -> None:
    token = members.first_link()
    client = Client()
    for _ in range(3):
        assert client.get(f"/welcome/{token}/").status_code == 200
    assert SignInLink.objects.get().used_at is None
    assert client.post(f"/welcome/{token}/")["Location"] == "/introduce/"
    assert Client().post(f"/welcome/{token}/").status_code == 410


def test_the_first_owner_takes_a_name_and_a_password(db: None) -> None:
    client = Client()
    client.post(f"/welcome/{members.first_link()}/")
    assert client.get("/gallery/")["Location"] == "/introduce/", "the link is spent, so a password comes first"
    weak = client.post("/introduce/", {"email": "mara@example.com", "name": "Mara", "password": "short"})
    assert weak.status_code == 422
    assert "mara@example.com" in weak.content.decode(), "what was typed stays"
    response = client.post("/introduce/", {"email": "Mara@example.com", "name": "Mara", "password": PASSWORD})
    assert response["Location"] == "/"
    assert client.get("/").status_code == 200, "still signed in"
    owner = User.objects.get()
    assert (owner.email, owner.name, owner.check_password(PASSWORD)) == ("mara@example.com", "Mara", True)
    assert members.first_link() is None
    assert client.get("/introduce/").status_code == 302


def test_a_password_is_changed_by_the_old_one_and_ends_other_sessions(visit: Visit, alice: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/sign-in/", CREDENTIALS)
    new = "four vases on a ledge"
    wrong = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert here.post("/password/", wrong).status_code == 422
    assert here.post("/password/", {**wrong, "old_password": PASSWORD, "new_password2": "x"}).status_code == 422
    assert here.post("/password/", {**wrong, "old_password": PASSWORD})["Location"] == "/password/changed/"
    assert here.get("/password/changed/").status_code == 200
    assert there.get("/").status_code == 302


def test_somebody_signed_in_is_not_asked_again(visit: Visit, alice: User) -> None:
    assert visit(alice).get("/sign-in/?next=/queue/")["Location"] == "/queue/"


def test_somebody_without_a_workspace_is_told_so(visit: Visit, alice: User) -> None:
    alice.memberships.all().delete()
    response = visit(alice).get("/")
    assert response.status_code == 403
    assert "You belong to no workspace" in response.content.decode()


def test_the_admin_has_no_door_of_its_own(visit: Visit, alice: User) -> None:
    asked = Client().get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == "/sign-in/?next=/admin/"
    assert Client().post("/admin/login/", {"username": "alice@example.com", "password": PASSWORD}).status_code == 405
    assert visit(alice).get("/admin/", follow=True).status_code == 403
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert visit(alice).get("/admin/").status_code == 200
