"""Bring the database and the static files up to date, and print the path of the first owner's link, if one is needed.

What comes before every start, in one command: most of the time of each of the three goes into starting an interpreter.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

QUIET = {"interactive": False, "verbosity": 0}


class Command(BaseCommand):
    help = __doc__
    # As for `migrate`: a database that has not been migrated is no fault yet.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", skip_checks=False, **QUIET)
        collect_static()
        call_command("first_link", stdout=self.stdout)


def collect_static() -> None:
    """Make the served static files anew, unless they were made of exactly the sources that are here.

    Django's own command keeps what is younger than its source, but a release may be older than the last start.
    """
    served = Path(settings.STATIC_ROOT)
    made_of, sources = served.with_name("static.sources"), "\n".join(_sources())
    if served.is_dir() and made_of.is_file() and made_of.read_text() == sources:
        return
    made_of.unlink(missing_ok=True)
    call_command("collectstatic", clear=True, **QUIET)
    made_of.write_text(sources)


def _sources() -> Iterator[str]:
    """What tells one set of sources from another."""
    yield settings.STORAGES["staticfiles"]["BACKEND"]
    for finder in get_finders():
        for path, storage in finder.list([]):
            source = Path(storage.path(path)).stat()
            yield f"{path} {source.st_size} {source.st_mtime_ns}"
