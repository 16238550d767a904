"""The real supervisor over stand-ins, in a process of its own.

python -m tests.supervisor.fake <var> [<name>:<option>=<value>...]
"""

import os
import sys
from collections import defaultdict
from pathlib import Path

from studio.supervisor import folders, leftovers
from studio.supervisor.folders import AlreadyRunning
from studio.supervisor.logs import Screen
from studio.supervisor.processes import Pace
from studio.supervisor.programs import Program, Ready
from studio.supervisor.settings import Settings
from studio.supervisor.studio import Studio, Wish

NAMES = ("valkey", "sandbox", "web", "calls", "bytes", "clock")
CHILD = Path(__file__).with_name("child.py")
PACE = Pace(first=0.1, longest=0.4, well_after=1.0)


def main(var: Path, *given: str) -> int:
    options: dict[str, list[str]] = defaultdict(list)
    for option in given:
        name, _, rest = option.partition(":")
        options[name].append(rest)
    screen, wish = Screen(("studio", *NAMES)), Wish()
    folders.prepare(Settings(var))
    try:
        lock = folders.take(var)
    except AlreadyRunning as refusal:
        screen.plain(str(refusal))
        return 2
    with lock:
        wish.listen()
        leftovers.stop(var / "run", lambda text: screen.line("studio", text), lambda: wish.to_end)
        studio = Studio(var, [program(var, name, options[name]) for name in NAMES], screen, wish, PACE)
        try:
            studio.watch(lambda: screen.plain("up"))
        finally:
            studio.end()
    screen.plain("ended")
    return 0


def program(var: Path, name: str, options: list[str]) -> Program:
    return Program(
        name,
        (sys.executable, "-S", str(CHILD), name, str(var / "events.jsonl"), *options),
        dict(os.environ),
        Ready(line="here"),
        grace=20.0 if name == "calls" else 2.0,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
