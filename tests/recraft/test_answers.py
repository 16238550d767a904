import json

import pytest

from studio.recraft import errors
from studio.recraft.answers import Answer, ResultImage, parse_answer

UUID = "229b2a75-05e4-4580-85f9-b47ee521a00d"
ANSWER = {
    "created": 1_700_000_000,
    "credits": 70,
    "data": [
        {"image_id": "0a1b2c3d-0000-4000-8000-000000000001", "url": "https://img.recraft.ai/a"},
        {"image_id": "0a1b2c3d-0000-4000-8000-000000000002", "url": "https://img.recraft.ai/b"},
    ],
}


def parsed(**raw):
    return parse_answer(json.dumps({"credits": 40, **raw}).encode())


def test_an_answer_is_read():
    answer = parse_answer(json.dumps(ANSWER).encode())
    assert answer == Answer(
        created=1_700_000_000,
        credits=70,
        images=tuple(ResultImage(image["image_id"], image["url"]) for image in ANSWER["data"]),
        raw=ANSWER,
    )


def test_an_answer_with_one_image_is_read():
    answer = parse_answer(b'{"created":1,"credits":10,"image":{"image_id":"x","url":"https://img.recraft.ai/a"}}')
    assert [image.image_id for image in answer.images] == ["x"]


UNREADABLE = [
    b"",
    b"<html>OK</html>",
    json.dumps(ANSWER).encode()[:-20],
    b"[]",
    b"{}",
    b'{"credits": 40}',
    b'{"data": []}',
    b'{"credits": null, "data": []}',
    b'{"credits": "40", "data": []}',
    b'{"credits": true, "data": []}',
    b'{"credits": -40, "data": []}',
    b'{"credits": 1e400, "data": []}',
    b'{"credits": ' + b"9" * 5000 + b', "data": []}',
    b'{"credits": 40, "data": {}}',
    b'{"credits": 40, "enhanced_prompt": 5}',
    b'{"credits": 40, "mapping": {}}',
    b'{"credits": 40, "style": "icon"}',
    b'{"credits": 40, "style": "icon", "id": "style-1"}',
    b'{"enhanced_prompt": "a"}',
    b'{"credits": 40, "image": null, "x": ' + b"[" * 100_000,
    b"\xff\xfe\x00",
    b"\x1f\x8b\x08gzip",
]


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: ascii(body[:30]))
def test_a_success_that_cannot_be_read_is_charged_and_keeps_its_body(body):
    with pytest.raises(errors.AnswerUnreadable) as caught:
        parse_answer(body)
    assert caught.value.body == body


def test_one_bad_picture_does_not_lose_the_others():
    good = ANSWER["data"]
    listed = [good[0], {"url": "u"}, {"image_id": "i"}, None, "x", {"image_id": 5, "url": "u"}, good[0], good[1]]
    answer = parse_answer(json.dumps(ANSWER | {"data": listed}).encode())
    assert [image.url for image in answer.images] == ["https://img.recraft.ai/a", "https://img.recraft.ai/b"]


def test_an_answer_without_pictures_is_still_charged():
    answer = parse_answer(b'{"created": 1, "credits": 40, "data": []}')
    assert (answer.credits, answer.images) == (40, ())


def test_an_answer_holds_nothing_a_database_refuses():
    body = b'{"credits": 40, "data": [], "a": "\\u0000b\\ud83e", "c": NaN, "d": [1e400, {"\\u0000": -Infinity}]}'
    assert parse_answer(body).raw == {"credits": 40, "data": [], "a": "b?", "c": None, "d": [None, {"": None}]}


def test_an_enhanced_prompt_is_read():
    answer = parsed(enhanced_prompt="A race car, low sun\n")
    assert (answer.credits, answer.text, answer.images) == (40, "A race car, low sun\n", ())


def test_a_new_style_is_read():
    # Source: Recraft docs, Endpoints page, Create style, Output.
    answer = parsed(id=UUID, style="digital_illustration", creation_time="2024-01-01T00:00:00Z", is_private=True)
    assert (answer.style_id, answer.images) == (UUID, ())


def test_a_mapping_of_colors_is_read_and_a_strange_member_left_out():
    answer = parsed(mapping=[{"from": "#ff0000", "to": "#fe0000"}, {"from": 5}, None, "x"])
    assert answer.mapping == (("#ff0000", "#fe0000"),)


def test_pictures_that_came_with_a_style_of_their_own_name_it():
    assert parsed(data=[], style_id=UUID).style_id == UUID
    assert parsed(data=[], style_id=None).style_id == ""
    assert parsed(data=[], style_id="x").style_id == ""
