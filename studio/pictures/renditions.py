"""The derived copies of a picture: two sizes, a placeholder, its colors. Runs in the limited child only.

All come from one decode, each from the next larger one. Metadata is left out (a prompt, a place, a camera), and WebP
method 1 is used because higher ones cost twice the time for a few percent of size.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image

# The lightbox and the asset page: 1280 device pixels fill a laptop's stage.
PREVIEW: Final = 1280
# Gallery tiles are squares of 168 to 240 CSS pixels that crop the picture (its shorter side counts), and a run's
# single tile is 256 wide. 512 serves a square at 256 and a 4:5 picture at 205, both on a 2x display.
TILE: Final = 512
QUALITY: Final = 80
METHOD: Final = 1

PLACEHOLDER: Final = 16
PLACEHOLDER_LENGTH: Final = 300
COLORS: Final = 6
SHADES: Final = 24
ALIKE: Final = 28  # of 255, in the channel that differs most
OPAQUE: Final = 128
HASH_SIDE: Final = 8
NOISE: Final = 2  # of 255

Color = tuple[int, int, int]


def write(picture: Image.Image, into: Path) -> dict[str, Any]:
    """Write tile.webp and preview.webp from an RGB or RGBA picture; what a Look says, as JSON."""
    picture.info.clear()  # Pillow would write a color profile from here into every copy
    preview = _at_most(picture, PREVIEW)
    preview.save(into / "preview.webp", "WEBP", quality=QUALITY, method=METHOD)
    tile = _at_most(preview, TILE)
    tile.save(into / "tile.webp", "WEBP", quality=QUALITY, method=METHOD)
    return {
        "placeholder": _placeholder(tile),
        "colors": _colors(tile),
        "phash": phash(tile),
        "renditions": {"tile": tile.size, "preview": preview.size},
    }


def phash(picture: Image.Image) -> int:
    """Where a picture gets darker from left to right, as 64 bits with a sign: alike for pictures that look alike.

    Source: "Kind of Like That" (difference hash), Neal Krawetz. A step of less than NOISE is none, so that what is
    left of a flat ground's compression says nothing.
    """
    whole = picture.convert("RGBA")
    paper = Image.new("RGBA", whole.size, "white")
    paper.alpha_composite(whole)
    gray = paper.convert("L").resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(HASH_SIDE):
        for at in range(row * (HASH_SIDE + 1), row * (HASH_SIDE + 1) + HASH_SIDE):
            bits = bits << 1 | (gray[at] > gray[at + 1] + NOISE)
    return bits - (1 << 64) if bits >> 63 else bits


def _at_most(picture: Image.Image, longest: int) -> Image.Image:
    if max(picture.size) <= longest:
        return picture
    smaller = picture.copy()
    smaller.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return smaller


def _placeholder(tile: Image.Image) -> str:
    """A picture of 16 pixels or, for one that compresses badly, fewer."""
    for side in range(PLACEHOLDER, 0, -4):
        tiny = tile.resize(_fit(tile.size, side), Image.Resampling.BOX)
        buffer = BytesIO()
        tiny.save(buffer, "WEBP", quality=30, alpha_quality=30, method=METHOD)
        uri = "data:image/webp;base64," + b64encode(buffer.getvalue()).decode()
        if len(uri) < PLACEHOLDER_LENGTH:
            return uri
    raise AssertionError("four pixels fit in 300 bytes")


def _fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = longest / max(size)
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _colors(tile: Image.Image) -> list[Color]:
    """Up to six dominant colors of the opaque pixels, most frequent first."""
    small = tile.resize(_fit(tile.size, 96), Image.Resampling.BOX).convert("RGBA")
    data = small.tobytes()
    opaque = b"".join(data[at : at + 3] for at in range(0, len(data), 4) if data[at + 3] >= OPAQUE)
    if not opaque:
        return []
    pixels = Image.frombytes("RGB", (len(opaque) // 3, 1), opaque)
    reduced = pixels.quantize(SHADES, Image.Quantize.MEDIANCUT)
    palette = reduced.getpalette() or []
    shades = Counter(reduced.tobytes()).most_common()
    return _merged([((palette[3 * at], palette[3 * at + 1], palette[3 * at + 2]), count) for at, count in shades])


def _merged(shades: Iterable[tuple[Color, int]]) -> list[Color]:
    """Shades of one color count as that color, so that a sky does not take all six places."""
    colors: Counter[Color] = Counter()
    for shade, count in shades:
        like = next((color for color in colors if _differ_by(color, shade) < ALIKE), shade)
        colors[like] += count
    return [color for color, _ in colors.most_common(COLORS)]


def _differ_by(one: Color, other: Color) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
