import pytest

from studio.recraft import params
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.params import InvalidParam, is_absent

V4, V3, V2_VECTOR = (IMAGE_MODELS[id] for id in ("recraftv4_1", "recraftv3", "recraftv2_vector"))
TEXT = params.Text(name="prompt", label="Prompt", path="prompt")
COUNT = params.Integer(name="n", label="Pictures", path="n", min=1, max=6)
NUMBER = params.Number(name="strength", label="Strength", path="strength", min=0, max=1)
FLAG = params.Flag(name="no_text", label="No text", path="controls.no_text")
COLOR = params.Color(name="background_color", label="Background", path="controls.background_color")
PALETTE = params.Palette(name="colors", label="Palette", path="controls.colors")
LAYOUT = params.TextLayout(name="text_layout", label="Text layout", path="text_layout")
STYLE_ID = params.StyleId(name="style_id", label="Custom style", path="style_id")
SIZE = params.Size(name="size", label="Size", path="size", by_model=lambda m: tuple((a, a) for a in m.sizes))
BOX = [[0, 0], [1, 0], [1, 1], [0, 1]]
NAN, INFINITY, HUGE = float("nan"), float("inf"), 10**400


def words(*texts):
    return [{"text": text, "bbox": BOX} for text in texts]


GOOD = [
    (TEXT, "a"),
    (TEXT, "x" * 10_000),
    (TEXT, "two\r\nlines\tand a tab"),
    (TEXT, "naïve café, 東京, 🦊"),
    (COUNT, 1),
    (COUNT, 6),
    (NUMBER, 0),
    (NUMBER, 0.5),
    (FLAG, True),
    (FLAG, False),
    (COLOR, {"rgb": [0, 128, 255]}),
    (PALETTE, [{"rgb": [1, 2, 3]}, {"rgb": [4, 5, 6], "weight": 0.4}, {"rgb": [7, 8, 9], "weight": None}]),
    (PALETTE, [{"rgb": [0, 0, 0]}] * 16),
    (LAYOUT, words("AI", "Recraft", "100%", "ŁOĐ", "\u0391\u0392\u0395", "\u041c\u041e\u0421\u0422", "ß")),
    (LAYOUT, [{"text": "OUT", "bbox": [[-0.5, 1.5], [2, 0.1], [1, 1], [0, 1]]}]),
    (STYLE_ID, "229b2a75-05e4-4580-85f9-b47ee521a00d"),
    (STYLE_ID, "229B2A75-05E4-4580-85F9-B47EE521A00D"),
    (SIZE, "4:5"),
]
BAD = [
    (TEXT, 5),
    (TEXT, ["a"]),
    (TEXT, "x" * 10_001),
    (TEXT, "nul \0"),
    (TEXT, "escape \x1b[2J"),
    (TEXT, "half a pair \ud83e"),
    (COUNT, 0),
    (COUNT, 7),
    (COUNT, True),
    (COUNT, 1.0),
    (COUNT, "1"),
    (COUNT, HUGE),
    (NUMBER, 1.01),
    (NUMBER, NAN),
    (NUMBER, INFINITY),
    (NUMBER, HUGE),
    (NUMBER, False),
    (NUMBER, "0.5"),
    (FLAG, "yes"),
    (FLAG, 1),
    (COLOR, "#0080ff"),
    (COLOR, [0, 128, 255]),
    (COLOR, {"rgb": [0, 128]}),
    (COLOR, {"rgb": [0, 128, 256]}),
    (COLOR, {"rgb": [0, 128, -1]}),
    (COLOR, {"rgb": [0, 128, 1.0]}),
    (COLOR, {"rgb": [0, 128, True]}),
    (COLOR, {"rgb": "abc"}),
    (COLOR, {"rgb": [1, 2, 3], "weight": 0.5}),
    (PALETTE, {"rgb": [1, 2, 3]}),
    (PALETTE, [{"rgb": [1, 2, 3], "std": [1]}]),
    (PALETTE, [{"rgb": [1, 2, 3], "weight": 1.1}]),
    (PALETTE, [{"rgb": [1, 2, 3], "weight": -0.1}]),
    (PALETTE, [{"rgb": [1, 2, 3], "weight": NAN}]),
    (PALETTE, [{"rgb": [1, 2, 3], "weight": "0.4"}]),
    (PALETTE, [{"rgb": [0, 0, 0]}] * 17),
    (PALETTE, ["red"]),
    (LAYOUT, "AI"),
    (LAYOUT, words("two words")),
    (LAYOUT, words("")),
    (LAYOUT, words(" ")),
    (LAYOUT, words(5)),
    (LAYOUT, words("a=b")),
    (LAYOUT, words("[AI]")),
    (LAYOUT, words("back\\slash")),
    (LAYOUT, words("~")),
    (LAYOUT, words("ü")),
    (LAYOUT, words("東京")),
    (LAYOUT, words(*["A"] * 33)),
    (LAYOUT, [{"text": "AI"}]),
    (LAYOUT, [{"text": "AI", "bbox": BOX, "font": "x"}]),
    (LAYOUT, [{"text": "AI", "bbox": BOX[:3]}]),
    (LAYOUT, [{"text": "AI", "bbox": [*BOX, [0, 0]]}]),
    (LAYOUT, [{"text": "AI", "bbox": [[0, 0, 0], *BOX[1:]]}]),
    (LAYOUT, [{"text": "AI", "bbox": [["0", 0], *BOX[1:]]}]),
    (LAYOUT, [{"text": "AI", "bbox": [[NAN, 0], *BOX[1:]]}]),
    (LAYOUT, [{"text": "AI", "bbox": [[HUGE, 0], *BOX[1:]]}]),
    (LAYOUT, [{"text": "AI", "bbox": [0, 0, 1, 0, 1, 1, 0, 1]}]),
    (STYLE_ID, "realistic_image"),
    (STYLE_ID, "{229b2a75-05e4-4580-85f9-b47ee521a00d}"),
    (STYLE_ID, "229b2a7505e4458085f9b47ee521a00d"),
    (STYLE_ID, 5),
    (SIZE, "5:7"),
    (SIZE, "1024x1024"),
    (SIZE, 45),
    (SIZE, ["4:5"]),
]


def name_case(case):
    return case.name if isinstance(case, params.Param) else ascii(case)[:40]


@pytest.mark.parametrize(("param", "value"), GOOD, ids=name_case)
def test_a_good_value_passes(param, value):
    param.check(value, V4)


@pytest.mark.parametrize(("param", "value"), BAD, ids=name_case)
def test_a_bad_value_is_refused_with_a_sentence_for_its_field(param, value):
    with pytest.raises(InvalidParam) as caught:
        param.check(value, V4)
    assert caught.value.name == param.name
    assert caught.value.message[0].isupper() or caught.value.message[0] == "“"
    assert len(caught.value.message) < 200


def test_the_prompt_limit_is_the_image_models_own():
    TEXT.check("x" * 1_000, V3)
    with pytest.raises(InvalidParam, match="At most 1,000 characters; this is 1,001"):
        TEXT.check("x" * 1_001, V3)


def test_a_size_is_asked_in_pixels_of_raster_models_and_as_an_aspect_of_vector_models():
    assert SIZE.to_wire("4:5", V4) == "896x1152"
    assert SIZE.to_wire("4:5", V3) == "1024x1280"
    assert SIZE.to_wire("4:5", V2_VECTOR) == "4:5"


def test_a_weight_that_was_left_open_is_not_sent():
    assert PALETTE.to_wire([{"rgb": [1, 2, 3], "weight": None}, {"rgb": [4, 5, 6], "weight": 0.0}], V4) == [
        {"rgb": [1, 2, 3]},
        {"rgb": [4, 5, 6], "weight": 0.0},
    ]


@pytest.mark.parametrize("value", [None, "", "  \n", [], ()])
def test_nothing_given_is_absent(value):
    assert is_absent(value)


@pytest.mark.parametrize("value", [0, False, 0.0, "a", [0]])
def test_a_value_that_says_something_is_not_absent(value):
    assert not is_absent(value)
