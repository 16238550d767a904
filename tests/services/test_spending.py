"""Where the units went: whatever is asked, the sums are sums of entries, and each movement counts once."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from studio.models import Asset, Collection, CollectionItem, Entry, Job, Tally, User, Workspace
from studio.services import (
    accounts,
    audit,
    budgets,
    collections,
    durations,
    filed,
    health,
    ledger,
    spending,
    tallies,
    upkeep,
)
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
                settled(job, units := job.quoted_units + chance.choice([0, 0, 0, 5]))
                file_some(job, units, chance)
            if fate < 0.1:
                ledger.write_off(job, job.quoted_units // 2, "A picture never came")


def file_some(job: Job, units: int, chance: random.Random) -> None:
    """The pictures of a job, each with its share, in none to three collections, one of them private to its maker."""
    membership, share = job.person.memberships.get(), units // job.images
    looks = {"media_type": "image/webp", "width": 1, "height": 1, "size": 1, "sha256": "", "file": ""}
    for number in range(job.images):
        cost = share if number else units - share * (job.images - 1)
        made = Asset.objects.create(workspace=job.workspace, person=job.person, job=job, units=cost, **looks)
        for name in chance.sample(["Spring", "Summer", job.person.name], chance.randrange(4)):
            place = Collection.objects.filter(name=name).first()
            seen_by = "private" if name == job.person.name else "workspace"
            place = place or collections.create(membership, name, visibility=seen_by)
            collections.add(job.person, place, [made.pk])


def all_of(workspace: Workspace, days: int = 90) -> Filter:
    return Filter(accounts.current(), workspace, Range.last(days, workspace))


def by_hand(chosen: Filter) -> dict[str, dict[str, int]]:
    """The sums of each dimension, added up here from the lines of the file."""
    found: dict[str, dict[str, int]] = {name: {} for name in (*DIMENSIONS, "day", "collection")}
    nowhere = filed.NOWHERE_NAME
    for row in spending.rows(chosen):
        found["collection"][nowhere] = found["collection"].get(nowhere, 0) + row["units"]
        if row["kind"] == Entry.Kind.CHARGE:
            for asset in Asset.objects.filter(job__public_id=row["run"]):
                lies_in = {item.collection for item in asset.collection_items.select_related("collection__owner")}
                found["collection"][nowhere] -= asset.units if lies_in else 0
                for place in lies_in:
                    is_open = place.is_shared or place.owner == looks_on(chosen)
                    label = place.name if is_open else filed.PRIVATE_NAME
                    found["collection"][label] = found["collection"].get(label, 0) + asset.units
        for name in DIMENSIONS:
            label = spending.label(name, row[name]) if name != "person" else row[name]
            found[name][label] = found[name].get(label, 0) + row["units"]
        day = row["when"][:10]
        found["day"][day] = found["day"].get(day, 0) + row["units"]
    return {**found, "collection": {label: units for label, units in found["collection"].items() if units}}


def told(chosen: Filter) -> dict[str, dict[str, int]]:
    """The same, as a page tells it."""
    sums = spending.sums(chosen)
    found = {name: {share.label: share.units for share in sums.by(name)} for name in DIMENSIONS}
    days = {day.date.isoformat(): day.total for day in spending.by_day(chosen) if day.units}
    total = spending.total(chosen)
    told = filed.by_collection(chosen, looks_on(chosen), total)
    pictures = sum(share.pictures for share in told.shares if share.key == filed.NOWHERE) + told.filed.pictures
    assert (pictures, told.total) == (total.pictures, total)
    return {**found, "day": days, "collection": {share.label: share.units for share in told.shares if share.units}}


def looks_on(chosen: Filter) -> User:
    """Who opens the monitor: the workspace's first member."""
    found = chosen.workspace.members.order_by("pk").first()
    assert found
    return found


def random_filters(everything: Filter, people: list[User], chance: random.Random, count: int) -> Iterator[Filter]:
    for _ in range(count):
        end = everything.range.until - timedelta(days=chance.randrange(40))
        yield replace(
            everything.over(Range(end - timedelta(days=chance.randrange(30)), end, everything.range.zone)),
            person=chance.choice([None, *people]),
            operation=chance.choice(["", "generate"]),
            model=chance.choice(["", "recraftv3", "recraftv4_1_vector"]),
            style=chance.choice(["", "", "Photorealism"]),
        )


# A change of the clocks lies in the last 40 days for some of them, whenever this is run; one is off by 45 minutes.
@pytest.mark.parametrize("name", ["UTC", "America/Havana", "Asia/Kathmandu"])
def test_every_way_of_adding_up_agrees_to_the_unit(alice: User, bob: User, name: str):
    chance = random.Random(7)
    Workspace.objects.update(time_zone=name)
    month([alice, bob], 40, chance)
    everything = all_of(alice.workspaces.get())
    used = {person: budget_of(person).used for person in (alice, bob)}
    assert spending.total(everything).units == sum(used.values()) > 0
    for person, units in used.items():
        assert spending.total(replace(everything, person=person)).units == units
    for chosen in random_filters(everything, [alice, bob], chance, 20):
        assert told(chosen) == by_hand(chosen)
        sums = spending.sums(chosen)
        pictures = sum(row["pictures"] for row in spending.rows(chosen))
        assert {sum(share.pictures for share in sums.by(each)) for each in DIMENSIONS} == {pictures}


def test_a_change_of_the_time_zone_changes_days_and_no_sum(alice: User, bob: User):
    chance = random.Random(3)
    owner, workspace = alice.memberships.get(), alice.workspaces.get()
    month([alice, bob], 20, chance)
    for name, is_mixed in (("Pacific/Auckland", False), ("Asia/Kathmandu", True)):
        budgets.set_time_zone(owner, name)
        workspace.refresh_from_db()
        everything = all_of(workspace)
        if is_mixed:
            settled(submit(alice, name), 35)
        assert everything.tallied(all=Count("pk")) is None, "they are those of other days"
        for chosen in random_filters(everything, [alice, bob], chance, 8):
            assert told(chosen) == by_hand(chosen)
        assert tallies.uncounted() == [workspace]
        upkeep.count_anew()
        assert tallies.uncounted() == []
        assert everything.tallied(all=Count("pk")) is not None
        for chosen in random_filters(everything, [alice, bob], chance, 8):
            assert told(chosen) == by_hand(chosen)


def test_what_the_provider_was_paid_is_told_by_the_days_of_whoever_asks(alice: User, charlie: User):
    chance = random.Random(5)
    month([alice], 12, chance)
    ledger.external(accounts.current(), 70, "Used elsewhere")
    ledger.external(accounts.current(), -30, "Topped up")
    moved = Entry.objects.of_totals().filter(account__kind="provider", kind__in=("charge", "external"))
    for name in ("Asia/Kathmandu", "America/Havana"):
        days = Range.last(45, Workspace(time_zone=name))
        flows = health.flows(accounts.current(), days)
        for day, flow in zip(days.days, flows, strict=True):
            there = [each.units for each in moved if each.created_at.astimezone(days.zone).date() == day]
            assert (flow.burned, flow.added) == (sum(u for u in there if u > 0), -sum(u for u in there if u < 0))
    assert sum(flow.burned - flow.added for flow in flows) == sum(each.units for each in moved)


def test_tallies_that_are_wrong_are_found_and_made_anew(alice: User, bob: User):
    month([alice, bob], 10, random.Random(2))
    for moved in (F("spent") + 1, F("spent") - 1):
        row = Tally.objects.filter(account__kind="person").order_by("?")[0]
        Tally.objects.filter(pk=row.pk).update(spent=moved)
        assert [each[:3] for each in audit.broken()] == ["I17"]
        tallies.recount(alice.workspaces.get())
        assert audit.broken() == []
    Tally.objects.filter(account__kind="provider").delete()
    assert audit.broken()
    tallies.recount(accounts.current())
    assert audit.broken() == []


def test_price_drift_is_told_by_operation_and_model(alice: User):
    for number, units in enumerate((35, 41, 44)):
        settled(submit(alice, f"key-{number}"), units)
    everything = all_of(alice.workspaces.get())
    said = [health.Drift("generate", "recraftv4_1", 2, 70, 85)]
    assert health.drifts(everything) == said
    Workspace.objects.update(time_zone="Asia/Kathmandu")
    assert health.drifts(all_of(alice.workspaces.get())) == said, "from the entries"


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
    assert [share.label for share in spending.sums(all_of(charlie.workspaces.get())).by("person")] == ["Charlie"]


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


def test_what_was_filed_before_its_cost_was_kept_is_told_by_the_migration(alice: User, bob: User):
    month([alice, bob], 20, random.Random(4))
    names = ("pk", "units", "payer", "charged_at")
    before = set(CollectionItem.objects.values_list(*names))
    CollectionItem.objects.update(units=0, payer=None, charged_at=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("studio.migrations.0022_filed_units").KEEP)
    assert set(CollectionItem.objects.values_list(*names)) == before != set()
