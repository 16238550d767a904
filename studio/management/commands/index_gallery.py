"""Make what pictures are found by anew: facets, their counts, and the words of the search, with the names of pictures
that were made without words.

    manage.py index_gallery
    manage.py index_gallery --waiting

The clock does the pictures that are waiting by itself, and all of a workspace after its time zone was changed. All of
it at once is only needed to be sure.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from studio.models import Workspace
from studio.services import facets, reindexing


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--waiting", action="store_true", help="only pictures that the clock would do next")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["waiting"]:
            while done := facets.index_waiting():
                self.stdout.write(f"{done} pictures")
            return
        for workspace in Workspace.objects.order_by("pk"):
            self.stdout.write(f"{workspace}: {reindexing.rebuild(workspace)} pictures")
