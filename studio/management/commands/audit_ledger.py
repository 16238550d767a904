"""Recompute the books from the ledger's entries and print what does not hold. Exits with 1 if anything is found.

With --recount the tallies, which pages of figures read, are first made anew from the entries.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.models import Budget, Entry, Tally
from studio.services import audit, tallies


class Command(BaseCommand):
    help = __doc__
    # What it reads are the books. To check the project would take longer than to look through a small one's.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recount", action="store_true", help="make the tallies anew from the entries first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["recount"]:
            tallies.recount_all()
        found = audit.broken(files=True)
        for line in found:
            self.stdout.write(line)
        looked_at = (
            f"{Budget.objects.count()} budgets, {Entry.objects.count()} entries, {Tally.objects.count()} tallies"
        )
        if found:
            raise CommandError(f"{len(found)} findings in {looked_at}.")
        self.stdout.write(f"The books agree: {looked_at}.")
