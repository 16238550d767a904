"""Strides: how much of a list is looked through for one page, and from where it goes on if that was not enough.

A walk is taken a stride at a time. Where a stride finds too little, the lists that must agree are sought in turn, so
that a stretch where they have nothing in common costs some seeks and not its length. ENOUGH pictures make a page, if a
stride ends with them. After MOST_STEPS pictures it is given up, whatever was found: what is asked for may be in none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from studio.services import walks
from studio.services.walks import FacetWalk, Span, Test, WordWalk

STRIDES = (600, 1400, 2000)  # pictures walked past; between two strides there is a leap
MOST_STEPS = sum(STRIDES)
LEAPS = 8  # turns of seeking: to leap over what lies between takes one, and lists that are mixed are rather walked
MOST_GATHERED = 1_000_000  # hits: to put some in order all have to be read
ENOUGH = 20  # for a page: what follows is looked for when that is reached


class Facets(NamedTuple):
    """A part of a list that is walked along facets. `agree`: for each scope the lists that a picture must be in."""

    walk: FacetWalk
    span: Span
    tests: Sequence[Test]
    pictures: int
    agree: Mapping[int, Sequence[Sequence[int]]]
    value: str = ""


class Words(NamedTuple):
    """A part of a list that is walked along words. `first`: the same along facets, tried for a stride before.

    `window`: so many ids, the next in a span with both ends, are walked one by one before all the rest is gathered. 0
    where an index of words is in their order.
    """

    walk: WordWalk
    span: Span
    tests: Sequence[Test]
    window: int = 0
    first: Facets | None = None
    value: str = ""


Leg = Facets | Words
Walked = tuple[list[int], int | None]


def walked(leg: Leg, limit: int) -> Walked:
    """The first ids of a leg, and where its walk stopped if it did before that."""
    return _along_facets(leg, limit) if isinstance(leg, Facets) else _along_words(leg, limit)


def _along_facets(leg: Facets, limit: int) -> Walked:
    if not leg.tests or leg.pictures <= STRIDES[0]:
        return walks.take(leg.walk, leg.span, leg.tests, limit, max(limit, STRIDES[0])), None
    ids, span, edge = list[int](), leg.span, None
    for stride in STRIDES:
        found, edge = _stride(leg, span, limit - len(ids), stride)
        ids += found
        if edge is None or len(ids) >= ENOUGH:
            return ids, edge
        span = span.beyond(edge)
    return ids, edge


def _stride(leg: Facets, span: Span, limit: int, stride: int) -> Walked:
    """What a stride finds, and where the next one begins; None if that fills the page, or was all."""
    found = walks.take(leg.walk, span, leg.tests, limit, stride)
    reached = walks.reach(leg.walk, span, stride) if len(found) < limit else None
    if reached is None or reached[1] < stride:
        return found, None
    if len(found) >= ENOUGH:
        return found, reached[0]
    ahead = walks.leap(leg.agree, span.beyond(reached[0]), LEAPS)
    if ahead is None:
        return found, None
    return found, ahead + 1 if span.down else ahead - 1


def _along_words(leg: Words, limit: int) -> Walked:
    """How many hits may be passed is bounded. To find them is left to the index of words, which leaps by itself."""
    ids, span, walk = list[int](), leg.span, leg.walk
    if leg.first:
        ids, edge = _stride(leg.first, span, limit, STRIDES[0])
        if edge is None or len(ids) >= ENOUGH:
            return ids, edge
        span = span.beyond(edge)
    if leg.window and (edge := _ahead(span, leg.window)) is not None:
        ids, stopped = _hits(walk, span.until(edge), leg.tests, ids, limit)
        if stopped is not None or len(ids) >= min(limit, ENOUGH):
            return ids, stopped or (edge if len(ids) < limit else None)
        walk, rest = replace(walk, gathered=True), span.beyond(edge)
        return ids + walks.take(walk, rest, leg.tests, limit - len(ids), MOST_GATHERED), None
    return _hits(walk, span, leg.tests, ids, limit)


def _hits(walk: WordWalk, span: Span, tests: Sequence[Test], ids: list[int], limit: int) -> Walked:
    """Some ids and those that follow in a span, and where its walk stopped if it did before the end."""
    most = max(MOST_STEPS, limit)
    ids = ids + walks.take(walk, span, tests, limit - len(ids), most)
    reached = walks.reach(walk, span, most) if len(ids) < limit else None
    return ids, reached[0] if reached and reached[1] == most else None


def _ahead(span: Span, ids: int) -> int | None:
    """The id that is so many after where a span begins; None if the span ends before."""
    low, high = span.low or 0, span.high or 0
    return None if high - low <= ids else high - ids if span.down else low + ids
