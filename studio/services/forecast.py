"""When the units will be gone: the days behind, drawn again and again, are the days ahead.

No model of the team is assumed. Each future day repeats one past day of the same kind (a workday or a day of the
weekend), chosen at random; what is left is spent day by day until nothing is. The days behind are a sample, too, and
another month would have had others: so each future first draws its own past from them, as long as the real one.
Without that the band is too narrow, and the more so the farther it reaches. Of many such futures the middle one is the
forecast, and the band holds four of five; the tests look back on the demonstration to see that it does.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FUTURES = 300
HORIZON = 120  # days; who has units for longer needs no forecast
EARLY, LATE = 0.10, 0.90
FEWEST = 5  # days behind; from less nothing is told
SATURDAY = 5


@dataclass(frozen=True)
class Forecast:
    """Days on which the units run out; None: not within HORIZON days."""

    early: date | None
    middle: date | None
    late: date | None
    per_day: float  # units, over the days behind


def runs_out(left: int, burned: Sequence[int], today: date) -> Forecast | None:
    """The forecast for `left` units after days on which `burned` was spent, the last of them yesterday.

    None where there are too few days, or nothing was spent on them.
    """
    if len(burned) < FEWEST or sum(burned) <= 0:
        return None
    work, weekend = _by_kind(burned, today)
    chance = random.Random(0)  # noqa: S311  the same days give the same forecast
    ends = sorted(_days_until_gone(left, work, weekend, today, chance) for _ in range(FUTURES))
    early, middle, late = (_day(ends[int(part * (FUTURES - 1))], today) for part in (EARLY, 0.5, LATE))
    return Forecast(early, middle, late, sum(burned) / len(burned))


def _by_kind(burned: Sequence[int], today: date) -> tuple[Sequence[int], Sequence[int]]:
    work: list[int] = []
    weekend: list[int] = []
    for back, units in enumerate(reversed(burned), start=1):
        kind = weekend if (today - timedelta(days=back)).weekday() >= SATURDAY else work
        kind.append(max(0, units))
    return work or weekend, weekend or work


def _days_until_gone(
    left: int, work: Sequence[int], weekend: Sequence[int], today: date, chance: random.Random
) -> float:
    work, weekend = chance.choices(work, k=len(work)), chance.choices(weekend, k=len(weekend))
    weekday = today.weekday()
    for ahead in range(HORIZON + 1):
        left -= chance.choice(weekend if (weekday + ahead) % 7 >= SATURDAY else work)
        if left <= 0:
            return ahead
    return float("inf")


def _day(ahead: float, today: date) -> date | None:
    return None if ahead == float("inf") else today + timedelta(days=int(ahead))
