"""What pictures are found by, kept beside them: facets, their counts, and the words of the search.

All of it is made from the assets, in the transaction that changes them, by whoever changes them: `index` brings the
rows of some assets up to date and writes only what differs.

A facet's rows are parted by scope, which says where a picture lies (among all the others, discarded, or in the trash)
and who sees it. Counts are kept per facet and scope, so nothing is ever counted, and nobody's private pictures are in
anybody else's numbers. A word is a facet of its own kind that has no rows: its counts and blocks, and the text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models.functions import Now

from studio.models import Asset, AssetFacet, AssetKind, AssetState, AssetText, Decision, Facet, Visibility
from studio.models.acting import Favorite
from studio.models.collections import CollectionItem
from studio.models.facets import DISCARDED, SHARED, TRASHED
from studio.recraft.image_models import IMAGE_MODELS
from studio.services import blocks, changes, looks
from studio.services.words import body, told

UPLOADED = "upload"  # the operation of what was uploaded
BANDS = 4  # of a perceptual hash, 16 bits each
CHUNK = 500
GOOD = 4  # stars
MOST_NAMES = 5000  # that are looked up with one statement

WORD = "word"  # the kind of facets that are words

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

    @property
    def facet(self) -> tuple[int, str, str]:
        return self[:3]


Text = tuple[int, str]  # the scope of a picture's words, and those
Entry = tuple[int, int, int, str]  # facet, scope, picture, and the facet's kind


@transaction.atomic
def index(assets: Iterable[int]) -> None:
    """Bring what some assets are found by up to date.

    The number of statements does not depend on how many assets there are, up to CHUNK of them. Call it once, at the
    end of the transaction that changes them: it takes a lock that is held until then.
    """
    ids, heard = sorted(set(assets)), set[changes.Heard]()
    _lock(ids)
    for start in range(0, len(ids), CHUNK):
        heard |= _index(ids[start : start + CHUNK])
    changes.tell(heard)


def wait(workspace: int) -> None:
    """Let the clock index all pictures of a workspace anew, because a day begins at another midnight there."""
    Asset.objects.filter(workspace=workspace).update(indexed_at=None)


def index_waiting(most: int = CHUNK) -> int:
    """Index some of the pictures that wait for it, the newest first. How many those were."""
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


def lock(workspace: int) -> None:
    """Be the only one who changes a workspace's counts and blocks, until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ADVISORY, workspace])


def _index(ids: list[int]) -> set[changes.Heard]:
    """The same for a chunk; who may hear of it."""
    assets = list(Asset.objects.filter(pk__in=ids).select_related("job__style", "workspace"))
    given = _given(ids)
    there, wanted = dict[Row, int | None](_rows_of(ids)), set[Row]()
    old, new = _texts_of(ids), dict[int, Text]()
    for asset in assets:
        if names := derived(asset):
            scope = scope_of(asset)
            every = {*names, *given[asset.pk]}
            if is_kept(asset, every):
                every |= {("kept", day) for kind, day in names if kind == "day"}
            wanted |= {Row(asset.workspace_id, *name, scope, asset.pk) for name in every}
            new[asset.pk] = (scope, text_of(asset))
        if old.get(asset.pk) != new.get(asset.pk):
            there |= dict.fromkeys(_words(asset, old), None)
            wanted |= _words(asset, new)
    _write(there, wanted)
    _write_texts({pk: text for pk, text in new.items() if text != old.get(pk)})
    AssetText.objects.filter(pk__in=old.keys() - new.keys()).delete()
    Asset.objects.filter(pk__in=ids).update(indexed_at=Now())
    return changes.hearers({row[:4] for row in there.keys() ^ wanted})


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


def _texts_of(ids: list[int]) -> dict[int, Text]:
    """The texts of some assets as they are, each with its scope."""
    kept = AssetText.objects.filter(pk__in=ids)
    return {pk: (scope, text) for pk, scope, text in kept.values_list("pk", "scope", "body")}


def _words(asset: Asset, texts: Mapping[int, Text]) -> set[Row]:
    scope, text = texts.get(asset.pk, (SHARED, ""))
    return {Row(asset.workspace_id, WORD, word, scope, asset.pk) for word in told(text)}


def _write(there: Mapping[Row, int | None], wanted: set[Row]) -> None:
    """Write what differs. Of what is there, the facets that are not told are looked up."""
    old, new = there.keys() - wanted, wanted - there.keys()
    known = facets_of({row.facet for row in (*new, *(row for row in old if there[row] is None))})
    gone = sorted((there[row] or known[row.facet], row.scope, row.asset, row.kind) for row in old)
    come = sorted((known[row.facet], row.scope, row.asset, row.kind) for row in new)
    _many("DELETE FROM studio_assetfacet WHERE facet_id = %s AND scope = %s AND asset_id = %s", _having_rows(gone))
    _many("INSERT INTO studio_assetfacet (facet_id, scope, asset_id) VALUES (%s, %s, %s)", _having_rows(come))
    _count(come, gone)
    blocks.change(*([entry[:3] for entry in every if entry[3] not in blocks.UNBLOCKED] for every in (come, gone)))


def _having_rows(entries: Iterable[Entry]) -> list[tuple[int, int, int]]:
    return [entry[:3] for entry in entries if entry[3] != WORD]


def _count(come: Iterable[Entry], gone: Iterable[Entry]) -> None:
    # Nobody asks how many pictures share a part of a hash, and there are as many parts as pictures.
    more, fewer = (Counter(entry[:2] for entry in every if not entry[3].startswith("look")) for every in (come, gone))
    _many(
        "INSERT INTO studio_facetcount (facet_id, scope, pictures) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING",
        sorted(more),
    )
    changed = sorted((by, *key) for key in more.keys() | fewer.keys() if (by := more[key] - fewer[key]))
    _many("UPDATE studio_facetcount SET pictures = pictures + %s WHERE facet_id = %s AND scope = %s", changed)


def facets_of(names: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    """The ids of some facets, of which those that are new are made."""
    found = _known(names)
    if missing := sorted(names - found.keys()):
        rows = [Facet(workspace_id=workspace, kind=kind, value=value) for workspace, kind, value in missing]
        Facet.objects.bulk_create(rows, ignore_conflicts=True)
        found |= _known(set(missing))
    return found


def _known(names: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    every, found = sorted(names), dict[tuple[int, str, str], int]()
    for start in range(0, len(every), MOST_NAMES):
        workspaces, kinds, values = (set(each) for each in zip(*every[start : start + MOST_NAMES], strict=True))
        rows = Facet.objects.filter(workspace__in=workspaces, kind__in=kinds, value__in=values)
        found |= {row[:3]: row[3] for row in rows.values_list("workspace_id", "kind", "value", "pk")}
    return {name: pk for name, pk in found.items() if name in names}


def _write_texts(texts: Mapping[int, Text]) -> None:
    _many(
        "INSERT INTO studio_assettext (asset_id, scope, body) VALUES (%s, %s, %s) "
        "ON CONFLICT (asset_id) DO UPDATE SET scope = excluded.scope, body = excluded.body",
        [(pk, *text) for pk, text in texts.items()],
    )


def _many(sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
