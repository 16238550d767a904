"""A process that dies comes back, and a supervisor that dies leaves nothing behind for good."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.supervisor import launch, records, stopping
from studio.supervisor.records import Record
from tests.supervisor.conftest import FakeStudio, until
from tests.supervisor.fake import NAMES, PACE


@pytest.mark.parametrize("name", NAMES)
def test_a_killed_process_is_started_again(fake: FakeStudio, name: str) -> None:
    fake.start()
    killed = fake.kill(name)
    until(lambda: len(fake.events("started", name)) == 2, f"{name} is running again")
    assert fake.events("started", name)[-1]["pid"] != killed
    assert f"{name:7} | ended (killed by signal 9)" in fake.screen()
    assert all(len(fake.events("started", other)) == 1 for other in NAMES if other != name)


def test_the_pauses_double_up_to_the_longest(fake: FakeStudio) -> None:
    fake.start("web:lasts=0", wait=False)
    until(lambda: len(fake.events("started", "web")) >= 6, "web was started six times")
    starts = [event["at"] for event in fake.events("started", "web")[:6]]
    pauses = [later - earlier for earlier, later in itertools.pairwise(starts)]
    for pause, least in zip(pauses, [0.1, 0.2, 0.4, 0.4, 0.4], strict=True):
        assert pause >= least
    assert pauses[-1] < 4 * PACE.longest


def test_a_process_that_lived_well_is_started_again_at_once(fake: FakeStudio) -> None:
    fake.start("web:lasts=1.3")
    until(lambda: len(fake.events("started", "web")) >= 4, "web was started four times")
    assert fake.screen().count("web     | ended (exit code 0); starting it again in 0.1 s") >= 3


def test_a_second_studio_on_the_same_folder_is_refused(fake: FakeStudio) -> None:
    first = fake.start()
    second = fake.start(wait=False)
    assert second.wait(30) == 2
    assert fake.screen() == f"A studio already runs on {fake.var} (process {first.pid}).\n"
    assert len(fake.events("started")) == len(NAMES)
    assert (fake.var / "supervisor.pid").read_text() == f"{first.pid}\n"


def test_the_next_start_ends_what_a_killed_supervisor_left(fake: FakeStudio) -> None:
    killed = fake.start("calls:grace=1")
    left = fake.running()
    killed.kill()
    killed.wait()
    assert sorted(fake.running()) == sorted(left), "children outlive their supervisor"
    fake.start()
    assert not set(left) & set(fake.running())
    ended = {event["pid"]: event["at"] for event in fake.events("ended")}
    assert set(ended) == set(left), "each of them was asked, none was killed"
    by_name = {event["name"]: event["at"] for event in fake.events("ended")}
    assert by_name["web"] < by_name["calls"] < by_name["bytes"] < by_name["sandbox"] < by_name["valkey"]
    assert by_name["valkey"] < min(event["at"] for event in fake.events("started") if event["pid"] not in left)


def test_the_next_start_waits_for_calls_of_workers_that_were_killed_too(fake: FakeStudio) -> None:
    killed = fake.start("calls:call=3")
    killed.kill()
    killed.wait()
    fake.kill("calls")
    fake.start()
    (ended,) = fake.events("call ended")
    assert ended["at"] < fake.at("started", "sandbox")


def test_a_supervisor_killed_again_and_again_leaves_one_studio(fake: FakeStudio) -> None:
    for pause in (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.5):
        supervisor = fake.start(wait=False)
        time.sleep(pause)
        supervisor.kill()
        supervisor.wait()
    fake.start()
    assert len(fake.running()) == len(NAMES)


def test_a_process_that_was_given_an_old_pid_is_left_alone(fake: FakeStudio) -> None:
    (fake.var / "run").mkdir(parents=True)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        for name, boot in (("web", launch.boot()), ("calls", "another boot")):
            record = {"name": name, "pid": stranger.pid, "started": "1", "boot": boot}
            (fake.var / "run" / f"{name}.pid").write_text(json.dumps(record))
        fake.start()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_signals_go_to_the_recorded_process_only() -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        began = launch.started(stranger.pid)
        assert began is not None
        for record in (
            Record("web", stranger.pid, str(int(began) - 1), launch.boot()),
            Record("web", stranger.pid, began, "another boot"),
        ):
            record.send(signal.SIGKILL)
            record.kill_session()
            assert not record.alive
            assert record.session() == []
        time.sleep(0.1)
        assert stranger.poll() is None
        Record("web", stranger.pid, began, launch.boot()).send(signal.SIGTERM)
        assert stranger.wait(30) == -signal.SIGTERM
    finally:
        stranger.kill()


def test_a_zombie_counts_as_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert launch.started(child.pid) is None
    child.wait()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"name": "web", "pid": "x", "started": "1", "boot": ""}'])
def test_a_broken_record_is_no_record(tmp_path: Path, content: str) -> None:
    path = tmp_path / "web.pid"
    path.write_text(content)
    assert records.read(path) is None
    assert stopping.recorded(tmp_path) == []
    assert not path.exists()


def test_a_child_whose_supervisor_is_gone_never_becomes_its_program(fake: FakeStudio) -> None:
    (fake.var / "run").mkdir(parents=True)
    command = [sys.executable, launch.__file__, "web", str(fake.var / "run" / "web.pid"), "1", "/bin/echo", "alive"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "The supervisor is gone.\n")


def test_a_process_that_cannot_be_started_is_tried_again(fake: FakeStudio) -> None:
    fake.start()
    logs, aside = fake.var / "logs", fake.var / "aside"
    logs.rename(aside)
    fake.kill("web")
    until(lambda: "web     | can't be started (No such file or directory)" in fake.screen(), "the start failed")
    aside.rename(logs)
    until(lambda: len(fake.events("started", "web")) == 2, "web is running again")


def test_a_migration_that_was_left_running_is_ended_first(fake: FakeStudio) -> None:
    killed = fake.start()
    killed.kill()
    killed.wait()
    (fake.var / "run" / "clock.pid").rename(fake.var / "run" / "migrate.pid")
    record = json.loads((fake.var / "run" / "migrate.pid").read_text())
    (fake.var / "run" / "migrate.pid").write_text(json.dumps(record | {"name": "migrate"}))
    fake.start()
    assert fake.at("ended", "clock") < fake.at("term", "web")
    assert len(fake.running()) == len(NAMES)
