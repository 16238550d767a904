"""The forecast: the days ahead are drawn from the days behind, and its band is as wide as it says."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from studio.management.commands import demo_data
from studio.recraft.catalogue import OPERATIONS
from studio.services import forecast

MONDAY = date(2026, 11, 16)


def test_an_even_burn_runs_out_to_the_day():
    found = forecast.runs_out(1000, [100] * 28, MONDAY)
    assert found is not None
    assert found.early == found.middle == found.late == MONDAY + timedelta(days=9)
    assert found.per_day == 100


def test_weekends_repeat_weekends():
    week = [50, 50, 50, 50, 50, 0, 0]
    found = forecast.runs_out(300, week * 4, MONDAY)
    assert found is not None
    assert found.middle == MONDAY + timedelta(days=7), "six workdays, with a weekend between them"


def test_too_little_says_nothing():
    assert forecast.runs_out(1000, [100] * 4, MONDAY) is None
    assert forecast.runs_out(1000, [0] * 28, MONDAY) is None


def test_plenty_is_not_given_a_day():
    found = forecast.runs_out(10**9, [100, 120, 80] * 10, MONDAY)
    assert found is not None
    assert found.early is found.middle is found.late is None


def test_four_of_five_futures_lie_in_the_band():
    """Lives of known burn: after 30 days the forecast is made, then life goes on until nothing is left."""
    chance = random.Random(11)
    inside = 0
    lives = 200
    for _ in range(lives):
        burn = [max(0, round(chance.gauss(500, 250))) for _ in range(120)]
        found = forecast.runs_out(8000, burn[:30], MONDAY)
        assert found is not None and found.early and found.late
        left, day = 8000, 29
        while left > 0:
            day += 1
            left -= burn[day]
        inside += found.early <= MONDAY + timedelta(days=day - 30) <= found.late
    assert 0.7 <= inside / lives <= 0.9, inside / lives


def demonstration(days: int, seed: int) -> list[int]:
    """Units of each day of work as `demo_data` plans it, as much of it a day as in its month; the last is a Sunday."""
    until = datetime.combine(MONDAY, time(), UTC)
    burn = [0] * days
    for wish in demo_data.plan(days, days * demo_data.JOBS // demo_data.DAYS, until, random.Random(seed)):
        values = wish.values | ({"image": "there"} if wish.starts_from_picture else {})
        burn[int(wish.day)] += OPERATIONS[wish.operation].quote(values)
    return burn


def test_the_band_covers_what_happens_in_the_demonstration():
    """Looking back: from each of its days, as far as the days known by then allow, when did so many units run out?"""
    behind, inside, told = 30, 0, 0
    for seed in range(40):
        burn = demonstration(7 * 12, seed)
        for today in range(behind, len(burn) - 42, 3):
            for worth in (5, 10, 20):  # days' use that are left
                left = worth * sum(burn[today - behind : today]) // behind
                now = MONDAY - timedelta(days=len(burn) - today)
                found = forecast.runs_out(left, burn[today - behind : today], now)
                assert found is not None and found.early and found.late
                spent = accumulate(burn[today:])
                gone = next(days for days, units in enumerate(spent) if units >= left)
                told += 1
                inside += found.early <= now + timedelta(days=gone) <= found.late
    assert 0.7 <= inside / told <= 0.9, f"{inside} of {told}"
