"""`python -m tests.bench [TABLE ...]`: print the figures, on SQLite and on a private PostgreSQL; all of them, or those.

overhead   what the studio adds to the time of a call, and how many submits it takes at once
decoding   what it costs to decode a picture in a child with limits
ledger     reservations a second through the gate, and whether it ever overdraws
monitor    pages of figures with a million entries in the ledger, beside a thousand
gallery    pages of pictures with a million in a workspace, beside a thousand, and beside OFFSET and COUNT
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import decoding, machine, overhead, submits
from tests.bench.figures import say
from tests.services_for_tests import PostgreSQL
from tests.stories.drive import DrivenStudio

UNITS = str(10**6)
# Tables about the database, and the program that prints each: it is told by its environment which one.
PROGRAMS = {"ledger": "tests.bench.gate", "monitor": "tests.bench.monitor", "gallery": "tests.bench.gallery"}
TABLES = ("overhead", "decoding", *PROGRAMS)


def main() -> int:
    asked = _asked()
    # Also a bench that is told to stop leaves no studio behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="atelier-bench-") as name:
        folder = Path(name)
        machine.describe(folder)
        if set(asked.tables) - {"decoding"}:
            _on(folder / "sqlite", "SQLite", None, asked)
            if asked.postgres:
                _on_postgresql(folder, asked)
        if "decoding" in asked.tables:
            say("\n--- Decoding ---")
            machine.wait_until_quiet()
            decoding.measure(folder)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)} (default: all)")
    parser.add_argument("--jobs", type=int, default=40, help="jobs to run on each database (default: 40)")
    parser.add_argument("--postgres", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    asked.tables = asked.tables or list(TABLES)
    if unknown := sorted(set(asked.tables) - set(TABLES)):
        parser.error(f"there is no table {', '.join(unknown)}")
    if asked.jobs < 1:
        parser.error("--jobs must be at least 1")
    return asked


def _on_postgresql(folder: Path, asked: argparse.Namespace) -> None:
    try:
        server = PostgreSQL()
    except RuntimeError as error:
        say(f"Left out: {error}")
        return
    with server:
        _on(folder / "postgresql", "PostgreSQL", server, asked)


def _on(folder: Path, title: str, server: PostgreSQL | None, asked: argparse.Namespace) -> None:
    if "overhead" in asked.tables:
        say(f"\n--- {title} ---")
        _of_a_studio(folder, server.url() if server else "", asked.jobs)
    for table, program in PROGRAMS.items():
        if table in asked.tables:
            say(f"\n--- {title}: {table} ---")
            var = folder / table
            var.mkdir(parents=True)
            told = {"STUDIO_VAR": str(var), "DATABASE_URL": server.new_database(table) if server else ""}
            subprocess.run([sys.executable, "-m", program], env=os.environ | told, check=True)


def _of_a_studio(folder: Path, database: str, jobs: int) -> None:
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
