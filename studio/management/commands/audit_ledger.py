"""Recompute the books from the ledger's entries and print what does not hold. Exits with 1 if anything is found."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.models import Budget, Entry
from studio.services import audit


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit.broken(files=True)
        for line in found:
            self.stdout.write(line)
        looked_at = f"{Budget.objects.count()} budgets, {Entry.objects.count()} entries"
        if found:
            raise CommandError(f"{len(found)} findings in {looked_at}.")
        self.stdout.write(f"The books agree: {looked_at}.")
