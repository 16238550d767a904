"""Which pictures are taken: each limit just inside and just outside, and hostile ones quickly refused."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio.sandbox import hostile
from studio.sandbox.editing import intake
from studio.sandbox.editing.intake import BadInput, Rules, examine, examine_mask
from tests.sandbox import pictures

ANY = Rules(svg=True)
PLAIN = Rules()
CRISP = Rules(least=32)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}">{inner}</svg>'


def flat(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    return pictures.encoded(Image.new(mode, (width, height)), kind)


def svg(inner: str = "", w: object = 300, h: object = 300) -> bytes:
    return SVG.format(w=w, h=h, inner=inner).encode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_raster_formats_are_taken(kind: str) -> None:
    assert examine(flat(300, 260, kind), PLAIN).size == (300, 260)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO"])
def test_no_other_raster_format_is_taken(kind: str) -> None:
    with pytest.raises(BadInput, match="PNG, JPG or WEBP format"):
        examine(flat(256, 256, kind), PLAIN)


@pytest.mark.parametrize(
    ("size", "rules"),
    [((4096, 256), PLAIN), ((256, 4096), PLAIN), ((4000, 4000), PLAIN), ((256, 256), PLAIN), ((32, 32), CRISP)],
)
def test_the_last_size_inside_each_limit_is_taken(size: tuple[int, int], rules: Rules) -> None:
    assert examine(flat(*size, mode="L"), rules).size == size


@pytest.mark.parametrize(
    ("size", "rules", "message"),
    [
        ((4097, 256), PLAIN, "image dimensions should be at most 4096 px"),
        ((256, 4097), PLAIN, "image dimensions should be at most 4096 px"),
        ((4001, 4000), PLAIN, "image resolution should be at most 16 MP"),
        ((255, 300), PLAIN, "image dimensions should be at least 256 px"),
        ((31, 40), CRISP, "image dimensions should be at least 32 px"),
    ],
)
def test_the_first_size_outside_each_limit_is_refused(size: tuple[int, int], rules: Rules, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        examine(flat(*size, mode="L"), rules)


def test_ten_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    data = pictures.encoded(pictures.noisy(300, 300))
    chunk = b"x" * (intake.MOST_BYTES - len(data) - 12)
    padded = data[:-12] + struct.pack(">I", len(chunk)) + b"prVt" + chunk
    padded += struct.pack(">I", zlib.crc32(b"prVt" + chunk)) + data[-12:]
    assert len(padded) == 10_000_000
    assert examine(padded, PLAIN).size == (300, 300)
    with pytest.raises(BadInput, match="image should be at most 10 MB"):
        examine(padded + b"\x00", PLAIN)


def test_svg_is_taken_only_where_it_is_allowed() -> None:
    assert examine(svg(), ANY).kind == "svg"
    with pytest.raises(BadInput, match="PNG, JPG or WEBP format"):
        examine(svg(), PLAIN)


@pytest.mark.parametrize(
    ("w", "h", "size"),
    [("40", "20px", (40, 20)), ("4096", "10", (4096, 10)), ("1in", "96pt", (96, 128)), ("50%", "50%", (300, 150))],
)
def test_an_svg_measures_what_it_declares(w: str, h: str, size: tuple[int, int]) -> None:
    assert examine(svg(w=w, h=h), ANY).size == size


@pytest.mark.parametrize(("w", "h"), [(4097, 10), (4001, 4000), ("1e9", "1e9")])
def test_an_svg_of_too_many_pixels_is_refused(w: object, h: object) -> None:
    with pytest.raises(BadInput):
        examine(svg(w=w, h=h), ANY)


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<rect onclick="x()"/>',
        '<image href="http://example.com/a.png"/>',
        '<use href="other.svg#a"/>',
        "<foreignObject><p/></foreignObject>",
        "<style>@import url(http://example.com/a.css)</style>",
        '<rect style="fill:url(http://example.com/#a)"/>',
        "<g>" * 201 + "</g>" * 201,
        "<g/>" * 50_001,
        "<g>",
    ],
    ids=range(10),
)
def test_an_unsafe_svg_is_refused(inner: str) -> None:
    with pytest.raises(BadInput, match="not a safe SVG"):
        examine(svg(inner), ANY)


def test_entities_are_refused_before_they_grow() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg xmlns="x" width="9" height="9">&b;</svg>'
    with pytest.raises(BadInput, match="declares entities"):
        examine(bomb, ANY)


def test_two_hundred_thousand_nested_groups_are_refused_quickly() -> None:
    began = time.process_time()
    with pytest.raises(BadInput, match="nested too deeply"):
        examine(svg("<g>" * 200_000 + "</g>" * 200_000), ANY)
    assert time.process_time() - began < 1


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    began = time.process_time()
    with pytest.raises(BadInput, match="at most 16 MP"):
        examine(hostile.bomb(), PLAIN)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_half_a_picture_is_refused(kind: str) -> None:
    whole = pictures.encoded(pictures.vases(), kind)
    with pytest.raises(BadInput):
        examine(whole[: len(whole) // 2], PLAIN)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("other", [b"PK\x03\x04", b"%PDF-1.7", b"<html><script>alert(1)</script>"])
def test_a_picture_with_another_file_behind_it_is_refused(kind: str, other: bytes) -> None:
    with pytest.raises(BadInput, match="another file behind it"):
        examine(pictures.encoded(pictures.vases(), kind) + other, PLAIN)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"not a picture", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        examine(data, ANY)


def test_a_text_chunk_that_unpacks_to_much_is_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("note", "a" * 80_000_000, zip=True)
    with pytest.raises(BadInput):
        examine(pictures.encoded(pictures.ball(), "PNG", pnginfo=notes), PLAIN)


def test_unusual_modes_become_plain_pictures() -> None:
    deep = Image.fromarray(np.full((256, 256), 40_000, np.uint16))
    for data in (flat(256, 256, "JPEG", "CMYK"), flat(256, 256, "PNG", "P"), flat(256, 256, "PNG", "LA")):
        assert intake.opened(examine(data, PLAIN)).mode in ("RGB", "RGBA")
    assert intake.opened(examine(pictures.encoded(deep), PLAIN)).getpixel((0, 0)) == (156, 156, 156)


def test_a_moving_picture_is_its_first_frame() -> None:
    frames = [Image.new("RGB", (256, 256), color) for color in ("red", "blue")]
    data = pictures.encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert intake.opened(examine(data, PLAIN)).getpixel((9, 9)) == (255, 0, 0)


def test_a_picture_is_seen_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = pictures.encoded(pictures.ball(300, 256), "JPEG", exif=exif)
    taken = examine(data, PLAIN)
    assert taken.size == intake.opened(taken).size == (256, 300)


BALL = pictures.source(pictures.ball())
GOOD = pictures.mask(pictures.BALL)


def in_memory(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        in_memory(GOOD),
        in_memory(GOOD.convert("1")),
        in_memory(GOOD, "WEBP", lossless=True),
        in_memory(GOOD, "JPEG", quality=100),
    ],
    ids=["png", "one bit", "webp", "jpeg"],
)
def test_a_gray_black_and_white_mask_is_taken(data: bytes) -> None:
    if data[:2] == b"\xff\xd8":
        data = in_memory(Image.new("L", GOOD.size, 255), "JPEG")
    assert examine_mask(data, BALL).size == BALL.size


def almost() -> Image.Image:
    made = GOOD.copy()
    made.putpixel((3, 3), 254)
    return made


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (GOOD.convert("RGB"), "mask should be a grayscale image"),
        (GOOD.convert("RGBA"), "mask should be a grayscale image"),
        (GOOD.convert("LA"), "mask should be a grayscale image"),
        (GOOD.convert("P"), "mask should be a grayscale image"),
        (almost(), "mask should have only pixels of value 0 or 255"),
        (GOOD.resize((257, 256)), "mask should have the same size as the image"),
        (GOOD.resize((256, 255)), "mask should have the same size as the image"),
    ],
    ids=range(7),
)
def test_any_other_mask_is_refused(mask: Image.Image, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        examine_mask(in_memory(mask), BALL)


def test_a_mask_is_not_an_svg() -> None:
    with pytest.raises(BadInput, match="mask should be in PNG, JPG or WEBP format"):
        examine_mask(svg(), BALL)
