"""Contact sheets of what somebody chose: drawn from the renditions, so that hundreds of pictures take seconds."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from studio import pictures
from studio.models import Asset, Export, ItemState, Rendition
from studio.services.assets import media

TILE = "tile"


def draw(export: Export, to: Path) -> None:
    """Draw the sheet of an export; pictures without a rendition, or gone, are left out. Raises BadPicture, OSError."""
    items = export.items.order_by("position").select_related("asset__job", "asset__person")
    seen = set(
        Asset.objects.visible_to(export.person)
        .filter(pk__in=[item.asset_id for item in items])
        .values_list("pk", flat=True)
    )
    tiles = {tile.asset_id: tile for tile in Rendition.objects.filter(name=TILE, asset__in=seen)}
    zone = ZoneInfo(export.workspace.time_zone)
    entries = [_entry(item.asset, tiles[item.asset_id], zone) for item in items if item.asset_id in tiles]
    pictures.sheet(export.label, entries, to)
    export.items.filter(asset__in=list(tiles)).update(state=ItemState.DONE)
    export.left_out = len(items) - len(entries)


def _entry(asset: Asset, tile: Rendition, zone: ZoneInfo) -> dict[str, Any]:
    note = f"{asset.person.name or asset.person.email}, {asset.created_at.astimezone(zone):%Y-%m-%d}"
    return {"path": media().path(tile.file), "media_type": tile.media_type, "title": asset.title[:200], "note": note}
