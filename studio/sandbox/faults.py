"""Faults on request: one table, from a name to what the sandbox then does.

A call names its fault in the header `X-Sandbox-Fault: <name>[:<arg>][; count=<n>]`, or a test queues faults through the
control endpoint. Four stages say when a fault acts and so what it costs:

* INSTEAD   in place of the call                 nothing is made, nothing is charged
* ANSWER    after the call was made and charged  the client gets the wrong answer, or none
* URL       after the call was made and charged  the answer is right but for where its URLs point
* FILE      when a result file is fetched        the call itself was fine
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from studio.sandbox import reactions
from studio.sandbox.reactions import Reaction, Situation

HEADER = "X-Sandbox-Fault"
METADATA_URL = "http://169.254.169.254/latest/meta-data/"


class Stage(StrEnum):
    INSTEAD = "instead"
    ANSWER = "answer"
    URL = "url"
    FILE = "file"


CALL_FAULTS = frozenset({Stage.INSTEAD, Stage.ANSWER, Stage.URL, Stage.FILE})
READ_FAULTS = frozenset({Stage.INSTEAD})
FILE_FAULTS = frozenset({Stage.FILE})


class UnknownFault(ValueError):
    """No such name in the table, an argument it can't use, or a request it doesn't apply to."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the table.

    `charge` changes the units of a call, `url` makes the new URL from argument and old URL. `before_body` acts before
    the request's body is read, `early` while the call still goes on.
    """

    stage: Stage
    says: str
    react: Reaction = reactions.unchanged
    default: str = ""
    before_body: bool = False
    early: bool = False
    charge: Callable[[int, str], int] = lambda units, arg: units
    url: Callable[[str, str], str] = lambda arg, url: url


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is going to happen. `count` is how many fetches of a file meet it, None for all."""

    name: str
    arg: str
    kind: Kind
    count: int | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.arg}" if self.arg else self.name

    def reaction(self, answer: Mapping[str, Any] | None = None, data: bytes = b"", media_type: str = "") -> Response:
        return self.kind.react(Situation(self.arg, answer or {}, data, media_type))

    def charge(self, units: int) -> int:
        return self.kind.charge(units, self.arg)

    def url(self, url: str) -> str:
        return self.kind.url(self.arg, url)


def _kind(stage: Stage) -> Callable[..., Kind]:
    return lambda says, react=reactions.unchanged, default="", **more: Kind(stage, says, react, default, **more)


_instead, _answer, _url, _file = (_kind(stage) for stage in Stage)


def _path(url: str) -> str:
    return url.split("/", 3)[3]


TABLE: Mapping[str, Kind] = {
    # Refusals and failures
    "rate-limited": _instead("429; the argument is a Retry-After", reactions.rate_limited),
    "error-json": _instead("500 with code and message", reactions.error_json),
    "error-text": _instead("500 as text", reactions.error_text),
    "edge": _instead("an edge server's HTML page with this status", reactions.edge, "502"),
    "edge-billed": _answer("the same at once; the call goes on and is charged", reactions.edge, "504", early=True),
    "no-credits": _instead("400 not_enough_credits", reactions.not_enough_credits),
    "unauthorized": _instead("401", reactions.unauthorized),
    "forbidden": _instead("403 from the edge, in HTML", reactions.forbidden),
    # Silence, slowness, resets
    "reset-unread": _instead("connection reset before the body is read", reactions.reset, before_body=True),
    "reset": _instead("connection reset after the body was read; nothing is done", reactions.reset),
    "reset-billed": _answer("connection reset in place of the answer", reactions.reset),
    "reset-mid-answer": _answer("connection reset after half of the answer", reactions.reset_mid_answer),
    "hang": _instead("silence; after as many seconds as the argument says it hangs up", reactions.hang),
    "hang-billed": _answer("the same, but the work was done and charged", reactions.hang),
    "drip": _answer("the answer at this many bytes a second", reactions.drip_answer, "1"),
    # Answers that don't hold together
    "truncated-json": _answer("200 with half of the JSON", reactions.truncated_json),
    "html": _answer("200 with an HTML page", reactions.html),
    "missing-credits": _answer("an answer without `credits`", reactions.missing_credits),
    "credits-times": _answer(
        "charges the price this many times, and says so", default="2", charge=lambda units, arg: units * int(arg)
    ),
    "fewer-images": _answer("one image less than asked; all are charged", reactions.fewer_images),
    "no-images": _answer("no image; all are charged", reactions.no_images),
    "duplicate-id": _answer("every image has the id of the first", reactions.duplicate_id),
    # Where result URLs point, and what answers there
    "url": _url("result URLs are the argument", default=METADATA_URL, url=lambda arg, url: arg),
    "url-foreign": _url(
        "result URLs on this host", default="images.example.com", url=lambda arg, url: f"https://{arg}/{_path(url)}"
    ),
    "url-http": _url(
        "result URLs on this host, without TLS",
        default="img.recraft.ai",
        url=lambda arg, url: f"http://{arg}/{_path(url)}",
    ),
    "url-port": _url(
        "result URLs on another port of this machine",
        default="6379",
        url=lambda arg, url: f"http://127.0.0.1:{int(arg)}/{_path(url)}",
    ),
    "file-status": _file("this status", reactions.file_status, "404"),
    "file-hang": _file("silence; after as many seconds as the argument says it hangs up", reactions.hang),
    "file-drip": _file("the file at this many bytes a second", reactions.drip_file, "1"),
    "file-reset": _file("connection reset after half of the file", reactions.reset_mid_file),
    "file-redirect": _file("302 to the argument", reactions.redirect, METADATA_URL),
    # What the file is
    "file-type": _file("the right bytes with this Content-Type", reactions.wrong_type, "image/jpeg"),
    "file-html": _file("an HTML page as the image", reactions.html_file),
    "file-truncated": _file("half of the bytes, honestly announced", reactions.truncated_file),
    "file-length": _file("a Content-Length that is `more` or `less` than the truth", reactions.lying_length, "more"),
    "file-empty": _file("no bytes", reactions.empty_file),
    "file-bomb": _file("48 KB of PNG that decode to 1.1 GB", reactions.bomb),
    "file-script": _file("an SVG full of scripts", reactions.scripted_svg),
    "file-expired": _file("what an expired URL answers", reactions.expired),
}


def parse(text: str) -> Fault:
    """`name`, `name:arg` or `name:arg; count=3`. Raises UnknownFault."""
    said, _, options = text.partition(";")
    name, _, arg = (part.strip() for part in said.partition(":"))
    if name not in TABLE:
        raise UnknownFault(f"no fault is called {name!r}; known: {', '.join(TABLE)}")
    fault = Fault(name, arg or TABLE[name].default, TABLE[name], _count(options.strip()))
    _try_out(fault)
    return fault


def _count(option: str) -> int | None:
    name, _, value = (part.strip() for part in option.partition("="))
    if not option:
        return None
    if name != "count" or not value.isdecimal():
        raise UnknownFault(f"{option!r} is not count=<number>")
    return int(value)


def _try_out(fault: Fault) -> None:
    """An argument that the fault can't use is the test's mistake: say so when it is asked for, not when it happens."""
    try:
        fault.charge(1)
        fault.url("http://127.0.0.1/file")
        fault.reaction({"data": [{"image_id": ""}], "credits": 1}, b"data", "image/webp")
    except (ValueError, KeyError) as error:
        raise UnknownFault(f"{fault.name} can't use {fault.arg!r}: {error}") from error


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
                self._take(queued)
                return queued.fault
        return None

    def _take(self, queued: Queued) -> None:
        if queued.left is not None:
            queued.left -= 1
            if queued.left <= 0:
                self.waiting.remove(queued)
