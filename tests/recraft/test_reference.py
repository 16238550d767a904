"""The reference says what the catalogue says, all of it, as plain data."""

import json
from dataclasses import replace

import pytest

from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.operation import Output, Shape
from studio.recraft.params import Text
from studio.recraft.reference import COLUMNS, markdown, models_in_words, price_in_words, reference, table
from tests.recraft.samples import name_of

EVERY = OPERATIONS.values()


@pytest.mark.parametrize("operation", EVERY, ids=name_of)
def test_a_reference_is_whole_and_plain(operation):
    told = reference(operation)
    assert json.loads(json.dumps(told)) == told
    assert [field["name"] for field in told["fields"]] == [param.name for param in operation.params]
    assert {each["field"]: each["reason"] for each in told["not_offered"]} == dict(operation.not_offered)
    assert [model["id"] for model in told["image_models"]] == list(operation.image_models)
    assert [model["id"] for model in told["image_models"] if model["default"]] == (
        [operation.default_image_model] if operation.image_models else []
    )
    assert len(told["rules"]) == len(operation.rules) + len(operation.file_rules)
    assert told["endpoint"] == f"POST {operation.path}"
    assert told["brings"] and told["output"]


@pytest.mark.parametrize("operation", EVERY, ids=name_of)
def test_the_prices_of_a_reference_are_the_quotes(operation):
    told = reference(operation)
    for model in told["image_models"]:
        assert model["units"] == operation.quote({"model": model["id"], "n": 1})
    quotes = {operation.quote({"model": id}) for id in operation.image_models or ("",)}
    assert (told["price"]["least"], told["price"]["most"]) == (min(quotes), max(quotes))
    assert told["price"]["per"] == ("picture" if operation.price.per_image else "request")


def test_a_field_tells_its_limits_its_models_and_its_place_on_the_wire():
    fields = {field["name"]: field for field in reference(OPERATIONS["image-to-image"])["fields"]}
    assert fields["prompt"]["limits"] == ["up to 10,000 characters", "V3: 1,000"]
    assert fields["style"]["image_models"] == "V3"
    assert fields["image_format"]["image_models"] == "raster models"
    assert fields["image_format"]["choices"] == {"": ["webp", "png"]}
    assert fields["strength"]["limits"] == ["0 (almost identical) to 1 (barely similar)"]
    assert fields["colors"] == {
        "name": "colors",
        "label": "Palette",
        "wire": "controls.colors",
        "parts": ["rgb", "weight"],
        "kind": "palette",
        "required": False,
        "limits": ["up to 16 colors"],
        "image_models": "all",
        "choices": {},
        "help": "Weights are optional and add up to at most 1.",
    }
    assert set(fields["style"]["choices"]) == {"recraftv3", "recraftv3_vector"}


def test_choices_that_depend_on_the_model_are_told_for_each():
    fields = {field["name"]: field for field in reference(OPERATIONS["outpaint"])["fields"]}
    assert {id: len(aspects) for id, aspects in fields["size"]["choices"].items()} == {
        "recraftv3": 14,
        "recraftv3_vector": 14,
    }
    assert fields["size"]["limits"] == ["depends on the model"]


def test_the_limits_of_a_picture_are_told():
    (field, *_) = reference(OPERATIONS["crisp-upscale"])["fields"]
    assert field["limits"] == [
        "PNG, JPG and WebP",
        "up to 10 MB",
        "up to 16 MP",
        "sides up to 4,096 px",
        "sides from 32 px",
    ]


def test_the_length_of_a_prompt_is_that_of_the_models_that_are_there():
    limits = {
        op.slug: field["limits"] for op in EVERY for field in reference(op)["fields"] if field["name"] == "prompt"
    }
    assert limits["generate"] == ["up to 10,000 characters", "V2 and V3: 1,000"]
    assert limits["inpaint"] == ["up to 1,000 characters"]
    assert limits["explore"] == ["up to 10,000 characters"]
    assert limits["enhance-prompt"] == ["up to 2,000 characters"]


def test_the_table_has_a_row_for_every_operation():
    rows = table()
    assert [row["Operation"] for row in rows] == [operation.label for operation in EVERY]
    assert all(tuple(row) == COLUMNS and all(row.values()) for row in rows)
    assert rows[list(OPERATIONS).index("inpaint")] == {
        "Operation": "Inpaint",
        "Endpoint": "POST /images/inpaint",
        "Image models": "V3",
        "Starts from": "picture (PNG, JPG, WebP, SVG), mask, prompt",
        "Price": "40 to 80 per picture",
    }


def test_the_markdown_is_the_table():
    lines = markdown().splitlines()
    assert lines[0] == "| Operation | Endpoint | Image models | Starts from | Price |"
    assert len(lines) == len(OPERATIONS) + 2
    assert all(line.count("|") == len(COLUMNS) + 1 for line in lines)


def test_a_price_on_weak_ground_says_so():
    assert price_in_words(OPERATIONS["explore"]) == "about 40 per request"
    assert price_in_words(OPERATIONS["remix"]) == "40 per request"
    assert price_in_words(OPERATIONS["generate"]) == "22 to 300 per picture"
    assert reference(OPERATIONS["explore"])["price"]["doubt"].startswith("Not in the official price table")


def test_models_are_named_by_what_they_have_in_common():
    assert models_in_words(tuple(IMAGE_MODELS)) == "all 16"
    assert models_in_words(OPERATIONS["generate-vector"].image_models) == "all that draw SVG"
    assert models_in_words(OPERATIONS["generate-raster"].image_models) == "all that draw pixels"
    assert models_in_words(OPERATIONS["explore"].image_models) == "V4.1, V4"
    assert models_in_words(()) == "none"


def test_an_entry_alone_makes_an_operation():
    made_up = replace(
        OPERATIONS["enhance-prompt"],
        slug="made-up",
        label="Made up",
        params=(Text(name="words", label="Words", path="inner.words", required=True, max_length=5),),
        output=Output.RASTER,
        shape=Shape.PICTURE,
        pictures=1,
        price_line="crisp-upscale",
        not_offered={"other": "Not offered for a reason."},
    )
    made_up.validate({"words": "abcde"})
    assert made_up.body({"words": "abcde"}) == {"inner": {"words": "abcde"}, "response_format": "url"}
    assert (made_up.quote({"words": "a"}), made_up.count({})) == (4, 1)
    told = reference(made_up)
    assert told["fields"][0]["limits"] == ["up to 5 characters"]
    assert told["not_offered"] == [{"field": "other", "reason": "Not offered for a reason."}]
    assert table([made_up])[0]["Price"] == "4 per request"
