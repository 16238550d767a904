"""Small pictures, masks and SVG that the tests of edits work on."""

import io
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio.sandbox.drawing.plates import FOLDER
from studio.sandbox.editing.intake import Source

SIDE = 256
BALL = (90, 80, 170, 160)  # left, top, right, bottom
Pixels = NDArray[np.uint8]


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@cache
def ball(width: int = SIDE, height: int = SIDE) -> Image.Image:
    """A striped ball before a wall that gets darker downwards."""
    wall = np.linspace(230, 150, height)[:, None, None] * np.array([0.9, 0.95, 1.0])
    picture = Image.fromarray(np.broadcast_to(wall, (height, width, 3)).astype(np.uint8))
    pencil = ImageDraw.Draw(picture)
    pencil.ellipse(BALL, fill=(190, 40, 30))
    pencil.rectangle((BALL[0] + 12, 112, BALL[2] - 12, 126), fill=(250, 220, 60))
    return picture


@cache
def vases(side: int = SIDE) -> Image.Image:
    with Image.open(FOLDER / "vase-a.webp") as plate:
        return plate.convert("RGB").crop((0, 128, 896, 1024)).resize((side, side), Image.Resampling.LANCZOS)


def source(picture: Image.Image, kind: str = "PNG") -> Source:
    return Source(encoded(picture, kind), kind.lower(), *picture.size)


def mask(box: tuple[int, int, int, int], size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    made = Image.new("L", size)
    ImageDraw.Draw(made).rectangle(box, fill=255)
    return made


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="0 0 320 320">
<rect width="320" height="320" fill="#f4e8d0"/><path d="M0 240 L320 240 L320 320 L0 320 Z" fill="#88a070"/>
<g id="fox"><circle cx="160" cy="160" r="70" fill="#d04020"/><circle cx="140" cy="150" r="10" fill="#101010"/></g>
</svg>"""


def svg_source(data: bytes = SVG, width: int = 320, height: int = 320) -> Source:
    return Source(data, "svg", width, height)


def decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy()


def pixels(data: bytes) -> Pixels:
    return np.asarray(decoded(data).convert("RGB"))


def noisy(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture that no encoder makes small."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))
