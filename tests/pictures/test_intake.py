"""Uploads: kept as they came, with a clean copy beside what is not plain."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from studio import pictures
from studio.pictures import intake
from studio.pictures.picture import JPEG, PNG, SVG, WEBP
from tests.pictures import hostile_rasters, hostile_svgs
from tests.pictures.making import encoded, gradient, ihdr, png

ORIENTATION, GPS = 0x0112, 0x8825


def camera_jpeg(orientation: int = 1, place: bool = False, size: tuple[int, int] = (60, 40)) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    if place:
        exif.get_ifd(GPS)[1] = "N"
        exif.get_ifd(GPS)[2] = (52.0, 30.0, 0.0)
    return encoded(gradient(size), "JPEG", exif=exif)


def taken(tmp_path: Path, data: bytes) -> tuple[pictures.Intake, Path]:
    source, clean = tmp_path / "source", tmp_path / "clean"
    source.write_bytes(data)
    found = pictures.take_in(source, clean)
    assert source.read_bytes() == data, "the file itself is never changed"
    return found, clean


@pytest.mark.parametrize(("format", "media_type"), [("PNG", PNG), ("JPEG", JPEG), ("WEBP", WEBP)])
def test_a_plain_picture_needs_no_copy(tmp_path: Path, format: str, media_type: str) -> None:
    found, clean = taken(tmp_path, encoded(gradient((30, 20)), format))
    assert found == pictures.Intake(pictures.Picture(media_type, 30, 20), "", ())
    assert not clean.exists()


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_picture_gets_an_upright_copy(tmp_path: Path, orientation: int) -> None:
    found, clean = taken(tmp_path, camera_jpeg(orientation))
    upright = (40, 60) if orientation >= 5 else (60, 40)
    assert (found.picture.width, found.picture.height) == upright
    assert found.notes == (intake.TURNED,)
    with Image.open(clean) as copy:
        assert copy.size == upright
        assert not copy.getexif()


def test_the_place_stays_out_of_the_copy(tmp_path: Path) -> None:
    found, clean = taken(tmp_path, camera_jpeg(place=True))
    assert found.notes == (intake.PLACE,)
    assert b"Exif" not in clean.read_bytes()


def test_print_colors_become_screen_colors(tmp_path: Path) -> None:
    found, clean = taken(tmp_path, encoded(gradient((20, 20), "CMYK"), "JPEG"))
    assert found.notes == (intake.PRINT_COLORS,)
    with Image.open(clean) as copy:
        assert copy.mode == "RGB"


@pytest.mark.parametrize("color", [0, 2, 6])
def test_sixteen_bits_become_eight(tmp_path: Path, color: int) -> None:
    channels = {0: 1, 2: 3, 6: 4}[color]
    row = b"\x00" + b"\xc0\x00" * channels * 8
    found, clean = taken(tmp_path, png(ihdr(8, 8, depth=16, color=color), pixels=row * 8))
    assert found.notes == (intake.DEEP,)
    assert clean.read_bytes()[24] == 8
    with Image.open(clean) as copy:
        assert copy.convert("RGB").getpixel((3, 3)) == (192, 192, 192)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_what_follows_the_picture_is_left_out_of_the_copy(tmp_path: Path, format: str) -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04 and more of it"
    found, clean = taken(tmp_path, encoded(gradient((30, 20)), format) + hidden)
    assert found.notes == (intake.TAIL,)
    assert b"script" not in clean.read_bytes()


def test_a_color_profile_is_applied(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found, clean = taken(tmp_path, encoded(gradient((20, 20)), "PNG", icc_profile=profile))
    assert (found.clean, found.notes) == (PNG, ())
    with Image.open(clean) as copy:
        assert "icc_profile" not in copy.info


def test_transparency_survives_the_copy(tmp_path: Path) -> None:
    see_through = Image.new("RGBA", (10, 10), (200, 30, 30, 90))
    exif = Image.Exif()
    exif[ORIENTATION] = 3
    _, clean = taken(tmp_path, encoded(see_through, "PNG", exif=exif))
    with Image.open(clean) as copy:
        assert copy.getpixel((5, 5)) == (200, 30, 30, 90)


def test_a_drawing_gets_a_copy_that_runs_nothing(tmp_path: Path) -> None:
    drawing = hostile_svgs.svg('<script>alert(1)</script><rect width="9" height="9"/>', 'width="30" height="20"')
    found, clean = taken(tmp_path, drawing)
    assert (found.picture, found.clean) == (pictures.Picture(SVG, 30, 20), SVG)
    assert b"script" not in clean.read_bytes()
    assert b"rect" in clean.read_bytes()


@pytest.mark.parametrize("name", hostile_rasters.BAD)
def test_a_hostile_picture_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(pictures.BadPicture, match=r"^[A-Z].{10,}\.$"):
        taken(tmp_path, hostile_rasters.BAD[name]())


@pytest.mark.parametrize("name", hostile_svgs.REFUSED)
def test_a_hostile_drawing_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(pictures.BadPicture, match=r"^[A-Z].{10,}\.$"):
        taken(tmp_path, hostile_svgs.REFUSED[name]())


def mask_file(tmp_path: Path, image: Image.Image, format: str = "PNG") -> Path:
    path = tmp_path / "mask"
    buffer = BytesIO()
    image.save(buffer, format)
    path.write_bytes(buffer.getvalue())
    return path


def test_a_mask_is_told_by_its_levels(tmp_path: Path) -> None:
    mask = Image.new("L", (8, 4))
    mask.putpixel((2, 2), 255)
    facts = pictures.mask_facts(mask_file(tmp_path, mask))
    assert facts == pictures.MaskFacts(8, 4, "L", frozenset({0, 255}))
    mask.putpixel((3, 2), 17)
    assert pictures.mask_facts(mask_file(tmp_path, mask)).levels == {0, 17, 255}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "1", "LA"])
def test_a_mask_of_another_mode_is_told_by_its_mode(tmp_path: Path, mode: str) -> None:
    assert pictures.mask_facts(mask_file(tmp_path, Image.new(mode, (8, 4)))).mode == mode


def test_a_mask_that_is_no_png_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pictures.BadPicture, match="PNG"):
        pictures.mask_facts(mask_file(tmp_path, Image.new("L", (8, 4)), "WEBP"))
