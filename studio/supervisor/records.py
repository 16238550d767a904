"""Who is who among processes: a pid alone says little, since the system gives it to another process later.

A record is `{"name", "pid", "started", "boot"}` in `var/run/<name>.pid`, written by the process itself before it
becomes its program (see `launch.py`), so there is no moment at which a child runs and nobody has noted it.
"""

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.supervisor import launch


@dataclass(frozen=True, slots=True)
class Record:
    """One process that was started: its pid, when it began (as the system counts) and in which boot."""

    name: str
    pid: int
    started: str
    boot: str

    @property
    def alive(self) -> bool:
        """Is this very process still running? A zombie is not."""
        return self.boot == launch.boot() and launch.started(self.pid) == self.started

    def session(self) -> list[int]:
        """The running processes of the session this process opened, itself included.

        They may outlive it: a paid call does, for as long as it takes.
        """
        if self.boot != launch.boot():
            return []
        found = launch.started(self.pid)
        if found is not None and found != self.started:
            return []  # the number belongs to a stranger now, who may lead a session of that number
        return [pid for pid, session in _sessions() if session == self.pid]

    def send(self, number: signal.Signals) -> None:
        """Signal this very process, and nobody who was given its pid since."""
        if launch.LINUX:
            _send_by_descriptor(self, number)
        elif self.alive:
            _kill(self.pid, number)

    def kill_session(self) -> None:
        """Kill whatever is left of the session at once."""
        for pid in self.session():
            _kill(pid, signal.SIGKILL)


def read(path: Path) -> Record | None:
    """The record in a file; None when the file is gone or holds no record."""
    try:
        content = json.loads(path.read_text())
        return Record(str(content["name"]), int(content["pid"]), str(content["started"]), str(content["boot"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sessions() -> Iterator[tuple[int, int]]:
    """Every running process and the session it belongs to."""
    if not launch.LINUX:
        # No session ids in this `ps`; a session's leader leads a process group of the same number.
        for line in launch.ps("-axo", "pid=,pgid=,stat=").splitlines():
            pid, group, state = line.split()
            if not state.startswith("Z"):
                yield int(pid), int(group)
        return
    for entry in Path("/proc").iterdir():
        fields = launch.stat(entry.name) if entry.name.isdigit() else None
        if fields and fields[0] not in "ZX":
            yield int(entry.name), int(fields[3])


def _send_by_descriptor(record: Record, number: signal.Signals) -> None:
    try:
        descriptor = os.pidfd_open(record.pid)
    except OSError:
        return
    try:
        # The descriptor holds on to whoever has the pid now; only then does the comparison mean anything.
        if record.alive:
            signal.pidfd_send_signal(descriptor, number)
    except ProcessLookupError:
        pass
    finally:
        os.close(descriptor)


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
