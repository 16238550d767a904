"""What the clock finds, and does about it."""

import os
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.models import Asset, Attempt, Host, Job, JobState, Lease, ProviderAccount, User
from studio.services import accounts, durations, keeper, turns, upkeep
from studio.services.assets import media
from tests.fixtures import Recraft, budget_of, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def ago(**parts: float) -> object:
    return durations.database_now() - timedelta(**parts)


def test_sqlite_notes_what_its_tables_hold_and_postgresql_does_so_by_itself(alice: User):
    with CaptureQueriesContext(connection) as asked:
        upkeep.look_at_tables()
    assert any(query["sql"] == "ANALYZE" for query in asked) == (connection.vendor == "sqlite")


def test_one_clock_leads_until_its_lease_runs_out():
    assert upkeep.lead("first")
    assert not upkeep.lead("second")
    assert upkeep.lead("first")
    Lease.objects.update(until=ago(seconds=1))
    assert upkeep.lead("second")
    assert not upkeep.lead("first")


def test_a_clock_that_stands_down_makes_room_at_once():
    assert upkeep.lead("first")
    upkeep.stand_down("first")
    assert upkeep.lead("second")


def test_a_job_that_nobody_rang_for_is_found(alice: User, provider_account: ProviderAccount):
    assert upkeep.calls_to_ring(provider_account) == 0
    for number in range(7):
        submit(alice, key=f"k{number}")
    assert upkeep.calls_to_ring(provider_account) == 5


def test_nothing_is_rung_that_has_to_wait(alice: User, provider_account: ProviderAccount):
    job = submit(alice)
    Job.objects.filter(pk=job.pk).update(not_before=durations.database_now() + timedelta(minutes=1))
    assert upkeep.calls_to_ring(provider_account) == 0


def test_a_job_that_waited_a_day_expires_and_gives_its_units_back(alice: User):
    old, young = submit(alice, key="old"), submit(alice, key="young")
    Job.objects.filter(pk=old.pk).update(created_at=ago(hours=24, seconds=1))
    assert upkeep.expire_queue() == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, young.state) == (JobState.EXPIRED, JobState.QUEUED)
    assert budget_of(alice).held == 35


def test_calls_of_a_host_that_fell_silent_are_unknown_and_hold_their_units(alice: User, recraft: Recraft):
    job = submit(alice)
    claim = turns.claim(accounts.current().pk)
    assert claim is not None
    assert upkeep.give_up_silent_hosts() == 0
    Host.objects.update(seen_at=ago(minutes=3))
    Attempt.objects.update(claimed_at=ago(minutes=3))
    assert upkeep.give_up_silent_hosts() == 1
    claim.lock.end()
    job.refresh_from_db()
    assert job.state == JobState.UNKNOWN
    assert budget_of(alice).held == 35


def test_a_keeper_says_that_its_host_is_there(provider_account: ProviderAccount):
    keeper.sweep()
    Host.objects.update(seen_at=ago(hours=1))
    keeper.sweep()
    assert Host.objects.get().seen_at > ago(minutes=1)


def test_an_unrendered_asset_is_rung_for_a_few_times(alice: User):
    common = {"workspace": alice.workspaces.get(), "person": alice, "media_type": "image/png"}
    fields = {"width": 1, "height": 1, "size": 1, "sha256": "0" * 64, "file": "f"}
    fresh = Asset.objects.create(**common, **fields)
    assert upkeep.assets_to_ring() == []
    Asset.objects.update(created_at=ago(minutes=5))
    assert upkeep.assets_to_ring() == [fresh.pk]
    Asset.objects.update(render_tries=5)
    assert upkeep.assets_to_ring() == []


def test_the_provider_is_asked_for_its_balance_once_a_minute(provider_account: ProviderAccount):
    assert upkeep.provider_needs_probe(provider_account)
    accounts.record_balance(provider_account, 100)
    assert not upkeep.provider_needs_probe(accounts.current())
    ProviderAccount.objects.update(balance_at=ago(seconds=61))
    assert upkeep.provider_needs_probe(accounts.current())


def test_what_killed_downloads_left_is_removed_when_it_is_old():
    folder = media().temporary_folder()
    for name, age in (("old", 3700), ("young", 10)):
        (folder / name).write_bytes(b"half a picture")
        os.utime(folder / name, (time.time() - age,) * 2)
    assert upkeep.remove_old_temporaries() == 1
    assert [path.name for path in folder.iterdir()] == ["young"]
