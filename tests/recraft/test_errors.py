import pickle

import httpx
import pytest

from studio.recraft import errors
from studio.recraft.errors import (
    AccountRefused,
    AnswerUnreadable,
    OutcomeUnknown,
    RecraftError,
    Refused,
    Rejected,
    ServerFailed,
    from_response,
)

JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html; charset=UTF-8"}
TEXT = {"content-type": "text/plain; charset=utf-8"}
PAGE = b"<!DOCTYPE html><title>Bad gateway</title>"
OWN = b'{"code":"invalid_request_parameter","message":"prompt length should be in [1, 10000]"}'
BROKE = b'{"code":"not_enough_credits","message":"not enough credits"}'

CASES = [
    (429, JSON, b'{"code":"rate_limit_exceeded","message":"Rate limit exceeded"}', Refused),
    (429, JSON | {"retry-after": "7"}, b"{}", Refused),
    (429, HTML, PAGE, Refused),
    (401, TEXT, b"request unauthorized", AccountRefused),
    (401, HTML, PAGE, AccountRefused),
    (402, JSON, OWN, AccountRefused),
    (403, JSON, b'{"code":"forbidden","message":"no"}', AccountRefused),
    (403, HTML, PAGE, AccountRefused),
    (403, TEXT, b"error code: 1010", AccountRefused),
    (400, JSON, BROKE, AccountRefused),
    (400, JSON, OWN, Rejected),
    (404, TEXT, b"404 page not found", Rejected),
    (413, JSON, b'{"code":"too_large"}', Rejected),
    (413, HTML, PAGE, Rejected),
    (413, {}, b"", Rejected),
    (422, TEXT, b"no", Rejected),
    (400, HTML, PAGE, OutcomeUnknown),
    (404, {}, b"", OutcomeUnknown),
    (400, JSON, b"not json", OutcomeUnknown),
    (400, JSON, b'["a list"]', OutcomeUnknown),
    (408, JSON, OWN, OutcomeUnknown),
    (500, JSON, b'{"code":"internal_error","message":"boom"}', ServerFailed),
    (500, TEXT, b"internal error", ServerFailed),
    (500, HTML, PAGE, OutcomeUnknown),
    (500, TEXT, PAGE, OutcomeUnknown),
    (500, TEXT, b"error code: 500", OutcomeUnknown),
    (500, JSON, b"", OutcomeUnknown),
    (500, {}, b"boom", OutcomeUnknown),
    (500, {"content-type": "application/problem+json"}, OWN, OutcomeUnknown),
    (501, JSON, OWN, OutcomeUnknown),
    *((status, JSON, OWN, OutcomeUnknown) for status in (502, 503, 504, *range(520, 528), 530, 599)),
    *((status, HTML, PAGE, OutcomeUnknown) for status in (502, 503, 504, 520, 524)),
    *((status, {"location": "https://elsewhere.test"}, b"", OutcomeUnknown) for status in (301, 302, 303, 307, 308)),
    (101, {}, b"", OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "headers", "body", "kind"), CASES)
def test_an_answer_is_named_by_what_it_may_have_cost(status, headers, body, kind):
    error = from_response(httpx.Response(status, headers=headers, content=body))
    assert type(error) is kind
    assert str(status) in str(error)
    assert error.user_message.endswith((".", "!", "?"))


def test_the_tree_says_what_is_charged_and_what_may_be_sent_again():
    answers = {kind.__name__: (kind.charged, kind.may_send_again) for kind in RecraftError.__subclasses__()}
    assert answers == {
        "InputUnreadable": (False, False),
        "NotSent": (False, True),
        "Refused": (False, True),
        "AccountRefused": (False, True),
        "Rejected": (False, False),
        "ServerFailed": (False, True),
        "OutcomeUnknown": (None, False),
        "AnswerUnreadable": (True, False),
    }


def test_nothing_that_may_be_charged_may_be_sent_again():
    assert not any(kind.may_send_again and kind.charged is not False for kind in RecraftError.__subclasses__())


def test_a_rejection_carries_recrafts_words_in_a_plain_sentence():
    error = from_response(httpx.Response(400, headers=JSON, content=OWN))
    assert error.user_message == (
        "Recraft rejected this request: prompt length should be in [1, 10000]. 0 units charged."
    )
    assert "user_message" not in vars(errors.Rejected("another"))


def test_words_from_outside_are_short_and_on_one_line():
    body = '{"message":"a\\u0007\\n<b>\\u001b[2J' + "x" * 5_000 + '"}'
    error = from_response(httpx.Response(400, headers=JSON, content=body.encode()))
    assert len(error.user_message) < 400
    assert error.user_message.isprintable()


def test_an_empty_balance_says_so():
    assert "balance" in from_response(httpx.Response(400, headers=JSON, content=BROKE)).user_message


@pytest.mark.parametrize(
    ("sent", "understood"),
    [("7", 7), ("0", 0), (None, None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("9" * 40, None)],
)
def test_a_refusal_passes_on_how_long_to_wait(sent, understood):
    headers = JSON | ({"retry-after": sent} if sent else {})
    assert from_response(httpx.Response(429, headers=headers, content=b"{}")).retry_after == understood


def test_an_unreadable_answer_keeps_its_body_across_a_pickle():
    error = pickle.loads(pickle.dumps(AnswerUnreadable("no JSON", b"\x00raw")))
    assert (str(error), error.body) == ("no JSON", b"\x00raw")
