"""What pictures are found by, kept beside them: facets, their counts, and the words of the search.

All of it is made from the assets, in the transaction that changes them, by whoever changes them: `index` brings the
rows of some assets up to date and writes only what differs.

A facet's rows are parted by scope, which says where a picture lies (among all the others, discarded, or in the trash)
and who sees it. Counts are kept per facet and scope, so nothing is ever counted, and nobody's private pictures are in
anybody else's numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import log
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models.functions import Now

from studio.models import Asset, AssetFacet, AssetKind, AssetState, AssetText, Decision, Facet, Visibility, Workspace
from studio.models.acting import Favorite
from studio.models.collections import CollectionItem
from studio.models.facets import DISCARDED, SHARED, TRASHED
from studio.recraft.image_models import IMAGE_MODELS
from studio.services import looks
from studio.services.words import BREAK, body

UPLOADED = "upload"  # the operation of what was uploaded
BANDS = 4  # of a perceptual hash, 16 bits each
CHUNK = 500
GOOD = 4  # stars

Named = tuple[str, str]  # a facet's kind and value

_ADVISORY = 0x617465  # "ate": the class of the studio's advisory locks
ASPECTS = {
    aspect: log(int(aspect.partition(":")[0]) / int(aspect.partition(":")[2]))
    for aspect in next(iter(IMAGE_MODELS.values())).sizes
}


class Row(NamedTuple):
    """A picture under a facet that may not have its id yet."""

    workspace: int
    kind: str
    value: str
    scope: int
    asset: int


@transaction.atomic
def index(assets: Iterable[int]) -> None:
    """Bring what some assets are found by up to date.

    The number of statements does not depend on how many assets there are, up to CHUNK of them. Call it once, at the
    end of the transaction that changes them: it takes a lock that is held until then.
    """
    ids = sorted(set(assets))
    _lock(ids)
    for start in range(0, len(ids), CHUNK):
        _index(ids[start : start + CHUNK])


def rebuild(workspace: Workspace) -> int:
    """Make everything anew for a workspace; how many pictures it has."""
    last, done = 0, 0
    while batch := list(
        Asset.objects.filter(workspace=workspace, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        index(batch)
        last, done = batch[-1], done + len(batch)
    return done


def index_waiting(most: int = CHUNK) -> int:
    """Index some of the pictures that nobody has indexed yet, the newest first. How many those were."""
    waiting = list(Asset.objects.filter(indexed_at=None).order_by("-pk").values_list("pk", flat=True)[:most])
    if waiting:
        index(waiting)
    return len(waiting)


# --- what an asset is found by --------------------------------------------------------------------------------------


def scope_of(asset: Asset) -> int:
    """Where it lies and who sees it, as a number."""
    shelf = TRASHED if asset.state == AssetState.TRASHED else SHARED
    if not shelf and asset.decision == Decision.DISCARDED:
        shelf = DISCARDED
    return shelf + (asset.person_id if asset.visibility == Visibility.PRIVATE else 0)


def scopes(person: int, shelf: int = SHARED) -> tuple[int, int]:
    """What somebody sees: what everybody does, and what is theirs alone."""
    return shelf, shelf + person


def place_of(workspace: int, scope: int) -> str:
    """A word for a workspace's scope, which no prompt has: words are never this one's shape."""
    return f"w{workspace}s{scope}"


def derived(asset: Asset) -> list[Named]:
    """The facets an asset has by what it is. Its job, its job's style and its workspace are at hand."""
    if asset.kind == AssetKind.MASK or asset.state == AssetState.PURGED:
        return []
    job, made = asset.job, asset.created_at.astimezone(ZoneInfo(asset.workspace.time_zone))
    found = [
        ("all", ""),
        ("person", str(asset.person_id)),
        ("operation", job.operation if job else UPLOADED),
        ("kind", "vector" if asset.is_vector else "raster"),
        ("aspect", nearest_aspect(asset.width, asset.height)),
        ("rating", str(asset.rating)),
        ("cost", f"{asset.units:06}"),
        ("month", made.strftime("%Y-%m")),
        ("day", made.strftime("%Y-%m-%d")),
    ]
    if job and job.image_model:
        found.append(("model", job.image_model))
    if job and (style := job.style.public_id if job.style else job.params.get("style")):
        found.append(("style", str(style)))
    if asset.decision == Decision.ACCEPTED:
        found.append(("state", "accepted"))
    if asset.approved_at:
        found.append(("state", "approved"))
    found += [("tag", tag) for tag in asset.tags]
    found += [("color", name) for name in looks.names(asset.colors)]
    found += [("cell", cell) for cell in looks.cells(asset.colors)]
    return [*found, *bands(asset.phash)]


def is_kept(asset: Asset, facets: Collection[Named]) -> bool:
    """Whether somebody thought a picture worth its units: well rated, approved, exported, or anybody's favorite."""
    judged = asset.rating >= GOOD or asset.approved_at or asset.exported_at
    return bool(judged) or any(kind == "favorite" for kind, _ in facets)


def nearest_aspect(width: int, height: int) -> str:
    """The one of the catalogue's aspects that a picture has, or is closest to."""
    ratio = log(max(width, 1) / max(height, 1))
    return min(ASPECTS, key=lambda aspect: abs(ASPECTS[aspect] - ratio))


def bands(phash: int | None) -> list[Named]:
    """A perceptual hash in four parts: alike pictures have at least one of them in common, or nearly."""
    if phash is None:
        return []
    return [(f"look{at}", f"{phash >> 16 * at & 0xFFFF:04x}") for at in range(BANDS)]


def text_of(asset: Asset) -> str:
    """The words of an asset's search: title, prompt, file name, note, and each tag."""
    prompt = asset.job.prompt if asset.job else ""
    return body(asset.given_title, prompt, asset.name, asset.note, *asset.tags)


# --- the rows -------------------------------------------------------------------------------------------------------


def _lock(ids: list[int]) -> None:
    """Wait for whoever changes one of these, then be the only one who changes the workspaces' counts.

    The rows come first: a transaction that has changed its assets holds them already, and must find the other lock
    free or held by somebody who waits for nothing.
    """
    if connection.vendor != "postgresql" or not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM studio_asset WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id::int) FROM "
            "(SELECT DISTINCT workspace_id AS id FROM studio_asset WHERE id = ANY(%s) ORDER BY 1) AS touched",
            [_ADVISORY, ids],
        )


def _index(ids: list[int]) -> None:
    assets = list(Asset.objects.filter(pk__in=ids).select_related("job__style", "workspace"))
    given = _given(ids)
    wanted: set[Row] = set()
    for asset in assets:
        if names := derived(asset):
            scope = scope_of(asset)
            every = {*names, *given[asset.pk]}
            if is_kept(asset, every):
                every |= {("kept", day) for kind, day in names if kind == "day"}
            wanted |= {Row(asset.workspace_id, *name, scope, asset.pk) for name in every}
    _write(_rows_of(ids), wanted)
    _write_texts([asset for asset in assets if derived(asset)])
    AssetText.objects.filter(pk__in=[asset.pk for asset in assets if not derived(asset)]).delete()
    Asset.objects.filter(pk__in=ids).update(indexed_at=Now())


def _given(ids: list[int]) -> defaultdict[int, list[Named]]:
    """What stands in other tables: whose favorites some assets are, and in which collections they are."""
    found: defaultdict[int, list[Named]] = defaultdict(list)
    for asset, person in Favorite.objects.filter(asset__in=ids).values_list("asset_id", "person_id"):
        found[asset].append(("favorite", str(person)))
    items = CollectionItem.objects.filter(asset__in=ids)
    for asset, collection in items.values_list("asset_id", "collection__public_id"):
        found[asset].append(("collection", collection))
    return found


def _rows_of(ids: list[int]) -> dict[Row, int]:
    """The rows of some assets as they are, each with the id of its facet."""
    rows = AssetFacet.objects.filter(asset__in=ids).values_list(
        "facet__workspace_id", "facet__kind", "facet__value", "scope", "asset_id", "facet_id"
    )
    return {Row(*row[:5]): row[5] for row in rows}


def _write(there: dict[Row, int], wanted: set[Row]) -> None:
    gone = sorted((facet, row.scope, row.asset) for row, facet in there.items() if row not in wanted)
    new = wanted - there.keys()
    facets = _facets({(row.workspace, row.kind, row.value) for row in new})
    come = sorted((facets[row.workspace, row.kind, row.value], row.scope, row.asset) for row in new)
    _many("DELETE FROM studio_assetfacet WHERE facet_id = %s AND scope = %s AND asset_id = %s", gone)
    _many("INSERT INTO studio_assetfacet (facet_id, scope, asset_id) VALUES (%s, %s, %s)", come)
    more = Counter((facets[row.workspace, row.kind, row.value], row.scope) for row in new if _counted(row))
    fewer = Counter((facet, row.scope) for row, facet in there.items() if row not in wanted and _counted(row))
    _many(
        "INSERT INTO studio_facetcount (facet_id, scope, pictures) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING",
        sorted(more),
    )
    changed = sorted((by, *key) for key in more.keys() | fewer.keys() if (by := more[key] - fewer[key]))
    _many("UPDATE studio_facetcount SET pictures = pictures + %s WHERE facet_id = %s AND scope = %s", changed)


def _counted(row: Row) -> bool:
    # Nobody asks how many pictures share a part of a hash, and there are as many parts as pictures.
    return not row.kind.startswith("look")


def _facets(names: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    """The ids of some facets, of which those that are new are made."""
    found = _known(names)
    if missing := sorted(names - found.keys()):
        rows = [Facet(workspace_id=workspace, kind=kind, value=value) for workspace, kind, value in missing]
        Facet.objects.bulk_create(rows, ignore_conflicts=True)
        found |= _known(set(missing))
    return found


def _known(names: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    workspaces = {workspace for workspace, _, _ in names}
    kinds, values = {kind for _, kind, _ in names}, {value for _, _, value in names}
    rows = Facet.objects.filter(workspace__in=workspaces, kind__in=kinds, value__in=values)
    found = {(row[0], row[1], row[2]): row[3] for row in rows.values_list("workspace_id", "kind", "value", "pk")}
    return {name: pk for name, pk in found.items() if name in names}


def _write_texts(assets: list[Asset]) -> None:
    there = {text.pk: (text.place, text.body) for text in AssetText.objects.filter(pk__in=[a.pk for a in assets])}
    texts = [(asset.pk, place_of(asset.workspace_id, scope_of(asset)), text_of(asset)) for asset in assets]
    rows: list[tuple[Any, ...]] = [text for text in texts if there.get(text[0]) != text[1:]]
    columns, holes = "asset_id, place, body", "%s, %s, %s"
    if connection.vendor == "postgresql":
        columns, holes = f"{columns}, words", f"{holes}, %s::tsvector"
        rows = [(*row, tsvector(row[1], row[2])) for row in rows]
    changes = ", ".join(f"{each} = excluded.{each}" for each in columns.split(", ")[1:])
    _many(
        f"INSERT INTO studio_assettext ({columns}) VALUES ({holes}) "  # noqa: S608  names that stand above
        f"ON CONFLICT (asset_id) DO UPDATE SET {changes}",
        rows,
    )


def tsvector(place: str, text: str) -> str:
    """The words of a body with their positions, and its place, as PostgreSQL writes them."""
    at: dict[str, list[str]] = {}
    for position, word in enumerate(text.split(), 1):
        if word != BREAK:
            at.setdefault(word, []).append(str(position))
    return " ".join([f"':{place}'", *(f"'{word}':{','.join(positions)}" for word, positions in at.items())])


def _many(sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
