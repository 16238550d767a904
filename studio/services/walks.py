"""Walks: the statements that read pictures in order of their ids, and nothing they don't need.

A walk is a source of ids: the rows of some facets, which an index has in order, or pictures that are named. What else
is asked of a picture is looked up for each one as the walk comes by, so a statement costs what it walks, and every
statement says how much that may be. It ends where enough were found: no database reads a walk's rest for its order.
There is no OFFSET and no count in here, and there are no OR over tables: those read everything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from studio.models.statements import column, rows

LAST = "\U0010ffff"  # comes after every letter
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
class Saying:
    """Words that follow one another; the last one may go on, if it only `begins`."""

    words: tuple[str, ...]
    begins: bool = False

    @property
    def stands(self) -> str:
        """How it stands in a text with a space before and behind it."""
        return f" {' '.join(self.words)}" + ("" if self.begins else " ")


@dataclass(frozen=True, slots=True)
class HasWords:
    """Asked of a picture: what its text says, and what it doesn't. A stored text is its words with spaces between."""

    wanted: tuple[Saying, ...]
    unwanted: tuple[Saying, ...] = ()

    def test(self) -> Piece:
        at = "strpos" if _postgresql() else "instr"
        # Most texts don't have its letters, which is asked first: that copies nothing.
        has = f"({at}(said.body, %s) > 0 AND {at}(' ' || said.body || ' ', %s) > 0)"
        told = " AND ".join([*[has] * len(self.wanted), *[f"NOT {has}"] * len(self.unwanted)])
        given = tuple(text for each in (*self.wanted, *self.unwanted) for text in (each.stands.strip(), each.stands))
        start = (
            "(SELECT said.asset_id FROM studio_assettext AS said WHERE said.asset_id = walked.asset_id "
            "AND said.scope = walked.scope AND "
        )
        return Piece(f"{start}{told}) IS NOT NULL", given)


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
class Named:
    """Pictures that are named one by one, each with the scope in which it is said to be."""

    pictures: tuple[tuple[int, int], ...]

    def select(self, span: Span, limit: int) -> Piece:
        parts, parameters = [], list[object]()
        for scope in sorted({scope for _, scope in self.pictures}):
            ids = [pk for pk, each in self.pictures if each == scope]
            # Numbers that stand in a statement are read anew for each; a list is read by the database at once.
            if _postgresql():
                named = f"SELECT named AS asset_id, {scope}::bigint AS scope FROM unnest(%s::bigint[]) AS named"  # noqa: S608
            else:
                named = f"SELECT value AS asset_id, {scope} AS scope FROM json_each(%s)"  # noqa: S608
            parts.append(named)
            parameters.append(ids if _postgresql() else json.dumps(ids))
        return Piece(" UNION ALL ".join(parts), tuple(parameters))


Walk = FacetWalk | Named


def take(walk: Walk, span: Span, tests: Sequence[Test], limit: int, steps: int) -> list[int]:
    """The first ids of a walk that pass the tests, of those that so many steps come by."""
    pieces = [test.test() for test in tests]
    if not pieces:
        start, where = walk.select(span, min(limit, steps)), ""
    else:
        start, where = walk.select(span, steps), f" WHERE {' AND '.join(piece.sql for piece in pieces)}"
    parameters = [*start.parameters, *(each for piece in pieces for each in piece.parameters)]
    # Without an order of its own: what is taken from a walk comes in the walk's, and to put it in order reads it all.
    sql = f"SELECT walked.asset_id FROM ({start.sql}) AS walked{where} LIMIT {limit}"  # noqa: S608
    return sorted((int(each) for each in column(sql, *parameters)), reverse=span.down)


def reach(walk: FacetWalk, span: Span, steps: int) -> tuple[int, int] | None:
    """How far so many steps of a walk get: the id of the last one, and how many there were; None without any."""
    start = walk.select(span, steps)
    edge = "min" if span.down else "max"
    sql = f"SELECT {edge}(asset_id), sum(1) FROM ({start.sql}) AS walked"  # noqa: S608
    last, count = rows(sql, *start.parameters)[0]
    return None if last is None else (int(last), int(count))


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


def beginning(column: str, text: str) -> Piece:
    """A test of a column of words: that it begins like this. A range of an index; words are letters and digits."""
    if _postgresql():
        return Piece(f"{column} LIKE %s", (f"{text}%",))
    return Piece(f"{column} BETWEEN %s AND %s", (text, text + LAST))


def _in(items: Sequence[object]) -> str:
    return f"IN ({', '.join(['%s'] * len(items))})" if len(items) > 1 else "= %s"


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
