"""Reading a request's body: JSON, or multipart with nested values in the three forms that published clients send.

Whatever the encoding, the fields are the same plain dictionary as the JSON body would be, not yet checked. Files keep
their field's name; the names and types that clients give to the files themselves are not looked at.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from studio.sandbox import choices
from studio.sandbox.brackets import nest

# Fields whose value is an object or an array, and so JSON text where a form sends them whole.
NESTED = frozenset(
    {
        *("controls", "text_layout", "palette", "strict_color_palette"),
        *("image_weights", "source_styles", "source_style_weights"),
    }
)
INTEGERS = frozenset(
    {
        *("n", "random_seed", "artistic_level", "rgb", "max_num_shapes", "strict_color_palette"),
        *("expand_left", "expand_right", "expand_top", "expand_bottom"),
    }
)
NUMBERS = frozenset(
    {
        *("weight", "bbox", "std", "strength", "zoom_out_percentage"),
        *("image_weights", "source_style_weights"),
    }
)
FLAGS = frozenset({"block_nsfw", "calculate_features", "expire", "no_text", "private"})
# A body beyond this is read in a thread of its own, so that no other request waits for it.
LONG_BODY = 200_000


class Unreadable(Exception):
    """The body can't be read at all; the message is the text that the client gets."""


class TooLarge(Exception):
    """The body is longer than the endpoint takes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a form."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A request as it was understood. `is_form` tells where its pictures are: in `files`, or in URLs among `fields`."""

    fields: dict[str, Any]
    files: tuple[Part, ...] = ()
    is_form: bool = False


async def body_of(request: Request, limit: int = choices.MAX_BODY_BYTES) -> bytes:
    """The whole body. Raises TooLarge, and starlette's ClientDisconnect when the client dies while sending."""
    collected = bytearray()
    async for chunk in request.stream():
        collected += chunk
        if len(collected) > limit:
            raise TooLarge
    return bytes(collected)


async def parse(request: Request, body: bytes) -> Body:
    """Raises Unreadable."""
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await _form(request, body)
    # Anything else is read as JSON: curl's default type on a JSON body is a common mistake.
    value = await asyncio.to_thread(_json, body) if len(body) > LONG_BODY else _json(body)
    return Body(_object(value))


def _json(text: bytes | str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(choices.BAD_JSON_MESSAGE) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is Python's, not JSON's")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(choices.NOT_AN_OBJECT_MESSAGE)
    return value


async def _form(request: Request, body: bytes) -> Body:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream()).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise Unreadable(choices.BAD_FORM_MESSAGE) from error
    pairs, files = [], []
    for name, part in form.multi_items():
        if isinstance(part, UploadFile) and not (part.content_type or "").startswith("application/json"):
            files.append(Part(name.split("[")[0], await part.read()))
        else:
            pairs.append((name, await _value(name, part)))
    try:
        fields = nest([(name, value) for name, value in pairs if value is not None])
    except RecursionError as error:
        raise Unreadable(choices.BAD_FORM_MESSAGE) from error
    return Body(fields, tuple(files), is_form=True)


async def _value(name: str, part: UploadFile | str) -> Any:
    """One part as the JSON value it stands for; None for an empty one."""
    if isinstance(part, UploadFile):
        return _json(await part.read())
    if part == "" and choices.EMPTY_FORM_VALUE_IS_NULL and name != "prompt":
        return None
    if name in NESTED:
        return _json(part)
    return scalar(_last_word(name), part)


def _last_word(name: str) -> str:
    """`controls[colors][][rgb][]` is about `rgb`."""
    words = [word.rstrip("]") for word in name.split("[")]
    return next(word for word in reversed(words) if (word and not word.isdigit()) or word is words[0])


def scalar(word: str, text: str) -> Any:
    """A form's text as a number or flag where the field is one. Text that isn't one stays, for validation to refuse."""
    try:
        if word in INTEGERS:
            return int(text)
        if word in NUMBERS:
            return float(text)
    except ValueError:
        return text
    if word in FLAGS:
        return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)
    return text
