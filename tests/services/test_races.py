"""Many at once, on the database of the run: exactly one wins, nothing is spent twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from studio.errors import OverBudget
from studio.models import Attempt, Budget, Entry, Job, User
from studio.services import accounts, audit, jobs, members, turns
from tests.fixtures import at_once, budget_of, limit_to, submit

pytestmark = pytest.mark.usefixtures("committed")


def test_a_hundred_posts_of_one_key_make_one_job(alice: User):
    results = at_once(100, lambda _: submit(alice, key="one", n=2).pk)
    assert set(results) == {Job.objects.get().pk}
    assert Entry.objects.filter(kind="reserve").count() == 3
    assert budget_of(alice).held == 70
    assert audit.broken() == []


def test_the_books_agree_while_units_move(alice: User):
    keys = [f"k{number}" for number in range(12)]

    def between(execute: Callable[..., Any], *statement: Any) -> Any:
        read = execute(*statement)
        if keys and "SELECT" in statement[0]:
            at_once(1, lambda _: submit(alice, key=keys.pop()))
        return read

    with connection.execute_wrapper(between):
        assert audit.broken() == []
    assert keys == []
    assert audit.broken() == []


def test_a_budget_for_ten_takes_exactly_ten_of_forty(alice: User, bob: User):
    limit_to(Budget.objects.get(account__kind="workspace"), 350)
    results = at_once(40, lambda number: submit((alice, bob)[number % 2], key=f"k{number}"))
    accepted = [result for result in results if isinstance(result, Job)]
    refused = [result for result in results if isinstance(result, OverBudget)]
    assert (len(accepted), len(refused)) == (10, 30)
    assert Budget.objects.get(account__kind="workspace").left == 0
    assert audit.broken() == []


def test_callers_that_claim_together_never_claim_the_same_job(alice: User, settings):
    for number in range(4):
        submit(alice, key=f"k{number}")
    account = accounts.current()
    claims = [claim for claim in at_once(12, lambda _: turns.claim(account.pk)) if claim is not None]
    for claim in claims:
        claim.lock.end()  # type: ignore[attr-defined]
    assert len({claim.attempt.job_id for claim in claims}) == len(claims) == 4  # type: ignore[attr-defined]
    assert Attempt.objects.count() == 4


def test_callers_that_claim_together_stay_within_the_limits(alice: User):
    for number in range(12):
        submit(alice, key=f"k{number}")
    account = accounts.current()
    claims = [claim for claim in at_once(12, lambda _: turns.claim(account.pk)) if claim is not None]
    for claim in claims:
        claim.lock.end()  # type: ignore[attr-defined]
    assert len(claims) == 5


def test_cancel_and_claim_never_both_win(alice: User):
    account = accounts.current()
    for number in range(8):
        job = submit(alice, key=f"k{number}")
        claim, canceled = at_once(2, lambda who, job=job: jobs.cancel(alice, job) if who else turns.claim(account.pk))
        assert (claim is None) == (canceled is True)
        if isinstance(claim, turns.Claim):
            claim.lock.end()
            Attempt.objects.filter(pk=claim.attempt.pk).update(claimed_at="2020-01-01T00:00Z")


def test_an_invitation_lets_one_person_in(alice: User):
    token = members.invite(alice.memberships.get(), "editor")
    people = [User.objects.create_user(f"new{number}@example.com") for number in range(8)]
    results = at_once(8, lambda number: members.accept(token, people[number]))
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert alice.workspaces.get().members.count() == 2
