"""The rate limits, just inside and just outside, by the time of arrival."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.sandbox.config import Config
from studio.sandbox.limits import SlidingWindow
from tests.sandbox.conftest import Client, Maker

REFUSAL = (429, "application/json", '{"code":"rate_limit_exceeded","message":"Rate limit exceeded"}')


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_fifth_arrival_in_a_second_is_admitted_and_the_sixth_is_not(clock: Clock) -> None:
    window = SlidingWindow(5, 1.0, clock)
    assert [window.admit("a") for _ in range(6)] == [True] * 5 + [False]


def test_room_comes_back_exactly_when_the_first_arrival_is_a_second_old(clock: Clock) -> None:
    window = SlidingWindow(5, 1.0, clock)
    for _ in range(5):
        window.admit("a")
    clock.time += 0.999
    assert not window.admit("a")
    clock.time += 0.001
    assert window.admit("a")


def test_a_refused_arrival_takes_no_room(clock: Clock) -> None:
    window = SlidingWindow(100, 60.0, clock)
    assert window.admit("a", 98)
    assert not window.admit("a", 3)
    assert window.admit("a", 2)
    assert not window.admit("a", 1)


def test_each_token_has_its_own_window(clock: Clock) -> None:
    window = SlidingWindow(1, 1.0, clock)
    assert [window.admit(token) for token in "aab"] == [True, False, True]


@given(st.lists(st.tuples(st.floats(0, 0.7), st.integers(1, 6)), max_size=60))
def test_no_window_ever_holds_more_than_the_limit(arrivals: list[tuple[float, int]]) -> None:
    clock, admitted = Clock(), []
    window = SlidingWindow(12, 1.0, clock)
    for wait, amount in arrivals:
        clock.time += wait
        if window.admit("a", amount):
            admitted.append((clock.time, amount))
    for start, _ in admitted:
        assert sum(amount for at, amount in admitted if start <= at < start + 1.0) <= 12


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.headers["content-type"], answer.text


def test_the_limits_are_the_documented_ones_unless_a_test_sets_others() -> None:
    assert (Config.requests_per_second, Config.images_per_minute) == (5, 100)


def test_six_requests_at_once_meet_the_limit_and_nothing_is_charged_for_the_sixth(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=1.5)  # all six arrive before the first is answered
    client = Client(sandbox)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: client.sketch(), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refusal(refused) == REFUSAL
    assert "retry-after" not in refused.headers
    assert sandbox.charged() == 5 * 80


def test_bad_requests_count_but_reads_of_the_balance_and_of_files_do_not(own_sandbox: Maker) -> None:
    client = Client(own_sandbox(requests_per_second=2))
    url = client.sketch().json()["data"][0]["url"]
    answers = [client.get(url) for _ in range(5)] + [client.http.get("/v1/users/me") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    codes = [client.generate(n=9).status_code for _ in range(4)]
    assert 429 in codes


def test_the_hundredth_image_of_a_minute_is_made_and_the_next_is_refused(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(requests_per_second=1000)
    client = Client(sandbox)
    make: Callable[[int], httpx.Response] = lambda n: client.sketch(n=n)  # noqa: E731
    assert {make(6).status_code for _ in range(16)} == {200}
    assert [make(5).status_code, make(4).status_code] == [429, 200]
    assert refusal(make(1)) == REFUSAL
    assert client.generate(n=7).json()["code"] == "invalid_request_parameter"
    assert sum(operation["n"] for operation in sandbox.operations()) == 100


def test_the_limit_comes_after_the_token_and_before_the_body(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(requests_per_second=0)
    client = Client(sandbox)
    broken = client.http.post("/v1/images/generations", content=b"{")
    assert refusal(broken) == REFUSAL
    nobody = httpx.post(f"{sandbox.api}/images/generations", content=b"{", trust_env=False)
    assert nobody.status_code == 401
