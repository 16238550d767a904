"""A vector scene in another hand: outlines, two tones, hatching, cut paper. Shapes stay shapes that can be edited."""

import math
from collections.abc import Callable
from dataclasses import replace

from studio.sandbox.drawing import color, fit, paths
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette, far, lightness
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Fill, Gradient, Group, Scene, Shape, fade

# Files stay small enough to edit: what is added is added to the largest shapes
MOST_SHADOWS, MOST_GRADIENTS, MOST_OUTLINES = 60, 60, 90

Restyle = Callable[[Scene, Palette, Chance], Scene]


def _flat(fill: Fill) -> Rgb | None:
    return fill.stops[0][1] if isinstance(fill, Gradient) else fill


def _each(scene: Scene, change: Callable[[Shape], Shape]) -> Scene:
    return Scene(scene.width, scene.height, fit.each_shape(scene.root, change))


def _covers(scene: Scene, shape: Shape) -> bool:
    """Whether the shape is page-sized: a ground."""
    xs, ys = zip(*((p[-2], p[-1]) for s in shape.path for p in (s.start, *s.pieces)), strict=True)
    return bool((max(xs) - min(xs)) * (max(ys) - min(ys)) > 0.9 * scene.area)


def _size(shape: Shape) -> float:
    x, y, u, v = _box(shape)
    return (u - x) * (v - y)


def _size_reached(scene: Scene, count: int) -> float:
    """The size that only the `count` largest filled shapes reach."""
    sizes = sorted((_size(shape) for shape in scene.root.outlines() if shape.fill is not None), reverse=True)
    return sizes[count] * 1.001 if len(sizes) > count else 0.0


def line_art(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Only outlines, on the ground."""
    return _lines(scene, palette, lots.uniform(4, 6))


def thin(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    return _lines(scene, palette, 2.6)


def _lines(scene: Scene, palette: Palette, width: float) -> Scene:
    ink = palette.on(palette.ground)

    def change(shape: Shape) -> Shape:
        if _covers(scene, shape):
            return replace(shape, fill=palette.ground, opacity=1.0)
        if shape.fill is None:
            return replace(shape, line=ink, width=min(shape.width, width * 1.6))
        if isinstance(shape.fill, Gradient) and any(stop[2] < 1 for stop in shape.fill.stops):
            return replace(shape, fill=None, line=ink, width=width * 0.4, opacity=0.5)
        # Filled with the ground: what lies in front hides the lines behind it
        return replace(shape, fill=palette.ground if shape.opacity >= 1 else None, line=ink, width=width)

    return _each(scene, change)


def outlined(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Color kept, with one firm outline."""
    width = lots.uniform(5, 9)

    def change(shape: Shape) -> Shape:
        if _covers(scene, shape) or shape.line is not None or shape.opacity < 1 or isinstance(shape.fill, Gradient):
            return shape
        return replace(shape, line=palette.ink, width=width)

    return _each(scene, change)


def two_tone(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Ink and sheet only; a middle tone becomes whichever it is farther from in its surroundings."""
    ink = palette.on(palette.ground)
    level = (lightness(palette.ground) + lightness(ink)) / 2

    def tone(fill: Rgb) -> Rgb:
        nearer_ground = (lightness(fill) > level) == (lightness(palette.ground) > level)
        return palette.ground if nearer_ground else ink

    def change(shape: Shape) -> Shape:
        if shape.fill is not None and shape.line is None:
            fill = tone(_flat(shape.fill) or ink)
            # A shape of the ground's tone needs an edge to be seen on more ground
            edge = None if fill == ink or _covers(scene, shape) else ink
            return replace(
                shape, fill=fill, line=edge, width=3.0, opacity=1.0 if shape.opacity > 0.5 else shape.opacity
            )
        return replace(shape, line=tone(shape.line)) if shape.line else shape

    return _each(scene, change)


def three_tone(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Ground, one hue and ink, each cut as a stencil of its own."""
    ink, middle = palette.on(palette.ground), palette.beside(palette.ground, 0)
    tones = sorted({palette.ground, middle, ink}, key=lightness)

    def tone(fill: Rgb) -> Rgb:
        return min(tones, key=lambda each: abs(lightness(each) - lightness(fill)))

    def change(shape: Shape) -> Shape:
        fill = _flat(shape.fill)
        return replace(shape, fill=tone(fill) if fill else None, line=tone(shape.line) if shape.line else None,
                       opacity=1.0 if shape.opacity > 0.5 else 0.0)  # fmt: skip

    return _each(scene, change)


def engraving(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Outlines, with hatching in large dark shapes."""
    ink, plain = palette.on(palette.ground), _lines(scene, palette, 3.0)
    angle, budget = lots.uniform(20, 60), [26]

    def hatch(before: Group, after: Group) -> None:
        for place in range(len(before.parts) - 1, -1, -1):
            old, new = before.parts[place], after.parts[place]
            if isinstance(old, Group) and isinstance(new, Group):
                hatch(old, new)
            elif (
                isinstance(old, Shape) and isinstance(new, Shape) and budget[0] > 0 and _hatchable(scene, palette, old)
            ):
                budget[0] -= 1
                after.parts[place + 1 : place + 1] = [_hatching(old, ink, angle)]

    hatch(scene.root, plain.root)
    return plain


def _box(shape: Shape) -> tuple[float, float, float, float]:
    xs, ys = zip(*((p[-2], p[-1]) for s in shape.path for p in (s.start, *s.pieces)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _hatchable(scene: Scene, palette: Palette, shape: Shape) -> bool:
    fill = _flat(shape.fill)
    x, y, u, v = _box(shape)
    large = 6000 < (u - x) * (v - y) < 0.9 * scene.area
    return fill is not None and large and shape.opacity >= 1 and abs(lightness(fill) - lightness(palette.ground)) > 0.12


def _hatching(shape: Shape, ink: Rgb, degrees: float) -> Group:
    x, y, u, v = _box(shape)
    cx, cy, reach = (x + u) / 2, (y + v) / 2, math.hypot(u - x, v - y) / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    step = 9 + 16 * lightness(_flat(shape.fill) or ink)
    lines = []
    for i in range(int(-reach / step), int(reach / step) + 1):
        px, py = cx - sin * i * step, cy + cos * i * step
        lines.append(paths.Stroke((px - cos * reach, py - sin * reach), ((px + cos * reach, py + sin * reach),), False))
    return Group("hatching", [Shape(tuple(lines), line=ink, width=2.6)], clip=Shape(shape.path))


def gradients(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Every flat fill of some size runs from lighter to deeper."""
    turn, large = lots.uniform(-14, 14), _size_reached(scene, MOST_GRADIENTS)

    def change(shape: Shape) -> Shape:
        fill = shape.fill
        if fill is None or isinstance(fill, Gradient) or fill == palette.background or _size(shape) < large:
            return shape
        x, y, u, v = _box(shape)
        step = 0.025 if palette.asked else 0.07
        ends = (color.shift(fill, step, turned=turn), color.shift(fill, -step, turned=-turn))
        return replace(shape, fill=fade(ends, (x, y), (u, v)))

    return _each(scene, change)


def offset_fill(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Color slips a little under its outline, as in a hasty print."""
    by = (lots.sign() * lots.uniform(8, 14), lots.uniform(8, 14))

    def change(shape: Shape) -> Shape:
        if shape.fill is None or _covers(scene, shape):
            return shape
        x, y, r = shape.circle or (0.0, 0.0, 0.0)
        circle = (x + by[0], y + by[1], r) if shape.circle else None
        return replace(shape, path=paths.moved(shape.path, (1, 0, 0, 1, *by)), circle=circle, box=None)

    moved = _each(scene, change)
    return _with_copies(scene, moved, palette)


def _with_copies(scene: Scene, moved: Scene, palette: Palette) -> Scene:
    """The moved fills, the larger ones followed by the outline of where they were."""
    large = _size_reached(scene, MOST_OUTLINES)

    def both(old: Group, new: Group) -> Group:
        parts: list[Shape | Group] = []
        for before, after in zip(old.parts, new.parts, strict=True):
            if isinstance(before, Group) and isinstance(after, Group):
                parts.append(both(before, after))
                continue
            parts.append(after)
            if (
                isinstance(before, Shape)
                and before.fill is not None
                and before.opacity >= 1
                and _size(before) >= large
                and not _covers(scene, before)
            ):
                parts.append(replace(before, fill=None, line=palette.ink, width=4.0))
        return Group(old.name, parts, old.clip, old.lift)

    return Scene(scene.width, scene.height, both(scene.root, moved.root))


def paper_cut(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Lifted groups throw a flat shadow, as long as there are not too many of them."""
    budget = [MOST_SHADOWS]

    def cut(group: Group) -> Group:
        parts: list[Shape | Group] = []
        for part in group.parts:
            if isinstance(part, Group):
                if part.lift and budget[0] > 0:
                    fallen = _fallen(part, palette.ink)
                    budget[0] -= len(fallen.parts)
                    parts.append(fallen)
                part = cut(part)
            parts.append(part)
        return Group(group.name, parts, group.clip, group.lift)

    return Scene(scene.width, scene.height, cut(scene.root))


def _fallen(group: Group, ink: Rgb) -> Group:
    """The shadow of a group's first shapes, which are its largest."""
    by = (1.0, 0.0, 0.0, 1.0, group.lift * 0.5, group.lift * 0.9)
    seen = [shape for shape in group.outlines() if shape.fill and shape.opacity >= 1][:4]
    return Group("shadow", [Shape(paths.moved(shape.path, by), ink, opacity=0.2) for shape in seen])


def mosaic(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    """Leaded glass: a net of uneven panes over the colors."""
    pitch = lots.uniform(120, 190)
    rows, columns = int(scene.height / pitch) + 3, int(scene.width / pitch) + 3

    def knot(i: int, j: int) -> paths.Point:
        return (i - 1) * pitch + lots.around(0, pitch * 0.3), (j - 1) * pitch + lots.around(0, pitch * 0.3)

    net = [[knot(i, j) for i in range(columns)] for j in range(rows)]
    leads: list[paths.Stroke] = []
    for j in range(rows - 1):
        for i in range(columns - 1):
            ends = [net[j][i + 1], net[j + 1][i]] + ([net[j + 1][i + 1]] if lots.random() < 0.6 else [])
            leads += [paths.Stroke(net[j][i], (end,), False) for end in ends]
    glass = Group("leads", [Shape(tuple(leads), line=palette.ink, width=6.0)])
    return Scene(scene.width, scene.height, Group(scene.root.name, [*scene.root.parts, glass]))


def muted(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    return _colors(scene, palette, lambda fill: color.shift(fill, -0.06, chroma=0.35))


def vivid(scene: Scene, palette: Palette, lots: Chance) -> Scene:
    return _colors(scene, palette, lambda fill: color.shift(fill, 0.0, chroma=1.5))


def _colors(scene: Scene, palette: Palette, change: Callable[[Rgb], Rgb]) -> Scene:
    """Every color changed, unless colors were asked for."""
    if palette.asked:
        return scene
    kept = palette.background

    def fill(each: Rgb) -> Rgb:
        return each if kept is not None and far(each, kept) < 0.01 else change(each)

    def shape(old: Shape) -> Shape:
        made = old.fill
        if isinstance(made, Gradient):
            made = replace(made, stops=tuple((at, fill(rgb), opacity) for at, rgb, opacity in made.stops))
        elif made is not None:
            made = fill(made)
        return replace(old, fill=made, line=fill(old.line) if old.line else None)

    return _each(scene, shape)
