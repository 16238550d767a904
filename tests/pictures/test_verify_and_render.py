"""What becomes a picture, and what is made from it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from studio import pictures
from studio.pictures import BadPicture, Picture
from tests.pictures.making import FORMATS, encoded, gradient, noise

MAGENTA, GREEN = (200, 30, 120), (20, 160, 60)


def kept(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "original"
    path.write_bytes(data)
    return path


def two_colors(mode: str = "RGB") -> Image.Image:
    """Three quarters magenta, on the left; a quarter green."""
    image = Image.new("RGB", (400, 200), MAGENTA)
    image.paste(GREEN, (300, 0, 400, 200))
    return image.convert(mode)


def near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 14) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found[:3], wanted, strict=True))


def half_transparent() -> Image.Image:
    image = two_colors("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    return image


def sixteen_bit_gray() -> Image.Image:
    return Image.frombytes("I;16", (256, 4), b"".join(bytes([0, level]) for level in range(256)) * 4)


KINDS: Mapping[str, Callable[[], bytes]] = {
    "webp lossy": lambda: encoded(two_colors(), "WEBP", quality=90),
    "webp lossless": lambda: encoded(two_colors(), "WEBP", lossless=True),
    "webp with alpha": lambda: encoded(two_colors("RGBA"), "WEBP"),
    "png": lambda: encoded(two_colors(), "PNG"),
    "png with a palette": lambda: encoded(two_colors().quantize(8), "PNG"),
    "png with a transparent palette entry": lambda: encoded(two_colors().quantize(8), "PNG", transparency=7),
    "png with alpha": lambda: encoded(two_colors("RGBA"), "PNG"),
    "jpeg": lambda: encoded(two_colors(), "JPEG", quality=95),
    "jpeg progressive": lambda: encoded(two_colors(), "JPEG", progressive=True, quality=95),
    "jpeg in CMYK": lambda: encoded(two_colors("CMYK"), "JPEG", quality=95),
    "jpeg without chroma subsampling": lambda: encoded(two_colors(), "JPEG", subsampling=0, quality=95),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_honest_kind_of_file_keeps_its_size_and_its_colors(tmp_path: Path, kind: str) -> None:
    path = kept(tmp_path, KINDS[kind]())
    picture = pictures.verify(path, None)
    assert (picture.width, picture.height) == (400, 200)
    look = pictures.render(path, picture.media_type, tmp_path)
    assert near(look.colors[0], MAGENTA) and any(near(color, GREEN) for color in look.colors)
    for derived in look.renditions:
        with Image.open(derived.path) as image:
            assert image.format == "WEBP" and image.size == (400, 200)
            assert near(image.getpixel((100, 100)), MAGENTA) and near(image.getpixel((370, 100)), GREEN)


@pytest.mark.parametrize("size", [(1, 1), (1, 16_383), (15, 600), (600, 16), (257, 16)])
@pytest.mark.parametrize("lossless", [False, True])
def test_a_small_or_thin_webp_is_a_picture(tmp_path: Path, size: tuple[int, int], lossless: bool) -> None:
    path = kept(tmp_path, encoded(gradient(size), "WEBP", lossless=lossless))
    assert pictures.verify(path, "image/webp") == Picture("image/webp", *size)


@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
def test_gray_pictures_keep_their_brightness(tmp_path: Path, mode: str) -> None:
    ramp = Image.linear_gradient("L").rotate(90)
    path = kept(tmp_path, encoded(sixteen_bit_gray() if mode == "I;16" else ramp.convert(mode), "PNG"))
    pictures.verify(path, "image/png")
    look = pictures.render(path, "image/png", tmp_path)
    with Image.open(look.renditions[1].path) as image:
        ends = [
            image.convert("L").crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
            for box in ((0, 0, 16, 4), (120, 0, 136, 4), (240, 0, 256, 4))
        ]
    assert ends[0] < 30 and 90 < ends[1] < 165 and ends[2] > 225


def test_transparency_is_kept_and_has_no_color(tmp_path: Path) -> None:
    path = kept(tmp_path, encoded(half_transparent(), "PNG"))
    look = pictures.render(path, "image/png", tmp_path)
    for derived in look.renditions:
        with Image.open(derived.path) as image:
            assert image.mode == "RGBA"
            assert image.getpixel((50, 100))[3] == 0 and image.getpixel((250, 100))[3] == 255
    assert not any(near(color, (0, 0, 0)) for color in look.colors)


def test_a_wholly_transparent_picture_has_no_colors(tmp_path: Path) -> None:
    path = kept(tmp_path, encoded(Image.new("RGBA", (40, 40)), "WEBP", lossless=True))
    assert pictures.render(path, "image/webp", tmp_path).colors == ()


def test_an_opaque_picture_with_an_alpha_channel_loses_the_channel(tmp_path: Path) -> None:
    look = pictures.render(kept(tmp_path, encoded(two_colors("RGBA"), "PNG")), "image/png", tmp_path)
    with Image.open(look.renditions[0].path) as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_picture_lying_on_its_side_is_measured_and_shown_upright(tmp_path: Path, media_type: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it a quarter turn clockwise
    path = kept(tmp_path, encoded(two_colors(), FORMATS[media_type], exif=exif.tobytes()))
    assert pictures.verify(path, media_type) == Picture(media_type, 200, 400)
    look = pictures.render(path, media_type, tmp_path)
    with Image.open(look.renditions[1].path) as image:
        assert image.size == (200, 400)
        assert near(image.getpixel((100, 100)), MAGENTA) and near(image.getpixel((100, 370)), GREEN)


@pytest.mark.parametrize("media_type", FORMATS)
def test_no_metadata_is_passed_on(tmp_path: Path, media_type: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret prompt"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = kept(tmp_path, encoded(two_colors(), FORMATS[media_type], exif=exif.tobytes(), icc_profile=profile))
    assert b"a secret prompt" in path.read_bytes()
    for derived in pictures.render(path, media_type, tmp_path).renditions:
        data = derived.path.read_bytes()
        assert b"EXIF" not in data and b"ICCP" not in data and b"secret" not in data


def test_another_color_space_is_shown_in_srgb(tmp_path: Path) -> None:
    # L* a* b* is no display's space, so the profile of a red-green-blue one is altered: its green and blue are swapped.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    green, blue = profile.index(b"gXYZ"), profile.index(b"bXYZ")
    profile[green : green + 4], profile[blue : blue + 4] = b"bXYZ", b"gXYZ"
    path = kept(tmp_path, encoded(Image.new("RGB", (64, 64), (0, 255, 0)), "PNG", icc_profile=bytes(profile)))
    assert near(pictures.render(path, "image/png", tmp_path).colors[0], (0, 0, 255), by=20)


def test_two_sizes_and_a_placeholder_are_made(tmp_path: Path) -> None:
    path = kept(tmp_path, encoded(gradient((1600, 2000)), "WEBP"))
    look = pictures.render(path, "image/webp", tmp_path / "new folder")
    assert [(d.name, d.width, d.height) for d in look.renditions] == [("tile", 410, 512), ("preview", 1024, 1280)]
    assert [d.path.name for d in look.renditions] == ["tile.webp", "preview.webp"]
    for derived in look.renditions:
        with Image.open(derived.path) as image:
            assert image.size == (derived.width, derived.height)


@pytest.mark.parametrize("image", [noise((900, 900)), noise((16, 900)), half_transparent(), gradient((1, 1))], ids=str)
def test_a_placeholder_is_a_tiny_picture_of_under_300_bytes(tmp_path: Path, image: Image.Image) -> None:
    look = pictures.render(kept(tmp_path, encoded(image, "PNG")), "image/png", tmp_path)
    head, body = look.placeholder.split(",")
    assert head == "data:image/webp;base64" and len(look.placeholder) < 300
    with Image.open(BytesIO(b64decode(body))) as tiny:
        assert max(tiny.size) <= 16


def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    look = pictures.render(kept(tmp_path, encoded(gradient((90, 30)), "PNG")), "image/png", tmp_path)
    assert {(d.width, d.height) for d in look.renditions} == {(90, 30)}


def test_a_very_long_picture_keeps_a_pixel_of_its_short_side(tmp_path: Path) -> None:
    path = kept(tmp_path, encoded(gradient((16_000, 2)), "PNG"))
    assert pictures.verify(path, None) == Picture("image/png", 16_000, 2)
    assert [(d.width, d.height) for d in pictures.render(path, "image/png", tmp_path).renditions] == [
        (512, 1),
        (1280, 1),
    ]


def test_a_file_of_another_type_than_verified_is_not_rendered(tmp_path: Path) -> None:
    with pytest.raises(BadPicture):
        pictures.render(kept(tmp_path, encoded(gradient((9, 9)), "PNG")), "image/webp", tmp_path)


def test_a_disk_that_fails_is_not_the_pictures_fault(tmp_path: Path) -> None:
    path = kept(tmp_path, encoded(gradient((9, 9)), "PNG"))
    (tmp_path / "out" / "preview.webp").mkdir(parents=True)  # so that the file can't be written
    with pytest.raises(IsADirectoryError):
        pictures.render(path, "image/png", tmp_path / "out")
