"""The provider's balance and the ledger: each change explained to the unit, and what is not is never guessed."""

import uuid
from collections import Counter
from datetime import timedelta

import httpx
import pytest

from studio.models import Attempt, Budget, Checkpoint, Entry, Host, Job, ProviderAccount, User
from studio.services import durations, execution, outcome, reconciliation, turns
from studio.services.reconciliation import ways_to
from studio.services.spool import Report
from tests.fixtures import budget_of, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

START = 10_000


@pytest.fixture
def account(provider_account: ProviderAccount, alice: User) -> ProviderAccount:
    """With a first look at its balance."""
    assert look(provider_account, START)
    return provider_account


def look(account: ProviderAccount, balance: int) -> Checkpoint | None:
    """Read the balance a while after everything has ended."""
    with durations.shifted(timedelta(minutes=1)):
        since = reconciliation.quiet_since(account)
        return reconciliation.checkpoint(account, balance, since) if since else None


def called(person: User, key: str, n: int = 1) -> Attempt:
    job = submit(person, key, n=n)
    Job.objects.move(job.pk, "queued", "running")
    host, _ = Host.objects.get_or_create(pk="h")
    return Attempt.objects.create(id=uuid.uuid4(), job=job, provider_account=job.provider_account, host=host, images=n)


def answered(person: User, key: str, n: int = 1) -> Attempt:
    attempt = called(person, key, n)
    data = ", ".join(f'{{"image_id": "{at}", "url": "https://x"}}' for at in range(n))
    outcome.record(Report(attempt.pk, f'{{"created": 1, "credits": {35 * n}, "data": [{data}]}}'.encode()))
    return attempt


def unknown(person: User, key: str, n: int = 1) -> Attempt:
    attempt = called(person, key, n)
    outcome.record(Report(attempt.pk, None, "OutcomeUnknown", "reset", "Recraft did not answer."))
    return attempt


def states(*attempts: Attempt) -> list[str]:
    for attempt in attempts:
        attempt.refresh_from_db()
        attempt.job.refresh_from_db()
    return [attempt.state for attempt in attempts]


def used() -> dict[str, int]:
    totals = Budget.objects.filter(window="total").exclude(account__person__isnull=False)
    return dict(totals.values_list("account__kind", "used"))


def test_what_answers_say_explains_the_balance(alice: User, account: ProviderAccount):
    answered(alice, "k1", 2)
    answered(alice, "k2")
    found = look(account, START - 105)
    assert found
    assert (found.drop, found.explained, found.billed, found.external, found.answers) == (105, 105, 0, 0, 2)
    assert found.ledger == 105


def test_a_balance_that_did_not_fall_shows_that_unknown_calls_were_not_billed(alice: User, account: ProviderAccount):
    attempt = unknown(alice, "k1")
    assert budget_of(alice).held == 35
    assert look(account, START)
    assert states(attempt) == ["resolved_unbilled"]
    assert (attempt.job.state, attempt.job.charged_units, budget_of(alice).left) == ("failed", 0, 10_000)


def test_what_was_billed_without_an_answer_is_paid_by_the_studio(alice: User, account: ProviderAccount):
    attempt = unknown(alice, "k1", 2)
    found = look(account, START - 70)
    assert found
    assert (found.billed, found.unknowns) == (70, 1)
    assert states(attempt) == ["resolved_billed"]
    assert (attempt.job.state, attempt.job.charged_units, budget_of(alice).left) == ("lost", 0, 10_000)
    assert used() == {"provider": 70, "workspace": 0, "loss": 70, "external": 0}


def test_of_calls_at_one_price_the_number_is_known(alice: User, account: ProviderAccount):
    many = [unknown(alice, f"k{number}") for number in range(5)]
    dear = unknown(alice, "dear", 6)
    answered(alice, "fine")
    found = look(account, START - 35 - 3 * 35)
    assert found
    assert (found.explained, found.billed, found.external) == (35, 105, 0)
    assert Counter(states(*many)) == {"resolved_billed": 3, "resolved_unbilled": 2}
    assert states(dear) == ["resolved_unbilled"]
    assert budget_of(alice).used == 35


@pytest.mark.parametrize("drop", [36, -500, 35 * 7])
def test_what_nothing_explains_is_external_and_nobody_pays_for_it(alice: User, account: ProviderAccount, drop: int):
    attempt = unknown(alice, "k1")
    found = look(account, START - drop)
    assert found
    assert (found.external, found.billed) == (drop, 0)
    assert used() == {"provider": drop, "workspace": 0, "loss": 0, "external": drop}
    assert states(attempt) == ["resolved_unbilled"]
    assert budget_of(alice).left == 10_000


def test_more_than_one_explanation_is_none(alice: User, account: ProviderAccount):
    # 70 + 35 or 105: the balance can't tell.
    attempts = [unknown(alice, "a", 2), unknown(alice, "b", 1), unknown(alice, "c", 3)]
    found = look(account, START - 105)
    assert found
    assert (found.external, set(states(*attempts))) == (105, {"resolved_unbilled"})


def test_a_top_up_without_jobs_is_external(account: ProviderAccount):
    found = look(account, START + 5000)
    assert found
    assert (found.drop, found.external) == (-5000, -5000)
    assert set(Entry.objects.filter(kind="external").values_list("units", flat=True)) == {-5000}


def test_each_interval_is_explained_for_itself(alice: User, account: ProviderAccount):
    answered(alice, "k1")
    look(account, START - 35)
    unknown(alice, "k2")
    look(account, START - 70)
    look(account, START - 70 - 11)
    explained = Checkpoint.objects.order_by("id").values_list("explained", "billed", "external")
    assert list(explained) == [(0, 0, 0), (35, 0, 0), (0, 35, 0), (0, 0, 11)]


def test_a_studio_at_rest_writes_no_row_each_minute(account: ProviderAccount):
    assert look(account, START) == look(account, START)
    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize("what", ["running", "just ended", "started meanwhile", "silent host"])
def test_a_balance_read_while_something_runs_tells_nothing(alice: User, account: ProviderAccount, what: str):
    attempt = called(alice, "k1") if what == "running" else unknown(alice, "k1")
    since = reconciliation.quiet_since(account)
    assert since is None
    if what == "just ended":
        return
    if what == "silent host":
        Host.objects.update(seen_at=durations.database_now() - timedelta(minutes=5))
    with durations.shifted(timedelta(minutes=1)):
        since = reconciliation.quiet_since(account)
        if what == "started meanwhile":
            assert since is not None
            Attempt.objects.filter(pk=called(alice, "k2").pk).update(claimed_at=durations.database_now())
            assert reconciliation.checkpoint(account, START - 35, since) is None
        else:
            assert since is None
    assert states(attempt)[0] in ("sending", "unknown")


def test_an_answer_that_was_found_late_is_no_loss(alice: User, account: ProviderAccount):
    attempt = unknown(alice, "k1")
    body = b'{"created": 1, "credits": 35, "data": [{"image_id": "1", "url": "https://x"}]}'
    outcome.record(Report(attempt.pk, body))
    found = look(account, START - 35)
    assert found
    assert (found.explained, found.billed, states(attempt)) == (35, 0, ["succeeded"])


def test_an_answer_that_comes_after_that_changes_nothing(alice: User, account: ProviderAccount):
    attempt = unknown(alice, "k1")
    look(account, START - 35)
    body = b'{"created": 1, "credits": 35, "data": [{"image_id": "1", "url": "https://x"}]}'
    assert outcome.record(Report(attempt.pk, body)) == []
    assert used()["loss"] == 35


def test_while_calls_stay_unknown_claiming_is_held_back_for_a_look(alice: User, account: ProviderAccount):
    attempt = unknown(alice, "k1")
    submit(alice, "k2")
    assert not reconciliation.wants_barrier(account)
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=durations.database_now() - timedelta(minutes=11))
    assert reconciliation.wants_barrier(account)
    reconciliation.raise_barrier(account)
    account.refresh_from_db()
    assert not turns.room(account, durations.database_now()).any
    assert not reconciliation.wants_barrier(account), "not twice in ten minutes"
    reconciliation.lower_barrier(account)
    account.refresh_from_db()
    assert turns.room(account, durations.database_now()).any


def test_the_process_with_the_token_reads_and_accounts(alice: User, recraft, provider_account: ProviderAccount):
    recraft.answer = lambda _: httpx.Response(200, json={"id": "x", "credits": 500})
    execution.check_provider()
    provider_account.refresh_from_db()
    assert (provider_account.balance, Checkpoint.objects.get().balance) == (500, 500)


@pytest.mark.parametrize(
    ("units", "prices", "found"),
    [
        (0, [], {}),
        (0, [35, 35], {}),
        (70, [35, 35], {35: 2}),
        (35, [35, 35, 40], {35: 1}),
        (75, [35, 35, 40], {35: 1, 40: 1}),
        (36, [35, 40], None),
        (-5, [35], None),
        (80, [40, 40, 80], None),
        (40 * 124, [40] * 125, {40: 124}),
        (11, [], None),
    ],
)
def test_how_many_calls_at_each_price_is_known_or_it_is_not(
    units: int, prices: list[int], found: dict[int, int] | None
):
    ways = ways_to(units, prices)
    assert (None if ways is None else {price: count for price, count in ways.items() if count}) == found
