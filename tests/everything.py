"""Every test, on SQLite and on PostgreSQL, in legs that run three at a time: `python -m tests.everything`.

Whoever of three is free takes the next leg, the longest first. Some mostly compute, the others mostly wait for
processes to start, to be killed and to come back, so two cores are enough for three. What a leg printed is shown when
it has ended. Nothing is left out: a test that did not run fails its leg, and a test checks that each file is in one.

Some tests are as sharp as they are long: kills, random operations on the books, every operation with every image
model. A run takes as many as find what is broken; `python -m tests.everything full` (`make soak`) the full measure, on
both databases. So does a file that is run by itself.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 3
PYTEST = (sys.executable, "-m", "pytest", "-q", "--durations=12")
ON_POSTGRESQL = (sys.executable, "-m", "tests.services_for_tests", "postgres")
KILLS = "tests/stories/test_kills.py"
PAGES = "tests/browser/test_every_page.py"
# Without one of these a file takes the full measure.
USUAL = {"STUDIO_TEST_KILLS": "3", "STUDIO_TEST_MODELS": "each", "STUDIO_LEDGER_STEPS": "200"}
USUAL_ON_POSTGRESQL = {
    "STUDIO_TEST_KILLS": "1",
    "STUDIO_TEST_MODELS": "one",
    "STUDIO_LEDGER_STEPS": "100",
    "STUDIO_TEST_SELECTION": "2000",
}
APART = ("tests/browser", "tests/pictures", "tests/sandbox", "tests/services", "tests/stories", "tests/supervisor")


@dataclass(frozen=True)
class Leg:
    """One run of pytest over these files and folders but those; `environment` comes on top of the present one."""

    title: str
    paths: Sequence[str]
    but: Sequence[str] = ()
    on_postgresql: bool = False

    @property
    def command(self) -> list[str]:
        server = ON_POSTGRESQL if self.on_postgresql else ()
        return [*server, *PYTEST, *self.paths, *(f"--ignore={path}" for path in self.but)]

    def run(self, *, full: bool) -> bool:
        """Run it with a folder of its own for everything it writes; whether it passed."""
        measure = {} if full else USUAL | (USUAL_ON_POSTGRESQL if self.on_postgresql else {})
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="atelier-tests-") as var, tempfile.TemporaryFile() as output:
            told = os.environ | measure | {"STUDIO_VAR": var, "STUDIO_TESTS_STRICT": "1"}
            code = subprocess.run(
                self.command, cwd=ROOT, env=told, stdout=output, stderr=output, check=False
            ).returncode
            output.seek(0)
            show(f"{self.title}: {time.monotonic() - began:.0f} s", output.read().decode(errors="replace"))
        return code == 0


LEGS = (
    Leg("Browser: what is done on the pages", ("tests/browser",), but=(PAGES,)),
    Leg("Stories, on SQLite", ("tests/stories",), but=(KILLS,)),
    Leg("Models and services, on PostgreSQL", ("tests/models", "tests/services"), on_postgresql=True),
    Leg(
        "Stories, on PostgreSQL",
        ("tests/stories",),
        # How processes are started and ended, and what is made for a demonstration, is the same on both.
        but=("tests/stories/test_running.py", "tests/stories/test_demo_data.py"),
        on_postgresql=True,
    ),
    Leg("Everything else that computes", ("tests",), but=APART),
    Leg("The sandbox, pictures and the supervisor", ("tests/sandbox", "tests/pictures", "tests/supervisor")),
    Leg("Services, on SQLite", ("tests/services",)),
    Leg("Browser: how every page looks", (PAGES,)),
    Leg("Kills, on SQLite", (KILLS,)),
)

_screen = threading.Lock()


def show(title: str, output: str) -> None:
    with _screen:
        sys.stdout.write(f"\n===== {title}\n{output}")
        sys.stdout.flush()


def main(*words: str) -> int:
    if words not in ((), ("full",)):
        sys.exit(__doc__)
    waiting, passed = deque(LEGS), list[bool]()

    def work() -> None:
        while True:
            try:
                leg = waiting.popleft()
            except IndexError:
                return
            passed.append(leg.run(full=bool(words)))

    began = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = os.times()
    computed = spent.children_user + spent.children_system
    show(f"{len(passed)} legs in {time.monotonic() - began:.0f} s, of which {computed:.0f} s on a processor", "")
    return 0 if len(passed) == len(LEGS) and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
