"""Calls that cost nothing: the balance and the styles of the account."""

import httpx
import pytest

from studio.recraft import errors
from studio.recraft.answers import BasicStyle, CustomStyle
from tests.recraft.test_client import answering, client

UUID = "229b2a75-05e4-4580-85f9-b47ee521a00d"
STYLE = {"id": UUID, "style": "icon", "creation_time": "2024-01-01T00:00:00Z", "is_private": True}
READ = CustomStyle(UUID, "icon", "", "2024-01-01T00:00:00Z", True)


def asking(method, path, answer):
    """A client whose one question has to be this."""

    def handler(request):
        assert (request.method, request.url.path, request.content) == (method, f"/v1{path}", b"")
        assert request.headers["authorization"] == "Bearer token"
        return answer

    return client(handler)


def test_the_balance_is_the_credits_of_the_account():
    def handler(request):
        assert (request.method, request.url.path) == ("GET", "/v1/users/me")
        return httpx.Response(200, json={"credits": 1000, "id": "c18a1988-45e7-4c00-82c4-4ad7d3dbce3a"})

    assert client(handler).balance() == 1000


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"credits": "many"}', b'{"credits": true}', b"[" * 100_000])
def test_a_balance_that_cannot_be_read_is_no_number(body):
    with pytest.raises(errors.ServerFailed):
        answering(content=body).balance()


def test_custom_styles_are_listed():
    raw = {"styles": [STYLE, {**STYLE, "substyle": "outline", "is_private": False}]}
    found = asking("GET", "/styles", httpx.Response(200, json=raw)).styles()
    assert found == (READ, CustomStyle(UUID, "icon", "outline", "2024-01-01T00:00:00Z", False))


def test_basic_styles_are_listed():
    raw = {"styles": [{"style_id": UUID, "style": "Noir", "model": "recraftv3"}]}
    found = asking("GET", "/styles/basic", httpx.Response(200, json=raw)).basic_styles()
    assert found == (BasicStyle(UUID, "Noir", "recraftv3"),)


def test_one_style_is_got_and_deleted_by_its_id():
    assert asking("GET", f"/styles/{UUID}", httpx.Response(200, json=STYLE)).style(UUID) == READ
    asking("DELETE", f"/styles/{UUID}", httpx.Response(200, json={})).delete_style(UUID)


@pytest.mark.parametrize("id", ["", "../users/me", "basic", "229b2a75"])
def test_an_id_that_is_no_uuid_is_never_part_of_a_path(id):
    for ask in (answering(json=STYLE).style, answering(json={}).delete_style):
        with pytest.raises(ValueError, match="UUID"):
            ask(id)


@pytest.mark.parametrize(
    ("status", "kind", "content"),
    [
        (404, errors.Rejected, {"json": {"code": "not_found", "message": "style not found"}}),
        (401, errors.AccountRefused, {"text": "request unauthorized"}),
        (429, errors.Refused, {"json": {"code": "rate_limit_exceeded"}}),
        (500, errors.ServerFailed, {"json": {"code": "internal_error"}}),
        (502, errors.OutcomeUnknown, {"html": "<html>"}),
    ],
)
def test_a_free_question_fails_in_the_same_words_as_a_paid_one(status, kind, content):
    refusing = answering(status, **content)
    for ask in (
        refusing.styles,
        refusing.basic_styles,
        lambda: refusing.style(UUID),
        lambda: refusing.delete_style(UUID),
    ):
        with pytest.raises(kind):
            ask()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"styles": null}', b'{"styles": [{"id": "x"}]}', b'{"styles": [5]}', b"[" * 100_000]
)
def test_styles_that_cannot_be_read_are_a_failure_that_may_be_asked_again(body):
    unreadable = answering(content=body)
    for ask in (unreadable.styles, unreadable.basic_styles, lambda: unreadable.style(UUID)):
        with pytest.raises(errors.ServerFailed) as caught:
            ask()
        assert caught.value.may_send_again
