"""
Ways of printing and drawing: each remakes a finished picture as if by another hand.

All take (picture, palette, lots) and give RGB of the same size; strokes and dots scale with the short side.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps

from studio.sandbox.drawing import color, effects, recolor
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.color import Array
from studio.sandbox.drawing.palettes import Palette, lightness
from studio.sandbox.drawing.request import Rgb

Ink = Callable[[Image.Image, Palette, Chance], Image.Image]


def _unit(picture: Image.Image) -> float:
    return min(picture.size) / 1024


def _ends(palette: Palette) -> tuple[Rgb, Rgb]:
    """What is printed on, and with what: the background stays the sheet where one was asked for."""
    sheet = palette.background or (palette.ground if palette.asked else palette.paper)
    ink = palette.ink if lightness(sheet) > 0.5 else palette.paper
    asked = max(palette.asked, key=lambda each: abs(lightness(each) - lightness(sheet)), default=ink)
    return sheet, asked if abs(lightness(asked) - lightness(sheet)) > 0.18 else ink


def _printed(dark: Array, palette: Palette) -> Image.Image:
    """`dark` 0 to 1 as ink on the sheet; asked colors are kept apart, not mixed to tones between."""
    sheet, ink = _ends(palette)
    return effects.two_inks((dark - 0.3) * 3.2 if palette.asked else dark, ink, sheet)


def _grid(picture: Image.Image, degrees: float) -> tuple[Array, Array]:
    """Pixel coordinates turned by an angle."""
    y = np.arange(picture.height, dtype=np.float32)[:, None]
    x = np.arange(picture.width, dtype=np.float32)[None, :]
    cos, sin = np.float32(np.cos(np.radians(degrees))), np.float32(np.sin(np.radians(degrees)))
    return np.asarray(x * cos + y * sin, np.float32), np.asarray(y * cos - x * sin, np.float32)


def pixel(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    cells = lots.choice((96, 112, 128))
    size = tuple(max(1, round(side / min(picture.size) * cells)) for side in picture.size)
    small = picture.resize((size[0], size[1]), Image.Resampling.BOX)
    few = small.quantize(20, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return few.resize(picture.size, Image.Resampling.NEAREST)


def voxel(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Large cells, each a lit block."""
    cell = max(8, round(26 * _unit(picture)))
    size = (-(-picture.width // cell), -(-picture.height // cell))
    small = picture.resize(size, Image.Resampling.BOX).quantize(28, dither=Image.Dither.NONE).convert("RGB")
    made = small.resize((size[0] * cell, size[1] * cell), Image.Resampling.NEAREST).crop((0, 0, *picture.size))
    at = np.arange(cell, dtype=np.float32) / cell
    block = 1.0 - 0.34 * np.maximum(at[None, :], at[:, None]) ** 6 - 0.08 * (at[:, None] + at[None, :]) / 2
    block[0, :] = block[:, 0] = 1.0
    tiled = np.tile(block, (size[1], size[0]))[: picture.height, : picture.width]
    shade = Image.fromarray((tiled * 255).astype(np.uint8))
    return ImageChops.multiply(made, Image.merge("RGB", (shade, shade, shade)))


def engraving(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """One ink, swelling lines that bend over the forms."""
    return _printed(_lines(picture, lots.uniform(20, 50), 11.0), palette)


def color_engraving(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Engraved lines over flat color."""
    flat = ImageOps.posterize(effects.calmed(picture, 3), 3)
    flat = effects.tone(flat, 0.9, 1.15, 34)
    dark = Image.fromarray(np.clip(_lines(picture, lots.uniform(20, 60), 9.5) * 215, 0, 255).astype(np.uint8))
    return Image.composite(Image.new("RGB", picture.size, palette.ink), flat, dark)


def crosshatch(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    first, second = _lines(picture, 35, 12.0), _lines(picture, 125, 12.0, above=0.42)
    return _printed(np.maximum(first, np.maximum(second, _outline(picture))), palette)


def _lines(picture: Image.Image, degrees: float, pitch: float, above: float = 0.0) -> Array:
    """Ink of 0 to 1: lines as thick as the picture is dark, none where darkness is under `above`."""
    light = ImageOps.autocontrast(picture.convert("L"), 2)
    soft = np.asarray(light.filter(ImageFilter.GaussianBlur(5 * _unit(picture))), np.float32) / np.float32(255)
    pitch = pitch * _unit(picture)
    along, _ = _grid(picture, degrees)
    wave = 0.5 + 0.5 * np.sin(along * np.float32(2 * np.pi / pitch) + soft * np.float32(7))
    dark = 1.02 - np.asarray(light, np.float32) / np.float32(255)
    dark = np.maximum(0, dark - above) / np.float32(1 - above)
    return np.asarray(np.clip((dark * 1.05 - wave) * pitch * 0.5 + 0.5, 0, 1), np.float32)


def _outline(picture: Image.Image, strength: float = 3.2) -> Array:
    """Ink of 0 to 1 where the picture has edges."""
    light = picture.convert("L").filter(ImageFilter.GaussianBlur(1.2 * _unit(picture)))
    around = light.filter(ImageFilter.GaussianBlur(4.5 * _unit(picture)))
    less = np.asarray(around, np.float32) - np.asarray(light, np.float32)
    return np.asarray(np.clip(np.abs(less) * strength / 30 - 0.18, 0, 1), np.float32)


def pencil(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Graphite: edges and soft hatching, the paper showing through."""
    tooth = effects.texture(picture.size, "paper", lots, max(1.0, _unit(picture)))
    shade = np.clip(0.86 - effects.luminance(picture), 0, 1) * 0.8
    hatch = _lines(picture, lots.uniform(40, 65), 5.0, above=0.25) * 0.5
    dark = np.maximum(_outline(picture, 4.0), np.maximum(hatch, shade) * (0.72 + 0.09 * tooth))
    return _printed(dark * 0.92, palette)


def color_pencil(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """A light wash of the colors under a drawn line."""
    sheet, ink = _ends(palette)
    tooth = np.clip(0.84 + 0.1 * effects.texture(picture.size, "paper", lots, max(1.0, _unit(picture))), 0, 1)
    wash = Image.composite(effects.tone(picture, 0.9, 1.3, 20), Image.new("RGB", picture.size, sheet), _mask(tooth))
    return Image.composite(Image.new("RGB", picture.size, ink), wash, _mask(_outline(picture, 4.2) * 0.85))


def watercolor(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Soft washes with darker rims on rough paper, running out at the edges."""
    sheet = palette.background or ((255, 253, 248) if not palette.asked else palette.ground)
    wash = effects.tone(paint_strokes(picture, 5), 0.92, 1.35, 26)
    rims = _outline(wash, 2.6) * 0.35
    wet = effects.cloudy(picture.size, lots, 5)
    wash = effects.multiply(wash, 0.86 + 0.2 * wet)
    wash = Image.composite(Image.new("RGB", wash.size, palette.ink), wash, _mask(rims))
    x = np.linspace(-1, 1, 64, dtype=np.float32)
    edge = np.maximum(np.abs(x)[None, :], np.abs(x)[:, None]) + 0.16 * (effects.cloudy(picture.size, lots, 9) - 0.5)
    inside = Image.fromarray((np.clip((0.94 - edge) * 22, 0, 1) * 255).astype(np.uint8))
    framed = Image.composite(
        wash, Image.new("RGB", wash.size, sheet), inside.resize(wash.size, Image.Resampling.BICUBIC)
    )
    return effects.paper(framed, lots, 6)


def oil(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    return effects.grain(effects.tone(paint_strokes(picture, 6), 1.06, 1.25), lots, 5, "canvas")


def paint_strokes(picture: Image.Image, radius: int) -> Image.Image:
    """Patches of one color with firm edges (a Kuwahara filter), worked out at half size."""
    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    radius = max(2, round(radius * _unit(picture) * 0.6))
    means = half.filter(ImageFilter.BoxBlur(radius))
    gray = half.convert("L")
    uneven = ImageChops.difference(gray, gray.filter(ImageFilter.BoxBlur(radius)))
    rough = np.asarray(uneven.point([min(255, v * 4) for v in range(256)]).filter(ImageFilter.BoxBlur(radius)))
    picks, sums = np.asarray(means), [np.roll(rough, by, (0, 1)) for by in _corners(radius)]
    best = np.argmin(np.stack(sums), 0)
    made = np.zeros_like(picks)
    for k, by in enumerate(_corners(radius)):
        made = np.where((best == k)[..., None], np.roll(picks, by, (0, 1)), made)
    return Image.fromarray(made).resize(picture.size, Image.Resampling.BICUBIC)


def _corners(radius: int) -> tuple[tuple[int, int], ...]:
    return ((radius, radius), (radius, -radius), (-radius, radius), (-radius, -radius))


def _mask(share: Array) -> Image.Image:
    return Image.fromarray(np.clip(share * 255, 0, 255).astype(np.uint8))


def _screen(picture: Image.Image, palette: Palette, dark: Array, degrees: float, pitch: float) -> Array:
    """
    Tone as dots on a turned grid, 0 to 1.

    Asked colors are printed solid instead: WebP keeps color at half the detail, and dots would mix into others.
    """
    if palette.asked:
        return np.asarray(np.clip((dark - 0.5) * 12 + 0.5, 0, 1), np.float32)
    along, across = _grid(picture, degrees)
    turn = np.float32(2 * np.pi / (pitch * _unit(picture)))
    wave = 0.5 + 0.25 * (np.cos(along * turn) + np.cos(across * turn))
    return np.asarray(np.clip((dark - wave) * 5 + 0.5, 0, 1), np.float32)


def risograph(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Two inks and a dark one, a little out of register, on paper."""
    sheet, ink = _ends(palette)
    red, _, blue = (
        np.asarray(band, np.float32) / np.float32(255) for band in ImageOps.autocontrast(picture, 1).split()
    )
    made = Image.new("RGB", picture.size, sheet)
    inks = ((palette.beside(sheet, 0), 1 - red, 45.0), (palette.beside(sheet, 1), 1 - blue, 15.0))
    for shade, dark, degrees in inks:
        screen = _screen(picture, palette, dark, degrees + lots.around(0, 6), 10.0)
        worn = screen * np.clip(0.93 + 0.09 * effects.texture(picture.size, "clumps", lots), 0, 1)
        off = (round(lots.around(0, 3) * _unit(picture)), round(lots.around(0, 3) * _unit(picture)))
        plate = Image.composite(
            Image.new("RGB", picture.size, shade), Image.new("RGB", picture.size, (255, 255, 255)), _mask(worn)
        )
        made = ImageChops.multiply(made, ImageChops.offset(plate, *off))
    deep = _screen(picture, palette, np.clip(1.15 - 2.0 * effects.luminance(picture), 0, 1), 75, 10.0)
    return Image.composite(Image.new("RGB", picture.size, ink), made, _mask(deep * 0.9))


def pop(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Loud flat colors with big dots in the shade and a firm outline."""
    stops = sorted({palette.ink, *palette.hues[:3], palette.paper}, key=lightness)
    flat = recolor.apply(ImageOps.posterize(ImageOps.autocontrast(picture, 2), 3), recolor.ramp(stops, 0.35))
    shade = _screen(picture, palette, np.clip(1.0 - effects.luminance(picture) * 1.25, 0, 1), 30, 15)
    flat = Image.composite(Image.new("RGB", flat.size, palette.beside(palette.paper, 1)), flat, _mask(shade * 0.8))
    return Image.composite(Image.new("RGB", flat.size, palette.ink), flat, _mask(_outline(picture, 5.0)))


def comic(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Few tones, black shade, firm lines."""
    flat = ImageOps.posterize(paint_strokes(picture, 4), 3)
    flat = effects.tone(flat, 1.15, 1.3, 12)
    black = np.clip((0.24 - effects.luminance(picture)) * 14, 0, 1)
    return Image.composite(
        Image.new("RGB", flat.size, palette.ink), flat, _mask(np.maximum(black, _outline(picture, 5.5)))
    )


def stencil(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Two inks and the sheet, cut clean, sprayed a little unevenly."""
    sheet, ink = _ends(palette)
    light = np.asarray(ImageOps.autocontrast(effects.calmed(picture, 3).convert("L"), 3), np.float32) / np.float32(255)
    uneven = 0.05 * effects.texture(picture.size, "paper", lots)
    middle = effects.two_inks(np.clip((0.68 - light + uneven) * 20, 0, 1), palette.beside(sheet, 0), sheet)
    return Image.composite(
        Image.new("RGB", picture.size, ink), middle, _mask(np.clip((0.36 - light + uneven) * 20, 0, 1))
    )


def linocut(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """One ink pressed from a carved block."""
    carved = _lines(picture, lots.uniform(-20, 20), 13.0)
    solid = np.clip((0.42 - effects.luminance(picture)) * 16, 0, 1)
    worn = np.clip(0.95 + 0.12 * effects.texture(picture.size, "clumps", lots), 0, 1)
    return _printed(np.maximum(solid, carved) * worn, palette)


def stipple(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Flat color with sprayed shade: the grain of a screen print."""
    flat = paint_strokes(picture, 3)
    spray = effects.texture(picture.size, "fine", lots, max(1.0, _unit(picture)))
    shade = np.clip((0.62 - effects.luminance(picture)) * 1.5 + 0.42 * spray - 0.1, 0, 1) > 0.42
    return Image.composite(
        effects.tone(flat, 1.0, 1.1).point([round(v * 0.62) for v in range(256)] * 3), flat, _mask(shade * 0.6)
    )


def neon(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Edges lit up in a dark room."""
    dark = palette.background or (color.mix((8, 6, 20), palette.ink, 0.4) if not palette.asked else palette.ground)
    room = Image.blend(Image.new("RGB", picture.size, dark), effects.tone(picture, 1.1, 1.4), 0.28)
    lines = _mask(_outline(picture, 6.5))
    halo = lines.filter(ImageFilter.GaussianBlur(9 * _unit(picture))).point([min(255, v * 2) for v in range(256)])
    bright = recolor.apply(picture, recolor.ramp((palette.hue(0), palette.hue(1), palette.hue(2), palette.paper), 0.3))
    glowing = ImageChops.screen(room, ImageChops.multiply(bright, Image.merge("RGB", (halo, halo, halo))))
    return Image.composite(effects.tone(bright, 1.0, 1.0, 90), glowing, lines)


def psychedelic(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """The hues run several times around between dark and light."""
    stops = [hue for _ in range(2) for hue in palette.hues[:4]]
    return recolor.apply(picture.filter(ImageFilter.GaussianBlur(2 * _unit(picture))), recolor.ramp(stops, 0.5))


def gradient_wash(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Everything in one soft ramp of the palette."""
    stops = sorted({*palette.hues[:3], palette.paper, palette.ground}, key=lightness)
    return effects.tone(recolor.apply(picture, recolor.ramp(stops, 0.25)), 0.95, 1.05, 10)
