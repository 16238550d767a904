"""
What Recraft answers, read with care: a paid answer is not thrown away over a detail.

Five shapes of success are known: a list of pictures, one picture, a style, a text, a mapping of colors. Source: OpenAPI
document of the API (GenerateImageResponse, ProcessImageResponse, CreateStyleResponse, EnhancePromptResponse,
OptimizeColorsResponse).
"""

import json
import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from studio.recraft import errors

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class ResultImage:
    """One picture of an answer: Recraft's id and the link it can be downloaded from for about 24 hours."""

    image_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a paid request brought. `created` is in Unix seconds, `credits` the units charged for this call.

    `text` is an enhanced prompt, `style_id` a new style, `mapping` each color with the one that stands for it, as
    "#rrggbb"; each is empty where the operation brings something else.
    """

    created: int
    credits: int
    images: tuple[ResultImage, ...]
    raw: Mapping[str, Any]
    text: str = ""
    style_id: str = ""
    mapping: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CustomStyle:
    """A style of the account. `created` is a date and time as Recraft wrote it."""

    id: str
    style: str
    substyle: str
    created: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class BasicStyle:
    """A style that comes with Recraft: its id, its name as a request's `style` takes it, and its image model."""

    id: str
    style: str
    image_model: str


def parse_answer(body: bytes) -> Answer:
    """
    Read the body of a success. Raises AnswerUnreadable.

    Only `credits` and what was paid for are insisted on. A picture without id or link, or one listed twice, is left
    out, so that the others are not lost with it.
    """
    try:
        raw = _tame(json.loads(body, parse_constant=lambda name: None))
    except (ValueError, RecursionError) as exc:
        raise errors.AnswerUnreadable(f"The answer is no JSON: {exc}", body) from exc
    if not isinstance(raw, dict):
        raise errors.AnswerUnreadable("The answer is no object.", body)
    brought = _brought(raw)
    if brought is None:
        raise errors.AnswerUnreadable("The answer lists no pictures.", body)
    if not _is_count(raw.get("credits")):
        raise errors.AnswerUnreadable("The answer does not say what was charged.", body)
    created = raw.get("created")
    return Answer(
        created=created if isinstance(created, int) else 0,
        credits=raw["credits"],
        raw=raw,
        **{"images": (), **brought},
    )


def _brought(raw: dict[str, Any]) -> dict[str, Any] | None:
    """The fields of the Answer that say what was paid for; None when nothing does."""
    # Operations that return one picture answer with `image`, the others with `data`.
    listed = [raw["image"]] if "image" in raw else raw.get("data")
    if isinstance(listed, list):
        images: dict[str, ResultImage] = {}
        for image in filter(None, map(_image, listed)):
            images.setdefault(image.image_id, image)
        # A drawing with references of its own also names the style that was made of them.
        return {"images": tuple(images.values()), "style_id": _uuid(raw.get("style_id"))}
    if isinstance(raw.get("enhanced_prompt"), str):
        return {"text": raw["enhanced_prompt"]}
    if isinstance(raw.get("mapping"), list):
        return {"mapping": tuple(pair for pair in map(_pair, raw["mapping"]) if pair)}
    if "style" in raw and _uuid(raw.get("id")):
        return {"style_id": raw["id"]}
    return None


def parse_balance(body: bytes) -> int:
    """The balance in API units. Raises ServerFailed: a free question may be asked again."""
    balance = _free(body, lambda raw: raw["credits"])
    if not isinstance(balance, int) or isinstance(balance, bool):
        raise errors.ServerFailed("The balance is no whole number.")
    return balance


def parse_styles(body: bytes) -> tuple[CustomStyle, ...]:
    """The custom styles of the account. Raises ServerFailed."""
    return _free(body, lambda raw: tuple(map(_style, raw["styles"])))


def parse_style(body: bytes) -> CustomStyle:
    """One custom style. Raises ServerFailed."""
    return _free(body, _style)


def parse_basic_styles(body: bytes) -> tuple[BasicStyle, ...]:
    """The styles that come with Recraft. Raises ServerFailed."""
    return _free(body, lambda raw: tuple(BasicStyle(_id(s["style_id"]), s["style"], s["model"]) for s in raw["styles"]))


def _style(raw: Any) -> CustomStyle:
    return CustomStyle(
        id=_id(raw["id"]),
        style=str(raw["style"]),
        substyle=str(raw.get("substyle") or ""),
        created=str(raw["creation_time"]),
        is_private=bool(raw["is_private"]),
    )


def _free(body: bytes, read: Callable[[Any], Read]) -> Read:
    try:
        return read(_tame(json.loads(body)))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as exc:
        raise errors.ServerFailed(f"The answer can't be read: {type(exc).__name__}: {exc}") from exc


def _image(entry: object) -> ResultImage | None:
    if not isinstance(entry, dict):
        return None
    image_id, url = entry.get("image_id"), entry.get("url")
    if isinstance(image_id, str) and 0 < len(image_id) <= 64 and isinstance(url, str) and url:
        return ResultImage(image_id=image_id, url=url)
    return None


def _pair(entry: object) -> tuple[str, str] | None:
    pair = (entry.get("from"), entry.get("to")) if isinstance(entry, dict) else (None, None)
    return (str(pair[0]), str(pair[1])) if all(isinstance(color, str) for color in pair) else None


def _uuid(value: object) -> str:
    """The value if it is a UUID, else nothing."""
    try:
        return _id(value)
    except ValueError:
        return ""


def _id(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("An id is text.")
    uuid.UUID(value)
    return value


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
