"""Copies that leave the studio, as data: what each may be, and its limits.

A copy is plain JSON, so that an export can keep it; `read` is the only way from the JSON to a copy. What it is made by
is `exporting`, in the limited child.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from studio.pictures.picture import JPEG, MAX_SIDE, PNG, SVG, WEBP, BadPicture, Picture, check_size
from studio.pictures.recipes import LOSSLESS, PDF, Size, check_color, check_writable

MOST_ON_A_SHEET: Final = 240  # pictures of a contact sheet: all its pages lie in memory at once
FORMATS: Final[Mapping[str, str]] = {"png": PNG, "webp": WEBP, "jpg": JPEG, "pdf": PDF, "svg": SVG}
PERCENTS: Final = (25, 50, 100, 200, 300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a copy is to be. `longest` is its longer side in pixels, 0 for `percent` of the picture's own.

    `background` is "#rrggbb", or "" to keep what is transparent so; a JPG and a PDF then get white. `quality` is 1 to
    100, or LOSSLESS for a WebP. `source_type` and `prompt` are what its metadata says (see `xmp`).
    """

    format: str
    percent: int = 100
    longest: int = 0
    quality: int = 90
    background: str = ""
    source_type: str = ""
    prompt: str = ""

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise BadPicture("A copy is a PNG, WebP, JPG, PDF or SVG.")
        if self.percent not in PERCENTS or not 0 <= self.longest <= MAX_SIDE:
            raise BadPicture("There is no copy of such a size.")
        least = LOSSLESS if self.format == "webp" else 1
        if not least <= self.quality <= 100:
            raise BadPicture(f"The quality is {least} to 100.")
        if self.background:
            check_color(self.background)

    def size(self, source: Picture) -> Size:
        """The pixels it comes out with."""
        scale = self.longest / max(source.width, source.height) if self.longest else self.percent / 100
        return max(1, round(source.width * scale)), max(1, round(source.height * scale))

    def check(self, source: Picture) -> None:
        """Raises BadPicture where there can't be such a copy of this picture."""
        if self.format == "svg":
            if source.media_type != SVG:
                raise BadPicture("Only a vector has an SVG. Vectorize the picture first.")
            return
        width, height = self.size(source)
        check_size(width, height)
        check_writable(FORMATS[self.format], width, height)


def read(values: Mapping[str, Any]) -> Copy:
    """The copy that these values say. Raises BadPicture."""
    known = {field.name: values[field.name] for field in fields(Copy) if field.name in values}
    if not all(
        isinstance(value, int if name in ("percent", "longest", "quality") else str) for name, value in known.items()
    ):
        raise BadPicture("A field holds something else than it is for.")
    try:
        return Copy(**known)
    except TypeError as error:
        raise BadPicture("A copy has a format.") from error
