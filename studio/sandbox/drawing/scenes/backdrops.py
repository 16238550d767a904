"""What stands behind a subject: a calm ground in the palette's ground color, different from seed to seed."""

import math
from collections.abc import Callable

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen, fade, glow

Backdrop = Callable[[Pen, Chance, Palette], None]


def tint(palette: Palette, lots: Chance, least: float = 0.18, most: float = 0.5) -> Rgb:
    """The ground with some of a hue in it."""
    return color.mix(palette.ground, palette.beside(palette.ground, lots.randrange(8)), lots.uniform(least, most))


def disc(pen: Pen, lots: Chance, palette: Palette) -> None:
    x, y = pen.width * lots.around(0.5, 0.16), pen.height * lots.around(0.45, 0.12)
    fill = tint(palette, lots, 0.3, 0.75)
    pen.circle(x, y, lots.uniform(330, 430), fill)
    if lots.random() < 0.5:
        pen.ring(x, y, lots.uniform(450, 520), fill, lots.uniform(4, 14))


def arch(pen: Pen, lots: Chance, palette: Palette) -> None:
    x, base = pen.width * lots.around(0.5, 0.1), pen.height + 20
    fills = [tint(palette, lots, 0.25, 0.7) for _ in range(lots.choice((1, 2, 3)))]
    for step, fill in enumerate(fills):
        r, top = 420 - step * 95, pen.height * 0.5 - 60 + step * 10
        pen.path(f"M{x - r} {base}V{top}A{r} {r} 0 0 1 {x + r} {top}V{base}Z", fill)


def floor(pen: Pen, lots: Chance, palette: Palette) -> None:
    y = pen.height * lots.uniform(0.6, 0.78)
    pen.rect(0, y, pen.width, pen.height - y, tint(palette, lots, 0.3, 0.7))
    if lots.random() < 0.6:
        pen.circle(pen.width * lots.choice((0.2, 0.8)), y * 0.38, lots.uniform(90, 190), tint(palette, lots, 0.4, 0.9))


def rays(pen: Pen, lots: Chance, palette: Palette) -> None:
    x, y = pen.width * lots.around(0.5, 0.15), pen.height * lots.uniform(0.3, 0.7)
    count, reach, fill = lots.choice((10, 14, 18)), pen.width + pen.height, tint(palette, lots, 0.15, 0.4)
    start = lots.random()
    for i in range(count):
        a, b = ((i + start + part) * 2 * math.pi / count for part in (0, 0.5))
        pen.polygon([(x, y), (x + reach * math.cos(a), y + reach * math.sin(a)),
                     (x + reach * math.cos(b), y + reach * math.sin(b))], fill)  # fmt: skip


def dots(pen: Pen, lots: Chance, palette: Palette) -> None:
    step, fill = lots.uniform(70, 120), tint(palette, lots, 0.3, 0.6)
    r = step * lots.uniform(0.1, 0.26)
    for row in range(int(pen.height / step) + 2):
        for column in range(int(pen.width / step) + 2):
            pen.circle((column + row % 2 / 2) * step, row * step * 0.87, r, fill)


def bands(pen: Pen, lots: Chance, palette: Palette) -> None:
    angle = lots.choice((0.0, 18.0, -24.0, 45.0, 90.0))
    count, long = lots.randint(3, 6), pen.width + pen.height
    with pen.group("bands", at=pen.middle, turn=angle):
        for i in range(count):
            y = (i / count - 0.5) * long * 0.8 + lots.around(0, 20)
            pen.rect(-long, y, 2 * long, long / count * lots.uniform(0.2, 0.45), tint(palette, lots, 0.15, 0.45))


def blob(pen: Pen, lots: Chance, palette: Palette) -> None:
    for _ in range(lots.choice((1, 2))):
        cx, cy = pen.width * lots.around(0.5, 0.22), pen.height * lots.around(0.5, 0.2)
        points = []
        for i in range(9):
            r, a = lots.uniform(270, 460), i * 2 * math.pi / 9
            points.append((cx + r * math.cos(a), cy + r * math.sin(a)))
        pen.blob(points, tint(palette, lots, 0.25, 0.65))


def sky(pen: Pen, lots: Chance, palette: Palette) -> None:
    to = tint(palette, lots, 0.35, 0.7)
    if palette.background is None:
        pen.rect(0, 0, pen.width, pen.height, fade((palette.ground, to), (0, 0), (0, pen.height)))
    x, y = pen.width * lots.uniform(0.2, 0.8), pen.height * lots.uniform(0.2, 0.5)
    pen.circle(x, y, 420, glow(palette.paper, x, y, 420, 0.55))
    low = pen.height * lots.uniform(0.72, 0.86)
    wide = pen.width / 3
    bend = f"M-20 {pen.height + 20}V{low}"
    for i in range(3):
        bend += f"Q{(i + 0.5) * wide} {low + lots.around(0, 90)} {(i + 1) * wide + 20} {low + lots.around(0, 40)}"
    pen.path(bend + f"V{pen.height + 20}Z", tint(palette, lots, 0.45, 0.8))


def confetti(pen: Pen, lots: Chance, palette: Palette) -> None:
    for i in range(lots.randint(26, 44)):
        x, y, s = pen.width * lots.random(), pen.height * lots.random(), lots.uniform(10, 30)
        fill = color.mix(palette.ground, palette.beside(palette.ground, i), lots.uniform(0.4, 0.9))
        with pen.group("piece", at=(x, y), turn=lots.uniform(0, 180)):
            if i % 3 == 0:
                pen.circle(0, 0, s * 0.55, fill)
            elif i % 3 == 1:
                pen.polygon([(-s, s * 0.7), (0, -s), (s, s * 0.7)], fill)
            else:
                pen.rect(-s, -s * 0.3, 2 * s, s * 0.6, fill, r=s * 0.3)


def quarters(pen: Pen, lots: Chance, palette: Palette) -> None:
    cut = pen.width * lots.uniform(0.35, 0.65)
    pen.rect(0 if lots.random() < 0.5 else cut, 0, pen.width if cut > pen.width / 2 else cut, pen.height,
             tint(palette, lots, 0.3, 0.7))  # fmt: skip
    x, y = lots.choice((0.0, pen.width)), lots.choice((0.0, pen.height))
    pen.circle(x, y, lots.uniform(260, 420), tint(palette, lots, 0.3, 0.8))


BACKDROPS: tuple[Backdrop, ...] = (disc, arch, floor, rays, dots, bands, blob, sky, confetti, quarters)


QUIET: tuple[Backdrop, ...] = (disc, arch, rays, dots, blob, confetti)  # these leave most of the ground as it is


def lay(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Fill the page with the ground color and stand one backdrop on it."""
    pen.ground(palette.ground)
    made = lots.choice(BACKDROPS if palette.background is None else QUIET)
    with pen.group(made.__name__, lift=10):
        made(pen, lots, palette)
    if made not in (dots, confetti):
        sparks(pen, lots, palette)


def sparks(pen: Pen, lots: Chance, palette: Palette) -> None:
    """A few small stars and dots that keep the ground from being empty."""
    fill = tint(palette, lots, 0.25, 0.5)
    with pen.group("sparks"):
        for i in range(lots.randint(14, 20)):
            x, y = pen.width * lots.uniform(0.03, 0.97), pen.height * lots.uniform(0.03, 0.97)
            if i % 3:
                pen.circle(x, y, lots.uniform(4, 9), fill)
            else:
                with pen.group("spark", at=(x, y), scale=lots.uniform(12, 24)):
                    pen.path("M0-1Q0.12-0.12 1 0Q0.12 0.12 0 1Q-0.12 0.12-1 0Q-0.12-0.12 0-1Z", fill)
