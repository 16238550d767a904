"""
Pictures an operation starts from: what may be sent, and the way out for one that may not.

Values hold a picture's id, so that they stay JSON; the bytes travel beside them as an InputFile. Every refusal names
the nearest thing that would be taken, because nothing here is out of reach: a copy that fits is made locally, for 0
units.

Sources: Recraft docs, Endpoints page, request body of each editing endpoint (formats, "no more than 10 MB", "16 MP",
"max dimension 4096", "min dimension 256" or 32, size and colors of a mask). The page says "less than" in one place and
"no more than" in the other; the limits themselves are taken to be allowed.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, ClassVar, Self

from studio.recraft.image_models import ImageModel
from studio.recraft.params import Models, Param

PNG, JPG, WEBP, SVG = "image/png", "image/jpeg", "image/webp", "image/svg+xml"
FORMATS: Mapping[str, str] = MappingProxyType({PNG: "PNG", JPG: "JPG", WEBP: "WebP", SVG: "SVG"})
RASTER = (PNG, JPG, WEBP)
RASTER_OR_SVG = (*RASTER, SVG)

# Decimal: whoever means 10 * 2**20 by "10 MB" takes these too.
MAX_BYTES = 10_000_000
MAX_PIXELS = 16_000_000
MAX_SIDE = 4096
MIN_SIDE = 256
# Ids are the studio's own; this only keeps them from being anything else.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Fix(StrEnum):
    """What can be done, locally and for 0 units, with a picture that can't be sent as it is."""

    CONVERT = "convert"
    SHRINK = "shrink"
    ENLARGE = "enlarge"
    PAD = "pad"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """
    Why a picture can't be used, as a whole sentence with the way out.

    `fix` makes a copy of `media_type` and `pixels` (width, height) that can be used; None when there is no such copy.
    """

    message: str
    fix: Fix | None = None
    media_type: str = ""
    pixels: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """
    The bytes of one picture and what is known of them. `size` is in bytes, `width` and `height` in pixels.

    Only a mask needs `mode` (how its pixels are stored, in Pillow's words: "L" is greyscale) and `levels` (every grey
    that occurs in it): whoever decoded it has seen them.
    """

    media_type: str
    size: int
    width: int
    height: int
    open: Callable[[], BinaryIO]
    mode: str = ""
    levels: frozenset[int] = frozenset()

    @classmethod
    def at(cls, path: Path, **facts: Any) -> Self:
        """A file on disk; `facts` are the other fields. Raises OSError when it is not there."""
        return cls(size=path.stat().st_size, open=lambda: path.open("rb"), **facts)


# Param name -> its files, in the order of the value.
Files = Mapping[str, tuple[InputFile, ...]]
NO_FILES: Files = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """What one picture may be, all limits included. `max_bytes` in bytes, sides in pixels; `min_side` 1 is none."""

    media_types: tuple[str, ...] = RASTER
    max_bytes: int = MAX_BYTES
    max_pixels: int = MAX_PIXELS
    max_side: int = MAX_SIDE
    min_side: int = MIN_SIDE

    def obstacles(self, label: str, media_type: str, width: int, height: int, size: int) -> tuple[Obstacle, ...]:
        """Everything that keeps `label` from taking such a picture; empty when it is taken."""
        if media_type not in self.media_types:
            return (self._wrong_format(label, media_type, width, height),)
        found = [
            self._too_heavy(media_type, width, height, size) if size > self.max_bytes else None,
            self._too_large(media_type, width, height) if self._is_too_large(width, height) else None,
            self._too_small(media_type, width, height) if self._is_too_small(media_type, width, height) else None,
        ]
        return tuple(obstacle for obstacle in found if obstacle)

    def fitted(self, width: int, height: int) -> tuple[Fix, tuple[int, int]]:
        """The nearest (width, height) inside the limits and how to get there, in the same proportions if possible."""
        scale = min(1.0, self.max_side / max(width, height), math.sqrt(self.max_pixels / (width * height)))
        # A hair more, or 4,096 comes out as 4,095 now and then.
        smaller = (max(1, math.floor(width * scale + 1e-6)), max(1, math.floor(height * scale + 1e-6)))
        if min(smaller) >= self.min_side:
            return Fix.SHRINK, smaller
        growth = self.min_side / min(width, height)
        larger = (max(self.min_side, round(width * growth)), max(self.min_side, round(height * growth)))
        if not self._is_too_large(*larger):
            # By rounding up, a side may end on the limit that was just missed on the way down.
            return (Fix.ENLARGE if larger > (width, height) else Fix.SHRINK), larger
        return Fix.PAD, (max(self.min_side, smaller[0]), max(self.min_side, smaller[1]))

    def words(self) -> tuple[str, ...]:
        """The limits as short phrases for a page."""
        return (
            listed(FORMATS[media_type] for media_type in self.media_types),
            f"up to {self.max_bytes / 1e6:g} MB",
            f"up to {self.max_pixels / 1e6:g} MP",
            f"sides up to {self.max_side:,} px",
            *([f"sides from {self.min_side} px"] if self.min_side > 1 else []),
        )

    def _is_too_large(self, width: int, height: int) -> bool:
        return max(width, height) > self.max_side or width * height > self.max_pixels

    def _is_too_small(self, media_type: str, width: int, height: int) -> bool:
        # Small SVGs are scaled up by the server. Source: Recraft docs, Endpoints page, Remove background.
        return media_type != SVG and min(width, height) < self.min_side

    def _wrong_format(self, label: str, media_type: str, width: int, height: int) -> Obstacle:
        taken = listed((FORMATS[each] for each in self.media_types), "or")
        kind = FORMATS.get(media_type, "this kind of file")
        pixels = self.fitted(width, height)[1]
        return Obstacle(
            f"{label} takes {taken}, not {kind}: make a PNG of it first, for 0 units.", Fix.CONVERT, PNG, pixels
        )

    def _too_heavy(self, media_type: str, width: int, height: int, size: int) -> Obstacle:
        # Rounded up: "10.0 MB is over 10 MB" would be no help.
        said = f"{math.ceil(size / 1e5) / 10:.1f} MB is over {self.max_bytes / 1e6:g} MB"
        pixels = self.fitted(width, height)[1]
        if media_type == WEBP:
            return Obstacle(f"{said}: scale it down, for 0 units.", Fix.SHRINK, WEBP, _halved(pixels, self.min_side))
        if media_type == SVG:
            return Obstacle(f"{said}: make a PNG of it, for 0 units.", Fix.CONVERT, PNG, pixels)
        return Obstacle(f"{said}: save it as WebP, for 0 units.", Fix.CONVERT, WEBP, pixels)

    def _too_large(self, media_type: str, width: int, height: int) -> Obstacle:
        fix, pixels = self.fitted(width, height)
        if width * height > self.max_pixels:
            said = f"{math.ceil(width * height / 1e5) / 10:.1f} MP is over {self.max_pixels / 1e6:g} MP"
        else:
            said = f"{max(width, height):,} px is over {self.max_side:,} px a side"
        return Obstacle(f"{said}: {_advice(fix, pixels)}", fix, media_type, pixels)

    def _too_small(self, media_type: str, width: int, height: int) -> Obstacle:
        fix, pixels = self.fitted(width, height)
        said = f"{min(width, height)} px is under {self.min_side} px a side"
        return Obstacle(f"{said}: {_advice(fix, pixels)}", fix, media_type, pixels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Param):
    """One picture. Its value is the picture's id; `path` is the name of its file part in the request."""

    limits: PictureLimits
    max_count: ClassVar[int] = 1

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        for id in self.ids(value):
            if not isinstance(id, str) or not _ID.fullmatch(id):
                raise self.invalid("There is no such picture.")

    def ids(self, value: Any) -> tuple[Any, ...]:
        """The ids of the pictures in a value, in order."""
        return (value,)

    def check_files(self, files: tuple[InputFile, ...]) -> None:
        """Raises InvalidParam for the first file that can't be sent, with the way out."""
        for file in files:
            for obstacle in self.limits.obstacles(self.label, file.media_type, file.width, file.height, file.size):
                raise self.invalid(obstacle.message)

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return self.limits.words()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask(Image):
    """
    Which pixels may change: white (255) may, black (0) stays.

    Greyscale, because the server refuses a mask with colors or an alpha channel. That it is as large as the picture is
    a rule of the operation.
    """

    def check_files(self, files: tuple[InputFile, ...]) -> None:
        Image.check_files(self, files)
        for mask in files:
            if mask.mode != "L":
                raise self.invalid("The mask must be a greyscale PNG with 8 bits and no alpha channel.")
            if strangers := sorted(mask.levels - {0, 255}):
                raise self.invalid(f"A mask is pure black and white; this one also holds grey {strangers[0]}.")
            if 255 not in mask.levels:
                raise self.invalid("The mask is empty: paint over what may change.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (*Image.words(self), "greyscale, every pixel 0 or 255", "the size of the picture")


@dataclass(frozen=True, slots=True, kw_only=True)
class References(Image):
    """Several pictures: a list of ids. `max_total` is what they may weigh together, in bytes."""

    max_count: ClassVar[int] = 5
    max_total: int

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, list):
            raise self.invalid("This must be a list of pictures.")
        if len(value) > self.max_count:
            raise self.invalid(f"At most {self.max_count} pictures.")
        Image.check(self, value, image_model)

    def ids(self, value: Any) -> tuple[Any, ...]:
        return tuple(value)

    def check_files(self, files: tuple[InputFile, ...]) -> None:
        Image.check_files(self, files)
        total = sum(file.size for file in files)
        if total > self.max_total:
            said = f"{math.ceil(total / 1e5) / 10:.1f} MB together is over {self.max_total / 1e6:g} MB"
            raise self.invalid(f"{said}: save them as WebP, or take fewer.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (*Image.words(self), f"up to {self.max_count} pictures", f"up to {self.max_total / 1e6:g} MB together")


def listed(names: Any, last: str = "and") -> str:
    """ "PNG, JPG and WebP"."""
    *most, final = names
    return f"{', '.join(most)} {last} {final}" if most else str(final)


def _advice(fix: Fix, pixels: tuple[int, int]) -> str:
    verb = {Fix.SHRINK: "scale it down", Fix.ENLARGE: "enlarge it", Fix.PAD: "scale and pad it"}[fix]
    return f"{verb} to {pixels[0]} x {pixels[1]}, for 0 units."


def _halved(pixels: tuple[int, int], least: int) -> tuple[int, int]:
    scale = max(0.5, least / min(pixels))
    return (max(least, round(pixels[0] * scale)), max(least, round(pixels[1] * scale)))
