"""Django's management commands, run for their result."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from studio.supervisor.processes import launched
from studio.supervisor.programs import python
from studio.supervisor.settings import ROOT, BadSetting

# Both before every start: an update of the studio may bring migrations and new files.
PREPARE = (("migrate", "--noinput"), ("collectstatic", "--noinput"))


def prepare(told: Mapping[str, str], folder: Path) -> None:
    """Bring the database and the static files up to date. Raises BadSetting with the last words of what failed.

    Both are recorded in `folder`, so that the next start does not migrate beside one that was left running.
    """
    running = [(arguments[0], _start(told, arguments, folder)) for arguments in PREPARE]
    # All are waited for before the first failure is told: nothing is left running behind it.
    ended = [(name, *child.communicate(), child.returncode) for name, child in running]
    for name, _ in running:
        (folder / f"{name}.pid").unlink(missing_ok=True)
    for name, printed, complaints, code in ended:
        if code:
            raise BadSetting(_sentence(name, (complaints or printed).strip()))


def first_link(told: Mapping[str, str], folder: Path) -> str:
    """The path by which the first owner signs in, once; empty when there is an owner already."""
    printed, _ = _start(told, ("first_link",), folder).communicate()
    (folder / "first_link.pid").unlink(missing_ok=True)
    words = printed.split()
    return words[-1] if words and words[-1].startswith("/") else ""


def _start(told: Mapping[str, str], arguments: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    name = arguments[0]
    command = python("manage.py", *arguments, "--verbosity", "0")
    return subprocess.Popen(  # noqa: S603 - our own command line
        launched(name, folder / f"{name}.pid", command),
        env=dict(told),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Out of reach of Ctrl-C: a migration is not a thing to stop in the middle.
        start_new_session=True,
    )


def _sentence(command: str, words: str) -> str:
    """The last line of a failure; for a setting that Django's side refuses, the sentence it wrote for people."""
    last = words.splitlines()[-1] if words else "it said nothing"
    kind, _, sentence = last.partition(": ")
    return sentence if kind.endswith("ImproperlyConfigured") else f"`manage.py {command}` failed: {last}"
