"""The types of a request's fields: what a server in a typed language refuses before it looks at any meaning.

`null` is accepted for every optional field and unknown keys are ignored.
Source: Recraft docs: Endpoints page, "Generate image"; published OpenAPI specification, GenerateImageRequestBase.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.sandbox import choices

Rgb = tuple[int, int, int]
Color = tuple[Rgb, float | None]
UINT32_MAX = 2**32 - 1


class BadValue(Exception):
    """A 400 answer: `code` and `message` as they go on the wire."""

    def __init__(self, message: str, code: str = choices.BAD_VALUE_CODE) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of `text_layout`. `bbox` is four points in shares of the picture."""

    text: str
    bbox: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Every known field with its right type, or None. Nothing is checked beyond the type."""

    prompt: str | None
    n: int | None
    model: str | None
    style: str | None
    substyle: str | None
    style_id: str | None
    size: str | None
    negative_prompt: str | None
    random_seed: int | None
    response_format: str | None
    image_format: str | None
    creativity: str | None
    upscale: str | None
    block_nsfw: bool | None
    calculate_features: bool | None
    expire: bool | None
    controls: Mapping[str, Any]
    text_layout: list[Any]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Fields":
        """Raises BadValue on the first field of a wrong type."""
        return cls(
            prompt=text(body, "prompt"),
            n=whole(body, "n"),
            model=text(body, "model"),
            style=text(body, "style"),
            substyle=text(body, "substyle"),
            style_id=text(body, "style_id"),
            size=text(body, "size"),
            negative_prompt=text(body, "negative_prompt"),
            random_seed=whole(body, "random_seed"),
            response_format=text(body, "response_format"),
            image_format=text(body, "image_format"),
            creativity=text(body, "creativity"),
            upscale=text(body, "upscale"),
            block_nsfw=flag(body, "block_nsfw"),
            calculate_features=flag(body, "calculate_features"),
            expire=flag(body, "expire"),
            controls=thing(body, "controls"),
            text_layout=array(body, "text_layout"),
        )


def text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="a string"))
    # JSON can escape half a surrogate pair, which no file and no database can hold.
    return None if value is None else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def whole(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="an integer"))
    return value


def number(body: Mapping[str, Any], name: str, label: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadValue(choices.TYPE_MESSAGE.format(name=label, kind="a number"))
    return float(value)


def flag(body: Mapping[str, Any], name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="a boolean"))
    return value


def thing(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="an object"))
    return value or {}


def array(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    if value is not None and not isinstance(value, list):
        raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="an array"))
    return value or []


def in_range(name: str, value: float | None, low: int, high: int) -> None:
    """Both ends belong to the range."""
    if value is not None and not low <= value <= high:
        raise BadValue(choices.RANGE_MESSAGE.format(name=name, low=low, high=high))


def one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise BadValue(choices.ONE_OF_MESSAGE.format(name=name, allowed=", ".join(allowed)))
