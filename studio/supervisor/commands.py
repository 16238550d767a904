"""Django's management commands, run for their result."""

import subprocess
from collections.abc import Mapping, Sequence

from studio.supervisor.programs import python
from studio.supervisor.settings import ROOT, BadSetting

# Both before every start: an update of the studio may bring migrations and new files.
PREPARE = (("migrate", "--noinput"), ("collectstatic", "--noinput"))


def prepare(told: Mapping[str, str]) -> None:
    """Bring the database and the static files up to date. Raises BadSetting with the last words of what failed."""
    running = [(arguments, _start(told, arguments)) for arguments in PREPARE]
    # All are waited for before the first failure is told: nothing is left running behind it.
    ended = [(arguments, *child.communicate(), child.returncode) for arguments, child in running]
    for arguments, printed, complaints, code in ended:
        if code:
            raise BadSetting(_sentence(arguments[0], (complaints or printed).strip()))


def first_link(told: Mapping[str, str]) -> str:
    """The path by which the first owner signs in, once; empty when there is an owner already."""
    printed, _ = _start(told, ("first_link",)).communicate()
    words = printed.split()
    return words[-1] if words and words[-1].startswith("/") else ""


def _start(told: Mapping[str, str], arguments: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command line
        python("manage.py", *arguments, "--verbosity", "0"),
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
