"""Every test, on SQLite and on PostgreSQL, in three lanes side by side: `python -m tests.everything`.

One lane mostly computes, the others mostly wait for processes to start, to be killed and to come back, so two cores are
enough for them. What a leg printed is shown when it has ended. Nothing is left out: a test
that did not run fails its leg.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (sys.executable, "-m", "pytest", "-q", "--durations=12")
ON_POSTGRESQL = (sys.executable, "-m", "tests.services_for_tests", "postgres")
WITH_PROCESSES = ("tests/stories", "tests/browser")


@dataclass(frozen=True)
class Leg:
    """One run of pytest. `environment` comes on top of the present one."""

    title: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        """Run it with a folder of its own for everything it writes; whether it passed."""
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="atelier-tests-") as var, tempfile.TemporaryFile() as output:
            told = os.environ | self.environment | {"STUDIO_VAR": var, "STUDIO_TESTS_STRICT": "1"}
            code = subprocess.run(
                self.command, cwd=ROOT, env=told, stdout=output, stderr=output, check=False
            ).returncode
            output.seek(0)
            show(f"{self.title}: {time.monotonic() - began:.0f} s", output.read().decode(errors="replace"))
        return code == 0


LANES = (
    (
        Leg(
            "Everything that computes, on SQLite", (*PYTEST, "tests", *(f"--ignore={path}" for path in WITH_PROCESSES))
        ),
        Leg("Models and services, on PostgreSQL", (*ON_POSTGRESQL, *PYTEST, "tests/models", "tests/services")),
    ),
    (Leg("Stories, on SQLite", (*PYTEST, "tests/stories")),),
    (
        Leg(
            "Stories, on PostgreSQL",
            (*ON_POSTGRESQL, *PYTEST, "tests/stories", "--ignore=tests/stories/test_running.py"),
            {"STUDIO_TEST_KILLS": "2"},
        ),
        Leg("Browser, on SQLite", (*PYTEST, "tests/browser")),
    ),
)

_screen = threading.Lock()


def show(title: str, output: str) -> None:
    with _screen:
        sys.stdout.write(f"\n===== {title}\n{output}")
        sys.stdout.flush()


def main() -> int:
    passed: list[bool] = []

    def work(lane: Sequence[Leg]) -> None:
        passed.extend([leg.run() for leg in lane])

    threads = [threading.Thread(target=work, args=(lane,)) for lane in LANES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0 if len(passed) == sum(map(len, LANES)) and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
