"""What comes of a recipe, to the pixel."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.pictures import BadPicture, Finished, colors, finish, recipes
from tests.pictures.making import encoded, noise

PNG, JPEG, WEBP, SVG = "image/png", "image/jpeg", "image/webp", "image/svg+xml"
RED, GREEN, BLUE = (255, 0, 0), (0, 128, 0), (0, 0, 255)
FLAG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    b'<style>.b{fill:#00F}</style><rect width="20" height="20" fill="red"/>'
    b'<rect class="b" x="20" width="20" height="10"/>'
    b'<rect x="20" y="10" width="20" height="10" style="fill:rgb(0,128,0);stroke:none"/>'
    b"<text>fill=&quot;red&quot;</text></svg>"
)


def veiled(size: tuple[int, int] = (60, 40)) -> Image.Image:
    """A different color at every place, with every kind of alpha."""
    picture = noise(size).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(size))
    return picture


def done(tmp_path: Path, data: bytes, media_type: str, recipe: Mapping[str, Any]) -> tuple[Finished, ...]:
    path, into = tmp_path / "source", tmp_path / "into"
    path.write_bytes(data)
    into.mkdir(exist_ok=True)
    return finish(path, media_type, recipe, into)


def one(tmp_path: Path, data: bytes, source_type: str, **recipe: Any) -> tuple[Finished, Image.Image]:
    (made,) = done(tmp_path, data, source_type, recipe)
    with Image.open(made.path) as image:
        image.load()
    assert image.size == (made.width, made.height)
    assert Image.MIME[image.format or ""] == made.media_type
    return made, image


def same(first: Image.Image, second: Image.Image) -> bool:
    return (first.mode, first.size, first.tobytes()) == (second.mode, second.size, second.tobytes())


def four(image: Image.Image) -> list[tuple[int, ...]]:
    """The colors of a picture of 2 x 2 pixels, row by row."""
    return [image.getpixel((x, y))[:3] for y in range(2) for x in range(2)]


MOVES: list[tuple[dict[str, Any], Any]] = [
    ({"do": "crop", "left": 7, "top": 3, "width": 31, "height": 22}, lambda image: image.crop((7, 3, 38, 25))),
    ({"do": "rotate", "degrees": 90}, lambda image: image.rotate(-90, expand=True)),
    ({"do": "rotate", "degrees": 180}, lambda image: image.rotate(180)),
    ({"do": "rotate", "degrees": 270}, lambda image: image.rotate(90, expand=True)),
    ({"do": "flip", "direction": "horizontal"}, lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    ({"do": "flip", "direction": "vertical"}, lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)),
    ({"do": "resize", "width": 30, "height": 33}, lambda image: image.resize((30, 33), Image.Resampling.LANCZOS)),
]


@pytest.mark.parametrize(("recipe", "expected"), MOVES, ids=[str(recipe) for recipe, _ in MOVES])
@pytest.mark.parametrize("media_type", [PNG, WEBP])
def test_what_moves_pixels_changes_none(tmp_path: Path, recipe: dict[str, Any], expected: Any, media_type: str) -> None:
    for source in (veiled(), noise((60, 40))):
        options = {"lossless": True, "exact": True} if media_type == WEBP else {}
        data = encoded(source, "WEBP" if media_type == WEBP else "PNG", **options)
        made, image = one(tmp_path, data, media_type, **recipe)
        assert made.media_type == media_type
        assert same(image, expected(source))


def test_a_transparent_pad_keeps_every_pixel_and_its_alpha(tmp_path: Path) -> None:
    source = veiled()
    _, image = one(tmp_path, encoded(source, "PNG"), PNG, do="pad", width=80, height=61, color="transparent")
    assert same(image.crop((10, 10, 70, 50)), source)
    assert image.getpixel((9, 30)) == (0, 0, 0, 0) == image.getpixel((79, 60))


def test_a_colored_pad_shows_through_what_is_transparent(tmp_path: Path) -> None:
    source = Image.new("RGBA", (10, 10), (255, 0, 0, 255))
    source.paste((0, 0, 0, 0), (0, 0, 5, 10))
    _, image = one(tmp_path, encoded(source, "PNG"), PNG, do="pad", width=20, height=10, color="#0000ff")
    assert image.mode == "RGB"
    assert [image.getpixel((x, 5)) for x in (0, 7, 12, 19)] == [BLUE, BLUE, RED, BLUE]


def test_a_photo_stays_a_photo_unless_it_gets_transparency(tmp_path: Path) -> None:
    photo = encoded(noise((60, 40)), "JPEG")
    assert one(tmp_path, photo, JPEG, do="rotate", degrees=90)[0].media_type == JPEG
    assert one(tmp_path, photo, JPEG, do="pad", width=60, height=60)[0].media_type == PNG


def test_conversions_without_loss_are_without_loss(tmp_path: Path) -> None:
    source = veiled()
    for recipe in ({"format": "png"}, {"format": "webp", "quality": 0}):
        made, image = one(tmp_path, encoded(source, "PNG"), PNG, do="convert", **recipe)
        assert same(image, source)
        assert made.media_type == recipes.FORMATS[str(recipe["format"])]


def test_a_jpg_has_its_background_where_the_picture_was_transparent(tmp_path: Path) -> None:
    source = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    made, image = one(tmp_path, encoded(source, "PNG"), PNG, do="convert", format="jpg", background="#00ff00")
    assert (made.media_type, image.mode) == (JPEG, "RGB")
    assert all(abs(part - wanted) < 4 for part, wanted in zip(image.getpixel((9, 9)), (0, 255, 0), strict=True))


def test_quality_makes_a_webp_smaller(tmp_path: Path) -> None:
    sizes = []
    for quality in (30, 95):
        made, _ = one(tmp_path, encoded(noise((200, 200)), "PNG"), PNG, do="convert", format="webp", quality=quality)
        sizes.append(made.path.stat().st_size)
    assert sizes[0] < sizes[1]


def test_a_pdf_is_one_page_and_has_a_picture_of_itself(tmp_path: Path) -> None:
    (made,) = done(tmp_path, encoded(noise((96, 48)), "PNG"), PNG, {"do": "convert", "format": "pdf"})
    data = made.path.read_bytes()
    assert (made.media_type, made.width, made.height) == ("application/pdf", 96, 48)
    assert data.startswith(b"%PDF-")
    assert b"/MediaBox [ 0 0 72.0 36.0 ]" in data, "a pixel is as large as in a browser"
    assert made.shown is not None
    with Image.open(made.shown) as shown:
        assert (shown.format, shown.size) == ("PNG", (96, 48))
    assert done(tmp_path, encoded(noise((9, 9)), "PNG"), PNG, {"do": "rotate", "degrees": 90})[0].shown is None


def test_an_svg_is_drawn_at_the_size_asked_for(tmp_path: Path) -> None:
    _, large = one(tmp_path, FLAG, SVG, do="resize", width=400, height=200)
    assert [large.getpixel(at)[:3] for at in ((199, 100), (200, 99), (200, 100))] == [RED, BLUE, GREEN], "sharp"
    _, cut = one(tmp_path, FLAG, SVG, do="crop", left=19, top=9, width=2, height=2)
    assert four(cut) == [RED, BLUE, RED, GREEN]
    made, image = one(tmp_path, FLAG, SVG, do="convert", format="png", longest=1000)
    assert (made.media_type, image.size) == (PNG, (1000, 500))


def test_recoloring_changes_every_way_to_write_a_color_and_no_words(tmp_path: Path) -> None:
    swaps = [["#ff0000", "#111111"], ["#0000ff", "#222222"], ["#008000", "#333333"]]
    (made,) = done(tmp_path, FLAG, SVG, {"do": "recolor", "swaps": swaps})
    assert (made.media_type, made.width, made.height) == (SVG, 40, 20)
    assert b'fill="red"</text>' in made.path.read_bytes().replace(b"&quot;", b'"')
    path = tmp_path / "recolored"
    path.write_bytes(made.path.read_bytes())
    assert set(colors(path)) == {"#111111", "#222222", "#333333"}
    _, image = one(tmp_path, path.read_bytes(), SVG, do="resize", width=40, height=20)
    assert [image.getpixel(at)[:3] for at in ((30, 5), (30, 15))] == [(0x22,) * 3, (0x33,) * 3]


def test_shapes_without_a_fill_are_black_and_can_be_recolored(tmp_path: Path) -> None:
    plain = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
    path = tmp_path / "plain.svg"
    path.write_bytes(plain)
    assert colors(path) == ("#000000",)
    (made,) = done(tmp_path, plain, SVG, {"do": "recolor", "swaps": [["#000000", "#ff0000"]]})
    _, image = one(tmp_path, made.path.read_bytes(), SVG, do="resize", width=8, height=8)
    assert image.getpixel((4, 4))[:3] == RED


@pytest.mark.parametrize("name", recipes.SETS)
@pytest.mark.parametrize(("data", "media_type"), [(FLAG, SVG), (encoded(veiled(), "PNG"), PNG)], ids=["svg", "png"])
def test_a_set_has_every_size(tmp_path: Path, name: str, data: bytes, media_type: str) -> None:
    made = done(tmp_path, data, media_type, {"do": "sizes", "set": name})
    assert [(each.width, each.height) for each in made] == list(recipes.SETS[name][1])
    for each in made:
        with Image.open(each.path) as image:
            assert image.size == (each.width, each.height)
            if name != "social":
                assert image.getpixel((0, 0))[3] == 0, "the ground of an icon is transparent"


def test_a_copy_that_fits_weighs_no_more_than_allowed(tmp_path: Path) -> None:
    data = encoded(noise((700, 700)), "PNG")
    asked = {"do": "fit", "width": 600, "height": 600, "media_type": PNG}
    large, image = one(tmp_path, data, PNG, **asked)
    assert (large.media_type, image.size) == (PNG, (600, 600))
    small, _ = one(tmp_path, data, PNG, **asked, max_bytes=200_000)
    assert small.media_type == WEBP
    assert small.path.stat().st_size <= 200_000


def test_a_copy_that_fits_keeps_its_proportions_where_it_is_padded(tmp_path: Path) -> None:
    line = Image.new("RGB", (400, 20), RED)
    _, image = one(tmp_path, encoded(line, "PNG"), PNG, do="fit", width=256, height=256, media_type=PNG)
    assert image.size == (256, 256)
    assert (image.getpixel((5, 128)), image.getpixel((5, 20))) == ((*RED, 255), (0, 0, 0, 0))


def test_an_svg_that_fits_stays_an_svg(tmp_path: Path) -> None:
    (made,) = done(tmp_path, FLAG, SVG, {"do": "fit", "width": 400, "height": 200, "media_type": SVG})
    _, image = one(tmp_path, made.path.read_bytes(), SVG, do="crop", left=199, top=99, width=2, height=2)
    assert four(image) == [RED, BLUE, RED, GREEN]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"do": "crop", "left": 1, "top": 0, "width": 60, "height": 40}, "reaches over the edge"),
    ({"do": "crop", "left": -1, "top": 0, "width": 6, "height": 4}, "starts at 0"),
    ({"do": "resize", "width": 0, "height": 9}, "one of its sides is 0"),
    ({"do": "resize", "width": 16_385, "height": 9}, "a side may have 16,384"),
    ({"do": "resize", "width": 8_000, "height": 8_000}, "40 million"),
    ({"do": "pad", "width": 59, "height": 90}, "Padding only adds"),
    ({"do": "pad", "width": 99, "height": 90, "color": "red"}, "written #rrggbb"),
    ({"do": "rotate", "degrees": 45}, "90, 180 or 270"),
    ({"do": "rotate", "degrees": "90"}, "something else"),
    ({"do": "rotate"}, "fill in every field"),
    ({"do": "flip", "direction": "up"}, "horizontally or vertically"),
    ({"do": "convert", "format": "gif"}, "PNG, WebP, JPG or PDF"),
    ({"do": "convert", "format": "jpg", "quality": 0}, "1 to 100"),
    ({"do": "recolor", "swaps": [["#000000", "#ffffff"]]}, "Vectorize"),
    ({"do": "recolor", "swaps": []}, "at least one"),
    ({"do": "recolor", "swaps": [["#000000"]]}, "something else"),
    ({"do": "sizes", "set": "billboard"}, "no such set"),
    ({"do": "fit", "width": 9, "height": 9, "media_type": "image/gif"}, "no such copy"),
    ({"do": "fit", "width": 9, "height": 9, "media_type": SVG}, "as an SVG"),
    ({"do": "delete"}, "no such thing"),
    ({}, "no such thing"),
]


@pytest.mark.parametrize(("recipe", "says"), REFUSED, ids=[str(recipe) for recipe, _ in REFUSED])
def test_what_can_not_be_done_says_so(tmp_path: Path, recipe: dict[str, Any], says: str) -> None:
    with pytest.raises(BadPicture, match=says):
        done(tmp_path, encoded(noise((60, 40)), "PNG"), PNG, recipe)


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        ({"do": "rotate", "degrees": 90}, "a side may have"),
        ({"do": "convert", "format": "png"}, "a side may have"),
        ({"do": "convert", "format": "webp", "longest": 16_384}, "WebP may have 16,383"),
    ],
)
def test_an_svg_too_large_to_be_drawn_as_it_is_says_so(tmp_path: Path, recipe: dict[str, Any], says: str) -> None:
    wide = b'<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90"/>'
    with pytest.raises(BadPicture, match=says):
        done(tmp_path, wide, SVG, recipe)
    assert one(tmp_path, wide, SVG, do="convert", format="png", longest=1000)[1].size == (1000, 1)


@pytest.mark.parametrize("values", [recipe for recipe, _ in MOVES] + [{"do": "recolor", "swaps": [["#000000"] * 2]}])
def test_a_recipe_is_read_as_it_was_written(values: dict[str, Any]) -> None:
    assert recipes.written(recipes.read(values)) == values
