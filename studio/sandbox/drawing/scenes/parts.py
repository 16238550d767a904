"""Parts that several scenes share: a leaf, a cloud, a natural color where the person asked for none."""

from collections.abc import Iterator
from contextlib import contextmanager

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette, far
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Group, Pen

NATURAL_SHARE = 0.7  # how often a subject keeps the color it has in the world


def natural(palette: Palette, lots: Chance | None, own: Rgb, paper: bool = False) -> Rgb:
    """The subject's own color, unless colors were asked for or the ground would swallow it."""
    if palette.asked:
        return palette.paper if paper else _closest(palette, own)
    keeps = lots is None or lots.random() < NATURAL_SHARE
    if keeps and far(own, palette.ground) > 0.14:
        return own
    return palette.paper if paper else palette.beside(palette.ground, 0)


def subject(palette: Palette, lots: Chance, own: Rgb) -> Rgb:
    """The color of what the picture is of: what the prompt names, if it shows on the ground; else its natural one."""
    if palette.named and not palette.asked and far(palette.named[0], palette.ground) > 0.12:
        return palette.named[0]
    return natural(palette, lots, own)


def _closest(palette: Palette, own: Rgb) -> Rgb:
    seen = [hue for hue in palette.hues if far(hue, palette.ground) > 0.08] or list(palette.hues)
    return min(seen, key=lambda hue: far(hue, own))


@contextmanager
def stand(
    pen: Pen, lots: Chance, name: str, scale: float, lift: float = 0.0, center: tuple[float, float] = (0.0, 0.0)
) -> Iterator[Group]:
    """A group in the middle of the page for a subject about 1000 / `scale` units large around `center`."""
    size = scale * lots.uniform(0.86, 1.16)
    x, y = pen.width * lots.around(0.5, 0.14 if pen.wide else 0.05), pen.height * lots.around(0.5, 0.06)
    flip = lots.random() < 0.5
    side = -1 if flip else 1
    at = (x - center[0] * size * side, y - center[1] * size)
    with pen.group(name, at=at, scale=size, flip=flip, lift=lift) as made:
        yield made


def leaf(
    pen: Pen, at: tuple[float, float], long: float, wide: float, turn: float, fill: Rgb, vein: Rgb | None = None
) -> None:
    with pen.group("leaf", at=at, turn=turn):
        pen.path(f"M0 0C{wide} {-long * 0.3} {wide} {-long * 0.7} 0 {-long}"
                 f"C{-wide} {-long * 0.7} {-wide} {-long * 0.3} 0 0Z", fill)  # fmt: skip
        if vein:
            ribs = "".join(
                f"M0 {-long * at}L{wide * 0.5 * side} {-long * (at + 0.14)}"
                for at in (0.2, 0.38, 0.56)
                for side in (-1, 1)
            )
            pen.line(f"M0 0V{-long * 0.86}{ribs}", vein, 2)


def cloud(pen: Pen, at: tuple[float, float], scale: float, fill: Rgb, opacity: float = 1.0) -> None:
    with pen.group("cloud", at=at, scale=scale):
        pen.path("M0 0h180a34 34 0 0 0 4-67 46 46 0 0 0-74-26A54 54 0 0 0 24-62 32 32 0 0 0 0 0Z", fill, opacity)


def shade(fill: Rgb, steps: float) -> Rgb:
    """Darker below zero, lighter above."""
    return color.shift(fill, steps)
