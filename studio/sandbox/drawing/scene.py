"""
A picture as shapes: drawn once, written as SVG or painted as pixels.

The short side of every scene is 1000 units, so one composition fits every size. A shape keeps its place on the
page (moves are applied when it is drawn), so writers need no transforms.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

from studio.sandbox.drawing import paths
from studio.sandbox.drawing.paths import Affine, Path, Point
from studio.sandbox.drawing.request import Rgb

SHORT_SIDE = 1000.0


@dataclass(frozen=True)
class Gradient:
    """Along a line from `start` to `end`; round when `radius` is set, then centered on `start`."""

    stops: tuple[tuple[float, Rgb, float], ...]  # offset, color, opacity
    start: Point
    end: Point
    radius: float | None = None


Fill = Rgb | Gradient | None


@dataclass(frozen=True)
class Shape:
    """
    `circle` is set beside `path` where the shape is a plain circle (x, y, radius): writers keep it one.

    `rule` says what several strokes of one path mean together: all of them filled, or holes in one another.
    """

    path: Path
    fill: Fill = None
    line: Rgb | None = None
    width: float = 0.0
    opacity: float = 1.0
    circle: tuple[float, float, float] | None = None
    box: tuple[float, float, float, float] | None = None
    rule: Literal["union", "nonzero", "evenodd"] = "union"


@dataclass
class Group:
    """Shapes that belong together. `lift` (units) is how high it lies above what is under it: its shadow."""

    name: str
    parts: "list[Shape | Group]" = field(default_factory=list)
    clip: Shape | None = None
    lift: float = 0.0

    def outlines(self) -> Iterator[Shape]:
        """What can be seen of the group's edge: a clipped group shows no more than its window."""
        if self.clip:
            yield self.clip
            return
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.outlines()
            else:
                yield part


@dataclass
class Scene:
    width: float
    height: float
    root: Group

    @property
    def area(self) -> float:
        return self.width * self.height


class Pen:
    """Draws a scene. Angles are degrees, clockwise; lengths are units of the current group."""

    def __init__(self, pixels_wide: int, pixels_high: int) -> None:
        scale = SHORT_SIDE / min(pixels_wide, pixels_high)
        self.width, self.height = pixels_wide * scale, pixels_high * scale
        self.scene = Scene(self.width, self.height, Group("picture"))
        self._groups = [self.scene.root]
        self._moves = [paths.IDENTITY]

    @property
    def middle(self) -> Point:
        return self.width / 2, self.height / 2

    @property
    def wide(self) -> bool:
        return self.width > self.height * 1.15

    @contextmanager
    def group(
        self,
        name: str,
        at: Point = (0.0, 0.0),
        scale: float = 1.0,
        turn: float = 0.0,
        flip: bool = False,
        lift: float = 0.0,
    ) -> Iterator[Group]:
        made = Group(name, lift=lift)
        self._groups[-1].parts.append(made)
        self._groups.append(made)
        self._moves.append(paths.times(self._moves[-1], _place(at, scale, turn, flip)))
        yield made
        self._groups.pop()
        self._moves.pop()

    def clip(self, path: Path) -> None:
        """Show the current group only inside `path`."""
        self._groups[-1].clip = Shape(paths.moved(path, self._moves[-1]))

    def path(self, outline: "str | Path", fill: Fill, opacity: float = 1.0) -> None:
        self._add(Shape(self._outline(outline), self._fill(fill), opacity=opacity))

    def line(self, outline: "str | Path", color: Rgb, width: float, opacity: float = 1.0) -> None:
        """A round-ended line of `width`."""
        self._add(Shape(self._outline(outline), line=color, width=width * self._size(), opacity=opacity))

    def polygon(self, points: Sequence[Point], fill: Fill, opacity: float = 1.0) -> None:
        self.path(paths.through(points), fill, opacity)

    def blob(self, points: Sequence[Point], fill: Fill, opacity: float = 1.0) -> None:
        self.path(paths.smooth(points), fill, opacity)

    def circle(self, x: float, y: float, r: float, fill: Fill, opacity: float = 1.0) -> None:
        a, b, c, d, e, f = self._moves[-1]
        place = (a * x + c * y + e, b * x + d * y + f, r * self._size())
        self._add(Shape(self._outline(round_path(x, y, r, r)), self._fill(fill), opacity=opacity, circle=place))

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Fill, opacity: float = 1.0) -> None:
        self._add(Shape(self._outline(round_path(x, y, rx, ry)), self._fill(fill), opacity=opacity))

    def ring(self, x: float, y: float, r: float, color: Rgb, width: float, opacity: float = 1.0) -> None:
        self.line(round_path(x, y, r, r), color, width, opacity)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: Fill, r: float = 0.0, opacity: float = 1.0
    ) -> None:
        shape = Shape(self._outline(box_path(x, y, width, height, r)), self._fill(fill), opacity=opacity)
        if r == 0 and self._moves[-1] == paths.IDENTITY:
            shape = replace(shape, box=(x, y, width, height))
        self._add(shape)

    def ground(self, fill: Fill) -> None:
        """The whole page."""
        with self.group("ground"):
            self.rect(0, 0, self.width, self.height, fill)

    def _add(self, shape: Shape) -> None:
        self._groups[-1].parts.append(shape)

    def _outline(self, outline: "str | Path") -> Path:
        path = paths.parse(outline) if isinstance(outline, str) else outline
        return path if self._moves[-1] == paths.IDENTITY else paths.moved(path, self._moves[-1])

    def _fill(self, fill: Fill) -> Fill:
        if not isinstance(fill, Gradient) or self._moves[-1] == paths.IDENTITY:
            return fill
        a, b, c, d, e, f = self._moves[-1]
        (x, y), (u, v) = fill.start, fill.end
        radius = None if fill.radius is None else fill.radius * self._size()
        start, end = (a * x + c * y + e, b * x + d * y + f), (a * u + c * v + e, b * u + d * v + f)
        return replace(fill, start=start, end=end, radius=radius)

    def _size(self) -> float:
        a, b, c, d, _, _ = self._moves[-1]
        return math.sqrt(abs(a * d - b * c))


def _place(at: Point, scale: float, turn: float, flip: bool) -> Affine:
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    mirror = -1.0 if flip else 1.0
    return (cos * mirror, sin * mirror, -sin, cos, at[0], at[1])


def round_path(x: float, y: float, rx: float, ry: float) -> Path:
    k, m = rx * 0.5522847, ry * 0.5522847
    pieces = (
        (x + rx, y + m, x + k, y + ry, x, y + ry), (x - k, y + ry, x - rx, y + m, x - rx, y),
        (x - rx, y - m, x - k, y - ry, x, y - ry), (x + k, y - ry, x + rx, y - m, x + rx, y),
    )  # fmt: skip
    return (paths.Stroke((x + rx, y), pieces, True),)


def box_path(x: float, y: float, width: float, height: float, r: float = 0.0) -> Path:
    r = min(r, width / 2, height / 2)
    if r <= 0:
        return paths.through([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    k, u, v = r * 0.4477, x + width, y + height
    pieces = (
        (u - r, y), (u - k, y, u, y + k, u, y + r), (u, v - r), (u, v - k, u - k, v, u - r, v),
        (x + r, v), (x + k, v, x, v - k, x, v - r), (x, y + r), (x, y + k, x + k, y, x + r, y),
    )  # fmt: skip
    return (paths.Stroke((x + r, y), pieces, True),)


def fade(colors: Sequence[Rgb], start: Point, end: Point) -> Gradient:
    """A gradient along a line, its colors evenly spread."""
    last = max(1, len(colors) - 1)
    return Gradient(tuple((i / last, color, 1.0) for i, color in enumerate(colors)), start, end)


def glow(color: Rgb, x: float, y: float, radius: float, strength: float = 1.0, edge: float = 0.0) -> Gradient:
    """Light around a point that runs out to nothing; `edge` is where it starts to, 0 to 1."""
    stops = ((0.0, color, strength), (edge, color, strength), (1.0, color, 0.0))
    return Gradient(stops if edge else stops[::2], (x, y), (x + radius, y), radius)
