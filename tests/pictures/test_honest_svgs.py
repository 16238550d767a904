"""Sanitizing takes nothing from an honest drawing: before and after are drawn the same, pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from studio import pictures
from studio.pictures import BadPicture, Picture
from tests.pictures.honest_svgs import HONEST, as_drawn
from tests.pictures.hostile_svgs import svg
from tests.pictures.test_hostile_svgs import assert_inert

OURS = sorted((Path(__file__).parents[2] / "static" / "img").rglob("*.svg"))


def assert_looks_the_same(before: bytes, after: bytes) -> None:
    first, second = as_drawn(before), as_drawn(after)
    assert first.size == second.size
    assert first.getextrema()[3][1] > 0, "something is drawn"
    assert ImageChops.difference(first, second).getbbox(alpha_only=False) is None


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_drawing_looks_the_same_after(name: str) -> None:
    clean = pictures.sanitise(HONEST[name])
    assert_inert(clean)
    assert_looks_the_same(HONEST[name], clean)


def test_a_prefixed_drawing_looks_like_its_unprefixed_twin() -> None:
    # The drawing library does not recognize a prefixed root, which is one reason to write documents anew.
    prefixed = b'<s:svg xmlns:s="http://www.w3.org/2000/svg" width="90" height="70"><s:rect width="40" height="30"/>'
    twin = svg('<rect width="40" height="30"/>', 'width="90" height="70"')
    assert_looks_the_same(twin, pictures.sanitise(prefixed + b"</s:svg>"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_the_studios_own_drawings_look_the_same_after(path: Path) -> None:
    clean = pictures.sanitise(path.read_bytes())
    assert_inert(clean)
    if path.name != "icons.svg":  # symbols only: nothing is drawn
        assert_looks_the_same(path.read_bytes(), clean)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="200" height="100"', (200, 100)),
        ('width="200px" height="100px" viewBox="0 0 1 1"', (200, 100)),
        ('width="1in" height="72pt"', (96, 96)),
        ('width="25.4mm" height="2.54cm"', (96, 96)),
        ('width="2e2" height="1pc"', (200, 16)),
        ('viewBox="0 0 300 200"', (300, 200)),
        ('viewBox="-5,-5,30.4,20"', (30, 20)),
        ('width="100%" height="100%" viewBox="0 0 300 200"', (300, 200)),
        ('width="600" viewBox="0 0 300 200"', (600, 400)),
        ('height="50" viewBox="0 0 300 200"', (75, 50)),
        ('width="0" height="0" viewBox="0 0 30 20"', (30, 20)),
        ('width="0.2" height="0.1"', (1, 1)),
        ("", (300, 150)),
        ('width="-5" height="-5" viewBox="0 0 -3 2"', (300, 150)),
    ],
)
def test_a_drawing_is_as_large_as_a_browser_lays_it_out(tmp_path: Path, attributes: str, size: tuple[int, int]) -> None:
    path = tmp_path / "a"
    path.write_bytes(svg('<rect width="9" height="9"/>', attributes))
    assert pictures.verify(path, "image/svg+xml; charset=utf-8") == Picture("image/svg+xml", *size)


ABSURD = ['width="200000" height="5"', 'viewBox="0 0 5e9 5"', 'viewBox="0 0 1e-300 1e300"']


@pytest.mark.parametrize("attributes", ABSURD)
def test_a_drawing_of_an_absurd_size_is_refused(tmp_path: Path, attributes: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(svg("<rect/>", attributes))
    with pytest.raises(BadPicture, match="size"):
        pictures.verify(path, None)


def test_a_drawing_is_rendered_sharp_and_transparent(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(svg('<rect x="5" width="5" height="5" fill="#c81e78"/>', 'width="10" height="5"'))
    look = pictures.render(path, "image/svg+xml", tmp_path)
    assert [(d.width, d.height) for d in look.renditions] == [(512, 256), (1280, 640)]
    with Image.open(look.renditions[1].path) as image:
        assert image.getpixel((630, 320))[3] == 0 and image.getpixel((650, 320))[3] == 255
    assert look.colors == ((200, 30, 120),)
