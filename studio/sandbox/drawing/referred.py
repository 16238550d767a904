"""A picture drawn to a custom style's references: their colors, their contrast, their texture."""

import numpy as np
from PIL import Image

from studio.sandbox.drawing import color, effects, recolor
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.request import Reference

STRENGTH = 0.9
MOST_GRAIN = 14.0  # 8-bit steps
GRAIN_PER_TEXTURE = 170.0


def like(picture: Image.Image, reference: Reference, lots: Chance) -> Image.Image:
    """The picture with the references' colors, means and grain; its own light and shade stay."""
    hues = [rgb for rgb, _ in reference.colors]
    toned = _toned(recolor.dress(picture, hues, STRENGTH), reference)
    grain = min(MOST_GRAIN, reference.texture * GRAIN_PER_TEXTURE)
    return effects.grain(toned, lots, grain, "clumps" if reference.texture > 0.03 else "fine")


def _toned(picture: Image.Image, reference: Reference) -> Image.Image:
    """Lightness, its spread, and chroma brought most of the way to the references'."""
    lab = color.to_lab(recolor.sample(picture))
    light, spread = float(lab[:, 0].mean()), float(lab[:, 0].std())
    chroma = float(np.hypot(lab[:, 1], lab[:, 2]).mean())
    contrast = float(np.clip(reference.contrast / max(spread, 0.02), 0.5, 1.7))
    colorful = float(np.clip(reference.chroma / max(chroma, 0.005), 0.2, 1.8))
    lift = STRENGTH * 0.8 * (reference.lightness - light)

    def change(values: color.Array) -> color.Array:
        values[:, 0] = np.clip(light + (values[:, 0] - light) * contrast + lift, 0, 1)
        values[:, 1:] *= colorful
        return values

    return recolor.apply(picture, change)
