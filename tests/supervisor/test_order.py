"""The order in which a studio ends, and who is waited for."""

import os
import signal
import time

import pytest

from tests.supervisor.conftest import FakeStudio, until

NAMES = {"valkey", "sandbox", "web", "calls", "bytes", "clock"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_everything_in_order(fake: FakeStudio, number: signal.Signals) -> None:
    supervisor = fake.start("calls:grace=0.5", "web:grace=0.3")
    supervisor.send_signal(number)
    assert supervisor.wait(20) == 0
    assert {event["name"] for event in fake.events("ended")} == NAMES
    assert max(fake.at("ended", "web"), fake.at("ended", "clock")) < fake.at("term", "calls")
    assert fake.at("ended", "calls") < fake.at("term", "bytes")
    assert fake.at("ended", "bytes") < fake.at("term", "sandbox")
    assert fake.at("ended", "sandbox") < fake.at("term", "valkey")
    assert fake.running() == []
    assert list((fake.var / "run").glob("*.pid")) == []


def test_a_ctrl_c_in_the_terminal_reaches_no_child(fake: FakeStudio) -> None:
    supervisor = fake.start()
    children = [fake.pid(name) for name in NAMES]
    assert {os.getsid(pid) for pid in children} == set(children)
    os.killpg(supervisor.pid, signal.SIGINT)
    assert supervisor.wait(20) == 0
    assert len(fake.events("term")) == len(NAMES)


def test_running_calls_are_waited_for_longer_than_others(fake: FakeStudio) -> None:
    supervisor = fake.start("calls:grace=4", "bytes:grace=60")
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert fake.at("ended", "calls") - fake.at("term", "calls") > 3.9
    assert fake.events("ended", "bytes") == []  # was given two seconds, then killed
    assert "waiting for the running calls" in fake.screen()


def test_a_call_that_outlived_its_killed_worker_is_waited_for(fake: FakeStudio) -> None:
    supervisor = fake.start("calls:call=3")
    fake.kill("calls")
    until(lambda: len(fake.events("started", "calls")) == 2, "calls is running again")
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert fake.events("call ended", "calls"), "the call was cut off"
    assert max(event["at"] for event in fake.events("call ended")) < fake.at("term", "bytes")


def test_a_second_ctrl_c_shortens_the_wait_and_cuts_no_call(fake: FakeStudio) -> None:
    supervisor = fake.start("calls:grace=15", "calls:call=5")
    supervisor.send_signal(signal.SIGINT)
    until(lambda: fake.events("term", "calls"), "calls was asked to end")
    supervisor.send_signal(signal.SIGINT)
    asked = time.monotonic()
    assert supervisor.wait(30) == 0
    assert time.monotonic() - asked < 10, "it would have been fifteen seconds"
    until(lambda: fake.events("call ended"), "the call has ended by itself")


def test_the_screen_shows_who_says_what(fake: FakeStudio) -> None:
    supervisor = fake.start("web:says=here on é \x1b[2Jnothing is cleared", "bytes:says=here too")
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert "web     | here on é \N{REPLACEMENT CHARACTER}[2Jnothing is cleared\n" in fake.screen()
    assert "bytes   | here too\n" in fake.screen()
    assert "\x1b" not in fake.screen()
    assert "here too" in (fake.var / "logs" / "bytes.log").read_text()
