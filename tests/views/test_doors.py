"""Who gets in where: every address of the studio, for everybody who might ask."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from studio.models import Invitation, User
from studio.views.errors import broken
from tests.addresses import PATTERNS, STREAM, Things, one_of_each
from tests.sweeps import sweep
from tests.views.conftest import HTMX, Visit

# What asks for nobody, and why.
PUBLIC = {
    "sign-in/": "the door itself",
    "sign-out/": "signing out twice is no mistake",
    "welcome/<str:token>/": "the token is the key",
    "join/<str:token>/": "the token is the key",
    "r/<str:token>/": "the token is the key",
    "r/<str:token>/<slug:key>": "the token is the key",
    "forgot/": "for who can't sign in",
    "forgot/sent/": "for who can't sign in",
    "reset/<str:uid>/<str:token>/": "the token is the key",
    "reset/done/": "for who can't sign in yet",
    "s/<str:token>/": "the token is the key",
    "s/<str:token>/seen/": "the token is the key",
    "s/<str:token>/<slug:public_id>/": "the token is the key",
    "s/<str:token>/<slug:public_id>/<slug:size>": "the token is the key",
    "healthz": "for a watcher without an account",
    "readyz": "for a watcher without an account",
}
PRIVATE = [pattern for pattern in PATTERNS if pattern not in PUBLIC]
NAMING = [pattern for pattern in PRIVATE if re.search(r":(public_id|pk|budget)>", pattern)]


@pytest.fixture
def things(alice: User, bob: User) -> Things:
    return one_of_each(alice, bob)


def test_every_address_was_looked_at() -> None:
    assert len(PATTERNS) > 25
    assert set(PUBLIC) < set(PATTERNS)


@pytest.mark.parametrize("method", ["get", "post"])
@sweep("pattern", [pattern for pattern in PRIVATE if pattern != STREAM])
def test_the_anonymous_are_sent_to_sign_in_and_back(things: Things, pattern: str, method: str) -> None:
    address = things.address(pattern)
    response = getattr(Client(), method)(address)
    if response.status_code == 405:
        return
    assert response.status_code == 302
    assert response["Location"] == f"/sign-in/?next={address}"


@sweep("pattern", [pattern for pattern in PRIVATE if pattern != STREAM])
def test_a_fragment_for_the_anonymous_moves_the_page(things: Things, pattern: str) -> None:
    headers = {**HTMX, "hx-current-url": "http://testserver/gallery/?kind=vector"}
    response = Client().get(things.address(pattern), headers=headers)
    if response.status_code != 405:
        assert response["HX-Redirect"] == "/sign-in/?next=/gallery/%3Fkind%3Dvector"
        assert response.content == b""


@pytest.mark.parametrize("method", ["get", "post"])
@sweep("pattern", NAMING)
def test_what_is_not_theirs_is_missing_for_a_stranger(
    visit: Visit, things: Things, charlie: User, pattern: str, method: str
) -> None:
    client = visit(charlie)
    foreign = getattr(client, method)(things.address(pattern), {"role": "viewer"})
    if foreign.status_code == 405:
        return
    nowhere = Things({**things.values, **dict.fromkeys(things.values, "9999999")})
    nowhere.values["media:variant"] = "tile"
    missing = getattr(client, method)(nowhere.address(pattern), {"role": "viewer"})
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


@pytest.fixture
def at_home(visit: Visit, alice: User) -> Client:
    """Alice's browser, once she has been on a page: her session and her accounts are there."""
    client = visit(alice)
    client.get("/")
    return client


@sweep("pattern", [pattern for pattern in PATTERNS if pattern != STREAM])
def test_looking_changes_nothing(at_home: Client, things: Things, pattern: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        at_home.get(things.address(pattern))
    changing = [each["sql"] for each in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", each["sql"])]
    assert changing == []


@sweep("pattern", [pattern for pattern in PATTERNS if pattern != STREAM])
def test_every_answer_carries_the_policy_and_stays_in_no_cache(
    visit: Visit, things: Things, alice: User, pattern: str
) -> None:
    for client in (visit(alice), Client()):
        response = client.get(things.address(pattern))
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy or pattern.startswith(("media/", "exports/", "boards/"))
        assert "unsafe-eval" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "HX-Request" in response["Vary"]
        if not pattern.startswith("media/"):
            assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"}]
)
def test_a_change_asked_for_by_another_site_is_refused(visit: Visit, alice: User, headers: dict[str, str]) -> None:
    client = visit(alice)
    assert client.post("/sign-out/", headers=headers).status_code == 403
    assert client.get("/", headers=headers).status_code == 200, "a link from elsewhere may be followed"
    assert client.post("/sign-out/", headers={"sec-fetch-site": "same-origin"}).status_code == 302


def test_a_form_without_its_token_is_refused_with_a_page(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post("/create/generate/", {"prompt": "A fox"})
    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()


def test_the_sandbox_is_named_on_every_page(visit: Visit, things: Things, alice: User, settings: Any) -> None:
    assert settings.STUDIO_SANDBOX
    client = visit(alice)
    pages = ["/", "/gallery/", "/queue/", "/members/", "/password/", things.address("assets/<slug:public_id>/")]
    for answer in [*map(client.get, pages), Client().get("/sign-in/"), Client().get("/nowhere/")]:
        text = answer.content.decode()
        assert "<html" in text
        assert "Sandbox." in text


def test_an_unknown_invitation_and_an_unknown_first_link_say_the_same(db: None) -> None:
    assert Invitation.objects.count() == 0
    texts = {
        re.sub(r'value="\w+"', "", answer.content.decode())
        for answer in (Client().get("/join/nothing/"), Client().post("/welcome/nothing/"))
    }
    assert len(texts) == 1


def test_a_broken_page_says_so_without_looking_anything_up(settings: Any) -> None:
    # No database is allowed here: that is the test.
    response = broken(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke" in response.content.decode()


def test_alive_and_ready(db: None, settings: Any) -> None:
    assert Client().get("/healthz").content == b"ok\n"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "broker": False})


def test_a_studio_with_its_broker_is_ready(db: None, settings: Any, valkey: Any) -> None:
    settings.REDIS_URL = valkey.url
    assert Client().get("/readyz").status_code == 200
