"""
How a model or a style draws: its light, its ink, its surface.

A style or substyle has a look of its own; without one the model's family decides. Names are compared without case,
spaces and marks, so "Black & white" and "b_and_w" can share a look.
"""

from PIL import Image

from studio.recraft.image_models import IMAGE_MODELS, Family
from studio.sandbox.drawing import effects, recolor
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.look_book import BY_NAME, FAMILIES, Look, plain
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.request import DrawRequest
from studio.sandbox.drawing.scene import Scene

PAPER = 3.8  # 8-bit steps of paper on flat color: seen up close, felt from afar
ASKED = 2.4  # grain on asked colors, which it must not move away
ASKED_PAPER = 5.0  # paper may be more: in one color it is what tells two flat skies apart


def of(request: DrawRequest) -> Look:
    """The look of a request: its substyle's, else its style's, else its model family's."""
    for name in (request.substyle, request.style):
        if name and plain(name) in BY_NAME:
            return BY_NAME[plain(name)]
    model = IMAGE_MODELS.get(request.model)
    return FAMILIES[model.family if model else Family.V4_1]


def finish(picture: Image.Image, look: Look, palette: Palette, lots: Chance, from_plate: bool) -> Image.Image:
    """The look's light and ink, before colors are made true."""
    light = look.light if from_plate else look.light * 0.6
    if palette.background is not None:
        light *= 0.3
    picture = effects.tone(picture, look.contrast, look.chroma, look.lift)
    if look.tint is not None:
        picture = recolor.apply(picture, look.tint(palette))
    if look.bloom and from_plate:
        picture = effects.bloom(picture, look.bloom)
    if look.ink is not None:
        picture = look.ink(picture, palette, lots)
    return effects.light(picture, lots, light)


def surface(picture: Image.Image, look: Look, palette: Palette, lots: Chance, smooth: bool) -> Image.Image:
    """Grain, on top of all colors; `smooth` pictures get paper. Asked colors bear little of it."""
    if smooth and look.ink is None:
        return effects.grain(picture, lots, ASKED_PAPER if palette.asked else max(look.grain, PAPER), "paper")
    return effects.grain(picture, lots, min(look.grain, ASKED) if palette.asked else look.grain, look.grain_kind)


def drawn(scene: Scene, look: Look, palette: Palette, lots: Chance) -> Scene:
    """A vector scene in the look's hand."""
    return scene if look.drawn is None else look.drawn(scene, palette, lots)
