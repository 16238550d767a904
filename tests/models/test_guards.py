"""What the database refuses, whatever the code does."""

from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from studio import checks
from studio.models import Attempt, Budget, Cap, Entry, Host, Job, JobState, User, guards
from studio.models.jobs import JOB_MOVES
from studio.services import budgets
from studio.services.budgets import Rule
from tests.fixtures import budget_of, limit_to, submit
from tests.sweeps import sweep

pytestmark = pytest.mark.django_db


def test_every_guard_is_there_after_migrate():
    assert guards.present() == guards.names()
    assert checks.guards_are_there(None, databases=["default"]) == []


def test_a_missing_guard_is_reported_with_a_way_out():
    with connection.cursor() as cursor:
        on = " ON studio_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER studio_entry_no_delete{on}")
    (error,) = checks.guards_are_there(None, databases=["default"])
    assert "studio_entry_no_delete" in error.msg
    assert "migrate" in error.hint


@pytest.mark.parametrize("statement", ["UPDATE studio_entry SET units = 0", "DELETE FROM studio_entry"])
def test_a_ledger_entry_is_never_changed(alice: User, statement: str):
    submit(alice)
    before = list(Entry.objects.order_by("id").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.order_by("id").values()) == before


def refused(statement: str, words: str, *parameters: object) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_nothing_is_reserved_past_a_limit(alice: User):
    limit_to(budget_of(alice), 100)
    submit(alice, n=2)
    hold = "UPDATE studio_budget SET held = held + %s WHERE id = %s"
    refused(hold, "no room", 31, budget_of(alice).pk)
    with connection.cursor() as cursor:
        cursor.execute(hold, [30, budget_of(alice).pk])
        cursor.execute(hold, [-100, budget_of(alice).pk])
    assert budget_of(alice).held == 0


@pytest.mark.parametrize("change", ["budget_id = other.id", "job_id = NULL", "account_id = other.account_id"])
def test_an_entry_closes_a_reserve_of_its_own_job_on_its_own_budget(alice: User, bob: User, change: str):
    submit(alice)
    reserve, other = Entry.objects.filter(kind="reserve", account__kind="person").get(), budget_of(bob)
    values = {"account_id": reserve.account_id, "budget_id": reserve.budget_id, "job_id": reserve.job_id}
    column, _, value = change.partition(" = ")
    values[column] = {"NULL": None, "other.id": other.pk, "other.account_id": other.account_id}[value]
    refused(
        "INSERT INTO studio_entry (account_id, budget_id, job_id, kind, units, closes_id, reason) "
        "VALUES (%s, %s, %s, 'charge', 35, %s, '')",
        "a reserve of its own",
        *values.values(),
        reserve.pk,
    )


@pytest.mark.parametrize("table", ["account", "budget", "cap", "entry"])
def test_rows_of_the_ledger_are_never_deleted(alice: User, table: str):
    budgets.set_cap(alice.memberships.get(), Rule("day", "member"), 100)
    submit(alice)
    refused(f"DELETE FROM studio_{table}", "append-only|violates foreign key")


@pytest.mark.parametrize("column", ["starts_at", "ends_at", "window_key", "account_id"])
def test_a_budget_keeps_its_account_and_period(alice: User, column: str):
    refused(f"UPDATE studio_budget SET {column} = {column}", "keeps its account and period")


def test_a_cap_is_ended_and_never_changed(alice: User):
    cap = budgets.set_cap(alice.memberships.get(), Rule("day", "member"), 100)
    refused("UPDATE studio_cap SET units = 200", "never changed")
    assert Cap.objects.get() == cap


def test_two_periods_of_a_window_never_take_reservations_at_once(alice: User):
    budgets.set_cap(alice.memberships.get(), Rule("day", "member"), 100)
    row = Budget.objects.get(window="day", account__person=alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(
            account=row.account, window="day", window_key="another", starts_at=row.ends_at, ends_at="2999-01-01T00:00Z"
        )


def test_a_correction_needs_an_actor_and_a_reason(alice: User):
    budget = budget_of(alice)
    enter = (
        "INSERT INTO studio_entry (account_id, budget_id, kind, units, actor_id, reason) VALUES (%s, %s, %s, 5, %s, %s)"
    )
    for kind, actor, reason in (
        ("adjust", None, "Why"),
        ("adjust", alice.pk, ""),
        ("grant", None, ""),
        ("loss", None, ""),
    ):
        refused(enter, "entry_actor|entry_reason", budget.account_id, budget.pk, kind, actor, reason)


@sweep("move", product(JobState.values, repeat=2))
def test_a_job_moves_only_where_it_may(alice: User, move: tuple[str, str]):
    before, after = move
    job = submit(alice)  # the same one each time
    guards.remove()
    Job.objects.filter(pk=job.pk).update(state=before)
    guards.install()
    if before == after or after in JOB_MOVES.get(before, ()):
        assert Job.objects.filter(pk=job.pk).update(state=after) == 1
    else:
        with pytest.raises(DatabaseError, match="can not follow"), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=after)


@pytest.mark.parametrize("state", ["sending", "succeeded", "unknown"])
def test_a_second_paid_call_is_impossible(alice: User, state: str):
    job = submit(alice)
    host = Host.objects.create(pk="h")
    Attempt.objects.create(job=job, provider_account=job.provider_account, host=host, images=1, state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(job=job, provider_account=job.provider_account, host=host, images=1)


def test_a_failed_attempt_leaves_room_for_another(alice: User):
    job = submit(alice)
    host = Host.objects.create(pk="h")
    for _ in range(3):
        attempt = Attempt.objects.create(job=job, provider_account=job.provider_account, host=host, images=1)
        Attempt.objects.filter(pk=attempt.pk).update(state="failed", ended_at=Now())
    assert job.attempts.count() == 3


def test_two_people_cannot_have_one_address(alice: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ALICE@example.com")


def test_a_sqlite_without_returning_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.sqlite_is_new_enough(None, databases=["default"]) == []
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    found = checks.sqlite_is_new_enough(None, databases=["default"])
    assert bool(found) == (connection.vendor == "sqlite")
    assert all("too old" in str(each.msg) for each in found)
