"""Plates as pictures: cut to the shape asked, recolored, or framed where they do not fit."""

from PIL import Image

from studio.sandbox.drawing import chance, color, effects, palettes, recolor
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.look_book import Look
from studio.sandbox.drawing.paint import paint
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.plates import Kind, Plate, cut, fits
from studio.sandbox.drawing.request import DrawRequest
from studio.sandbox.drawing.scene import Pen, fade
from studio.sandbox.drawing.scenes.windows import window

RECOLORED_PIXELS = 2_000_000
# Degrees of hue: things in strong light turn sour sooner than skies and stone
DRIFT = {Kind.OBJECT: (8, 20), Kind.PLACE: (16, 40), Kind.PATTERN: (20, 60)}
LIGHTS = (1.0, 0.8, 1.26)
SHADE = (20, 18, 26)


def plate(request: DrawRequest, palette: Palette, plate: Plate, look: Look, before: int) -> Image.Image:
    """`before` is how often the plate was shown in earlier pictures: it comes back mirrored, then in other light."""
    lots, mirrored = chance.of(request, "plate"), before % 2 == 1
    size = (request.width, request.height)
    background = palette.background
    if background is not None and plate.ground is None:
        return _matted(request, palette, plate, lots, mirrored)
    if not fits(plate.name, *size):
        return _framed(request, palette, plate, lots, mirrored)
    picture = effects.sharpen(cut(plate, *size, lots, mirrored, calm=look.calm), look.sharp)
    picture = effects.expose(picture, LIGHTS[before // 2 % len(LIGHTS)])
    if background is None and not palette.asked:
        return _turned(request, picture, plate, palette, look, lots)
    picture = _enlarged(picture, size)
    if background is not None and plate.ground is not None:
        picture = recolor.ground_to(picture, plate.ground, background)
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)


def _enlarged(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """To the size asked, or as near to it as recoloring is worth: a plate holds half a million pixels."""
    share = min(1.0, (RECOLORED_PIXELS / (size[0] * size[1])) ** 0.5)
    return picture.resize((round(size[0] * share), round(size[1] * share)), Image.Resampling.BICUBIC)


def _matted(request: DrawRequest, palette: Palette, plate: Plate, lots: Chance, mirrored: bool) -> Image.Image:
    """The plate in a window on the background asked for."""
    pen, hole = Pen(request.width, request.height), Pen(request.width, request.height)
    outline = window(pen, lots)
    _ground(pen, palette)
    with pen.group("shadow", lift=16):
        pen.path(outline, palette.ink)
    hole.path(outline, (255, 255, 255))
    return _behind(plate, pen, hole, (request.width, request.height), lots, mirrored)


def _framed(request: DrawRequest, palette: Palette, plate: Plate, lots: Chance, mirrored: bool) -> Image.Image:
    """The whole plate as a print on a wall, where no crop of this shape would show what it is of."""
    pen, hole = Pen(request.width, request.height), Pen(request.width, request.height)
    room = lots.uniform(0.78, 0.88)
    aspect = plate.width / plate.height * lots.uniform(0.92, 1.0)
    wide = min(pen.width * room, pen.height * room * aspect)
    high = wide / aspect
    x = (pen.width - wide) * lots.uniform(0.4, 0.6)
    y = (pen.height - high) * lots.uniform(0.36, 0.5)
    border = lots.choice((0.0, 26.0, 44.0))
    _ground(pen, palette)
    with pen.group("print", lift=18):
        pen.rect(x, y, wide, high, palette.paper)
    hole.rect(x + border, y + border, wide - 2 * border, high - 2 * border, (255, 255, 255))
    return _behind(plate, pen, hole, (request.width, request.height), lots, mirrored)


def _ground(pen: Pen, palette: Palette) -> None:
    """The wall: plain where its color was asked for, else with light falling over it."""
    if palette.background is not None:
        pen.ground(palette.ground)
        return
    ends = (color.shift(palette.ground, 0.03), color.shift(palette.ground, -0.05))
    pen.ground(fade(ends, (0, 0), (pen.width * 0.5, pen.height)))


def _behind(plate: Plate, page: Pen, hole: Pen, size: tuple[int, int], lots: Chance, mirrored: bool) -> Image.Image:
    """A cut of the plate behind the hole in the page."""
    under = paint(page.scene, *size, shadow=SHADE)
    mask = paint(hole.scene, *size).getchannel("R")
    box = mask.getbbox() or (0, 0, *size)
    inner = (box[2] - box[0], box[3] - box[1])
    view = cut(plate, *inner, lots, mirrored).resize(inner, Image.Resampling.BICUBIC)
    under.paste(view, box, mask.crop(box))
    return under


def _turned(
    request: DrawRequest, picture: Image.Image, plate: Plate, palette: Palette, look: Look, lots: Chance
) -> Image.Image:
    """The plate at the size asked in other colors: its own, drifted, or the palette's."""
    size = (request.width, request.height)
    if plate.kind is Kind.PLACE:
        # Wide skies look alike: another hour of the day tells two of them apart
        picture = effects.expose(picture, chance.order(request, (1.0, 0.76, 1.36, 0.88, 1.18), "hour"))
    way = chance.order(request, ("own", "dressed", "drift", "dressed", "own", "drift"), "turn")
    if palette.named or (way == "dressed" and not look.natural):
        # Recolored after it is enlarged, or the seams between colors show the plate's own pixels
        picture = _dressed(_enlarged(picture, size), plate, palette)
    else:
        far = lots.around(0, 8) if way == "own" else lots.sign() * lots.uniform(*DRIFT[plate.kind])
        picture = recolor.apply(picture, recolor.turned(far, lots.uniform(0.92, 1.1), lots.uniform(0.96, 1.08)))
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)


def _dressed(picture: Image.Image, plate: Plate, palette: Palette) -> Image.Image:
    if plate.kind is Kind.PLACE and plate.name != "meadow":
        stops = sorted({palette.ink, *palette.hues[:3], palette.paper}, key=palettes.lightness)
        return recolor.apply(picture, recolor.ramp(stops, keep=0.3))
    if plate.kind is Kind.PATTERN and palette.named:
        first, last = palette.named[0], palette.named[-1]
        veins = (color.shift(first, -0.25), first, color.mix(first, palette.paper, 0.6), last, palette.paper)
        return recolor.apply(picture, recolor.ramp(sorted(veins, key=palettes.lightness), keep=0.05, over=picture))
    return recolor.dress(picture, (*palette.hues, palette.ground), 0.85, palette.named)
