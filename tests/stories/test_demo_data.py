"""The demonstration: a month that never was, in books that agree."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.stories.drive import ROOT

LIVED_IN = ("favorite", "assetevent", "collectionitem", "comment", "vote", "share", "savedsearch", "export", "notice")


def _manage(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STUDIO_VAR": str(var), "DATABASE_URL": ""}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240)


def test_a_month_of_work_is_made_once_and_the_books_agree(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    assert _manage(var, "migrate", "-v0").returncode == 0
    made = _manage(var, "demo_data", "--jobs", "20")
    assert made.returncode == 0, made.stderr
    found = re.search(r"(\d+) jobs of 6 people in Studio, (\d+) pictures", made.stdout)
    assert found and int(found[2]) >= int(found[1]) > 5, made.stdout
    link = re.search(r"/s/[\w-]{20,}/", made.stdout)
    assert link
    with closing(sqlite3.connect(var / "studio.sqlite3")) as books:
        counts = {table: books.execute(f"SELECT count(*) FROM studio_{table}").fetchone()[0] for table in LIVED_IN}
        (rated,) = books.execute("SELECT count(*) FROM studio_asset WHERE rating > 0 AND tags <> '[]'").fetchone()
        (pinned,) = books.execute("SELECT count(*) FROM studio_comment WHERE x IS NOT NULL").fetchone()
        (nested,) = books.execute("SELECT count(*) FROM studio_collection WHERE parent_id IS NOT NULL").fetchone()
    assert min(counts.values()) > 0, f"a newcomer finds nothing there: {counts}"
    assert min(rated, pinned, nested) > 0
    audited = _manage(var, "audit_ledger")
    assert audited.returncode == 0 and "The books agree" in audited.stdout, audited.stdout
    again = _manage(var, "demo_data")
    assert again.returncode != 0 and "Somebody has worked here already" in again.stderr
