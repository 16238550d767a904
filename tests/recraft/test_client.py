import json

import httpx
import pytest

from studio.recraft import errors
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.client import ANSWER_LIMIT, RecraftClient

GENERATE = OPERATIONS["generate"]
VALUES = {"model": "recraftv4_1", "prompt": "a red fox", "n": 2, "size": "4:5"}
ANSWER = {"created": 1_700_000_000, "credits": 70, "data": []}


def client(handler, **options):
    return RecraftClient("token", "https://recraft.test/v1", httpx.MockTransport(handler), **options)


def answering(status=200, *, json=None, **content):
    if json is not None:
        content["json"] = json
    return client(lambda request: httpx.Response(status, **content))


def subclasses(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


HTTPX_ERRORS = sorted({httpx.RequestError, *subclasses(httpx.RequestError)}, key=lambda kind: kind.__name__)
NEVER_LEFT = {
    "ConnectError",
    "ConnectTimeout",
    "PoolTimeout",
    "ProxyError",
    "UnsupportedProtocol",
}


def test_the_request_is_one_post_with_the_token_and_exactly_the_body_of_the_catalogue():
    seen = []

    def handler(request):
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    body = client(handler).call(GENERATE, VALUES)
    assert len(seen) == 1
    request = seen[0]
    assert (request.method, str(request.url)) == ("POST", "https://recraft.test/v1/images/generations")
    assert request.headers["authorization"] == "Bearer token"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == GENERATE.body(VALUES)
    assert json.loads(body) == ANSWER


def test_the_list_of_httpx_errors_is_not_empty():
    assert {"ReadTimeout", "WriteError", "ConnectError", "DecodingError"} <= {kind.__name__ for kind in HTTPX_ERRORS}


@pytest.mark.parametrize("exception", HTTPX_ERRORS)
def test_no_httpx_exception_escapes_and_each_is_named_by_what_it_may_have_cost(exception):
    def fail(request):
        raise exception("boom")

    with pytest.raises(errors.RecraftError) as caught:
        client(fail).call(GENERATE, VALUES)
    expected = errors.NotSent if exception.__name__ in NEVER_LEFT else errors.OutcomeUnknown
    assert type(caught.value) is expected
    assert "boom" in str(caught.value)


@pytest.mark.parametrize("exception", [RuntimeError, ValueError, httpx.InvalidURL, httpx.StreamClosed])
def test_a_failure_that_is_no_transport_error_is_of_unknown_outcome(exception):
    def fail(request):
        raise exception() if exception is httpx.StreamClosed else exception("boom")

    with pytest.raises(errors.OutcomeUnknown):
        client(fail).call(GENERATE, VALUES)


def test_a_connection_error_after_the_first_byte_is_of_unknown_outcome():
    def fail(request):
        request.extensions["trace"]("http11.send_request_headers.started", {})
        raise httpx.ConnectError("boom")

    with pytest.raises(errors.OutcomeUnknown):
        client(fail).call(GENERATE, VALUES)


@pytest.mark.parametrize(
    ("status", "kind", "content"),
    [
        (429, errors.Refused, {"json": {"code": "rate_limit_exceeded", "message": "Rate limit exceeded"}}),
        (400, errors.AccountRefused, {"json": {"code": "not_enough_credits", "message": "no"}}),
        (401, errors.AccountRefused, {"text": "request unauthorized"}),
        (400, errors.Rejected, {"json": {"code": "invalid_model", "message": "no such model"}}),
        (500, errors.ServerFailed, {"json": {"code": "internal_error", "message": "boom"}}),
        (502, errors.OutcomeUnknown, {"html": "<html>Bad gateway</html>"}),
        (302, errors.OutcomeUnknown, {"headers": {"location": "https://elsewhere.test/"}}),
        (302, errors.OutcomeUnknown, {"headers": {"location": "https://[nonsense"}}),
        (307, errors.OutcomeUnknown, {"headers": {"location": "ftp://elsewhere.test/"}}),
    ],
)
def test_an_error_answer_becomes_its_error_after_a_single_request(status, kind, content):
    requests = []

    def handler(request):
        requests.append(request)
        return httpx.Response(status, **content)

    with pytest.raises(kind):
        client(handler).call(GENERATE, VALUES)
    assert len(requests) == 1


def test_an_endless_error_page_is_cut_and_still_named():
    with pytest.raises(errors.OutcomeUnknown):
        answering(503, html="<p>" * ANSWER_LIMIT).call(GENERATE, VALUES)


def test_a_success_too_long_to_be_one_is_charged_but_unreadable():
    with pytest.raises(errors.AnswerUnreadable) as caught:
        answering(200, content=b" " * (ANSWER_LIMIT + 1)).call(GENERATE, VALUES)
    assert len(caught.value.body) == ANSWER_LIMIT


def test_on_sent_runs_once_before_the_call_returns():
    calls = []
    answering(json=ANSWER).call(GENERATE, VALUES, on_sent=lambda: calls.append(1))
    assert calls == [1]


def test_on_sent_does_not_run_when_nothing_left():
    def fail(request):
        raise httpx.ConnectError("refused")

    calls = []
    with pytest.raises(errors.NotSent):
        client(fail).call(GENERATE, VALUES, on_sent=lambda: calls.append(1))
    assert calls == []


def test_a_failing_on_sent_does_not_cut_off_a_paid_request(caplog):
    def fail():
        raise RuntimeError("the database is down")

    assert json.loads(answering(json=ANSWER).call(GENERATE, VALUES, on_sent=fail)) == ANSWER
    assert "the database is down" in caplog.text


@pytest.mark.parametrize("token", ["", "a b", "a\n", "ключ"])
def test_a_token_that_is_no_header_value_is_refused_at_once(token):
    with pytest.raises(ValueError, match="token"):
        RecraftClient(token, "https://recraft.test/v1")


@pytest.mark.parametrize("base_url", ["", "recraft.test/v1", "ftp://recraft.test"])
def test_a_base_url_without_http_is_refused_at_once(base_url):
    with pytest.raises(ValueError, match="base URL"):
        RecraftClient("token", base_url)
