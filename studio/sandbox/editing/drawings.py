"""New pictures to work with: drawn by the sandbox's own hand at whatever size an edit needs."""

import io
from dataclasses import replace

from PIL import Image

from studio.sandbox.drawing import DrawRequest, draw, picture
from studio.sandbox.drawing.scene import Scene
from studio.sandbox.editing import svg_reader

# Drawn no smaller and no larger than this, then resized: compositions want room, and memory has an end
LEAST_SIDE, MOST_SIDE = 256, 2048


def raster(request: DrawRequest, size: tuple[int, int]) -> Image.Image:
    """The request's picture as RGB of exactly `size`."""
    width, height = drawn_size(size)
    made = draw(replace(request, width=width, height=height, image_format="png"))
    with Image.open(io.BytesIO(made)) as opened:
        drawn = opened.convert("RGB")
    return drawn if drawn.size == size else drawn.resize(size, Image.Resampling.BICUBIC)


def drawn_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = max(1.0, LEAST_SIDE / min(size))
    scale = min(scale, MOST_SIDE / max(size)) if max(size) * scale > MOST_SIDE else scale
    return max(64, round(size[0] * scale)), max(64, round(size[1] * scale))


def shapes(request: DrawRequest, size: tuple[int, int]) -> Scene:
    """The request's picture as shapes, in units of `size`."""
    width, height = drawn_size(size)
    made = picture.scene(replace(request, width=width, height=height, image_format="svg"))
    return svg_reader.rescaled(made, *size)
