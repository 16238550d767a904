"""
Upscales: crisp keeps to what is there and sharpens it, creative adds detail that was not there.

Brought down again, both give the source: what an enlargement loses of it is put back before anything is added.
"""

import numpy as np
from PIL import Image, ImageFilter

from studio.sandbox import choices
from studio.sandbox.drawing.chance import Chance, noise
from studio.sandbox.editing import drawn, intake, planes
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source

SHARPENED = 90  # percent
TILE = 512
DETAIL = 9.0  # 8-bit steps of added texture where the source is busiest
SEED = 23


def crisp(source: Source, image_format: str) -> Drawn:
    picture = intake.opened(source)
    large = _enlarged(picture, enlarged_size(source.size, choices.CRISP_FACTOR))
    return drawn.encoded(_sharpened(large), image_format)


def creative(source: Source, image_format: str) -> Drawn:
    picture = intake.opened(source)
    size = enlarged_size(source.size, choices.CREATIVE_FACTOR)
    large = _sharpened(_enlarged(picture, size))
    return drawn.encoded(_with_detail(large, picture), image_format)


def enlarged_size(size: tuple[int, int], factor: float) -> tuple[int, int]:
    """`factor` times as large, or as large as the cap allows."""
    factor = min(factor, (choices.MOST_UPSCALED_PIXELS / (size[0] * size[1])) ** 0.5)
    return int(size[0] * factor), int(size[1] * factor)


def _enlarged(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    large = picture.resize(size, Image.Resampling.LANCZOS)
    if picture.mode == "RGBA":
        return large
    # What got lost: half of the difference, up and down, so that nothing overflows
    back = large.resize(picture.size, Image.Resampling.BOX)
    lost = np.asarray(picture, np.int16) - np.asarray(back, np.int16)
    half = Image.fromarray(np.clip(128 + lost // 2, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return _added(large, half, 2.0)


def _added(picture: Image.Image, offset: Image.Image, strength: float) -> Image.Image:
    """The picture plus what `offset` says around 128, in stripes: large pictures must not become large floats."""
    made = picture.copy()
    for top in range(0, picture.height, TILE):
        box = (0, top, picture.width, min(top + TILE, picture.height))
        values = np.asarray(picture.crop(box), np.int16)
        shift = np.asarray(offset.crop(box), np.int16) - 128
        if shift.ndim == 2:
            shift = shift[..., None]
        if values.shape[2] == 4:
            values = values.copy()
            values[..., :3] += (shift * strength).astype(np.int16)
        else:
            values = values + (shift * strength).astype(np.int16)
        made.paste(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)), box[:2])
    return made


def _sharpened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(1.6, SHARPENED, 1))


def _with_detail(large: Image.Image, source: Image.Image) -> Image.Image:
    """Fine texture where the source has some, none where it is flat or see-through."""
    small = source.convert("L").resize(planes.fitted(source.size, 512), Image.Resampling.BOX)
    values = planes.plane(small)
    busy = np.sqrt(np.maximum(0, planes.blurred(values * values, 3) - planes.blurred(values, 3) ** 2))
    strength = np.clip(busy / 0.08, 0.12, 1.0).astype(np.float32)
    lots = Chance(SEED)
    tile = noise(lots.randrange(1 << 30), TILE, TILE, 7.0, 3) - 0.5
    tile = np.tile(tile, (-(-large.height // TILE), -(-large.width // TILE)))[: large.height, : large.width]
    grown = planes.resized(strength, large.size)
    offset = Image.fromarray(np.clip(128 + tile * grown * DETAIL * 4, 0, 255).astype(np.uint8))
    return _added(large, offset, 1.0)
