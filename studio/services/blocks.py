"""Blocks: lists of pictures as bits, so that several are compared thousands of pictures at a time.

A block is a stretch of ids. For each facet and scope that has pictures in it there is a row, with one bit for each id.
What several lists have in common is read block by block in the order of the ids, and a list costs a row for WIDTH
pictures, whether they have anything in common or not.

They are kept with the rows of the facets, in the same transactions, and are only believed so far: what they name is
looked up before it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from struct import pack, unpack
from typing import NamedTuple

from django.db import connection

from studio.models.statements import rows

WIDTH = 6144  # ids of a block: with its key a little less than SQLite keeps of a row in a page of a key
FULL = WIDTH // 8  # bytes
FEW = 64  # pictures of a block that are written one by one, which takes less room than a bit for each id
# Of these nobody asks together with anything else, or a column says the same.
UNBLOCKED = frozenset({"all", "day", "month", "kept", "look0", "look1", "look2", "look3"})
ROWS = (40, 100)  # that are read at once, as long as too little is found
AT_ONCE = 2000  # rows that are changed with one statement
EVERYTHING = 1 << 40  # blocks

Key = tuple[int, int, int]  # facet, scope, block
Entry = tuple[int, int, int]  # facet, scope, picture


class List(NamedTuple):
    """Pictures of a facet in a scope, and how many those are."""

    facet: int
    pictures: int


# For each scope: lists. A picture must be in one part at least of each of them.
Lists = Mapping[int, Sequence[Sequence[List]]]


class Stretch(NamedTuple):
    """What some lists have in common up to an id, in order, with scopes. `edge`: that id; None if nothing follows."""

    pictures: Iterator[tuple[int, int]]
    edge: int | None


# --- how they are written -------------------------------------------------------------------------------------------


def written(bits: int) -> bytes:
    """A block's bits; the lowest is that of its first id."""
    if bits.bit_count() > FEW:
        return bits.to_bytes(FULL, "little")
    found = tuple(_positions(bits, down=False))
    return pack(f"<{len(found)}H", *found)


def read(kept: bytes) -> int:
    """The bits of a row."""
    if len(kept) == FULL:
        return int.from_bytes(kept, "little")
    bits = 0
    for position in _few(kept):
        bits |= 1 << position
    return bits


def _few(kept: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(kept) >> 1}H", kept)


def change(come: Iterable[Entry], gone: Iterable[Entry]) -> None:
    """Put pictures into lists, and take others out. Whoever calls it is the only one who changes these facets."""
    more, fewer = _gathered(come), _gathered(gone)
    every = sorted(more.keys() | fewer.keys())
    for start in range(0, len(every), AT_ONCE):
        keys = every[start : start + AT_ONCE]
        there = _there(keys)
        new = {key: (there.get(key, 0) | more.get(key, 0)) & ~fewer.get(key, 0) for key in keys}
        _write([(*key, written(bits)) for key, bits in new.items() if bits != there.get(key, 0)])


def _gathered(entries: Iterable[Entry]) -> dict[Key, int]:
    found: defaultdict[Key, int] = defaultdict(int)
    for facet, scope, picture in entries:
        found[facet, scope, picture // WIDTH] |= 1 << picture % WIDTH
    return found


def _there(keys: Sequence[Key]) -> dict[Key, int]:
    values = ", ".join(f"({facet}, {scope}, {block})" for facet, scope, block in keys)
    # A cross join is made in its order on SQLite: a seek for each of the keys.
    found = rows(
        f"WITH wanted (facet, scope, block) AS (VALUES {values}) "  # noqa: S608  numbers of our own
        "SELECT there.facet_id, there.scope, there.block, there.bits FROM wanted CROSS JOIN studio_facetblock AS there "
        "WHERE there.facet_id = wanted.facet AND there.scope = wanted.scope AND there.block = wanted.block"
    )
    return {(facet, scope, block): read(bits) for facet, scope, block, bits in found}


def _write(kept: Sequence[tuple[int, int, int, bytes]]) -> None:
    if kept:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO studio_facetblock (facet_id, scope, block, bits) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (facet_id, scope, block) DO UPDATE SET bits = excluded.bits",
                kept,
            )


# --- what lists have in common --------------------------------------------------------------------------------------


def common(lists: Lists, first: int, last: int) -> Iterator[Stretch]:
    """What is in each list of a scope, from an id to another, both included; the newest first if `last` is less.

    A stretch is read when it is asked for. After those of ROWS it ends, wherever that is.
    """
    down, at, end = last < first, first // WIDTH, last // WIDTH
    parts = {(each.facet, scope): each.pictures for scope, every in lists.items() for one in every for each in one}
    for most in ROWS:
        blocks = _affordable(parts.values(), most)
        until = max(end, at - blocks + 1) if down else min(end, at + blocks - 1)
        there = _between(parts, min(at, until), max(at, until))
        edge = None if until == end else until * WIDTH if down else until * WIDTH + WIDTH - 1
        yield Stretch(_in_order(lists, there, first, last), edge)
        if edge is None:
            return
        at = until - 1 if down else until + 1


def _affordable(parts: Iterable[int], most: int) -> int:
    """Of how many blocks there are at most so many rows, with so many pictures in each part."""
    each = sorted(parts)
    for number, pictures in enumerate(each):
        left = len(each) - number
        if pictures * left > most:
            return max(1, most // left)
        most -= pictures
    return EVERYTHING


There = Mapping[int, Mapping[tuple[int, int], bytes]]  # block -> facet, scope -> bits


def _between(parts: Iterable[tuple[int, int]], first: int, last: int) -> There:
    facets, scopes = ({each[at] for each in parts} for at in (0, 1))
    found: defaultdict[int, dict[tuple[int, int], bytes]] = defaultdict(dict)
    for facet, scope, block, bits in rows(
        "SELECT facet_id, scope, block, bits FROM studio_facetblock "  # noqa: S608  numbers of our own
        f"WHERE facet_id IN ({_listed(facets)}) AND scope IN ({_listed(scopes)}) AND block BETWEEN %s AND %s",
        first,
        last,
    ):
        found[block][facet, scope] = bits
    return found


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _in_order(lists: Lists, there: There, first: int, last: int) -> Iterator[tuple[int, int]]:
    down, low, high = last < first, min(first, last), max(first, last)
    keys = {scope: [[(part.facet, scope) for part in parts] for parts in every] for scope, every in lists.items()}
    for block in sorted(there, reverse=down):
        start, kept = block * WIDTH, there[block]
        within = low - start, high - start
        found = [
            _of_scope(shared, start, scope, within, down)
            for scope, every in keys.items()
            if (shared := _shared(every, kept))
        ]
        if found:
            yield from merge(*found, reverse=down) if len(found) > 1 else found[0]


def _of_scope(
    shared: int | set[int], start: int, scope: int, within: tuple[int, int], down: bool
) -> Iterator[tuple[int, int]]:
    low, high = within
    if isinstance(shared, set):
        found: Iterable[int] = (at for at in sorted(shared, reverse=down) if low <= at <= high)
    else:
        shared = shared >> low << low if low > 0 else shared
        found = _positions(shared & (1 << high + 1) - 1 if high < WIDTH - 1 else shared, down)
    for position in found:
        yield start + position, scope


def _shared(lists: Sequence[Sequence[tuple[int, int]]], there: Mapping[tuple[int, int], bytes]) -> int | set[int]:
    """What is in each list: bits, or numbers where a list has few, which are quicker to look up."""
    bits, few = -1, None
    for keys in lists:
        kept = [there[key] for key in keys if key in there]
        if not kept:
            return 0
        if max(map(len, kept)) == FULL:
            bits &= _either(kept) if len(kept) > 1 else read(kept[0])
        else:
            numbers = _few(kept[0]) if len(kept) == 1 else {at for row in kept for at in _few(row)}
            few = set(numbers) if few is None else few.intersection(numbers)
        if not bits or (few is not None and not few):
            return 0
    if few is None or bits == -1:
        return bits if few is None else few
    whole = bits.to_bytes(FULL, "little")
    return {at for at in few if whole[at >> 3] >> (at & 7) & 1}


def _either(kept: Sequence[bytes]) -> int:
    bits = 0
    for row in kept:
        bits |= read(row)
    return bits


def _positions(bits: int, down: bool) -> Iterator[int]:
    # By the word: numbers of as many bits as a block has are slow to change.
    words = unpack(f"<{FULL // 8}Q", bits.to_bytes(FULL, "little"))
    some = [at for at, word in enumerate(words) if word]
    for at in reversed(some) if down else some:
        word = words[at]
        while word:
            position = (word if down else word & -word).bit_length() - 1
            yield at << 6 | position
            word ^= 1 << position
