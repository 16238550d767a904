"""A picture drawn anew over another one's composition, and one prompt drawn by several hands."""

from dataclasses import replace

import numpy as np
from PIL import Image

from studio.sandbox.drawing import DrawRequest, chance, looks, palettes, recolor
from studio.sandbox.editing import cutout, drawings, drawn, planes, tracing, warps
from studio.sandbox.editing.drawn import Drawn, generated
from studio.sandbox.editing.intake import Source

WORKED_PIXELS = 2_400_000
# Up to here only light, color and hand change; beyond it the new scene comes in, the subject last.
KEPT_UNTIL = 0.35
# Hands for /explore, far from one another. None is the model's own.
RASTER_HANDS = (None, "Evening light", "Risograph", "Watercolor", "Noir", "Pastel gradient", "Hard Comics", "Pixel art")
VECTOR_HANDS = (None, "Linocut", "Cutout", "Cosmics", "Line art", "Vivid shapes", "Mosaic", "Marker outline")


def image_to_image(request: DrawRequest, source: Source, strength: float) -> Drawn:
    """`strength` 0 gives nearly the source, 1 the prompt's own drawing in the source's size."""
    picture = drawn.rgb(drawn.raster_of(source))
    made = recomposed(request, picture, strength)
    if request.image_format != "svg":
        return drawn.encoded(made, request.image_format)
    if strength >= 1:
        return generated(replace(request, width=picture.width, height=picture.height))
    return drawn.written(tracing.traced(made), *picture.size, request.prompt)


def recomposed(request: DrawRequest, picture: Image.Image, strength: float) -> Image.Image:
    full = picture.size
    scale = min(1.0, (WORKED_PIXELS / (full[0] * full[1])) ** 0.5)
    size = (max(1, round(full[0] * scale)), max(1, round(full[1] * scale)))
    old = picture if size == full else picture.resize(size, Image.Resampling.BOX)
    if strength <= 0:
        return picture.copy()
    restyled = _restyled(request, old, strength)
    if strength <= KEPT_UNTIL:
        made = restyled
    else:
        new = drawings.raster(request, size)
        share = (strength - KEPT_UNTIL) / (1 - KEPT_UNTIL)
        made = _coming_in(request, restyled, new, cutout.subject(old), share)
    return made if size == full else made.resize(full, Image.Resampling.BICUBIC)


def _restyled(request: DrawRequest, picture: Image.Image, strength: float) -> Image.Image:
    """The same composition in the prompt's colors and the style's hand."""
    look = looks.of(request)
    palette = palettes.of(request, look.mood)
    amount = min(1.0, strength * 1.6)
    lots = chance.of(request, "image to image")
    bent = warps.Warp(lots, 0.08 * amount).on(picture)
    dressed = recolor.dress(bent, (*palette.hues, palette.ground), 0.9, palette.named)
    if palette.asked:
        dressed = recolor.to_asked(dressed, palettes.by_weight(request), palette.background)
    finished = looks.finish(dressed, look, palette, lots, from_plate=True)
    return Image.blend(bent, finished, amount)


def _coming_in(
    request: DrawRequest, old: Image.Image, new: Image.Image, subject: Image.Image, share: float
) -> Image.Image:
    """`new` takes the page from the background inwards, in patches with soft edges; at 1 it has all of it."""
    size = planes.fitted(old.size, 512)
    lots = chance.of(request, "coming in")
    uneven = chance.noise(lots.randrange(1 << 30), size[1], size[0], max(size) / 3, 3)
    inner = planes.blurred(planes.plane(subject.resize(size, Image.Resampling.BOX)), 1)
    late = 0.25 * np.clip((uneven - 0.25) * 2, 0, 1) + 0.55 * inner
    seen = np.clip((share - late) / 0.2, 0, 1).astype(np.float32)
    mask = planes.image(seen * seen * (3 - 2 * seen)).resize(old.size, Image.Resampling.BICUBIC)
    # What stays shares the new scene's color the more, the more of it there is
    kept = Image.blend(old, recolor.dress(old, recolor.main_colors(new, 5), 0.8), 0.7 * share)
    return Image.composite(new, kept, mask)


def explored(request: DrawRequest) -> Drawn:
    """One of the eight pictures of an exploration: every place in the answer has a hand of its own."""
    return generated(replace(request, style=request.style or hand(request.image_format == "svg", request.index)))


def hand(vector: bool, place: int) -> str | None:
    """The style that this place of an exploration is drawn in."""
    hands = VECTOR_HANDS if vector else RASTER_HANDS
    return hands[place % len(hands)]
