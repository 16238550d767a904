"""
What an outpainted picture shall measure, and where in it the source goes.

`size` or `expand_*` make the frame; `zoom_out_percentage` then makes the source smaller, around its own middle. Alone
it keeps the picture's size.
Source: Recraft docs: Endpoints page, "Image outpainting".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.recraft.image_models import ImageModel
from studio.sandbox import choices, validation
from studio.sandbox.editing.intake import MOST_SIDE
from studio.sandbox.editing.outpainting import Frame
from studio.sandbox.fields import BadValue, in_range, number, text, whole

SIDES = ("expand_left", "expand_right", "expand_top", "expand_bottom")
ZOOM = "zoom_out_percentage"
MOST_EXPANSION = 4096


@dataclass(frozen=True, slots=True)
class Wish:
    """`size` in pixels or None; `sides` is left, right, top, bottom in pixels; `zoom` in percent."""

    size: tuple[int, int] | None
    sides: tuple[int, int, int, int]
    zoom: float


def read(body: Mapping[str, Any], model: ImageModel) -> Wish:
    """Raises BadValue."""
    size, sides = text(body, "size"), [whole(body, name) for name in SIDES]
    zoom = number(body, ZOOM, ZOOM)
    for name, value in zip(SIDES, sides, strict=True):
        in_range(name, value, 0, MOST_EXPANSION)
    if zoom is not None and not 0 <= zoom < 100:
        raise BadValue(f"{ZOOM} should be in [0, 100)")
    expands = any(value is not None for value in sides)
    if size is not None and expands:
        raise BadValue(choices.OUTPAINT_BOTH_MESSAGE)
    if size is None and not expands and zoom is None:
        raise BadValue(choices.OUTPAINT_NONE_MESSAGE)
    left, right, top, bottom = (value or 0 for value in sides)
    return Wish(validation.pixels(size, model) if size else None, (left, right, top, bottom), zoom or 0.0)


def frame(wish: Wish, source: tuple[int, int]) -> Frame:
    """Where the source goes. Raises BadValue when the result gets too large."""
    keep = 1 - wish.zoom / 100
    if wish.size is not None:
        width, height = wish.size
        scale = min(width / source[0], height / source[1], 1.0) * keep
        wide, high = max(1, round(source[0] * scale)), max(1, round(source[1] * scale))
        return Frame(width, height, (width - wide) // 2, (height - high) // 2, wide, high)
    left, right, top, bottom = wish.sides
    width, height = source[0] + left + right, source[1] + top + bottom
    if max(width, height) > MOST_SIDE:
        raise BadValue(choices.OUTPAINT_LIMIT_MESSAGE.format(most=MOST_SIDE))
    wide, high = max(1, round(source[0] * keep)), max(1, round(source[1] * keep))
    return Frame(width, height, left + (source[0] - wide) // 2, top + (source[1] - high) // 2, wide, high)
