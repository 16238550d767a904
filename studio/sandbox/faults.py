"""Faults on request: one table, from a name to what the sandbox then does.

A call names its fault in the header `X-Sandbox-Fault: <name>[:<arg>][; count=<n>]`, or a test queues faults through the
control endpoint. Four stages say when a fault acts and so what it costs:

* INSTEAD   in place of the call                 nothing is made, nothing is charged
* ANSWER    after the call was made and charged  the client gets the wrong answer, or none
* URL       after the call was made and charged  the answer is right but for where its URLs point
* FILE      when a result file is fetched        the call itself was fine
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from studio.sandbox import answers, hostile, raw

HEADER = "X-Sandbox-Fault"
METADATA_URL = "http://169.254.169.254/latest/meta-data/"
DRIP_BYTES_PER_SECOND = 1.0


class Stage(StrEnum):
    INSTEAD = "instead"
    ANSWER = "answer"
    URL = "url"
    FILE = "file"


CALL_FAULTS = frozenset({Stage.INSTEAD, Stage.ANSWER, Stage.URL, Stage.FILE})
READ_FAULTS = frozenset({Stage.INSTEAD})
FILE_FAULTS = frozenset({Stage.FILE})


class UnknownFault(ValueError):
    """No such name in the table, or an argument it can't use."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a fault works on: its argument; the answer of a call; the bytes and type of a file."""

    arg: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    data: bytes = b""
    media_type: str = ""


Reaction = Callable[[Situation], Response]


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the table. `charge` changes the units; `url` gives the new URL from the argument and the old URL."""

    stage: Stage
    says: str
    react: Reaction | None = None
    default: str = ""
    before_body: bool = False
    charge: Callable[[int, str], int] = lambda units, arg: units
    url: Callable[[str, str], str] = lambda arg, url: url


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is going to happen. `count` is how often, None without end; only fetches of files count."""

    name: str
    arg: str
    kind: Kind
    count: int | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.arg}" if self.arg else self.name

    def reaction(self, situation: Situation) -> Response:
        assert self.kind.react is not None
        return self.kind.react(situation)


def parse(text: str) -> Fault:
    """`name`, `name:arg` or `name:arg; count=3`. Raises UnknownFault."""
    said, _, options = text.partition(";")
    name, _, arg = said.strip().partition(":")
    if name not in TABLE:
        raise UnknownFault(f"no fault is called {name!r}; known: {', '.join(TABLE)}")
    kind = TABLE[name]
    fault = Fault(name, arg.strip() or kind.default, kind, _count(options))
    _try_out(fault)
    return fault


def _count(options: str) -> int | None:
    name, _, value = options.strip().partition("=")
    if not options.strip():
        return None
    if name.strip() != "count" or not value.strip().isdigit():
        raise UnknownFault(f"{options.strip()!r} is not count=<number>")
    return int(value)


def _try_out(fault: Fault) -> None:
    """An argument that the fault can't use is the test's mistake: say so when it is asked for, not when it happens."""
    try:
        fault.kind.charge(1, fault.arg)
        fault.kind.url(fault.arg, "http://127.0.0.1/file")
        if fault.kind.react is not None:
            fault.kind.react(Situation(fault.arg, {"data": [{}, {}], "credits": 1}, b"data", "image/webp"))
    except (ValueError, KeyError) as error:
        raise UnknownFault(f"{fault.name} can't use {fault.arg!r}: {error}") from error


# -- Reactions ---------------------------------------------------------------------------------------------------------


def _edge(situation: Situation) -> Response:
    status = int(situation.arg)
    if not 400 <= status <= 599:
        raise ValueError("not an error status")
    return answers.bare(hostile.edge_page(status), answers.HTML, status, {"Server": "cloudflare"})


def _json(answer: Mapping[str, Any]) -> Response:
    return answers.as_json(answer)


def _text(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()


def _without_credits(situation: Situation) -> Response:
    return _json({name: value for name, value in situation.answer.items() if name != "credits"})


def _images(pick: Callable[[list[Any]], list[Any]]) -> Reaction:
    return lambda situation: _json({**situation.answer, "data": pick(list(situation.answer["data"]))})


def _same_id(images: list[Any]) -> list[Any]:
    return [{**image, "image_id": images[0].get("image_id")} for image in images]


def _truncated_json(situation: Situation) -> Response:
    text = _text(situation.answer)
    return answers.bare(text[: len(text) // 2], answers.JSON)


def _reset_mid_answer(situation: Situation) -> Response:
    text = _text(situation.answer)
    return raw.reset(raw.head(200, len(text), answers.JSON), text[: len(text) // 2])


def _drip_answer(situation: Situation) -> Response:
    text = _text(situation.answer)
    speed = _speed(situation.arg)
    return raw.Raw(raw.head(200, len(text), answers.JSON), text, bytes_per_second=speed)


def _speed(arg: str) -> float:
    speed = float(arg)
    if not speed > 0:
        raise ValueError("not a speed")
    return speed


def _drip_file(situation: Situation) -> Response:
    start = raw.head(200, len(situation.data), situation.media_type)
    return raw.Raw(start, situation.data, bytes_per_second=_speed(situation.arg))


def _hang(situation: Situation) -> Response:
    return raw.hang(float(situation.arg)) if situation.arg else raw.hang()


def _file_status(situation: Situation) -> Response:
    return answers.bare(b"", answers.TEXT, int(situation.arg))


def _redirect(situation: Situation) -> Response:
    return answers.bare(b"", answers.TEXT, 302, {"Location": situation.arg})


def _half(situation: Situation) -> Response:
    return answers.bare(situation.data[: len(situation.data) // 2], situation.media_type)


def _lying_length(situation: Situation) -> Response:
    """`more` claims bytes that never come, `less` sends bytes that were not announced."""
    claimed = {"more": len(situation.data) + 1000, "less": len(situation.data) // 2}[situation.arg]
    return raw.Raw(raw.head(200, claimed, situation.media_type), situation.data)


def _file_reset(situation: Situation) -> Response:
    start = raw.head(200, len(situation.data), situation.media_type)
    return raw.reset(start, situation.data[: len(situation.data) // 2])


# -- The table ---------------------------------------------------------------------------------------------------------

TABLE: Mapping[str, Kind] = {
    # P1, P2, P3, P7: refusals and failures
    "rate-limited": Kind(
        Stage.INSTEAD, "429; the argument is a Retry-After", lambda s: answers.rate_limited(s.arg or None)
    ),
    "error-json": Kind(Stage.INSTEAD, "500 with code and message", lambda s: answers.internal_error()),
    "error-text": Kind(
        Stage.INSTEAD, "500 as text", lambda s: answers.bare(b"internal server error", answers.TEXT, 500)
    ),
    "edge": Kind(Stage.INSTEAD, "an edge server's HTML page of this status", _edge, "502"),
    "edge-billed": Kind(Stage.ANSWER, "the same, but the call went on behind it and is charged", _edge, "504"),
    "no-credits": Kind(Stage.INSTEAD, "400 not_enough_credits", lambda s: answers.not_enough_credits()),
    "unauthorized": Kind(Stage.INSTEAD, "401", lambda s: answers.unauthorized()),
    "forbidden": Kind(Stage.INSTEAD, "403, an edge block", lambda s: _edge(Situation("403"))),
    # P5: silence, slowness, resets
    "reset-unread": Kind(
        Stage.INSTEAD, "connection reset before the body was read", lambda s: raw.reset(), before_body=True
    ),
    "reset": Kind(Stage.INSTEAD, "connection reset after the body was read; nothing done", lambda s: raw.reset()),
    "reset-billed": Kind(Stage.ANSWER, "connection reset in place of the answer", lambda s: raw.reset()),
    "reset-mid-answer": Kind(Stage.ANSWER, "connection reset after half of the answer", _reset_mid_answer),
    "hang": Kind(Stage.INSTEAD, "silence; the argument is after how many seconds it hangs up", _hang),
    "hang-billed": Kind(Stage.ANSWER, "the work is done, the answer never comes", _hang),
    "drip": Kind(Stage.ANSWER, "the answer at so many bytes a second", _drip_answer, "1"),
    # P6: answers that don't hold together
    "truncated-json": Kind(Stage.ANSWER, "200 with half of the JSON", _truncated_json),
    "html": Kind(Stage.ANSWER, "200 with an HTML page", lambda s: answers.bare(hostile.edge_page(520), answers.HTML)),
    "missing-credits": Kind(Stage.ANSWER, "an answer without `credits`", _without_credits),
    "credits-times": Kind(
        Stage.ANSWER, "charges so many times the price, and says so", lambda s: _json(s.answer), "2",
        charge=lambda units, arg: units * int(arg),
    ),
    "fewer-images": Kind(Stage.ANSWER, "one image less than asked, all charged", _images(lambda images: images[:-1])),
    "no-images": Kind(Stage.ANSWER, "no image, all charged", _images(lambda images: [])),
    "duplicate-id": Kind(Stage.ANSWER, "every image has the id of the first", _images(_same_id)),
    # P8: URLs and the CDN
    "url": Kind(Stage.URL, "result URLs are the argument", default=METADATA_URL, url=lambda arg, url: arg),
    "url-foreign": Kind(
        Stage.URL, "result URLs on another host", default="images.example.com",
        url=lambda arg, url: f"https://{arg}/{url.split('/', 3)[3]}",
    ),
    "url-http": Kind(
        Stage.URL, "result URLs without TLS", default="img.recraft.ai",
        url=lambda arg, url: f"http://{arg}/{url.split('/', 3)[3]}",
    ),
    "url-port": Kind(
        Stage.URL, "result URLs on another port of this machine", default="6379",
        url=lambda arg, url: f"http://127.0.0.1:{int(arg)}/{url.split('/', 3)[3]}",
    ),
    "file-status": Kind(Stage.FILE, "this status", _file_status, "404"),
    "file-hang": Kind(Stage.FILE, "silence; the argument is after how many seconds it hangs up", _hang),
    "file-drip": Kind(Stage.FILE, "the file at so many bytes a second", _drip_file, "1"),
    "file-reset": Kind(Stage.FILE, "connection reset after half of the file", _file_reset),
    "file-redirect": Kind(Stage.FILE, "302 to the argument", _redirect, METADATA_URL),
    # P9, P10: what the file is
    "file-type": Kind(
        Stage.FILE, "the right bytes as this Content-Type", lambda s: answers.bare(s.data, s.arg), "image/jpeg"
    ),
    "file-html": Kind(
        Stage.FILE, "an HTML page as the image", lambda s: answers.bare(hostile.edge_page(520), s.media_type)
    ),
    "file-truncated": Kind(Stage.FILE, "half of the bytes, honestly announced", _half),
    "file-length": Kind(Stage.FILE, "a Content-Length that is `more` or `less` than the truth", _lying_length, "more"),
    "file-empty": Kind(Stage.FILE, "no bytes", lambda s: answers.bare(b"", s.media_type)),
    "file-bomb": Kind(
        Stage.FILE, "48 KB of PNG that decode to 1.1 GB", lambda s: answers.bare(hostile.bomb(), "image/png")
    ),
    "file-script": Kind(
        Stage.FILE, "an SVG full of scripts", lambda s: answers.bare(hostile.SCRIPTED_SVG, "image/svg+xml")
    ),
    "file-expired": Kind(Stage.FILE, "what an expired URL answers", lambda s: answers.forbidden_file()),
}  # fmt: skip


# -- The queue ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Queued:
    """Faults that wait for requests whose path contains `path`. `left` None is without end."""

    fault: Fault
    path: str
    left: int | None

    def as_json(self) -> dict[str, Any]:
        return {"fault": str(self.fault), "path": self.path, "left": self.left}


class FaultQueue:
    """Faults asked for through the control endpoint, first come, first met. Forgotten when the process ends."""

    def __init__(self) -> None:
        self.waiting: list[Queued] = []

    def add(self, fault: Fault, path: str, count: int | None) -> None:
        self.waiting.append(Queued(fault, path, count))

    def clear(self) -> None:
        self.waiting.clear()

    def meet(self, path: str, stages: frozenset[Stage]) -> Fault | None:
        """The fault that a request to `path` runs into, taken off the queue."""
        for queued in self.waiting:
            if queued.fault.kind.stage in stages and queued.path in path:
                if queued.left is not None:
                    queued.left -= 1
                    if queued.left <= 0:
                        self.waiting.remove(queued)
                return queued.fault
        return None
