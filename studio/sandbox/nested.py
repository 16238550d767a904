"""`controls` and `text_layout`: the fields that are objects and arrays.

Source: Recraft docs: Endpoints page, "Controls" and "Text layout".
"""

import math
from collections.abc import Mapping
from typing import Any

from studio.sandbox import choices
from studio.sandbox.fields import BadValue, Color, Rgb, Word, array, flag, in_range, number, text, thing, whole

WEIGHT_SLACK = 1e-6  # ten weights of 0.1 don't add up to 1 in binary
CHANNEL_MAX = 255
ARTISTIC_LEVEL_MAX = 5

# Lower case is not in the published list, but the published example is "Recraft".
WORD_CHARACTERS = frozenset(
    "!\"#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_{}ØĐĦŁŊŦΑΒΕΖΗΙΚΜΝΟΡΤΥΧІАВЕКМНОРСТУХßẞ"
    "abcdefghijklmnopqrstuvwxyz"
)


def colors(controls: Mapping[str, Any]) -> tuple[Color, ...]:
    """The palette as ((r, g, b), share or None). Raises BadValue."""
    found = tuple(_color(entry, f"controls.colors[{k}]") for k, entry in enumerate(array(controls, "colors")))
    if sum(weight or 0 for _, weight in found) > 1 + WEIGHT_SLACK:
        raise BadValue(choices.WEIGHTS_MESSAGE)
    return found


def background(controls: Mapping[str, Any]) -> Rgb | None:
    color = controls.get("background_color")
    return None if color is None else _color(color, "controls.background_color")[0]


def artistic_level(controls: Mapping[str, Any]) -> int | None:
    level = whole(controls, "artistic_level")
    in_range("controls.artistic_level", level, 0, ARTISTIC_LEVEL_MAX)
    return level


def no_text(controls: Mapping[str, Any]) -> bool:
    return bool(flag(controls, "no_text"))


def _color(entry: Any, label: str) -> Color:
    body = thing({label: entry}, label)
    channels = body.get("rgb")
    if not isinstance(channels, list) or len(channels) != 3:
        raise BadValue(choices.TYPE_MESSAGE.format(name=f"{label}.rgb", kind="3 integers"))
    for channel in channels:
        if isinstance(channel, bool) or not isinstance(channel, int):
            raise BadValue(choices.TYPE_MESSAGE.format(name=f"{label}.rgb", kind="3 integers"))
        in_range(f"{label}.rgb", channel, 0, CHANNEL_MAX)
    weight = number(body, "weight", f"{label}.weight")
    in_range(f"{label}.weight", weight, 0, 1)
    return (channels[0], channels[1], channels[2]), weight


def words(layout: list[Any]) -> tuple[Word, ...]:
    """The words of `text_layout`. Raises BadValue."""
    return tuple(_word(entry, index) for index, entry in enumerate(layout))


def _word(entry: Any, index: int) -> Word:
    body = thing({"entry": entry}, "entry") if isinstance(entry, dict) else {}
    said = text(body, "text") or ""
    if not said or not WORD_CHARACTERS.issuperset(said):
        raise BadValue(choices.WORD_MESSAGE.format(index=index))
    box = body.get("bbox")
    if not isinstance(box, list) or len(box) != 4 or not all(_is_point(point) for point in box):
        raise BadValue(choices.BBOX_MESSAGE.format(index=index))
    return Word(said, tuple((float(x), float(y)) for x, y in box))


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(value, int | float) and not isinstance(value, bool) for value in point)
        and all(math.isfinite(value) for value in point)
    )
