"""
A scene as SVG that a person can edit: named groups, plain shapes, fills as attributes.

Only g, path, rect, circle, clipPath, linearGradient and radialGradient, with title and desc: no script, no style
element, nothing embedded and no reference but to an id of the same file.
"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from studio.sandbox.drawing.color import hexed
from studio.sandbox.drawing.paths import Path
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Gradient, Group, Scene, Shape

TITLE_LENGTH = 120
LONG = 50_000  # bytes
MOST_SWATCHES = 24
_UNPRINTABLE = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd]+")


def write(scene: Scene, width: int, height: int, title: str) -> str:
    """The document; a long one gives up the tenths of its coordinates."""
    said = _Writer(scene, width, height, places=1).document(title)
    return said if len(said) <= LONG else _Writer(scene, width, height, places=0).document(title)


def compact(scene: Scene, width: int, height: int) -> str:
    """The same in few bytes: whole-number coordinates, no indents, no metadata."""
    said = _Writer(scene, width, height, places=0).document("")
    said = re.sub(r"<(title|desc|metadata)>[^<]*</\1>", "", said)
    return re.sub(r">\s+<", "><", said).strip()


class _Writer:
    """Collects definitions while it writes the groups."""

    def __init__(self, scene: Scene, width: int, height: int, places: int) -> None:
        self.scene, self.width, self.height, self.places = scene, width, height, places
        self.scale = width / scene.width
        self.definitions: list[str] = []
        self.paints: dict[Gradient, str] = {}
        self.names: dict[str, int] = {}

    def document(self, title: str) -> str:
        body = "\n".join(line for part in self.scene.root.parts for line in self._part(part, 1))
        said = escape(_UNPRINTABLE.sub(" ", title)[:TITLE_LENGTH].strip())
        definitions = "".join(f"\n    {line}" for line in self.definitions)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" '
            'stroke-linecap="round" stroke-linejoin="round">\n'
            f"  <title>{said}</title>\n  <desc>Drawn by the studio's sandbox.</desc>\n"
            f"  <metadata>{self._swatches()}</metadata>\n"
            + (f"  <defs>{definitions}\n  </defs>\n" if definitions else "")
            + f"{body}\n</svg>\n"
        )

    def _swatches(self) -> str:
        """The colors in use, most used first: a palette to edit by."""
        counted = Counter(hexed(each) for shape in self.scene.root.outlines() for each in _colors(shape))
        return "Colors: " + " ".join(each for each, _ in counted.most_common(MOST_SWATCHES))

    def _part(self, part: Shape | Group, depth: int) -> Iterator[str]:
        indent = "  " * depth
        if isinstance(part, Shape):
            yield indent + self._shape(part)
            return
        clip = f' clip-path="url(#{self._clip(part.clip)})"' if part.clip else ""
        yield f"{indent}<g id={quoteattr(self._name(part.name))}{clip}>"
        for inner in part.parts:
            yield from self._part(inner, depth + 1)
        yield f"{indent}</g>"

    def _name(self, name: str) -> str:
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name}-{self.names[name]}"

    def _clip(self, clip: Shape) -> str:
        name = self._name("window")
        said = self._shape(clip).replace("fill-rule", "clip-rule")
        self.definitions.append(f'<clipPath id="{name}">{said}</clipPath>')
        return name

    def _shape(self, shape: Shape) -> str:
        paint = self._paint(shape)
        if shape.circle:
            x, y, r = (self._number(v) for v in shape.circle)
            return f'<circle cx="{x}" cy="{y}" r="{r}"{paint}/>'
        if shape.box:
            x, y, wide, high = (self._number(v) for v in shape.box)
            return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}"{paint}/>'
        return f'<path d="{self._outline(shape.path)}"{paint}/>'

    def _paint(self, shape: Shape) -> str:
        fill = shape.fill
        said = "" if fill is None else f' fill="{hexed(fill)}"' if isinstance(fill, tuple) else ""
        if isinstance(fill, Gradient):
            said = f' fill="url(#{self._gradient(fill)})"'
        if shape.line:
            width = self._number(max(shape.width, 0.6))
            said = (said or ' fill="none"') + (f' stroke="{hexed(shape.line)}" stroke-width="{width}"')
        said += ' fill-rule="evenodd"' if shape.rule == "evenodd" else ""
        return said + (f' opacity="{shape.opacity:.2f}"' if shape.opacity < 1 else "")

    def _gradient(self, gradient: Gradient) -> str:
        if gradient not in self.paints:
            self.paints[gradient] = self._name("paint")
            self.definitions.append(self._gradient_element(gradient, self.paints[gradient]))
        return self.paints[gradient]

    def _gradient_element(self, gradient: Gradient, name: str) -> str:
        stops = "".join(
            f'<stop offset="{offset:.2f}" stop-color="{hexed(color)}"'
            + (f' stop-opacity="{opacity:.2f}"/>' if opacity < 1 else "/>")
            for offset, color, opacity in gradient.stops
        )
        (x, y), (u, v) = gradient.start, gradient.end
        n = self._number
        if gradient.radius is None:
            place = f'x1="{n(x)}" y1="{n(y)}" x2="{n(u)}" y2="{n(v)}"'
            return f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {place}>{stops}</linearGradient>'
        place = f'cx="{n(x)}" cy="{n(y)}" r="{n(gradient.radius)}"'
        return f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" {place}>{stops}</radialGradient>'

    def _outline(self, path: Path) -> str:
        return "".join(
            f"M{self._pair(stroke.start)}"
            + "".join(("L" if len(piece) == 2 else "C") + self._pair(piece) for piece in stroke.pieces)
            + ("Z" if stroke.closed else "")
            for stroke in path
        )

    def _pair(self, values: tuple[float, ...]) -> str:
        return " ".join(self._number(v) for v in values)

    def _number(self, value: float) -> str:
        return f"{value * self.scale + 0.0:.{self.places}f}".removesuffix(".0")


def _colors(shape: Shape) -> Iterator[Rgb]:
    if isinstance(shape.fill, Gradient):
        yield from (stop[1] for stop in shape.fill.stops)
    elif shape.fill:
        yield shape.fill
    if shape.line:
        yield shape.line
