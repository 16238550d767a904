"""The whole studio as it runs for a person, for stories that restart or kill it.

with StudioProcess(tmp_path / "var") as studio:
    studio.kill("calls")
    studio.stop()
    studio.start(RECRAFT_API_TOKEN="token", RECRAFT_BASE_URL=sandbox.api)
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from studio.supervisor import launch, records
from studio.supervisor.programs import CALLS_GRACE
from tests.services_for_tests import free_port
from tests.supervisor.plans import clean

ROOT = Path(__file__).resolve().parent.parent
# A start ends what a killed studio left running, and waits for its calls: one whose broker died too may take it all.
READY_SECONDS = CALLS_GRACE + 60
NAMES = ("valkey", "sandbox", "web", "calls", "bytes", "clock")


class StudioProcess:
    """One `var/` and the studio on it. Settings are those of the environment: STUDIO_CALLS="2", DATABASE_URL=..."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.settings = {"PORT": str(free_port()), "STUDIO_CALLS": "2", "STUDIO_BYTES": "2"} | settings
        self.process: subprocess.Popen[bytes] | None = None
        self.screen_path = var.with_suffix(".screen")
        self.ready_line = ""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.clean()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clean()

    @property
    def url(self) -> str:
        """Scheme, host and port, as it was printed."""
        return re.sub(r"(//[^/]+).*", r"\1", self.ready_line)

    def start(self, **settings: str) -> None:
        """Start and wait until it says that it is ready. Settings given here stay for later starts."""
        self.settings |= settings
        self.var.parent.mkdir(parents=True, exist_ok=True)
        shown = len(self.screen())
        self.process = self.spawn()
        line = re.compile(r"^Atelier is ready: (\S+)$", re.MULTILINE)
        until(lambda: line.search(self.screen()[shown:]) or self._gave_up(), "the studio is ready", READY_SECONDS)
        found = line.findall(self.screen()[shown:])
        assert len(found) == 1, self.screen()[shown:]
        self.ready_line = found[0]

    def spawn(self) -> subprocess.Popen[bytes]:
        told = clean(os.environ) | {"STUDIO_VAR": str(self.var)} | self.settings
        with self.screen_path.open("ab") as screen:
            return subprocess.Popen(
                [sys.executable, "-m", "studio.supervisor"],
                cwd=ROOT,
                env={name: value for name, value in told.items() if value},
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 60.0) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        assert self.process.wait(seconds) == 0, self.screen()
        self.process = None

    def kill_supervisor(self) -> None:
        """SIGKILL to the supervisor alone; its children go on."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def pid(self, name: str) -> int:
        record = records.read(self.var / "run" / f"{name}.pid")
        assert record is not None, f"{name} has never been started"
        return record.pid

    def kill(self, name: str) -> int:
        """SIGKILL to one process; returns the pid it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def screen(self) -> str:
        return self.screen_path.read_text(errors="replace") if self.screen_path.exists() else ""

    def running(self) -> dict[str, int]:
        """The recorded processes that run, by name."""
        found = (records.read(path) for path in (self.var / "run").glob("*.pid"))
        return {record.name: record.pid for record in found if record is not None and record.alive}

    def sandbox_api(self) -> str:
        return f"http://127.0.0.1:{json.loads((self.var / 'ports.json').read_text())['sandbox']}/v1"

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False, timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def clean(self) -> None:
        """End everything at once, and leave no process behind, whatever state it is in."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        for path in (self.var / "run").glob("*.pid"):
            record = records.read(path)
            if record is not None:
                record.kill_session()

    def _gave_up(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the studio ended:\n{self.screen()}"
        return False


def until(true: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        time.sleep(0.05)


def told(pid: int) -> dict[str, str]:
    """The environment a process was started with. Linux only."""
    pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(pair.decode(errors="replace").split("=", 1) for pair in pairs if b"=" in pair)


def gone(pid: int) -> bool:
    return launch.started(pid) is None
