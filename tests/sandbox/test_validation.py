"""What a request may say: the last value inside each limit, every null, and what is made of it."""

from typing import Any

import pytest

from studio.recraft.image_models import ASPECTS, IMAGE_MODELS, RASTER, VECTOR
from studio.recraft.styles import STYLES
from studio.sandbox.fields import BadValue
from studio.sandbox.styling import Kind
from studio.sandbox.validation import Generation, generation, pixels

OPTIONAL = (
    "n",
    "model",
    "style",
    "substyle",
    "style_id",
    "size",
    "negative_prompt",
    "random_seed",
    "response_format",
    "image_format",
    "creativity",
    "upscale",
    "block_nsfw",
    "calculate_features",
    "expire",
    "controls",
    "text_layout",
)
BOX = [[-0.5, 0], [1.5, 0], [1, 1], [0, 1]]


def checked(kind: Kind = Kind.ANY, **body: Any) -> Generation:
    return generation({"prompt": "a"} | body, kind)


@pytest.mark.parametrize("name", OPTIONAL)
def test_every_optional_field_may_be_null(name: str) -> None:
    assert checked(**{name: None}).prompt == "a"


def test_all_optional_fields_may_be_null_at_once_and_inside_controls() -> None:
    nothing = {"colors": None, "background_color": None, "artistic_level": None, "no_text": None}
    assert checked(**dict.fromkeys(OPTIONAL)).colors == checked(controls=nothing).colors == ()


@pytest.mark.parametrize("model", RASTER)
def test_the_raster_endpoint_takes_every_raster_model(model: str) -> None:
    assert not checked(Kind.RASTER, model=model).vector


@pytest.mark.parametrize("model", VECTOR)
def test_the_vector_endpoint_takes_every_vector_model(model: str) -> None:
    assert checked(Kind.VECTOR, model=model).image_format == "svg"


@pytest.mark.parametrize("model", IMAGE_MODELS)
def test_every_model_takes_its_sizes_as_aspect_and_as_pixels(model: str) -> None:
    facts = IMAGE_MODELS[model]
    for aspect in ASPECTS:
        width, height = facts.pixels(aspect)
        assert pixels(aspect, facts) == pixels(f"{width}x{height}", facts) == (width, height)


@pytest.mark.parametrize("model", IMAGE_MODELS)
def test_a_size_of_another_family_is_refused(model: str) -> None:
    facts = IMAGE_MODELS[model]
    others = {size for other in IMAGE_MODELS.values() for size in other.sizes.values()} - set(facts.sizes.values())
    for width, height in others:
        with pytest.raises(BadValue):
            pixels(f"{width}x{height}", facts)


@pytest.mark.parametrize(
    "size", ["1024X1024", "1024x1024 ", " 1:1", "01024x1024", "1024x", "x", "", "1024x1024x1", "1:1:1"]
)
def test_a_size_in_another_spelling_is_refused(size: str) -> None:
    with pytest.raises(BadValue):
        pixels(size, IMAGE_MODELS["recraftv4_1"])


def test_v2_and_v3_take_one_more_size() -> None:
    assert pixels("1707x1024", IMAGE_MODELS["recraftv3"]) == (1707, 1024)


@pytest.mark.parametrize(("model", "limit"), [("recraftv4_pro", 10_000), ("recraftv3", 1_000)])
def test_the_longest_prompt_is_counted_in_characters(model: str, limit: int) -> None:
    assert checked(model=model, prompt="é" * limit).prompt == "é" * limit


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    assert checked(prompt="\ud83d").prompt == "\ufffd"
    assert checked(prompt="\ud83d\ude00").prompt == "\U0001f600"


@pytest.mark.parametrize(("name", "value"), [("n", 1), ("n", 6), ("random_seed", 0), ("random_seed", 2**32 - 1)])
def test_both_ends_of_a_range_belong_to_it(name: str, value: int) -> None:
    asked = checked(**{name: value})
    assert value in (asked.n, asked.seed)


def test_a_seed_is_drawn_when_none_is_sent() -> None:
    assert len({checked().seed for _ in range(5)}) == 5


def test_weights_may_add_up_to_exactly_one() -> None:
    colors = [{"rgb": [0, 255, k], "weight": 0.1} for k in range(10)]
    asked = checked(controls={"colors": colors, "background_color": {"rgb": [9, 9, 9]}})
    assert asked.colors[3] == ((0, 255, 3), 0.1)
    assert asked.background == (9, 9, 9)


@pytest.mark.parametrize(
    "word", ["Recraft", "A-Z_{}", "ẞßØĐ", "\u0391\u0392", "\u0423\u0425", "!\"#$%&'()*+,-./0189:;<>?@"]
)
def test_a_word_of_supported_characters_is_taken_anywhere_on_the_canvas(word: str) -> None:
    asked = checked(model="recraftv3", text_layout=[{"text": word, "bbox": BOX}])
    assert asked.words[0].text == word
    assert asked.words[0].bbox[0] == (-0.5, 0.0)


@pytest.mark.parametrize("character", list("=[]\\^`|~ é日"))
def test_a_character_outside_the_list_is_refused(character: str) -> None:
    with pytest.raises(BadValue):
        checked(model="recraftv3", text_layout=[{"text": character, "bbox": BOX}])


@pytest.mark.parametrize("model", STYLES)
def test_every_style_and_substyle_of_a_model_is_taken(model: str) -> None:
    for style in STYLES[model]:
        assert checked(model=model, style=style.name).vector == style.vector
        for substyle in style.substyles:
            assert checked(model=model, style=style.name, substyle=substyle).substyle == substyle


@pytest.mark.parametrize(
    ("style", "model"),
    [
        ("HDR", "recraftv3"),
        ("Line art", "recraftv3_vector"),
        ("Watercolor", "recraftv2"),
        ("icon", "recraftv2_vector"),
    ],
)
def test_a_style_without_a_model_means_v3_where_v3_has_it(style: str, model: str) -> None:
    assert checked(style=style).model.id == model


def test_the_style_any_means_no_style_where_styles_exist() -> None:
    assert checked(model="recraftv3", style="any").style is None


@pytest.mark.parametrize(
    ("alias", "model"), [("refm1", "recraftv3"), ("recraft20b", "recraftv2"), ("recraftv4_1_raster", "recraftv4_1")]
)
def test_older_names_of_models_are_taken(alias: str, model: str) -> None:
    assert checked(model=alias).model.id == model


def test_what_a_model_does_not_take_is_ignored() -> None:
    controls = {"artistic_level": 3, "no_text": True}
    layout = [{"text": "Recraft", "bbox": BOX}]
    v3 = checked(model="recraftv3", negative_prompt="fog", controls=controls, text_layout=layout)
    v4 = checked(model="recraftv4", negative_prompt="fog", controls=controls, text_layout=layout)
    assert (v3.negative_prompt, v3.artistic_level, v3.no_text, len(v3.words)) == ("fog", 3, True, 1)
    assert (v4.negative_prompt, v4.artistic_level, v4.no_text, len(v4.words)) == (None, None, False, 0)


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({"model": "recraftv4_1", "n": 6}, 210),
        ({"model": "recraftv4_1_utility_pro"}, 210),
        ({"model": "recraftv4_pro"}, 250),
        ({"model": "recraftv4_pro_vector", "n": 2}, 600),
        ({"model": "recraftv3_vector"}, 80),
        ({"model": "recraftv2"}, 22),
        ({"model": "recraftv2", "style": "icon"}, 44),
    ],
)
def test_the_price_is_per_image(fields: dict[str, Any], units: int) -> None:
    assert checked(**fields).price == units
