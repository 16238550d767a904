"""Print the path of a one-time link that signs the first owner in, or nothing once they have a password."""

from typing import Any

from django.core.management.base import BaseCommand

from studio.services import members


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        token = members.first_link()
        if token is not None:
            self.stdout.write(f"/welcome/{token}/")
