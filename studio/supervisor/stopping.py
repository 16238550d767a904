"""Ending processes in order, whoever started them: this supervisor, or one that was killed.

The order is about money and files: first those who let people in, then the paid calls, which are given all the time
a call may take, then those who store what came back, and last the two that all of them talk to.
"""

import signal
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

from studio.supervisor import records
from studio.supervisor.programs import GRACE, STOPPED
from studio.supervisor.records import Record

TICK: Final = 0.05
HURRIED_GRACE: Final = 2.0
# Most processes need a moment to end; only a longer wait is worth a line.
SILENT_WAIT: Final = 3.0


def recorded(folder: Path) -> list[tuple[Path, Record]]:
    """The records whose processes, or what these have left running, are still there; the others are removed."""
    found = []
    for path in sorted(folder.glob("*.pid")):
        record = records.read(path)
        if record is not None and (record.alive or record.session()):
            found.append((path, record))
        else:
            path.unlink(missing_ok=True)
    return found


class Stop:
    """One orderly end of everything that is recorded in a folder."""

    def __init__(
        self,
        folder: Path,
        graces: Mapping[str, float],
        say: Callable[[str], None],
        tick: Callable[[], None] = lambda: None,
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        """`graces`: seconds for each name; `tick` runs while it waits; `hurried`: someone does not want to wait."""
        self.folder, self.graces, self.say, self.tick, self.hurried = folder, graces, say, tick, hurried

    def run(self) -> None:
        known = {name for group in STOPPED for name in group}
        strangers = {record.name for _, record in recorded(self.folder)} - known
        for group in (tuple(sorted(strangers)), *STOPPED):
            self._end(group)

    def _end(self, names: Collection[str]) -> None:
        begun = time.monotonic()
        left = self._left(names)
        for _, record in left:
            record.send(signal.SIGTERM)
        announced = False
        while left := self._left(names):
            waited = time.monotonic() - begun
            if waited > SILENT_WAIT and not announced:
                announced = True
                self.say(self._waiting(left))
            for _, record in left:
                self._lose_patience(record, waited)
            self.tick()
            time.sleep(TICK)

    def _left(self, names: Collection[str]) -> list[tuple[Path, Record]]:
        left = [(path, record) for path, record in recorded(self.folder) if record.name in names]
        if self.hurried():
            # Paid calls whose worker has gone end and record themselves; nobody has to wait for them.
            left = [(path, record) for path, record in left if record.alive or record.name != "calls"]
        return left

    def _lose_patience(self, record: Record, waited: float) -> None:
        if waited > self.graces.get(record.name, GRACE):
            record.kill_session()
        elif self.hurried():
            if record.name == "calls":
                record.send(signal.SIGKILL)
            elif waited > HURRIED_GRACE:
                record.kill_session()

    def _waiting(self, left: list[tuple[Path, Record]]) -> str:
        if any(record.name == "calls" for _, record in left):
            return "waiting for the running calls to end (they are paid for); Ctrl-C once more not to wait"
        return f"waiting for {', '.join(sorted({record.name for _, record in left}))} to end"
