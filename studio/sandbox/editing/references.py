"""Custom styles: what is taken from reference pictures, how several are mixed, and what a built-in style looks like."""

import io
from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from studio.recraft.image_models import IMAGE_MODELS
from studio.sandbox.drawing import DrawRequest, Reference, color, draw, recolor
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.editing import drawn, intake, planes
from studio.sandbox.editing.intake import Rules

MOST_COLORS = 6
SIDE = 256
SHOWN = "three ceramic vases on a table"  # what a built-in style is looked at by


def look(data: bytes) -> Reference:
    """The look of one picture that was examined."""
    source = intake.examine(data, Rules(least=1))
    return look_of(drawn.rgb(intake.opened(source)))


def look_of_built_in(style: str, model: str) -> Reference:
    facts = IMAGE_MODELS[model.removesuffix("_vector")]
    request = DrawRequest(SHOWN, None, 1, 0, facts.id, style, None, 512, 512, (), None, "png", False, None)
    with Image.open(io.BytesIO(draw(request))) as picture:
        return look_of(picture.convert("RGB"))


def look_of(picture: Image.Image) -> Reference:
    """The look of an RGB picture."""
    small = picture.resize(planes.fitted(picture.size, SIDE), Image.Resampling.BOX)
    pixels = recolor.sample(small)
    found = recolor.clusters(pixels, MOST_COLORS)
    lab = color.to_lab(pixels)
    by_share = sorted(zip(found.centers, found.shares, strict=True), key=lambda pair: -float(pair[1]))
    colors = tuple(
        (color.rgb((float(c[0]), float(c[1]), float(c[2]))), round(float(share), 4))
        for c, share in by_share
        if share > 0
    )
    gray = planes.plane(small.convert("L"))
    fine = gray - planes.plane(small.convert("L").filter(ImageFilter.GaussianBlur(1.5)))
    return Reference(
        colors=colors,
        lightness=round(float(lab[:, 0].mean()), 4),
        contrast=round(float(lab[:, 0].std()), 4),
        chroma=round(float(np.hypot(lab[:, 1], lab[:, 2]).mean()), 4),
        texture=round(float(np.abs(fine).mean()), 4),
    )


def mixed(looks: list[Reference], weights: list[float], heaviest: bool, wished: tuple[Rgb, ...] = ()) -> Reference:
    """
    Several looks as one, by weight; all zero weights count as equal.

    `heaviest` takes the colors of the heaviest alone (`MaxWeight`), else each gives as many as its weight is worth
    (`PaletteMatch`). `wished` colors take the place of all.
    """
    total = sum(weights)
    shares = [weight / total for weight in weights] if total > 0 else [1 / len(looks)] * len(looks)

    def mean(name: str) -> float:
        return round(float(sum(getattr(each, name) * share for each, share in zip(looks, shares, strict=True))), 4)

    made = Reference(
        _colors(looks, shares, heaviest), *(mean(n) for n in ("lightness", "contrast", "chroma", "texture"))
    )
    if wished:
        return replace(made, colors=tuple((rgb, round(1 / len(wished), 4)) for rgb in wished))
    return made


def _colors(looks: list[Reference], shares: list[float], heaviest: bool) -> tuple[tuple[Rgb, float], ...]:
    if heaviest:
        return looks[max(range(len(looks)), key=lambda k: shares[k])].colors
    weighed = [
        (rgb, part * share) for each, share in zip(looks, shares, strict=True) for rgb, part in each.colors if share > 0
    ]
    kept = sorted(weighed, key=lambda pair: -pair[1])[:MOST_COLORS]
    total = sum(part for _, part in kept)
    return tuple((rgb, round(part / total, 4)) for rgb, part in kept)
