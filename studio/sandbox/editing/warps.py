"""
A picture seen a little otherwise: bent, moved closer, mirrored, its hues turned. Works on pixels and on shapes.

Bends are sums of a few slow waves, so that lines stay smooth. Amounts are shares of the page.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from studio.sandbox.drawing import color, paths, recolor
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.paths import Path, Point
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Gradient, Scene, Shape
from studio.sandbox.editing import fit_svg

CELLS = 24  # of the net that pixels are bent by
WAVES = 2
BEND = 0.22  # share of the page that the strongest bend moves a place by, at full amount
Quad = tuple[float, ...]


class Warp:
    """One way of changing a picture. `amount` 0 changes nothing; `turn` is at most so many degrees of hue."""

    def __init__(self, lots: Chance, amount: float, turn: float = 0.0, mirrored: bool = False) -> None:
        self.amount, self.mirrored = amount, mirrored
        self.waves = [
            (lots.uniform(0.3, 1.1), lots.uniform(0.3, 1.1), lots.uniform(0, 2 * math.pi), lots.uniform(0.5, 1.0))
            for _ in range(2 * WAVES)
        ]
        self.closer = 1 + amount * lots.uniform(0.7, 1.3)
        self.middle = (lots.uniform(0.1, 0.9), lots.uniform(0.1, 0.9))
        self.turn = turn * lots.sign() * lots.uniform(0.5, 1.0)

    def _bend(self, x: float, y: float) -> Point:
        """How far a place (shares of the page) is moved."""
        off = [0.0, 0.0]
        for k, (across, down, phase, strength) in enumerate(self.waves):
            off[k % 2] += strength * math.sin(2 * math.pi * (across * x + down * y) + phase) / WAVES
        return off[0] * self.amount * BEND, off[1] * self.amount * BEND

    def seen_at(self, x: float, y: float) -> Point:
        """Where in the old picture lies what is seen at (x, y) in the new one."""
        dx, dy = self._bend(x, y)
        u = self.middle[0] + (x - self.middle[0]) / self.closer + dx
        v = self.middle[1] + (y - self.middle[1]) / self.closer + dy
        return min(1.0, max(0.0, 1 - u if self.mirrored else u)), min(1.0, max(0.0, v))

    def goes_to(self, x: float, y: float) -> Point:
        """The other way round, nearly: where a place of the old picture is seen."""
        x = 1 - x if self.mirrored else x
        dx, dy = self._bend(x, y)
        u = self.middle[0] + (x - dx - self.middle[0]) * self.closer
        v = self.middle[1] + (y - dy - self.middle[1]) * self.closer
        return u, v

    def on(self, picture: Image.Image) -> Image.Image:
        """The picture changed, of the same size."""
        width, height = picture.size
        mesh = []
        for j in range(CELLS):
            for i in range(CELLS):
                box = (i * width // CELLS, j * height // CELLS, (i + 1) * width // CELLS, (j + 1) * height // CELLS)
                mesh.append((box, self._quad(box, width, height)))
        bent = picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
        return recolor.apply(bent, recolor.turned(self.turn)) if abs(self.turn) >= 1 else bent

    def _quad(self, box: tuple[int, int, int, int], width: int, height: int) -> Quad:
        left, top, right, bottom = box
        corners = ((left, top), (left, bottom), (right, bottom), (right, top))
        seen = (self.seen_at(x / width, y / height) for x, y in corners)
        return tuple(value for u, v in seen for value in (u * (width - 1), v * (height - 1)))

    def on_shapes(self, scene: Scene) -> Scene:
        """The scene changed; page-sized shapes still fill the page."""

        def place(x: float, y: float) -> Point:
            u, v = self.goes_to(x / scene.width, y / scene.height)
            return u * scene.width, v * scene.height

        def change(shape: Shape) -> Shape:
            fill = shape.fill
            if isinstance(fill, Gradient):
                stops = tuple((at, self._turned(rgb), opacity) for at, rgb, opacity in fill.stops)
                fill = replace(fill, stops=stops, start=place(*fill.start), end=place(*fill.end))
            elif fill is not None:
                fill = self._turned(fill)
            line = self._turned(shape.line) if shape.line else None
            covers = spans(shape, scene)
            path = shape.path if covers else bent(shape.path, place)
            return replace(shape, path=path, fill=fill, line=line, circle=None, box=shape.box if covers else None)

        return Scene(scene.width, scene.height, fit_svg.changed(scene.root, change))

    def _turned(self, rgb: Rgb) -> Rgb:
        return color.shift(rgb, turned=self.turn)


def spans(shape: Shape, scene: Scene) -> bool:
    """Whether the shape reaches over the whole page."""
    xs, ys = zip(*((p[-2], p[-1]) for s in shape.path for p in (s.start, *s.pieces)), strict=True)
    across = min(xs) <= 1 and max(xs) >= scene.width - 1
    return bool(across and min(ys) <= 1 and max(ys) >= scene.height - 1)


def bent(path: Path, place: Callable[[float, float], Point]) -> Path:
    """Every point of a path, handles too, moved by `place`."""
    made = []
    for stroke in path:
        pieces = []
        for piece in stroke.pieces:
            points = zip(piece[0::2], piece[1::2], strict=True)
            pieces.append(tuple(value for x, y in points for value in place(x, y)))
        made.append(paths.Stroke(place(*stroke.start), tuple(pieces), stroke.closed))
    return tuple(made)
