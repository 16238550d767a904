"""Where exports are made, a few pictures at a time, so that a kill costs seconds and a big one holds up nobody.

A zip grows in a part file. What is in it for good is written to the database with where it lies, after the file is
durable: whoever goes on, after a kill or after the slice of time that one ring gets, cuts the file there and appends.
So memory holds one chunk of one file, whatever the size of the whole. Two workers never write one file: it is locked,
and a step counts only if it began where the last one ended.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import time
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from studio import pictures
from studio.models import Asset, Export, ExportItem, ExportState, ItemState, NoticeKind
from studio.models.exports import ExportKind
from studio.services import durations, events, facets, filenames, manifests, notices, origins, sheets
from studio.services.assets import media

log = logging.getLogger(__name__)

SLICE = 15.0  # seconds of work for one ring
STEP = 16  # pictures between two commits
MOST_TRIES = 5  # without getting on
KEPT = timedelta(days=7)
CHUNK = 2**20  # bytes copied at a time
EXPORTS = "/exports/"  # where one finds them
ZIP, PDF, ORIGINAL = "application/zip", "application/pdf", "original"
COPIED = ("format", "percent", "longest", "quality", "background")
GONE = "It is not here any more, or not for you."
LOST = "Its file is not in the media storage any more."
NOTHING = "None of the pictures could be exported."
EXTENSIONS = {
    "image/webp": "webp",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
}


class _Overtaken(Exception):
    """Another worker has gone on with this export."""


def pack(export_id: int) -> bool:
    """Go on with an export; whether it needs another ring. Harmless to repeat, by anybody, at any time."""
    export = _lease(export_id)
    if export is None:
        return False
    try:
        with _part(export) as file:
            _work(export, file)
    except (BlockingIOError, _Overtaken):
        return False
    except pictures.BadPicture as error:
        _not_drawn(export, error)
        return False
    except OSError as error:
        # A full or failing disk is not the pictures' fault.
        log.error("Export %s can't be written: %s", export.public_id, error)
        _put_off(export)
        return False
    export.refresh_from_db()
    return export.is_waiting


def _lease(export_id: int) -> Export | None:
    now = durations.database_now()
    due = Export.objects.waiting().filter(pk=export_id, not_before__lte=now)
    if not due.update(not_before=now + durations.FINISH_LEASE, tries=F("tries") + 1):
        return None
    export = Export.objects.select_related("workspace", "person").get(pk=export_id)
    if export.tries > MOST_TRIES:
        _end(export, ExportState.FAILED, reason="It could not be made, after many tries.")
        return None
    return export


@contextmanager
def _part(export: Export) -> Iterator[IO[bytes]]:
    """The export's part file, for this worker alone. Raises BlockingIOError when another one has it."""
    path = part_path(export)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield file
        finally:
            if not Export.objects.waiting().filter(pk=export.pk).exists():
                path.unlink(missing_ok=True)


def part_path(export: Export) -> Path:
    return media().temporary_folder() / f"export-{export.public_id}.part"


def _work(export: Export, file: IO[bytes]) -> None:
    if export.kind == ExportKind.SHEET:
        with media().temporary() as path:
            sheets.draw(export, path)
            _keep(export, path, f"{filenames.safe(export.label)}.pdf", PDF)
    elif export.is_zip:
        _grow(export, file)
    else:
        _one(export)


# --- one file -------------------------------------------------------------------------------------------------------


def _one(export: Export) -> None:
    (item,) = export.items.select_related("asset__job", "asset__person")
    with media().temporary() as path:
        try:
            item.name, source = _copy(export, item, path, taken=set())
        except pictures.BadPicture as error:
            _leave_out(item, error)
            export.left_out = 1
            _end(export, ExportState.FAILED, reason=item.reason)
        else:
            item.state = ItemState.DONE
            if source != path:
                shutil.copyfile(source, path)
            _keep(export, path, item.name, _media_type(item.name))
    item.save(update_fields=["state", "reason", "name"])
    _mark_exported([item])


def _media_type(name: str) -> str:
    extension = name.rpartition(".")[2]
    return next(media_type for media_type, known in EXTENSIONS.items() if known == extension)


def _copy(export: Export, item: ExportItem, path: Path, taken: Collection[str]) -> tuple[str, Path]:
    """A picture as it was ordered: what it is called, and its file, at `path` unless it is the original itself.

    Raises BadPicture with what the person reads.
    """
    asset = item.asset
    if not Asset.objects.visible_to(export.person).filter(pk=asset.pk, workspace=export.workspace_id).exists():
        raise pictures.BadPicture(GONE)
    options = dict(export.options)
    zone = ZoneInfo(export.workspace.time_zone)
    name = filenames.filled(options["name"], asset, item.position + 1, export.total, zone)
    source = asset if options["format"] == ORIGINAL else asset.source
    file = Path(media().path(source.file))
    if not file.exists():  # one that was lost must not cost the others
        raise pictures.BadPicture(LOST)
    if options["format"] == ORIGINAL:
        return filenames.unique(name, asset.extension, taken), file
    copy = {key: options[key] for key in COPIED if key in options}
    copy["source_type"] = origins.source_type(asset) if options.get("mark") else ""
    copy["prompt"] = asset.job.prompt if options.get("words") and asset.job else ""
    made = pictures.export(file, source.media_type, copy, path)
    return filenames.unique(name, EXTENSIONS[made.media_type], taken), path


def _leave_out(item: ExportItem, error: pictures.BadPicture) -> None:
    if error.may_read_again:
        raise OSError(str(error)) from error  # the machine was busy: the same again, later
    item.state, item.reason = ItemState.LEFT_OUT, str(error)[:200]


# --- a zip ----------------------------------------------------------------------------------------------------------


def _grow(export: Export, file: IO[bytes]) -> None:
    """Append pictures until the slice of time is over; with the last of them, the lists and the end."""
    until = time.monotonic() + SLICE
    with _archive(export, file) as archive:
        taken = {name.lower() for name in archive.namelist()}
        while items := list(_waiting(export)[:STEP]):
            for item in items:
                _add(export, item, archive, taken)
            _commit(export, items, archive)
            if time.monotonic() >= until:
                return
        if export.left_out < export.total:
            _write(archive, export, "manifest.csv", manifests.as_csv(_rows(export)))
            _write(archive, export, "manifest.json", manifests.as_json(_rows(export)))
    if export.left_out == export.total:
        _end(export, ExportState.FAILED, reason=NOTHING)
        return
    file.flush()
    _keep(export, part_path(export), f"{filenames.safe(export.label)}.zip", ZIP)


@contextmanager
def _archive(export: Export, file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The zip as it was committed last, to be appended to."""
    if os.fstat(file.fileno()).st_size < export.written:
        _begin_again(export)  # the part was swept meanwhile
    file.seek(export.written)
    file.truncate()
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for item in export.items.filter(state=ItemState.DONE).order_by("position").iterator():
            info = _info(export, item.name)
            info.header_offset, info.CRC = item.offset, item.crc
            info.file_size, info.compress_size = item.size, item.packed
            archive.filelist.append(info)
            archive.NameToInfo[info.filename] = info
        yield archive


def _info(export: Export, name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=export.created_at.timetuple()[:6])
    # Pictures are packed already; what is text is not.
    packs = name.endswith((".svg", ".csv", ".json"))
    info.compress_type = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def _waiting(export: Export) -> QuerySet[ExportItem]:
    found = export.items.filter(state=ItemState.WAITING).order_by("position")
    return found.select_related("asset__job", "asset__person").prefetch_related("asset__renditions")


def _add(export: Export, item: ExportItem, archive: zipfile.ZipFile, taken: set[str]) -> None:
    with media().temporary() as path:
        try:
            item.name, source = _copy(export, item, path, taken)
        except pictures.BadPicture as error:
            _leave_out(item, error)
            return
        info = _info(export, item.name)
        with source.open("rb") as read, archive.open(info, "w") as write:
            shutil.copyfileobj(read, write, CHUNK)
    taken.add(item.name.lower())
    item.state, item.offset = ItemState.DONE, info.header_offset
    item.size, item.packed, item.crc = info.file_size, info.compress_size, info.CRC


def _write(archive: zipfile.ZipFile, export: Export, name: str, lines: Iterable[bytes]) -> None:
    with archive.open(_info(export, name), "w", force_zip64=True) as write:
        for line in lines:
            write.write(line)


def _rows(export: Export) -> Iterator[dict[str, Any]]:
    done = export.items.filter(state=ItemState.DONE).order_by("position").select_related("asset__job", "asset__person")
    return (manifests.row(item) for item in done.iterator(chunk_size=200))


def _commit(export: Export, items: Sequence[ExportItem], archive: zipfile.ZipFile) -> None:
    """Write down how far the file goes, once it is durable. Raises _Overtaken."""
    file = archive.fp
    assert file is not None
    file.flush()
    os.fsync(file.fileno())
    left_out = export.left_out + sum(item.state == ItemState.LEFT_OUT for item in items)
    told = {"at": export.at + len(items), "left_out": left_out, "written": archive.start_dir, "tries": 0}
    with transaction.atomic():
        mine = Export.objects.waiting().filter(pk=export.pk, written=export.written, at=export.at)
        if not mine.update(**told, not_before=durations.database_now() + durations.FINISH_LEASE):
            raise _Overtaken
        ExportItem.objects.bulk_update(items, ["state", "reason", "name", "offset", "size", "packed", "crc"])
        _mark_exported(items)
        events.publish_files(export)
    for name, value in told.items():
        setattr(export, name, value)


def _begin_again(export: Export) -> None:
    log.warning("Export %s begins again: its part file is gone", export.public_id)
    with transaction.atomic():
        export.items.update(state=ItemState.WAITING, reason="")
        Export.objects.filter(pk=export.pk).update(at=0, left_out=0, written=0)
    export.at = export.left_out = export.written = 0


# --- the end --------------------------------------------------------------------------------------------------------


def _keep(export: Export, path: Path, name: str, media_type: str) -> None:
    """Put the finished file into media storage, and say that it is there."""
    with path.open("rb") as file:
        sha256, size = hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    stored = media().store(path, export.workspace.public_id, sha256, kind="exports")
    kept = {"file": stored, "name": name, "media_type": media_type, "size": size}
    if not _end(export, ExportState.READY, **kept, expires_at=durations.database_now() + KEPT):
        _remove(stored)  # nobody waits for it any more


@transaction.atomic
def _end(export: Export, state: ExportState, **told: object) -> bool:
    waiting = Export.objects.waiting().filter(pk=export.pk)
    ended = waiting.update(state=state, at=export.total, left_out=export.left_out, ended_at=Now(), **told)
    if ended:
        text = _in_words(export, state, str(told.get("reason", "")))
        notices.tell([export.person], export.workspace, NoticeKind.FILES, text, EXPORTS, f"export {export.pk}")
    events.publish_files(export)
    return bool(ended)


def _in_words(export: Export, state: ExportState, reason: str) -> str:
    if state == ExportState.FAILED:
        return f"Your export “{export.label}” could not be made: {reason}"
    some = f", without {export.left_out:,} of {export.total:,} pictures" if export.left_out else ""
    return f"Your export “{export.label}” is ready{some}. It is kept for {KEPT.days} days."


def _not_drawn(export: Export, error: pictures.BadPicture) -> None:
    if error.may_read_again:
        _put_off(export)
    else:
        _end(export, ExportState.FAILED, reason=str(error)[:400])


def _put_off(export: Export) -> None:
    wait = durations.after_try(export.tries + 2)
    Export.objects.waiting().filter(pk=export.pk).update(not_before=durations.database_now() + wait)


def _mark_exported(items: Iterable[ExportItem]) -> None:
    done = [item.asset_id for item in items if item.state == ItemState.DONE]
    if Asset.objects.filter(pk__in=done, exported_at=None).update(exported_at=Now()):
        facets.index(done)


def remove_old() -> int:
    """Delete the files of exports that were kept long enough. Returns how many."""
    removed = 0
    for export in Export.objects.filter(expires_at__lte=durations.database_now()).exclude(file="")[:STEP]:
        Export.objects.filter(pk=export.pk).update(state=ExportState.GONE, file="")
        _remove(export.file)
        removed += 1
    return removed


def _remove(name: str) -> None:
    # The same bytes may have been exported twice, and are one file.
    if not Export.objects.filter(file=name).exists():
        media().delete(name)


def to_ring() -> list[int]:
    """Exports that nobody is at, although they could go on."""
    due = durations.database_now() - durations.FINISH_UNRUNG_AFTER
    return list(Export.objects.waiting().filter(not_before__lt=due).values_list("pk", flat=True)[:STEP])
