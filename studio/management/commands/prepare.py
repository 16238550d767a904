"""Bring the database and the static files up to date, and print the path of the first owner's link, if one is needed.

What comes before every start, in one command: most of the time of each of the three goes into starting an interpreter.
"""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = __doc__
    # As for `migrate`: a database that has not been migrated is no fault yet.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"interactive": False, "verbosity": 0}
        call_command("migrate", skip_checks=False, **quiet)
        # Anew: it would keep what is younger than the source, and a release may be older than the last start.
        call_command("collectstatic", clear=True, **quiet)
        call_command("first_link", stdout=self.stdout)
