"""What can be done to a picture without the provider, for 0 units: each recipe as data, its limits and its words.

A recipe is plain JSON, so that a job can keep it: `do` names it and the rest are its fields. `read` is the only way
from the JSON to a recipe; what it returns is within its own limits, and `check` says whether it suits one picture.
Sizes are pixels, colors "#rrggbb".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Final, Protocol

from studio.pictures.picture import JPEG, MAX_SIDE, PNG, SVG, WEBP, BadPicture, Picture, check_size

PDF: Final = "application/pdf"
TRANSPARENT: Final = "transparent"
FORMATS: Final[Mapping[str, str]] = {"png": PNG, "webp": WEBP, "jpg": JPEG, "pdf": PDF}
LOSSLESS: Final = 0  # a WebP's quality, in a recipe: every pixel as it was
MAX_SWAPS: Final = 64
_COLOR: Final = re.compile(r"#[0-9a-f]{6}")

Size = tuple[int, int]

# What a page, a phone's home screen and a feed ask for. Icons show the whole picture on a transparent ground; pictures
# for feeds are filled, and lose what stands over.
SETS: Final[Mapping[str, tuple[str, tuple[Size, ...]]]] = {
    "favicon": ("Favicon", tuple((side, side) for side in (16, 32, 48, 180, 512))),
    "app": ("App icon", tuple((side, side) for side in (120, 180, 192, 512, 1024))),
    "social": ("Social", ((1080, 1080), (1080, 1350), (1200, 630))),
}
FILLED_SETS: Final = frozenset({"social"})


class Recipe(Protocol):
    """One thing to be done. `titles` has one line for each picture that comes of it, in order."""

    do: ClassVar[str]
    label: ClassVar[str]

    def check(self, source: Picture) -> None:
        """Raises BadPicture where it does not suit this picture."""

    @property
    def titles(self) -> tuple[str, ...]: ...

    @property
    def done(self) -> str:
        """What was done, in a line."""


class _One:
    """A recipe that makes one picture."""

    __slots__ = ()

    @property
    def done(self) -> str:
        raise NotImplementedError

    @property
    def titles(self) -> tuple[str, ...]:
        return (self.done,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop(_One):
    do: ClassVar[str] = "crop"
    label: ClassVar[str] = "Crop"
    left: int
    top: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.left < 0 or self.top < 0 or self.width < 1 or self.height < 1:
            raise BadPicture("A crop starts at 0 or more and is at least 1 x 1 pixels.")

    def check(self, source: Picture) -> None:
        if self.left + self.width > source.width or self.top + self.height > source.height:
            raise BadPicture(f"The crop reaches over the edge: the picture is {source.width} x {source.height} pixels.")
        if source.media_type == SVG:
            check_size(source.width, source.height)

    @property
    def done(self) -> str:
        return f"Cropped to {self.width} x {self.height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resize(_One):
    do: ClassVar[str] = "resize"
    label: ClassVar[str] = "Resize"
    width: int
    height: int

    def __post_init__(self) -> None:
        check_size(self.width, self.height)

    def check(self, source: Picture) -> None:
        check_writable(source.media_type, self.width, self.height)

    @property
    def done(self) -> str:
        return f"Resized to {self.width} x {self.height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad(_One):
    do: ClassVar[str] = "pad"
    label: ClassVar[str] = "Pad"
    width: int
    height: int
    color: str = TRANSPARENT

    def __post_init__(self) -> None:
        check_size(self.width, self.height)
        if self.color != TRANSPARENT:
            check_color(self.color)

    def check(self, source: Picture) -> None:
        if self.width < source.width or self.height < source.height:
            raise BadPicture(
                f"Padding only adds: the picture is {source.width} x {source.height} pixels. Resize or crop it first."
            )
        check_writable(source.media_type, self.width, self.height)

    @property
    def done(self) -> str:
        return f"Padded to {self.width} x {self.height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotate(_One):
    """A turn by so many degrees, clockwise."""

    do: ClassVar[str] = "rotate"
    label: ClassVar[str] = "Rotate"
    degrees: int

    def __post_init__(self) -> None:
        if self.degrees not in (90, 180, 270):
            raise BadPicture("A picture is turned by 90, 180 or 270 degrees.")

    def check(self, source: Picture) -> None:
        if source.media_type == SVG:
            check_size(source.width, source.height)

    @property
    def done(self) -> str:
        return f"Rotated by {self.degrees}°"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip(_One):
    do: ClassVar[str] = "flip"
    label: ClassVar[str] = "Flip"
    direction: str

    def __post_init__(self) -> None:
        if self.direction not in ("horizontal", "vertical"):
            raise BadPicture("A picture is flipped horizontally or vertically.")

    def check(self, source: Picture) -> None:
        if source.media_type == SVG:
            check_size(source.width, source.height)

    @property
    def done(self) -> str:
        return f"Flipped {self.direction}ly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(_One):
    """Another format. `longest` is the longer side of a drawn SVG, 0 for its own; pixels keep their size.

    `quality` is 1 to 100 for WebP and JPG, or LOSSLESS (WebP only); `background` is what a JPG and a PDF have in the
    place of transparency.
    """

    do: ClassVar[str] = "convert"
    label: ClassVar[str] = "Convert"
    format: str
    quality: int = 90
    background: str = "#ffffff"
    longest: int = 0

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise BadPicture("A picture becomes PNG, WebP, JPG or PDF.")
        least = LOSSLESS if self.format == "webp" else 1
        if not least <= self.quality <= 100:
            raise BadPicture(f"The quality is {least} to 100.")
        if not 0 <= self.longest <= MAX_SIDE:
            raise BadPicture(f"The longest side may have {MAX_SIDE:,} pixels.")
        check_color(self.background)

    def check(self, source: Picture) -> None:
        width, height = self.size(source)
        check_size(width, height)
        check_writable(FORMATS[self.format], width, height)

    def size(self, source: Picture) -> Size:
        """The pixels it comes out with."""
        if source.media_type != SVG or not self.longest:
            return source.width, source.height
        scale = self.longest / max(source.width, source.height)
        return max(1, round(source.width * scale)), max(1, round(source.height * scale))

    @property
    def done(self) -> str:
        name = {"png": "PNG", "webp": "WebP", "jpg": "JPG", "pdf": "PDF"}[self.format]
        return f"Converted to {name}" + (", lossless" if (self.format, self.quality) == ("webp", LOSSLESS) else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recolor(_One):
    """The colors of an SVG: each one of `swaps` is (what is there, what comes in its place)."""

    do: ClassVar[str] = "recolor"
    label: ClassVar[str] = "Recolor"
    swaps: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.swaps) <= MAX_SWAPS:
            raise BadPicture(f"Change at least one color, and at most {MAX_SWAPS}.")
        for color in (color for swap in self.swaps for color in swap):
            check_color(color)
        if len({before for before, _ in self.swaps}) < len(self.swaps):
            raise BadPicture("One color can't become two.")

    def check(self, source: Picture) -> None:
        if source.media_type != SVG:
            raise BadPicture("Only an SVG has colors to be swapped. Vectorize the picture first.")

    @property
    def done(self) -> str:
        return f"Recolored {len(self.swaps)} {'color' if len(self.swaps) == 1 else 'colors'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeSet:
    """One picture in each size of a set."""

    do: ClassVar[str] = "sizes"
    label: ClassVar[str] = "Size set"
    set: str

    def __post_init__(self) -> None:
        if self.set not in SETS:
            raise BadPicture("There is no such set of sizes.")

    def check(self, source: Picture) -> None:
        """Any picture can have them."""

    @property
    def sizes(self) -> tuple[Size, ...]:
        return SETS[self.set][1]

    @property
    def done(self) -> str:
        return f"{SETS[self.set][0]} set, {len(self.sizes)} sizes"

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(f"{SETS[self.set][0]} {width} x {height}" for width, height in self.sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit(_One):
    """A copy that an operation takes: of this size, in this format if it then weighs at most `max_bytes`.

    The picture keeps its proportions; where the size has others, it gets a border.
    """

    do: ClassVar[str] = "fit"
    label: ClassVar[str] = "Make it fit"
    width: int
    height: int
    media_type: str
    max_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        check_size(self.width, self.height)
        if self.media_type not in (PNG, WEBP, JPEG, SVG) or self.max_bytes < 100_000:
            raise BadPicture("There is no such copy.")

    def check(self, source: Picture) -> None:
        if self.media_type == SVG != source.media_type:
            raise BadPicture("Only an SVG can be made to fit as an SVG.")

    @property
    def done(self) -> str:
        return f"Made to fit, {self.width} x {self.height}"


RECIPES: Final[Mapping[str, type[Recipe]]] = {
    each.do: each for each in (Crop, Resize, Pad, Rotate, Flip, Convert, Recolor, SizeSet, Fit)
}


def read(values: Mapping[str, Any]) -> Recipe:
    """The recipe that these values say. Raises BadPicture for any that say none, or one outside its limits."""
    kind = RECIPES.get(str(values.get("do")))
    if kind is None:
        raise BadPicture("There is no such thing to be done with a picture.")
    known: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # a protocol can't say that each of its classes is a dataclass
        if field.name in values:
            known[field.name] = _value(str(field.type), values[field.name])
    try:
        return kind(**known)
    except TypeError as error:
        raise BadPicture("Something is missing: fill in every field.") from error


def written(recipe: Recipe) -> dict[str, Any]:
    """A recipe as a job keeps it."""
    values: dict[str, Any] = asdict(recipe)  # type: ignore[call-overload]  # as above
    if isinstance(recipe, Recolor):
        values["swaps"] = [list(swap) for swap in recipe.swaps]
    return {"do": recipe.do, **values}


def done(values: Mapping[str, Any]) -> str:
    """What a job's recipe did, in a line; also for one that this version does not know any more."""
    try:
        return read(values).done
    except BadPicture:
        return "Finished"


def _value(kind: str, value: Any) -> Any:
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind == "str" and isinstance(value, str):
        return value
    if kind.startswith("tuple") and isinstance(value, list | tuple):
        pairs = tuple(tuple(pair) if isinstance(pair, list | tuple) else () for pair in value)
        if all(len(pair) == 2 and all(isinstance(color, str) for color in pair) for pair in pairs):
            return pairs
    raise BadPicture("A field holds something else than it is for.")


def check_color(color: str) -> None:
    """Raises BadPicture."""
    if not _COLOR.fullmatch(color):
        raise BadPicture("A color is written #rrggbb.")


def check_writable(media_type: str, width: int, height: int) -> None:
    """Raises BadPicture for a size that a file of this type can't have."""
    # Source: WebP container specification, "Canvas Width Minus One: 24 bits", of which VP8 and VP8L take 14.
    if media_type == WEBP and max(width, height) > MAX_SIDE - 1:
        raise BadPicture(f"A WebP may have {MAX_SIDE - 1:,} pixels a side.")
