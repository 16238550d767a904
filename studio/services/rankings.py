"""From votes on pairs to an order: the Bradley-Terry model, where who wins follows from the odds of two strengths.

Source: R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 39 (1952); the iteration
is D. R. Hunter's, "MM algorithms for generalized Bradley-Terry models", Annals of Statistics 32 (2004).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STEPS = 500
CLOSE = 1e-7
# Half a win and half a loss of everybody against an average picture: without it, one that has won every vote would be
# infinitely strong, and one that nobody voted on would have no place.
PRIOR = 0.5
SCALE = 400 / math.log(10)  # as chess players count: 400 points are odds of ten to one
MIDDLE = 1500


@dataclass(frozen=True)
class Standing:
    """One picture's place. `score` is in points around 1500, `spread` its standard error, `votes` those it was in."""

    item: int
    place: int
    score: int
    spread: int
    wins: int
    votes: int


def ranked(items: Sequence[int], wins: Iterable[tuple[int, int]]) -> list[Standing]:
    """The items from best to worst; `wins` are (winner, loser). Equal scores share a place."""
    won, met = Counter[int](), Counter[tuple[int, int]]()
    for winner, loser in wins:
        won[winner] += 1
        met[min(winner, loser), max(winner, loser)] += 1
    strength = _strengths(items, won, met)
    spread = {item: SCALE / math.sqrt(_information(item, strength, met)) for item in items}
    votes = {item: sum(count for pair, count in met.items() if item in pair) for item in items}
    score = {item: round(MIDDLE + SCALE * math.log(strength[item])) for item in items}
    order = sorted(items, key=lambda item: (-score[item], item))
    places: dict[int, int] = {}
    for at, item in enumerate(order, 1):
        same = at > 1 and score[order[at - 2]] == score[item]
        places[item] = places[order[at - 2]] if same else at
    return [Standing(item, places[item], score[item], round(spread[item]), won[item], votes[item]) for item in order]


def _strengths(items: Sequence[int], won: Counter[int], met: Counter[tuple[int, int]]) -> dict[int, float]:
    strength = dict.fromkeys(items, 1.0)
    for _ in range(STEPS):
        below = {item: 2 * PRIOR / (strength[item] + 1.0) for item in items}
        for (one, other), count in met.items():
            share = count / (strength[one] + strength[other])
            below[one] += share
            below[other] += share
        after = {item: (won[item] + PRIOR) / below[item] for item in items}
        # Only odds count, not the level: what is average stays 1.
        level = math.exp(sum(map(math.log, after.values())) / max(len(after), 1))
        after = {item: value / level for item, value in after.items()}
        moved = max((abs(math.log(after[item] / strength[item])) for item in items), default=0.0)
        strength = after
        if moved < CLOSE:
            break
    return strength


def _information(item: int, strength: dict[int, float], met: Counter[tuple[int, int]]) -> float:
    """How much the votes say about one strength, on the scale of its logarithm."""
    chance = strength[item] / (strength[item] + 1.0)
    found = 2 * PRIOR * chance * (1 - chance)
    for pair, count in met.items():
        if item in pair:
            other = pair[0] if pair[1] == item else pair[1]
            chance = strength[item] / (strength[item] + strength[other])
            found += count * chance * (1 - chance)
    return found


def stars(standings: Sequence[Standing]) -> dict[int, int]:
    """Ratings from 1 to 5 by fifths of the order; what nobody voted on gets none. Equal places get equal stars."""
    judged = [each for each in standings if each.votes]
    return {each.item: 5 - (each.place - 1) * 5 // len(judged) for each in judged}
