"""The catalogue against the official description: nothing missing, nothing invented, every body valid."""

import itertools

import pytest

from studio.recraft import not_offered
from studio.recraft.catalogue import NOT_OFFERED, OPERATIONS, Encoding, Shape
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.styles import STYLES
from tests.recraft.api import DESCRIPTION, ENDPOINTS, MEDIA_TYPES, endpoint_of, fields_of, problems, resolved
from tests.recraft.samples import PAIRS, UUID, full_values, least_values, name_of

EVERY = OPERATIONS.values()
# What the client asks without paying.
FREE = {
    "GET /users/me",
    "GET /styles",
    "GET /styles/basic",
    "GET /styles/{style_id}",
    "DELETE /styles/{style_id}",
}


def offered(operation):
    """The wire fields an operation has params for, with the names inside a value."""
    for param in operation.params:
        yield from (f"{param.path}.{part}" for part in param.parts)
        if not param.parts:
            yield param.path


def whole(operation, values):
    """What leaves, as the description sees it: the body with its files."""
    files = {
        param.path: [f"bytes of {id}" for id in param.ids(values[param.name])]
        for param in operation.inputs
        if values.get(param.name)
    }
    several = {param.path for param in operation.inputs if param.max_count > 1}
    return operation.body(values) | {path: found if path in several else found[0] for path, found in files.items()}


def schema_of(operation):
    return endpoint_of(operation)["requests"][MEDIA_TYPES[operation.encoding]]


def test_every_endpoint_is_an_operation_a_free_question_or_not_offered():
    operations = {f"POST {operation.path}" for operation in EVERY}
    assert len(operations) == len(OPERATIONS)
    assert operations | FREE | not_offered.ENDPOINTS.keys() == ENDPOINTS.keys()
    assert not operations & FREE
    assert not operations & not_offered.ENDPOINTS.keys()
    assert all(reason.endswith(".") and len(reason) > 20 for reason in not_offered.ENDPOINTS.values())


@pytest.mark.parametrize("operation", EVERY, ids=name_of)
def test_every_field_is_a_param_or_not_offered_with_a_reason_and_nothing_else_is(operation):
    params, reasons = set(offered(operation)), operation.not_offered
    assert params | reasons.keys() == fields_of(operation)
    assert not params & reasons.keys()
    assert all(reason.endswith(".") and len(reason) > 20 for reason in reasons.values())
    assert NOT_OFFERED[operation.slug] is reasons
    assert operation.always_sent.keys() <= reasons.keys()


@pytest.mark.parametrize(("operation", "image_model"), PAIRS, ids=name_of)
def test_every_body_is_as_described(operation, image_model):
    for values in (full_values(operation, image_model), least_values(operation, image_model)):
        assert problems(schema_of(operation), whole(operation, values)) == []


@pytest.mark.parametrize("operation", EVERY, ids=name_of)
def test_what_the_description_requires_is_required_here(operation):
    required = {param.path for param in operation.params if param.required}
    # A style can be mixed from others instead. Source: Recraft docs, Endpoints page, Create style, `files`.
    assert set(schema_of(operation).get("required", ())) - required <= {"images"}


def test_every_style_size_and_choice_is_one_the_description_knows():
    generate = OPERATIONS["generate"]
    schema = schema_of(generate)
    for image_model in STYLES:
        substyles = {value for value, _ in generate.param("substyle").choices_for(IMAGE_MODELS[image_model])}
        assert substyles <= set(resolved(schema["properties"]["substyle"])["enum"])
    for id, model in IMAGE_MODELS.items():
        for aspect in model.sizes:
            body = generate.body({"prompt": "a", "model": id, "size": aspect})
            assert problems(schema, body) == []


def test_every_base_style_of_a_custom_style_is_one_the_description_knows():
    create = OPERATIONS["create-style"]
    for id in create.image_models:
        for style, _ in create.param("style").choices_for(IMAGE_MODELS[id]):
            values = {"style": style, "model": id, "images": ["a"]}
            create.validate(values)
            assert problems(schema_of(create), whole(create, values)) == []


def test_the_enums_of_the_description_are_offered_whole():
    for name in ("mix_policy", "shape_stacking", "creativity", "image_format", "return_gradients", "color_reduction"):
        operation = next(each for each in EVERY if each.param(name))
        enum = set(resolved(schema_of(operation)["properties"][name])["enum"])
        assert {value for value, _ in operation.param(name).choices} == enum


@pytest.mark.parametrize("operation", EVERY, ids=name_of)
def test_the_answer_has_the_described_shape(operation):
    answer = endpoint_of(operation)["answer"]
    assert operation.shape.value in answer["required"]
    assert "credits" in answer["required"]
    others = {shape.value for shape in Shape} - {operation.shape.value}
    assert not others & set(answer["required"])


def test_only_what_carries_files_is_multipart():
    for operation in EVERY:
        assert (operation.encoding is Encoding.MULTIPART) == bool(operation.inputs)


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": 5},
        {"nonsense": 1},
        {"controls": {"colors": [{"hex": "#fff"}]}},
        {"model": "gpt_image_1_low"},
        {"n": "2"},
    ],
)
def test_the_description_notices_what_is_wrong(change):
    operation = OPERATIONS["image-to-image"]
    good = whole(operation, least_values(operation))
    assert problems(schema_of(operation), good) == []
    assert len(problems(schema_of(operation), {**good, **change})) == 1
    assert problems(schema_of(operation), {name: value for name, value in good.items() if name != "strength"})


def test_an_answer_like_the_docs_show_is_as_described():
    shown = {"id": UUID, "style": "digital_illustration", "creation_time": "2024-01-01T00:00:00Z", "is_private": True}
    answer = ENDPOINTS["POST /styles"]["answer"]
    assert problems(answer, {**shown, "credits": 40}) == []
    assert problems(answer, shown)


def test_the_description_says_where_it_is_from():
    dates = set(DESCRIPTION["documents"])
    assert dates == {"2026-05-27", "2026-08-21"}
    marks = [each["documents"] for each in _every_object(DESCRIPTION["operations"]) if "documents" in each]
    assert set(itertools.chain(*marks)) == dates


def _every_object(value):
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _every_object(inner)
