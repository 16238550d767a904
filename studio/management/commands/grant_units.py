"""Raise what somebody, or a whole workspace, may spend in all; a negative number takes some back.

    manage.py grant_units ann@example.com 5000 --reason "Spring campaign"
    manage.py grant_units --workspace Studio 20000 --reason "Invoice 17"

A person who belongs to several workspaces has a budget in each: name the one with --workspace.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.models import Budget, User, Workspace
from studio.services import accounts, budgets, ledger


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", nargs="?", help="an e-mail address; without one, --workspace gets the units")
        parser.add_argument("units", type=int)
        parser.add_argument("--workspace", help="its name or public id")
        parser.add_argument("--reason", required=True, help="kept in the ledger for good")
        parser.add_argument("--by", help="the e-mail address of who decided this")

    def handle(self, *args: Any, **options: Any) -> None:
        person = _person(options["person"]) if options["person"] else None
        total = _total(person, options["workspace"])
        by = _person(options["by"]) if options["by"] else None
        moved = ledger.grant(total, options["units"], actor=by, reason=options["reason"][:200])
        total.refresh_from_db()
        whose = person or total.account.workspace
        self.stdout.write(
            f"{whose}: {moved:+,} units; {total.used:,} of {total.limit or 0:,} used, {total.left:,} left."
        )


def _person(email: str) -> User:
    try:
        return User.objects.get(email__iexact=email)
    except User.DoesNotExist as error:
        raise CommandError(f"Nobody here has the address {email}.") from error


def _total(person: User | None, named: str | None) -> Budget:
    found = person.workspaces.all() if person else Workspace.objects.all()
    if named:
        found = found.filter(public_id=named) or found.filter(name=named)
    elif person is None:
        raise CommandError("Name a person, or a workspace with --workspace.")
    if len(found) != 1:
        raise CommandError(f"{len(found)} workspaces fit; name one by its public id: --workspace ...")
    (workspace,) = found
    current = accounts.current()
    return budgets.open_person(current, workspace, person) if person else budgets.open_workspace(current, workspace)
