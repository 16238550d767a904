"""Things that stand for themselves: balloons, a lighthouse, vessels, a chair, a planet, a rocket, houses."""

import math

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.paths import parse
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen, fade, glow
from studio.sandbox.drawing.scenes import backdrops, land
from studio.sandbox.drawing.scenes.parts import cloud, leaf, natural

ENVELOPE = "M-100 0A100 100 0 0 1 100 0C100 62 42 104 26 138H-26C-42 104-100 62-100 0Z"


def balloons(pen: Pen, lots: Chance, palette: Palette) -> None:
    land.hills(pen, lots, palette)
    places = lots.chosen(
        ((0.5, 0.36, 1.7), (0.24, 0.26, 1.0), (0.78, 0.3, 1.15), (0.7, 0.56, 0.6), (0.2, 0.58, 0.7)), lots.randint(2, 4)
    )
    side = lots.random() < 0.5
    for i, (x, y, size) in enumerate(sorted(places, key=lambda place: place[2])):
        at = (pen.width * ((1 - x if side else x) + lots.around(0, 0.04)), pen.height * (y + lots.around(0, 0.04)))
        balloon(pen, palette, at, size * lots.uniform(0.85, 1.2), i)


def balloon(pen: Pen, palette: Palette, at: tuple[float, float], size: float, start: int) -> None:
    colors = [
        palette.beside(palette.ground, start),
        palette.paper,
        palette.beside(palette.ground, start + 1),
        palette.hue(start + 2),
    ]
    rope = color.mix(palette.ink, palette.hue(0), 0.2)
    with pen.group("balloon", at=at, scale=size, lift=12):
        pen.line("M-22 138L-17 166M22 138L17 166M0 138V166", rope, 3)
        pen.rect(-20, 164, 40, 30, rope, 5)
        pen.rect(-23, 162, 46, 7, color.shift(rope, 0.12), 3)
        with pen.group("envelope"):
            pen.clip(parse(ENVELOPE))
            pen.rect(-110, -110, 220, 260, colors[0])
            for i, k in enumerate((0.86, 0.60, 0.28)):
                pen.path(
                    f"M{-100 * k} 0C{-100 * k} -60 {-70 * k} -100 0 -104C{70 * k} -100 {100 * k} -60 {100 * k} 0"
                    f"C{100 * k} 62 {42 * k} 104 {26 * k} 140H{-26 * k}C{-42 * k} 104 {-100 * k} 62 {-100 * k} 0Z",
                    colors[(i + 1) % 4],
                )
            pen.rect(-110, 6, 220, 14, colors[3])
            pen.rect(-110, 32, 220, 6, colors[3])
            pen.path("M20-110H120V150H10C60 90 90 50 70-30Z", palette.ink, 0.12)


def lighthouse(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    low = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.6)
    horizon = pen.height * lots.uniform(0.7, 0.78)
    if palette.background is None:
        with pen.group("sky"):
            pen.rect(0, 0, pen.width, horizon, fade((palette.ground, low), (0, 0), (0, horizon)))
    with pen.group("stars"):
        for _ in range(60):
            pen.circle(
                pen.width * lots.random(),
                horizon * 0.7 * lots.random(),
                lots.choice((1.5, 2.4, 3.4)),
                palette.paper,
                0.8,
            )
    for _ in range(4):
        cloud(pen, (pen.width * lots.uniform(-0.1, 0.9), horizon * lots.uniform(0.3, 0.95)), lots.uniform(0.7, 1.7),
              color.mix(low, palette.paper, 0.35), 0.7)  # fmt: skip
    with pen.group("sea", lift=6):
        water = palette.beside(low, 0)
        pen.rect(0, horizon, pen.width, pen.height, water)
        for i in range(12):
            y, start = horizon + 20 + i * 32, lots.uniform(-90, 0)
            tone = color.shift(water, (0.08, 0.16, -0.07)[i % 3])
            waves = "".join("q25-14 50 0t50 0" for _ in range(int(pen.width / 100) + 2))
            pen.line(f"M{start} {y}{waves}", tone, 5)
    x, flip = pen.width * lots.uniform(0.3, 0.7), lots.random() < 0.5
    with pen.group(
        "lighthouse",
        at=(x, horizon + 60),
        scale=lots.uniform(1.0, 1.25) * min(1.3, pen.height / 1000),
        flip=flip,
        lift=10,
    ):
        _lighthouse(pen, lots, palette)


def _lighthouse(pen: Pen, lots: Chance, palette: Palette) -> None:
    wall, red = palette.paper, palette.beside(palette.ground, 0)
    pen.path("M0-528L900-720V-330Z", fade((palette.paper, palette.ground), (0, 0), (700, 0)) if palette.asked else
             glow(palette.paper, 0, -528, 720, 0.75))  # fmt: skip
    pen.path("M-230 400C-200 40-100-20 0-20S250 30 330 400Z", color.mix(palette.ink, palette.hue(2), 0.2))
    pen.path("M-160 400C-130 80-60 10 10-8C-20 60-40 120-30 400Z", color.mix(palette.ink, palette.hue(2), 0.38))
    pen.path("M-68 0L-44-480H44L68 0Z", wall)
    count = lots.choice((2, 3, 4))
    for i in range(count):
        top, high = -480 + 480 * (i + 0.25) / count, 480 / count * 0.5
        a, b = 44 + 24 * (top + 480) / 480, 44 + 24 * (top + high + 480) / 480
        pen.polygon([(-a, top), (a, top), (b, top + high), (-b, top + high)], red)
    pen.path("M20-480H44L68 0H30Z", palette.ink, 0.18)
    pen.rect(-62, -494, 124, 18, palette.ink, 4)
    pen.rect(-38, -558, 76, 66, palette.hue(1))
    pen.line("M-26-558V-494M0-558V-494M26-558V-494", palette.ink, 5)
    pen.path("M-50-556H50L0-612Z", red)
    pen.circle(0, -616, 9, palette.ink)
    pen.path("M-16 0V-48a16 16 0 0 1 32 0V0Z", palette.ink)
    for y in (-320, -164):
        pen.rect(-9, y, 18, 28, palette.ink, 8)
    pen.path("M70 4h92v-46l-46-34-46 34Z", wall)
    pen.path("M58-40l58-46 58 46Z", palette.ink)
    pen.rect(106, -28, 20, 32, palette.hue(1))


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
        pen.rect(
            0, table, pen.width, pen.height - table, color.mix(palette.ground, palette.beside(palette.ground, 2), 0.75)
        )
        pen.rect(0, table, pen.width, 14, color.mix(palette.ground, palette.paper, 0.5))
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
                f"M-62 {-high}H-44C-70 {-high * 0.6} -72 {-high * 0.3} -60 10H-84C-96 {-high * 0.4} -80 {-high * 0.7} -62 {-high}Z",
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
        pen.rect(
            0, line, pen.width, pen.height - line, color.mix(palette.ground, palette.beside(palette.ground, 1), 0.55)
        )
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


def planet(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    night = palette.paper if palette.dark else palette.ink
    with pen.group("stars"):
        for _ in range(90):
            x, y, r = pen.width * lots.random(), pen.height * lots.random(), lots.choice((2.0, 3.0, 5.0))
            pen.circle(x, y, r, night if lots.random() < 0.7 else palette.hue(1))
        for _ in range(6):
            x, y, s = pen.width * lots.random(), pen.height * lots.random(), lots.uniform(12, 26)
            pen.path(
                f"M{x} {y - s}Q{x} {y} {x + s} {y}Q{x} {y} {x} {y + s}Q{x} {y} {x - s} {y}Q{x} {y} {x} {y - s}Z", night
            )
    r = lots.uniform(230, 310)
    at = (pen.width * lots.uniform(0.36, 0.64), pen.height * lots.uniform(0.42, 0.6))
    main = palette.beside(palette.ground, 0)
    with pen.group("planet", at=at, turn=lots.uniform(-32, 32), lift=0):
        ring = palette.beside(palette.ground, 1)
        has_ring = lots.random() < 0.7
        if has_ring:
            pen.path(
                f"M{-r * 1.8} 0A{r * 1.8} {r * 0.5} 0 0 1 {r * 1.8} 0H{r * 1.5}A{r * 1.5} {r * 0.36} 0 0 0 {-r * 1.5} 0Z",
                color.shift(ring, -0.1),
            )
        with pen.group("ball"):
            pen.clip(parse(f"M{-r} 0A{r} {r} 0 0 1 {r} 0A{r} {r} 0 0 1 {-r} 0Z"))
            pen.rect(-r, -r, 2 * r, 2 * r, main)
            y = -r
            for i in range(12):
                high = lots.uniform(20, 90)
                tone = palette.hue(i) if i % 3 == 0 else color.shift(main, (0.08, -0.08, 0.03)[i % 3])
                pen.path(
                    f"M{-r} {y}q{r / 2} {lots.around(0, 40)} {r} 0t{r} 0v{high}q{-r / 2} {lots.around(0, 40)} {-r} 0t{-r} 0Z",
                    tone,
                )
                y += high + lots.uniform(10, 50)
            pen.path(f"M{r * 0.25} {-r}A{r * 1.15} {r * 1.15} 0 0 1 {r * 0.1} {r}H{r * 1.2}V{-r}Z", palette.ink, 0.35)
        if has_ring:
            pen.path(
                f"M{-r * 1.8} 0A{r * 1.8} {r * 0.5} 0 0 0 {r * 1.8} 0H{r * 1.5}A{r * 1.5} {r * 0.36} 0 0 1 {-r * 1.5} 0Z",
                ring,
            )
    for i in range(lots.randint(1, 3)):
        x, y, s = (
            pen.width * lots.choice((0.14, 0.86)) + lots.around(0, 50),
            pen.height * lots.uniform(0.1, 0.9),
            lots.uniform(34, 80),
        )
        fill = palette.beside(palette.ground, i + 1)
        pen.circle(x, y, s, fill)
        pen.circle(x - s * 0.3, y - s * 0.2, s * 0.2, color.shift(fill, -0.1))
        pen.circle(x + s * 0.3, y + s * 0.3, s * 0.14, color.shift(fill, -0.1))


def rocket(pen: Pen, lots: Chance, palette: Palette) -> None:
    planet(pen, lots, palette)
    body, fin = palette.paper if palette.dark else palette.beside(palette.ground, 2), palette.beside(palette.ground, 0)
    with pen.group(
        "rocket",
        at=(pen.width * lots.uniform(0.4, 0.6), pen.height * 0.56),
        scale=lots.uniform(1.3, 1.8),
        turn=lots.around(0, 40),
        lift=14,
    ):
        for k, fill in enumerate((palette.hue(1), palette.hue(0), palette.paper)):
            s = 1 - 0.28 * k
            pen.path(
                f"M{-40 * s} 120Q{-60 * s} {120 + 90 * s} 0 {120 + 190 * s}Q{60 * s} {120 + 90 * s} {40 * s} 120Z", fill
            )
        pen.path(
            "M-58 20C-120 60-120 120-110 160C-90 130-60 120-46 118ZM58 20C120 60 120 120 110 160C90 130 60 120 46 118Z",
            fin,
        )
        pen.path("M0-230C70-160 84-40 50 120H-50C-84-40-70-160 0-230Z", body)
        pen.path("M0-230C34-196 54-150 62-100H-62C-54-150-34-196 0-230Z", fin)
        pen.path("M20-205C70-140 80-40 50 120H22C46-40 44-140 20-205Z", palette.ink, 0.14)
        pen.circle(0, -40, 36, palette.ink)
        pen.circle(0, -40, 26, palette.hue(1))
        pen.circle(-8, -48, 8, palette.paper)
        pen.rect(-52, 104, 104, 20, palette.ink, 6)


def houses(pen: Pen, lots: Chance, palette: Palette) -> None:
    """A row of narrow houses by the water."""
    pen.ground(palette.ground)
    with pen.group("sky"):
        for _ in range(4):
            cloud(
                pen,
                (pen.width * lots.uniform(-0.1, 0.9), pen.height * lots.uniform(0.12, 0.36)),
                lots.uniform(0.7, 1.5),
                color.mix(palette.ground, palette.paper, 0.7),
            )
        pen.circle(
            pen.width * lots.uniform(0.15, 0.85),
            pen.height * 0.2,
            lots.uniform(60, 100),
            palette.beside(palette.ground, 1),
        )
    base = pen.height * lots.uniform(0.74, 0.82)
    x, i = -30.0, lots.randrange(4)
    while x < pen.width:
        wide = lots.uniform(130, 200)
        _house(pen, lots, palette, (x, base), (wide, pen.height * lots.uniform(0.32, 0.5)), i)
        x, i = x + wide, i + 1
    with pen.group("water", lift=8):
        water = color.mix(palette.hue(2), palette.ink, 0.4)
        pen.rect(0, base, pen.width, 22, color.mix(palette.ink, palette.paper, 0.25))
        pen.rect(0, base + 22, pen.width, pen.height, water)
        for _ in range(40):
            wide = lots.uniform(40, 160)
            pen.rect(
                pen.width * lots.random(),
                base + 40 + (pen.height - base) * lots.random(),
                wide,
                7,
                color.shift(water, lots.choice((0.08, -0.05))),
                4,
            )


def _house(
    pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], size: tuple[float, float], i: int
) -> None:
    (x, base), (wide, high) = at, size
    wall = palette.beside(palette.ground, i)
    trim, glass = color.mix(wall, palette.paper, 0.75), color.mix(palette.ink, palette.hue(1), 0.25)
    top = base - high
    with pen.group("house", lift=5):
        roof = lots.randrange(3)
        if roof == 0:
            pen.polygon([(x, top), (x + wide / 2, top - wide * 0.6), (x + wide, top)], color.shift(wall, -0.14))
        elif roof == 1:
            pen.path(
                f"M{x} {top}h{wide * 0.2}v-40h{wide * 0.15}v-40h{wide * 0.3}v40h{wide * 0.15}v40h{wide * 0.2}Z",
                color.shift(wall, -0.05),
            )
        else:
            pen.path(
                f"M{x} {top}q{wide * 0.1}-70 {wide * 0.5}-110q{wide * 0.4} 40 {wide * 0.5} 110Z",
                color.shift(wall, -0.1),
            )
        pen.rect(x, top, wide, high, wall)
        rows = max(2, int(high / 120))
        for row in range(rows):
            for k in (0.18, 0.58):
                y = top + 30 + row * (high - 40) / rows
                if row == rows - 1 and k > 0.5:
                    pen.rect(x + wide * k, base - 92, wide * 0.26, 92, palette.beside(wall, i + 1), 4)
                    continue
                pen.rect(x + wide * k - 5, y - 5, wide * 0.24 + 10, 72, trim, 3)
                pen.rect(x + wide * k, y, wide * 0.24, 62, glass if lots.random() < 0.7 else palette.hue(1))
                pen.line(f"M{x + wide * (k + 0.12)} {y}v62M{x + wide * k} {y + 30}h{wide * 0.24}", trim, 4)


def mushrooms(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    moss = color.mix(palette.ink, natural(palette, None, (70, 120, 70)), 0.6)
    with pen.group("moss", lift=8):
        low = pen.height * 0.84
        pen.path(
            f"M-20 {low}Q{pen.width * 0.3} {low - 90} {pen.width * 0.6} {low - 10}T{pen.width + 20} {low - 30}V{pen.height + 20}H-20Z",
            moss,
        )
    spots = [(0.5, 2.1), (0.27, 1.3), (0.74, 1.5), (0.88, 0.8), (0.13, 0.8)]
    for x, size in sorted(spots[: lots.randint(3, 5)], key=lambda spot: -spot[1]):
        cap = natural(palette, lots, (214, 64, 48))
        at = (pen.width * (x + lots.around(0, 0.03)), pen.height * lots.uniform(0.84, 0.92))
        with pen.group("mushroom", at=at, scale=size * lots.uniform(0.85, 1.1), turn=lots.around(0, 6), lift=10):
            stem = color.mix(palette.paper, palette.hue(1), 0.12)
            pen.path("M-34 10C-20-60-26-120-24-170H24C26-120 20-60 34 10Z", stem)
            pen.path("M6 10C14-60 10-120 8-170H24C26-120 20-60 34 10Z", palette.ink, 0.12)
            pen.path("M-40-150C-20-120 20-120 40-150Z", color.shift(stem, -0.08))
            pen.path("M-130-160C-130-250-60-310 0-310S130-250 130-160C130-140-130-140-130-160Z", cap)
            pen.path(
                "M40-304C96-286 130-230 130-160C130-150 96-146 60-145C100-200 84-262 40-304Z", color.shift(cap, -0.1)
            )
            for px, py, r in (
                (-60, -220, 20),
                (0, -262, 24),
                (56, -206, 18),
                (-14, -188, 14),
                (-96, -176, 10),
                (98, -172, 9),
            ):
                pen.ellipse(px, py, r, r * 0.8, palette.paper)
    for _ in range(22):
        at = (pen.width * lots.random(), pen.height * lots.uniform(0.86, 0.98))
        leaf(pen, at, lots.uniform(40, 110), 7, lots.around(0, 24), color.shift(moss, lots.uniform(-0.06, 0.1)))


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
    y, wide = base + 6, lots.uniform(210, 260)
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


def star_points(count: int, outer: float, inner: float) -> list[tuple[float, float]]:
    return [((outer if q % 2 == 0 else inner) * math.cos(q * math.pi / count - math.pi / 2),
             (outer if q % 2 == 0 else inner) * math.sin(q * math.pi / count - math.pi / 2)) for q in range(2 * count)]  # fmt: skip
