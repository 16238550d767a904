"""The gallery: which pictures somebody sees, a page at a time, and what there is to find. See `services.looking`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core import signing

from studio.models import Asset, AssetState, User, Visibility, Workspace
from studio.models.facets import SHARED, TRASHED
from studio.models.statements import rows
from studio.services import facets, looks, walks
from studio.services.looking import ALL, Cursor, Found, Look, Phrase, Search, Sort, Term
from studio.services.strides import MOST_STEPS
from studio.services.walks import Span

__all__ = ["ALL", "PAGE", "Cursor", "Page", "Phrase", "Search", "Sort", "Term"]

PAGE = 60
SHOWN = (
    *("public_id", "workspace", "person", "job", "state", "kind", "decision", "visibility", "rating", "given_title"),
    *("name", "media_type", "width", "height", "sha256", "placeholder", "rendered_at", "created_at", "approved_at"),
    *("units", "trashed_at", "job__params", "job__operation"),
)
MOST_ALIKE = 120  # pictures that are shown as alike
MOST_CANDIDATES = 300  # that are looked at for each part of the hash, and for each color
_signer = signing.Signer(salt="studio.gallery")


@dataclass(frozen=True)
class Page:
    """Some pictures in order. `stopped`: it gave up looking and can go on at `after`; `reached`: when that was made."""

    assets: list[Asset]
    before: Cursor | None = None
    after: Cursor | None = None
    stopped: bool = False
    reached: datetime | None = None


def page(
    person: User, workspace: Workspace, search: Search, cursor: Cursor | None = None, *, back: bool = False
) -> Page:
    """The pictures after a cursor, or before it; without one those that the list begins with. At most PAGE."""
    look = Look(person, workspace, search)
    found = look.find(cursor, back, PAGE)
    assets = fetch(person, workspace, search.shelf, [place.id for place in found.places])
    first, last = (found.places[0], found.places[-1]) if found.places else (cursor, cursor)
    if back:
        return Page(assets, before=found.further, after=last, stopped=found.stopped)
    return Page(assets, first if cursor else None, found.further, found.stopped, _reached(look, found))


def _reached(look: Look, found: Found) -> datetime | None:
    if not found.stopped or found.further is None or look.search.sort.by_value:
        return None
    return Asset.objects.filter(pk=look.beyond(found.further) or 0).values_list("created_at", flat=True).first()


def ids(person: User, workspace: Workspace, search: Search, limit: int) -> list[int]:
    """The pictures of a search in its order, for something to be done with all of them; at most `limit`."""
    look = Look(person, workspace, search)
    found = look.find(None, False, min(limit, MOST_STEPS))
    every = found.places
    while found.further and len(every) < limit:
        found = look.find(found.further, False, min(limit - len(every), MOST_STEPS))
        every += found.places
    return [place.id for place in every]


def newer(person: User, workspace: Workspace, search: Search, cursor: Cursor | None, most: int) -> int:
    """How many pictures of a search came since the newest that was seen; at most `most`."""
    look = Look(person, workspace, replace(search, sort=Sort.NEWEST))
    return len(look.find(cursor, cursor is not None, most).places)


def fetch(person: User, workspace: Workspace, shelf: int, wanted: Sequence[int]) -> list[Asset]:
    """Pictures for tiles, in the order of their ids given; what this person may not see is left out."""
    # Only what a tile shows: reading the times of jobs would be most of the work.
    assets = Asset.objects.filter(pk__in=wanted, workspace=workspace).select_related("job").only(*SHOWN)
    state = AssetState.TRASHED if shelf == TRASHED else AssetState.STORED
    # The rows that were walked say the same; whoever sees a picture is worth saying twice.
    found = {asset.pk: asset for asset in assets if asset.state == state and _sees(person, asset)}
    for asset in found.values():
        asset.workspace = workspace
    return [found[each] for each in wanted if each in found]


def _sees(person: User, asset: Asset) -> bool:
    return asset.visibility == Visibility.WORKSPACE or asset.person_id == person.pk


def values(person: User, workspace: Workspace, kind: str, shelf: int = SHARED, most: int = 60) -> list[tuple[str, int]]:
    """The values of a kind that this person's pictures have, each with how many; the most frequent first."""
    # Not a join: PostgreSQL would read all counts that there are, as soon as a kind has many values.
    sql = (
        "WITH found AS MATERIALIZED (SELECT facet.value, (SELECT sum(kept.pictures) FROM studio_facetcount AS kept "  # noqa: S608
        "WHERE kept.facet_id = facet.id AND kept.scope IN (%s, %s)) AS pictures FROM studio_facet AS facet "
        "WHERE facet.workspace_id = %s AND facet.kind = %s) "
        f"SELECT value, pictures FROM found WHERE pictures > 0 ORDER BY pictures DESC, value LIMIT {int(most)}"
    )
    found = rows(sql, *facets.scopes(person.pk, shelf), workspace.pk, kind)
    return [(str(value), int(pictures)) for value, pictures in found]


def many(person: User, workspace: Workspace, terms: Iterable[Term], shelf: int = SHARED) -> dict[Term, int]:
    """How many pictures of this person some terms have, by what is kept."""
    asked = tuple(terms)
    look = Look(person, workspace, Search(asked, shelf=shelf))
    return {term: look.pictures(term) for term in asked}


def per_day(person: User, workspace: Workspace, days: Sequence[str]) -> dict[str, int]:
    """How many pictures of this person each of these days has, by what is kept. One statement for all of them."""
    term = Term("day", tuple(days))
    found = Counter(dict.fromkeys(days, 0))
    for each in Look(person, workspace, Search((term,))).fitting(term):
        found[each.value] += each.pictures
    return dict(found)


def start_of(person: User, workspace: Workspace, month: str, shelf: int = SHARED) -> Cursor | None:
    """Where the pictures of a month ("2026-03") begin in a list of the newest first; None if it has none."""
    look = Look(person, workspace, Search((term := Term("month", (month,)),), shelf=shelf))
    ends = walks.ends([each.facet for each in look.fitting(term)], look.scopes)
    return Cursor(ends[1] + 1) if ends else None


def similar(person: User, workspace: Workspace, search: Search, public_id: str) -> list[Asset]:
    """What looks like a picture and is of a search, the most alike first; nothing where the picture is not seen."""
    asset = Asset.objects.visible_to(person).filter(workspace=workspace, public_id=public_id).first()
    if asset is None:
        return []
    look = Look(person, workspace, search)
    near = list(dict.fromkeys(_look_alikes(look, asset)))
    mine = (asset.phash or 0, asset.colors)
    rows = Asset.objects.filter(pk__in=near, phash__isnull=False).values_list("pk", "phash", "colors")
    by = sorted((looks.unlike(mine, (phash or 0, colors)), -pk) for pk, phash, colors in rows)
    return fetch(person, workspace, search.shelf, [-pk for unlike, pk in by if unlike < looks.ALIKE][:MOST_ALIKE])


def _look_alikes(look: Look, asset: Asset) -> Iterator[int]:
    """Pictures that share a part of the hash, or nearly, and the newest that share most of the colors."""
    tests = look.tests()
    probes = [Term(kind, looks.near_bits(value)) for kind, value in facets.bands(asset.phash)]
    for term in (*probes, *(Term("cell", (cell,)) for cell in looks.cells(asset.colors)[:3])):
        ranges = look.ranges(term)
        if ranges:
            yield from walks.take(walks.FacetWalk(ranges, parted=True), Span(), tests, MOST_CANDIDATES, MOST_STEPS)


def place_of(asset: Asset, sort: Sort) -> Cursor:
    """Where a picture stands in a list."""
    return Cursor(asset.pk, {Sort.RATING: f"{asset.rating}", Sort.COST: f"{asset.units:06}"}.get(sort, ""))


def finds(person: User, workspace: Workspace, search: Search) -> bool:
    """Whether a search finds anything, or at least stops before it knows."""
    found = Look(person, workspace, search).find(None, False, 1)
    return bool(found.places or found.stopped)


def written(cursor: Cursor | None) -> str:
    """A cursor for an address. What is in there is nobody's business, and only ours is read again."""
    return _signer.sign_object(tuple(cursor)) if cursor else ""


def read(text: str) -> Cursor | None:
    """The cursor of an address; None if it is not one of ours."""
    try:
        pk, value = _signer.unsign_object(text)
    except signing.BadSignature:
        return None
    return Cursor(int(pk), str(value))
