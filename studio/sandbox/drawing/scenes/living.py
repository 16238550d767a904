"""Faces and plants."""

import math

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen
from studio.sandbox.drawing.scenes import backdrops
from studio.sandbox.drawing.scenes.parts import leaf, natural, stand

SKINS = ((244, 201, 166), (217, 160, 118), (185, 103, 63), (129, 76, 50), (233, 178, 145))


def face(pen: Pen, lots: Chance, palette: Palette) -> None:
    """A portrait in two halves, one lit and one in shade."""
    backdrops.lay(pen, lots, palette)
    skin = palette.beside(palette.ground, 1) if palette.asked or lots.random() < 0.25 else lots.choice(SKINS)
    hair = lots.choice((palette.ink, palette.beside(palette.ground, 0), color.mix(palette.ink, palette.hue(2), 0.35)))
    shirt = palette.beside(palette.ground, 2)
    lips = natural(palette, None, (196, 74, 84))
    with stand(pen, lots, "portrait", 1.02, lift=14, center=(390, 620)):
        _hair_behind(pen, lots, hair)
        _head(pen, skin, shirt, palette)
        _features(pen, lots, palette, skin, lips)
        _hair_before(pen, lots, hair)


def _hair_behind(pen: Pen, lots: Chance, hair: Rgb) -> None:
    kind = lots.randrange(4)
    with pen.group("hair-behind", lift=8):
        if kind == 0:
            pen.path(
                "M390 90C640 90 720 300 700 560C700 700 660 760 600 800"
                "H190C120 740 80 640 100 500C90 260 180 90 390 90Z",
                hair,
            )
        elif kind == 1:
            for q in range(14):
                a = math.pi * (0.86 + 1.28 * q / 13)
                pen.circle(390 + 260 * math.cos(a), 360 + 250 * math.sin(a), 92, hair)
        elif kind == 2:
            pen.circle(390, 96, 104, hair)


def _head(pen: Pen, skin: Rgb, shirt: Rgb, palette: Palette) -> None:
    dark = color.shift(skin, -0.11)
    with pen.group("body", lift=8):
        pen.path("M40 1400C60 1000 140 880 290 850H500C660 880 730 1000 750 1400Z", shirt)
        for i in range(4):
            pen.line(f"M{430 + i * 66} 1300C{480 + i * 52} 1080 {440 + i * 46} 960 {420 + i * 36} {880 + i * 6}",
                     color.shift(shirt, 0.09), 8)  # fmt: skip
        pen.path("M300 620H500V850C500 900 300 900 300 850Z", dark)
    with pen.group("head", lift=6):
        pen.path(
            "M390 180C560 180 620 310 606 450C596 590 540 720 390 740C240 720 184 590 174 450C160 310 220 180 390 180Z",
            skin,
        )
        pen.path("M390 180C560 180 620 310 606 450C596 590 540 720 390 740L394 600L420 580L390 420Z", dark)
        for x in (176, 604):
            pen.ellipse(x, 470, 26, 46, skin if x < 390 else dark)
        pen.circle(626, 540, 15, palette.hue(1))
        pen.path("M626 556l22 58h-44Z", palette.hue(1))


def _features(pen: Pen, lots: Chance, palette: Palette, skin: Rgb, lips: Rgb) -> None:
    ink, blush = palette.ink, color.mix(skin, lips, 0.4)
    look = lots.uniform(-8, 8)
    with pen.group("features"):
        for x, fill in ((262, blush), (520, blush)):
            pen.circle(x, 570, 46, fill, 0.6)
        for x in (286, 496):
            pen.path(f"M{x - 58} 440Q{x} 390 {x + 58} 440Q{x} 478 {x - 58} 440Z", palette.paper)
            pen.circle(x + look, 436, 23, ink)
            pen.circle(x + look + 7, 429, 7, palette.paper)
            pen.line(f"M{x - 60} 438Q{x} 386 {x + 60} 438", ink, 5)
            pen.line(f"M{x - 64} 392Q{x} 352 {x + 62} 390", ink, 11)
        pen.line("M394 420L350 570Q350 598 400 594", ink, 7)
        smile = lots.uniform(-6, 22)
        pen.path(f"M316 656Q358 630 390 646Q424 630 470 656Q390 {694 + smile} 316 656Z", lips)
        pen.line(f"M316 656Q390 {668 + smile / 2} 470 656", ink, 4)
        if lots.random() < 0.35:
            for x in (286, 496):
                pen.ring(x, 438, 76, ink, 8)
            pen.line("M362 438h58", ink, 8)


def _hair_before(pen: Pen, lots: Chance, hair: Rgb) -> None:
    kind = lots.randrange(4)
    with pen.group("hair", lift=5):
        if kind == 0:
            pen.path(
                "M390 130C600 100 680 260 640 470C630 380 590 300 510 280"
                "C420 296 330 280 290 250C220 310 190 380 166 470C120 270 200 110 390 130Z",
                hair,
            )
        elif kind == 1:
            pen.path(
                "M168 400C150 200 280 120 400 128C560 130 640 240 618 420"
                "C600 330 560 280 470 262C340 250 220 280 168 400Z",
                hair,
            )
        elif kind == 2:
            pen.path(
                "M390 128C260 120 150 220 170 440C240 400 250 330 390 300"
                "C530 330 540 400 612 440C632 220 520 120 390 128Z",
                hair,
            )
        else:
            pen.path("M172 380H608C620 200 520 126 390 128S160 200 172 380Z", hair)
            for x in range(190, 600, 34):
                pen.line(f"M{x} 370q10-90 {(390 - x) * 0.3:.0f}-190", color.shift(hair, 0.09), 4)


def botanical(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Big stems of different leaves, as a printed plate."""
    backdrops.lay(pen, lots, palette)
    count = lots.randint(3, 4) if not pen.wide else lots.randint(5, 6)
    for i in range(count):
        x = pen.width * (i + 0.5) / count + lots.around(0, 30)
        green = (
            palette.beside(palette.ground, i)
            if lots.random() < 0.5
            else color.shift(natural(palette, None, (63, 125, 90)), lots.around(0, 0.09))
        )
        scale = pen.height / 1000 * lots.uniform(0.85, 1.2)
        with pen.group(
            "stem", at=(x, pen.height * lots.uniform(0.95, 1.05)), scale=scale, turn=lots.around(0, 12), lift=10
        ):
            _stem(pen, lots, palette, green, lots.randrange(5))


def _stem(pen: Pen, lots: Chance, palette: Palette, green: Rgb, kind: int) -> None:
    high, bend = lots.uniform(640, 860), lots.around(0, 60)
    deep = color.shift(green, -0.1)
    pen.line(f"M0 0Q{bend} {-high * 0.5} 0 {-high}", deep, 9)
    pairs = lots.randint(5, 8)
    for k in range(pairs):
        t = 0.22 + 0.72 * k / pairs
        x, y = 2 * bend * t * (1 - t), -high * t
        size = (1.15 - t) * lots.uniform(0.85, 1.15)
        for side in (-1, 1):
            if kind == 0:
                leaf(pen, (x, y), 210 * size, 44 * size, side * 56, green, deep)
            elif kind == 1:
                leaf(pen, (x, y), 250 * size, 20 * size, side * 44, green)
            elif kind == 2:
                pen.line(f"M{x} {y}q{side * 60} -10 {side * 96 * size} -70", deep, 4)
                pen.circle(x + side * 100 * size, y - 76, 34 * size + 8, palette.beside(palette.ground, k))
            elif kind == 3:
                with pen.group("lobe", at=(x, y), turn=side * 62, scale=size):
                    pen.path(
                        "M0 0C60-30 90-100 60-190C40-230 10-210 0-240C-10-210-40-230-60-190C-90-100-60-30 0 0Z", green
                    )
                    pen.line("M0 0V-200M0-60L44-110M0-60L-44-110M0-120L40-168M0-120L-40-168", deep, 5)
            else:
                pen.path(
                    f"M{x} {y}c{side * 20}-60 {side * 110}-70 {side * 150 * size}-30"
                    f"c{side * -30} 50 {side * -100} 60 {side * -150 * size} 30Z",
                    green,
                )
    if kind in (1, 4):
        for q in range(9):
            with pen.group("petal", at=(0, -high), turn=q * 40):
                leaf(pen, (0, 0), 96, 26, 0, palette.beside(green, 1))
        pen.circle(0, -high, 30, palette.beside(palette.hue(1), 2))
    else:
        leaf(pen, (0, -high + 10), 150, 36, bend * 0.2, green, deep)


def bouquet(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    vase = palette.beside(palette.ground, lots.randrange(3))
    green = natural(palette, None, (70, 130, 92))
    with stand(pen, lots, "bouquet", 1.2, center=(0, -330)):
        with pen.group("leaves", lift=8):
            for k in range(13):
                leaf(
                    pen,
                    (0, -230),
                    lots.uniform(260, 420),
                    44,
                    -96 + 16 * k + lots.around(0, 6),
                    color.shift(green, lots.around(0, 0.07)),
                    color.shift(green, -0.12),
                )
        for k in range(lots.randint(6, 9)):
            angle, long = math.radians(-82 + 164 * ((k * 0.382) % 1)), lots.uniform(190, 430)
            long *= 1 - 0.3 * abs(math.sin(angle))
            at = (long * math.sin(angle), -270 - long * math.cos(angle))
            _bloom(pen, lots, palette, at, k, vase)
        with pen.group("vase", lift=12):
            pen.path(
                "M-70-240H70C70-180 130-150 130-60C130 0 90 40 60 50H-60C-90 40-130 0-130-60C-130-150-70-180-70-240Z",
                vase,
            )
            pen.path("M20-240H70C70-180 130-150 130-60C130 0 90 40 60 50H20C90-20 90-140 20-240Z", palette.ink, 0.13)
            pen.rect(-82, -256, 164, 28, color.shift(vase, 0.05), 14)
            pen.line("M-124-90Q0-60 124-90M-130-60Q0-30 130-60", palette.beside(vase, 1), 7)


def _bloom(pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], k: int, vase: Rgb) -> None:
    fill, size, kind = palette.beside(palette.ground, k), lots.uniform(0.8, 1.35), lots.randrange(4)
    core = palette.beside(fill, k + 1)
    with pen.group("bloom", at=at, scale=size, turn=lots.uniform(0, 60), lift=9):
        if kind == 0:
            for q in range(12):
                leaf(pen, (0, 0), 92, 20, q * 30, fill)
            pen.circle(0, 0, 30, core)
        elif kind == 1:
            for r in (78, 60, 42, 24):
                pen.circle(0, 0, r, color.shift(fill, (78 - r) * -0.002 if r % 4 else (78 - r) * 0.0015))
            pen.line("M-30 6Q0-40 34 0M-46 20Q0 60 48 14", color.shift(fill, -0.16), 5)
        elif kind == 2:
            for q in range(5):
                with pen.group("petal", turn=q * 72):
                    pen.circle(0, -46, 42, fill)
                    pen.line("M0-20V-60", color.shift(fill, -0.12), 4)
            pen.circle(0, 0, 24, core)
        else:
            pen.path("M-60-50C-60 40-30 70 0 70S60 40 60-50L30-10L0-64L-30-10Z", fill)
            pen.path("M-30-10L0-64L30-10C26 40 14 60 0 70C-14 60-26 40-30-10Z", color.shift(fill, 0.06))
