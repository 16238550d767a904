"""Spend by collection, on the monitor: a table whose rows overlap, and files of exactly what it shows."""

import json
from typing import Any

from django.http import HttpResponse

from studio.services import filed
from studio.services.filed import Filed
from studio.services.spending import Filter, Share
from studio.views import figures, sorting
from studio.views.doors import StudioRequest
from studio.views.sorting import Column

COLUMNS = (
    Column("name", "Collection", lambda share: share.label.lower()),
    Column("units", "Units", lambda share: share.units, is_number=True),
    Column("pictures", "Pictures", lambda share: share.pictures, is_number=True),
    Column("each", "Units each", lambda share: share.each, is_number=True),
)
FIELDS = ("collection", "name", "units", "pictures", "units_each")


def context(request: StudioRequest, chosen: Filter, total: Share) -> dict[str, Any]:
    """What the monitor shows: the table, sorted as its address says, and how much of everything lies in some."""
    found = filed.by_collection(chosen, request.user, total)
    table = sorting.table(request, "collections", COLUMNS, found.shares)
    return {"filed": found, "collections": table, "unnamed": (filed.PRIVATE, filed.NOWHERE)}


def download(request: StudioRequest, chosen: Filter, total: Share, extension: str) -> HttpResponse:
    """The rows in the order in which the page shows them: a table, or anything else as JSON."""
    found = context(request, chosen, total)
    rows = [_row(share) for share in found["collections"].rows]
    if extension == "csv":
        return figures.file("collections", figures.as_csv(FIELDS, rows), chosen, "csv")
    return figures.file("collections", _as_json(rows, found["filed"], chosen), chosen, "json")


def _row(share: Share) -> dict[str, Any]:
    return dict(zip(FIELDS, (share.key, share.label, share.units, share.pictures, share.each), strict=True))


def _as_json(rows: list[dict[str, Any]], found: Filed, chosen: Filter) -> str:
    told = {
        "since": chosen.range.since.isoformat(),
        "until": chosen.range.until.isoformat(),
        "time_zone": str(chosen.range.zone),
        "units": found.total.units,
        "units_in_collections": found.filed.units,
        "collections": rows,
    }
    return json.dumps(told, indent=1)
