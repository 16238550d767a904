"""From request to bytes: choose what to show, draw it, finish it, encode it."""

import io

from PIL import Image

from studio.sandbox.drawing import chance, fit, looks, palettes, plates, prints, recolor, referred, svg, words
from studio.sandbox.drawing.look_book import Look
from studio.sandbox.drawing.paint import paint
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import DrawRequest, Rgb
from studio.sandbox.drawing.scene import Pen, Scene
from studio.sandbox.drawing.scenes import ABSTRACT, OPEN, SCENES
from studio.sandbox.drawing.scenes.marks import badge
from studio.sandbox.drawing.scenes.windows import framed

WEBP_QUALITY = 86
WEBP_METHOD = 1
FEW = 3


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
    made = _scene(request, palette, _choice(request, look, plates_too=False)[0])
    return looks.drawn(made, look, palette, chance.of(request, "restyle"))


def _choice(request: DrawRequest, look: Look, plates_too: bool) -> tuple[str, int]:
    """The plate or composition for this picture, and how often it came round before; neighbors get others."""
    named = look.prefers(words.named(request.prompt, request.negative_prompt))
    shown = [
        name for name in named if name in SCENES or (plates_too and plates.fits(name, request.width, request.height))
    ]
    if plates_too and len(shown) < FEW:
        # Better a plate as a framed print than the same one again or nothing that was asked for
        shown = named
    if request.background is not None:
        # What stands on open ground shows a background best
        shown = [name for name in shown if name in OPEN or _grounded(name)] or shown
    shown = shown or [name for name in named if name in SCENES]
    shown = shown or [scene for name in named for scene in words.STAND_INS.get(name, ())] or list(ABSTRACT)
    return chance.order(request, shown, "choice"), chance.round_of(request, shown)


def _grounded(name: str) -> bool:
    return name in plates.PLATES and plates.PLATES[name].ground is not None


def _raster(request: DrawRequest, look: Look, palette: Palette) -> Image.Image:
    name, before = _choice(request, look, plates_too=True)
    size = (request.width, request.height)
    if name in SCENES:
        picture = paint(_scene(request, palette, name), *size, shadow=palette.ink if look.shadows else None)
    else:
        picture = prints.plate(request, palette, plates.PLATES[name], look, before)
    picture = looks.finish(picture, look, palette, chance.of(request, "finish"), from_plate=name not in SCENES)
    if request.reference is not None and not palette.asked:
        picture = referred.like(picture, request.reference, chance.of(request, "reference"))
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


def _true_to_asked(request: DrawRequest, palette: Palette, picture: Image.Image) -> Image.Image:
    """The picture recolored as far as it takes; what is too finely mixed is calmed first."""
    wanted = (*palette.asked, *((palette.background,) if palette.background else ()))
    shares = palettes.by_weight(request)
    if _is_true(picture, wanted):
        return picture
    made = recolor.to_asked(picture, shares, palette.background)
    return made if _is_true(made, wanted) else recolor.flat_to_asked(picture, shares, palette.background, times=3)


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
