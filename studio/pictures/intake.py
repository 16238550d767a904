"""A picture somebody uploads: as the studio shows it and sends it on. Runs in the limited child only.

The file itself is kept as it came. Where it is not plain (turned by EXIF, with a place or a profile in it, in print
colors, with 16 bits, with something behind its end) a clean copy is made beside it: upright, sRGB, 8 bits, without
metadata. What the copy changed is told in words for the person.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from PIL import Image

from studio.pictures import raster, svg
from studio.pictures.picture import JPEG, PNG, SVG, WEBP, BadPicture

GPS: Final = 0x8825
TURNED: Final = "It was turned upright, as its camera noted."
PLACE: Final = "The place where it was taken is left out of what the studio shows and sends."
PRINT_COLORS: Final = "Its print colors (CMYK) were turned into screen colors."
DEEP: Final = "It was reduced from 16 to 8 bits per color."
TAIL: Final = "The file went on behind the picture; that part is left out of what the studio shows and sends."


def taken_in(path: Path, media_type: str, clean: Path) -> dict[str, Any]:
    """Size and notes of an upload, and a clean copy at `clean` where one is needed. Raises BadPicture."""
    if media_type == SVG:
        drawing = svg.sanitised(path.read_bytes())
        clean.write_bytes(drawing.source)
        return {"width": drawing.width, "height": drawing.height, "clean": SVG, "notes": []}
    width, height = raster.decoded_size(path, media_type)
    with raster.opened(path, media_type) as image:
        notes = list(_notes(path, media_type, image))
        if not notes and not _metadata(image):
            return {"width": width, "height": height, "clean": "", "notes": []}
    copy_type = JPEG if media_type == JPEG else PNG
    _write(raster.whole(path, media_type), copy_type, clean)
    return {"width": width, "height": height, "clean": copy_type, "notes": notes}


def _notes(path: Path, media_type: str, image: Image.Image) -> list[str]:
    exif = image.getexif()
    data = path.read_bytes()
    told = {
        TURNED: exif.get(raster.ORIENTATION, 1) in range(2, 9),
        PLACE: GPS in exif,
        PRINT_COLORS: image.mode == "CMYK",
        DEEP: image.mode.startswith("I") or (media_type == PNG and data[24] == 16),
        TAIL: not _ENDS[media_type](data),
    }
    return [note for note, applies in told.items() if applies]


def _metadata(image: Image.Image) -> bool:
    """Whether the file says more than its pixels."""
    said = {"exif", "xmp", "icc_profile", "comment", "photoshop", "XML:com.adobe.xmp"}
    return bool(image.getexif()) or bool(said & image.info.keys()) or bool(getattr(image, "text", None))


def _png_ends(data: bytes) -> bool:
    return data[-12:] == b"\x00\x00\x00\x00IEND\xaeB`\x82"


def _jpeg_ends(data: bytes) -> bool:
    return data.rstrip(b"\x00")[-2:] == b"\xff\xd9"


def _webp_ends(data: bytes) -> bool:
    promised = int.from_bytes(data[4:8], "little") + 8
    return len(data) <= promised + promised % 2


_ENDS: Final[Mapping[str, Callable[[bytes], bool]]] = {PNG: _png_ends, JPEG: _jpeg_ends, WEBP: _webp_ends}


def _write(picture: Image.Image, media_type: str, to: Path) -> None:
    picture.info.clear()  # Pillow would write a color profile from here into the copy
    try:
        if media_type == JPEG:
            picture.convert("RGB").save(to, "JPEG", quality=95, subsampling=0)
        else:
            picture.save(to, "PNG", compress_level=3)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise BadPicture("A clean copy of it would be larger than 64 MB. Save it smaller and try again.") from error
        raise


def mask_facts(path: Path) -> dict[str, Any]:
    """How a PNG stores its pixels and which levels of gray occur in it. Raises BadPicture."""
    with raster.opened(path, PNG) as image:
        image.load()
        levels = [level for level, count in enumerate(image.histogram()) if count] if image.mode == "L" else []
        return {"width": image.width, "height": image.height, "mode": image.mode, "levels": levels}
