"""Things that stand for themselves: balloons, a lighthouse, a planet, a rocket, houses, mushrooms."""

import math

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.paths import parse
from studio.sandbox.drawing.scene import Pen, fade, glow
from studio.sandbox.drawing.scenes import backdrops, land
from studio.sandbox.drawing.scenes.parts import cloud, leaf, natural, subject

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


def planet(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    _stars(pen, lots, palette)
    r = lots.uniform(230, 310)
    at = (pen.width * lots.uniform(0.36, 0.64), pen.height * lots.uniform(0.42, 0.6))
    ring = palette.beside(palette.ground, 1)
    has_ring = lots.random() < 0.85
    with pen.group("planet", at=at, turn=lots.uniform(-32, 32)):
        if has_ring:
            pen.path(_half_ring(r, 1), color.shift(ring, -0.1))
        with pen.group("ball"):
            pen.clip(parse(f"M{-r} 0A{r} {r} 0 0 1 {r} 0A{r} {r} 0 0 1 {-r} 0Z"))
            _ball(pen, lots, palette, r)
        if has_ring:
            pen.path(_half_ring(r, 0), ring)
    for i in range(lots.randint(1, 3)):
        x, y = pen.width * lots.choice((0.14, 0.86)) + lots.around(0, 50), pen.height * lots.uniform(0.1, 0.9)
        s, fill = lots.uniform(34, 80), palette.beside(palette.ground, i + 1)
        with pen.group("moon"):
            pen.circle(x, y, s, fill)
            pen.circle(x - s * 0.3, y - s * 0.2, s * 0.2, color.shift(fill, -0.1))
            pen.circle(x + s * 0.3, y + s * 0.3, s * 0.14, color.shift(fill, -0.1))


def _half_ring(r: float, far: int) -> str:
    """The half of a planet's ring behind the planet, or before it when `far` is 0."""
    return (
        f"M{-r * 1.8} 0A{r * 1.8} {r * 0.5} 0 0 {far} {r * 1.8} 0"
        f"H{r * 1.5}A{r * 1.5} {r * 0.36} 0 0 {1 - far} {-r * 1.5} 0Z"
    )


def _ball(pen: Pen, lots: Chance, palette: Palette, r: float) -> None:
    """Bands of weather and a shaded side; to be clipped."""
    main, y = palette.beside(palette.ground, 0), -r
    pen.rect(-r, -r, 2 * r, 2 * r, main)
    for i in range(12):
        high, bend = lots.uniform(20, 90), lots.around(0, 40)
        tone = palette.hue(i) if i % 3 == 0 else color.shift(main, (0.08, -0.08, 0.03)[i % 3])
        pen.path(f"M{-r} {y}q{r / 2} {bend} {r} 0t{r} 0v{high}q{-r / 2} {bend} {-r} 0t{-r} 0Z", tone)
        y += high + lots.uniform(10, 50)
    pen.path(f"M{r * 0.25} {-r}A{r * 1.15} {r * 1.15} 0 0 1 {r * 0.1} {r}H{r * 1.2}V{-r}Z", palette.ink, 0.35)


def _stars(pen: Pen, lots: Chance, palette: Palette) -> None:
    light = palette.paper if palette.dark else palette.ink
    with pen.group("stars"):
        for _ in range(90):
            x, y, r = pen.width * lots.random(), pen.height * lots.random(), lots.choice((2.0, 3.0, 5.0))
            pen.circle(x, y, r, light if lots.random() < 0.7 else palette.hue(1))
        for _ in range(6):
            at, s = (pen.width * lots.random(), pen.height * lots.random()), lots.uniform(12, 26)
            with pen.group("star", at=at, scale=s):
                pen.path("M0-1Q0 0 1 0Q0 0 0 1Q0 0-1 0Q0 0 0-1Z", light)


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
            f"M-20 {low}Q{pen.width * 0.3} {low - 90} {pen.width * 0.6} {low - 10}"
            f"T{pen.width + 20} {low - 30}V{pen.height + 20}H-20Z",
            moss,
        )
    spots = [(0.5, 2.1), (0.27, 1.3), (0.74, 1.5), (0.88, 0.8), (0.13, 0.8)]
    for x, size in sorted(spots[: lots.randint(3, 5)], key=lambda spot: -spot[1]):
        cap = subject(palette, lots, (214, 64, 48))
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


def star_points(count: int, outer: float, inner: float) -> list[tuple[float, float]]:
    """The corners of a star with its first point up."""
    made = []
    for corner in range(2 * count):
        r, angle = (inner if corner % 2 else outer), corner * math.pi / count - math.pi / 2
        made.append((r * math.cos(angle), r * math.sin(angle)))
    return made
