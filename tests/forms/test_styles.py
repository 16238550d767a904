"""One style from one list: a custom one and a built-in one exclude each other."""

import uuid
from typing import Any

import pytest
from django.http import QueryDict

from studio.forms.operations import OperationForm, one_style, refit
from studio.forms.styles import NewStyleForm
from studio.models import User
from studio.recraft.catalogue import OPERATIONS
from tests.forms.test_operations import data
from tests.views.making import custom_style

GENERATE = OPERATIONS["generate"]
ID = str(uuid.uuid4())


@pytest.mark.parametrize("chosen", [{"style": f"own:{ID}"}, {"style": "Noir", "style_other": f" {ID} "}], ids=str)
def test_a_custom_style_takes_the_place_of_a_built_in_one(chosen: dict[str, str]) -> None:
    form = OperationForm(GENERATE, data(model="recraftv3", substyle="grain", **chosen))
    assert form.is_valid(), form.errors
    assert form.values()["style_id"] == ID
    assert {"style", "substyle", "style_other"}.isdisjoint(form.values())
    assert form.other_style == ID


def test_a_built_in_style_takes_the_place_of_a_custom_one() -> None:
    form = OperationForm(GENERATE, data(model="recraftv3", style="Noir", style_other=""))
    assert form.is_valid(), form.errors
    assert form.values()["style"] == "Noir"
    assert "style_id" not in form.values()


def test_what_names_no_custom_style_is_left_as_it_is() -> None:
    posted = data(style="Noir")
    assert one_style(posted) is posted


def test_both_at_once_are_refused_all_the_same() -> None:
    form = OperationForm(GENERATE, data(model="recraftv3", style="Noir", style_id=ID))
    assert not form.is_valid()


def test_what_is_typed_as_an_id_must_be_one() -> None:
    form = OperationForm(GENERATE, data(model="recraftv3", style_other="<chalk>"))
    assert "A style id looks like" in form.errors["style_id"][0]
    assert form.other_style == "<chalk>"


@pytest.mark.django_db
def test_a_style_is_offered_with_its_image_model_alone(alice: User) -> None:
    own = [custom_style(alice), custom_style(alice, image_model="recraftv2")]
    offered = {id: OperationForm(GENERATE, initial={"model": id}, own=own).own_styles for id in GENERATE.image_models}
    assert {id: found for id, found in offered.items() if found} == {"recraftv3": own[:1], "recraftv2": own[1:]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "said"),
    [("recraftv2", "“Chalk” was made for V3: choose V3 or another style."), ("recraftv4_1", "V2 and V3 only.")],
)
def test_a_change_of_model_drops_a_style_that_does_not_fit_and_says_so(alice: User, model: str, said: str) -> None:
    style = custom_style(alice)
    form, dropped = refit(GENERATE, data(model=model, style=f"own:{style.style_id}"), [style])
    assert dropped == [f"Custom style dropped: {said}"]
    assert form.is_valid(), form.errors
    assert form.chosen_own is None
    kept, nothing = refit(GENERATE, data(model="recraftv3", style=f"own:{style.style_id}"), [style])
    assert (kept.chosen_own, nothing) == (style, [])


def new(**values: Any) -> NewStyleForm:
    query = QueryDict(mutable=True)
    for name, value in {"name": "Chalk", "model": "recraftv3", "style": "any", **values}.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return NewStyleForm(query)


def test_weights_stand_in_the_order_of_what_they_weigh() -> None:
    form = new(images=["b", "a", "b"], **{"image_weights-a": "20", "image_weights-b": " 80 ", "image_weights-c": "9"})
    assert form.is_valid(), form.errors
    assert form.values()["images"] == ["b", "a"]
    assert form.values()["image_weights"] == [0.8, 0.2]
    assert "name" not in form.values()


@pytest.mark.parametrize("weights", [("x", "20"), ("-1", "20"), ("101", "2"), ("0", "0"), ("", "20"), ("nan", "1")])
def test_a_weight_that_is_none_is_refused_and_kept(weights: tuple[str, str]) -> None:
    form = new(images=["a", "b"], **{"image_weights-a": weights[0], "image_weights-b": weights[1]})
    assert list(form.errors) == ["image_weights"]
    assert (form.weight("images", "a"), form.weight("images", "b")) == weights


@pytest.mark.parametrize(("count", "fine"), [(1, True), (5, True), (6, False)])
def test_a_style_has_up_to_five_references(count: int, fine: bool) -> None:
    assert new(images=[f"p{number}" for number in range(count)]).is_valid() is fine


def test_before_anything_was_asked_nothing_is_wrong() -> None:
    form = NewStyleForm()
    assert not form.errors
    assert form.quote == 40
    assert form["style"].value() == "any"
