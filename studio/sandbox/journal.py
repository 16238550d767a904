"""The log of arrivals: when each request reached the sandbox, who sent it, and what it was answered.

The time is taken before anything is read or checked, so that limits and latencies of a client can be judged by it.
Control requests and pings are not part of it: whoever watches the process may ping as often as it likes.
"""

import hashlib
import time
from dataclasses import dataclass
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNLOGGED = ("/sandbox/", "/ping")


@dataclass(frozen=True, slots=True)
class Arrival:
    """`token` is a fingerprint: a real token sent here by mistake is not kept. `at` is monotonic seconds."""

    id: str
    at: float
    bearer: str | None
    token: str | None


def bearer_of(headers: Headers) -> str | None:
    """The bearer token of a request, or None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]


class Journal:
    """ASGI middleware; puts an `Arrival` into the scope."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNLOGGED):
            await self.app(scope, receive, send)
            return
        sandbox, wall = scope["app"].state.sandbox, time.time()
        bearer = bearer_of(Headers(scope=scope))
        arrival = Arrival(uuid4().hex, time.monotonic(), bearer, fingerprint(bearer) if bearer else None)
        scope["sandbox.arrival"] = arrival
        store = sandbox.store
        sandbox.store_later(store.arrived, arrival.id, scope["method"], scope["path"], arrival.token, wall)
        status: int | None = None

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watching)
        finally:
            sandbox.store_later(store.answered, arrival.id, status, scope.get("sandbox.fault"), time.time())
