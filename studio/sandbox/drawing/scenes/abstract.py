"""Pictures of nothing but form: grids, waves, chips, lines, blocks. Every one fills any aspect."""

import math

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen, fade, glow


def _spread(pen: Pen) -> float:
    """Repeated forms grow with the page beyond a square one, so that long pages hold no more of them."""
    return max(1.0, math.sqrt(pen.width * pen.height / 1.2e6))


def _all(palette: Palette) -> tuple[Rgb, ...]:
    return (palette.ground, *palette.hues, palette.ink if palette.dark else palette.paper)


def bauhaus(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    across = lots.choice((4, 5, 6)) if not pen.wide else lots.choice((6, 7, 8))
    s = pen.width / across
    down = max(2, round(pen.height / s))
    h = pen.height / down
    with pen.group("tiles"):
        for row in range(down):
            for column in range(across):
                under, over = lots.chosen(_all(palette), 2)
                with pen.group("tile", at=(column * s, row * h)):
                    pen.rect(0, 0, s + 0.5, h + 0.5, under)
                    _tile(pen, lots.randrange(9), s, h, under, over)


def _tile(pen: Pen, kind: int, s: float, h: float, under: Rgb, over: Rgb) -> None:
    if kind == 0:
        pen.path(f"M0 0A{s} {h} 0 0 1 {s} {h}H0Z", over)
    elif kind == 1:
        pen.ellipse(s / 2, h / 2, s * 0.36, h * 0.36, over)
    elif kind == 2:
        pen.polygon([(0, h), (s, 0), (s, h)], over)
    elif kind == 3:
        pen.path(f"M0 {h / 2}A{s / 2} {h / 2} 0 0 1 {s} {h / 2}ZM0 {h}A{s / 2} {h / 2} 0 0 1 {s} {h}Z", over)
    elif kind == 4:
        for q in range(4):
            pen.rect(0, q * h / 4, s + 0.5, h / 8, over)
    elif kind == 5:
        pen.ellipse(s / 2, h / 2, s * 0.44, h * 0.44, over)
        pen.ellipse(s / 2, h / 2, s * 0.22, h * 0.22, under)
    elif kind == 6:
        pen.polygon([(0, 0), (s, 0), (s / 2, h)], over)
    elif kind == 7:
        pen.path(f"M0 0A{s} {h} 0 0 0 {s} {h}V0Z", over)
        pen.circle(s * 0.28, h * 0.72, s * 0.13, over)
    else:
        pen.path(f"M0 0A{s} {h} 0 0 1 {s} {h}H{s * 0.62}A{s * 0.62} {h * 0.62} 0 0 0 0 {h * 0.38}Z", over)


def _algae(pen: Pen, fill: Rgb, leaves: int) -> None:
    """A cut-out frond standing on the origin."""
    left, right = "", ""
    for i in range(leaves):
        y, long = -i * 46 - 20, 60 * math.sin((i + 1) / (leaves + 1) * math.pi) ** 0.6 + 16
        left += f"C-10 {y + 10} {-long} {y + 24} {-long} {y - 2}C{-long} {y - 24} -22 {y - 6} -9 {y - 26}"
    for i in reversed(range(leaves)):
        y, long = -i * 46 - 20, 60 * math.sin((i + 1) / (leaves + 1) * math.pi) ** 0.6 + 16
        right += f"C22 {y - 6} {long} {y - 24} {long} {y - 2}C{long} {y + 24} 10 {y + 10} 9 {y + 26}"
    top = -leaves * 46
    pen.path(f"M0 0{left}C-8 {top - 44} 8 {top - 44} 9 {top - 20}{right}Z", fill)


def cutouts(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    across = lots.choice((3, 4)) if not pen.wide else 5
    down = max(2, round(pen.height / pen.width * across))
    w, h = pen.width / across, pen.height / down
    colors = _all(palette)
    for row in range(down):
        for column in range(across):
            under = colors[(column * 2 + row * 3 + lots.randrange(2)) % len(colors)]
            with pen.group("tile", at=(column * w, row * h)):
                pen.rect(0, 0, w + 0.5, h + 0.5, under)
            over = palette.beside(under, lots.randrange(5))
            size = min(w, h) / 250
            with pen.group(
                "cutout", at=((column + 0.5) * w, (row + 0.5) * h), scale=size, turn=lots.around(0, 40), lift=8
            ):
                _cutout(pen, lots, under, over)


def _cutout(pen: Pen, lots: Chance, under: Rgb, over: Rgb) -> None:
    kind = lots.randrange(5)
    if kind < 2:
        with pen.group("frond", at=(0, 120), scale=0.76):
            _algae(pen, over, 5)
    elif kind == 2:
        pen.path("M40-74A84 84 0 1 0 74 44A66 66 0 1 1 40-74Z", over)
    elif kind == 3:
        points = [
            (
                (92 if q % 2 == 0 else 46) * math.cos(q * math.pi / 7),
                (92 if q % 2 == 0 else 46) * math.sin(q * math.pi / 7),
            )
            for q in range(14)
        ]
        pen.polygon(points, over)
    else:
        pen.blob(
            [
                (lots.uniform(60, 105) * math.cos(q * math.pi / 4), lots.uniform(60, 105) * math.sin(q * math.pi / 4))
                for q in range(8)
            ],
            over,
        )
        pen.circle(lots.around(0, 20), lots.around(0, 20), 26, under)


def terrazzo(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    placed: list[tuple[float, float, float]] = []
    largest = lots.uniform(60, 130)
    with pen.group("chips", lift=0):
        for attempt in range(600):
            r = largest * (1 if attempt < 90 else 0.5 if attempt < 320 else 0.24) * lots.uniform(0.6, 1)
            x, y = lots.uniform(-20, pen.width + 20), lots.uniform(-20, pen.height + 20)
            if any((x - a) ** 2 + (y - b) ** 2 < (r * 0.98 + c) ** 2 for a, b, c in placed):
                continue
            placed.append((x, y, r))
            corners, start = lots.randint(4, 7), lots.random() * 6.3
            points = []
            for i in range(corners):
                angle, long = start + i * 2 * math.pi / corners, r * lots.uniform(0.6, 1)
                points.append((x + long * math.cos(angle), y + long * math.sin(angle)))
            pen.polygon(points, palette.beside(palette.ground, lots.randrange(6)))
            if len(placed) > 260:
                break


def topography(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Terraces around two or three summits."""
    pen.ground(palette.ground)
    levels = lots.randint(6, 9)
    for _ in range(3):
        cx, cy = pen.width * lots.random(), pen.height * lots.random()
        waves = [(k, lots.uniform(0, 6.3), lots.uniform(0.04, 0.3) / k) for k in (1, 2, 3, 5)]
        fills = palette.ladder(levels, start=color.mix(palette.ground, palette.hue(0), 0.2))
        reach = lots.uniform(360, 640)
        drift = (lots.around(0, 14), lots.around(0, 14))
        for level, fill in enumerate(fills):
            r = reach * (1 - level / levels) ** 0.9
            points = []
            for i in range(36):
                a = i * math.pi / 18
                bend = 1 + sum(share * math.sin(k * a + phase + level * 0.14) for k, phase, share in waves)
                points.append(
                    (cx + drift[0] * level + r * bend * math.cos(a), cy + drift[1] * level + r * bend * math.sin(a))
                )
            with pen.group("terrace", lift=7):
                pen.blob(points, fill)


def flow(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Plotted lines that follow one smooth field."""
    pen.ground(palette.ground)
    phases = [lots.uniform(0, 6.3) for _ in range(4)]
    bend = lots.uniform(1.2, 2.6) / 1000

    def angle(x: float, y: float) -> float:
        return (
            1.6
            * (
                math.sin(x * bend + phases[0])
                + math.cos(y * bend * 1.3 + phases[1])
                + 0.6 * math.sin((x + y) * bend * 1.7 + phases[2])
            )
            + phases[3]
        )

    count, width = lots.randint(150, 210), lots.uniform(6, 16)
    with pen.group("lines"):
        for i in range(count):
            x, y = pen.width * lots.uniform(-0.05, 1.05), pen.height * lots.uniform(-0.05, 1.05)
            said = f"M{x:.1f} {y:.1f}"
            points = [(x, y)]
            for _ in range(lots.randint(5, 13)):
                a = angle(x, y)
                x, y = x + 34 * math.cos(a), y + 34 * math.sin(a)
                points.append((x, y))
            said += "".join(f"L{px:.1f} {py:.1f}" for px, py in points[1:])
            pen.line(said, palette.beside(palette.ground, i), width * lots.uniform(0.4, 1.3))


def seigaiha(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    if lots.random() < 0.7:
        x, y, r = pen.width * lots.uniform(0.25, 0.75), pen.height * 0.3, lots.uniform(150, 240)
        with pen.group("sun", lift=8):
            pen.circle(x, y, r, palette.beside(palette.ground, 1))
    r = lots.uniform(76, 116) * _spread(pen)
    top = pen.height * lots.uniform(0.28, 0.5)
    deep = [palette.beside(palette.ground, 0), palette.hue(2)]
    rows = int((pen.height - top) / (r * 0.62)) + 3
    for row in range(rows):
        main = deep[row % 2] if lots.random() < 0.85 else palette.hue(1)
        with pen.group("row", lift=5):
            for i in range(-1, int(pen.width / (2 * r)) + 2):
                x, y = i * r * 2 + (r if row % 2 else 0), top + r + row * r * 0.62
                for k in range(5):
                    pen.circle(x, y, r * (1 - k * 0.2), palette.paper if k % 2 else color.shift(main, 0.05 * k))


def arcs(pen: Pen, lots: Chance, palette: Palette) -> None:
    pen.ground(palette.ground)
    size = lots.choice((200, 250, 333))
    across, down = math.ceil(pen.width / size), math.ceil(pen.height / size)
    rings = lots.randint(3, 5)
    colors = _all(palette)
    for row in range(down):
        for column in range(across):
            turn, start = lots.choice((0, 90, 180, 270)), lots.randrange(len(colors))
            at = ((column + 0.5) * size, (row + 0.5) * size)
            with pen.group("arc", at=at, turn=turn):
                half = size / 2
                pen.rect(-half, -half, size + 0.5, size + 0.5, colors[start])
                for k in range(rings):
                    r = size * (1 - k / rings)
                    fill = colors[(start + 1 + k) % len(colors)]
                    pen.path(f"M{-half} {-half}H{-half + r}A{r} {r} 0 0 1 {-half} {-half + r}Z", fill)


def rays(pen: Pen, lots: Chance, palette: Palette) -> None:
    """A sun with beams over bands of land: a poster without a word."""
    pen.ground(palette.ground)
    x, y = pen.width * lots.uniform(0.3, 0.7), pen.height * lots.uniform(0.42, 0.62)
    count, reach, start = lots.choice((16, 20, 24)), pen.width + pen.height, lots.random()
    beams = (color.mix(palette.ground, palette.hue(1), 0.45), color.mix(palette.ground, palette.hue(2), 0.35))
    with pen.group("beams"):
        for i in range(count):
            a, b = ((i + start + part) * 2 * math.pi / count for part in (0, 0.5))
            pen.polygon(
                [
                    (x, y),
                    (x + reach * math.cos(a), y + reach * math.sin(a)),
                    (x + reach * math.cos(b), y + reach * math.sin(b)),
                ],
                beams[i % 2],
            )
    r = lots.uniform(170, 270)
    for k, fill in enumerate((palette.hue(0), color.mix(palette.hue(0), palette.paper, 0.4), palette.paper)):
        with pen.group("sun", lift=8):
            pen.circle(x, y, r * (1 - 0.26 * k), fill)
    with pen.group("birds"):
        for _ in range(lots.randint(5, 9)):
            at = (pen.width * lots.uniform(0.1, 0.9), y * lots.uniform(0.15, 0.8))
            with pen.group("bird", at=at, scale=lots.uniform(0.6, 1.3), turn=lots.around(0, 12)):
                pen.path("M0 0C-16-22-40-26-64-14C-42-16-22-8-4 12H4C22-8 42-16 64-14C40-26 16-22 0 0Z", palette.ink)
    for k, fill in enumerate(palette.ladder(4, end=palette.ink)):
        base = y + (pen.height - y) * (0.25 + 0.2 * k)
        a, b = lots.around(0, 90), lots.around(0, 90)
        with pen.group("band", lift=8):
            pen.path(
                f"M-20 {base + a}C{pen.width * 0.3} {base - 120} {pen.width * 0.6} {base + 140} "
                f"{pen.width + 20} {base + b}V{pen.height + 20}H-20Z",
                fill,
            )


def truchet(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Ribbons that wander from tile to tile."""
    pen.ground(palette.ground)
    s = lots.choice((145.0, 167.0, 200.0, 250.0)) * _spread(pen)
    wide = s * lots.uniform(0.26, 0.4)
    main, other = palette.beside(palette.ground, 0), palette.beside(palette.ground, lots.randint(1, 3))
    with pen.group("ribbons"):
        for row in range(math.ceil(pen.height / s)):
            for column in range(math.ceil(pen.width / s)):
                with pen.group("tile", at=((column + 0.5) * s, (row + 0.5) * s), turn=lots.choice((0, 90))):
                    h = s / 2
                    if lots.random() < 0.12:
                        pen.circle(0, 0, s * 0.3, palette.hue(lots.randrange(4)))
                    for sign in (1, -1):
                        curve = (
                            f"M0 {-h * sign}A{h} {h} 0 0 1 {-h * sign} 0"
                            if sign == 1
                            else f"M0 {h}A{h} {h} 0 0 1 {h} 0"
                        )
                        pen.line(curve, main, wide)
                        pen.line(curve, other, wide * 0.34)


def blocks(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Isometric blocks of uneven height."""
    pen.ground(palette.ground)
    a = lots.uniform(80, 125)
    b, cells = a * 0.5774, lots.randint(6, 8)
    top = pen.height * 0.5 - cells * b * 0.75
    for depth in range(2 * cells - 1):
        for i in range(max(0, depth - cells + 1), min(depth, cells - 1) + 1):
            j = depth - i
            high = a * lots.choice((0.3, 0.6, 0.6, 1.1, 1.8, 2.6)) * (0.6 + 0.6 * math.sin((i + j) * 0.7) ** 2)
            x, y = pen.width / 2 + (i - j) * a, top + depth * b
            fill = palette.beside(palette.ground, lots.randrange(5))
            with pen.group("block", at=(x, y + a * 1.2)):
                pen.polygon([(-a, 0), (0, b), (0, b - high), (-a, -high)], color.shift(fill, -0.10))
                pen.polygon([(a, 0), (0, b), (0, b - high), (a, -high)], color.shift(fill, -0.2))
                pen.polygon([(-a, -high), (0, b - high), (a, -high), (0, -b - high)], color.shift(fill, 0.05))
                if lots.random() < 0.3:
                    pen.ellipse(0, -high, a * 0.3, b * 0.3, palette.on(fill))


def balls(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Soft spheres of light on a calm ground."""
    if palette.background is None:
        to = color.mix(palette.ground, palette.beside(palette.ground, 0), 0.35)
        pen.ground(fade((palette.ground, to), (0, 0), (pen.width * 0.4, pen.height)))
    else:
        pen.ground(palette.ground)
    count = lots.randint(5, 9)
    for i in range(count):
        r = lots.uniform(90, 330) * (1.2 - 0.7 * i / count)
        x, y = pen.width * lots.uniform(0.05, 0.95), pen.height * lots.uniform(0.08, 0.92)
        fill = palette.beside(palette.ground, i)
        lit, deep = color.shift(fill, 0.13), color.shift(fill, -0.16, turned=14)
        with pen.group("ball", lift=24):
            pen.circle(x, y, r, fade((lit, fill, deep), (x - r * 0.6, y - r * 0.8), (x + r * 0.6, y + r * 0.9)))
            pen.circle(x - r * 0.34, y - r * 0.4, r * 0.5, glow(palette.paper, x - r * 0.34, y - r * 0.4, r * 0.5, 0.5))


def overlaps(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Big translucent forms that mix where they cross."""
    pen.ground(palette.ground)
    with pen.group("forms"):
        for i in range(lots.randint(9, 13)):
            fill, r = palette.beside(palette.ground, i), lots.uniform(130, 340)
            x, y = pen.width * lots.uniform(0.08, 0.92), pen.height * lots.uniform(0.08, 0.92)
            kind = lots.randrange(4)
            with pen.group("form", at=(x, y), turn=lots.choice((0, 45, 90, 180))):
                if kind == 0:
                    pen.circle(0, 0, r, fill, 0.82)
                elif kind == 1:
                    pen.path(f"M{-r} 0A{r} {r} 0 0 1 {r} 0Z", fill, 0.85)
                elif kind == 2:
                    pen.rect(-r * 1.2, -r * 0.22, r * 2.4, r * 0.44, fill, r * 0.22, 0.85)
                else:
                    pen.ring(0, 0, r * 0.8, fill, r * 0.24, 0.9)
    with pen.group("accents"):
        for i in range(14):
            x, y = pen.width * lots.random(), pen.height * lots.random()
            pen.circle(x, y, lots.uniform(6, 30), palette.ink if i % 2 else palette.paper)
