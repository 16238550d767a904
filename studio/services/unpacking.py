"""Where zips are unpacked, one picture after the other. See `imports` for how they get there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from studio.errors import BadUpload, StudioError, WouldShare
from studio.models import Asset, Import, ImportState, NoticeKind
from studio.services import archives, collections, durations, events, intake, notices
from studio.services.assets import media

log = logging.getLogger(__name__)

Then = Callable[[int], None]

SLICE = 15.0  # seconds of work for one ring
MOST_TRIES = 5  # of one picture
UNNAMED = "A file without a name"
LOST = "The zip is not there any more. What is listed was added; add the zip again for the rest."
STUCK = "It could not be read, after many tries."


def unpack(import_id: int, then: Then) -> bool:
    """Go on with an import; whether it needs another ring. Harmless to repeat, by anybody, at any time.

    `then` is called with the key of each new picture.
    """
    found = _lease(import_id)
    if found is None:
        return False
    path = Path(media().path(found.file))
    try:
        with path.open("rb") as file, archives.opened(file, path.stat().st_size) as entries:
            if not _work(found, entries, then):
                Import.objects.waiting().filter(pk=import_id).update(not_before=durations.database_now())
                return True
    except FileNotFoundError:
        _end(found, ImportState.FAILED, LOST)
    except BadUpload as error:
        _end(found, ImportState.FAILED, error.message)
    except OSError as error:
        # A full or failing disk is not the pictures' fault.
        log.error("Import %s can't go on: %s", found, error)
        _put_off(found)
    else:
        _end(found, ImportState.DONE, _collect(found))
    return False


def _lease(import_id: int) -> Import | None:
    now = durations.database_now()
    due = Import.objects.waiting().filter(pk=import_id, not_before__lte=now)
    if not due.update(not_before=now + durations.FINISH_LEASE, tries=F("tries") + 1):
        return None
    return Import.objects.select_related("workspace", "person", "collection").get(pk=import_id)


def _work(found: Import, entries: Sequence[archives.Member], then: Then) -> bool:
    """Take in what is left, for a while; whether nothing is left."""
    until = time.monotonic() + SLICE
    for entry in entries[found.at :]:
        if found.tries > MOST_TRIES:
            # Whatever killed five workers gets no sixth.
            told: dict[str, Any] = {"name": _name(entry), "refusal": STUCK}
        else:
            told = _take(found, entry, then)
        if not _note(found, told) or time.monotonic() >= until:
            return False
    return True


def _name(entry: archives.Member) -> str:
    return intake.clean_name(entry.name) or UNNAMED


def _take(found: Import, entry: archives.Member, then: Then) -> dict[str, Any]:
    try:
        with archives.unpacked(entry) as file:
            upload = intake.take(found.person, found.workspace, file, then=then)
    except StudioError as error:
        return {"name": _name(entry), "refusal": error.message}
    notes = list(upload.notes)
    return {"name": _name(entry), "asset": upload.asset.public_id, "new": upload.is_new, "notes": notes}


def _note(found: Import, told: dict[str, Any]) -> bool:
    """Write down what became of a file; False if another worker has gone on meanwhile."""
    mine = Import.objects.waiting().filter(pk=found.pk, at=found.at)
    found.at, found.taken, found.tries = found.at + 1, [*found.taken, told], 0
    lease = durations.database_now() + durations.FINISH_LEASE
    if not mine.update(at=found.at, taken=found.taken, tries=0, not_before=lease):
        return False
    events.publish_files(found)
    return True


def _collect(found: Import) -> str:
    """Put what came into the collection it was meant for; why not, if so. For private ones the page asks."""
    if found.collection is None:
        return ""
    names = [each["asset"] for each in found.taken if "asset" in each]
    keys = dict(Asset.objects.visible_to(found.person).filter(public_id__in=names).values_list("public_id", "pk"))
    try:
        collections.add(found.person, found.collection, [keys[name] for name in names if name in keys])
    except WouldShare:
        return ""
    except StudioError as error:
        return error.message
    return ""


def _end(found: Import, state: ImportState, reason: str = "") -> None:
    ended = Import.objects.waiting().filter(pk=found.pk)
    if not ended.update(state=state, reason=reason[:400], ended_at=Now(), file=""):
        return
    # The same zip may have been brought twice, and is one file.
    if not Import.objects.filter(file=found.file).exists():
        media().delete(found.file)
    text, url = _in_words(found, state, reason), f"/uploads/{found.public_id}/"
    notices.tell([found.person], found.workspace, NoticeKind.FILES, text, url, f"import {found.pk}")
    events.publish_files(found)


def _in_words(found: Import, state: ImportState, reason: str) -> str:
    if state == ImportState.FAILED:
        return f"“{found.name}” could not be unpacked: {reason}"
    refused = sum("refusal" in each for each in found.taken)
    some = f", {refused:,} of {found.total:,} files refused" if refused else ""
    return f"“{found.name}” is unpacked{some}.{' ' if reason else ''}{reason}"


def _put_off(found: Import) -> None:
    wait = durations.after_try(found.tries + 2)
    Import.objects.waiting().filter(pk=found.pk).update(not_before=durations.database_now() + wait)
