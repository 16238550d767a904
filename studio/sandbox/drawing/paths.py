"""
Outlines as lines and cubic curves, whatever they were written as.

A path is a tuple of strokes; a stroke is its start, its pieces and whether it closes. A piece is the end of a line
(x, y) or a cubic curve (x1, y1, x2, y2, x, y). Source of the grammar: SVG 1.1, "Path data".
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Point = tuple[float, float]
Affine = tuple[float, float, float, float, float, float]
Piece = tuple[float, ...]

IDENTITY: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOKEN = re.compile(r"[MLHVCSQTAZmlhvcsqtaz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


@dataclass(frozen=True)
class Stroke:
    start: Point
    pieces: tuple[Piece, ...]
    closed: bool


Path = tuple[Stroke, ...]


def times(one: Affine, other: Affine) -> Affine:
    """The move that does `other` first and then `one`."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def moved(path: Path, by: Affine) -> Path:
    a, b, c, d, e, f = by

    def piece(values: Piece) -> Piece:
        x, y = values[0::2], values[1::2]
        return tuple(v for i, j in zip(x, y, strict=True) for v in (a * i + c * j + e, b * i + d * j + f))

    return tuple(
        Stroke((a * s.start[0] + c * s.start[1] + e, b * s.start[0] + d * s.start[1] + f),
               tuple(piece(p) for p in s.pieces), s.closed) for s in path)  # fmt: skip


def through(points: Sequence[Point], closed: bool = True) -> Path:
    """Straight lines through the points."""
    return (Stroke(points[0], tuple((x, y) for x, y in points[1:]), closed),)


def smooth(points: Sequence[Point], closed: bool = True) -> Path:
    """A smooth curve through the points (Catmull-Rom as cubics)."""
    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if closed else points[min(max(i, 0), count - 1)]

    pieces = []
    for i in range(count if closed else count - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = at(i - 1), at(i), at(i + 1), at(i + 2)
        pieces.append((x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2))
    return (Stroke(points[0], tuple(pieces), closed),)


def flat(stroke: Stroke, scale: float = 1.0) -> list[Point]:
    """The stroke as corner points, times `scale`; finer for longer curves."""
    x, y = stroke.start[0] * scale, stroke.start[1] * scale
    points = [(x, y)]
    for piece in stroke.pieces:
        values = [v * scale for v in piece]
        if len(values) == 2:
            points.append((values[0], values[1]))
        else:
            points.extend(_bend(x, y, values))
        x, y = values[-2], values[-1]
    return points


def _bend(x: float, y: float, c: list[float]) -> Iterator[Point]:
    reach = abs(c[0] - x) + abs(c[1] - y) + abs(c[2] - c[0]) + abs(c[3] - c[1]) + abs(c[4] - c[2]) + abs(c[5] - c[3])
    steps = min(40, max(3, int(math.sqrt(reach) * 0.9)))
    for i in range(1, steps + 1):
        t = i / steps
        u = 1 - t
        p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        yield (p * x + q * c[0] + r * c[2] + s * c[4], p * y + q * c[1] + r * c[3] + s * c[5])


@lru_cache(maxsize=2048)
def parse(text: str) -> Path:
    """The path that SVG path data describes."""
    return tuple(_Reader(text).strokes())


class _Reader:
    """Walks path data, keeping the pen's place and the last handle for smooth commands."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        self.x = self.y = self.start_x = self.start_y = 0.0
        self.handle: Point | None = None
        self.pieces: list[Piece] = []
        self.done: list[Stroke] = []

    def strokes(self) -> list[Stroke]:
        at, command = 0, ""
        while at < len(self.tokens):
            if self.tokens[at].isalpha():
                command = self.tokens[at]
                at += 1
            takes = _TAKES[command.upper()]
            values = [float(v) for v in self.tokens[at : at + takes]]
            at += takes
            self._do(command, values)
            if command in "Mm":
                command = "L" if command == "M" else "l"
        self._end(closed=False)
        return self.done

    def _do(self, command: str, values: list[float]) -> None:
        kind = command.upper()
        x, y = (self.x, self.y) if command.islower() else (0.0, 0.0)
        if kind == "Z":
            self._end(closed=True)
            self.x, self.y = self.start_x, self.start_y
            return
        if kind == "A":
            self._arc(values[:5], values[5] + x, values[6] + y)
            return
        if kind == "H":
            values = [values[0] + x, self.y]
        elif kind == "V":
            values = [self.x, values[0] + y]
        else:
            values = [v + (x if i % 2 == 0 else y) for i, v in enumerate(values)]
        _DO[kind](self, values)

    def _move(self, v: list[float]) -> None:
        self._end(closed=False)
        self.x, self.y = self.start_x, self.start_y = v[0], v[1]

    def _line(self, v: list[float]) -> None:
        self._add((v[0], v[1]), None)

    def _cubic(self, v: list[float]) -> None:
        self._add(tuple(v), (v[2], v[3]))

    def _again(self, v: list[float]) -> None:
        hx, hy = self.handle or (self.x, self.y)
        self._add((2 * self.x - hx, 2 * self.y - hy, *v), (v[0], v[1]))

    def _quadratic(self, v: list[float]) -> None:
        cx, cy, x, y = v
        first = (self.x + (cx - self.x) * 2 / 3, self.y + (cy - self.y) * 2 / 3)
        self._add((*first, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x, y), (cx, cy))

    def _quadratic_again(self, v: list[float]) -> None:
        hx, hy = self.handle or (self.x, self.y)
        self._quadratic([2 * self.x - hx, 2 * self.y - hy, v[0], v[1]])

    def _arc(self, shape: list[float], x: float, y: float) -> None:
        for piece in _arc((self.x, self.y), shape, (x, y)):
            self._add(piece, None)

    def _add(self, piece: Piece, handle: Point | None) -> None:
        self.pieces.append(piece)
        self.x, self.y = piece[-2], piece[-1]
        self.handle = handle

    def _end(self, closed: bool) -> None:
        if self.pieces:
            self.done.append(Stroke((self.start_x, self.start_y), tuple(self.pieces), closed))
        self.pieces, self.handle = [], None


_DO: dict[str, Callable[[_Reader, list[float]], None]] = {
    "M": _Reader._move, "L": _Reader._line, "H": _Reader._line, "V": _Reader._line, "C": _Reader._cubic,
    "S": _Reader._again, "Q": _Reader._quadratic, "T": _Reader._quadratic_again,
}  # fmt: skip


def _arc(start: Point, shape: list[float], end: Point) -> Iterator[Piece]:
    """Cubics for an elliptical arc. Source: SVG 1.1, appendix F.6."""
    rx, ry, turn = abs(shape[0]), abs(shape[1]), math.radians(shape[2])
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    px, py = cos * dx + sin * dy, -sin * dx + cos * dy
    if rx == 0 or ry == 0 or (px == 0 and py == 0):
        yield end
        return
    grow = math.sqrt(max(1.0, (px / rx) ** 2 + (py / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    below = (rx * py) ** 2 + (ry * px) ** 2
    root = math.sqrt(max(0.0, (rx * ry) ** 2 / below - 1)) * (1 if bool(shape[3]) != bool(shape[4]) else -1)
    qx, qy = root * rx * py / ry, -root * ry * px / rx
    center = (cos * qx - sin * qy + (start[0] + end[0]) / 2, sin * qx + cos * qy + (start[1] + end[1]) / 2)
    first = math.atan2((py - qy) / ry, (px - qx) / rx)
    sweep = math.atan2((-py - qy) / ry, (-px - qx) / rx) - first
    if shape[4] and sweep < 0:
        sweep += 2 * math.pi
    elif not shape[4] and sweep > 0:
        sweep -= 2 * math.pi
    frame: Affine = (rx * cos, rx * sin, -ry * sin, ry * cos, *center)
    yield from _quarter_arcs(frame, first, sweep)


def _quarter_arcs(frame: Affine, first: float, sweep: float) -> Iterator[Piece]:
    """Arcs of the unit circle through `frame`, each at most a quarter turn."""
    a, b, c, d, e, f = frame
    count = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
    step = sweep / count
    k = 4 / 3 * math.tan(step / 4)
    for i in range(count):
        t, u = first + i * step, first + (i + 1) * step
        around = (
            (math.cos(t) - k * math.sin(t), math.sin(t) + k * math.cos(t)),
            (math.cos(u) + k * math.sin(u), math.sin(u) - k * math.cos(u)),
            (math.cos(u), math.sin(u)),
        )
        yield tuple(v for x, y in around for v in (a * x + c * y + e, b * x + d * y + f))
