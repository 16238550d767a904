"""A picture in a window on plain ground: how a page-filling picture keeps to a background asked for."""

import math

from studio.sandbox.drawing import color, paths
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.paths import Path
from studio.sandbox.drawing.scene import Pen, box_path, round_path
from studio.sandbox.drawing.scenes.backdrops import Backdrop

SCALE = 0.74


def window(pen: Pen, lots: Chance) -> Path:
    """The outline of a window, in units of the page."""
    cx, cy = pen.middle
    w, h = pen.width * SCALE, pen.height * SCALE
    kind = lots.randrange(5)
    if kind == 0:
        r = min(w, h) * 0.5
        left, base, top = cx - w / 2, cy + h / 2, cy - h / 2
        if h < w * 1.1:
            w = h / 1.2
            left, r = cx - w / 2, w / 2
        return paths.parse(f"M{left} {base}V{top + r}A{r} {r} 0 0 1 {left + 2 * r} {top + r}V{base}Z")
    if kind == 1:
        return round_path(cx, cy, min(w, h) * 0.54, min(w, h) * 0.54)
    if kind == 2:
        return box_path(cx - w / 2, cy - h / 2, w, h, lots.choice((0.0, 24.0, 90.0)))
    if kind == 3:
        return round_path(cx, cy, w * 0.54, h * 0.54)
    points = []
    for i in range(8):
        a, long = i * math.pi / 4 + 0.3, lots.uniform(0.46, 0.58)
        points.append((cx + w * long * math.cos(a), cy + h * long * math.sin(a)))
    return paths.smooth(points)


def framed(pen: Pen, lots: Chance, palette: Palette, scene: Backdrop) -> None:
    """`scene` small, seen through a window in the ground."""
    pen.ground(palette.ground)
    outline = window(pen, lots)
    inner = palette.beside(palette.ground, lots.randrange(3))
    paler = color.mix(inner, palette.paper, 0.55 if palette.asked == () else 0.0)
    hues = tuple(hue for hue in palette.hues if hue != inner) or palette.hues
    with pen.group("shadow", lift=16):
        pen.path(outline, inner)
    with pen.group("window"):
        pen.clip(outline)
        with pen.group("view", at=(pen.width * (1 - SCALE) / 2, pen.height * (1 - SCALE) / 2), scale=SCALE):
            pen.rect(-pen.width, -pen.height, pen.width * 3, pen.height * 3, paler)
            scene(pen, lots, Palette(paler, hues, palette.ink, palette.paper, palette.asked))
