"""
A scene as pixels: shapes are filled at twice the size and brought down, so edges are smooth.

Shadows are one map of light at half the size, drawn in the scene's own order and laid on once at the end: a lifted
group darkens what is under it and is itself lit.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from studio.sandbox.drawing import paths
from studio.sandbox.drawing.paths import Path, Point
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Gradient, Group, Scene, Shape

FINER = 2
COARSER = 8  # gradients have no edges: they are made small and brought up
SHADOW = 0.42

Box = tuple[int, int, int, int]


def paint(scene: Scene, width: int, height: int, shadow: Rgb | None = None, finer: int = FINER) -> Image.Image:
    """The scene in `width` x `height` pixels, RGB. `shadow` is the color of shadows, or None for none."""
    painter = _Painter(scene, width * finer, height * finer)
    painter.group(scene.root)
    canvas = painter.canvas if finer == 1 else painter.canvas.reduce(finer)
    if shadow is not None:
        dark = _Shade(scene, width, height).map
        if dark.getbbox():
            canvas.paste(shadow, (0, 0), dark.resize((width, height), Image.Resampling.BILINEAR))
    return canvas


class _Shade:
    """How much shadow falls where: an L image of half the picture's size."""

    def __init__(self, scene: Scene, width: int, height: int) -> None:
        self.size = (width, height)
        self.scale = width / scene.width
        self.map = Image.new("L", ((width + 1) // 2, (height + 1) // 2))
        self._group(scene.root)

    def _group(self, group: Group) -> None:
        if group.lift:
            self._throw(group)
        for part in group.parts:
            if isinstance(part, Group):
                self._group(part)

    def _throw(self, group: Group) -> None:
        seen = [shape for shape in group.outlines() if shape.opacity >= 1 and not isinstance(shape.fill, Gradient)]
        every = tuple(stroke for shape in seen for stroke in shape.path)
        if not every:
            return
        reach = group.lift * self.scale
        bounds = _bounds(every, self.scale, reach * 3 + max(shape.width for shape in seen) * self.scale, self.size)
        left, top = max(0, bounds[0]) // 2 * 2, max(0, bounds[1]) // 2 * 2
        right, bottom = (
            min(self.map.width * 2, -(-bounds[2] // 2) * 2),
            min(self.map.height * 2, -(-bounds[3] // 2) * 2),
        )
        if left >= right or top >= bottom:
            return
        solid = Image.new("L", (right - left, bottom - top))
        pencil = ImageDraw.Draw(solid)
        for shape in seen:
            _draw(pencil, shape, 255, self.scale, (-left, -top))
        self._lay(solid.reduce(2), reach / 2, (left // 2, top // 2, right // 2, bottom // 2))

    def _lay(self, solid: Image.Image, reach: float, box: Box) -> None:
        under = Image.new("L", solid.size)
        under.paste(round(255 * SHADOW), (round(reach * 0.35), round(reach * 0.8)), solid)
        soft = under.filter(ImageFilter.GaussianBlur(reach * 0.7))
        dark = ImageChops.lighter(self.map.crop(box), soft)
        self.map.paste(ImageChops.multiply(dark, ImageChops.invert(solid)), box)


def _bounds(path: Path, scale: float, reach: float, size: tuple[int, int]) -> Box:
    xs = [v for s in path for piece in (s.start, *s.pieces) for v in piece[0::2]]
    ys = [v for s in path for piece in (s.start, *s.pieces) for v in piece[1::2]]
    return (
        max(0, int(min(xs) * scale - reach)), max(0, int(min(ys) * scale - reach)),
        min(size[0], math.ceil(max(xs) * scale + reach)), min(size[1], math.ceil(max(ys) * scale + reach)),
    )  # fmt: skip


class _Painter:
    def __init__(self, scene: Scene, width: int, height: int) -> None:
        self.canvas = Image.new("RGB", (width, height))
        self.pencil = ImageDraw.Draw(self.canvas)
        self.corner = (0, 0)  # where the canvas lies on the page: a clipped group is drawn on its own small canvas
        self.scale = width / scene.width

    def group(self, group: Group) -> None:
        if group.clip is None:
            self._parts(group)
            return
        box = self._box(group.clip.path)
        if box is None:
            return
        page, pencil, corner = self.canvas, self.pencil, self.corner
        mask = self._mask(group.clip, box)
        self.canvas, self.corner = page.crop(box), (corner[0] + box[0], corner[1] + box[1])
        self.pencil = ImageDraw.Draw(self.canvas)
        self._parts(group)
        page.paste(self.canvas, box, mask)
        self.canvas, self.pencil, self.corner = page, pencil, corner

    def _parts(self, group: Group) -> None:
        for part in group.parts:
            if isinstance(part, Group):
                self.group(part)
            else:
                self._shape(part)

    def _shape(self, shape: Shape) -> None:
        if shape.fill is not None and shape.line is not None:
            self._shape(replace(shape, line=None))
            shape = replace(shape, fill=None)
        color = shape.line or shape.fill
        if color is None:
            return
        holed = shape.rule != "union" and len(shape.path) > 1 and shape.line is None
        if shape.opacity >= 1 and not isinstance(color, Gradient) and not holed:
            _draw(self.pencil, shape, color, self.scale, (-self.corner[0], -self.corner[1]))
            return
        box = self._box(shape.path, shape.width)
        if box is None:
            return
        if isinstance(color, Gradient):
            self._blend(color, box, None if shape.box and shape.opacity >= 1 else self._mask(shape, box))
        else:
            self.canvas.paste(color, box, self._mask(shape, box))

    def _blend(self, gradient: Gradient, box: Box, mask: Image.Image | None) -> None:
        colors, alpha = _gradient(gradient, box, self.corner, self.scale)
        if alpha is not None and mask is not None:
            mask = ImageChops.multiply(mask, alpha)
        self.canvas.paste(colors, box, mask or alpha)

    def _box(self, path: Path, width: float = 0.0) -> Box | None:
        """The path's pixels on the canvas, or None when it lies outside."""
        left, top = self.corner
        page = (self.canvas.width + left, self.canvas.height + top)
        x, y, u, v = _bounds(path, self.scale, width / 2 * self.scale + 1, page)
        box = (max(0, x - left), max(0, y - top), u - left, v - top)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _mask(self, shape: Shape, box: Box) -> Image.Image:
        strength = round(255 * shape.opacity)
        if shape.rule != "union" and len(shape.path) > 1 and shape.line is None:
            return _holed(shape, strength, (box[2] - box[0], box[3] - box[1]), self.scale, self._origin(box))
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        _draw(ImageDraw.Draw(mask), shape, strength, self.scale, self._origin(box))
        return mask

    def _origin(self, box: Box) -> Point:
        """What brings page pixels to the box's own."""
        return -self.corner[0] - box[0], -self.corner[1] - box[1]


def _draw(pencil: ImageDraw.ImageDraw, shape: Shape, color: Rgb | int, scale: float, by: Point = (0.0, 0.0)) -> None:
    if shape.circle and not shape.line:
        x, y, r = (v * scale for v in shape.circle)
        pencil.ellipse((x - r + by[0], y - r + by[1], x + r + by[0], y + r + by[1]), fill=color)
        return
    for stroke in shape.path:
        points = [(x + by[0], y + by[1]) for x, y in paths.flat(stroke, scale)]
        if shape.line:
            _line(pencil, points, color, max(1.0, shape.width * scale), stroke.closed)
        elif len(points) > 2:
            pencil.polygon(points, fill=color)


def _holed(shape: Shape, strength: int, size: tuple[int, int], scale: float, by: Point) -> Image.Image:
    """The mask of a path whose strokes cut holes into one another. Source: SVG 1.1, "fill-rule"."""
    turns = np.zeros((size[1], size[0]), np.int16)
    for stroke in shape.path:
        points = [(x + by[0], y + by[1]) for x, y in paths.flat(stroke, scale)]
        if len(points) < 3:
            continue
        filled = Image.new("L", size)
        ImageDraw.Draw(filled).polygon(points, fill=1)
        area = sum(x * v - u * y for (x, y), (u, v) in zip(points, [*points[1:], points[0]], strict=True))
        turns += np.asarray(filled, np.int16) * (1 if area > 0 or shape.rule == "evenodd" else -1)
    inside = turns % 2 == 1 if shape.rule == "evenodd" else turns != 0
    return Image.fromarray(inside.astype(np.uint8) * np.uint8(strength))


def _line(pencil: ImageDraw.ImageDraw, points: list[Point], color: Rgb | int, width: float, closed: bool) -> None:
    if closed:
        points = [*points, points[0], points[1]]
    pencil.line(points, fill=color, width=round(width), joint="curve" if width > 2.5 else None)
    if width > 2.5 and not closed:
        for x, y in (points[0], points[-1]):
            r = width / 2 - 0.5
            pencil.ellipse((x - r, y - r, x + r, y + r), fill=color)


def _gradient(
    gradient: Gradient, box: Box, corner: tuple[int, int], scale: float
) -> tuple[Image.Image | Rgb, Image.Image | None]:
    """The box's colors, or the only one, and how opaque they are where that is not fully."""
    size = (box[2] - box[0], box[3] - box[1])
    (sx, sy), (ex, ey) = gradient.start, gradient.end
    upright = gradient.radius is None and sx == ex  # then one column says all
    coarse = (1 if upright else max(2, size[0] // COARSER), max(2, size[1] // COARSER))
    x = ((np.linspace(box[0], box[2], coarse[0], dtype=np.float32) + corner[0]) / scale)[None, :]
    y = ((np.linspace(box[1], box[3], coarse[1], dtype=np.float32) + corner[1]) / scale)[:, None]
    if gradient.radius is not None:
        along = np.hypot(x - sx, y - sy) / gradient.radius
    else:
        long = max(1e-6, (ex - sx) ** 2 + (ey - sy) ** 2)
        along = ((x - sx) * (ex - sx) + (y - sy) * (ey - sy)) / long
    offsets = [stop[0] for stop in gradient.stops]
    colors: Image.Image | Rgb = gradient.stops[0][1]
    if any(stop[1] != colors for stop in gradient.stops):
        made = np.stack([np.interp(along, offsets, [s[1][i] for s in gradient.stops]) for i in range(3)], -1)
        colors = _up(made, size)
    if all(stop[2] >= 1 for stop in gradient.stops):
        return colors, None
    return colors, _up(np.interp(along, offsets, [s[2] * 255 for s in gradient.stops]), size)


def _up(values: NDArray[np.float64], size: tuple[int, int]) -> Image.Image:
    small = Image.fromarray(values.astype(np.uint8))
    if small.width == 1:
        column = small.resize((1, size[1]), Image.Resampling.BILINEAR)
        return column.resize(size, Image.Resampling.NEAREST)
    return small.resize(size, Image.Resampling.BILINEAR)
