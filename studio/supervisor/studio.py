"""One run of the studio: begin, watch, end."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from studio.supervisor.logs import Screen
from studio.supervisor.processes import Pace, Process
from studio.supervisor.programs import Program
from studio.supervisor.readiness import WAIT, Readiness
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

    def watch(self, on_up: Callable[[], None]) -> None:
        """Tend all of them until someone wants the studio to end; `on_up` runs once, when all are up."""
        self._until_up()
        if not self.wish.to_end:
            on_up()
        while not self.wish.to_end:
            self._tick()

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

    def _until_up(self) -> None:
        readiness, told = Readiness(self.processes), False
        while not self.wish.to_end:
            self._tick()
            if readiness.look():
                return
            if readiness.took_too_long and not told:
                told = True
                self._sayer("studio")(
                    f"still waiting for {', '.join(readiness.names)} after {WAIT:g} s; see the lines above"
                )

    def _tick(self) -> None:
        for process in self.processes:
            process.tend(time.monotonic())
        self.show()
        time.sleep(TICK)

    def _sayer(self, name: str) -> Callable[[str], None]:
        return lambda text: self.screen.line(name, text)
