"""Strides: how much of a list is looked through for one page, and from where it goes on if that was not enough.

Where several lists must agree, what they have in common is read from their blocks, and only that is looked at. Where
there is one list and something to be asked of each picture, it is walked a stride at a time. Either is given up after
a while, whatever was found: what is asked for may be in none. ENOUGH pictures make a page, if a stride ends with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from studio.services import blocks, walks
from studio.services.walks import FacetWalk, InFacets, Named, Span, Test

STRIDES = (600, 1400, 2000)  # pictures walked past
MOST_STEPS = sum(STRIDES)
MOST_NAMED = 300  # pictures that lists have in common and that are looked at all the same
FEW = 150  # pictures of which each is looked at
ENOUGH = 20  # for a page: what follows is looked for when that is reached


@dataclass(frozen=True)
class Leg:
    """A part of a list that is walked along facets.

    `tests` are what is asked besides. `agree`: for each scope the lists that a picture must be in, as far as they have
    blocks. `everything` is the facet of all pictures, whose `ends` are the first and the last id.
    """

    walk: FacetWalk
    span: Span
    tests: Sequence[Test]
    pictures: int
    agree: blocks.Lists
    everything: int
    ends: tuple[int, int]
    value: str = ""

    @property
    def facets(self) -> tuple[int, ...]:
        return tuple(sorted({facet for facet, _ in self.walk.ranges}))

    @property
    def has_lists(self) -> bool:
        """Whether blocks tell more than the walk itself."""
        own = self.facets != (self.everything,)
        return all(len(lists) > own for lists in self.agree.values())


Walked = tuple[list[int], int | None]


def walked(leg: Leg, limit: int) -> Walked:
    """The first ids of a leg, and where its walk stopped if it did before that."""
    if not leg.agree:
        return [], None
    if not leg.tests or leg.pictures <= FEW:
        return walks.take(leg.walk, leg.span, leg.tests, limit, max(limit, FEW)), None
    return _along_blocks(leg, limit) if leg.has_lists else _along_facets(leg, limit)


def _along_facets(leg: Leg, limit: int) -> Walked:
    ids, span, edge = list[int](), leg.span, None
    for stride in STRIDES:
        need = limit - len(ids)
        found = walks.take(leg.walk, span, leg.tests, need, stride)
        ids += found
        reached = walks.reach(leg.walk, span, stride) if len(found) < need else None
        if reached is None or reached[1] < stride:
            return ids, None
        edge = reached[0]
        if len(ids) >= ENOUGH:
            return ids, edge
        span = span.beyond(edge)
    return ids, edge


def _along_blocks(leg: Leg, limit: int) -> Walked:
    ids, edge, left = list[int](), None, max(MOST_NAMED, limit)
    ends = _ends(leg)
    for stretch in blocks.common(leg.agree, *ends) if ends else ():
        wanted = limit
        while batch := tuple(islice(stretch.pictures, min(wanted, left))):
            ids += _checked(leg, batch)
            left -= len(batch)
            if len(ids) >= limit:
                return ids[:limit], None
            if not left:
                return ids, batch[-1][0]
            wanted *= 4
        edge = stretch.edge
        if edge is None or len(ids) >= ENOUGH:
            return ids, edge
    return ids, edge


def _checked(leg: Leg, pictures: Sequence[tuple[int, int]]) -> list[int]:
    """Which of some pictures are what was asked for: blocks are only believed so far."""
    tests = leg.tests if leg.facets == (leg.everything,) else (InFacets(leg.facets), *leg.tests)
    return walks.take(Named(tuple(pictures)), leg.span, tests, len(pictures), len(pictures))


def _ends(leg: Leg) -> tuple[int, int] | None:
    """The first and the last id that there can be in this direction; None if there is none."""
    oldest, newest = leg.ends
    low, high = max((leg.span.low or 0) + 1, oldest), min((leg.span.high or newest + 1) - 1, newest)
    if low > high:
        return None
    return (high, low) if leg.span.down else (low, high)
