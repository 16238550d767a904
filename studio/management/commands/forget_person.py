"""Take a person's name and address out of the studio. What they made and spent stays, and adds up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.errors import StudioError
from studio.models import User
from studio.services import members


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="don't ask: it can't be undone")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"].strip()).first()
        if person is None:
            raise CommandError(f"There is nobody with the address {options['email']}.")
        if not options["yes"] and input(f"Forget {person} for good? Type their address: ").strip() != person.email:
            raise CommandError("Nobody was forgotten.")
        try:
            members.forget(person)
        except StudioError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Forgotten. In lists they are a former member, number {person.pk}.")
