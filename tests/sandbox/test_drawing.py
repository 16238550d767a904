"""Every request gets its own picture: the same each time, of the size and kind asked, and an SVG one can edit."""

import io
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest
from lxml import etree
from PIL import Image

from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.styles import styles_for
from studio.sandbox.drawing import DrawRequest, draw
from studio.sandbox.drawing.look_book import BY_NAME, plain
from studio.sandbox.drawing.plates import FOLDER, PLATES
from studio.sandbox.drawing.scenes import SCENES
from studio.sandbox.drawing.words import MARK, SUBJECTS, named

ALLOWED = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "linearGradient",
    "radialGradient", "stop", "clipPath", "mask", "pattern", "use", "title", "desc", "metadata",
}  # fmt: skip
ATTRIBUTES = {
    "id", "width", "height", "viewBox", "d", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "opacity", "x", "y", "cx", "cy", "r", "x1", "y1", "x2", "y2", "offset", "stop-color", "stop-opacity",
    "gradientUnits", "clip-path",
}  # fmt: skip
SUBJECT_PROMPTS = (
    "a red fox", "black cat on a sill", "robin on a branch", "koi pond", "coffee logo", "camping icons",
    "ceramic vases", "city skyline", "old houses", "armchair and lamp", "ringed planet", "rocket", "northern lights",
    "desert cactus",
    "snowy peaks", "lemons", "toadstools", "zen stones", "poppy meadow", "bouquet", "botanical print", "pine forest",
    "lighthouse", "sailing boat", "waves of japan", "hot air balloons", "portrait of a woman", "geometric poster",
    "seamless pattern", "soft gradient", "network of data", "jazz night", "contour map", "paper collage", "unnamed",
)  # fmt: skip
SAMPLE_ASPECTS = ("1:1", "2:1", "9:16", "4:5")


def request(prompt: str = "three ceramic vases", model: str = "recraftv4_1", aspect: str = "1:1") -> DrawRequest:
    """A plain request for the model, of a kind it can draw."""
    facts = IMAGE_MODELS[model]
    width, height = facts.pixels(aspect)
    kind = "svg" if facts.vector else "webp"
    return DrawRequest(prompt, None, 1, 0, model, None, None, width, height, (), None, kind, False, None)  # type: ignore[arg-type]


def half(asked: DrawRequest) -> DrawRequest:
    """The same at half the side: drawn in a quarter of the time, and still twice what likeness is measured on."""
    return replace(asked, width=asked.width // 2, height=asked.height // 2)


def root(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def name_of(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


@pytest.mark.parametrize("model", ["recraftv4_1", "recraftv3", "recraftv4_1_vector"])
def test_the_same_request_draws_the_same_bytes(model: str) -> None:
    assert draw(request(model=model)) == draw(request(model=model))


def test_another_process_draws_the_same_bytes() -> None:
    program = (
        "from hashlib import sha256; from studio.sandbox.drawing import DrawRequest, draw;"
        "print(sha256(draw(DrawRequest('a red fox', None, 5, 2, 'recraftv4_1', None, None, 1024, 1024, (), None,"
        "'webp', False, None))).hexdigest())"
    )
    here = draw(replace(request("a red fox"), seed=5, index=2))
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == sha256(here).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "two ceramic vases"}, {"seed": 2}, {"index": 1}, {"model": "recraftv4"}, {"style": "Watercolor"},
        {"substyle": "noir"}, {"colors": (((200, 30, 40), None),)}, {"background": (255, 214, 10)},
        {"width": 896, "height": 1152},
    ],
)  # fmt: skip
def test_whatever_is_asked_otherwise_draws_another_picture(change: dict[str, object]) -> None:
    assert draw(request()) != draw(replace(request(), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("model", IMAGE_MODELS)
def test_every_model_draws_exactly_the_size_asked(model: str) -> None:
    aspects = ("1:1",) if IMAGE_MODELS[model].pro and not IMAGE_MODELS[model].vector else SAMPLE_ASPECTS
    for aspect in aspects:
        asked = request("a red fox", model, aspect)
        data = draw(asked)
        if IMAGE_MODELS[model].vector:
            made = root(data)
            assert (made.get("width"), made.get("height")) == (str(asked.width), str(asked.height))
            assert made.get("viewBox") == f"0 0 {asked.width} {asked.height}"
        else:
            with Image.open(io.BytesIO(data)) as picture:
                assert picture.size == (asked.width, asked.height)


@pytest.mark.parametrize("size", [(2048, 1024), (1024, 1820), (1434, 1024), (257, 263)])
def test_odd_sizes_are_met_to_the_pixel(size: tuple[int, int]) -> None:
    for prompt in ("misty ridge", "a red fox"):
        data = draw(replace(request(prompt), width=size[0], height=size[1]))
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == size


def test_formats_are_what_they_say() -> None:
    webp, png, svg = (
        draw(request()),
        draw(replace(request(), image_format="png")),
        draw(request(model="recraftv3_vector")),
    )
    assert webp[:4] == b"RIFF"
    assert webp[8:12] == b"WEBP"
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert svg.startswith(b"<svg ")


@pytest.mark.parametrize("prompt", SUBJECT_PROMPTS)
def test_a_vector_is_editable_and_holds_nothing_foreign(prompt: str) -> None:
    for seed in range(3):
        data = draw(replace(request(prompt, "recraftv4_1_vector"), seed=seed))
        assert 3_000 <= len(data) <= 60_000
        made = root(data)
        elements = [element for element in made.iter() if isinstance(element.tag, str)]
        assert {name_of(element) for element in elements} <= ALLOWED
        assert {str(key) for element in elements for key in element.attrib} <= ATTRIBUTES
        ids = [element.get("id") for element in elements if element.get("id")]
        assert len(ids) == len(set(ids))
        assert all(group.get("id") for group in elements if name_of(group) == "g")
        urls = [value for element in elements for value in element.attrib.values() if "url(" in str(value)]
        assert all(str(value).startswith("url(#") and str(value)[5:-1] in ids for value in urls)


def test_a_prompt_cannot_break_out_of_the_title() -> None:
    data = draw(request('</title><script>alert(1)</script>&"\x00\x0b', "recraftv4_1_vector"))
    assert {name_of(element) for element in root(data).iter()} <= ALLOWED
    assert b"<script" not in data


@pytest.mark.parametrize("model", ["recraftv3", "recraftv3_vector", "recraftv2", "recraftv2_vector"])
def test_every_style_has_a_look_of_its_own(model: str) -> None:
    for style in styles_for(model):
        for name in style.substyles or (style.name,):
            assert plain(name) in BY_NAME, f"{style.name} {name}"


@pytest.mark.parametrize("model", ["recraftv3", "recraftv2"])
def test_every_raster_look_draws(model: str) -> None:
    looks = {id(BY_NAME[plain(style.name)]): style.name for style in styles_for(model)}
    small = replace(request("portrait of a fox", model), width=256, height=320)
    drawn = {draw(replace(small, style=name)) for name in looks.values()}
    assert len(drawn) == len(looks)


@pytest.mark.parametrize("model", ["recraftv3_vector", "recraftv2_vector"])
def test_every_vector_look_draws(model: str) -> None:
    looks = {id(BY_NAME[plain(style.name)]): style.name for style in styles_for(model)}
    drawn = {draw(replace(request("portrait", model), style=name)) for name in looks.values()}
    assert len(drawn) == len(looks)


def test_words_only_name_what_is_there() -> None:
    for subject in (MARK, *SUBJECTS):
        for name in (*subject.plates, *subject.scenes):
            assert name in PLATES or name in SCENES
    assert not set(PLATES) & set(SCENES)
    assert {path.stem for path in FOLDER.glob("*.webp")} == set(PLATES)


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("stone arch by the sea", "arch-a"), ("orange cat", "cat_head"), ("a fox logo", "fox_head"),
        ("coffee shop logo", "badge"), ("seamless lemon pattern", "lemons"), ("portrait of a fox", "fox_curl"),
        ("mountains at sunset", "ridge-a"), ("vases", "vase-b"), ("city at night", "city"), ("qwertz", "terrazzo"),
    ],
)  # fmt: skip
def test_the_prompts_words_choose_what_is_shown(prompt: str, shown: str) -> None:
    assert shown in named(prompt)


def test_the_negative_prompt_takes_a_subject_away() -> None:
    assert "vase-a" in named("vases and lemons")
    assert "vase-a" not in named("vases and lemons", "vase")


def test_plates_and_their_facts_agree_and_stay_light() -> None:
    for plate in PLATES.values():
        with Image.open(FOLDER / f"{plate.name}.webp") as picture:
            assert picture.size == (plate.width, plate.height)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5_000_000
