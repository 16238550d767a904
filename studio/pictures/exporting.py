"""A copy that leaves the studio: in another format or size, saying how it was made. Runs in the limited child only.

The original is never touched: whoever wants its bytes gets the file itself.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.pictures import finishing, xmp
from studio.pictures.copies import FORMATS, Copy, read
from studio.pictures.picture import JPEG, SVG, WEBP, BadPicture
from studio.pictures.recipes import PDF


def exported(path: Path, media_type: str, values: Mapping[str, Any], to: Path) -> dict[str, Any]:
    """Write the copy; its type and size. Raises BadPicture."""
    copy = read(values)
    source = finishing.Source(path, media_type)
    copy.check(source.picture)
    try:
        return _svg(source, copy, to) if copy.format == "svg" else _pixels(source, copy, to)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise BadPicture("The copy would be larger than 64 MB. Make it smaller.") from error
        raise


def _svg(source: finishing.Source, copy: Copy, to: Path) -> dict[str, Any]:
    assert source.drawing is not None, "the copy was checked"
    text = source.drawing.source.decode()
    said = xmp.meta(copy.source_type, copy.prompt)
    # In what was written here, the first ">" ends the root's own tag: in values it is written out.
    start, end = text[: text.index(">")], text[text.index(">") + 1 :]
    if said and not start.endswith("/"):
        text = f"{start}><metadata>{said}</metadata>{end}"
    to.write_text(text, encoding="utf-8")
    return {"media_type": SVG, "width": source.picture.width, "height": source.picture.height}


def _pixels(source: finishing.Source, copy: Copy, to: Path) -> dict[str, Any]:
    picture, media_type = source.scaled(copy.size(source.picture)), FORMATS[copy.format]
    ground = copy.background or ("#ffffff" if media_type in (JPEG, PDF) else "")
    if ground and picture.has_transparency_data:
        picture = finishing.on_ground(ground, picture.size, picture)
    _save(picture, media_type, copy, to)
    return {"media_type": media_type, "width": picture.width, "height": picture.height}


def _save(picture: Image.Image, media_type: str, copy: Copy, to: Path) -> None:
    said = xmp.packet(copy.source_type, copy.prompt)
    if media_type == PDF:
        finishing.save_pdf(picture.convert("RGB"), to, said)
    elif media_type == JPEG:
        picture.convert("RGB").save(to, "JPEG", quality=copy.quality, subsampling=0, xmp=said)
    elif media_type == WEBP:
        lossless = {"lossless": True, "quality": 40, "method": 1, "exact": True}
        options = {"quality": copy.quality, "method": 2} if copy.quality else lossless
        picture.save(to, "WEBP", xmp=said, **options)
    else:
        info = PngInfo()
        if said:
            # Source: XMP Specification Part 3, "PNG": an iTXt chunk of this keyword, not compressed.
            info.add_itxt("XML:com.adobe.xmp", said.decode())
        picture.save(to, "PNG", compress_level=4, pnginfo=info)
