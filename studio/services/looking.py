"""One person's look at one search: what its terms mean in a workspace, and how its list is walked.

Each thing a search asks for is a facet, a word, or a range of days. What the facets and words have in common is told by
their blocks; one alone is walked in order. Everything else is looked up for each picture. A look at too many stops and
says so: the place it leaves goes on from there (see `services.strides`). A list by rating or cost is looked through
facet by facet.

Nobody's private pictures are read for anybody else: every range that is walked is of one scope.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from studio.models import Asset, User, Workspace
from studio.models.facets import SHARED
from studio.models.statements import rows
from studio.services import blocks, facets, strides, walks
from studio.services.facets import WORD
from studio.services.strides import Leg
from studio.services.walks import FacetWalk, HasWords, InColumn, InFacets, Saying, Span, Test

FEW = 400  # pictures that are rather looked at all than walked in part
FEW_FACETS = 4  # that are looked up as quickly as one
MOST_RANGES = 16  # that are walked at the same time
MOST_PARTS = 64  # facets of one list whose blocks are read
MOST_WORDS = 2 * MOST_PARTS + 1  # with one beginning that are looked up, each in both scopes
EDGES = tuple(
    f"(SELECT {edge}(asset_id) FROM studio_assetfacet WHERE facet_id = facet.id AND scope = kept.scope)"  # noqa: S608
    for edge in ("min", "max")
)
MOST_LEGS = 12  # facets of a list by rating or cost that one look walks
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)
# Of these kinds a picture has one facet at most, so what is in one is in no other.
PARTED = frozenset({"all", "person", "operation", "model", "style", "kind", "aspect", "rating", "cost", "month", "day"})


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    COST = "cost"

    @property
    def by_value(self) -> bool:
        return self in (Sort.RATING, Sort.COST)


class Term(NamedTuple):
    """One thing that is asked for: a facet with one of these values, or with one between two, both included."""

    kind: str
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""

    def fits(self, value: str) -> bool:
        return value in self.values if self.values else self.low <= value <= self.high


class Phrase(NamedTuple):
    """Words that stand one after the other in a picture's text, or must not. `begins`: the last one may go on."""

    words: tuple[str, ...]
    wanted: bool = True
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for. Days are by the workspace's clock, both included."""

    terms: tuple[Term, ...] = ()
    text: tuple[Phrase, ...] = ()
    since: date | None = None
    until: date | None = None
    shelf: int = SHARED
    sort: Sort = Sort.NEWEST


class Cursor(NamedTuple):
    """A place in a list: beside a picture, with its value where the list is by one."""

    id: int
    value: str = ""


@dataclass(frozen=True)
class Found:
    """Some places of a list in its order, and from where to go on in the direction that was looked in.

    `stopped`: it gave up there, and nobody knows whether more would follow.
    """

    places: list[Cursor]
    further: Cursor | None = None
    stopped: bool = False


class Known(NamedTuple):
    """A facet and how many pictures it has in a scope; at least one. Of everything also the first and the last id."""

    facet: int
    kind: str
    value: str
    scope: int
    pictures: int
    oldest: int
    newest: int


ALL = Term("all", ("",))


class Look:
    def __init__(self, person: User, workspace: Workspace, search: Search) -> None:
        self.workspace, self.search = workspace, search
        self.scopes = facets.scopes(person.pk, search.shelf)

    # --- what is asked for ----------------------------------------------------------------------------------------

    @cached_property
    def known(self) -> list[Known]:
        """Every facet that is asked for, in the scopes in which it has pictures. One statement."""
        start = (
            "SELECT facet.id, facet.kind, facet.value, kept.scope, kept.pictures, {}, {} FROM studio_facet AS facet "
            "JOIN studio_facetcount AS kept ON kept.facet_id = facet.id AND kept.scope IN (%s, %s) "
            "AND kept.pictures > 0 WHERE facet.workspace_id = %s AND facet.kind = %s AND "
        )
        parts, parameters = [], list[object]()
        exact = tuple(word for term in self.words for word in term.values)
        for term in (ALL, *self.search.terms, *self.days, *self._sorted, *([Term(WORD, exact)] if exact else [])):
            holes = f"facet.value IN ({_holes(term.values)})" if term.values else "facet.value BETWEEN %s AND %s"
            parts.append(start.format(*EDGES if term == ALL else (0, 0)) + holes)
            parameters += [*self.scopes, self.workspace.pk, term.kind, *(term.values or (term.low, term.high))]
        for begins in (walks.beginning("facet.value", term.low) for term in self.words if not term.values):
            parts.append(f"SELECT * FROM ({start.format(0, 0)}{begins.sql} LIMIT {MOST_WORDS}) AS begun")  # noqa: S608
            parameters += [*self.scopes, self.workspace.pk, WORD, *begins.parameters]
        # One SELECT for each, so that each is a range of an index; what two of them find is told once.
        return [Known(*row) for row in rows(" UNION ".join(parts), *parameters)]

    @property
    def days(self) -> list[Term]:
        """The facets that hold the days asked for: whole months, and days at both ends."""
        since, until = self.search.since or FIRST_DAY, self.search.until or LAST_DAY
        if self.search.since is None and self.search.until is None:
            return []
        if until - since < timedelta(days=62):
            return [Term("day", low=f"{since}", high=f"{until}")]
        return [
            Term("day", low=f"{since}", high=f"{since:%Y-%m}-31"),
            # "2026-03-" comes after the month "2026-03" and before the next one.
            Term("month", low=f"{since:%Y-%m}-", high=f"{until.replace(day=1) - timedelta(days=1):%Y-%m}"),
            Term("day", low=f"{until:%Y-%m}-01", high=f"{until}"),
        ]

    @cached_property
    def words(self) -> list[Term]:
        """The words that a picture must have, whatever stands beside them."""
        found: list[Term] = []
        for phrase in (each for each in self.search.text if each.wanted):
            exact = phrase.words[:-1] if phrase.begins else phrase.words
            found += [Term(WORD, (word,)) for word in exact]
            if phrase.begins:
                found.append(Term(WORD, low=phrase.words[-1], high=phrase.words[-1] + walks.LAST))
        return list(dict.fromkeys(found))

    @property
    def _sorted(self) -> list[Term]:
        return [Term(self.search.sort, low="0", high="999999999")] if self.search.sort.by_value else []

    def fitting(self, *terms: Term) -> list[Known]:
        """What is known of some terms."""
        found = [each for term in terms for each in self._by_kind.get(term.kind, ()) if term.fits(each.value)]
        return found if len(terms) == 1 else list(dict.fromkeys(found))

    @cached_property
    def _by_kind(self) -> dict[str, list[Known]]:
        return {kind: list(every) for kind, every in groupby(sorted(self.known, key=_kind), key=_kind)}

    def ranges(self, term: Term) -> tuple[tuple[int, int], ...]:
        """Facets that nobody counts, such as parts of hashes, in both scopes."""
        sql = f"SELECT id FROM studio_facet WHERE workspace_id = %s AND kind = %s AND value IN ({_holes(term.values)})"  # noqa: S608
        found = rows(sql, self.workspace.pk, term.kind, *term.values)
        return tuple((int(pk), scope) for (pk,) in found for scope in self.scopes)

    def pictures(self, term: Term) -> int:
        return sum(each.pictures for each in self.fitting(term))

    @cached_property
    def rarest(self) -> Term:
        """The term to walk: that of the fewest pictures, if not of too many facets."""

        def cost(term: Term) -> int:
            walkable = len(self.fitting(term)) <= MOST_RANGES or self.pictures(term) <= FEW
            return self.pictures(term) if walkable else sys.maxsize

        return min((ALL, *self.search.terms), key=cost)

    @cached_property
    def sayings(self) -> HasWords:
        """What the words must hold, and what they must not."""
        wanted, unwanted = (
            tuple(Saying(each.words, each.begins) for each in self.search.text if each.wanted is yes)
            for yes in (True, False)
        )
        return HasWords(wanted, unwanted)

    def tests(self, walked: Term | None = None) -> list[Test]:
        """What is asked besides what is walked, the rarest first."""
        terms = [term for term in dict.fromkeys(self.search.terms) if term != walked]
        terms.sort(key=lambda term: (len(self.fitting(term)) > FEW_FACETS, self.pictures(term)))
        tests: list[Test] = [self._test(term) for term in terms]
        if self.days:
            tests.append(InColumn("created_at", *self._moments()))
        return [*tests, self.sayings] if self.search.text else tests

    def _test(self, term: Term) -> Test:
        if term.kind == "cost" and not term.values:
            return InColumn("units", int(term.low), int(term.high) + 1)
        return InFacets(tuple(sorted({each.facet for each in self.fitting(term)})))

    def _moments(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.workspace.time_zone)
        since, after = self.search.since or FIRST_DAY, (self.search.until or LAST_DAY) + timedelta(days=1)
        first, last = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (since, after))
        return first, last

    # --- how it is walked -----------------------------------------------------------------------------------------

    def find(self, cursor: Cursor | None, back: bool, limit: int) -> Found:
        """The places after a cursor, or before it, in the order of the list."""
        span = self._span(back)
        if span is None or not all(map(self.fitting, (ALL, *self.search.terms, *self.words))):
            return Found([])
        if not self.search.sort.by_value:
            found = self._along([self._leg_by_id(span.beyond(cursor.id) if cursor else span)], limit)
        elif self.pictures(self.rarest) <= FEW:
            found = self._among_few(span, cursor, back, limit)
        else:
            found = self._along(self._legs_by_value(span, cursor, back), limit)
        return Found(found.places[::-1], found.further, found.stopped) if back else found

    def beyond(self, cursor: Cursor) -> int | None:
        """The first picture after a place, of all that this person sees."""
        span = Span(down=self.search.sort != Sort.OLDEST).beyond(cursor.id)
        return next(iter(walks.take(self._facets(self.fitting(ALL)), span, (), 1, 1)), None)

    def _span(self, back: bool) -> Span | None:
        """The ids among which the days asked for lie; None if there are none."""
        down = (self.search.sort != Sort.OLDEST) != back
        if not self.days:
            return Span(down=down)
        ends = walks.ends(sorted({each.facet for each in self.fitting(*self.days)}), self.scopes)
        return Span(ends[0] - 1, ends[1] + 1, down) if ends else None

    def _facets(self, known: Sequence[Known]) -> FacetWalk:
        ranges = tuple((each.facet, each.scope) for each in known)
        return FacetWalk(ranges, known[0].kind in PARTED or len({each.facet for each in known}) == 1)

    @cached_property
    def _asked(self) -> dict[Term, list[Known]]:
        """What is known of each thing that is asked for. Of some beginnings there are too many words to know them."""
        found = {term: self.fitting(term) for term in (*self.search.terms, *self.words)}
        return {term: known for term, known in found.items() if term.kind != WORD or len(known) < MOST_WORDS}

    def _leg(self, known: Sequence[Known], span: Span, tests: Sequence[Test], value: str = "") -> Leg:
        """A leg along some facets. A scope in which something that is asked for has nothing is left out."""
        others = [found for found in self._asked.values() if not set(known) <= set(found)]
        agree: dict[int, list[list[blocks.List]]] = {}
        for scope in {each.scope for each in known}:
            lists = [[each for each in found if each.scope == scope] for found in (known, *others)]
            if all(lists):
                agree[scope] = [
                    [blocks.List(each.facet, each.pictures) for each in found]
                    for found in lists
                    if len(found) <= MOST_PARTS and found[0].kind not in blocks.UNBLOCKED
                ]
        here = [each for each in known if each.scope in agree]
        pictures = sum(each.pictures for each in here)
        everything = self.fitting(ALL)
        ends = min(each.oldest for each in everything), max(each.newest for each in everything)
        return Leg(self._facets(here or known[:1]), span, tests, pictures, agree, everything[0].facet, ends, value)

    def _leg_by_id(self, span: Span) -> Leg:
        return self._leg(self.fitting(self.rarest), span, self.tests(self.rarest))

    def _legs_by_value(self, span: Span, cursor: Cursor | None, back: bool) -> Iterator[Leg]:
        """One leg for each value, the highest first; within one, the newest."""
        kind = str(self.search.sort)
        asked = [term for term in self.search.terms if term.kind == kind]
        known = [each for each in self.fitting(*self._sorted) if all(term.fits(each.value) for term in asked)]
        known.sort(key=lambda each: each.value, reverse=not back)
        tests = [self._test(term) for term in dict.fromkeys(self.search.terms) if term.kind != kind]
        tests += [test for test in self.tests() if not isinstance(test, InFacets) and test not in tests]
        for value, group in groupby(known, key=lambda each: each.value):
            here, every = span, list(group)
            if cursor and cursor.value:
                if value > cursor.value if not back else value < cursor.value:
                    continue
                here = span.beyond(cursor.id) if value == cursor.value else span
            yield self._leg(every, here, tests, value)

    def _along(self, legs: Sequence[Leg] | Iterator[Leg], limit: int) -> Found:
        places: list[Cursor] = []
        for number, leg in enumerate(legs):
            if number == MOST_LEGS:
                return Found(places, Cursor(sys.maxsize >> 1 if leg.span.down else 0, leg.value), stopped=True)
            ids, edge = strides.walked(leg, limit + 1 - len(places))
            places += [Cursor(each, leg.value) for each in ids]
            if len(places) > limit:
                return Found(places[:limit], places[limit - 1])
            if edge is not None:
                return Found(places, Cursor(edge, leg.value), len(places) < strides.ENOUGH)
        return Found(places)

    def _among_few(self, span: Span, cursor: Cursor | None, back: bool, limit: int) -> Found:
        """All that there is, put in order here."""
        walk, tests = self._facets(self.fitting(self.rarest)), self.tests(self.rarest)
        ids = walks.take(walk, span, tests, FEW, FEW)
        column, width = ("rating", 1) if self.search.sort == Sort.RATING else ("units", 6)
        rows = Asset.objects.filter(pk__in=ids).values_list("pk", column)
        places = [Cursor(pk, f"{value:0{width}}") for pk, value in rows]
        places.sort(key=lambda place: (place.value, place.id), reverse=not back)
        if cursor and cursor.value:
            key = (cursor.value, cursor.id)
            places = [each for each in places if ((each.value, each.id) > key if back else (each.value, each.id) < key)]
        return Found(places[:limit], places[limit - 1] if len(places) > limit else None)


def _kind(known: Known) -> str:
    return known.kind


def _holes(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
