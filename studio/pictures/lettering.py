"""Words drawn onto a sheet, in whatever letters people write. Runs in the limited child only.

The studio's own typeface has what Latin is written with. Of other scripts the machine's fonts draw what they have; a
letter that none of them knows is a question mark, and no empty box.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import ImageDraw, ImageFont

FONTS: Final = Path(__file__).parents[2] / "static" / "fonts"
OURS: Final = tuple(str(FONTS / name) for name in ("geist-latin.woff2", "geist-latin-ext.woff2"))
# Found by name where a system has them: Linux, macOS.
OTHERS: Final = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "Arial Unicode.ttf")
NO_LETTER: Final = "\U0010ffff"  # Unicode has none there, so every font draws what stands for a missing one
MOST_LETTERS: Final = 200

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    color: str,
    width: int,
    right: bool = False,
) -> None:
    """One line, `width` pixels at the most, from the left and top at `at`, or ending at the right of its width."""
    runs = _runs(_cut(" ".join(text[:MOST_LETTERS].split()), size, width), size)
    x = at[0] + (width - _length(runs) if right else 0)
    for font, letters in runs:
        draw.text((x, at[1] + size), letters, color, font, anchor="ls")
        x += font.getlength(letters)


def _cut(text: str, size: int, width: int) -> str:
    """As much of a text as fits."""
    if _length(_runs(text, size)) <= width:
        return text
    while text and _length(_runs(f"{text}...", size)) > width:
        text = text[: int(len(text) * 0.9)] if len(text) > 12 else text[:-1]
    return f"{text.rstrip()}..."


def _runs(text: str, size: int) -> list[tuple[Font, str]]:
    """A text in parts, each with a font that has its letters."""
    known = [(_font_of(letter, size), letter) for letter in text]
    drawn = [(font or _fonts(size)[0], letter if font else "?") for font, letter in known]
    return [(font, "".join(each for _, each in part)) for font, part in groupby(drawn, key=lambda each: each[0])]


def _length(runs: list[tuple[Font, str]]) -> float:
    return sum(font.getlength(letters) for font, letters in runs)


@cache
def _fonts(size: int) -> list[Font]:
    found: list[Font] = []
    for name in (*OURS, *OTHERS):
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:  # not on this machine
            continue
    return found or [ImageFont.load_default(size)]


@cache
def _font_of(letter: str, size: int) -> Font | None:
    return next((font for font in _fonts(size) if letter == " " or _has(font, letter)), None)


def _has(font: Font, letter: str) -> bool:
    return bytes(font.getmask(letter)) != bytes(font.getmask(NO_LETTER))
