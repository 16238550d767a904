"""The trash: what was thrown away stays for 30 days, and then its files are removed.

Only the files: the row stays as `purged`, and with it the ledger, the prompt and the place in a lineage. A file that
another picture has as well, by the same content, stays with that one.
"""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from studio.models import Asset, AssetState, Rendition, User, Workspace
from studio.models.assets import AssetQuerySet
from studio.services import durations, searches
from studio.services.assets import media

log = logging.getLogger(__name__)

BATCH = 100


def days_left(trashed_at: datetime, now: datetime) -> int:
    """Whole days until a picture is purged, at least 0; the last day counts as one."""
    left = trashed_at + durations.TRASH_LIFE - now
    return max(0, -(-left // timedelta(days=1)))


def held(person: User, workspace: Workspace, before: str = "") -> AssetQuerySet:
    """What a person sees of the trash, the last thrown away first; `before` is the last picture of the page before."""
    found = Asset.objects.known_to(person).filter(workspace=workspace, state=AssetState.TRASHED).pictures()
    if last := found.filter(public_id=before).first() if before else None:
        found = found.filter(Q(trashed_at__lt=last.trashed_at) | Q(trashed_at=last.trashed_at, pk__lt=last.pk))
    return found.order_by("-trashed_at", "-pk")


def empty() -> int:
    """Purge what has lain in the trash for its time; how many pictures."""
    due = durations.database_now() - durations.TRASH_LIFE
    old = Asset.objects.filter(state=AssetState.TRASHED, trashed_at__lt=due).order_by("trashed_at")
    return sum(_purge(asset) for asset in old[:BATCH])


def _purge(asset: Asset) -> bool:
    files = {asset.file, *asset.renditions.values_list("file", flat=True)}
    with transaction.atomic():
        # One UPDATE decides against somebody who restores it at this moment.
        due = Asset.objects.filter(pk=asset.pk, state=AssetState.TRASHED, trashed_at=asset.trashed_at)
        if not due.update(state=AssetState.PURGED, placeholder=""):
            return False
        asset.renditions.all().delete()
        searches.changed([asset.pk])
    log.info("Purged %s", asset)
    _remove(files)
    return True


def _remove(files: Iterable[str]) -> None:
    """Remove those files that no picture has any more.

    A file may have been stored again a moment ago for a picture whose row is still to come. It is moved aside first,
    and goes back if it is young: whoever stores it after that move makes it anew.
    """
    for name in files:
        path = Path(media().path(name))
        aside = media().temporary_folder() / f"purged-{path.name}"
        if _is_used(name) or not path.exists():
            continue
        path.replace(aside)
        is_young = time.time() - aside.stat().st_mtime < durations.BLOB_SETTLES.total_seconds()
        if (is_young or _is_used(name)) and not path.exists():
            aside.replace(path)
        aside.unlink(missing_ok=True)


def _is_used(name: str) -> bool:
    living = Asset.objects.filter(sha256=Path(name).name, file=name).exclude(state=AssetState.PURGED)
    return living.exists() or Rendition.objects.filter(file=name).exists()
