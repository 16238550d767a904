"""What a camera or a lamp does to a picture: softness, blur of motion, flash, shade of blinds."""

import numpy as np
from PIL import Image, ImageFilter

from studio.sandbox.drawing import effects
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette


def soft(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """An older lens: fine detail melts."""
    small = picture.resize((picture.width * 5 // 8, picture.height * 5 // 8), Image.Resampling.BOX)
    return small.filter(ImageFilter.MedianFilter(3)).resize(picture.size, Image.Resampling.BICUBIC)


def local_contrast(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Every part gets its own full range, as in merged exposures."""
    small = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX)
    soft_part = small.filter(ImageFilter.GaussianBlur(min(small.size) / 24)).resize(
        picture.size, Image.Resampling.BILINEAR
    )
    wide = Image.blend(soft_part, picture, 1.45)
    return Image.blend(picture, wide, 0.8)


def flash(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """A hard light from the camera: bright middle, dark corners."""
    y, x = np.mgrid[-1:1:48j, -1:1:48j].astype(np.float32)
    cx, cy = lots.around(0, 0.2), lots.around(-0.1, 0.2)
    fall = np.clip(1.08 - 0.62 * np.hypot(x - cx, y - cy) ** 1.7, 0.2, 1.0)
    return effects.multiply(effects.tone(picture, 1.05, 1.05, 6), fall)


def motion(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """The camera follows: the sides stream, the middle holds."""
    reach = 34 * min(picture.size) / 1024
    streamed = picture.filter(ImageFilter.BoxBlur((reach, 0))).filter(ImageFilter.BoxBlur((reach / 2, 0)))
    y, x = np.mgrid[-1:1:48j, -1:1:48j].astype(np.float32)
    cx, cy = lots.around(0, 0.3), lots.around(0, 0.2)
    sharp = np.clip(1.15 - 1.5 * np.hypot((x - cx) * 0.8, y - cy), 0, 0.9)
    mask = Image.fromarray((sharp * 255).astype(np.uint8)).resize(picture.size, Image.Resampling.BICUBIC)
    return Image.composite(picture, streamed, mask)


def window_shade(picture: Image.Image, palette: Palette, lots: Chance) -> Image.Image:
    """Light through blinds."""
    return effects.window_light(picture, lots, lots.uniform(0.35, 0.55))
