"""What the client gets to see of each fault: one small function per line of the table in faults.py."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from studio.sandbox import answers, hostile, raw

ERROR_STATUSES = range(400, 600)
# How many bytes a lying Content-Length announces that never come.
MISSING_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Situation:
    """What a fault works on: its argument; the answer of a call; the bytes and type of a file."""

    arg: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    data: bytes = b""
    media_type: str = ""

    @property
    def text(self) -> bytes:
        """The answer as it would go on the wire."""
        return json.dumps(self.answer, separators=(",", ":")).encode()


Reaction = Callable[[Situation], Response]

# -- In place of a call, or of its answer --


def rate_limited(situation: Situation) -> Response:
    return answers.rate_limited(situation.arg or None)


def error_json(situation: Situation) -> Response:
    return answers.internal_error()


def error_text(situation: Situation) -> Response:
    return answers.bare(b"internal server error", answers.TEXT, 500)


def edge(situation: Situation) -> Response:
    status = _status(situation.arg)
    return answers.bare(hostile.edge_page(status), answers.HTML, status, {"Server": "cloudflare"})


def forbidden(situation: Situation) -> Response:
    return edge(Situation("403"))


def not_enough_credits(situation: Situation) -> Response:
    return answers.not_enough_credits()


def unauthorized(situation: Situation) -> Response:
    return answers.unauthorized()


def reset(situation: Situation) -> Response:
    return raw.Raw(reset=True)


def hang(situation: Situation) -> Response:
    return raw.Raw(silence=float(situation.arg) if situation.arg else raw.FOREVER)


# -- A spoilt answer --


def drip_answer(situation: Situation) -> Response:
    return _drip(situation.arg, situation.text, answers.JSON)


def reset_mid_answer(situation: Situation) -> Response:
    return _reset_halfway(situation.text, answers.JSON)


def truncated_json(situation: Situation) -> Response:
    return answers.bare(_half(situation.text), answers.JSON)


def html(situation: Situation) -> Response:
    return answers.bare(hostile.edge_page(520), answers.HTML)


def missing_credits(situation: Situation) -> Response:
    return answers.as_json({name: value for name, value in situation.answer.items() if name != "credits"})


def unchanged(situation: Situation) -> Response:
    return answers.as_json(situation.answer)


def fewer_images(situation: Situation) -> Response:
    return _with_images(situation, situation.answer.get("data", [])[:-1])


def no_images(situation: Situation) -> Response:
    return _with_images(situation, [])


def _with_images(situation: Situation, images: list[Any]) -> Response:
    """An answer of one image loses it."""
    kept = {name: value for name, value in situation.answer.items() if name not in ("image", "data")}
    return answers.as_json({**kept, "data": images} if "data" in situation.answer else kept)


def duplicate_id(situation: Situation) -> Response:
    images = situation.answer.get("data", [])
    if not images:
        return unchanged(situation)
    same = [{**image, "image_id": images[0]["image_id"]} for image in images]
    return answers.as_json({**situation.answer, "data": same})


# -- A spoilt file --


def file_status(situation: Situation) -> Response:
    return answers.bare(b"", answers.TEXT, _status(situation.arg))


def drip_file(situation: Situation) -> Response:
    return _drip(situation.arg, situation.data, situation.media_type)


def reset_mid_file(situation: Situation) -> Response:
    return _reset_halfway(situation.data, situation.media_type)


def redirect(situation: Situation) -> Response:
    return answers.bare(b"", answers.TEXT, 302, {"Location": situation.arg})


def wrong_type(situation: Situation) -> Response:
    return answers.bare(situation.data, situation.arg)


def html_file(situation: Situation) -> Response:
    return answers.bare(hostile.edge_page(520), situation.media_type)


def truncated_file(situation: Situation) -> Response:
    return answers.bare(_half(situation.data), situation.media_type)


def lying_length(situation: Situation) -> Response:
    """`more` announces bytes that never come, `less` sends bytes that were not announced."""
    length = len(situation.data)
    announced = {"more": length + MISSING_BYTES, "less": length // 2}[situation.arg]
    return raw.Raw(raw.head(200, announced, situation.media_type), situation.data)


def empty_file(situation: Situation) -> Response:
    return answers.bare(b"", situation.media_type)


def bomb(situation: Situation) -> Response:
    return answers.bare(hostile.bomb(), "image/png")


def scripted_svg(situation: Situation) -> Response:
    return answers.bare(hostile.SCRIPTED_SVG, "image/svg+xml")


def expired(situation: Situation) -> Response:
    return answers.forbidden_file()


# -- What they are made of --


def _status(arg: str) -> int:
    status = int(arg)
    if status not in ERROR_STATUSES:
        raise ValueError("not the status of an error")
    return status


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _drip(bytes_per_second: str, data: bytes, media_type: str) -> Response:
    speed = float(bytes_per_second)
    if not speed > 0:
        raise ValueError("not a speed")
    return raw.Raw(raw.head(200, len(data), media_type), data, bytes_per_second=speed)


def _reset_halfway(data: bytes, media_type: str) -> Response:
    return raw.Raw(raw.head(200, len(data), media_type), _half(data), reset=True)
