"""
Light and surface: what lies on a picture after it is drawn. Every function takes and gives RGB of one size.

Work is done in 8 bits by Pillow where that is exact enough and in float32 where it is not.
"""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from studio.sandbox.drawing import chance
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.color import Array
from studio.sandbox.drawing.request import Rgb

TILE = 512
_LEVELS = np.arange(256, dtype=np.float32)


@lru_cache(maxsize=8)
def _noise_tile(kind: str) -> Array:
    """A tile of noise with mean 0 and deviation 1, the same in every process."""
    rng = np.random.default_rng([7, len(kind)])
    made = rng.standard_normal((TILE, TILE), dtype=np.float32)
    if kind == "paper":
        made = _wrapped_blur(made, 1) * 1.3 + _wrapped_blur(made[::-1], 4) * 1.3 + made * 0.25
    elif kind == "canvas":
        y, x = np.mgrid[0:TILE, 0:TILE].astype(np.float32)
        made = made * 0.4 + np.sin(x * np.pi / 2) + np.sin(y * np.pi / 2) + _wrapped_blur(made[::-1], 4)
    elif kind == "clumps":
        made = _wrapped_blur(made, 1) + 0.5 * made
    return np.asarray((made - made.mean()) / made.std(), np.float32)


def _wrapped_blur(made: Array, radius: int) -> Array:
    """A blur that wraps, so that tiles meet; scaled back to deviation 1. Three boxes make it round."""
    out = made.copy()
    for axis in (0, 1, 0, 1, 0, 1):
        out = np.mean([np.roll(out, step, axis) for step in range(-radius, radius + 1)], axis=0)
    return np.asarray(out / out.std(), np.float32)


def texture(size: tuple[int, int], kind: str, lots: Chance, scale: float = 1.0) -> Array:
    """Noise of (height, width), shifted by the lots; `scale` 2 makes it twice as coarse."""
    tile = np.roll(_noise_tile(kind), (lots.randrange(TILE), lots.randrange(TILE)), (0, 1))
    if scale > 1:
        side = round(TILE * scale)
        tile = np.asarray(Image.fromarray(tile).resize((side, side), Image.Resampling.BILINEAR))
    rows, columns = -(-size[1] // tile.shape[0]), -(-size[0] // tile.shape[1])
    return np.tile(tile, (rows, columns))[: size[1], : size[0]]


def grain(picture: Image.Image, lots: Chance, amount: float, kind: str = "fine") -> Image.Image:
    """Noise of `amount` 8-bit steps, the same in all channels."""
    if amount <= 0:
        return picture
    scale = max(1.0, min(picture.size) / 1024)
    noise = np.clip(texture(picture.size, kind, lots, scale) * amount, -90, 90).astype(np.int8)
    # Two saturating additions in 8 bits cost a fifth of float arithmetic
    up, down = (
        Image.fromarray(np.maximum(noise, 0).astype(np.uint8)),
        Image.fromarray((-np.minimum(noise, 0)).astype(np.uint8)),
    )
    brighter = ImageChops.add(picture, Image.merge("RGB", (up, up, up)))
    return ImageChops.subtract(brighter, Image.merge("RGB", (down, down, down)))


def light(picture: Image.Image, lots: Chance, strength: float) -> Image.Image:
    """Light from one side and darker corners: a soft field multiplied in. `strength` about 0 to 0.4."""
    if strength <= 0:
        return picture
    y, x = np.mgrid[0:48, 0:48].astype(np.float32) / np.float32(47) - np.float32(0.5)
    angle = lots.uniform(0, 2 * np.pi)
    side = x * np.cos(angle) + y * np.sin(angle)
    field = 1 + strength * (side * 0.9 - 1.1 * np.maximum(0, np.hypot(x, y) - 0.32))
    field = np.clip(field + strength * 0.12, 0.3, 1.0)
    return multiply(picture, field)


def multiply(picture: Image.Image, field: Array) -> Image.Image:
    """The picture times a coarse field of 0 to 1, brought up smoothly."""
    small = Image.fromarray(np.clip(field * 255, 0, 255).astype(np.uint8))
    full = small.resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, Image.merge("RGB", (full, full, full)))


def window_light(picture: Image.Image, lots: Chance, strength: float) -> Image.Image:
    """Bands of sun through a window, thrown across the picture."""
    y, x = np.mgrid[0:96, 0:96].astype(np.float32) / np.float32(95)
    angle = np.radians(lots.uniform(18, 40) * lots.sign())
    along = x * np.cos(angle) + y * np.sin(angle)
    across = -x * np.sin(angle) + y * np.cos(angle)
    start, wide = lots.uniform(0.1, 0.35), lots.uniform(0.3, 0.5)
    lit = np.clip((along - start) * 14, 0, 1) * np.clip((start + wide - along) * 14, 0, 1)
    bars = np.clip((np.abs(((across * 3.1 + lots.random()) % 1) - 0.5) - 0.05) * 22, 0, 1)
    return multiply(picture, 1 - strength * (1 - lit * bars))


def tone(picture: Image.Image, contrast: float = 1.0, chroma: float = 1.0, lift: float = 0.0) -> Image.Image:
    """Contrast around middle gray and chroma as factors; `lift` in 8-bit steps raises the blacks."""
    if contrast != 1.0 or lift:
        curve = np.clip((_LEVELS - 128) * contrast + 128, 0, 255)
        curve = curve + lift * (1 - curve / 255)
        picture = picture.point([round(float(v)) for v in curve] * 3)
    return picture if chroma == 1.0 else ImageEnhance.Color(picture).enhance(chroma)


def expose(picture: Image.Image, gamma: float) -> Image.Image:
    """Over 1 darker, under 1 lighter; black and white stay."""
    return picture if gamma == 1.0 else picture.point([round(255 * (v / 255) ** gamma) for v in range(256)] * 3)


def bloom(picture: Image.Image, strength: float) -> Image.Image:
    """Bright parts glow into their neighbors."""
    small = picture.resize((max(1, picture.width // 8), max(1, picture.height // 8)), Image.Resampling.BOX)
    small = small.point([round(max(0.0, (v - 110) / 145) ** 1.5 * 255 * strength) for v in range(256)] * 3)
    soft = small.filter(ImageFilter.GaussianBlur(6)).resize(picture.size, Image.Resampling.BILINEAR)
    return ImageChops.screen(picture, soft)


def sharpen(picture: Image.Image, amount: int) -> Image.Image:
    """`amount` is percent. Meant for a plate before it is enlarged: cheaper, and it reaches what is there."""
    return picture.filter(ImageFilter.UnsharpMask(1.0, amount, 2)) if amount else picture


def calmed(picture: Image.Image, times: int) -> Image.Image:
    """Without what is finer than `times` pixels, its edges firm again."""
    small = picture.resize((max(3, picture.width // times), max(3, picture.height // times)), Image.Resampling.BOX)
    return small.filter(ImageFilter.MedianFilter(3)).resize(picture.size, Image.Resampling.BICUBIC)


def paper(picture: Image.Image, lots: Chance, amount: float = 5.0) -> Image.Image:
    return grain(picture, lots, amount, "paper")


def luminance(picture: Image.Image) -> Array:
    """0 to 1, float32."""
    return np.asarray(picture.convert("L"), np.float32) / np.float32(255)


def two_inks(dark: Array, ink: Rgb, sheet: Rgb) -> Image.Image:
    """`dark` 0 to 1 as ink on a sheet."""
    mask = Image.fromarray(np.clip(dark * 255, 0, 255).astype(np.uint8))
    return Image.composite(Image.new("RGB", mask.size, ink), Image.new("RGB", mask.size, sheet), mask)


def cloudy(size: tuple[int, int], lots: Chance, cells: float = 3.0) -> Array:
    """A coarse cloud field of 64 x 64, 0 to 1."""
    return chance.noise(lots.randrange(1 << 30), 64, 64, 64 / cells, 4)
