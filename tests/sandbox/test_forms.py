"""Multipart bodies: the three ways in which clients send nested values mean what the JSON body means."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.sandbox.brackets import nest
from studio.sandbox.wire import scalar
from tests.sandbox.conftest import Client
from tests.sandbox_process import SandboxProcess

CONTROLS = {
    "colors": [{"rgb": [10, 20, 30]}, {"rgb": [200, 100, 0]}],
    "background_color": {"rgb": [255, 255, 250]},
    "no_text": True,
    "artistic_level": 2,
}
LAYOUT = [{"text": "Recraft", "bbox": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.5], [0.1, 0.5]]}]
PLAIN = {"prompt": "a lighthouse", "n": "2", "model": "recraftv3", "random_seed": "5", "calculate_features": "true"}
FLAT_BOX = ["0.1", "0.1", "0.9", "0.1", "0.9", "0.5", "0.1", "0.5"]

JSON_TEXT = [*PLAIN.items(), ("controls", json.dumps(CONTROLS)), ("text_layout", json.dumps(LAYOUT))]
BRACKETS = [
    *PLAIN.items(),
    *(("controls[colors][][rgb][]", value) for value in ("10", "20", "30", "200", "100", "0")),
    *(("controls[background_color][rgb][]", value) for value in ("255", "255", "250")),
    ("controls[no_text]", "true"),
    ("controls[artistic_level]", "2"),
    ("text_layout[][text]", "Recraft"),
    *(("text_layout[][bbox][][]", value) for value in FLAT_BOX),
]
NUMBERED = [
    *PLAIN.items(),
    *(
        (f"controls[colors][{k}][rgb][{c}]", str(v))
        for k, e in enumerate(CONTROLS["colors"])
        for c, v in enumerate(e["rgb"])
    ),
    *((f"controls[background_color][rgb][{c}]", v) for c, v in enumerate(("255", "255", "250"))),
    ("controls[no_text]", "1"),
    ("controls[artistic_level]", "2"),
    ("text_layout[0][text]", "Recraft"),
    *((f"text_layout[0][bbox][{k // 2}][{k % 2}]", value) for k, value in enumerate(FLAT_BOX)),
]


def post_form(client: Client, parts: list[tuple[str, Any]]) -> httpx.Response:
    # A part without a file name is a plain field; httpx only sends multipart through `files`.
    return client.http.post("/v1/images/generations", files=parts)


def as_fields(pairs: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [(name, (None, value)) for name, value in pairs]


def understood(sandbox: SandboxProcess) -> dict[str, Any]:
    params: dict[str, Any] = sandbox.operations()[-1]["params"]
    return params


@pytest.mark.parametrize("pairs", [JSON_TEXT, BRACKETS, NUMBERED], ids=["json text", "brackets", "numbered"])
def test_a_form_says_the_same_as_the_json_body(
    client: Client, sandbox: SandboxProcess, pairs: list[tuple[str, str]]
) -> None:
    asked = {"prompt": "a lighthouse", "n": 2, "model": "recraftv3", "random_seed": 5, "calculate_features": True}
    from_json = client.generate(asked | {"controls": CONTROLS, "text_layout": LAYOUT})
    said = understood(sandbox)
    from_form = post_form(client, as_fields(pairs))
    assert from_form.status_code == 200, from_form.text
    assert understood(sandbox) == said
    assert client.fetch(from_form, 1).content == client.fetch(from_json, 1).content


def test_a_nested_value_may_be_a_part_of_json(client: Client, sandbox: SandboxProcess) -> None:
    parts = [*as_fields(list(PLAIN.items())), ("controls", ("blob", json.dumps(CONTROLS), "application/json"))]
    assert post_form(client, parts).status_code == 200
    assert understood(sandbox)["controls"] == CONTROLS


def test_weights_in_brackets_belong_to_their_colors() -> None:
    pairs: list[tuple[str, Any]] = [
        *(("controls[colors][][rgb][]", value) for value in (1, 2, 3, 4, 5, 6)),
        ("controls[colors][][weight]", 0.25),
        ("controls[colors][][weight]", 0.5),
    ]
    assert nest(pairs) == {
        "controls": {"colors": [{"rgb": [1, 2, 3], "weight": 0.25}, {"rgb": [4, 5, 6], "weight": 0.5}]}
    }


def test_empty_values_of_a_form_are_null_and_files_are_ignored(client: Client) -> None:
    empty = as_fields([("prompt", "a"), ("style", ""), ("size", ""), ("n", "")])
    parts = [*empty, ("style_references", ("blob", b"\x89PNG", "application/octet-stream"))]
    assert post_form(client, parts).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("prompt", "", "prompt length should be in [1, 10000]"),
        ("n", "two", "n should be an integer"),
        ("n", "7", "n should be in [1, 6]"),
        ("expire", "perhaps", "expire should be a boolean"),
        ("controls", "{", "request body is not valid JSON"),
        ("controls[colors][][rgb][]", "1", "controls.colors[0].rgb should be 3 integers"),
        ("controls" + "[a]" * 3000, "1", "request body is not valid multipart/form-data"),
    ],
)
def test_a_bad_value_in_a_form_is_refused(client: Client, name: str, value: str, message: str) -> None:
    answer = post_form(client, as_fields([("prompt", "a"), (name, value)]))
    assert (answer.status_code, answer.json()["message"]) == (400, message)


WORDS = st.sampled_from(["", "0", "1", "rgb", "colors", "bbox", "x]", "²"])
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: "controls" + "".join(f"[{word}]" for word in words))


@given(st.lists(st.tuples(NAMES | st.just("controls"), st.integers(0, 9)), max_size=8))
def test_no_mixture_of_brackets_breaks_the_reader(pairs: list[tuple[str, int]]) -> None:
    assert set(nest(pairs)) == ({"controls"} if pairs else set())


@pytest.mark.parametrize(("word", "text", "value"), [("n", "3", 3), ("weight", ".5", 0.5), ("style", "3", "3")])
def test_text_becomes_a_number_only_where_the_field_is_one(word: str, text: str, value: object) -> None:
    assert scalar(word, text) == value
