"""A stand-in for any process of the studio: it notes what happens to it, one JSON line each.

    child.py <name> <events file> [option=value...]

Options: `lasts` (seconds until it ends by itself), `grace` (seconds it goes on after SIGTERM), `call` (seconds that
a process forked off at the start lives, as a paid call does when its worker is killed), `says` (a line to print).
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType


def main(name: str, events: str, *given: str) -> None:
    options = dict(option.split("=", 1) for option in given)
    note = Notebook(name, Path(events))
    grace, lasts = float(options.get("grace", 0)), float(options.get("lasts", "inf"))
    ends = time.monotonic() + lasts

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ends
        note("term")
        ends = min(ends, time.monotonic() + grace)

    signal.signal(signal.SIGTERM, end)
    note("started")
    sys.stdout.write(options.get("says", "here") + "\n")
    sys.stdout.flush()
    if "call" in options and os.fork() == 0:
        time.sleep(float(options["call"]))
        note("call ended")
        os._exit(0)
    while time.monotonic() < ends:
        time.sleep(0.01)
    note("ended")


class Notebook:
    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path

    def __call__(self, event: str) -> None:
        told = sorted(name for name in os.environ if name.startswith(("RECRAFT", "STUDIO", "REDIS", "DATABASE")))
        line = {"name": self.name, "event": event, "pid": os.getpid(), "at": time.monotonic(), "told": told}
        # One short write to a file opened for appending is never mixed with another's.
        with self.path.open("ab", buffering=0) as file:
            file.write((json.dumps(line) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
