"""
One client for every operation. It sends a paid request exactly once and gives every outcome a name.

Whether a request may be sent again is not decided here: the client never repeats anything, follows no redirect and
reads no proxy from the environment. Each call ends with one total deadline, however slowly the other side drips.
"""

import json
import logging
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import httpx

from studio.recraft import errors, network
from studio.recraft.catalogue import Encoding, Operation

log = logging.getLogger(__name__)

# Name on the wire -> (file name, bytes, media type).
Files = Mapping[str, tuple[str, bytes, str]]
NO_FILES: Files = MappingProxyType({})

# Seconds for one paid call as a whole. Pro models and creative upscales take a minute at times.
DEADLINE = 240.0
BALANCE_DEADLINE = 30.0
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


@dataclass(frozen=True, slots=True)
class ResultImage:
    """One picture of an answer: Recraft's id and the link it can be downloaded from for about 24 hours."""

    image_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a paid request brought. `created` is in Unix seconds, `credits` the units charged for this call."""

    created: int
    credits: int
    images: tuple[ResultImage, ...]
    raw: Mapping[str, Any]


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

        `on_sent` runs as soon as the whole body has left. Raises RecraftError; AnswerUnreadable comes from
        `parse_answer`, after the caller has put the raw body in a safe place.
        """
        body = operation.body(values)
        flight = _Flight(on_sent)
        content: dict[str, Any] = {"json": body}
        if operation.encoding is Encoding.MULTIPART:
            content = {"data": _flat(body), "files": files}
        request = self._http.build_request("POST", operation.path, **content)
        return self._exchange(request, self._deadline, flight)

    def balance(self) -> int:
        """The account's balance in API units. Free. Raises RecraftError."""
        request = self._http.build_request("GET", "/users/me")
        body = self._exchange(request, min(self._deadline, BALANCE_DEADLINE), _Flight(None))
        try:
            balance = json.loads(body)["credits"]
        except (ValueError, RecursionError, LookupError, TypeError) as exc:
            raise errors.ServerFailed("The balance can't be read.") from exc
        if not isinstance(balance, int) or isinstance(balance, bool):
            raise errors.ServerFailed("The balance is no whole number.")
        return balance

    def close(self) -> None:
        self._http.close()

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


def parse_answer(body: bytes) -> Answer:
    """
    Read the body of a success. Raises AnswerUnreadable.

    Only `credits` and a list of pictures are insisted on. A picture without id or link, or one listed twice, is left
    out, so that the others are not lost with it.
    """
    try:
        raw = _tame(json.loads(body, parse_constant=lambda name: None))
    except (ValueError, RecursionError) as exc:
        raise errors.AnswerUnreadable(f"The answer is no JSON: {exc}", body) from exc
    if not isinstance(raw, dict):
        raise errors.AnswerUnreadable("The answer is no object.", body)
    # Operations that return one picture answer with `image`, the others with `data`.
    listed = [raw["image"]] if "image" in raw else raw.get("data")
    if not isinstance(listed, list):
        raise errors.AnswerUnreadable("The answer lists no pictures.", body)
    if not _is_count(raw.get("credits")):
        raise errors.AnswerUnreadable("The answer does not say what was charged.", body)
    images: dict[str, ResultImage] = {}
    for image in filter(None, map(_image, listed)):
        images.setdefault(image.image_id, image)
    created = raw.get("created")
    return Answer(
        created=created if isinstance(created, int) else 0,
        credits=raw["credits"],
        images=tuple(images.values()),
        raw=raw,
    )


def _image(entry: object) -> ResultImage | None:
    if not isinstance(entry, dict):
        return None
    image_id, url = entry.get("image_id"), entry.get("url")
    if isinstance(image_id, str) and 0 < len(image_id) <= 64 and isinstance(url, str) and url:
        return ResultImage(image_id=image_id, url=url)
    return None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _tame(value: Any) -> Any:
    """The same JSON without what a database refuses to store: NUL, lone surrogates, infinite numbers."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_tame(item) for item in value]
    if isinstance(value, dict):
        return {_tame(key): _tame(item) for key, item in value.items()}
    return value


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


def _flat(body: Mapping[str, Any]) -> dict[str, str]:
    """Form fields of a multipart body; what is nested travels as JSON text."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
