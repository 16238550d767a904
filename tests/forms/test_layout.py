"""Words on a picture: by their box, or by their corners where it is no rectangle."""

from typing import Any

import pytest
from django.http import QueryDict

from studio.forms.operations import OperationForm
from studio.recraft.catalogue import OPERATIONS

PARTS = ("text", "left", "top", "width", "height", "corners")
TILTED = [[0.1, 0.2], [0.4, 0.18], [0.41, 0.3], [0.1, 0.31]]


def form(*rows: tuple[str, ...]) -> OperationForm:
    data = QueryDict(mutable=True)
    data.update({"prompt": "A poster", "model": "recraftv3", "n": "1"})
    for at, part in enumerate(PARTS):
        data.setlist(f"text_layout-{part}", [row[at] for row in rows])
    return OperationForm(OPERATIONS["generate"], data)


def layout(*rows: tuple[str, ...]) -> Any:
    filled = form(*rows)
    assert filled.is_valid(), filled.errors
    return filled.values()["text_layout"]


def test_corners_decide_where_they_are_given() -> None:
    words = layout(
        ("AI", "0", "0", "5", "5", "10 20, 40 18, 41 30, 10 31"),
        ("", "", "", "", "", ""),
        ("OK", "10", "20", "30", "5", " "),
    )
    assert words == [
        {"text": "AI", "bbox": TILTED},
        {"text": "OK", "bbox": [[0.1, 0.2], [0.4, 0.2], [0.4, 0.25], [0.1, 0.25]]},
    ]


@pytest.mark.parametrize("text", ["10 20, 40 18, 41 30, 10 31", " 10  20;40 18 ;41 30; 10 31; "])
def test_corners_may_be_parted_by_comma_or_semicolon(text: str) -> None:
    assert layout(("AI", "", "", "", "", text))[0]["bbox"] == TILTED


@pytest.mark.parametrize("text", ["10 20", "10 20, 40 18, 41 30", "a b, 1 2, 3 4, 5 6", "1 2 3, 4 5, 6 7, 8 9", ",,,"])
def test_corners_that_are_no_four_points_are_refused_with_an_example(text: str) -> None:
    refused = form(("AI", "10", "20", "30", "5", text))
    assert not refused.is_valid()
    (sentence,) = refused.errors["text_layout"]
    assert "AI" in sentence
    assert "percent" in sentence


def test_what_was_asked_before_comes_back_as_it_was() -> None:
    upright = [[0.1, 0.2], [0.4, 0.2], [0.4, 0.25], [0.1, 0.25]]
    words = [{"text": "AI", "bbox": TILTED}, {"text": "OK", "bbox": upright}]
    again = OperationForm(OPERATIONS["generate"], initial={"model": "recraftv3", "text_layout": words})
    rows = [tuple(row[part] for part in PARTS) for row in again.layout_rows if row["text"]]
    assert rows[0] == ("AI", "10", "18", "31", "13", "10 20, 40 18, 41 30, 10 31")
    assert rows[1] == ("OK", "10", "20", "30", "5", "")
    assert layout(*rows) == words


def test_a_form_without_corners_is_taken_as_before() -> None:
    data = QueryDict(mutable=True)
    data.update({"prompt": "A poster", "model": "recraftv3", "n": "1"})
    for part, value in zip(PARTS[:5], ("AI", "10", "20", "30", "5"), strict=True):
        data.setlist(f"text_layout-{part}", [value])
    filled = OperationForm(OPERATIONS["generate"], data)
    assert filled.is_valid(), filled.errors
    assert filled.values()["text_layout"][0]["bbox"][2] == [0.4, 0.25]
