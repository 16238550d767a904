"""Still lifes: vessels and fruit, a chair by a lamp, balanced pebbles."""

import math

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.paths import parse
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen, fade, glow
from studio.sandbox.drawing.scenes import backdrops
from studio.sandbox.drawing.scenes.parts import leaf, natural

PROFILES = (
    "M-40-300C-34-240-34-220-60-190C-130-110-120 0-60 0H60C120 0 130-110 60-190C34-220 34-240 40-300Z",
    "M-30-330V-230C-30-210-90-190-90-120L-84 0H84L90-120C90-190 30-210 30-230V-330Z",
    "M-70-170C-130-150-130 0-60 0H60C130 0 130-150 70-170Z",
    "M-54-260L-84 0H84L54-260Z",
    "M-22-380V-260C-22-220-62-210-62-150V-12Q-62 0-50 0H50Q62 0 62-12V-150C62-210 22-220 22-260V-380Z",
    "M-100-150Q-100 0 0 0T100-150Z",
)
HEIGHTS = (300, 330, 170, 260, 380, 150)


def still_life(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    table = pen.height * lots.uniform(0.66, 0.76)
    with pen.group("light"):
        x, slant = pen.width * lots.uniform(0.1, 0.6), lots.choice((-1, 1)) * lots.uniform(100, 300)
        pen.polygon(
            [(x, 0), (x + 320, 0), (x + 320 + slant, table), (x + slant, table)],
            backdrops.tint(palette, lots, 0.15, 0.35),
        )
        pen.circle(
            pen.width * lots.choice((0.22, 0.78)),
            pen.height * 0.26,
            lots.uniform(90, 180),
            backdrops.tint(palette, lots, 0.3, 0.8),
        )
    with pen.group("table", lift=10):
        # On a background asked for, the table stands free of the edges
        left = 0.0 if palette.background is None else pen.width * 0.1
        wide, high = pen.width - 2 * left, pen.height - table if left == 0 else 260.0
        pen.rect(left, table, wide, high, color.mix(palette.ground, palette.beside(palette.ground, 2), 0.75))
        pen.rect(left, table, wide, 14, color.mix(palette.ground, palette.paper, 0.5))
    count = 3 if not pen.wide else 5
    kinds = lots.chosen(range(len(PROFILES)), count)
    for i, kind in enumerate(kinds):
        x = pen.width * (0.5 + (i - (count - 1) / 2) * 0.62 / count) + lots.around(0, 24)
        size = lots.uniform(1.2, 1.6) if i != count // 2 else lots.uniform(1.6, 2.0)
        base = table + lots.uniform(50, 150)
        _vessel(pen, lots, palette, (x, base), size, kind, i)
    for i in range(lots.randint(2, 4)):
        fruit(
            pen,
            lots,
            palette,
            (pen.width * lots.uniform(0.12, 0.88), table + lots.uniform(140, 210)),
            lots.uniform(44, 66),
            i,
        )


def _vessel(
    pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], size: float, kind: int, place: int
) -> None:
    fill, band = palette.beside(palette.ground, place), palette.beside(palette.hue(place), place + 1)
    high = HEIGHTS[kind]
    if kind in (0, 1, 4) and lots.random() < 0.85:
        _branch(pen, lots, palette, (at[0], at[1] - high * size), size)
    with pen.group("vessel", at=at, scale=size, lift=12):
        pen.ellipse(16, 2, 110, 14, color.mix(palette.ground, palette.ink, 0.55), 0.5)
        with pen.group("glaze"):
            pen.clip(parse(PROFILES[kind]))
            pen.rect(-160, -400, 320, 420, fill)
            _glaze(pen, lots, high, band)
            pen.path(f"M30 {-high}H160V20H60C90 {-high * 0.3} 70 {-high * 0.6} 30 {-high}Z", palette.ink, 0.14)
            pen.path(
                f"M-62 {-high}H-44C-70 {-high * 0.6} -72 {-high * 0.3} -60 10"
                f"H-84C-96 {-high * 0.4} -80 {-high * 0.7} -62 {-high}Z",
                palette.paper,
                0.28,
            )


def _glaze(pen: Pen, lots: Chance, high: float, band: Rgb) -> None:
    kind = lots.randrange(5)
    if kind == 0:
        for y in range(0, int(high), 46):
            pen.rect(-160, -y - 34, 320, 18, band)
    elif kind == 1:
        edge = "".join(f"q20 {30 + 26 * (i % 2)} 40 0" for i in range(8))
        pen.path(f"M-160 {-high * 0.55}{edge}V-420H-160Z", band)
    elif kind == 2:
        for _ in range(26):
            pen.ellipse(lots.uniform(-110, 110), -lots.uniform(10, high), lots.uniform(4, 11), lots.uniform(4, 8), band)
    elif kind == 3:
        for x in range(-120, 121, 30):
            pen.line(f"M{x} 10V{-high}", band, 7)


def _branch(pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], size: float) -> None:
    green = natural(palette, None, (84, 130, 84))
    with pen.group("branch", at=at, scale=size, lift=8):
        for side in (-1, 1, lots.choice((-0.3, 0.3))):
            bend, long = side * lots.uniform(40, 90), lots.uniform(150, 230)
            pen.line(f"M0 10Q{bend * 0.2} {-long * 0.5} {bend} {-long}", color.shift(green, -0.14), 5)
            for k in range(5):
                t = 0.35 + 0.15 * k
                x, y = bend * t * t, -long * t
                for s in (-1, 1):
                    leaf(pen, (x, y), 56, 14, s * 52 + side * 14, color.shift(green, 0.05 * s))


def fruit(pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], r: float, place: int) -> None:
    fill = natural(palette, None, ((240, 150, 40), (226, 80, 60), (242, 193, 60))[place % 3])
    with pen.group("fruit", at=at, lift=8):
        pen.ellipse(10, r * 0.92, r, r * 0.18, palette.ink, 0.3)
        pen.circle(
            0, 0, r, fade((color.shift(fill, 0.08), fill, color.shift(fill, -0.14)), (-r * 0.5, -r), (r * 0.5, r))
        )
        pen.circle(-r * 0.35, -r * 0.4, r * 0.2, palette.paper, 0.5)
        pen.line(f"M0 {-r * 0.9}q4 {-r * 0.3} {r * 0.2} {-r * 0.36}", palette.ink, 5)
        leaf(pen, (2, -r), r * 0.7, r * 0.2, 70, natural(palette, None, (84, 130, 84)))


def chair(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    line = pen.height * lots.uniform(0.68, 0.76)
    with pen.group("floor", lift=4):
        if palette.background is None:
            floor = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.55)
            pen.rect(0, line, pen.width, pen.height - line, floor)
        pen.ellipse(pen.width / 2, line + 110, 400, 70, palette.beside(palette.ground, 2))
    with pen.group("pictures", lift=8):
        x, y = pen.width * lots.choice((0.3, 0.62)), line - 560
        pen.rect(x, y, 170, 220, palette.paper, 4)
        pen.rect(x + 14, y + 14, 142, 192, palette.hue(1))
        pen.circle(x + 85, y + 90, 46, palette.hue(0))
        pen.rect(x + 14, y + 150, 142, 56, palette.hue(2))
    flip = lots.random() < 0.5
    with pen.group("room", at=(pen.width / 2, line + 100), flip=flip, scale=lots.uniform(1.1, 1.35)):
        _armchair(pen, palette)
        _lamp(pen, palette)
        _plant(pen, lots, palette)


def _armchair(pen: Pen, palette: Palette) -> None:
    cloth = palette.beside(palette.ground, 0)
    wood = natural(palette, None, (138, 90, 54))
    with pen.group("chair", lift=12):
        pen.line("M-130-20L-150 20M130-20L150 20M-90-20L-96 8M90-20L96 8", wood, 14)
        pen.rect(-120, -330, 240, 230, cloth, 56)
        pen.rect(-96, -306, 192, 120, color.shift(cloth, 0.05), 40)
        pen.rect(-150, -150, 300, 100, color.shift(cloth, 0.03), 36)
        pen.rect(-140, -70, 280, 56, color.shift(cloth, -0.07), 20)
        for x in (-176, 120):
            pen.rect(x, -200, 56, 180, color.shift(cloth, -0.04), 28)
        with pen.group("cushion", at=(-20, -170), turn=-12):
            pen.rect(-62, -62, 124, 116, palette.beside(cloth, 1), 26)
            pen.line("M-40-30H40M-40 0H40M-40 30H40", palette.beside(palette.hue(1), 2), 6)


def _lamp(pen: Pen, palette: Palette) -> None:
    with pen.group("lamp", at=(270, 0), lift=10):
        pen.circle(0, -470, 190, glow(palette.paper, 0, -470, 190, 0.5))
        pen.line("M0 0V-440", palette.ink, 8)
        pen.ellipse(0, 4, 60, 12, palette.ink)
        pen.path("M-52-520H52L84-400H-84Z", palette.beside(palette.ground, 2))


def _plant(pen: Pen, lots: Chance, palette: Palette) -> None:
    green = natural(palette, None, (60, 130, 96))
    with pen.group("plant", at=(-290, 0), lift=10):
        for k in range(9):
            angle = -70 + k * 17.5
            leaf(
                pen,
                (0, -110),
                lots.uniform(150, 230),
                34,
                angle,
                color.shift(green, 0.05 * (k % 3 - 1)),
                color.shift(green, -0.1),
            )
        pen.path("M-60-120H60L44 10H-44Z", palette.beside(palette.ground, 1))
        pen.rect(-68, -132, 136, 30, color.shift(palette.beside(palette.ground, 1), 0.05), 8)


def pebbles(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Pebbles balanced on one another over still water."""
    pen.ground(palette.ground)
    x, base = pen.width * lots.around(0.5, 0.1), pen.height * lots.uniform(0.8, 0.88)
    with pen.group("sun"):
        pen.circle(
            x + lots.around(0, 220),
            pen.height * lots.uniform(0.24, 0.4),
            lots.uniform(170, 290),
            backdrops.tint(palette, lots, 0.35, 0.8),
        )
    with pen.group("water", lift=4):
        water = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.4)
        pen.rect(0, base - 40, pen.width, pen.height, water)
        for k in range(5, 0, -1):
            pen.ellipse(x, base, 150 + 110 * k, 22 + 18 * k, color.mix(water, palette.paper, 0.28 if k % 2 else 0.08))
    y, wide = base + 6, lots.uniform(210, 260) * min(1.3, pen.height / 1000)
    for i in range(lots.randint(4, 6)):
        high = wide * lots.uniform(0.36, 0.46)
        _stone(pen, lots, palette, (x + lots.around(0, 16), y - high), (wide, high), i)
        y -= 2 * high * 0.94
        wide *= lots.uniform(0.72, 0.86)


def _stone(
    pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], size: tuple[float, float], i: int
) -> None:
    fill = palette.beside(palette.ground, i)
    wide, high = size
    with pen.group("stone", at=at, turn=lots.around(0, 3), lift=10):
        points = []
        for q in range(12):
            a = q * math.pi / 6
            points.append(
                (wide * math.cos(a) * lots.uniform(0.96, 1.03), high * math.sin(a) * lots.uniform(0.96, 1.03))
            )
        pen.blob(
            points,
            fade((color.shift(fill, 0.07), fill, color.shift(fill, -0.12)), (-wide * 0.4, -high), (wide * 0.3, high)),
        )
        for _ in range(14):
            a, r = lots.uniform(0, 6.3), lots.uniform(0, 0.82)
            pen.ellipse(
                wide * r * math.cos(a),
                high * r * math.sin(a),
                lots.uniform(2, 8),
                lots.uniform(2, 5),
                color.shift(fill, lots.choice((-0.14, 0.1))),
            )
