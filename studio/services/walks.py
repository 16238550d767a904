"""Walks: the statements that read pictures in order of their ids, and nothing they don't need.

A walk is a source of ids that an index has in order: the rows of some facets, or the hits of some words. What else is
asked of a picture is looked up for each one as the walk comes by, so a statement costs what it walks, and `reach`
bounds that. There is no OFFSET and no count in here, and there are no OR over tables: those read everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from studio.models.statements import column, value

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

    def test(self, ids: str, scopes: Scopes) -> Piece:
        # Not EXISTS: PostgreSQL would make a join of it, and read the whole facet to be quick at the end.
        sql = (
            f" AND (SELECT other.asset_id FROM studio_assetfacet AS other WHERE other.facet_id {_in(self.facets)}"  # noqa: S608
            f" AND other.scope {_in(scopes)} AND other.asset_id = {ids} LIMIT 1) IS NOT NULL"
        )
        return Piece(sql, (*self.facets, *scopes))


@dataclass(frozen=True, slots=True)
class InColumn:
    """Asked of a picture: that a column of its own is in a range; `high` is left out."""

    name: str
    low: datetime | int
    high: datetime | int

    def test(self, ids: str, scopes: Scopes) -> Piece:
        sql = (
            f" AND (SELECT own.id FROM studio_asset AS own WHERE own.id = {ids}"  # noqa: S608  names of our own
            f" AND own.{self.name} >= %s AND own.{self.name} < %s) IS NOT NULL"
        )
        return Piece(sql, (self.low, self.high))


@dataclass(frozen=True, slots=True)
class HasWords:
    """Asked of a picture: its words. `question` is as `words_question` writes it."""

    question: str

    def test(self, ids: str, scopes: Scopes) -> Piece:
        table, match = ("studio_assettext", "said.words @@ %s::tsquery") if _postgresql() else _FTS
        key = "asset_id" if _postgresql() else "rowid"
        sql = f" AND (SELECT said.{key} FROM {table} AS said WHERE {match} AND said.{key} = {ids}) IS NOT NULL"  # noqa: S608
        return Piece(sql, (self.question,))


Test = InFacets | InColumn | HasWords
_FTS = ("studio_words", "said.studio_words MATCH %s")


@dataclass(frozen=True, slots=True)
class FacetWalk:
    """Pictures of some facets, each given with a scope in which it has some. `parted`: no picture is in two of them."""

    ranges: tuple[tuple[int, int], ...]
    parted: bool

    def select(self, span: Span, tests: Sequence[Test], limit: int) -> Piece:
        parts = [self._range(facet, scope, span, tests) for facet, scope in self.ranges]
        parameters = tuple(each for part in parts for each in part.parameters)
        if self.parted or len(parts) == 1:
            together = " UNION ALL ".join(part.sql for part in parts)
        elif _postgresql():
            together = " UNION ALL ".join(part.sql for part in parts)
            together = f"SELECT DISTINCT asset_id FROM ({together}) AS walked"  # noqa: S608
        else:
            together = " UNION ".join(part.sql for part in parts)
        return Piece(f"{together} ORDER BY asset_id {span.order} LIMIT {limit}", parameters)

    def _range(self, facet: int, scope: int, span: Span, tests: Sequence[Test]) -> Piece:
        pieces = [span.within("here.asset_id"), *(test.test("here.asset_id", (scope,)) for test in tests)]
        start = "SELECT here.asset_id FROM studio_assetfacet AS here WHERE here.facet_id = %s AND here.scope = %s"
        return _joined(Piece(start, (facet, scope)), pieces)


@dataclass(frozen=True, slots=True)
class WordWalk:
    """Pictures with some words. The question names the scopes, too: one index serves every workspace."""

    question: str
    scopes: Scopes

    def select(self, span: Span, tests: Sequence[Test], limit: int) -> Piece:
        if _postgresql():
            ids = "here.asset_id"
            start = "SELECT here.asset_id FROM studio_assettext AS here WHERE here.words @@ %s::tsquery"
        else:
            ids = "here.rowid"
            start = "SELECT here.rowid AS asset_id FROM studio_words AS here WHERE here.studio_words MATCH %s"
        pieces = [span.within(ids), *(test.test(ids, self.scopes) for test in tests)]
        sql, parameters = _joined(Piece(start, (self.question,)), pieces)
        return Piece(f"{sql} ORDER BY {ids} {span.order} LIMIT {limit}", parameters)


Walk = FacetWalk | WordWalk


def take(walk: Walk, span: Span, tests: Sequence[Test], limit: int) -> list[int]:
    """The first ids of a walk that pass the tests."""
    sql, parameters = walk.select(span, tests, limit)
    return [int(each) for each in column(sql, *parameters)]


def reach(walk: Walk, span: Span, steps: int) -> int | None:
    """How far so many steps of a walk get: the id of the last one, which may be nearer than asked."""
    sql, parameters = walk.select(span, (), steps)
    edge = "min" if span.down else "max"
    found = value(f"SELECT {edge}(asset_id) FROM ({sql}) AS steps", *parameters)  # noqa: S608
    return None if found is None else int(found)


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
    rows = table(f"SELECT min(low), max(high) FROM ({' UNION ALL '.join(each)}) AS ends", parameters)  # noqa: S608
    low, high = rows[0]
    return None if low is None else (int(low), int(high))


def words_question(places: Sequence[str], wanted: Sequence[Sequence[str]], unwanted: Sequence[Sequence[str]]) -> str:
    """What to ask the index of words: in one of the places, with every phrase of `wanted`, with none of the other.

    Words are letters and digits only, so there is nothing to be escaped.
    """
    if _postgresql():
        somewhere = "|".join(f"':{place}'" for place in places)
        follows = [*map(_followed, wanted), *(f"!{_followed(phrase)}" for phrase in unwanted)]
        return "&".join([f"({somewhere})", *follows])
    somewhere = " OR ".join(f'"{place}"' for place in places)
    together = " AND ".join([f"(place : ({somewhere}))", *map(_quoted, wanted)])
    without = " OR ".join(map(_quoted, unwanted))
    return f"({together}) NOT ({without})" if without else together


def _followed(phrase: Sequence[str]) -> str:
    return "(" + "<->".join(f"'{word}'" for word in phrase) + ")"


def _quoted(phrase: Sequence[str]) -> str:
    return '(body : "' + " ".join(phrase) + '")'


def table(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _joined(start: Piece, rest: Sequence[Piece]) -> Piece:
    sql = start.sql + "".join(piece.sql for piece in rest)
    return Piece(sql, (*start.parameters, *(each for piece in rest for each in piece.parameters)))


def _in(items: Sequence[object]) -> str:
    return f"IN ({', '.join(['%s'] * len(items))})" if len(items) > 1 else "= %s"


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
