"""
Which pictures the sandbox takes: their format, size and soundness, told before anything is done with them.

Names and types that a client gives are not looked at, the first bytes are. The header's size is judged before any
pixel is decoded, so that a bomb costs nothing.
Sources: Recraft docs: Endpoints page (formats, 10 MB, 16 MP, 4096 px, 256 px, 32 px, masks).
"""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from studio.sandbox.editing import markup

MEGABYTE = 1_000_000
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 16_000_000
MOST_SIDE = 4096
LEAST_SIDE = 256
LEAST_CRISP_SIDE = 32
FORMATS = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp"}
# Beginnings of other kinds of file that are known to be hidden behind a picture
FOREIGN = (
    b"PK\x03\x04",
    b"%PDF-",
    b"<html",
    b"<script",
    b"<svg",
    b"<!DOCTYPE",
    b"<?php",
    b"MZ\x90",
    b"\x7fELF",
    b"Rar!",
)


class BadInput(Exception):
    """The picture is refused; the message goes on the wire."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one endpoint takes: whether SVG too, and the least side in pixels. `name` is what messages call it."""

    name: str = "image"
    svg: bool = False
    least: int = LEAST_SIDE


@dataclass(frozen=True, slots=True)
class Source:
    """A picture that was taken. Sizes are in pixels as it is seen; an SVG's are those it declares, rounded."""

    data: bytes
    kind: str
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


def examine(data: bytes, rules: Rules) -> Source:
    """Raises BadInput."""
    if len(data) > MOST_BYTES:
        raise BadInput(f"{rules.name} should be at most {MOST_BYTES // MEGABYTE} MB")
    if markup.looks_like_svg(data):
        return _examined_svg(data, rules)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return _examined_raster(data, rules)


def _examined_svg(data: bytes, rules: Rules) -> Source:
    if not rules.svg:
        raise _wrong_format(rules)
    try:
        width, height = markup.size(markup.parse(data))
    except markup.BadSvg as error:
        raise BadInput(f"{rules.name} is not a safe SVG: {error}") from error
    source = Source(data, "svg", max(1, round(width)), max(1, round(height)))
    _check_most(source.size, rules)
    return source


def _examined_raster(data: bytes, rules: Rules) -> Source:
    try:
        with Image.open(io.BytesIO(data), formats=list(FORMATS)) as picture:
            size, kind = picture.size, FORMATS[picture.format or ""]
            _check_most(size, rules)
            if min(size) < rules.least:
                raise BadInput(f"{rules.name} dimensions should be at least {rules.least} px")
            picture.load()
            turned = picture.getexif().get(0x0112, 1) >= 5
    except UnidentifiedImageError as error:
        raise _wrong_format(rules) from error
    except Image.DecompressionBombError as error:
        raise BadInput(_too_many_pixels(rules)) from error
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError, TypeError) as error:
        raise BadInput(f"{rules.name} can't be decoded") from error
    if any(sign in tail(data, kind) for sign in FOREIGN):
        raise BadInput(f"{rules.name} has another file behind it")
    return Source(data, kind, *(size[::-1] if turned else size))


def _wrong_format(rules: Rules) -> BadInput:
    return BadInput(f"{rules.name} should be in PNG, JPG{', WEBP or SVG' if rules.svg else ' or WEBP'} format")


def _too_many_pixels(rules: Rules) -> str:
    return f"{rules.name} resolution should be at most {MOST_PIXELS // MEGABYTE} MP"


def _check_most(size: tuple[int, int], rules: Rules) -> None:
    if max(size) > MOST_SIDE:
        raise BadInput(f"{rules.name} dimensions should be at most {MOST_SIDE} px")
    if size[0] * size[1] > MOST_PIXELS:
        raise BadInput(_too_many_pixels(rules))


def tail(data: bytes, kind: str) -> bytes:
    """What follows the end of the picture itself. Cameras write there too, so it isn't bad in itself."""
    if kind == "png":
        end = data.rfind(b"IEND")
        return data[end + 8 :]
    if kind == "webp":
        return data[8 + int.from_bytes(data[4:8], "little") :]
    return data[data.rfind(b"\xff\xd9") + 2 :]


def examine_mask(data: bytes, source: Source) -> Source:
    """A mask for `source`: grayscale, of its size, black and white only. Raises BadInput."""
    rules = Rules("mask", least=1)
    mask = examine(data, rules)
    with Image.open(io.BytesIO(data)) as picture:
        # WebP knows no grayscale mode: one with equal channels is taken for one.
        gray = picture.mode in ("1", "L") or (mask.kind == "webp" and _is_gray(picture))
        if not gray:
            raise BadInput("mask should be a grayscale image")
        if mask.size != source.size:
            raise BadInput("mask should have the same size as the image")
        values = np.bincount(np.asarray(picture.convert("L")).reshape(-1), minlength=256)
    if values[1:255].any():
        raise BadInput("mask should have only pixels of value 0 or 255")
    return mask


def _is_gray(picture: Image.Image) -> bool:
    if picture.mode != "RGB":
        return False
    seen = np.asarray(picture)
    return bool((seen[..., 0] == seen[..., 1]).all() and (seen[..., 1] == seen[..., 2]).all())


def opened(source: Source) -> Image.Image:
    """The raster as RGB or RGBA, upright, 8 bits. Its first frame when it moves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(source.data)) as picture:
            made = ImageOps.exif_transpose(picture)
            if made.mode.startswith("I"):
                # 16 bits: Pillow would cut them off where they should be scaled
                made = Image.fromarray((np.asarray(made) >> 8).clip(0, 255).astype(np.uint8))
            see_through = made.mode in ("RGBA", "LA", "PA") or "transparency" in made.info
            return made.convert("RGBA" if see_through else "RGB")


def opened_mask(mask: Source) -> Image.Image:
    """The mask as L, 0 or 255."""
    with Image.open(io.BytesIO(mask.data)) as picture:
        return picture.convert("L")
