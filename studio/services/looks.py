"""How pictures look, in numbers that can be looked up: colors as cells of a space made for the eye, and by their names.

A distance in OKLab is about what the eye sees as a distance. The space is cut into cells; a color is looked for in its
own cell and in those it is near to, which are at most eight.
Source: Björn Ottosson, "A perceptual color space for image processing".
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from math import dist, floor

Color = tuple[int, int, int]  # 0 to 255 each: red, green, blue

LIGHTNESS_STEP, COLOR_STEP = 0.125, 0.08  # sides of a cell
ALIKE = 0.42  # pictures that differ by more are not shown as alike; half of all bits differ between strangers
MISSING_COLORS = 0.2
MOST_CELLS, MOST_NAMES = 5, 4  # of a picture's dominant colors, the most frequent first

# What people call colors, each by one of its kind. The order is that of the menu.
NAMES: dict[str, Color] = {
    "red": (204, 36, 41),
    "orange": (240, 128, 40),
    "yellow": (245, 208, 66),
    "green": (66, 145, 72),
    "teal": (40, 150, 150),
    "blue": (44, 92, 197),
    "purple": (122, 72, 170),
    "pink": (238, 140, 175),
    "brown": (120, 78, 48),
    "black": (16, 16, 18),
    "gray": (128, 128, 130),
    "white": (246, 246, 244),
}


@lru_cache(maxsize=4096)
def oklab(color: Color) -> tuple[float, float, float]:
    """Lightness from 0 to 1, and two axes of color from about -0.3 to 0.3."""
    red, green, blue = (_linear(part / 255) for part in color)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def cells(colors: Iterable[Sequence[int]]) -> list[str]:
    """The cells of a picture's dominant colors, each once."""
    return list(dict.fromkeys(_cell(*oklab(_color(color))) for color in list(colors)[:MOST_CELLS]))


def cells_near(color: Color) -> list[str]:
    """Where to look for a color: every cell that is less than half a cell away."""
    lightness, a, b = oklab(color)
    around = [
        (part - step / 2, part + step / 2)
        for part, step in ((lightness, LIGHTNESS_STEP), (a, COLOR_STEP), (b, COLOR_STEP))
    ]
    return sorted({_cell(*corner) for corner in product(*around)})


def names(colors: Iterable[Sequence[int]]) -> list[str]:
    """What people would call a picture's dominant colors, each name once."""
    return list(dict.fromkeys(name_of(_color(color)) for color in list(colors)[:MOST_NAMES]))


@lru_cache(maxsize=4096)
def name_of(color: Color) -> str:
    return min(NAMES, key=lambda name: far(color, NAMES[name]))


def far(one: Color, other: Color) -> float:
    """How different two colors look; 1 is about from black to white."""
    return dist(oklab(one), oklab(other))


def near_bits(band: str) -> tuple[str, ...]:
    """A part of a hash (four digits of hex), and all that differ from it in one bit."""
    value = int(band, 16)
    return tuple(f"{value ^ flip:04x}" for flip in (0, *(1 << bit for bit in range(16))))


def unlike(one: tuple[int, Sequence[Sequence[int]]], other: tuple[int, Sequence[Sequence[int]]]) -> float:
    """How different two pictures look by their hashes and their colors, from 0; see ALIKE."""
    bits = ((one[0] ^ other[0]) & (1 << 64) - 1).bit_count() / 64
    mine, theirs = ([_color(color) for color in colors][:MOST_NAMES] for colors in (one[1], other[1]))
    if not mine or not theirs:
        return bits + MISSING_COLORS
    return bits + sum(min(far(color, each) for each in theirs) for color in mine) / len(mine)


def _cell(lightness: float, a: float, b: float) -> str:
    steps = (floor(lightness / LIGHTNESS_STEP), floor(a / COLOR_STEP), floor(b / COLOR_STEP))
    return ".".join(str(step) for step in steps)


def _color(color: Sequence[int]) -> Color:
    red, green, blue = color
    return red, green, blue
