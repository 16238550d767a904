"""Reading a request's body: JSON, or multipart with nested values in the three forms that published clients send.

Whatever the encoding, the result is the same plain dictionary as the JSON body would be, not yet checked.
"""

import json
from collections.abc import AsyncGenerator
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from studio.sandbox import choices
from studio.sandbox.brackets import nest

# Fields whose value is an object or an array, and so JSON text where a form sends them whole.
NESTED = frozenset({"controls", "text_layout"})
INTEGERS = frozenset({"n", "random_seed", "artistic_level", "rgb"})
NUMBERS = frozenset({"weight", "bbox", "std"})
FLAGS = frozenset({"block_nsfw", "calculate_features", "expire", "no_text"})


class Unreadable(Exception):
    """The body can't be read at all; the message is the text that the client gets."""


class TooLarge(Exception):
    """The body is longer than MAX_BODY_BYTES."""


async def body_of(request: Request) -> bytes:
    """The whole body. Raises TooLarge, and starlette's ClientDisconnect when the client dies while sending."""
    collected = bytearray()
    async for chunk in request.stream():
        collected += chunk
        if len(collected) > choices.MAX_BODY_BYTES:
            raise TooLarge
    return bytes(collected)


async def parse(request: Request, body: bytes) -> dict[str, Any]:
    """The request as a dictionary. Raises Unreadable."""
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await _form(request, body)
    # Anything else is read as JSON: curl's default type on a JSON body is a common mistake.
    return _object(_json(body))


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


async def _form(request: Request, body: bytes) -> dict[str, Any]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream()).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise Unreadable(choices.BAD_FORM_MESSAGE) from error
    pairs = [(name, await _value(name, part)) for name, part in form.multi_items()]
    try:
        return nest([(name, value) for name, value in pairs if value is not None])
    except RecursionError as error:
        raise Unreadable(choices.BAD_FORM_MESSAGE) from error


async def _value(name: str, part: UploadFile | str) -> Any:
    """One part as the JSON value it stands for; None for an empty one and for a file, which generations don't take."""
    if isinstance(part, UploadFile):
        is_json = (part.content_type or "").startswith("application/json")
        return _json(await part.read()) if is_json else None
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
