"""The forecast: the days ahead are drawn from the days behind, and its band is as wide as it says."""

import random
from datetime import date, timedelta

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
