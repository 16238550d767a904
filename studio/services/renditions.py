"""The derived copies of an asset: two sizes, a tiny placeholder, its dominant colors. Never made in a request."""

import logging
import tempfile
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from studio import pictures
from studio.models import Asset, AssetKind, AssetState, Rendition
from studio.models.assets import AssetQuerySet
from studio.services import events, facets
from studio.services.assets import media

log = logging.getLogger(__name__)

MOST_TRIES = 5


def make(asset_id: int) -> None:
    """Make the renditions of one asset, once; harmless to repeat."""
    asset = Asset.objects.select_related("workspace", "job").filter(pk=asset_id, rendered_at=None).first()
    if asset is None:
        return
    Asset.objects.filter(pk=asset.pk).update(render_tries=F("render_tries") + 1)
    with tempfile.TemporaryDirectory(dir=media().temporary_folder()) as folder:
        try:
            source = asset.source
            look = pictures.render(Path(media().path(source.file)), source.media_type, Path(folder))
        except pictures.BadPicture as error:
            log.error("Asset %s can't be rendered: %s", asset, error)
            facets.index([asset.pk])
            return
        _save(asset, look)


def _save(asset: Asset, look: pictures.Look) -> None:
    rows = [
        Rendition(
            asset=asset,
            name=derived.name,
            media_type=derived.media_type,
            width=derived.width,
            height=derived.height,
            file=media().store_rendition(derived.path, asset.workspace.public_id),
        )
        for derived in look.renditions
    ]
    with transaction.atomic():
        Rendition.objects.bulk_create(rows, ignore_conflicts=True)
        Asset.objects.filter(pk=asset.pk).update(
            placeholder=look.placeholder,
            colors=[list(color) for color in look.colors],
            phash=look.phash,
            rendered_at=Now(),
        )
        facets.index([asset.pk])
        if asset.job:
            events.publish(asset.job)


def hash_waiting(most: int) -> int:
    """Give some pictures that were rendered before there were hashes theirs; how many were looked at."""
    waiting = _unhashed().order_by("-pk")[:most]
    tiles = {tile.asset_id: tile for tile in Rendition.objects.filter(name="tile", asset__in=list(waiting))}
    for asset in waiting:
        tile = tiles.get(asset.pk)
        Asset.objects.filter(pk=asset.pk).update(phash=_hash(tile) if tile else 0, indexed_at=None)
    return len(waiting)


def any_unhashed() -> bool:
    return _unhashed().exists()


def _unhashed() -> AssetQuerySet:
    waiting = Asset.objects.filter(phash=None, state=AssetState.STORED, rendered_at__isnull=False)
    return waiting.exclude(kind=AssetKind.MASK)


def _hash(tile: Rendition) -> int:
    try:
        return pictures.phash(Path(media().path(tile.file)))
    except (pictures.BadPicture, OSError) as error:
        log.warning("No hash for asset %s: %s", tile.asset_id, error)
        return 0
