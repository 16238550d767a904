"""kill -9 on every process of a running studio, again and again, at seeded moments.

Whatever dies, every job ends; only a call whose own process was killed (the caller, or the provider under it) may be
unknown. It is never sent again; the provider's balance tells whether it was charged, and nobody but the studio pays.
"""

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.stories.drive import DrivenStudio
from tests.studio_process import until

pytestmark = pytest.mark.story

JOBS = 60
TARGETS = ("web", "calls", "caller", "bytes", "clock", "valkey", "sandbox", "supervisor")
KILLS_EACH = int(os.environ.get("STUDIO_TEST_KILLS", "10"))
SEED = int(os.environ.get("STUDIO_TEST_SEED", "20261120"))
# Killing one of these is killing a running call's own process.
OWN_PROCESS = ("caller", "sandbox")


@dataclass(frozen=True)
class Kill:
    target: str
    at: datetime


class Submitter(threading.Thread):
    """A person whose browser repeats a post under the same key until the studio answers."""

    def __init__(self, studio: DrivenStudio, dice: random.Random) -> None:
        super().__init__(daemon=True)
        self.studio, self.dice = studio, dice
        self.answers: list[int] = []
        self.pace = 1.0
        self.canceled = threading.Event()

    def run(self) -> None:
        for number in range(JOBS):
            self.answers.append(self._submit(number))
            if self.canceled.wait(self.dice.uniform(0.5, 1.5) * self.pace):
                return

    def _submit(self, number: int) -> int:
        for _ in range(300):
            try:
                answer = self.studio.submit(f"picture number {number}", model="recraftv4_1", key=f"job-{number}")
            except httpx.TransportError:
                if self.canceled.wait(0.2):
                    break
                continue
            if answer.status_code < 500:
                return answer.status_code
            time.sleep(0.2)
        return 0


def plan(dice: random.Random) -> list[str]:
    targets = [target for target in TARGETS for _ in range(KILLS_EACH)]
    dice.shuffle(targets)
    return targets


def victims(studio: DrivenStudio, target: str) -> list[int]:
    """Pids to choose from: the program's own, or for a caller those that `calls` has forked."""
    program = "calls" if target == "caller" else target
    until(lambda: program in studio.running(), f"{program} runs again", 60)
    pid = studio.running().get(program)
    if target != "caller" or pid is None:
        return [] if pid is None else [pid]
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(child) for child in children.stdout.split()]


def kill(studio: DrivenStudio, target: str, dice: random.Random) -> Kill:
    if target == "supervisor":
        at = datetime.now(UTC)
        studio.kill_supervisor()
        studio.start()
        return Kill(target, at)
    until(lambda: kill_one(victims(studio, target), dice), f"a {target} is killed", 60)
    return Kill(target, datetime.now(UTC))


def kill_one(pids: list[int], dice: random.Random) -> bool:
    try:
        os.kill(dice.choice(pids), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return False  # there is none at this moment, or it was on its way out already
    return True


@pytest.fixture
def killed(folder, database_setting: dict[str, str]) -> Iterator[tuple[DrivenStudio, list[Kill]]]:
    dice = random.Random(SEED)
    settings = {"STUDIO_SANDBOX_LATENCY": "0.7", "STUDIO_CALLS": "4", "STUDIO_TIME_SCALE": "4", **database_setting}
    with DrivenStudio(folder, **settings) as studio:
        studio.sign_in()
        submitter = Submitter(studio, random.Random(SEED + 1))
        targets = plan(dice)
        submitter.pace = len(targets) * 1.2 / JOBS
        submitter.start()
        kills = []
        try:
            for target in targets:
                time.sleep(dice.uniform(0.0, 0.5))
                kills.append(kill(studio, target, dice))
        except BaseException:
            submitter.canceled.set()
            raise
        submitter.join(180)
        until(studio.is_up, "the web process answers again", 60)
        assert submitter.answers == [302] * JOBS
        yield studio, kills


def jobs(studio: DrivenStudio) -> dict[str, tuple[str, int, int]]:
    """Prompt -> state, quoted units, charged units."""
    query = "SELECT params, state, quoted_units, coalesce(charged_units, 0) FROM studio_job"
    found = {}
    for params, *rest in studio.rows(query):
        values: dict[str, Any] = params if isinstance(params, dict) else json.loads(params)
        found[values["prompt"]] = tuple(rest)
    return found


def test_whatever_is_killed_every_job_ends_and_nothing_is_sent_twice(
    killed: tuple[DrivenStudio, list[Kill]], record_property: Callable[[str, object], None]
) -> None:
    studio, kills = killed
    assert Counter(kill.target for kill in kills) == dict.fromkeys(TARGETS, KILLS_EACH)
    studio.wait_until_ended(150)
    studio.wait_until_explained()
    states = studio.states()
    assert set(states) <= {"done", "failed", "lost"}, states
    found = jobs(studio)
    assert len(found) == JOBS

    calls: dict[str, list[dict[str, Any]]] = {}
    for operation in studio.sandbox.operations():
        calls.setdefault(operation["prompt"], []).append(operation)
    assert {prompt: len(made) for prompt, made in calls.items() if len(made) > 1} == {}, "a job was sent twice"

    unknown = {prompt for prompt, (state, _, _) in found.items() if state != "done"}
    assert len(list(unknown_attempts(studio))) == len(unknown), "only what was unknown brought no picture"
    owned = [kill.at for kill in kills if kill.target in OWN_PROCESS]
    for claimed, ended, error, text in unknown_attempts(studio):
        near = [at for at in owned if claimed - timedelta(seconds=1) <= at <= ended + timedelta(seconds=1)]
        assert near, f"unknown without its own process being killed: {claimed} {ended} {error} {text}"

    studio.audit()
    assert studio.budget("person") == (35 * (JOBS - len(unknown)), 0)
    billed = sum(call["charged"] or 0 for prompt in unknown for call in calls.get(prompt, ()))
    assert studio.budget("loss")[0] + studio.budget("external")[0] == billed
    record_property("kills", len(kills))
    record_property("states", dict(states))
    record_property("billed for unknown calls", billed)


def unknown_attempts(studio: DrivenStudio) -> Iterator[tuple[datetime, datetime, str, str]]:
    query = "SELECT claimed_at, ended_at, error, error_text FROM studio_attempt WHERE state LIKE 'resolved%'"
    for claimed, ended, error, text in studio.rows(query):
        yield as_time(claimed), as_time(ended), error, text


def as_time(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
