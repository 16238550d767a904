import json

import pytest

from studio.recraft import params
from studio.recraft.catalogue import COMPOSED, OPERATIONS, InvalidValues, Output, Shape
from studio.recraft.image_models import IMAGE_MODELS, RASTER, VECTOR
from studio.recraft.rules import StyleDraws
from studio.recraft.styles import STYLES, styles_for
from tests.recraft.samples import LEFT_OUT, PAIRS, UUID, full_values, least_values, name_of


def paths(body, prefix=""):
    for key, value in body.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{key}.")


def errors_of(slug, **values):
    with pytest.raises(InvalidValues) as caught:
        OPERATIONS[slug].validate(values)
    return caught.value.errors


@pytest.mark.parametrize(("operation", "image_model"), PAIRS, ids=name_of)
def test_every_entry_validates_and_sends_all_its_model_takes(operation, image_model):
    values = full_values(operation, image_model)
    operation.validate(values)
    body = operation.body(values)
    assert body.get("model", "") == image_model
    assert set(json.loads(json.dumps(body))) == set(body)
    sent = set(paths(body))
    files = {param.path for param in operation.inputs}
    given = {param.path for param in operation.params if values.get(param.name)}
    assert given - files <= sent
    assert not sent & files
    assert {param.name for param in operation.params_for(image_model)} - values.keys() <= {*LEFT_OUT, "size"}


@pytest.mark.parametrize(("operation", "image_model"), PAIRS, ids=name_of)
def test_every_entry_is_content_with_what_is_needed(operation, image_model):
    operation.validate(least_values(operation, image_model))


@pytest.mark.parametrize(("operation", "image_model"), PAIRS, ids=name_of)
def test_every_entry_has_a_price_for_every_image_model_it_lists(operation, image_model):
    one, six = (operation.quote({"model": image_model, "n": n}) for n in (1, 6))
    assert 0 < one <= six
    assert six == (6 * one if operation.price.per_image else one)
    assert operation.quote({"model": image_model}) == one


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=name_of)
def test_every_entry_is_consistent_in_itself(operation):
    names = [param.name for param in operation.params]
    assert OPERATIONS[operation.slug] is operation
    assert len(set(names)) == len(names)
    assert len({param.path for param in operation.params}) == len(names)
    assert (operation.default_image_model in operation.image_models) == bool(operation.image_models)
    assert bool(operation.image_models) == ("model" in names)
    assert set(operation.image_models) <= set(IMAGE_MODELS)
    assert set(operation.price.units) - {None} in (set(operation.image_models), set())
    for rule in (*operation.rules, *operation.file_rules):
        assert set(rule.reads) <= set(names)
        assert rule.words.endswith(".")
    assert all(param.label and operation.label and operation.summary.endswith(".") for param in operation.params)
    assert operation.path.startswith("/")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=name_of)
def test_what_comes_back_and_how_many_fit_each_other(operation):
    draws = operation.shape in (Shape.PICTURES, Shape.PICTURE)
    assert draws == (operation.output is not Output.NONE) == (operation.count({}) > 0)
    assert ("n" in {param.name for param in operation.params}) <= (operation.shape is Shape.PICTURES)
    assert dict(operation.always_sent) == ({"response_format": "url"} if draws else {})


def test_the_composer_takes_what_draws_from_words_alone():
    assert list(COMPOSED) == ["generate", "generate-raster", "generate-vector", "explore"]
    assert all(operation.param("prompt") and not operation.inputs for operation in COMPOSED.values())


def test_pictures_are_counted_by_what_was_asked_or_by_what_the_operation_always_brings():
    assert [OPERATIONS["inpaint"].count(values) for values in ({}, {"n": 6}, {"n": None})] == [1, 6, 1]
    assert OPERATIONS["explore"].count({"n": 3}) == 8
    assert OPERATIONS["crisp-upscale"].count({}) == 1
    assert OPERATIONS["enhance-prompt"].count({}) == 0


def test_a_remix_costs_the_same_however_many_there_are():
    remix = OPERATIONS["remix"]
    assert [remix.quote({"n": n, "model": "recraftv4_1_pro"}) for n in (1, 6)] == [40, 40]
    assert OPERATIONS["inpaint"].quote({"n": 3}) == 120


def test_the_raster_and_vector_entries_take_the_models_that_draw_it():
    assert OPERATIONS["generate-raster"].image_models == RASTER
    assert OPERATIONS["generate-vector"].image_models == VECTOR
    assert OPERATIONS["generate-vector"].output is Output.VECTOR
    assert set(OPERATIONS["generate"].image_models) == set(IMAGE_MODELS)


@pytest.mark.parametrize(("operation", "image_model"), PAIRS, ids=name_of)
def test_a_param_is_either_taken_or_explained(operation, image_model):
    taken = {param.name for param in operation.params_for(image_model)}
    for param in operation.params:
        reason = operation.why_not(param.name, image_model)
        assert (reason is None) == (param.name in taken)
        assert reason is None or reason.startswith(f"{param.label}: ")


def test_the_reason_why_a_param_is_hidden_names_who_takes_it():
    generate = OPERATIONS["generate"]
    assert generate.why_not("negative_prompt", "recraftv4_1") == "Negative prompt: V2 and V3 only."
    assert generate.why_not("text_layout", "recraftv2") == "Text layout: V3 only."
    assert generate.why_not("image_format", "recraftv4_vector") == "File format: raster models only."
    assert generate.why_not("style", "recraftv3") is None


@pytest.mark.parametrize("slug", ["generate-raster", "generate-vector"])
def test_the_reason_does_not_mistake_the_endpoints_models_for_who_takes_a_param(slug):
    operation = OPERATIONS[slug]
    for name, takers in (("negative_prompt", "V2 and V3"), ("style", "V2 and V3"), ("text_layout", "V3")):
        reason = operation.why_not(name, operation.default_image_model)
        assert reason == f"{operation.param(name).label}: {takers} only."


def test_the_reason_names_only_who_the_operation_has():
    image_to_image = OPERATIONS["image-to-image"]
    assert image_to_image.why_not("negative_prompt", "recraftv4_1") == "Negative prompt: V3 only."
    assert image_to_image.why_not("image_format", "recraftv3_vector") == "File format: raster models only."


def test_the_body_is_exactly_what_the_docs_show():
    values = {
        "model": "recraftv3",
        "prompt": "race car on a track",
        "n": 4,
        "size": "4:5",
        "style": "realistic_image",
        "substyle": "hdr",
        "random_seed": 0,
        "colors": [{"rgb": [0, 255, 0], "weight": 0.4}],
        "background_color": {"rgb": [1, 2, 3]},
        "no_text": False,
        "artistic_level": 0,
    }
    OPERATIONS["generate"].validate(values)
    assert OPERATIONS["generate"].body(values) == {
        "model": "recraftv3",
        "prompt": "race car on a track",
        "n": 4,
        "size": "1024x1280",
        "style": "realistic_image",
        "substyle": "hdr",
        "random_seed": 0,
        "controls": {
            "colors": [{"rgb": [0, 255, 0], "weight": 0.4}],
            "background_color": {"rgb": [1, 2, 3]},
            "no_text": False,
            "artistic_level": 0,
        },
        "response_format": "url",
    }


def test_what_is_absent_none_or_empty_is_not_sent_and_the_model_always_is():
    values = {"prompt": "a", "size": None, "style": "", "colors": [], "negative_prompt": "  ", "text_layout": None}
    for slug, model in [("generate", "recraftv4_1"), ("generate-vector", "recraftv4_1_vector")]:
        OPERATIONS[slug].validate(values)
        assert OPERATIONS[slug].body(values) == {"prompt": "a", "model": model, "response_format": "url"}


@pytest.mark.parametrize("image_model", STYLES)
def test_every_style_and_substyle_is_accepted_by_its_model_and_no_foreign_one(image_model):
    generate = OPERATIONS["generate"]
    foreign = {id for other in STYLES for style in styles_for(other) for id in style.substyles}
    for style in styles_for(image_model):
        generate.validate({"model": image_model, "prompt": "a", "style": style.name})
        for substyle in style.substyles:
            generate.validate({"model": image_model, "prompt": "a", "style": style.name, "substyle": substyle})
        for substyle in foreign.difference(style.substyles):
            wrong = errors_of("generate", model=image_model, prompt="a", style=style.name, substyle=substyle)
            assert list(wrong) == ["substyle"]


def test_several_wrong_fields_are_all_named():
    wrong = errors_of("generate", prompt="x" * 10_001, n=7, style="Noir", size="5:7", nonsense=1)
    assert wrong == {
        "nonsense": "There is no such parameter.",
        "prompt": "At most 10,000 characters; this is 10,001.",
        "n": "From 1 to 6.",
        "style": "Style: V2 and V3 only.",
        "size": "V4.1 has no size “5:7”.",
    }


@pytest.mark.parametrize("prompt", [None, "", " \n "])
def test_a_prompt_is_needed(prompt):
    assert errors_of("generate", prompt=prompt) == {"prompt": "Prompt is needed."}


@pytest.mark.parametrize("model", ["recraftv5", "gpt_image_1_low", 5, ["recraftv3"], {"a": 1}])
def test_a_forged_model_is_refused(model):
    assert errors_of("generate", prompt="a", model=model) == {"model": "There is no such model."}


def test_a_model_that_draws_something_else_is_refused_with_its_name():
    assert errors_of("generate-raster", prompt="a", model="recraftv3_vector") == {
        "model": "V3 Vector draws vectors; Generate raster does not take it."
    }
    assert errors_of("generate-vector", prompt="a", model="recraftv3") == {
        "model": "V3 draws raster pictures; Generate vector does not take it."
    }


def test_a_style_excludes_a_custom_style():
    wrong = errors_of("generate", model="recraftv3", prompt="a", style="Noir", style_id=UUID)
    assert wrong == {"style_id": "Choose a style or a custom style, not both."}


def test_a_substyle_needs_its_style():
    assert list(errors_of("generate", model="recraftv3", prompt="a", substyle="hdr")) == ["substyle"]
    assert list(errors_of("generate", model="recraftv3", prompt="a", style="Noir", substyle="noir")) == ["substyle"]


def test_a_style_of_another_model_is_refused_and_says_who_has_it():
    wrong = errors_of("generate-raster", model="recraftv3", prompt="a", style="Line art")
    assert wrong == {"style": "V3 has no style “Line art”; V3 Vector and V2 Vector have it."}
    assert errors_of("generate", model="recraftv3", prompt="a", style="nope") == {"style": "V3 has no style “nope”."}


@pytest.mark.parametrize(
    ("weights", "fine"), [([0.05, 0.55, 0.3, 0.1], True), ([0.5, 0.5], True), ([0.6, 0.5], False), ([1.0, 0.01], False)]
)
def test_the_weights_of_a_palette_add_up_to_at_most_one(weights, fine):
    colors = [{"rgb": [1, 2, 3], "weight": weight} for weight in weights]
    if fine:
        OPERATIONS["generate"].validate({"prompt": "a", "colors": colors})
    else:
        assert list(errors_of("generate", prompt="a", colors=colors)) == ["colors"]


def test_a_rule_is_not_asked_when_its_field_is_wrong_already():
    wrong = errors_of("generate", prompt="a", colors=[{"rgb": [1, 2, 3], "weight": "much"}])
    assert wrong == {"colors": "A weight is a number from 0 to 1."}


def test_every_kind_of_param_has_an_answer_to_values_of_any_type():
    strange = [None, 0, -1, 10**400, 1.5, float("nan"), "", "\ud800", "a" * 20_000, [], [[]], {}, {"rgb": None}, True]
    for operation in OPERATIONS.values():
        values = least_values(operation)
        for param in operation.params:
            for value in strange:
                try:
                    operation.validate({**values, param.name: value})
                except InvalidValues as error:
                    assert error.errors
                else:
                    json.dumps(operation.body({**values, param.name: value}))


def test_choices_offered_for_a_model_are_the_ones_it_accepts():
    for operation, image_model in PAIRS:
        values = least_values(operation, image_model)
        for param in operation.params_for(image_model):
            if isinstance(param, params.Choice) and param.name not in ("model", "substyle"):
                for value, label in param.choices_for(IMAGE_MODELS.get(image_model)):
                    assert label
                    operation.validate({**values, param.name: value})


def test_a_style_that_draws_the_wrong_thing_breaks_the_rule_of_its_endpoint():
    v3_vector = IMAGE_MODELS["recraftv3_vector"]
    StyleDraws(vector=True).check({"style": "Line art"}, v3_vector)
    with pytest.raises(params.InvalidParam, match="Line art does not draw raster pictures"):
        StyleDraws(vector=False).check({"style": "Line art"}, v3_vector)


def test_a_request_has_one_normal_form():
    generate, outpaint = OPERATIONS["generate"], OPERATIONS["outpaint"]
    assert generate.normal({"prompt": "a", "style": "", "size": None, "colors": [], "nonsense": 1}) == {
        "model": "recraftv4_1",
        "prompt": "a",
        "n": 1,
    }
    assert generate.normal({"prompt": "a"}) == generate.normal({"n": 1, "prompt": "a", "model": "recraftv4_1"})
    assert outpaint.normal({"expand_left": 0, "expand_top": 5})["expand_top"] == 5
    assert "expand_left" not in outpaint.normal({"expand_left": 0})
    assert OPERATIONS["vectorize"].normal({"image": "a"}) == {"image": "a"}
