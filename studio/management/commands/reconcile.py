"""Compare the provider's balance with the ledger, and print how each change of it is explained.

The balance is read by the process that holds the token, while nothing runs: claiming is held back until then. Exits
with 1 if nothing was read in time, or the books differ.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio import tasks
from studio.models import Attempt, AttemptState, Checkpoint, ProviderAccount
from studio.services import accounts, audit, durations, reconciliation

PAUSE = 0.5  # seconds between looks
HEAD = f"{'taken':16} {'balance':>10} {'fell by':>9} {'answers':>9} {'unknown':>9} {'external':>9}"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=120, help="seconds to wait for the calls process; 0: only print"
        )
        parser.add_argument("--last", type=int, default=20, help="how many changes to print")

    def handle(self, *args: Any, **options: Any) -> None:
        account = accounts.current()
        read = options["wait"] <= 0 or _read(account, options["wait"])
        self._print(account, options["last"])
        found = audit.broken()
        for line in found:
            self.stdout.write(line)
        if not read:
            raise CommandError("The balance was not read: is the calls process running, and did its calls end?")
        if found:
            raise CommandError(f"{len(found)} findings.")

    def _print(self, account: ProviderAccount, last: int) -> None:
        self.stdout.write(f"{account}\n{HEAD}")
        for each in reversed(Checkpoint.objects.filter(provider_account=account).order_by("-id")[:last]):
            amounts = (each.balance, each.drop, each.explained, each.billed, each.external)
            columns = " ".join(f"{units:>{10 if at == 0 else 9},}" for at, units in enumerate(amounts))
            self.stdout.write(f"{each.taken_at:%Y-%m-%d %H:%M} {columns}")
        unknown = Attempt.objects.filter(provider_account=account, state=AttemptState.UNKNOWN).count()
        self.stdout.write(f"{unknown} calls are unknown.")


def _read(account: ProviderAccount, seconds: float) -> bool:
    """Have the balance read and accounted for; False if that did not happen in time."""
    since, deadline = durations.database_now(), time.monotonic() + seconds
    reconciliation.raise_barrier(account)
    while time.monotonic() < deadline:
        if reconciliation.quiet_since(account):
            tasks.ring(tasks.check_provider)
        time.sleep(PAUSE)
        account.refresh_from_db()
        if account.balance_at and account.balance_at > since and account.hold_until is None:
            return True
    return False
