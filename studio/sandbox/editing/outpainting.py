"""
A picture in a larger one: the source untouched in its place, what is around it drawn to continue it.

Near the source its own texture goes on; farther out the prompt's drawing takes over, in the source's colors.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from studio.sandbox.drawing import DrawRequest, chance, recolor
from studio.sandbox.drawing.scene import Group, Scene, Shape, box_path
from studio.sandbox.editing import cutout, drawings, drawn, erasing, masked, patches, planes, svg_reader, tracing
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source

PULL_SIDE = 128
CONTINUED_SIDE = 176  # longest side of the canvas on which texture is continued
LIGHT_HELD = 0.8  # how much of the source's light the new drawing keeps far from it
OWN_REACH = 0.4  # of the source's shorter side: how far its own texture goes on


@dataclass(frozen=True, slots=True)
class Frame:
    """The result's size, and where in it the source lies and how large it is, in pixels."""

    width: int
    height: int
    left: int
    top: int
    wide: int
    high: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.left + self.wide, self.top + self.high


def outpaint(request: DrawRequest, source: Source, frame: Frame) -> Drawn:
    if request.image_format == "svg":
        return _shapes_around(request, source, frame)
    inner = drawn.raster_of(source)
    if inner.size != (frame.wide, frame.high):
        inner = inner.resize((frame.wide, frame.high), Image.Resampling.LANCZOS)
    made = surroundings(request, drawn.rgb(inner), frame)
    made.paste(inner, frame.box[:2], inner.getchannel("A") if inner.mode == "RGBA" else None)
    return drawn.encoded(made, request.image_format, exact=True)


def surroundings(request: DrawRequest, inner: Image.Image, frame: Frame, drawn_on: bool = True) -> Image.Image:
    """The whole frame, drawn around `inner`; only its own texture goes on unless `drawn_on`."""
    size = (frame.width, frame.height)
    if frame.box == (0, 0, *size):
        return inner.copy()
    page, hole = Image.new("RGB", size), Image.new("L", size, 255)
    page.paste(inner, frame.box[:2])
    hole.paste(0, frame.box)
    near = erasing.filled_in(page, hole, CONTINUED_SIDE, _pull(inner, frame))
    if not drawn_on:
        return near
    new = _in_colors_of(inner, drawings.raster(request, size))
    far = masked.led_over(page, new, hole, hold=LIGHT_HELD)
    return Image.composite(far, near, _far_share(request, frame))


def _pull(inner: Image.Image, frame: Frame) -> patches.Pull:
    """Rows and columns go on, the source's subject doesn't come twice."""
    left, top, right, bottom = frame.box
    page = Image.new("L", planes.fitted((frame.width, frame.height), PULL_SIDE))
    scale = page.width / frame.width
    size = (max(1, round(frame.wide * scale)), max(1, round(frame.high * scale)))
    subject = cutout.subject(inner).resize(size, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(3))
    page.paste(subject, (round(left * scale), round(top * scale)))
    box = (left / frame.width, top / frame.height, right / frame.width, bottom / frame.height)
    return patches.Pull(box, np.asarray(page) > 60)


def _in_colors_of(inner: Image.Image, new: Image.Image) -> Image.Image:
    """The drawing in the source's main colors, light and shade its own."""
    return Image.blend(new, recolor.dress(new, recolor.main_colors(inner, 5), 0.9), 0.8)


def _far_share(request: DrawRequest, frame: Frame) -> Image.Image:
    """How much of the new drawing is seen: nothing at the source's edge, all of it beyond its reach, unevenly."""
    size = planes.fitted((frame.width, frame.height), 256)
    scale = size[0] / frame.width
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / scale
    left, top, right, bottom = frame.box
    off = np.hypot(np.maximum(0, np.maximum(left - x, x - right)), np.maximum(0, np.maximum(top - y, y - bottom)))
    reach = OWN_REACH * min(frame.wide, frame.high)
    lots = chance.of(request, "outpaint")
    uneven = chance.noise(lots.randrange(1 << 30), size[1], size[0], max(size) / 4, 3) - 0.5
    at = np.clip((off / max(1.0, reach) - 0.35 + 0.7 * uneven) / 0.9, 0, 1)
    return planes.image((at * at * (3 - 2 * at)).astype(np.float32)).resize(
        (frame.width, frame.height), Image.Resampling.BICUBIC
    )


def _shapes_around(request: DrawRequest, source: Source, frame: Frame) -> Drawn:
    """The source's shapes in their place, clipped to it, before a traced continuation."""
    size = (frame.width, frame.height)
    inner = drawn.scene_of(source) if source.kind == "svg" else tracing.traced(drawn.raster_of(source))
    inner = svg_reader.rescaled(inner, float(frame.wide), float(frame.high))
    pixels = drawn.rgb(drawn.rasterized(inner, frame.wide, frame.high))
    around = tracing.traced(surroundings(request, pixels, frame))
    window = Shape(box_path(frame.left, frame.top, frame.wide, frame.high), (0, 0, 0))
    placed = svg_reader.moved(inner.root, (1.0, 0.0, 0.0, 1.0, float(frame.left), float(frame.top)))
    parts: list[Shape | Group] = [Group("around", around.root.parts), Group("source", placed.parts, window)]
    return drawn.written(Scene(float(size[0]), float(size[1]), Group("picture", parts)), *size, request.prompt)
