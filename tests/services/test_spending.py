"""Where the units went: whatever is asked, the sums are sums of entries, and each movement counts once."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from studio.models import Entry, User, Workspace
from studio.services import accounts, budgets, durations, ledger, spending
from studio.services.budgets import Rule
from studio.services.spending import DIMENSIONS, Filter, Range
from tests.fixtures import budget_of, submit
from tests.services.test_ledger import settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

ASKED = (
    {"model": "recraftv4_1"},
    {"model": "recraftv4_1_vector", "n": 2},
    {"model": "recraftv3", "style": "Photorealism"},
    {"model": "recraftv3", "style": "Illustration", "n": 3},
)


def month(people: list[User], count: int, chance: random.Random) -> None:
    """Jobs over the last 40 days, some charged other than quoted, some lost, some released, some still held."""
    for number in range(count):
        with durations.shifted(-timedelta(days=chance.uniform(0, 40))):
            job = submit(chance.choice(people), f"key-{number}", **chance.choice(ASKED))
            fate = chance.random()
            if fate < 0.8:
                settled(job, job.quoted_units + chance.choice([0, 0, 0, 5]))
            if fate < 0.1:
                ledger.write_off(job, job.quoted_units // 2, "A picture never came")


def all_of(workspace: Workspace, days: int = 90) -> Filter:
    return Filter(accounts.current(), workspace, Range.last(days, workspace))


def test_every_way_of_adding_up_agrees_to_the_unit(alice: User, bob: User):
    chance = random.Random(7)
    month([alice, bob], 60, chance)
    everything = all_of(alice.workspaces.get())
    used = {person: budget_of(person).used for person in (alice, bob)}
    assert spending.total(everything).units == sum(used.values()) > 0
    for person, units in used.items():
        assert spending.total(replace(everything, person=person)).units == units
    for _ in range(25):
        end = everything.range.until - timedelta(days=chance.randrange(40))
        chosen = replace(
            everything.over(Range(end - timedelta(days=chance.randrange(30)), end, everything.range.zone)),
            person=chance.choice([None, alice, bob]),
            operation=chance.choice(["", "generate"]),
            model=chance.choice(["", "recraftv3", "recraftv4_1_vector"]),
            style=chance.choice(["", "", "Photorealism"]),
        )
        total = spending.total(chosen)
        assert sum(day.total for day in spending.by_day(chosen)) == total.units
        assert sum(row["units"] for row in spending.rows(chosen)) == total.units
        for dimension in DIMENSIONS:
            shares = spending.by(chosen, dimension)
            assert sum(share.units for share in shares) == total.units
            assert sum(share.pictures for share in shares) == total.pictures


def test_a_movement_counts_once_however_many_limits_it_touched(alice: User):
    for window in ("day", "week", "month"):
        budgets.set_cap(alice.memberships.get(), Rule(window, "member"), 10_000)
    settled(submit(alice), 35)
    assert spending.total(all_of(alice.workspaces.get())).units == 35
    assert Entry.objects.filter(account__person=alice, kind="charge").count() == 4


def test_another_workspace_is_not_counted(alice: User, charlie: User):
    settled(submit(alice), 35)
    settled(submit(charlie), 40)
    assert spending.total(all_of(alice.workspaces.get())).units == 35
    assert [share.label for share in spending.by(all_of(charlie.workspaces.get()), "person")] == ["Charlie"]


def test_a_day_is_a_day_of_the_workspace(alice: User):
    workspace = alice.workspaces.get()
    workspace.time_zone = "Pacific/Auckland"
    workspace.save()
    zone = ZoneInfo(workspace.time_zone)
    late = datetime.combine(date(2026, 3, 4), datetime.min.time(), zone) + timedelta(hours=23, minutes=59)
    for number, moment in enumerate([late, late + timedelta(minutes=2)]):
        with durations.shifted(moment - timezone.now()):
            settled(submit(alice, f"key-{number}"), 35)
    march = Filter(accounts.current(), workspace, Range(date(2026, 3, 3), date(2026, 3, 5), zone))
    assert [(day.date.day, day.total) for day in spending.by_day(march)] == [(3, 0), (4, 35), (5, 35)]


def test_what_was_given_back_is_not_spent(alice: User):
    job = submit(alice, n=2)
    settled(job, 70)
    ledger.write_off(job, 35, "A picture never came")
    found = spending.total(all_of(alice.workspaces.get()))
    assert (found.units, budget_of(alice).used) == (35, 35)


@pytest.mark.parametrize(
    ("operation", "model", "name"),
    [
        ("generate", "recraftv4_1", "Generate"),
        ("generate", "recraftv4_1_vector", "Vector"),
        ("inpaint", "recraftv3", "Edit"),
        ("creative-upscale", "", "Upscale"),
        ("", "", "Other"),
    ],
)
def test_operations_fall_into_few_groups(operation: str, model: str, name: str):
    assert spending.group(operation, model) == name
    assert name in spending.GROUPS
