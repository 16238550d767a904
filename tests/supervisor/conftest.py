"""A supervisor with stand-ins, started and killed at will."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.supervisor import launch, records

ROOT = Path(__file__).resolve().parents[2]


class FakeStudio:
    """One `var/`, and the supervisors that are started on it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.supervisors: list[subprocess.Popen[str]] = []

    def start(self, *options: str, wait: bool = True) -> subprocess.Popen[str]:
        screen = (self.var.parent / f"screen-{len(self.supervisors)}.txt").open("w+")
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.supervisor.fake", str(self.var), *options],
            cwd=ROOT,
            stdout=screen,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.supervisors.append(supervisor)
        if wait:
            until(lambda: "\nup\n" in self.screen(-1), "the studio is up")
        return supervisor

    def screen(self, which: int = -1) -> str:
        which = which % len(self.supervisors)
        return (self.var.parent / f"screen-{which}.txt").read_text()

    def events(self, event: str, name: str | None = None) -> list[dict[str, Any]]:
        path = self.var / "events.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        found = [json.loads(line) for line in lines]
        return [line for line in found if line["event"] == event and name in (None, line["name"])]

    def at(self, event: str, name: str) -> float:
        return float(self.events(event, name)[-1]["at"])

    def pid(self, name: str) -> int:
        record = records.read(self.var / "run" / f"{name}.pid")
        assert record is not None
        return record.pid

    def kill(self, name: str) -> int:
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def running(self) -> list[int]:
        """Every stand-in that was ever started on this `var/` and still runs."""
        pids = {int(line["pid"]) for line in self.events("started")}
        return [pid for pid in pids if launch.started(pid) is not None]

    def clean(self) -> None:
        for supervisor in self.supervisors:
            supervisor.kill()
            supervisor.wait()
        for pid in self.running():
            os.kill(pid, signal.SIGKILL)


def until(true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        time.sleep(0.02)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeStudio]:
    studio = FakeStudio(tmp_path / "var")
    yield studio
    studio.clean()
