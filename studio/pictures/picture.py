"""What the rooms around this one know about a picture, and the limits every picture keeps.

A picture is bytes that are not yet an asset. Nothing here decodes: the limits are checked against the header, before
any decoder sees the file, and again by the child that decodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal

WEBP: Final = "image/webp"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
SVG: Final = "image/svg+xml"

MAX_PIXELS: Final = 40_000_000
# The longest side of a WebP file is 16,383 pixels and browsers stop drawing not far above: a longer side with few
# pixels (1 x 40,000,000) is a trap, not a picture.
MAX_SIDE: Final = 16_384
# A vector's size is a ratio more than an amount of memory, so its sides may be longer.
MAX_VECTOR_SIDE: Final = 100_000
MAX_RASTER_BYTES: Final = 64 * 2**20
MAX_VECTOR_BYTES: Final = 20 * 2**20


class BadPicture(Exception):
    """These bytes will not become an asset; the message says why, in words for a person."""

    # May the same file be read again later, with a chance of another answer?
    may_read_again: ClassVar[bool] = False


class ReaderDied(BadPicture):
    """A child was too slow, or two were killed from outside: the picture may be good and the machine short."""

    may_read_again = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A verified file. Width and height are pixels as a browser shows them (EXIF orientation applied)."""

    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Intake:
    """An upload: the picture as it is shown, and in `notes` what a clean copy of it changed, in words for a person.

    `clean` is the copy's media type; empty when the file is plain and no copy was made.
    """

    picture: Picture
    clean: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaskFacts:
    """How a mask's pixels are stored: Pillow's mode ("L" is greyscale) and, for that mode, every level that occurs."""

    width: int
    height: int
    mode: str
    levels: frozenset[int]


@dataclass(frozen=True, slots=True)
class Derived:
    """One rendition as written by `render`: a WebP without metadata. Width and height in pixels."""

    name: Literal["tile", "preview"]
    path: Path
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture shows before and without its original.

    `placeholder` is a data URI of under 300 bytes; `colors` are up to six dominant sRGB colors, most frequent first
    (none for a picture that is wholly transparent).
    """

    placeholder: str
    colors: tuple[tuple[int, int, int], ...]
    renditions: tuple[Derived, ...]
    phash: int = 0  # 64 bits with a sign; alike for pictures that look alike


@dataclass(frozen=True, slots=True)
class Finished:
    """One file that came of a recipe. `shown` is a PNG of what a browser can't show itself (a PDF)."""

    path: Path
    media_type: str
    width: int
    height: int
    shown: Path | None = None


def check_size(width: int, height: int) -> None:
    """Refuse a raster size, in pixels, that is empty, absurd or too large to decode. Raises BadPicture."""
    if width < 1 or height < 1:
        raise BadPicture("The picture is empty: one of its sides is 0.")
    if max(width, height) > MAX_SIDE:
        raise BadPicture(f"The picture is {width:,} x {height:,} pixels; a side may have {MAX_SIDE:,}.")
    if width * height > MAX_PIXELS:
        raise BadPicture(f"The picture is {width:,} x {height:,} pixels; the limit is 40 million.")
