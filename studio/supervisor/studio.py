"""One run of the studio: begin, watch, end."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from studio.supervisor import readiness
from studio.supervisor.logs import Screen
from studio.supervisor.processes import Pace, Process
from studio.supervisor.programs import Program
from studio.supervisor.stopping import Stop

TICK: Final = 0.05
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Wish:
    """How often the studio was asked to end: once is a wish, twice is a hurry."""

    def __init__(self) -> None:
        self.times = 0

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.times += 1

    @property
    def to_end(self) -> bool:
        return self.times > 0

    @property
    def in_a_hurry(self) -> bool:
        return self.times > 1


class Studio:
    """The processes of one studio, from their start to their end."""

    def __init__(self, var: Path, programs: Sequence[Program], screen: Screen, wish: Wish, pace: Pace | None = None):
        self.var, self.screen, self.wish = var, screen, wish
        self.processes = [Process(program, var, pace or Pace(), self._sayer(program.name)) for program in programs]

    def start(self, *names: str) -> None:
        """Begin to tend these, and wait until they are up, 90 seconds at most."""
        self._until_up([process for process in self.processes if process.program.name in names])

    def watch(self, on_up: Callable[[], None]) -> None:
        """Tend all of them until someone wants the studio to end; `on_up` runs once, when all are up."""
        self._until_up(self.processes)
        if not self.wish.to_end:
            on_up()
        while not self.wish.to_end:
            self._tick(self.processes)

    def end(self) -> None:
        """Stop all of them in order. A second wish shortens the wait, and no paid call is cut by either."""
        for process in self.processes:
            process.stop_tending()
        while not all(process.is_recorded for process in self.processes):
            time.sleep(TICK)
        graces = {process.program.name: process.program.grace for process in self.processes}
        Stop(self.var / "run", graces, self._sayer("studio"), self.show, lambda: self.wish.in_a_hurry).run()
        self.show()

    def show(self) -> None:
        """Bring what the processes have written to the screen."""
        for process in self.processes:
            for line in process.lines():
                self.screen.line(process.program.name, line)

    def _until_up(self, processes: Sequence[Process]) -> None:
        deadline = time.monotonic() + readiness.WAIT
        while not self.wish.to_end:
            self._tick(processes)
            missing = readiness.waiting_for(processes)
            if not missing:
                return
            if time.monotonic() > deadline:
                self.screen.line(
                    "studio", f"not up after {readiness.WAIT:g} s: {', '.join(missing)}; see the lines above"
                )
                return

    def _tick(self, processes: Sequence[Process]) -> None:
        for process in processes:
            process.tend(time.monotonic())
        self.show()
        time.sleep(TICK)

    def _sayer(self, name: str) -> Callable[[str], None]:
        return lambda text: self.screen.line(name, text)
