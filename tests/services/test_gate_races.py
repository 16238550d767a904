"""Sixty-four at once against units for exactly a hundred jobs; and proof that the test would see a weaker gate."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from studio.errors import OverBudget
from studio.models import Budget, Job, JobInput, UnitsRequest, User, guards
from studio.services import audit, budgets, durations, jobs, ledger, requests
from studio.services.budgets import Rule
from tests import naive
from tests.fixtures import at_once, budget_of, limit_to, submit

pytestmark = pytest.mark.usefixtures("committed")

THREADS, EACH = 64, 3
JOBS, UNITS = 100, 35


def let_everybody_in(people: Sequence[User]) -> tuple[int, int]:
    """Every thread submits EACH jobs, one after another. How many were taken, and how many were refused."""

    def work(number: int) -> int:
        taken = 0
        for turn in range(EACH):
            try:
                submit(people[number % len(people)], f"{number}-{turn}")
                taken += 1
            except OverBudget:
                pass
        return taken

    results = at_once(THREADS, work)
    assert all(isinstance(result, int) for result in results), [each for each in results if not isinstance(each, int)]
    taken = sum(results)  # type: ignore[arg-type]
    return taken, THREADS * EACH - taken


def overdraft() -> int:
    """Units reserved or used past a limit, on the budget where it is worst."""
    limited = Budget.objects.exclude(limit=None)
    return max(0, max(row.used + row.held - (row.limit or 0) for row in limited))


@pytest.mark.parametrize("limited", ["person", "workspace", "day"])
def test_a_budget_for_a_hundred_jobs_takes_exactly_a_hundred(alice: User, bob: User, limited: str):
    limit = JOBS * UNITS
    if limited == "person":
        limit_to(budget_of(alice), limit)
    elif limited == "workspace":
        limit_to(Budget.objects.get(account__kind="workspace"), limit)
    else:
        budgets.set_cap(alice.memberships.get(), Rule("day", "workspace"), limit)
    taken = let_everybody_in([alice] if limited == "person" else [alice, bob])
    assert taken == (JOBS, THREADS * EACH - JOBS)
    assert overdraft() == 0
    assert Job.objects.count() == JOBS
    assert audit.broken() == []


def check_then_charge(job: Job, started_from: Sequence[JobInput]) -> Job:
    """The gate as it is often built: look what is left, then book."""
    left = budgets.standing(job.person, job.workspace, job.provider_account).left
    if left is not None and left < job.quoted_units:
        raise OverBudget("No room.", scope="person", window="total", left=left)
    with transaction.atomic():
        job.save(force_insert=True)
        rows = naive.applying_to(job)
        rows.update(held=F("held") + job.quoted_units)
        ledger._write(
            [ledger.Line(ledger._place(row), "reserve", job.quoted_units) for row in rows], ledger.Origin(job.pk)
        )
    return job


def test_the_same_test_sees_a_gate_that_checks_and_then_charges(alice: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_take_on", check_then_charge)
    guards.remove()
    limit_to(budget_of(alice), JOBS * UNITS)
    taken, _ = let_everybody_in([alice])
    assert taken > JOBS
    assert overdraft() == (taken - JOBS) * UNITS > 0
    assert any(found.startswith("I5") for found in audit.broken())
    guards.install()


def test_the_database_itself_refuses_what_such_a_gate_lets_through(alice: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_take_on", check_then_charge)
    limit_to(budget_of(alice), JOBS * UNITS)
    results = at_once(THREADS, lambda number: [submit(alice, f"{number}-{turn}") for turn in range(EACH)])
    assert overdraft() == 0
    refused = [result for result in results if isinstance(result, DatabaseError)]
    assert refused, "nobody came through the check together, so this has shown nothing"
    assert all("no room" in str(error) for error in refused)


def test_a_period_that_begins_is_opened_once_however_many_come(alice: User, bob: User):
    budgets.set_cap(alice.memberships.get(), Rule("day", "member"), 10 * UNITS)

    def tomorrow(number: int) -> object:
        with durations.shifted(timedelta(days=1)):
            return submit((alice, bob)[number % 2], f"k{number}")

    results = at_once(32, tomorrow)
    assert sum(isinstance(result, Job) for result in results) == 20
    assert sum(isinstance(result, OverBudget) for result in results) == 12
    assert Budget.objects.filter(window="day").count() == 4
    assert audit.broken() == []


def test_a_limit_that_is_lowered_meanwhile_is_never_overdrawn(alice: User, bob: User):
    budgets.set_cap(alice.memberships.get(), Rule("day", "workspace"), 1000)
    membership = alice.memberships.get()

    def work(number: int) -> object:
        if number % 8 == 0:
            return budgets.set_cap(membership, Rule("day", "workspace"), 1000 - number * 10)
        return submit((alice, bob)[number % 2], f"k{number}")

    results = at_once(48, work)
    assert not [result for result in results if isinstance(result, DatabaseError)]
    assert audit.broken() == []


def test_of_an_approval_and_a_cancel_at_once_one_wins(alice: User, bob: User):
    membership = alice.memberships.get()
    budgets.set_cap(membership, Rule("run", "member", soft=True), 0)
    for number in range(8):
        job = submit(bob, f"k{number}")
        request = UnitsRequest.objects.get(job=job)

        def work(who: int, job: Job = job, request: UnitsRequest = request) -> object:
            return jobs.cancel(bob, job) if who else requests.approve(membership, request)

        approved, canceled = at_once(2, work)
        job.refresh_from_db()
        request.refresh_from_db()
        # Canceled after it was approved is fine; approved after it was canceled is not.
        assert canceled is True or job.state == "queued", (approved, canceled)
        assert (approved is None) == (request.state == "approved"), (approved, canceled)
    assert audit.broken() == []


def test_approvals_that_raise_a_limit_and_submits_do_not_stand_in_each_others_way(alice: User, bob: User):
    membership = alice.memberships.get()
    budgets.set_cap(membership, Rule("run", "member", soft=True), UNITS)
    parked = [UnitsRequest.objects.get(job=submit(bob, f"p{number}", n=2)) for number in range(8)]
    until = durations.database_now() + timedelta(days=1)

    def work(number: int) -> object:
        if number < len(parked):
            return requests.approve(membership, parked[number], until=until)
        return submit((alice, bob)[number % 2], f"k{number}")

    results = at_once(40, work)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert Job.objects.filter(state="queued").count() == 40
    assert audit.broken() == []
