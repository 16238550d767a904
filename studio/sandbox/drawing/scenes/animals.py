"""Animals: four foxes, a cat on a sill, a bird on a branch, koi from above, a whale."""

import math

from studio.sandbox.drawing import color
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette, far
from studio.sandbox.drawing.paths import parse
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Pen
from studio.sandbox.drawing.scenes import backdrops
from studio.sandbox.drawing.scenes.parts import leaf, natural, stand, subject

FOX = (226, 86, 43)


def fox_head(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    main = subject(palette, lots, FOX)
    ears, snow = color.shift(main, -0.13), natural(palette, lots, (255, 248, 236), paper=True)
    with stand(pen, lots, "fox", 2.0, lift=14):
        with pen.group("ears"):
            pen.path("M-150-150L-62-78L-168 6Z", ears)
            pen.path("M150-150L62-78L168 6Z", ears)
            pen.path("M-140-126L-84-80L-146-30Z", color.shift(ears, -0.12))
            pen.path("M140-126L84-80L146-30Z", color.shift(ears, -0.12))
        with pen.group("face"):
            pen.path("M-62-78H62L168 6L0 150L-168 6Z", main)
            pen.path("M-62-78L0-22V-78ZM62-78L0-22V-78Z", color.shift(main, 0.06))
            pen.path("M-168 6L-46 14L0 150ZM168 6L46 14L0 150Z", snow)
            pen.path("M-168 6L-90 10L-34 126ZM168 6L90 10L34 126Z", color.shift(snow, -0.05))
            pen.path("M-46 14L0-22L46 14L0 150Z", color.shift(main, 0.02))
        with pen.group("features"):
            pen.path("M-26 100L26 100L0 150Z", palette.ink)
            pen.path("M-92-14L-40 2L-56 16ZM92-14L40 2L56 16Z", palette.ink)
            for side in (-1, 1):
                pen.circle(side * 56, 4, 4, snow)
                for i in range(3):
                    pen.line(f"M{side * (58 + i * 8)} {70 - i * 12}l{side * (50 + i * 10)} {12 - i * 10}", ears, 2)


def fox_curl(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    main = subject(palette, lots, (240, 138, 60))
    dark, snow = color.shift(main, -0.12), natural(palette, lots, (251, 233, 207), paper=True)
    with stand(pen, lots, "fox", 2.25, lift=14, center=(256, 262)):
        pen.circle(256, 262, 150, main)
        with pen.group("tail"):
            pen.path("M256 112A150 150 0 0 1 406 262A110 110 0 0 1 296 372A80 80 0 0 1 216 292A60 60 0 0 1 276 232"
                     "Q200 220 176 292A120 120 0 0 0 256 412A150 150 0 0 1 256 112Z", dark)  # fmt: skip
            pen.path("M216 372Q256 412 330 392Q290 430 232 410Z", snow)
            for i in range(5):
                pen.line(f"M{134 + i * 5} {230 + i * 26}q{8 + i * 3} {30 - i * 2} {34 + i * 3} 44",
                         color.shift(dark, -0.08), 3.5)  # fmt: skip
        with pen.group("head"):
            pen.path("M276 232L262 160L318 206L366 170L362 250A64 64 0 0 1 296 306L246 292Z", main)
            pen.path("M270 180L276 216L304 204ZM356 188L330 210L354 226Z", color.shift(dark, -0.08))
            pen.path("M246 292L296 306A64 64 0 0 0 322 300L300 264Z", snow)
            pen.line("M306 250q10 8 22 0", palette.ink, 6)
            pen.circle(250, 290, 9, palette.ink)


def fox_lines(pen: Pen, lots: Chance, palette: Palette) -> None:
    """The head cut into stripes."""
    backdrops.lay(pen, lots, palette)
    main, other = subject(palette, lots, FOX), palette.beside(palette.ground, 1)
    pitch, share = lots.choice((22, 28, 34)), lots.uniform(0.52, 0.68)
    with stand(pen, lots, "fox", 2.1):
        with pen.group("stripes", lift=0):
            pen.clip(parse("M-150-160L-62-82H62L150-160L172 6L0 160L-172 6Z"))
            for i, y in enumerate(range(-170, 170, pitch)):
                pen.rect(-190, y, 380, pitch * share, main if i % 4 else other)
        with pen.group("features"):
            for side in (-1, 1):
                pen.path(f"M{side * 100}-22L{side * 34} 6L{side * 60} 26Z", palette.paper)
                pen.circle(side * 62, 4, 8, palette.ink)
            pen.path("M-34 96H34L0 160Z", palette.ink)


def fox_run(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    main = subject(palette, lots, (255, 122, 61))
    light, snow = palette.beside(main, 2), natural(palette, lots, (255, 241, 220), paper=True)
    with stand(pen, lots, "fox", 2.1, lift=12, center=(272, 270)):
        with pen.group("body"):
            pen.path("M60 300C110 190 190 200 236 236C300 200 350 190 392 204L420 150L440 208L484 240C466 262 436 266 "
                     "412 268C396 300 366 312 344 314L388 372H356L296 322C262 326 226 320 200 306L150 372H116L160 292"
                     "C130 270 96 276 60 300Z", main)  # fmt: skip
            pen.path("M236 236C300 200 350 190 392 204L400 220C350 220 300 240 262 276Z", color.shift(main, 0.07))
        with pen.group("markings"):
            pen.path("M60 300C84 252 110 228 136 218C124 250 126 268 140 282C112 276 84 284 60 300Z", snow)
            pen.path("M484 240C466 262 436 266 412 268C420 250 440 240 484 240Z", snow)
            pen.path("M116 372L133 340L158 350L150 372ZM356 372L340 352L364 340L388 372Z", palette.ink)
            pen.circle(436, 232, 6, palette.ink)
        with pen.group("speed"):
            for x, y, long in ((70, 402, 50), (40, 428, 90), (186, 440, 70), (300, 428, 120), (240, 404, 60)):
                pen.rect(x, y, long, 8, light, 4)


def cat_on_sill(pen: Pen, lots: Chance, palette: Palette) -> None:
    wall, glass = palette.ground, palette.beside(palette.ground, lots.randint(1, 3))
    pen.ground(wall)
    if lots.random() < 0.6:
        with pen.group("wallpaper"):
            lots.choice((backdrops.dots, backdrops.bands))(pen, lots, palette)
    at = (pen.width * lots.around(0.5, 0.12), pen.height * lots.around(0.5, 0.06))
    with pen.group("scene", at=at, scale=lots.uniform(1.0, 1.65), flip=lots.random() < 0.5):
        _window(pen, lots, palette, glass)
        if lots.random() < 0.7:
            _curtains(pen, palette.beside(wall, lots.randrange(3)))
        fur = palette.ink if color.lab(glass)[0] > 0.5 else palette.paper
        if palette.named and far(palette.named[0], glass) > 0.2:
            fur = palette.named[0]
        with pen.group("cat-place", at=(lots.around(-30, 70), 0), flip=lots.random() < 0.5):
            _cat(pen, lots, palette, fur)
        _pot(pen, palette)


def cat_head(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    fur = lots.choice((palette.ink, natural(palette, lots, (214, 138, 74)), natural(palette, lots, (150, 150, 160))))
    fur = subject(palette, lots, fur) if palette.named else fur
    fur = fur if far(fur, palette.ground) > 0.15 else palette.on(palette.ground)
    light, pink = color.mix(fur, palette.paper, 0.75), natural(palette, None, (233, 138, 154))
    stripe = color.shift(fur, -0.12 if color.lab(fur)[0] > 0.4 else 0.12)
    with stand(pen, lots, "cat", 1.85, lift=14, center=(0, 10)):
        pen.path("M-190 20C-196-60-190-150-168-206C-130-190-96-160-74-130C-26-144 26-144 74-130C96-160 130-190 168-206"
                 "C190-150 196-60 190 20C186 130 100 196 0 196S-186 130-190 20Z", fur)  # fmt: skip
        with pen.group("ears"):
            pen.path("M-158-176C-130-160-110-144-96-124C-120-112-144-90-160-66C-168-104-166-146-158-176Z", pink)
            pen.path("M158-176C130-160 110-144 96-124C120-112 144-90 160-66C168-104 166-146 158-176Z", pink)
        with pen.group("stripes"):
            pen.path("M-16-140H16L8-66H-8ZM-62-132L-34-138L-30-78L-44-76ZM62-132L34-138L30-78L44-76Z", stripe)
            for side in (-1, 1):
                pen.path(
                    f"M{side * 190} 30L{side * 128} 44L{side * 190} 58Z"
                    f"M{side * 184} 84L{side * 130} 84L{side * 172} 112Z",
                    stripe,
                )
        with pen.group("face"):
            pen.path("M-92 96C-92 50-40 40 0 58C40 40 92 50 92 96C92 150 50 178 0 178S-92 150-92 96Z", light)
            for side in (-1, 1):
                pen.ellipse(side * 84, -4, 44, 40, palette.beside(fur, 1))
                pen.ellipse(side * 84, -4, lots.choice((10, 20)), 34, palette.ink)
                pen.circle(side * 84 + 10, -16, 8, palette.paper)
                for i in range(3):
                    pen.line(
                        f"M{side * 62} {104 + 14 * i}q{side * 60}-{18 - 8 * i} {side * 150} {-16 + 18 * i}",
                        palette.on(fur),
                        3.5,
                    )
            pen.path("M-24 66H24L0 92Z", pink)
            pen.line("M0 92V112q-16 26-42 14M0 112q16 26 42 14", palette.ink, 5)


def _window(pen: Pen, lots: Chance, palette: Palette, glass: Rgb) -> None:
    with pen.group("window", lift=6):
        pen.rect(-254, -314, 508, 500, palette.paper, 20)
        for x in (-228, 8):
            pen.rect(x, -288, 220, 448, glass)
        sun = lots.choice(((136, -194), (-136, -150), (90, -60)))
        pen.circle(*sun, lots.uniform(40, 64), palette.beside(glass, 2))
        hill = color.mix(glass, palette.ink, 0.3)
        for step in range(2):
            fill = color.shift(hill, -0.1 * step)
            for x in (-228, 8):
                a, b = lots.uniform(-20, 60) + step * 50, lots.uniform(-20, 60) + step * 50
                pen.path(f"M{x} {a}C{x + 70} {a - 60} {x + 150} {b - 40} {x + 220} {b}V160H{x}Z", fill)
    with pen.group("sill", lift=8):
        wood = palette.hue(0)
        pen.rect(-304, 176, 608, 44, color.shift(wood, -0.08), 8)
        pen.rect(-304, 176, 608, 14, color.shift(wood, 0.06), 7)


def _curtains(pen: Pen, cloth: Rgb) -> None:
    dark, light = color.shift(cloth, -0.09), color.shift(cloth, 0.07)
    for side in (False, True):
        with pen.group("curtain", at=(520 if side else -520, -384), flip=side, lift=10):
            pen.path("M-300-200H330C320 120 270 280 180 420C230 520 210 650 190 1000H-300Z", cloth)
            pen.path("M-300-200H190C190 160 180 280 150 400C170 520 160 650 150 1000H-300Z", dark)
            pen.path("M240-200H280C270 150 230 280 172 390Z", light)
            pen.path("M176 412l26 10l-6 16l-24-6Z", light)


def _cat(pen: Pen, lots: Chance, palette: Palette, fur: Rgb) -> None:
    eyes, ears = palette.beside(fur, 2), palette.beside(fur, 1)
    with pen.group("cat", at=(lots.around(-10, 60), -8), lift=8):
        pen.line("M110 172C178 184 208 144 188 94C178 70 198 54 216 62", fur, 26)
        pen.path("M-84 190C-98 64-54-4 16-10C88-4 124 74 116 190Z", fur)
        pen.path("M-66-24L-62-120L-12-76C8-80 24-80 44-76L94-120L98-24C98 28 62 52 16 52S-66 28-66-24Z", fur)
        pen.path("M-48-46L-46-88L-18-62ZM80-46L78-88L50-62Z", ears)
        for x in (-18, 50):
            pen.ellipse(x, -20, 17, 21, eyes)
            pen.ellipse(x + lots.choice((-4, 0, 4)), -20, 5, 18, palette.ink)
        pen.path("M6 8h20l-10 12Z", ears)
        pen.line("M16 20v8q-10 10-20 2M16 28q10 10 20 2", ears, 3.5)
        whisker = color.mix(fur, palette.paper if color.lab(fur)[0] < 0.5 else palette.ink, 0.45)
        pen.line("M-44 8L-92-2M-44 18L-88 24M76 8L124-2M76 18L120 24", whisker, 3)
        pen.path(
            "M-32 190C-34 144-24 94-12 74H44C56 94 66 144 64 190Z",
            color.shift(fur, 0.07 if fur < (99, 99, 99) else -0.06),
        )
        for x in (-12, 44):
            pen.ellipse(x, 186, 26, 14, palette.paper if color.lab(fur)[0] < 0.6 else palette.hue(1))


def _pot(pen: Pen, palette: Palette) -> None:
    pot = palette.hue(2)
    with pen.group("plant", at=(250, 86), lift=6):
        for angle, long in ((-50, 90), (-24, 120), (0, 132), (26, 116), (52, 88)):
            green = natural(palette, None, (60, 150, 100))
            leaf(pen, (0, 0), long, 20, angle, color.shift(green, 0.04 if angle % 4 else -0.05))
        pen.path("M-45 0H45L33 92H-33Z", pot)
        pen.rect(-53, -8, 106, 22, color.shift(pot, 0.05), 6)


BIRD_LEAVES = (
    (60, 752, -25), (120, 740, 150), (190, 738, -15), (240, 744, 165), (360, 752, 170), (420, 850, 120), (470, 872, 40),
    (520, 880, 95), (610, 650, 150), (640, 560, -50), (690, 500, 60), (720, 470, 20), (760, 610, 170), (720, 606, -10),
    (660, 628, 165),
)  # fmt: skip


def bird(pen: Pen, lots: Chance, palette: Palette) -> None:
    backdrops.lay(pen, lots, palette)
    wing, belly = palette.beside(palette.ground, 0), palette.beside(palette.ground, 1)
    chest, beak = color.mix(wing, palette.paper, 0.3), palette.beside(wing, 2)
    branch = natural(palette, lots, (91, 58, 41))
    with stand(pen, lots, "bird", 1.12, center=(400, 590)):
        with pen.group("branch", lift=6):
            pen.line(
                "M-320 860C-200 820-120 800-20 780C160 720 330 760 470 720S690 600 820 610S1100 560 1200 540",
                branch,
                18,
            )
            pen.line("M300 748C340 820 430 860 520 880M560 690C600 600 640 540 720 470", branch, 12)
            for x, y, angle in BIRD_LEAVES:
                green = color.shift(natural(palette, None, (63, 143, 104)), lots.around(0, 0.07))
                leaf(pen, (x, y), lots.uniform(80, 120), lots.uniform(24, 34), angle, green, palette.ground)
            for x, y in ((340, 800), (450, 905), (590, 600), (150, 790)):
                pen.circle(x, y, 17, beak)
                pen.circle(x - 5, y - 5, 4, palette.paper, 0.6)
        with pen.group("body", at=(0, -18), lift=12):
            pen.path(
                "M210 640C210 470 330 352 480 352C560 352 604 402 604 462C604 600 500 736 330 740L120 850L96 800Z", wing
            )
            pen.path("M604 462C604 600 500 736 330 740C470 690 500 560 478 470C470 430 520 420 604 462Z", belly)
            pen.path("M250 640C270 540 350 480 440 500C460 590 400 690 250 720L110 828L100 800Z", chest)
            for i in range(4):
                pen.line(f"M{280 + i * 8} {690 - i * 34}C{330 + i * 10} {680 - i * 36} {380 + i * 6} {650 - i * 36} "
                         f"{410 + i * 5} {600 - i * 30}", wing, 6)  # fmt: skip
            for i in range(3):
                pen.line(f"M{120 + i * 10} {838 - i * 22}L{250 + i * 16} {742 - i * 20}", wing, 5)
            pen.path("M596 420L690 448L600 486Z", beak)
            pen.line("M604 452L676 449", wing, 4)
            pen.circle(535, 432, 25, palette.paper)
            pen.circle(540, 432, 13, palette.ink)
            pen.circle(545, 427, 4, palette.paper)
            pen.path("M470 356C478 300 520 280 548 292C536 300 524 322 522 360Z", chest)
        pen.line("M360 716V764M352 764h24M410 704V750M402 752h24", beak, 7)


def koi(pen: Pen, lots: Chance, palette: Palette) -> None:
    water = palette.ground
    pen.ground(water)
    ripple = color.mix(water, palette.paper, 0.22)
    with pen.group("ripples"):
        for _ in range(9):
            x, y = pen.width * lots.random(), pen.height * lots.random()
            for r in range(lots.randint(1, 3)):
                pen.ring(x, y, 60 + r * lots.uniform(50, 80), ripple, 3, 0.7)
    bodies = (
        natural(palette, lots, (255, 246, 234), paper=True),
        natural(palette, lots, (255, 178, 63)),
        palette.beside(water, 0),
    )
    count = 3 if pen.width > 1300 or pen.height > 1300 else 2
    start = lots.uniform(0, 360)
    for i in range(count):
        turn = start + i * (180 if count == 2 else 120) + lots.around(0, 22)
        x = pen.width * (0.5 + (0.24 if pen.wide else 0.2) * math.cos(math.radians(turn + 60)))
        y = pen.height * (0.5 + 0.2 * math.sin(math.radians(turn + 60)))
        _fish(pen, lots, palette, (x, y), turn, 1.25 - 0.16 * i, bodies[i])
    for _ in range(lots.randint(5, 8)):
        edge = lots.random()
        x = pen.width * (lots.choice((0.06, 0.94)) if edge < 0.5 else lots.random())
        y = pen.height * (lots.random() if edge < 0.5 else lots.choice((0.05, 0.95)))
        _lily(pen, lots, palette, (x, y), lots.uniform(0.8, 1.6))


def _fish(
    pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], turn: float, scale: float, body: Rgb
) -> None:
    fin = color.mix(body, palette.hue(1), 0.35)
    patch = natural(palette, lots, (228, 68, 46)) if body != palette.hue(0) else palette.paper
    with pen.group("koi", at=at, turn=turn, scale=scale, lift=12):
        for side in (-1, 1):
            pen.path(f"M{50 * side}-70C{120 * side}-60 {140 * side}-10 {120 * side} 30C{90 * side} 10 {60 * side}-10 "
                     f"{44 * side}-20Z", fin, 0.92)  # fmt: skip
        pen.path(
            "M0 150C-20 190-70 220-96 290C-50 280-18 250 0 222C18 250 50 280 96 290C70 220 20 190 0 150Z", fin, 0.92
        )
        pen.path("M0-210C52-210 72-130 66-40C60 60 30 140 0 190C-30 140-60 60-66-40C-72-130-52-210 0-210Z", body)
        for x, y, rx, ry in ((-14, -130, 40, 50), (22, 10, 34, 56), (-16, 110, 20, 30)):
            pen.ellipse(x * lots.choice((1, -1)), y + lots.around(0, 14), rx * lots.uniform(0.7, 1), ry, patch)
        pen.line("M0-60V150", fin, 7)
        for side in (-1, 1):
            pen.circle(34 * side, -160, 8, palette.ink)
            pen.line(f"M{18 * side}-196q{22 * side}-14 {40 * side}-6", fin, 4)
        for y in range(-90, 130, 36):
            for x in (-24, 0, 24):
                pen.line(f"M{x - 12} {y}q12 14 24 0", palette.ink, 2, 0.14)


def _lily(pen: Pen, lots: Chance, palette: Palette, at: tuple[float, float], scale: float) -> None:
    green = color.shift(natural(palette, None, (63, 157, 107)), lots.around(0, 0.06))
    with pen.group("lily", at=at, scale=scale, turn=lots.uniform(0, 360), lift=8):
        pen.path("M0 0L96-34A102 102 0 1 1 70-74Z", green)
        for angle in (0.3, 1, 1.7, 2.4, 3.1, 3.8, 4.5):
            pen.line(f"M0 0L{92 * math.cos(angle)} {92 * math.sin(angle)}", color.shift(green, -0.14), 2.5, 0.6)
        if lots.random() < 0.5:
            for k in range(8):
                with pen.group("petal", turn=k * 45):
                    pen.path(
                        "M0 0C22-20 18-50 0-62C-18-50-22-20 0 0Z",
                        color.mix(palette.hue(2), palette.paper, 0.5 + 0.2 * (k % 2)),
                    )
            pen.circle(0, 0, 13, palette.hue(1))
