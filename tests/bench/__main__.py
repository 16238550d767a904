"""`python -m tests.bench [--jobs N] [--no-postgres]`: print the figures, on SQLite and on a private PostgreSQL."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from tests.bench import decoding, machine, overhead, submits
from tests.bench.figures import say
from tests.services_for_tests import PostgreSQL
from tests.stories.drive import DrivenStudio

UNITS = str(10**6)


def main() -> int:
    asked = _asked()
    # Also a bench that is told to stop leaves no studio behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="atelier-bench-") as name:
        folder = Path(name)
        machine.describe(folder)
        _on(folder / "sqlite", "SQLite", "", asked.jobs)
        if asked.postgres:
            _on_postgresql(folder, asked.jobs)
        say()
        say("--- Decoding ---")
        machine.wait_until_quiet()
        decoding.measure(folder)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--jobs", type=int, default=40, help="jobs to run on each database (default: 40)")
    parser.add_argument("--postgres", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    if asked.jobs < 1:
        parser.error("--jobs must be at least 1")
    return asked


def _on_postgresql(folder: Path, jobs: int) -> None:
    try:
        server = PostgreSQL()
    except RuntimeError as error:
        say(f"Left out: {error}")
        return
    with server:
        _on(folder / "postgresql", "PostgreSQL", server.url(), jobs)


def _on(folder: Path, title: str, database: str, jobs: int) -> None:
    say()
    say(f"--- {title} ---")
    settings = {"STUDIO_PERSON_UNITS": UNITS, "STUDIO_WORKSPACE_UNITS": UNITS}
    with DrivenStudio(folder / "var", DATABASE_URL=database, **settings) as studio:
        studio.sign_in()
        machine.wait_until_quiet()
        overhead.report(overhead.measure(studio, folder, jobs))
        studio.audit()
        say()
        submits.measure(studio)


if __name__ == "__main__":
    sys.exit(main())
