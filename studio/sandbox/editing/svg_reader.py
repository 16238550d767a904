"""
A safe SVG as a scene: its shapes where they stand, with fills, lines, gradients and clips.

Text, embedded rasters, masks, filters and patterns are not drawn.
Source: SVG 1.1, "Basic Shapes", "Coordinate Systems" and "Gradients".
"""

import math
import re
from dataclasses import replace

from studio.sandbox.drawing import paths
from studio.sandbox.drawing.paths import Affine, Path, Point
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Fill, Gradient, Group, Scene, Shape, box_path, round_path
from studio.sandbox.editing import markup, styles_in_svg
from studio.sandbox.editing.markup import BadSvg, Element
from studio.sandbox.editing.styles_in_svg import Style

MOST_SHAPES = 20_000
MOST_USES = 8  # how deep `use` may refer to what itself uses something
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GROUPS = frozenset({"svg", "g", "a", "switch", "symbol"})
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]*)\)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def read(data: bytes, width: int, height: int) -> Scene:
    """The scene in `width` x `height` units. Raises BadSvg."""
    root = markup.parse(data)
    made = _Reader(root, width, height).group(root, Style(), _viewport(root, width, height), 0)
    made.name = "picture"
    return Scene(float(width), float(height), made)


def _viewport(root: Element, width: int, height: int) -> Affine:
    """From the user's units to ours. Source: SVG 1.1, "preserveAspectRatio" (xMidYMid meet, the default, or none)."""
    x, y, wide, high = markup.view_box(root) or (0.0, 0.0, *markup.size(root))
    across, down = width / wide, height / high
    if root.attributes.get("preserveAspectRatio", "").startswith("none"):
        return across, 0.0, 0.0, down, -x * across, -y * down
    scale = min(across, down)
    return scale, 0.0, 0.0, scale, (width - wide * scale) / 2 - x * scale, (height - high * scale) / 2 - y * scale


class _Reader:
    def __init__(self, root: Element, width: int, height: int) -> None:
        self.size = (float(width), float(height))
        self.rules = styles_in_svg.sheet(root)
        self.by_id = {e.attributes["id"]: e for e in root.walk() if "id" in e.attributes}
        self.shapes = 0

    def group(self, element: Element, inherited: Style, move: Affine, uses: int) -> Group:
        made = Group(element.attributes.get("id") or element.name)
        style = styles_in_svg.of(element, inherited, self.rules)
        if not style.hidden:
            made.clip = self._clip(element, move)
            for child in element.children:
                made.parts += self._part(child, style, move, uses)
        return made

    def _part(self, element: Element, inherited: Style, move: Affine, uses: int) -> list[Shape | Group]:
        here = paths.times(move, _transform(element.attributes.get("transform", "")))
        if element.name == "use":
            return self._used(element, inherited, here, uses)
        if element.name in GROUPS and element.name != "symbol":
            inner = self.group(element, inherited, here, uses)
            return [inner] if inner.parts else []
        if element.name not in SHAPES:
            return []
        style = styles_in_svg.of(element, inherited, self.rules)
        clip = self._clip(element, here)
        shapes = [] if style.hidden else self._shapes(element, style, here)
        return [Group("clipped", [*shapes], clip)] if clip and shapes else [*shapes]

    def _used(self, element: Element, inherited: Style, move: Affine, uses: int) -> list[Shape | Group]:
        target = self.by_id.get(element.attributes.get("href", "").removeprefix("#"))
        if target is None or uses >= MOST_USES:
            return []
        x, y = (markup.length(element.attributes.get(name, "0")) or 0.0 for name in "xy")
        style = styles_in_svg.of(element, inherited, self.rules)
        here = paths.times(move, (1.0, 0.0, 0.0, 1.0, x, y))
        if target.name == "symbol":
            return [self.group(target, style, here, uses + 1)]
        return self._part(target, style, here, uses + 1)

    def _shapes(self, element: Element, style: Style, move: Affine) -> list[Shape]:
        path = outline(element)
        self.shapes += 1
        if self.shapes > MOST_SHAPES:
            raise BadSvg("it has too many shapes")
        if not path:
            return []
        placed = paths.moved(path, move)
        made = []
        fill = self._fill(style.fill, path, move)
        if fill is not None and element.name != "line":
            rule: str = "evenodd" if style.evenodd else "nonzero"
            made.append(Shape(placed, fill, opacity=style.opacity * style.fill_opacity, rule=rule))  # type: ignore[arg-type]
        line = self._fill(style.stroke, path, move)
        if line is not None and style.width > 0:
            ink = line.stops[len(line.stops) // 2][1] if isinstance(line, Gradient) else line
            width = style.width * _scale(move)
            made.append(Shape(placed, line=ink, width=width, opacity=style.opacity * style.stroke_opacity))
        return made

    def _clip(self, element: Element, move: Affine) -> Shape | None:
        found = re.match(r"url\(\s*['\"]?#([^'\")]+)", element.attributes.get("clip-path", ""))
        clip = self.by_id.get(found[1]) if found else None
        if clip is None or clip.name != "clipPath" or clip.attributes.get("clipPathUnits") == "objectBoundingBox":
            return None
        strokes: list[paths.Stroke] = []
        evenodd = False
        for child in clip.children:
            evenodd = evenodd or child.attributes.get("clip-rule") == "evenodd"
            moved = paths.times(move, _transform(child.attributes.get("transform", "")))
            strokes += paths.moved(outline(child), moved) if child.name in SHAPES else ()
        return Shape(tuple(strokes), (0, 0, 0), rule="evenodd" if evenodd else "nonzero") if strokes else None

    def _fill(self, paint: Rgb | str | None, path: Path, move: Affine) -> Fill:
        if not isinstance(paint, str):
            return paint
        element = self.by_id.get(paint.removeprefix("#"))
        if element is None or element.name not in ("linearGradient", "radialGradient"):
            return (128, 128, 128)
        stops = self._stops(element)
        if len(stops) < 2:
            return stops[0][1] if stops else (128, 128, 128)
        return _placed_gradient(element, stops, path, move)

    def _stops(self, element: Element, depth: int = 0) -> tuple[tuple[float, Rgb, float], ...]:
        stops = []
        for child in element.children:
            if child.name == "stop":
                said = child.attributes | styles_in_svg.declarations(child.attributes.get("style", ""))
                rgb = styles_in_svg.color(said.get("stop-color", "black"))
                offset = markup.length(said.get("offset", "0"), 1.0) or 0.0
                opacity = markup.length(said.get("stop-opacity", "1"), 1.0)
                stops.append((min(1.0, max(0.0, offset)), rgb if isinstance(rgb, tuple) else (0, 0, 0), opacity or 0.0))
        target = self.by_id.get(element.attributes.get("href", "").removeprefix("#"))
        if not stops and target is not None and depth < MOST_USES:
            return self._stops(target, depth + 1)
        return tuple(sorted(stops, key=lambda stop: stop[0]))


def _placed_gradient(
    element: Element, stops: tuple[tuple[float, Rgb, float], ...], path: Path, move: Affine
) -> Gradient:
    own = _transform(element.attributes.get("gradientTransform", ""))
    boxed = element.attributes.get("gradientUnits") != "userSpaceOnUse"
    if boxed:
        x, y, u, v = bounds(path)
        own = paths.times((max(u - x, 1e-6), 0.0, 0.0, max(v - y, 1e-6), x, y), own)
    here = paths.times(move, own)

    def at(name: str, otherwise: float) -> float:
        value = markup.length(element.attributes.get(name, ""), 1.0)
        return otherwise if value is None else value

    if element.name == "linearGradient":
        start, end = _moved((at("x1", 0), at("y1", 0)), here), _moved((at("x2", 1), at("y2", 0)), here)
        return Gradient(stops, start, end)
    center, radius = _moved((at("cx", 0.5), at("cy", 0.5)), here), at("r", 0.5) * _scale(here)
    return Gradient(stops, center, (center[0] + radius, center[1]), max(radius, 1e-6))


def outline(element: Element) -> Path:
    """The element's path in its own units; empty for what has none or can't be read."""
    at = element.attributes

    def n(name: str) -> float:
        return markup.length(at.get(name, "0")) or 0.0

    if element.name == "path":
        try:
            return paths.parse(at.get("d", ""))
        except (ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError):
            return ()
    if element.name == "rect" and n("width") > 0 and n("height") > 0:
        return box_path(n("x"), n("y"), n("width"), n("height"), max(n("rx"), n("ry")))
    if element.name == "circle" and n("r") > 0:
        return round_path(n("cx"), n("cy"), n("r"), n("r"))
    if element.name == "ellipse" and n("rx") > 0 and n("ry") > 0:
        return round_path(n("cx"), n("cy"), n("rx"), n("ry"))
    if element.name == "line":
        return paths.through([(n("x1"), n("y1")), (n("x2"), n("y2"))], closed=False)
    if element.name in ("polyline", "polygon"):
        values = [float(v) for v in _NUMBER.findall(at.get("points", ""))]
        points = list(zip(values[0::2], values[1::2], strict=False))
        return paths.through(points, closed=element.name == "polygon") if len(points) > 1 else ()
    return ()


def bounds(path: Path) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a path's points."""
    xs, ys = zip(*((p[-2], p[-1]) for s in path for p in (s.start, *s.pieces)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _moved(point: Point, by: Affine) -> Point:
    a, b, c, d, e, f = by
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def _scale(by: Affine) -> float:
    return math.sqrt(abs(by[0] * by[3] - by[1] * by[2]))


def _transform(text: str) -> Affine:
    made = paths.IDENTITY
    for name, body in _TRANSFORM.findall(text):
        made = paths.times(made, _one_transform(name, [float(v) for v in _NUMBER.findall(body)]))
    return made


def _one_transform(name: str, v: list[float]) -> Affine:
    if name == "matrix" and len(v) == 6:
        return v[0], v[1], v[2], v[3], v[4], v[5]
    if name == "translate" and v:
        return 1.0, 0.0, 0.0, 1.0, v[0], v[1] if len(v) > 1 else 0.0
    if name == "scale" and v:
        return v[0], 0.0, 0.0, v[1] if len(v) > 1 else v[0], 0.0, 0.0
    if name == "rotate" and v:
        cos, sin = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
        x, y = (v[1], v[2]) if len(v) > 2 else (0.0, 0.0)
        return cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y
    if name == "skewX" and v:
        return 1.0, 0.0, math.tan(math.radians(v[0])), 1.0, 0.0, 0.0
    if name == "skewY" and v:
        return 1.0, math.tan(math.radians(v[0])), 0.0, 1.0, 0.0, 0.0
    return paths.IDENTITY


def rescaled(scene: Scene, width: float, height: float) -> Scene:
    """The scene with its page stretched to another size."""
    by: Affine = (width / scene.width, 0.0, 0.0, height / scene.height, 0.0, 0.0)
    return Scene(width, height, moved(scene.root, by))


def moved(group: Group, by: Affine) -> Group:
    """A group somewhere else. Line widths follow."""
    parts: list[Shape | Group] = []
    for part in group.parts:
        parts.append(moved(part, by) if isinstance(part, Group) else moved_shape(part, by))
    return Group(group.name, parts, moved_shape(group.clip, by) if group.clip else None, group.lift * _scale(by))


def moved_shape(shape: Shape, by: Affine) -> Shape:
    fill = shape.fill
    if isinstance(fill, Gradient):
        radius = None if fill.radius is None else fill.radius * _scale(by)
        fill = replace(fill, start=_moved(fill.start, by), end=_moved(fill.end, by), radius=radius)
    path = paths.moved(shape.path, by)
    return replace(shape, path=path, fill=fill, width=shape.width * _scale(by), circle=None, box=None)
