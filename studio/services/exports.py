"""The person's side of exports: an order is written down at once, and made by the bytes lane.

Which pictures somebody may see is asked again when each is packed: an order for one that was made private, trashed or
taken away meanwhile leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import Truncator

from studio import tasks
from studio.errors import InvalidRequest, TooManyWaiting
from studio.models import Asset, Export, ExportItem, Membership
from studio.models.exports import ExportKind, ExportState
from studio.pictures import BadPicture, copies
from studio.services import filenames
from studio.services.packing import ORIGINAL

MOST = 10_000
MOST_WAITING = 5
CHUNK = 1_000
NOTHING = "None of these pictures is there any more."


def order(by: Membership, assets: Sequence[int], options: Mapping[str, Any], label: str = "") -> Export:
    """Order files of these pictures, by their keys, in this order. Raises InvalidRequest, TooManyWaiting.

    `options`: `format` ("original" or one of a copy's), `name` (a template, see `filenames`), `mark` (say in the file
    that it was made by a model), `words` (and with which prompt), and what `pictures.copies.Copy` takes.
    """
    asked = {**options, "name": filenames.check(str(options.get("name") or ""))}
    if asked.get("format") != ORIGINAL:
        try:
            copies.read(asked)
        except BadPicture as error:
            raise InvalidRequest({"format": str(error)}) from error
    return _order(by, assets, label, ExportKind.COPIES, asked)


def order_sheet(by: Membership, assets: Sequence[int], label: str) -> Export:
    """Order a contact sheet. Raises InvalidRequest, TooManyWaiting."""
    if len(assets) > copies.MOST_ON_A_SHEET:
        raise InvalidRequest(
            {"assets": f"A contact sheet has room for {copies.MOST_ON_A_SHEET} pictures. Choose fewer."}
        )
    return _order(by, assets, label, ExportKind.SHEET, {})


@transaction.atomic
def _order(by: Membership, assets: Sequence[int], label: str, kind: ExportKind, options: Mapping[str, Any]) -> Export:
    if len(assets) > MOST:
        raise InvalidRequest({"assets": f"One export takes {MOST:,} pictures. Do it in parts."})
    if Export.objects.waiting().filter(person=by.person).count() >= MOST_WAITING:
        raise TooManyWaiting(f"{MOST_WAITING} of your exports are being made. Let one of them end first.")
    there = _there(by, assets)
    if not there:
        raise InvalidRequest({"assets": NOTHING})
    export = Export(
        workspace=by.workspace,
        person=by.person,
        kind=kind,
        label=Truncator(label or _label(there)).chars(120),
        options=dict(options),
        total=len(there),
    )
    export.save(force_insert=True)
    rows = (ExportItem(export=export, asset_id=pk, position=at) for at, pk in enumerate(there))
    ExportItem.objects.bulk_create(rows, batch_size=CHUNK)
    transaction.on_commit(lambda: tasks.ring(tasks.pack_export, export.pk))
    return export


def _there(by: Membership, assets: Sequence[int]) -> list[int]:
    asked, found = list(dict.fromkeys(assets)), set()
    for at in range(0, len(asked), CHUNK):
        seen = Asset.objects.visible_to(by.person).pictures().filter(workspace=by.workspace)
        found |= set(seen.filter(pk__in=asked[at : at + CHUNK]).values_list("pk", flat=True))
    return [pk for pk in asked if pk in found]


def _label(assets: Sequence[int]) -> str:
    if len(assets) > 1:
        return f"{len(assets):,} pictures"
    return Asset.objects.select_related("job").get(pk=assets[0]).title


def delete(export: Export) -> None:
    """Be done with an export, or with making it. Its file goes at the next tidying; until then nobody gets it."""
    Export.objects.filter(pk=export.pk, state__in=(ExportState.WAITING, ExportState.READY)).update(
        state=ExportState.GONE, expires_at=export.created_at
    )
