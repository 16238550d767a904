"""What Django's side has to do before a start, as one management command."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from studio.supervisor.processes import launched
from studio.supervisor.programs import python
from studio.supervisor.settings import ROOT, BadSetting

PREPARE: Final = "prepare"


def prepare(told: Mapping[str, str], folder: Path) -> str:
    """Bring the database and the static files up to date: an update of the studio may bring migrations and new files.

    Returns the path by which the first owner signs in, once; empty when there is an owner already. Raises BadSetting
    with the last words of a failure. It is recorded in `folder`, so that the next start does not migrate beside one
    that was left running.
    """
    child = _start(told, folder)
    printed, complaints = child.communicate()
    (folder / f"{PREPARE}.pid").unlink(missing_ok=True)
    if child.returncode:
        raise BadSetting(_sentence((complaints or printed).strip()))
    words = printed.split()
    return words[-1] if words and words[-1].startswith("/") else ""


def _start(told: Mapping[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command line
        launched(PREPARE, folder / f"{PREPARE}.pid", python("manage.py", PREPARE)),
        env=dict(told),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Out of reach of Ctrl-C: a migration is not a thing to stop in the middle.
        start_new_session=True,
    )


def _sentence(words: str) -> str:
    """The last line of a failure; for a setting that Django's side refuses, the sentence it wrote for people."""
    last = words.splitlines()[-1] if words else "it said nothing"
    kind, _, sentence = last.partition(": ")
    return sentence if kind.endswith("ImproperlyConfigured") else f"`manage.py {PREPARE}` failed: {last}"
