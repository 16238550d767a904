"""From request to bytes: choose what to show, draw it, finish it, encode it."""

import io

from PIL import Image

from studio.sandbox.drawing import chance, color, effects, fit, looks, palettes, plates, recolor, svg, words
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.look_book import Look
from studio.sandbox.drawing.paint import paint
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import DrawRequest, Rgb
from studio.sandbox.drawing.scene import Pen, Scene
from studio.sandbox.drawing.scenes import ABSTRACT, OPEN, SCENES
from studio.sandbox.drawing.scenes.marks import badge
from studio.sandbox.drawing.scenes.windows import framed, window

WEBP_QUALITY = 86
WEBP_METHOD = 1
RECOLORED_PIXELS = 2_000_000


def draw(request: DrawRequest) -> bytes:
    """The picture's bytes: WebP, PNG or UTF-8 SVG, of exactly the size asked."""
    if request.image_format == "svg":
        return svg.write(scene(request), request.width, request.height, request.prompt).encode()
    look = looks.of(request)
    return _encode(_raster(request, look, palettes.of(request, look.mood)), request.image_format)


def scene(request: DrawRequest) -> Scene:
    """The shapes of a vector picture."""
    look = looks.of(request)
    palette = palettes.of(request, look.mood)
    made = _scene(request, palette, _choice(request, look, plates_too=False))
    return looks.drawn(made, look, palette, chance.of(request, "restyle"))


def _choice(request: DrawRequest, look: Look, plates_too: bool) -> str:
    """The plate or composition for this picture; neighbors in a call get others."""
    named = look.prefers(words.named(request.prompt, request.negative_prompt))
    fitting = [name for name in named if _usable(name, request, plates_too)]
    if request.background is not None:
        # What stands on open ground shows a background best
        fitting = [name for name in fitting if name in OPEN or _grounded(name)] or fitting
    return chance.order(request, fitting or [name for name in named if name in SCENES] or ABSTRACT, "choice")


def _grounded(name: str) -> bool:
    return name in plates.PLATES and plates.PLATES[name].ground is not None


def _usable(name: str, request: DrawRequest, plates_too: bool) -> bool:
    if name in SCENES:
        return True
    return plates_too and plates.fits(name, request.width, request.height)


def _raster(request: DrawRequest, look: Look, palette: Palette) -> Image.Image:
    name = _choice(request, look, plates_too=True)
    size = (request.width, request.height)
    if name in SCENES:
        picture = paint(_scene(request, palette, name), *size, shadow=palette.ink if look.shadows else None)
    else:
        picture = _plate(request, palette, plates.PLATES[name], look)
    picture = looks.finish(picture, look, palette, chance.of(request, "finish"), from_plate=name not in SCENES)
    if palette.asked:
        picture = _true_to_asked(request, palette, picture)
    return looks.surface(picture, look, palette, chance.of(request, "surface"), smooth=_smooth(name))


def _smooth(name: str) -> bool:
    """Flat color and wide skies, which look dead without a surface of their own."""
    return name in SCENES or plates.PLATES[name].kind is plates.Kind.PLACE


def _scene(request: DrawRequest, palette: Palette, name: str) -> Scene:
    pen = Pen(request.width, request.height)
    lots = chance.of(request, "scene")
    if name == "badge":
        badge(pen, lots, palette, tuple(palettes.words(request.prompt)))
    elif palette.background is not None and name not in OPEN:
        framed(pen, lots, palette, SCENES[name])
    else:
        SCENES[name](pen, lots, palette)
    return fit.to_asked(pen.scene, request, palette) if palette.asked else pen.scene


def _plate(request: DrawRequest, palette: Palette, plate: plates.Plate, look: Look) -> Image.Image:
    lots = chance.of(request, "plate")
    size = (request.width, request.height)
    background = palette.background
    if background is not None and plate.ground is None:
        return _matted(request, palette, plate, lots)
    picture = effects.sharpen(plates.cut(plate, *size, lots, calm=look.calm), look.sharp)
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


def _matted(request: DrawRequest, palette: Palette, plate: plates.Plate, lots: Chance) -> Image.Image:
    """The plate in a window on the background asked for."""
    pen, size = Pen(request.width, request.height), (request.width, request.height)
    pen.ground(palette.ground)
    outline = window(pen, lots)
    with pen.group("shadow", lift=16):
        pen.path(outline, palette.ink)
    under = paint(pen.scene, *size, shadow=palette.ink)
    hole = Pen(*size)
    hole.path(outline, (255, 255, 255))
    mask = paint(hole.scene, *size).getchannel("R")
    box = mask.getbbox() or (0, 0, *size)
    inner = (box[2] - box[0], box[3] - box[1])
    view = plates.cut(plate, *inner, lots).resize(inner, Image.Resampling.BICUBIC)
    under.paste(view, box, mask.crop(box))
    return under


def _turned(
    request: DrawRequest, picture: Image.Image, plate: plates.Plate, palette: Palette, look: Look, lots: Chance
) -> Image.Image:
    """The plate at the size asked in other colors: its own, drifted, or the palette's."""
    size = (request.width, request.height)
    if plate.kind is plates.Kind.PLACE:
        # Wide skies look alike: another hour of the day tells two of them apart
        picture = effects.expose(picture, chance.order(request, (1.0, 0.76, 1.36, 0.88, 1.18), "hour"))
    way = chance.order(request, ("own", "dressed", "drift", "dressed", "own", "drift"), "turn")
    if palette.named or (way == "dressed" and not look.natural):
        # Recolored after it is enlarged, or the seams between colors show the plate's own pixels
        picture = _dressed(_enlarged(picture, size), plate, palette)
    else:
        far = lots.around(0, 8) if way == "own" else lots.sign() * lots.uniform(16, 42)
        picture = recolor.apply(picture, recolor.turned(far, lots.uniform(0.92, 1.1), lots.uniform(0.96, 1.08)))
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)


def _dressed(picture: Image.Image, plate: plates.Plate, palette: Palette) -> Image.Image:
    if plate.kind is plates.Kind.PLACE and plate.name != "meadow":
        stops = sorted({palette.ink, *palette.hues[:3], palette.paper}, key=palettes.lightness)
        return recolor.apply(picture, recolor.ramp(stops, keep=0.3))
    if plate.kind is plates.Kind.PATTERN and palette.named:
        first, last = palette.named[0], palette.named[-1]
        veins = (color.shift(first, -0.25), first, color.mix(first, palette.paper, 0.6), last, palette.paper)
        return recolor.apply(picture, recolor.ramp(sorted(veins, key=palettes.lightness), keep=0.1))
    return recolor.dress(picture, (*palette.hues, palette.ground), 0.85, palette.named)


def _true_to_asked(request: DrawRequest, palette: Palette, picture: Image.Image) -> Image.Image:
    """The picture recolored as far as it takes; what is too finely mixed is calmed first."""
    wanted = (*palette.asked, *((palette.background,) if palette.background else ()))
    shares = palettes.by_weight(request)
    if _is_true(picture, wanted):
        return picture
    made = recolor.to_asked(picture, shares, palette.background)
    return made if _is_true(made, wanted) else recolor.flat_to_asked(picture, shares, palette.background, times=2)


def _is_true(picture: Image.Image, wanted: tuple[Rgb, ...]) -> bool:
    # Halved too, because WebP will keep color at half the detail
    seen = (recolor.sample(each) for each in (picture, picture.reduce(2)))
    return all(recolor.near_share(pixels, wanted) >= recolor.SHARE - 0.02 for pixels in seen)


def _encode(picture: Image.Image, image_format: str) -> bytes:
    out = io.BytesIO()
    if image_format == "png":
        picture.save(out, "PNG", compress_level=1)
    else:
        picture.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return out.getvalue()
