"""The demonstration: a month that never was, in books that agree."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.stories.drive import ROOT


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
    audited = _manage(var, "audit_ledger")
    assert audited.returncode == 0 and "The books agree" in audited.stdout, audited.stdout
    again = _manage(var, "demo_data")
    assert again.returncode != 0 and "Somebody has worked here already" in again.stderr
