"""New pictures to work with: drawn by the sandbox's own hand at whatever size an edit needs."""

import io
from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from studio.sandbox.drawing import DrawRequest, color, draw, picture, words
from studio.sandbox.drawing.plates import PLATES
from studio.sandbox.drawing.scene import Scene
from studio.sandbox.drawing.scenes import ABSTRACT, OPEN
from studio.sandbox.editing import planes, svg_reader

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


# A backdrop that hardly any subject has in itself
BACKDROP = (214, 220, 214)
SUBJECT_SIDE = 768


def is_thing(request: DrawRequest) -> bool:
    """Whether the prompt asks for something that can stand by itself, not for a place or a pattern."""
    names = words.named(request.prompt, request.negative_prompt)
    things = [name for name in names if name in OPEN and name not in ABSTRACT]
    return bool(things or any(name in PLATES and PLATES[name].ground is not None for name in names))


def subject(request: DrawRequest, room: tuple[int, int]) -> Image.Image | None:
    """The prompt's subject cut out, RGBA, as large as `room` allows; None when it asks for a place."""
    if not is_thing(request):
        return None
    plain = replace(request, background=BACKDROP, colors=request.colors)
    made = raster(plain, (SUBJECT_SIDE, SUBJECT_SIDE))
    alpha = _off_backdrop(made)
    box = alpha.point([255 if v > 127 else 0 for v in range(256)]).getbbox()
    if box is None or (box[2] - box[0]) * (box[3] - box[1]) < 0.02 * SUBJECT_SIDE**2:
        return None
    made.putalpha(alpha)
    thing = made.crop(box)
    scale = min(room[0] / thing.width, room[1] / thing.height)
    return thing.resize(
        (max(1, round(thing.width * scale)), max(1, round(thing.height * scale))), Image.Resampling.LANCZOS
    )


def _off_backdrop(picture: Image.Image) -> Image.Image:
    """What is not the backdrop nor its light and shade."""
    lab = color.to_lab(planes.plane(picture.filter(ImageFilter.GaussianBlur(1))))
    wanted = np.array(color.lab(BACKDROP), np.float32)
    far = np.sqrt((((lab - wanted) * np.array([0.8, 2, 2], np.float32)) ** 2).sum(-1))
    alpha = planes.image(np.clip((far - 0.07) / 0.06, 0, 1).astype(np.float32))
    # Specks of grain are no part of it
    return alpha.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(0.8))
