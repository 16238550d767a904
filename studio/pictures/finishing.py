"""Carrying out recipes: decode, change, write. Runs in the limited child only.

What changes pixels' places and nothing else stays exact: PNG comes out as PNG, WebP as lossless WebP. A JPEG stays a
JPEG at a quality that hides its second loss, unless it gets transparency. An SVG is drawn first, and is a PNG from then
on; only its colors can be changed in place.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps, PdfParser

from studio.pictures import raster, recipes, svg, svg_colors, vector
from studio.pictures.picture import JPEG, PNG, SVG, WEBP, BadPicture, Picture, check_size
from studio.pictures.recipes import PDF, TRANSPARENT, Size

CSS_DPI: Final = 96
JPEG_QUALITY: Final = 95
FIT_QUALITIES: Final = (95, 85, 70)  # of the WebP that is tried where the asked format weighs too much
_LANCZOS: Final = Image.Resampling.LANCZOS
_TURNS: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_MIRRORS: Final = {"horizontal": Image.Transpose.FLIP_LEFT_RIGHT, "vertical": Image.Transpose.FLIP_TOP_BOTTOM}


def finished(path: Path, media_type: str, values: Mapping[str, Any], into: Path) -> dict[str, Any]:
    """Write what comes of a recipe to `into`/0, /1 ...; each one's type and size. Raises BadPicture.

    A PDF has what it shows beside it, as a PNG, at `into`/0.shown.
    """
    recipe = recipes.read(values)
    source = Source(path, media_type)
    recipe.check(source.picture)
    try:
        return {"made": list(_DEEDS[recipe.do](source, recipe, into))}
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise BadPicture("What comes of it would be larger than 64 MB. Make it smaller and try again.") from error
        raise


class Source:
    """A picture to work on, decoded or drawn when it is asked for."""

    def __init__(self, path: Path, media_type: str) -> None:
        self.path, self.media_type = path, media_type
        self.drawing = svg.sanitised(path.read_bytes()) if media_type == SVG else None
        if self.drawing:
            self.pixels, width, height = None, self.drawing.width, self.drawing.height
        else:
            self.pixels = raster.whole(path, media_type)
            self.pixels.info.clear()  # Pillow would write a color profile from here into what comes of it
            width, height = self.pixels.size
        self.picture = Picture(media_type, width, height)

    @property
    def kept(self) -> str:
        """The format of what only moved its pixels."""
        return PNG if self.drawing else self.media_type

    def whole(self) -> Image.Image:
        """In its own size."""
        return self.scaled((self.picture.width, self.picture.height))

    def scaled(self, size: Size) -> Image.Image:
        """In exactly this size; an SVG is drawn for it, not enlarged."""
        if self.pixels is not None:
            return self.pixels if self.pixels.size == size else self.pixels.resize(size, _LANCZOS)
        assert self.drawing is not None
        check_size(*size)
        width, height = self.drawing.exact_width, self.drawing.exact_height
        longest = round(max(size[0] / width, size[1] / height) * max(width, height))
        check_size(max(1, longest), max(1, round(longest * min(width, height) / max(width, height))))
        drawn = vector.drawn(self.drawing, max(1, longest))
        return drawn if drawn.size == size else drawn.resize(size, _LANCZOS)

    def contained(self, size: Size) -> Image.Image:
        """As large as goes into this size, in its own proportions."""
        scale = min(size[0] / self.picture.width, size[1] / self.picture.height)
        return self.scaled((max(1, round(self.picture.width * scale)), max(1, round(self.picture.height * scale))))


Made = dict[str, Any]


def _write(picture: Image.Image, media_type: str, to: Path, quality: int = JPEG_QUALITY) -> Made:
    """One file. `quality` is for JPEG and WebP; 0 is lossless WebP."""
    if media_type == JPEG:
        picture.convert("RGB").save(to, "JPEG", quality=quality, subsampling=0)
    elif media_type == WEBP and quality:
        picture.save(to, "WEBP", quality=quality, method=2)
    elif media_type == WEBP:
        # `exact`: colors under full transparency are part of the picture, too.
        picture.save(to, "WEBP", lossless=True, quality=40, method=1, exact=True)
    else:
        picture.save(to, "PNG", compress_level=4)
    return {"media_type": media_type, "width": picture.width, "height": picture.height}


def save_pdf(picture: Image.Image, to: Path, said: bytes = b"") -> None:
    """One page, a pixel as large as in a browser; `said` is an XMP packet."""
    # The dates, and the name of the file as its title, would make two equal files differ.
    plain = {"creationDate": None, "modDate": None, "title": ""}
    picture.save(to, "PDF", resolution=CSS_DPI, quality=JPEG_QUALITY, subsampling=0, **plain)
    if said:
        _say_in_pdf(to, said)


def _say_in_pdf(path: Path, said: bytes) -> None:
    """Add an XMP packet to a PDF. Source: XMP Specification Part 3, "PDF": a stream that the catalog names."""
    with PdfParser.PdfParser(str(path), mode="r+b") as pdf:
        pdf.start_writing()
        assert pdf.f is not None
        pdf.f.write(b"\n")
        kind = {"Type": PdfParser.PdfName("Metadata"), "Subtype": PdfParser.PdfName("XML")}
        stream = pdf.write_obj(None, stream=said, **kind)
        pdf.write_obj(pdf.root_ref, Type=PdfParser.PdfName("Catalog"), Pages=pdf.pages_ref, Metadata=stream)
        pdf.write_xref_and_trailer()


def _keep(source: Source, picture: Image.Image, to: Path) -> Made:
    """In the source's own format, without further loss where the format can."""
    media_type = PNG if source.kept == JPEG and picture.has_transparency_data else source.kept
    return _write(picture, media_type, to, quality=JPEG_QUALITY if media_type == JPEG else 0)


def on_ground(ground: str, size: Size, picture: Image.Image) -> Image.Image:
    """A picture in the middle of a canvas, of a color or transparent."""
    at = ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2)
    if ground == TRANSPARENT:
        canvas = Image.new("RGBA", size, (0, 0, 0, 0))
        canvas.paste(picture.convert("RGBA"), at)
        return canvas
    canvas = Image.new("RGB", size, ground)
    canvas.paste(picture, at, picture if picture.mode == "RGBA" else None)
    return canvas


def _crop(source: Source, recipe: recipes.Crop, into: Path) -> Iterator[Made]:
    box = (recipe.left, recipe.top, recipe.left + recipe.width, recipe.top + recipe.height)
    yield _keep(source, source.whole().crop(box), into / "0")


def _resize(source: Source, recipe: recipes.Resize, into: Path) -> Iterator[Made]:
    yield _keep(source, source.scaled((recipe.width, recipe.height)), into / "0")


def _pad(source: Source, recipe: recipes.Pad, into: Path) -> Iterator[Made]:
    yield _keep(source, on_ground(recipe.color, (recipe.width, recipe.height), source.whole()), into / "0")


def _rotate(source: Source, recipe: recipes.Rotate, into: Path) -> Iterator[Made]:
    yield _keep(source, source.whole().transpose(_TURNS[recipe.degrees]), into / "0")


def _flip(source: Source, recipe: recipes.Flip, into: Path) -> Iterator[Made]:
    yield _keep(source, source.whole().transpose(_MIRRORS[recipe.direction]), into / "0")


def _convert(source: Source, recipe: recipes.Convert, into: Path) -> Iterator[Made]:
    picture = source.scaled(recipe.size(source.picture))
    media_type = recipes.FORMATS[recipe.format]
    if media_type in (JPEG, PDF):
        picture = on_ground(recipe.background, picture.size, picture)
    if media_type == PDF:
        save_pdf(picture, into / "0")
        yield {**_write(picture, PNG, into / "0.shown"), "media_type": PDF}
        return
    yield _write(picture, media_type, into / "0", quality=recipe.quality)


def _recolor(source: Source, recipe: recipes.Recolor, into: Path) -> Iterator[Made]:
    assert source.drawing is not None, "the recipe was checked"
    (into / "0").write_bytes(svg_colors.swapped(source.drawing.source, dict(recipe.swaps)))
    yield {"media_type": SVG, "width": source.picture.width, "height": source.picture.height}


def _sizes(source: Source, recipe: recipes.SizeSet, into: Path) -> Iterator[Made]:
    for number, size in enumerate(recipe.sizes):
        if recipe.set in recipes.FILLED_SETS:
            whole = source.whole() if source.pixels is not None else source.scaled(_covering(source.picture, size))
            yield _keep(source, ImageOps.fit(whole, size, _LANCZOS), into / str(number))
        else:
            yield _write(on_ground(TRANSPARENT, size, source.contained(size)), PNG, into / str(number))


def _covering(picture: Picture, size: Size) -> Size:
    scale = max(size[0] / picture.width, size[1] / picture.height)
    return max(size[0], round(picture.width * scale)), max(size[1], round(picture.height * scale))


def _fit(source: Source, recipe: recipes.Fit, into: Path) -> Iterator[Made]:
    size, to = (recipe.width, recipe.height), into / "0"
    if recipe.media_type == SVG:
        assert source.drawing is not None, "the recipe was checked"
        to.write_bytes(svg_colors.sized(source.drawing, size))
        yield {"media_type": SVG, "width": size[0], "height": size[1]}
        return
    picture = source.contained(size)
    if max(size[0] - picture.width, size[1] - picture.height) <= 1:
        picture = source.scaled(size)  # other proportions by no more than rounding
    else:
        picture = on_ground("#ffffff" if recipe.media_type == JPEG else TRANSPARENT, size, picture)
    made = _write(picture, recipe.media_type, to)
    for quality in FIT_QUALITIES:
        if to.stat().st_size <= recipe.max_bytes:
            break
        made = _write(picture, WEBP, to, quality)
    yield made


_DEEDS: Final[Mapping[str, Callable[[Source, Any, Path], Iterator[Made]]]] = {
    "crop": _crop,
    "resize": _resize,
    "pad": _pad,
    "rotate": _rotate,
    "flip": _flip,
    "convert": _convert,
    "recolor": _recolor,
    "sizes": _sizes,
    "fit": _fit,
}
