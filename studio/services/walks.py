"""Walks: the statements that read pictures in order of their ids, and nothing they don't need.

A walk is a source of ids that an index has in order: the rows of some facets, or the hits of some words. What else is
asked of a picture is looked up for each one as the walk comes by, so a statement costs what it walks, and every
statement says how much that may be. It ends where enough were found: no database reads a walk's rest for its order.
There is no OFFSET and no count in here, and there are no OR over tables: those read everything.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from studio.models.statements import column, rows

Scopes = tuple[int, ...]


class Piece(NamedTuple):
    """A piece of SQL and its parameters."""

    sql: str
    parameters: tuple[object, ...] = ()


class Span(NamedTuple):
    """Which ids, both ends left out; None is no end. `down`: the newest first."""

    low: int | None = None
    high: int | None = None
    down: bool = True

    def beyond(self, edge: int) -> Span:
        """What comes after an id, in this span's direction."""
        if self.down:
            return self._replace(high=edge if self.high is None else min(self.high, edge))
        return self._replace(low=edge if self.low is None else max(self.low, edge))

    def until(self, edge: int) -> Span:
        """What comes up to an id, which is the last one."""
        return self._replace(low=edge - 1) if self.down else self._replace(high=edge + 1)

    def within(self, ids: str) -> Piece:
        tests = [(f" AND {ids} > %s", self.low), (f" AND {ids} < %s", self.high)]
        given = [(sql, end) for sql, end in tests if end is not None]
        return Piece("".join(sql for sql, _ in given), tuple(end for _, end in given))

    @property
    def order(self) -> str:
        return "DESC" if self.down else "ASC"


@dataclass(frozen=True, slots=True)
class InFacets:
    """Asked of a picture: that it has one of these facets."""

    facets: tuple[int, ...]

    def test(self) -> Piece:
        # Not EXISTS: PostgreSQL would make a join of it, and read the whole facet to be quick at the end.
        sql = (
            f"(SELECT other.asset_id FROM studio_assetfacet AS other WHERE other.facet_id {_in(self.facets)} AND "  # noqa: S608
            "other.scope = walked.scope AND other.asset_id = walked.asset_id LIMIT 1) IS NOT NULL"
        )
        return Piece(sql, self.facets)


@dataclass(frozen=True, slots=True)
class InColumn:
    """Asked of a picture: that a column of its own is in a range; `high` is left out."""

    name: str
    low: datetime | int
    high: datetime | int

    def test(self) -> Piece:
        sql = (
            "(SELECT own.id FROM studio_asset AS own WHERE own.id = walked.asset_id "  # noqa: S608  names of our own
            f"AND own.{self.name} >= %s AND own.{self.name} < %s) IS NOT NULL"
        )
        return Piece(sql, (self.low, self.high))


@dataclass(frozen=True, slots=True)
class HasWords:
    """Asked of a picture: its words. To ask FTS5 about a single picture costs a hundred times as much as to read it."""

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...] = ()

    def test(self) -> Piece:
        if _postgresql():
            told = Piece("said.words @@ %s::tsquery", (words_question((), self.wanted, self.unwanted),))
        else:
            # A stored text is its words with spaces between.
            # Most texts don't have its letters, which is asked first: that copies nothing.
            holds = ["(instr(said.body, %s) > 0 AND instr(' ' || said.body || ' ', %s) > 0)"] * len(self.wanted)
            lacks = ["instr(' ' || said.body || ' ', %s) = 0"] * len(self.unwanted)
            wanted, unwanted = ([" ".join(phrase) for phrase in each] for each in (self.wanted, self.unwanted))
            given = [*(each for text in wanted for each in (text, f" {text} ")), *(f" {text} " for text in unwanted)]
            told = Piece(" AND ".join([*holds, *lacks]), tuple(given))
        start = "(SELECT said.asset_id FROM studio_assettext AS said WHERE said.asset_id = walked.asset_id AND "
        return Piece(f"{start}{told.sql}) IS NOT NULL", told.parameters)


Test = InFacets | InColumn | HasWords


@dataclass(frozen=True, slots=True)
class FacetWalk:
    """Pictures of some facets, each given with a scope in which it has some. `parted`: no picture is in two of them."""

    ranges: tuple[tuple[int, int], ...]
    parted: bool

    def select(self, span: Span, limit: int) -> Piece:
        within = span.within("here.asset_id")
        columns, key = "here.asset_id, here.scope", "here.facet_id = %s AND here.scope = %s"
        start = f"SELECT {columns} FROM studio_assetfacet AS here WHERE {key}"  # noqa: S608
        parameters = tuple(each for one in self.ranges for each in (*one, *within.parameters))
        order = f"ORDER BY asset_id {span.order} LIMIT {limit}"
        part, parts = start + within.sql, len(self.ranges)
        if parts == 1:
            together = part
        elif _postgresql():
            # Only what says its own order is merged by it; otherwise PostgreSQL reads every row and sorts.
            every = " UNION ALL ".join([f"({part} {order})"] * parts)
            once = "" if self.parted else "DISTINCT ON (asset_id) "
            together = f"SELECT {once}asset_id, scope FROM ({every}) AS every"  # noqa: S608
        else:
            together = (" UNION ALL " if self.parted else " UNION ").join([part] * parts)
        return Piece(f"{together} {order}", parameters)


@dataclass(frozen=True, slots=True)
class WordWalk:
    """Pictures with some words, each with the scope in which it is among `everything`, the facet of all pictures.

    One index serves every workspace. Where most of it is this one's, its hits are looked up there; where not, the
    question names the scopes too.
    """

    question: str
    everything: int
    scopes: Scopes
    gathered: bool = False  # all hits are read and put in order, and not the texts in order until some hit

    def hits(self, span: Span, limit: int) -> Piece:
        """The same without their scopes, which may be of other workspaces too."""
        if _postgresql():
            ids = "here.asset_id"
            start = f"SELECT {ids} FROM studio_assettext AS here WHERE here.words @@ %s::tsquery"  # noqa: S608
        else:
            ids = "here.rowid"
            start = f"SELECT {ids} AS asset_id FROM studio_words AS here WHERE here.studio_words MATCH %s"  # noqa: S608
        within = span.within(ids)
        # PostgreSQL takes hits for evenly spread. What is no column can't be read in order.
        order = f"{ids} + 0" if self.gathered else ids
        sql = f"{start}{within.sql} ORDER BY {order} {span.order} LIMIT {limit}"
        return Piece(sql, (self.question, *within.parameters))

    def select(self, span: Span, limit: int) -> Piece:
        hits = self.hits(span, limit)
        scope = (
            "(SELECT here.scope FROM studio_assetfacet AS here WHERE here.facet_id = %s "  # noqa: S608
            f"AND here.scope {_in(self.scopes)} AND here.asset_id = hit.asset_id)"
        )
        # With a limit of its own PostgreSQL doesn't look the scope up again for every test.
        sql = f"SELECT hit.asset_id, {scope} AS scope FROM ({hits.sql}) AS hit LIMIT {limit}"  # noqa: S608
        return Piece(sql, (self.everything, *self.scopes, *hits.parameters))


Walk = FacetWalk | WordWalk


def take(walk: Walk, span: Span, tests: Sequence[Test], limit: int, steps: int) -> list[int]:
    """The first ids of a walk that pass the tests, of those that so many steps come by."""
    pieces = [test.test() for test in tests]
    if isinstance(walk, WordWalk):
        pieces.insert(0, Piece("walked.scope IS NOT NULL"))
    if not pieces:
        start, where = walk.select(span, min(limit, steps)), ""
    else:
        start, where = walk.select(span, steps), f" WHERE {' AND '.join(piece.sql for piece in pieces)}"
    parameters = [*start.parameters, *(each for piece in pieces for each in piece.parameters)]
    # Without an order of its own: what is taken from a walk comes in the walk's, and to put it in order reads it all.
    sql = f"SELECT walked.asset_id FROM ({start.sql}) AS walked{where} LIMIT {limit}"  # noqa: S608
    return sorted((int(each) for each in column(sql, *parameters)), reverse=span.down)


def reach(walk: Walk, span: Span, steps: int) -> tuple[int, int] | None:
    """How far so many steps of a walk get: the id of the last one, and how many there were; None without any."""
    start = walk.hits(span, steps) if isinstance(walk, WordWalk) else walk.select(span, steps)
    edge = "min" if span.down else "max"
    sql = f"SELECT {edge}(asset_id), sum(1) FROM ({start.sql}) AS walked"  # noqa: S608
    last, count = rows(sql, *start.parameters)[0]
    return None if last is None else (int(last), int(count))


def leap(agree: Mapping[int, Sequence[Sequence[int]]], span: Span, steps: int) -> int | None:
    """The first id of a span that is, in some scope, in one facet at least of each of its lists; None without any.

    The lists are sought in turn: what one of them has next, the others can't have before. After so many turns it is the
    place that they got to, which may be in none.
    """
    none = 0 if span.down else sys.maxsize >> 1
    first = (span.high or sys.maxsize >> 1) - 1 if span.down else (span.low or 0) + 1
    parts, parameters = [], list[object]()
    for number, (scope, lists) in enumerate(agree.items()):
        parts.append(_leaping(f"leap{number}", lists, span.down, none, steps))
        parameters += [first, *(each for facets in lists for facet in facets for each in (facet, scope))]
    last = "min" if span.down else "max"
    ends = ", ".join(f"(SELECT {last}(id) FROM leap{number})" for number in range(len(parts)))  # noqa: S608
    reached = rows(f"WITH RECURSIVE {', '.join(parts)} SELECT {ends}", *parameters)[0]
    found = (max if span.down else min)(int(each) for each in reached)
    beyond = found <= (span.low or 0) if span.down else found >= (span.high or none)
    return None if beyond else found


def _leaping(name: str, lists: Sequence[Sequence[int]], down: bool, none: int, steps: int) -> str:
    order = "<= {name}.id ORDER BY asset_id DESC" if down else ">= {name}.id ORDER BY asset_id"
    seek = (
        "coalesce((SELECT asset_id FROM studio_assetfacet WHERE facet_id = %s AND scope = %s "  # noqa: S608
        f"AND asset_id {order.format(name=name)} LIMIT 1), {none})"
    )
    nearest, farthest = (_greatest, _least) if down else (_least, _greatest)
    turn = farthest([nearest([seek] * len(facets)) for facets in lists])
    return (
        f"{name}(id, before, turn) AS (SELECT CAST(%s AS bigint), CAST(-1 AS bigint), 0 UNION ALL "  # noqa: S608
        f"SELECT {turn}, {name}.id, {name}.turn + 1 FROM {name} "
        f"WHERE {name}.id <> {name}.before AND {name}.id <> {none} AND {name}.turn < {steps})"
    )


def _least(each: Sequence[str]) -> str:
    return _extreme("LEAST" if _postgresql() else "min", each)


def _greatest(each: Sequence[str]) -> str:
    return _extreme("GREATEST" if _postgresql() else "max", each)


def _extreme(name: str, each: Sequence[str]) -> str:
    return f"{name}({', '.join(each)})" if len(each) > 1 else each[0]


def ends(facets: Sequence[int], scopes: Scopes) -> tuple[int, int] | None:
    """The first and the last id of all pictures in some facets; None if there is none."""
    if not facets:
        return None
    edge = "(SELECT {}(asset_id) FROM studio_assetfacet WHERE facet_id = facet.id AND scope = %s)"
    each = [
        f"SELECT {edge.format('min')} AS low, {edge.format('max')} AS high FROM studio_facet AS facet "  # noqa: S608
        f"WHERE facet.id {_in(facets)}"
        for _ in scopes
    ]
    parameters = [parameter for scope in scopes for parameter in (scope, scope, *facets)]
    sql = f"SELECT min(low), max(high) FROM ({' UNION ALL '.join(each)}) AS ends"  # noqa: S608
    low, high = rows(sql, *parameters)[0]
    return None if low is None else (int(low), int(high))


def in_order() -> bool:
    """Whether the index of words has its hits in the order of the ids."""
    return not _postgresql()


def words_question(places: Sequence[str], wanted: Sequence[Sequence[str]], unwanted: Sequence[Sequence[str]]) -> str:
    """What to ask the index of words: in one of the places, with every phrase of `wanted`, with none of the other.

    Without places, anywhere; FTS5 then needs a phrase that is wanted. Words are letters and digits only, so there is
    nothing to be escaped.
    """
    if _postgresql():
        somewhere = "|".join(f"':{place}'" for place in places)
        follows = [*map(_followed, wanted), *(f"!{_followed(phrase)}" for phrase in unwanted)]
        return "&".join([f"({somewhere})", *follows] if places else follows)
    somewhere = " OR ".join(f'"{place}"' for place in places)
    together = " AND ".join([*([f"(place : ({somewhere}))"] if places else []), *map(_quoted, wanted)])
    without = " OR ".join(map(_quoted, unwanted))
    return f"({together}) NOT ({without})" if without else together


def _followed(phrase: Sequence[str]) -> str:
    return "(" + "<->".join(f"'{word}'" for word in phrase) + ")"


def _quoted(phrase: Sequence[str]) -> str:
    return '(body : "' + " ".join(phrase) + '")'


def _in(items: Sequence[object]) -> str:
    return f"IN ({', '.join(['%s'] * len(items))})" if len(items) > 1 else "= %s"


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
