"""What an edit gives back, and how it is encoded."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from studio.sandbox.drawing import DrawRequest, draw, svg
from studio.sandbox.drawing.paint import paint
from studio.sandbox.drawing.scene import Group, Scene, Shape, box_path
from studio.sandbox.editing import fit_svg, intake, svg_reader
from studio.sandbox.editing.intake import LEAST_SIDE, Source

WEBP_QUALITY = 88
# Painted at twice the size up to here, so that edges are smooth; beyond it that would take too much memory.
FINE_PIXELS = 4_200_000
MEDIA_TYPES = {"webp": "image/webp", "png": "image/png", "svg": "image/svg+xml"}
WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture of an answer. Sizes in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def loaded() -> bool:
    """Asked of a new process: to answer, it has imported what drawing needs."""
    return True


def generated(request: DrawRequest) -> Drawn:
    """A picture from a prompt alone."""
    return Drawn(draw(request), MEDIA_TYPES[request.image_format], request.width, request.height)


def encoded(picture: Image.Image, image_format: str, exact: bool = False) -> Drawn:
    """`exact` keeps every pixel as it is: WebP then is lossless, and larger."""
    out = io.BytesIO()
    if image_format == "png":
        picture.save(out, "PNG", compress_level=1)
    elif exact:
        # `exact` of WebP itself: colors under full transparency stay too
        picture.save(out, "WEBP", lossless=True, quality=0, method=0, exact=True)
    else:
        picture.save(out, "WEBP", quality=WEBP_QUALITY, method=1)
    return Drawn(out.getvalue(), MEDIA_TYPES["png" if image_format == "png" else "webp"], *picture.size)


def written(scene: Scene, width: int, height: int, title: str = "") -> Drawn:
    """A scene as SVG."""
    text = svg.write(fit_svg.without_repeats(scene), width, height, title)
    return Drawn(text.encode(), MEDIA_TYPES["svg"], width, height)


def scene_of(source: Source) -> Scene:
    """An SVG source as shapes, at the size it is worked on: a small one is scaled up."""
    width, height = worked_size(source)
    return svg_reader.read(source.data, width, height)


def worked_size(source: Source) -> tuple[int, int]:
    """Source: Recraft docs: Endpoints page ("SVG inputs smaller than the 256 px minimum are scaled up")."""
    if source.kind != "svg":
        return source.size
    grow = max(1.0, LEAST_SIDE / min(source.size))
    width, height = round(source.width * grow), round(source.height * grow)
    return min(width, intake.MOST_SIDE), min(height, intake.MOST_SIDE)


def raster_of(source: Source) -> Image.Image:
    """The source's pixels, RGB or RGBA; an SVG is painted."""
    if source.kind != "svg":
        return intake.opened(source)
    scene = scene_of(source)
    return rasterized(scene, *worked_size(source))


def rasterized(scene: Scene, width: int, height: int) -> Image.Image:
    """RGB when shapes cover the page, else RGBA."""
    finer = 2 if width * height <= FINE_PIXELS else 1
    page = Shape(box_path(0, 0, scene.width, scene.height), WHITE, box=(0.0, 0.0, scene.width, scene.height))
    on_white = paint(Scene(scene.width, scene.height, Group("page", [page, scene.root])), width, height, finer=finer)
    cover = paint(fit_svg.in_one_color(scene, WHITE), width, height, finer=finer).getchannel("R")
    if np.asarray(cover).min() == 255:
        return on_white
    on_white.putalpha(cover)
    return on_white


def rgb(picture: Image.Image) -> Image.Image:
    """Without transparency, on white."""
    if picture.mode == "RGB":
        return picture
    page = Image.new("RGB", picture.size, WHITE)
    page.paste(picture, (0, 0), picture.convert("RGBA").getchannel("A"))
    return page
