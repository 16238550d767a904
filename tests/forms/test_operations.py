"""The form of every operation is its catalogue entry, no more and no less."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from studio.forms.fields import NotTakenField, field_for
from studio.forms.operations import OperationForm, new_key, refit
from studio.recraft import image_models, params
from studio.recraft.catalogue import COMPOSED, OPERATIONS, Operation
from studio.recraft.image_models import IMAGE_MODELS

GENERATE = OPERATIONS["generate"]
POSTED = [*(param.name for param in GENERATE.params), "colors-hex", "colors-weight", "text_layout-text"]
EVERY = [(operation, id) for operation in COMPOSED.values() for id in operation.image_models]


def data(**values: Any) -> QueryDict:
    """A post of the composer; lists are several inputs of one name."""
    query = QueryDict(mutable=True)
    for name, value in {"prompt": "A fox", "model": "recraftv4_1", "n": "1", **values}.items():
        query.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return query


def form(operation: Operation = GENERATE, **values: Any) -> OperationForm:
    return OperationForm(operation, data(**values))


@pytest.mark.parametrize(("operation", "id"), EVERY, ids=lambda each: getattr(each, "slug", each))
def test_every_param_has_a_field_and_the_field_says_when_it_is_not_taken(operation: Operation, id: str) -> None:
    fields = OperationForm(operation, initial={"model": id}).fields
    taken = {param.name for param in operation.params_for(id)}
    assert set(fields) == {param.name for param in operation.params}
    assert {name for name, field in fields.items() if not isinstance(field, NotTakenField)} == taken


def test_a_kind_of_param_without_a_field_is_an_error() -> None:
    class Unheard(params.Param):
        pass

    with pytest.raises(NotImplementedError, match="Unheard"):
        field_for(Unheard(name="x", label="X", path="x"), IMAGE_MODELS["recraftv3"])


def test_values_are_what_the_catalogue_takes() -> None:
    filled = form(
        model="recraftv3",
        n="4",
        size="4:5",
        style="Photorealism",
        negative_prompt="hands\r\nfeet",
        random_seed="0",
        no_text="on",
        artistic_level="0",
        colors__hex=["#c4603a", "", "#2447b5"],
        colors__weight=["40", "", ""],
        background_color="#ffffff",
        text_layout__text=["AI", ""],
        text_layout__left=["10", ""],
        text_layout__top=["20", ""],
        text_layout__width=["30", ""],
        text_layout__height=["5", ""],
        image_format="png",
    )
    assert filled.is_valid(), filled.errors
    values = filled.values()
    GENERATE.validate(values)
    assert values == {
        "prompt": "A fox",
        "model": "recraftv3",
        "n": 4,
        "size": "4:5",
        "style": "Photorealism",
        "negative_prompt": "hands\nfeet",
        "random_seed": 0,
        "no_text": True,
        "artistic_level": 0,
        "colors": [{"rgb": [196, 96, 58], "weight": 0.4}, {"rgb": [36, 71, 181]}],
        "background_color": {"rgb": [255, 255, 255]},
        "text_layout": [{"text": "AI", "bbox": [[0.1, 0.2], [0.4, 0.2], [0.4, 0.25], [0.1, 0.25]]}],
        "image_format": "png",
    }


def test_what_is_left_open_is_not_sent() -> None:
    left_open = form(size="", random_seed="", negative_prompt="", colors__hex=["", ""], colors__weight=["", ""])
    assert left_open.is_valid(), left_open.errors
    assert left_open.values() == {"prompt": "A fox", "model": "recraftv4_1", "n": 1}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "   \r\n "}, "prompt"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"model": "recraftv3", "prompt": "x" * 1_001}, "prompt"),
        ({"n": "7"}, "n"),
        ({"n": "0"}, "n"),
        ({"n": "many"}, "n"),
        ({"style": "Photorealism"}, "style"),
        ({"model": "recraftv3", "style": "Kawaii"}, "style"),
        ({"model": "recraftv3", "style": "realistic_image", "substyle": "noir"}, "substyle"),
        ({"size": "7:3"}, "size"),
        ({"size": "896x1152"}, "size"),
        ({"model": "recraftv9"}, "model"),
        ({"negative_prompt": "hands"}, "negative_prompt"),
        ({"random_seed": "4294967296"}, "random_seed"),
        ({"colors__hex": ["#c4603"], "colors__weight": [""]}, "colors"),
        ({"colors__hex": ["#c4603a"], "colors__weight": ["lots"]}, "colors"),
        ({"colors__hex": ["#c4603a"], "colors__weight": ["nan"]}, "colors"),
        ({"colors__hex": ["#c4603a", "#2447b5"], "colors__weight": ["60", "50"]}, "colors"),
        ({"background_color": "red"}, "background_color"),
        ({"image_format": "gif"}, "image_format"),
        ({"model": "recraftv4_1_vector", "image_format": "png"}, "image_format"),
    ],
)
def test_bad_input_is_refused_with_the_field_named(values: dict[str, Any], name: str) -> None:
    refused = form(**values)
    assert not refused.is_valid()
    assert set(refused.errors) == {name}
    assert str(refused[name].label) in " ".join(refused.problems[0])


def test_a_vector_model_is_refused_where_only_raster_is_drawn() -> None:
    assert set(form(OPERATIONS["generate-raster"], model="recraftv4_1_vector").errors) == {"model"}


def test_the_price_is_quoted_while_other_fields_are_wrong() -> None:
    assert form(prompt="", n="4").quote == 140
    assert form(n="many").quote == 35
    assert form(n="99").quote == 210
    assert form(model="recraftv4_1_pro_vector", n="2").quote == 600


def test_a_change_of_model_keeps_what_fits_and_names_what_drops() -> None:
    posted = data(
        model="recraftv4_1",
        size="4:5",
        random_seed="7",
        style="Photorealism",
        negative_prompt="hands",
        colors__hex=["#c4603a"],
        colors__weight=[""],
    )
    fitted, dropped = refit(GENERATE, posted)
    assert dropped == ["Style dropped: V2 and V3 only.", "Negative prompt dropped: V2 and V3 only."]
    assert fitted.is_valid(), fitted.errors
    assert fitted.values() == {
        "prompt": "A fox",
        "model": "recraftv4_1",
        "n": 1,
        "size": "4:5",
        "random_seed": 7,
        "colors": [{"rgb": [196, 96, 58]}],
    }


def test_a_style_the_new_model_lacks_drops_and_says_who_has_it() -> None:
    fitted, dropped = refit(GENERATE, data(model="recraftv2", style="Noir"))
    assert len(dropped) == 1
    assert "V2 has no style “Noir”" in dropped[0]
    assert fitted.is_valid(), fitted.errors


def test_a_change_does_not_complain_about_a_prompt_not_typed_yet() -> None:
    fitted, dropped = refit(GENERATE, data(prompt=""))
    assert (fitted.problems, dropped) == ([], [])


def test_half_typed_text_survives_a_change() -> None:
    fitted, dropped = refit(GENERATE, data(random_seed="12x", prompt="y" * 10_001))
    assert dropped == []
    assert fitted["random_seed"].value() == "12x"
    assert set(fitted.errors) == {"random_seed", "prompt"}


def test_a_draft_shows_again_what_was_typed_right_or_wrong() -> None:
    typed = form(n="many", colors__hex=["#c46"], colors__weight=["4x"], background_color="re")
    shown = OperationForm(GENERATE, initial=typed.draft())
    assert shown["n"].value() == "many"
    assert shown["colors"].value() == [{"hex": "#c46", "weight": "4x"}]
    assert shown["background_color"].value() == "re"


def test_another_runs_values_fill_the_form_as_they_were() -> None:
    values = {
        "prompt": "A fox",
        "model": "recraftv3",
        "n": 2,
        "size": "4:5",
        "colors": [{"rgb": [196, 96, 58], "weight": 0.4}],
        "background_color": {"rgb": [0, 0, 0]},
        "no_text": True,
        "text_layout": [{"text": "AI", "bbox": [[0.1, 0.2], [0.4, 0.2], [0.4, 0.25], [0.1, 0.25]]}],
    }
    shown = OperationForm(GENERATE, initial=values)
    query = QueryDict(mutable=True)
    for name, value in shown.draft().items():
        if isinstance(value, list):
            for part in value[0] if value else ():
                query.setlist(f"{name}-{part}", [row[part] for row in value])
        elif value not in (None, ""):
            query[name] = value
    again = OperationForm(GENERATE, query)
    assert again.is_valid(), again.errors
    assert again.values() == values


def test_every_form_shown_has_a_key_of_its_own() -> None:
    assert len({OperationForm(GENERATE).key for _ in range(20)}) == 20
    assert form(key="abc").key == "abc"
    assert len(form(key="x" * 500).key) == 64
    assert len(form().key) == len(new_key()) == 32


def test_reasons_for_what_is_hidden_are_said_once_each() -> None:
    reasons = OperationForm(GENERATE, initial={"model": image_models.DEFAULT}).hidden_reasons
    assert "Negative prompt" in reasons["V2 and V3 only."]
    assert "Text layout" in reasons["V3 only."]
    assert OperationForm(GENERATE, initial={"model": "recraftv3"}).hidden_reasons == {}


@given(
    st.dictionaries(
        st.sampled_from(
            [*(param.name for param in GENERATE.params), "colors-hex", "colors-weight", "text_layout-text"]
        ),
        st.lists(st.text(max_size=40), max_size=3),
        max_size=8,
    )
)
def test_no_post_breaks_the_form(posted: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for name, values in posted.items():
        query.setlist(name, values)
    checked = OperationForm(GENERATE, query)
    if checked.is_valid():
        GENERATE.validate(checked.values())
    assert (checked.quote or 0) > 0
    refit(GENERATE, query)
