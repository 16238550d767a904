"""Decoding WebP, PNG and JPEG. Runs in the limited child only.

Each plugin is called by its class: `Image.open` would also try what a file might be besides (a JPEG that claims to
be an MPO is given to another plugin).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from studio.pictures import webp
from studio.pictures.picture import JPEG, MAX_PIXELS, PNG, WEBP, BadPicture, check_size

# A second guard, inside Pillow: by itself it would only warn at this size, and raise at twice as many pixels.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

MAX_SCANS: Final = 50  # a progressive JPEG has about ten; each one costs a pass over the whole picture
ORIENTATION: Final = 0x0112

_PLUGINS: Final[Mapping[str, Callable[[BytesIO], ImageFile.ImageFile]]] = {
    WEBP: WebPImageFile,
    PNG: PngImageFile,
    JPEG: JpegImageFile,
}
_SRGB: Final = ImageCms.createProfile("sRGB")


def decoded_size(path: Path, media_type: str) -> tuple[int, int]:
    """Decode the whole picture and keep nothing; its upright width and height in pixels. Raises BadPicture."""
    found = webp.whole(path.read_bytes()) if media_type == WEBP else None
    if found and not found.has_notes:
        return found.width, found.height
    with opened(path, media_type) as image:
        if found is None:
            image.load()
        width, height = image.size
        on_its_side = image.getexif().get(ORIENTATION) in (5, 6, 7, 8)
    return (height, width) if on_its_side else (width, height)


def reduced(path: Path, media_type: str, longest: int) -> Image.Image:
    """The picture upright, in sRGB, as RGB or RGBA, its longest side at most `longest` pixels. Raises BadPicture."""
    with opened(path, media_type) as image:
        if media_type == JPEG:
            image.draft(None, (longest, longest))
        image.load()
        small = _resizable(image)
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
        upright = ImageOps.exif_transpose(small)
        return _in_srgb(upright, image.info.get("icc_profile"))


def whole(path: Path, media_type: str) -> Image.Image:
    """The picture upright, in sRGB, as RGB or RGBA with 8 bits, in its own size. Raises BadPicture."""
    with opened(path, media_type) as image:
        image.load()
        return _in_srgb(ImageOps.exif_transpose(_resizable(image)), image.info.get("icc_profile"))


def opened(path: Path, media_type: str) -> ImageFile.ImageFile:
    """The picture by its own plugin, not decoded yet. Raises BadPicture."""
    data = path.read_bytes()
    # Marker bytes never occur inside a scan, so this counts scans (and those of an embedded thumbnail).
    if media_type == JPEG and data.count(b"\xff\xda") > MAX_SCANS:
        raise BadPicture("The JPEG has too many scans.")
    try:
        image = _PLUGINS[media_type](BytesIO(data))
    except SyntaxError as error:  # what Pillow's plugins raise for a broken header
        raise BadPicture("The picture's header is broken.") from error
    # Again, by the decoder's own reading: a file can carry two sizes.
    check_size(*image.size)
    if getattr(image, "is_animated", False):
        raise BadPicture("The picture is animated; the studio keeps still pictures.")
    return image


def _resizable(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be averaged; palettes and 16-bit grays can't."""
    if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK"):
        return image
    if image.mode.startswith("I"):
        # 16 bits per gray: Pillow's own conversion to 8 clips instead of scaling.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in ("RGB", "CMYK"):
        image = _converted(image, profile) or image
    target = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == target else image.convert(target)


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    """None for a profile that can't be read or is for other channels: it is ignored, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.applyTransform(image, ImageCms.buildTransform(source, _SRGB, image.mode, "RGB"))
    except (ImageCms.PyCMSError, OSError):
        return None
