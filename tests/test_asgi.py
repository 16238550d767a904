"""The web process's way in: pages come from a few threads that last."""

import asyncio
import threading
from collections.abc import AsyncIterator

import httpx
import pytest

from studio.asgi import MOST_BYTES, THREADS, TOO_LARGE, application


def _gotten(paths: list[str]) -> list[httpx.Response]:
    async def get_all() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await asyncio.gather(*(client.get(path) for path in paths))

    return asyncio.run(get_all())


def _threads() -> set[int | None]:
    return {thread.ident for thread in threading.enumerate() if thread.name.startswith("page")}


def test_a_hundred_requests_at_once_share_the_threads() -> None:
    answers = _gotten(["/healthz"] * 100)
    assert {answer.status_code for answer in answers} == {200}
    assert 0 < len(_threads()) <= THREADS


def test_the_threads_stay_for_the_next_request() -> None:
    _gotten(["/healthz"] * 100)
    before = _threads()
    _gotten(["/healthz"] * 100)
    assert before <= _threads()


def test_an_answer_has_the_headers_and_the_length_of_a_page() -> None:
    (page,) = _gotten(["/healthz"])
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert int(page.headers["content-length"]) == len(page.content)


def test_a_query_that_is_no_text_is_no_error_of_the_server() -> None:
    (answer,) = _gotten(["/healthz?%ff"])
    assert answer.status_code == 200


def _sent(body: bytes, *, told: bool) -> httpx.Response:
    async def parts() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 2**20):
            yield body[at : at + 2**20]

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request("GET", "/healthz", content=body if told else parts())

    return asyncio.run(send())


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in pieces"])
def test_a_body_larger_than_any_picture_is_refused_while_it_arrives(told: bool) -> None:
    refused = _sent(bytes(MOST_BYTES + 1), told=told)
    assert (refused.status_code, refused.text) == (413, TOO_LARGE)
    assert _sent(bytes(MOST_BYTES), told=told).status_code == 200
