"""
A scene true to the asked colors.

The scene is painted very small to see how much of the page each of its colors takes. Then the largest area goes to
the heaviest color, and colors that are near none of the asked are drawn to their nearest until enough of the page is
true. Small details keep their own color: they are what makes the picture readable.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from studio.sandbox.drawing import color, palettes
from studio.sandbox.drawing.color import Array
from studio.sandbox.drawing.paint import paint
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import DrawRequest, Rgb
from studio.sandbox.drawing.scene import Fill, Gradient, Group, Scene, Shape

SIDE = 80  # long side of the small painting, pixels
TRUE_SHARE = 0.76
NEAR = 8.0
DRAWN_TO = 6.5  # how near a stray color is drawn, CIEDE2000


@dataclass
class _Counted:
    """The scene's colors, what part of the page each takes, and its nearest asked color."""

    colors: list[Rgb]
    areas: Array
    nearest: Array
    far: Array
    true_share: float


def to_asked(scene: Scene, request: DrawRequest, palette: Palette) -> Scene:
    asked = [rgb for rgb, _ in palettes.by_weight(request)]
    fixed = palette.background
    if len(asked) > 1 and any(weight is not None for _, weight in request.colors):
        scene = recolored(scene, _by_weight(_count(scene, asked), asked, fixed))
    wanted = asked if fixed is None else [*asked, fixed]
    counted = _count(scene, wanted)
    scene = recolored(scene, _drawn_in(counted, wanted))
    if _count(scene, wanted).true_share >= TRUE_SHARE - 0.08:
        return scene
    # Long gradients pass through colors nobody asked for
    scene = Scene(scene.width, scene.height, each_shape(scene.root, lambda shape: _level(shape, wanted)))
    return recolored(scene, _drawn_in(_count(scene, wanted), wanted))


def _level(shape: Shape, wanted: list[Rgb]) -> Shape:
    """Without mixing: a gradient stays near one asked color, what shines through is opaque and glows are faint."""
    fill = shape.fill
    if not isinstance(fill, Gradient):
        return replace(shape, opacity=1.0) if shape.opacity > 0.5 else shape
    if any(opacity < 1 for _, _, opacity in fill.stops):
        return replace(shape, opacity=shape.opacity * 0.3)
    base = min(wanted, key=lambda each: palettes.far(each, fill.stops[0][1]))
    stops = tuple((at, _near(base, each), opacity) for at, each, opacity in fill.stops)
    return replace(shape, fill=replace(fill, stops=stops))


def _near(asked: Rgb, stray: Rgb) -> Rgb:
    """The color on the way from `asked` to `stray` that is still true to `asked`."""
    share = 1.0
    for _ in range(8):
        made = color.mix(asked, stray, share)
        if float(color.nearest(np.array([made], np.float32) / np.float32(255), (asked,))[1][0]) <= DRAWN_TO:
            return made
        share *= 0.6
    return asked


def _count(scene: Scene, asked: list[Rgb]) -> _Counted:
    colors = sorted(set(_colors(scene.root)))
    scale = SIDE / max(scene.width, scene.height)
    small = paint(scene, max(8, round(scene.width * scale)), max(8, round(scene.height * scale)), finer=1)
    packed = np.asarray(small, np.int32) @ np.array([65536, 256, 1], np.int32)
    seen_colors, counts = np.unique(packed, return_counts=True)
    pixels = np.stack([seen_colors >> 16, seen_colors >> 8 & 255, seen_colors & 255], -1)
    far = ((pixels[:, None].astype(np.float32) - np.array(colors, np.float32)[None]) ** 2).sum(-1)
    areas = np.bincount(far.argmin(1), weights=counts, minlength=len(colors)) / counts.sum()
    nearest, distance = color.nearest(np.array(colors, np.float32) / np.float32(255), tuple(asked))
    seen = color.nearest(pixels.astype(np.float32) / np.float32(255), tuple(asked))[1] <= NEAR
    true_share = float(counts[seen].sum() / counts.sum())
    return _Counted(colors, areas.astype(np.float32), nearest.astype(np.float32), distance, true_share)


def _colors(group: Group) -> list[Rgb]:
    found: list[Rgb] = []
    for part in group.parts:
        if isinstance(part, Group):
            found += _colors(part)
        elif isinstance(part.fill, Gradient):
            found += [stop[1] for stop in part.fill.stops]
        elif part.fill is not None:
            found.append(part.fill)
        if isinstance(part, Shape) and part.line is not None:
            found.append(part.line)
    return found


def _by_weight(counted: _Counted, asked: list[Rgb], fixed: Rgb | None) -> dict[Rgb, Rgb]:
    """Families of colors trade places so that the largest takes the heaviest asked color."""
    free = np.array([each != fixed for each in counted.colors])
    areas = [float(counted.areas[free & (counted.nearest == k)].sum()) for k in range(len(asked))]
    taker = {k: place for place, k in enumerate(sorted(range(len(asked)), key=lambda k: -areas[k]))}
    made = {}
    for i, each in enumerate(counted.colors):
        k = int(counted.nearest[i])
        if free[i] and taker[k] != k and counted.far[i] < 30:
            made[each] = _like(each, asked[k], asked[taker[k]])
    return made


def _like(each: Rgb, old: Rgb, new: Rgb) -> Rgb:
    """What `each` is to `old`, from `new`."""
    light, a, b = (n + 0.8 * (e - o) for e, o, n in zip(color.lab(each), color.lab(old), color.lab(new), strict=True))
    return color.rgb((min(1.0, max(0.0, light)), a, b))


def _drawn_in(counted: _Counted, asked: list[Rgb]) -> dict[Rgb, Rgb]:
    strays = [i for i in range(len(counted.colors)) if counted.far[i] > NEAR and counted.areas[i] > 0]
    missing = TRUE_SHARE - float(counted.areas[counted.far <= NEAR].sum())
    made = {}
    # Large and close first: fewest shapes change, and those the least
    for i in sorted(strays, key=lambda i: float(counted.far[i]) / float(counted.areas[i]) ** 0.5):
        if missing <= 0:
            break
        made[counted.colors[i]] = _near(asked[int(counted.nearest[i])], counted.colors[i])
        missing -= float(counted.areas[i])
    return made


def recolored(scene: Scene, change: dict[Rgb, Rgb]) -> Scene:
    if not change:
        return scene
    return Scene(scene.width, scene.height, each_shape(scene.root, lambda shape: _recolored(shape, change)))


def _recolored(shape: Shape, change: dict[Rgb, Rgb]) -> Shape:
    fill: Fill = shape.fill
    if isinstance(fill, Gradient):
        fill = replace(fill, stops=tuple((at, change.get(each, each), opacity) for at, each, opacity in fill.stops))
    elif fill is not None:
        fill = change.get(fill, fill)
    line = None if shape.line is None else change.get(shape.line, shape.line)
    return replace(shape, fill=fill, line=line)


def each_shape(group: Group, change: Callable[[Shape], Shape]) -> Group:
    """A copy of the group with every shape changed."""
    parts: list[Shape | Group] = [
        each_shape(part, change) if isinstance(part, Group) else change(part) for part in group.parts
    ]
    return Group(group.name, parts, group.clip, group.lift)
