"""Keeping one process running: started, watched, started again with growing pauses."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studio.supervisor import launch, records
from studio.supervisor.logs import Log
from studio.supervisor.programs import Program
from studio.supervisor.settings import ROOT

LAUNCH: Final = Path(launch.__file__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Pauses before a process that died is started again, in seconds."""

    first: float = 0.2
    longest: float = 10.0
    # One that lived this long is taken to be well again.
    well_after: float = 30.0


class Process:
    """One program, and the process that runs it at the moment."""

    def __init__(self, program: Program, var: Path, pace: Pace, say: Callable[[str], None]) -> None:
        self.program = program
        self.folder = var / "run"
        self.log = Log(var / "logs" / f"{program.name}.log")
        self.pace = pace
        self.say = say
        self.pause = pace.first
        self.due: float | None = 0.0
        self.began = 0.0
        self.has_said_ready = False
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def record_path(self) -> Path:
        return self.folder / f"{self.program.name}.pid"

    def tend(self, now: float) -> None:
        """Start the process when it is due; notice when it has died."""
        if self.child is not None and self.child.poll() is not None:
            self._note_death(now)
        if self.child is None and self.due is not None and now >= self.due:
            self._start(now)

    def stop_tending(self) -> None:
        """From here on nothing is started again."""
        self.due = None
        if self.child is not None:
            self.child.poll()

    @property
    def is_recorded(self) -> bool:
        """Has the running child noted itself yet? It takes a moment, and can't be found by others before."""
        if self.child is None or self.child.poll() is not None:
            return True
        record = records.read(self.record_path)
        return record is not None and record.pid == self.child.pid

    def lines(self) -> list[str]:
        found = self.log.new_lines()
        wanted = self.program.ready.line
        if wanted and any(wanted in line for line in found):
            self.has_said_ready = True
        return found

    def _start(self, now: float) -> None:
        self.began, self.has_said_ready = now, False
        try:
            self.child = self._spawn()
        except OSError as error:
            # The machine is out of memory, processes or files: for now, most likely.
            self._wait(now, f"can't be started ({error.strerror})")

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.for_writing() as log:
            return subprocess.Popen(  # noqa: S603 - our own list of programs
                launched(self.program.name, self.record_path, self.program.command),
                env=dict(self.program.environment),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C reaches the supervisor alone, which then stops the others in order.
                start_new_session=True,
            )

    def _note_death(self, now: float) -> None:
        assert self.child is not None
        if now - self.began >= self.pace.well_after:
            self.pause = self.pace.first
        self._wait(now, f"ended ({_ending(self.child.returncode)})")
        self.child = None
        self._keep_record_of_survivors()

    def _wait(self, now: float, why: str) -> None:
        self.due = now + self.pause
        self.say(f"{why}; starting it again in {self.pause:g} s")
        self.pause = min(self.pause * 2, self.pace.longest)

    def _keep_record_of_survivors(self) -> None:
        """A paid call outlives a killed `calls`: whoever stops the studio has to know whom to wait for."""
        record = records.read(self.record_path)
        if record is not None and record.session():
            self.record_path.rename(self.folder / f"{self.program.name}.{record.pid}.pid")


def launched(name: str, record: Path, command: Sequence[str]) -> tuple[str, ...]:
    """The command line of a process that notes itself in `record` before anything else."""
    return (sys.executable, "-I", "-S", str(LAUNCH), name, str(record), str(os.getpid()), *command)


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
