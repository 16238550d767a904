"""
One client for every operation. It sends a paid request exactly once and gives every outcome a name.

Whether a request may be sent again is not decided here: the client never repeats anything, follows no redirect and
reads no proxy from the environment. Each call ends with one total deadline, however slowly the other side drips.
"""

import logging
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from studio.recraft import answers, bodies, errors, network
from studio.recraft.answers import Answer, BasicStyle, CustomStyle, ResultImage, parse_answer
from studio.recraft.inputs import NO_FILES, Files
from studio.recraft.operation import Operation

__all__ = ["Answer", "BasicStyle", "CustomStyle", "RecraftClient", "ResultImage", "parse_answer"]

log = logging.getLogger(__name__)

# Seconds for one paid call as a whole. Pro models and creative upscales take a minute at times.
DEADLINE = 240.0
FREE_DEADLINE = 30.0
# An answer is about 1 kB: links, not pictures.
ANSWER_LIMIT = 2**20
# Seconds an idle connection is kept. Shorter than what servers keep theirs open (5 s is common): a request written
# into a connection that is just being closed has an unknown outcome.
KEEP_ALIVE = 3.0

# What httpx's trace extension calls the moments that matter.
BEGUN = "http11.send_request_headers.started"
SENT = "http11.send_request_body.complete"
# Raised before the first byte of a request is written. Whatever is not here may have been charged.
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class RecraftClient:
    """Talks to one Recraft account. One per process is enough; threads may share it."""

    def __init__(
        self, token: str, base_url: str, transport: httpx.BaseTransport | None = None, deadline: float = DEADLINE
    ) -> None:
        """`base_url` ends in the API's version ("https://…/v1"); `deadline` is in seconds. Raises ValueError."""
        # A stray newline from a file would otherwise surface in the middle of a paid request.
        if not re.fullmatch(r"[!-~]+", token):
            raise ValueError("The token must be printable ASCII without spaces.")
        if httpx.URL(base_url).scheme not in ("http", "https"):
            raise ValueError("The base URL must start with https:// or http://.")
        self._deadline = deadline
        self._http = httpx.Client(
            base_url=base_url,
            headers={
                "Authorization": f"Bearer {token}",
                "User-Agent": "atelier",
                "Accept": "application/json",
                # The answer is read as it came off the wire, so it has to be plain.
                "Accept-Encoding": "identity",
            },
            transport=transport or network.transport(network.Backend(), connections=32, keep_alive=KEEP_ALIVE),
            timeout=httpx.Timeout(deadline, connect=network.CONNECT_TIMEOUT),
            follow_redirects=False,
            trust_env=False,
        )

    def call(
        self,
        operation: Operation,
        values: Mapping[str, Any],
        files: Files = NO_FILES,
        *,
        on_sent: Callable[[], None] | None = None,
    ) -> bytes:
        """
        Send one paid request, once, and return the raw body of the answer that means success.

        The pictures are read from disk while they are sent. `on_sent` runs as soon as the whole body has left. Raises
        RecraftError; AnswerUnreadable comes from `parse_answer`, after the caller has put the raw body in a safe place.
        """
        flight = _Flight(on_sent)
        with bodies.content(operation, values, files) as content:
            request = self._http.build_request("POST", operation.path, **content)
            return self._exchange(request, self._deadline, flight)

    def balance(self) -> int:
        """The account's balance in API units. Free. Raises RecraftError."""
        return answers.parse_balance(self._free("GET", "/users/me"))

    def styles(self) -> tuple[CustomStyle, ...]:
        """The account's custom styles. Free. Raises RecraftError."""
        return answers.parse_styles(self._free("GET", "/styles"))

    def basic_styles(self) -> tuple[BasicStyle, ...]:
        """The styles that come with Recraft. Free. Raises RecraftError."""
        return answers.parse_basic_styles(self._free("GET", "/styles/basic"))

    def style(self, id: str) -> CustomStyle:
        """One custom style. Free. Raises RecraftError (Rejected when there is none), ValueError for no UUID."""
        return answers.parse_style(self._free("GET", f"/styles/{uuid.UUID(id)}"))

    def delete_style(self, id: str) -> None:
        """Delete a custom style. Free. Raises RecraftError (Rejected when there is none), ValueError for no UUID."""
        self._free("DELETE", f"/styles/{uuid.UUID(id)}")

    def close(self) -> None:
        self._http.close()

    def _free(self, method: str, path: str) -> bytes:
        request = self._http.build_request(method, path)
        return self._exchange(request, min(self._deadline, FREE_DEADLINE), _Flight(None))

    def _exchange(self, request: httpx.Request, deadline: float, flight: "_Flight") -> bytes:
        request.extensions["trace"] = flight.trace
        # Streamed, so that a body is cut at the limit instead of filling the memory.
        with network.deadline(deadline), flight.named(), self._streamed(request) as response:
            flight.has_left()
            body = _read(response)
        if not response.is_success:
            raise errors.from_response(_as_read(response, body[:ANSWER_LIMIT]))
        if len(body) > ANSWER_LIMIT:
            raise errors.AnswerUnreadable(f"The answer is longer than {ANSWER_LIMIT} bytes.", body[:ANSWER_LIMIT])
        return body

    @contextmanager
    def _streamed(self, request: httpx.Request) -> Iterator[httpx.Response]:
        response = self._http.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()


class _Flight:
    """How far one request got: whether a byte may have left, and whether all of it has."""

    def __init__(self, on_sent: Callable[[], None] | None) -> None:
        self._on_sent = on_sent
        self._begun = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event == BEGUN:
            self._begun = True
        elif event == SENT:
            self.has_left()

    def has_left(self) -> None:
        """Run `on_sent`, once: when httpx says that the body has left, or when an answer proves it."""
        on_sent, self._on_sent = self._on_sent, None
        if on_sent is None:
            return
        try:
            on_sent()
        except Exception:
            # The request is on its way and may be charged: a failing note about it (a database that is down) must
            # not cut it off.
            log.exception("on_sent failed; the call goes on")

    @contextmanager
    def named(self) -> Iterator[None]:
        """Give every exception of the exchange the name that says what it may have cost."""
        try:
            yield
        except NOT_SENT as exc:
            # Belt and braces: should one of these ever come after the first byte, the money decides.
            raise (errors.OutcomeUnknown if self._begun else errors.NotSent)(_described(exc)) from exc
        except Exception as exc:
            # Not only httpx's own: a bug in a parser below must not make a paid request look unsent.
            raise errors.OutcomeUnknown(_described(exc)) from exc


def _described(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"


def _read(response: httpx.Response) -> bytes:
    """The body, or the first bytes past the limit when it is longer."""
    body = bytearray()
    if response.is_stream_consumed:
        return response.content
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            break
    return bytes(body)


def _as_read(response: httpx.Response, body: bytes) -> httpx.Response:
    # Without Content-Encoding: httpx would try to decode what was read as it came.
    headers = {name: response.headers[name] for name in ("content-type", "retry-after") if name in response.headers}
    return httpx.Response(response.status_code, headers=headers, content=body)
