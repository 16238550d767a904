"""Places in layers: hills, peaks, sea, desert, forest, city. Far layers are pale, near ones deep."""

import math
from itertools import pairwise

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Gradient, Pen, fade, glow
from studio.sandbox.drawing.scenes.parts import cloud, leaf


def _sky(pen: Pen, lots: Chance, palette: Palette, low: Rgb) -> None:
    """Ground color above, `low` at the horizon, with a sun or moon and clouds or stars."""
    pen.ground(palette.ground)
    if palette.background is None:
        with pen.group("sky"):
            high = color.shift(palette.ground, -0.07 if palette.dark else -0.02)
            pen.rect(0, 0, pen.width, pen.height, fade((high, palette.ground, low), (0, 0), (0, pen.height * 0.75)))
    if not palette.dark:
        with pen.group("clouds"):
            for _ in range(lots.randint(2, 5)):
                at = (pen.width * lots.uniform(-0.1, 0.9), pen.height * lots.uniform(0.12, 0.5))
                cloud(pen, at, lots.uniform(0.5, 1.5), color.mix(low, palette.paper, 0.6), 0.85)
    _sun_or_moon(pen, lots, palette)


def _sun_or_moon(pen: Pen, lots: Chance, palette: Palette) -> None:
    x, y = pen.width * lots.uniform(0.18, 0.82), pen.height * lots.uniform(0.16, 0.38)
    r, light = lots.uniform(70, 190), palette.paper if palette.dark else palette.beside(palette.ground, 1)
    with pen.group("moon" if palette.dark else "sun"):
        pen.circle(x, y, r * 2.4, glow(light, x, y, r * 2.4, 0.4))
        if palette.dark and lots.random() < 0.5:
            with pen.group("crescent", at=(x, y), scale=r / 100, turn=lots.uniform(-40, 20)):
                pen.path("M30-95A100 100 0 1 0 95 30A84 84 0 1 1 30-95Z", light)
        else:
            pen.circle(x, y, r, light)
    if palette.dark:
        with pen.group("stars"):
            for _ in range(70):
                at = (pen.width * lots.random(), pen.height * 0.6 * lots.random())
                pen.circle(*at, lots.choice((1.5, 2.2, 3.4)), palette.paper, lots.choice((0.6, 1.0)))


def _crest(pen: Pen, lots: Chance, base: float, rise: float, points: int, sharp: bool) -> list[tuple[float, float]]:
    made = []
    for i in range(points + 1):
        swing = rise if sharp and i % 2 else lots.uniform(-0.5, 0.5) * rise
        made.append((-60 + (pen.width + 120) * i / points, base - (lots.uniform(0.3, 1) * swing if sharp else swing)))
    return made


def _layer(pen: Pen, crest: list[tuple[float, float]], fill: Rgb, sharp: bool) -> None:
    bottom = pen.height + 30
    first, last = crest[0], crest[-1]
    if sharp:
        pen.polygon([(first[0], bottom), *crest, (last[0], bottom)], fill)
        return
    said = f"M{first[0]} {bottom}L{first[0]} {first[1]}"
    for (x, y), (u, v) in pairwise(crest):
        said += f"C{(x + u) / 2} {y} {(x + u) / 2} {v} {u} {v}"
    pen.path(said + f"L{last[0]} {bottom}Z", fill)


def _pines(pen: Pen, lots: Chance, crest: list[tuple[float, float]], fill: Rgb, count: int, size: float) -> None:
    for _ in range(count):
        (x, y), (u, v) = (lambda i: (crest[i], crest[i + 1]))(lots.randrange(len(crest) - 1))
        part = lots.random()
        s = size * lots.uniform(0.6, 1.3)
        px, py = x + (u - x) * part, y + (v - y) * (3 * part**2 - 2 * part**3) + s * 0.3
        points = [(px, py - s * 2.4)]
        for step in range(1, 4):
            points += [
                (px + s * 0.2 * step, py - s * (2.4 - 0.75 * step)),
                (px + s * 0.11 * step, py - s * (2.4 - 0.75 * step)),
            ]
        mirrored = [(2 * px - qx, qy) for qx, qy in reversed(points)]
        pen.polygon([*points, (px + s * 0.1, py), (px - s * 0.1, py), *mirrored[:-1]], fill)


def hills(pen: Pen, lots: Chance, palette: Palette) -> None:
    low = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.5)
    _sky(pen, lots, palette, low)
    layers = lots.randint(4, 6)
    fills = palette.ladder(layers, start=color.mix(low, palette.beside(palette.ground, 0), 0.5), end=palette.ink)
    horizon = pen.height * lots.uniform(0.44, 0.58)
    for i, fill in enumerate(fills):
        base = horizon + (pen.height - horizon) * (i / layers) ** 0.9
        with pen.group("hill", lift=9):
            crest = _crest(pen, lots, base, lots.uniform(60, 160), lots.randint(3, 5), sharp=False)
            _layer(pen, crest, fill, sharp=False)
            if i >= layers - 3:
                deep = color.mix(fill, palette.ink, 0.45)
                _pines(pen, lots, crest, deep, 16 + 4 * i, 16 + 14 * (i - layers + 3))


def peaks(pen: Pen, lots: Chance, palette: Palette) -> None:
    low = color.mix(palette.ground, palette.beside(palette.ground, 2), 0.45)
    _sky(pen, lots, palette, low)
    layers = lots.randint(3, 4)
    fills = palette.ladder(
        layers,
        start=color.mix(low, palette.beside(palette.ground, 0), 0.7),
        end=color.mix(palette.hue(0), palette.ink, 0.75),
    )
    for i, fill in enumerate(fills):
        base = pen.height * (0.62 + 0.12 * i)
        with pen.group("range", lift=9):
            crest = _crest(
                pen,
                lots,
                base,
                pen.height * lots.uniform(0.3, 0.42) * (1 - 0.2 * i),
                2 * lots.randint(2, 4),
                sharp=True,
            )
            _layer(pen, crest, fill, sharp=True)
            for k in range(1, len(crest) - 1, 2):
                _snow(pen, crest[k - 1], crest[k], crest[k + 1], fill, palette.paper if i < 2 else None)
    with pen.group("forest", lift=9):
        crest = _crest(pen, lots, pen.height * 0.93, 40, 5, sharp=False)
        _layer(pen, crest, palette.ink, sharp=False)
        _pines(pen, lots, crest, palette.ink, 46, 34)


def _snow(
    pen: Pen,
    left: tuple[float, float],
    top: tuple[float, float],
    right: tuple[float, float],
    fill: Rgb,
    snow: Rgb | None,
) -> None:
    """The shaded side of a peak, and its cap."""
    mid = top[0] + (right[0] - top[0]) * 0.12
    pen.polygon([top, right, (mid, right[1] + 40), (top[0] - 20, (top[1] + right[1]) / 2)], color.shift(fill, -0.06))
    if snow is None:
        return

    def down(end: tuple[float, float], share: float) -> tuple[float, float]:
        return top[0] + (end[0] - top[0]) * share, top[1] + (end[1] - top[1]) * share

    a, b = down(left, 0.3), down(right, 0.3)
    y = max(a[1], b[1])
    zigzag = [(top[0] + (b[0] - top[0]) * t, y - 26 + 40 * (n % 2)) for n, t in enumerate((0.5, 0.2, -0.1))]
    pen.polygon([top, b, *zigzag, a], snow)


def sea(pen: Pen, lots: Chance, palette: Palette) -> None:
    horizon = pen.height * lots.uniform(0.48, 0.62)
    low = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.55)
    pen.ground(palette.ground)
    with pen.group("sky"):
        if palette.background is None:
            pen.rect(0, 0, pen.width, horizon, fade((palette.ground, low), (0, 0), (0, horizon)))
        x, r = pen.width * lots.uniform(0.25, 0.75), lots.uniform(150, 260)
        y = horizon - r * lots.uniform(-0.1, 0.9)
        sun = palette.beside(palette.ground, 2)
        pen.circle(x, y, r * 2, glow(sun, x, y, r * 2, 0.45))
        pen.circle(x, y, r, sun)
        for _ in range(lots.randint(3, 6)):
            wide = lots.uniform(160, 420)
            pen.rect(pen.width * lots.random() - wide / 2, horizon * lots.uniform(0.15, 0.9), wide, 16,
                     color.mix(low, palette.paper, 0.5), 8)  # fmt: skip
    water = palette.beside(low, 0)
    with pen.group("water", lift=6):
        pen.rect(0, horizon, pen.width, pen.height - horizon, water)
        for i in range(16):
            depth = (i + 1) / 16
            yy = horizon + (pen.height - horizon) * depth**1.4
            half = r * (1.15 - 0.5 * depth) * lots.uniform(0.5, 1.1)
            pen.rect(x - half + lots.around(0, 40), yy - 20, half * 2, 6 + 12 * depth, color.mix(water, sun, 0.75), 9)
        for _ in range(44):
            depth = lots.random()
            wide = 40 + 150 * depth
            at = (pen.width * lots.random() - wide / 2, horizon + (pen.height - horizon) * depth)
            pen.rect(*at, wide, 3 + 6 * depth, color.shift(water, lots.choice((-0.07, 0.07))), 4)
    if lots.random() < 0.75:
        _boat(pen, lots, palette, horizon, water)
    _shore(pen, lots, palette, horizon)


def _boat(pen: Pen, lots: Chance, palette: Palette, horizon: float, water: Rgb) -> None:
    place = (pen.width * lots.choice((0.25, 0.36, 0.66, 0.76)), horizon + lots.uniform(30, 170))
    with pen.group("boat", at=place, scale=lots.uniform(0.9, 1.9), flip=lots.random() < 0.5, lift=4):
        pen.path("M-70 0H78C70 26 54 38 36 40H-44C-58 30-66 16-70 0Z", palette.ink)
        pen.path("M-4-8V-170C46-130 70-70 74-8Z", palette.paper)
        pen.path("M-14-8V-140C-40-96-58-50-66-8Z", palette.beside(water, 1))
        pen.line("M-9-180V0", palette.ink, 5)


def _shore(pen: Pen, lots: Chance, palette: Palette, horizon: float) -> None:
    far = color.mix(palette.hue(0), palette.ink, 0.5)
    left = lots.random() < 0.5
    with pen.group("island", at=(0 if left else pen.width, horizon + 2), flip=not left, lift=4):
        a, b = lots.uniform(60, 130), lots.uniform(30, 90)
        pen.path(f"M-30 0V{-a}C60 {-a - 50} 120 {-b} 200 {-b}S{300} -10 {lots.uniform(340, 460)} 0Z", far)


def desert(pen: Pen, lots: Chance, palette: Palette) -> None:
    low = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.5)
    _sky(pen, lots, palette, low)
    count = lots.randint(4, 5)
    fills = palette.ladder(
        count, start=color.mix(low, palette.hue(1), 0.6), end=color.mix(palette.hue(0), palette.ink, 0.5)
    )
    for i, fill in enumerate(fills):
        base = pen.height * (0.52 + 0.12 * i)
        with pen.group("dune", lift=8):
            crest = _crest(pen, lots, base, lots.uniform(60, 150), lots.randint(2, 4), sharp=False)
            _layer(pen, crest, fill, sharp=False)
            (x, y), (u, v) = crest[1], crest[2]
            pen.path(f"M{x} {y}C{(x + u) / 2} {y} {(x + u) / 2} {v} {u} {v}"
                f"C{u - 60} {v + 90} {x + 40} {pen.height} {x - 200} "
                     f"{pen.height + 30}C{x - 60} {y + 200} {x - 20} {y + 80} {x} {y}"
                         f"Z", color.shift(fill, -0.05))  # fmt: skip
    for _ in range(lots.randint(2, 4)):
        cactus(
            pen,
            lots,
            palette,
            (pen.width * lots.uniform(0.08, 0.92), pen.height * lots.uniform(0.8, 0.96)),
            lots.uniform(0.7, 1.7),
        )


def cactus(pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], scale: float) -> None:
    green = palette.ink if palette.asked else color.mix((46, 125, 91), palette.ink, 0.25)
    with pen.group("cactus", at=at, scale=scale, flip=lots.random() < 0.5, lift=6):
        pen.line("M0 20V-190", green, 54)
        pen.line(f"M0-50H-70V{-lots.uniform(90, 140)}", green, 36)
        pen.line(f"M0-84H66V{-lots.uniform(130, 180)}", green, 34)
        for x in (-12, 0, 12):
            pen.line(f"M{x} 6V-186", color.shift(green, 0.07), 3)


def forest(pen: Pen, lots: Chance, palette: Palette) -> None:
    low = color.mix(palette.ground, palette.paper, 0.4)
    _sky(pen, lots, palette, low)
    fills = palette.ladder(4, start=color.mix(low, palette.hue(0), 0.45), end=palette.ink)
    for row, fill in enumerate(fills):
        base = pen.height * (0.66 + 0.11 * row)
        with pen.group("trees", lift=8):
            _layer(pen, _crest(pen, lots, base, 40, 4, sharp=False), fill, sharp=False)
            for i in range(11 - row):
                x = pen.width * (i + lots.uniform(0.1, 0.9)) / (11 - row)
                _tree(pen, lots, (x, base + 20), (0.75 + 0.35 * row) * lots.uniform(0.75, 1.25), fill, palette, row)


def _tree(pen: Pen, lots: Chance, at: tuple[float, float], scale: float, fill: Rgb, palette: Palette, row: int) -> None:
    crown = color.mix(fill, palette.hue(lots.randrange(3)), 0.15 if row == 3 else 0.3)
    with pen.group("tree", at=at, scale=scale):
        pen.rect(-7, -110, 14, 120, color.mix(fill, palette.ink, 0.5), 4)
        if lots.random() < 0.5:
            pen.ellipse(0, -170, lots.uniform(48, 70), lots.uniform(86, 120), crown)
            pen.line("M0-60V-220M0-120L-26-160M0-150L26-190", color.mix(crown, palette.ink, 0.3), 5)
        else:
            for y, half in ((-60, 74), (-120, 60), (-180, 44)):
                pen.polygon([(0, y - 110), (half, y), (-half, y)], color.shift(crown, 0.02 * (y // -60)))


def skyline(pen: Pen, lots: Chance, palette: Palette) -> None:
    low = color.mix(palette.ground, palette.beside(palette.ground, 1), 0.6)
    _sky(pen, lots, palette, low)
    rows = 3
    fills = palette.ladder(rows, start=color.mix(low, palette.hue(0), 0.5), end=palette.ink)
    for row, fill in enumerate(fills):
        with pen.group("street", lift=8):
            x = -30.0
            while x < pen.width:
                wide = lots.uniform(70, 150) * (0.8 + 0.2 * row)
                high = pen.height * lots.uniform(0.16, 0.5) * (1.25 - 0.28 * row)
                _tower(pen, lots, palette, (x, pen.height * (0.82 + 0.09 * row) - high), (wide, high + 400), fill, row)
                x += wide + lots.uniform(-6, 14)


def _tower(
    pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], size: tuple[float, float], fill: Rgb, row: int
) -> None:
    (x, y), (wide, high) = at, size
    pen.rect(x, y, wide, high, fill)
    pen.rect(x + wide * 0.62, y, wide * 0.38, high, color.shift(fill, -0.03))
    roof = lots.randrange(5)
    if roof == 0:
        pen.polygon([(x, y), (x + wide / 2, y - wide * 0.5), (x + wide, y)], fill)
    elif roof == 1:
        pen.rect(x + wide * 0.25, y - 34, wide * 0.5, 36, fill)
        pen.line(f"M{x + wide / 2} {y - 30}V{y - 110}", fill, 5)
    elif roof == 2:
        pen.path(f"M{x} {y}A{wide / 2} {wide / 2} 0 0 1 {x + wide} {y}Z", fill)
    if row == 0:
        return
    lit = palette.beside(fill, 1)
    step = 30 + 6 * row
    for j in range(int(min(high, pen.height - y) / step)):
        for i in range(int((wide - 16) / step)):
            if lots.random() < 0.3:
                pen.rect(x + 14 + i * step, y + 18 + j * step, step * 0.42, step * 0.55, lit)


def rolling_fields(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Fields with rows of crops that run to one point, and flowers in front."""
    low = color.mix(palette.ground, palette.paper, 0.5)
    _sky(pen, lots, palette, low)
    horizon = pen.height * lots.uniform(0.4, 0.5)
    with pen.group("far", lift=6):
        _layer(pen, _crest(pen, lots, horizon, 90, 4, sharp=False), color.mix(low, palette.hue(0), 0.5), sharp=False)
    point = (pen.width * lots.uniform(0.3, 0.7), horizon + 30)
    with pen.group("field", lift=6):
        pen.rect(0, horizon + 30, pen.width, pen.height, palette.hue(0))
        rows = 15
        for i in range(rows):
            a, b = ((i + t) / rows * pen.width * 3.4 - pen.width * 1.2 for t in (0, 0.5))
            pen.polygon([point, (a, pen.height + 10), (b, pen.height + 10)], palette.hue(1 + i % 2))
    for i in range(26):
        x, y = pen.width * lots.random(), pen.height * lots.uniform(0.8, 1.02)
        _flower(pen, lots, palette, (x, y), 0.5 + 0.9 * (y / pen.height - 0.75) * 3, i)


def _flower(pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], scale: float, i: int) -> None:
    stem = color.mix(palette.hue(0), palette.ink, 0.6)
    bloom = palette.beside(palette.hue(0), i)
    with pen.group("flower", at=at, scale=scale, turn=lots.around(0, 14), lift=3):
        pen.line("M0 0V-120", stem, 6)
        leaf(pen, (0, -20), 60, 12, 40, stem)
        for k in range(6):
            pen.circle(22 * math.cos(k * math.pi / 3), -130 + 22 * math.sin(k * math.pi / 3), 16, bloom)
        pen.circle(0, -130, 12, palette.paper)


def northern(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Curtains of light over peaks and their mirror in a lake."""
    night = palette.ground if palette.dark else color.shift(palette.ink, 0.06)
    pen.ground(night)
    with pen.group("stars"):
        for _ in range(80):
            pen.circle(
                pen.width * lots.random(),
                pen.height * 0.6 * lots.random(),
                lots.choice((1.5, 2.2, 3.2)),
                palette.paper,
                0.8,
            )
    horizon = pen.height * lots.uniform(0.66, 0.74)
    for k in range(lots.randint(3, 4)):
        light = palette.beside(night, k)
        with pen.group("curtain"):
            _curtain(pen, lots, horizon * lots.uniform(0.5, 0.95), horizon * lots.uniform(0.35, 0.6), light)
    with pen.group("range", lift=4):
        crest = _crest(pen, lots, horizon + 10, pen.height * 0.2, 2 * lots.randint(3, 5), sharp=True)
        _layer(pen, crest, color.mix(palette.ink, night, 0.35), sharp=True)
    with pen.group("lake"):
        pen.rect(0, horizon, pen.width, pen.height, color.mix(night, palette.beside(night, 0), 0.22))
        for _ in range(60):
            wide = lots.uniform(40, 220)
            tone = color.mix(night, palette.beside(night, lots.randrange(3)), 0.55)
            pen.rect(
                pen.width * lots.random() - wide / 2,
                horizon + (pen.height - horizon) * lots.random(),
                wide,
                5,
                tone,
                3,
                0.7,
            )
    with pen.group("shore", lift=6):
        crest = _crest(pen, lots, pen.height * 0.95, 50, 4, sharp=False)
        _layer(pen, crest, palette.ink, sharp=False)
        _pines(pen, lots, crest, palette.ink, 40, 34)


def _curtain(pen: Pen, lots: Chance, foot: float, high: float, light: Rgb) -> None:
    """A band of rays, bright at its foot."""
    phase, bend = lots.uniform(0, 6.3), lots.uniform(40, 110)
    # One gradient for all rays of a curtain keeps the file small
    fill = Gradient(((0.0, light, 0.7), (1.0, light, 0.0)), (0, foot + bend * 0.6), (0, foot - high))
    step = pen.width / 28
    for i in range(30):
        x = (i - 1) * step
        y = foot + bend * math.sin(x / 170 + phase) + bend * 0.5 * math.sin(x / 63 + phase * 2)
        top = y - high * (0.6 + 0.4 * math.sin(x / 41 + phase * 3)) * lots.uniform(0.7, 1.1)
        pen.polygon([(x, y), (x + step, y), (x + step, top), (x, top)], fill)
