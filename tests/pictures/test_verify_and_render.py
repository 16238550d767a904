"""What becomes a picture, and what is made from it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from studio import pictures
from studio.pictures import BadPicture, Picture

FORMATS = {"image/webp": "WEBP", "image/png": "PNG", "image/jpeg": "JPEG"}


def gradient(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_whole_picture_is_verified(tmp_path: Path, media_type: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(encoded(gradient((300, 200)), FORMATS[media_type]))
    assert pictures.verify(path, media_type) == Picture(media_type, 300, 200)


@pytest.mark.parametrize("media_type", FORMATS)
def test_half_a_picture_is_refused(tmp_path: Path, media_type: str) -> None:
    whole = encoded(Image.effect_noise((300, 200), 90), FORMATS[media_type])
    path = tmp_path / "a"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadPicture):
        pictures.verify(path, None)


def test_two_sizes_a_placeholder_and_the_colors_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(encoded(gradient((1600, 2000)), "WEBP"))
    look = pictures.render(path, "image/webp", tmp_path)
    assert [(d.name, d.width, d.height) for d in look.renditions] == [("tile", 410, 512), ("preview", 1024, 1280)]
    assert all(Image.open(d.path).size == (d.width, d.height) for d in look.renditions)
    assert look.placeholder.startswith("data:image/webp;base64,") and len(look.placeholder) < 300
    assert 1 <= len(look.colors) <= 6
