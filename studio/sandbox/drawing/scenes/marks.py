"""Marks: emblems, icon sets, repeating patterns."""

import math
from collections.abc import Callable

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.paths import Path, Stroke, moved, parse
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen
from studio.sandbox.drawing.scenes import backdrops
from studio.sandbox.drawing.scenes.parts import leaf, natural, stand, subject
from studio.sandbox.drawing.scenes.things import star_points

Sign = Callable[[Pen, Rgb, Rgb, Rgb], None]


def cup(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.path("M-80-18H80V44C80 92 42 110 0 110S-80 92-80 44Z", a)
    pen.line("M80 0h22a30 30 0 0 1 0 62h-24", a, 15)
    pen.rect(-98, 116, 196, 12, b, 6)
    for x in (-36, 0, 36):
        pen.line(f"M{x}-38c-18-22 18-34 0-60", b, 9)
    with pen.group("bean", at=(0, 46), turn=24):
        pen.ellipse(0, 0, 26, 38, c)
        pen.line("M-4-32q14 30 4 64", a, 5)


def mountain(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.circle(62, -62, 26, b)
    pen.path("M-130 80L-30-90L22-6L50-44L130 80Z", a)
    pen.path("M-30-90L-64-32L-30-48L2-32ZM50-44L34-24L52-32L66-20Z", c)
    pen.line("M-110 106H110M-70 128H70", b, 9)


def tent(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.path("M-120 90L0-90L120 90Z", a)
    pen.path("M-40 90L0 10L40 90Z", c)
    pen.line("M0-90V-118M-120 92H120", b, 11)
    pen.path("M0-118l40 14-40 14Z", b)


def sprout(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.line("M0 120V-10", a, 12)
    pen.path("M0 0C-20-80-90-90-120-84C-112-20-60 10 0 0Z", a)
    pen.path("M0-30C10-110 70-130 116-124C116-60 66-20 0-30Z", b)
    pen.line("M0 0C-30-40-60-60-90-68M0-30C30-70 60-90 90-104", c, 5)


def anchor(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.ring(0, -92, 22, b, 12)
    pen.line("M0-68V112M-54-40H54", a, 16)
    pen.line("M-104 40C-96 96-50 114 0 114S96 96 104 40", a, 18)
    pen.path("M-128 58L-98 10L-74 62ZM128 58L98 10L74 62Z", a)


def bolt(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.polygon(star_points(16, 132, 112), b)
    pen.path("M24-110L-62 22H-6L-24 110L66-28H8Z", a)


def compass(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.ring(0, 0, 104, a, 16)
    pen.path("M0-80L22 0L0 80L-22 0Z", a)
    pen.path("M0-80L22 0H-22Z", b)
    pen.circle(0, 0, 10, c)
    for q in range(4):
        with pen.group("tick", turn=q * 90):
            pen.rect(-4, -136, 8, 24, b, 4)


def flame(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.path("M0 116C-80 116-92 32-48-16C-44 16-20 16-20-8C-20-60 8-92 36-116C28-56 92-28 84 44C80 88 44 116 0 116Z", b)
    pen.path("M4 104C-32 104-36 60-4 28C32 52 40 104 4 104Z", c)
    pen.line("M-80 130H80", a, 12)


def eye(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.path("M-132 0Q-66-96 0-96T132 0Q66 96 0 96T-132 0Z", a)
    pen.circle(0, 0, 62, c)
    pen.circle(0, 0, 42, b)
    pen.circle(14, -14, 14, c)


def heart(pen: Pen, a: Rgb, b: Rgb, c: Rgb) -> None:
    pen.path("M0 112C-150 10-126-96-60-96C-24-96-6-70 0-50C6-70 24-96 60-96C126-96 150 10 0 112Z", b)
    pen.line("M-92-30C-92-56-74-66-58-66", c, 10)
    pen.line("M-60 20H-20L0-20L22 52L40 20H64", a, 9)


SIGNS: dict[str, Sign] = {
    "coffee": cup, "mountain": mountain, "tent": tent, "leaf": sprout, "anchor": anchor, "bolt": bolt,
    "compass": compass, "fire": flame, "eye": eye, "heart": heart,
}  # fmt: skip
SIGN_WORDS = {
    "coffee": "coffee", "cafe": "coffee", "espresso": "coffee", "tea": "coffee", "bakery": "coffee",
    "mountain": "mountain", "alpine": "mountain", "ski": "mountain", "outdoor": "tent", "camp": "tent",
    "camping": "tent", "eco": "leaf", "leaf": "leaf", "plant": "leaf", "garden": "leaf", "organic": "leaf",
    "sea": "anchor", "marine": "anchor", "boat": "anchor", "sailing": "anchor", "energy": "bolt",
    "electric": "bolt", "fitness": "bolt", "gym": "bolt", "travel": "compass", "adventure": "compass",
    "fire": "fire", "grill": "fire", "bbq": "fire", "vision": "eye", "photo": "eye", "film": "eye",
    "studio": "eye", "health": "heart", "love": "heart", "medical": "heart", "dating": "heart",
}  # fmt: skip


def badge(pen: Pen, lots: Chance, palette: Palette, said: tuple[str, ...] = ()) -> None:
    """An emblem: a sign in a frame. Words in the prompt choose the sign."""
    backdrops.lay(pen, lots, palette)
    named = [SIGN_WORDS[word] for word in said if word in SIGN_WORDS]
    sign = SIGNS[named[0] if named else lots.choice(tuple(SIGNS))]
    plate = palette.beside(palette.ground, lots.randrange(3))
    if lots.random() < 0.5:
        plate = palette.on(palette.ground)
    line = palette.on(plate)
    accent = palette.beside(plate, 1)
    with stand(pen, lots, "badge", 1.72, lift=14):
        _frame(pen, lots, plate, line, accent)
        with pen.group("sign", scale=lots.uniform(0.95, 1.1), lift=5):
            sign(pen, line, accent, plate)


def _frame(pen: Pen, lots: Chance, plate: Rgb, line: Rgb, accent: Rgb) -> None:
    kind = lots.randrange(4)
    with pen.group("frame"):
        if kind == 0:
            pen.circle(0, 0, 216, plate)
            pen.ring(0, 0, 196, line, 4)
            for q in range(40):
                a = q * math.pi / 20
                pen.line(f"M{172 * math.cos(a)} {172 * math.sin(a)}L{186 * math.cos(a)} {186 * math.sin(a)}", accent, 4)
        elif kind == 1:
            pen.path(
                "M0-232C80-210 150-200 200-206C210-40 170 140 0 236C-170 140-210-40-200-206C-150-200-80-210 0-232Z",
                plate,
            )
            pen.line(
                "M0-208C72-190 130-180 178-184C184-36 150 122 0 208C-150 122-184-36-178-184C-130-180-72-190 0-208Z",
                line,
                4,
            )
        elif kind == 2:
            pen.polygon(star_points(28, 232, 212), plate)
            pen.ring(0, 0, 188, line, 4)
            pen.ring(0, 0, 176, accent, 8)
        else:
            with pen.group("diamond", turn=45):
                pen.rect(-176, -176, 352, 352, plate, 40)
                pen.line("M-156-156H156V156H-156Z", line, 4)
            for x, y in ((0, -186), (0, 186)):
                pen.polygon([(x + px, y + py) for px, py in star_points(5, 20, 9)], accent)


def icons(pen: Pen, lots: Chance, palette: Palette) -> None:
    """A family of signs on tiles."""
    pen.ground(palette.ground)
    across = lots.choice((2, 3)) if not pen.wide else lots.choice((4, 5))
    step = pen.width / across
    down = max(2, int(pen.height / step))
    names = [*lots.chosen(tuple(SIGNS), len(SIGNS)), *lots.chosen(tuple(SIGNS), len(SIGNS))]
    top = (pen.height - down * step) / 2
    tile = lots.randrange(4)
    light = color.mix(palette.ground, palette.on(palette.ground), 0.1)
    for i in range(across * down):
        at = ((i % across + 0.5) * step, top + (i // across + 0.5) * step)
        under = light if tile == 0 else palette.beside(palette.ground, i) if tile < 3 else palette.ground
        main = palette.on(under) if tile else palette.beside(under, 0)
        with pen.group(f"icon-{names[i % len(names)]}", at=at, scale=step / 380, lift=8):
            if tile in (0, 1):
                pen.rect(-160, -160, 320, 320, under, 72)
            elif tile == 2:
                pen.circle(0, 0, 168, under)
            SIGNS[names[i % len(names)]](pen, main, palette.beside(under, 1), under)


def _segments() -> Path:
    """The eight segments of a slice as one path."""
    one = parse("M0-4L15-36Q0-52-15-36Z")
    made: list[Stroke] = []
    for q in range(8):
        cos, sin = math.cos(q * math.pi / 4), math.sin(q * math.pi / 4)
        made += moved(one, (cos, sin, -sin, cos, 0, 4))
    return tuple(made)


SEGMENTS = _segments()


def lemons(pen: Pen, lots: Chance, palette: Palette) -> None:
    """Fruit, slices and blossoms in rows that lean: a pattern for paper or cloth."""
    pen.ground(palette.ground)
    peel = subject(palette, lots, (255, 210, 63))
    green, blossom = natural(palette, None, (63, 157, 107)), palette.paper
    step = lots.uniform(320, 390) * max(1.0, math.sqrt(pen.width * pen.height / 1.2e6))
    size, shift = step / 192, lots.uniform(0, step)
    lean = lots.uniform(0, 360)
    for row in range(-1, int(pen.height / step) + 2):
        for column in range(-1, int(pen.width / step) + 2):
            at = ((column + row % 2 / 2) * step + shift / 3, row * step * 0.92 + shift / 2)
            with pen.group("lemon", at=at, scale=size, turn=lean + lots.around(0, 40), lift=5):
                leaf(pen, (0, -40), 84, 24, 38, green)
                leaf(pen, (0, -40), 70, 22, -58, color.shift(green, -0.05))
                if (row + column) % 3:
                    pen.path(
                        "M0-62C44-62 62-24 58 8C56 40 26 60 8 66Q0 78-8 66C-26 60-56 40-58 8C-62-24-44-62 0-62Z", peel
                    )
                    pen.path("M20-52C48-36 56-4 48 24C44 40 26 54 8 62C40 26 44-16 20-52Z", color.shift(peel, -0.06))
                    pen.circle(-24, -18, 5, color.shift(peel, 0.08))
                else:
                    pen.circle(0, 4, 58, peel)
                    pen.circle(0, 4, 50, palette.paper)
                    pen.path(SEGMENTS, color.shift(peel, 0.04))
            with pen.group("blossom", at=(at[0] + step / 2, at[1] + step * 0.04), scale=size, lift=3):
                for k in range(5):
                    pen.circle(15 * math.cos(k * 1.2566), 15 * math.sin(k * 1.2566), 9, blossom)
                pen.circle(0, 0, 8, palette.beside(palette.paper, 1))
