"""Zips on their way into the studio: kept as they came by the request, unpacked by the bytes lane.

The zip lies in media storage until its last picture is in. After each picture it is written down what became of it, so
a kill costs one picture's work: whoever goes on takes that one again, and what is here already is linked.
"""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from studio import tasks
from studio.errors import BadUpload, TooManyWaiting
from studio.models import Collection, Import, May, Membership
from studio.services import archives, durations, intake, roles
from studio.services.assets import media
from studio.services.unpacking import UNNAMED

MOST_WAITING = 5
BATCH = 100
NONE = "There is no picture in the zip."


def order(by: Membership, file: File[bytes], collection: Collection | None = None) -> Import:
    """Take a zip in, to be unpacked. Raises NotAllowed, TooManyWaiting, BadUpload, OSError when the disk fails."""
    roles.require_of(by, May.MAKE)
    if Import.objects.waiting().filter(person=by.person).count() >= MOST_WAITING:
        raise TooManyWaiting(f"{MOST_WAITING} of your zips are being unpacked. Let one of them end first.")
    with archives.opened(file, file.size) as entries:
        total = len(entries)
    if not total:
        raise BadUpload(NONE)
    name = intake.clean_name(file.name or "") or UNNAMED
    with media().temporary() as path:
        file.seek(0)
        sha256, _ = intake.copied(file, path)
        stored = media().store(path, by.workspace.public_id, sha256, kind="imports")
    with transaction.atomic():
        what = {"name": name, "file": stored, "total": total, "collection": collection}
        made = Import.objects.create(workspace=by.workspace, person=by.person, **what)
        transaction.on_commit(lambda: tasks.ring(tasks.unpack_import, made.pk))
    return made


def to_ring() -> list[int]:
    """Imports that nobody is at, although they could go on."""
    due = durations.database_now() - durations.FINISH_UNRUNG_AFTER
    return list(Import.objects.waiting().filter(not_before__lt=due).values_list("pk", flat=True)[:BATCH])
