"""A WebP is decoded whole by libwebp itself; a no of it is never the last word."""

from __future__ import annotations

from contextlib import suppress

import pytest
from PIL import Image

from studio.pictures import BadPicture
from studio.pictures.webp import Whole, whole
from tests.pictures.hostile_rasters import BAD
from tests.pictures.making import encoded, gradient, noise

SIZE = (640, 80)  # from 512 pixels on, two threads share the work


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_kind_of_webp_is_read_without_pillow(mode: str, lossless: bool) -> None:
    assert whole(encoded(noise(SIZE).convert(mode), "WEBP", lossless=lossless)) == Whole(*SIZE, has_notes=False)


def test_a_webp_that_may_lie_on_its_side_says_so() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert whole(encoded(gradient(SIZE), "WEBP", exif=exif)) == Whole(*SIZE, has_notes=True)


@pytest.mark.parametrize("name", [name for name in BAD if "webp" in name.lower()])
def test_no_bad_webp_is_called_whole(name: str) -> None:
    with suppress(BadPicture):
        assert whole(BAD[name]()) is None
