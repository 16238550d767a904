"""Units: reserved on every budget or on none, and every reserve closed exactly once."""

import pytest

from studio.errors import OverBudget
from studio.models import Attempt, Budget, Entry, Host, Job, User
from studio.services import budgets, jobs, ledger
from tests.fixtures import budget_of, limit_to, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def used_and_held(job: Job) -> dict[str, tuple[int, int]]:
    budgets = Budget.objects.filter(account__provider_account=job.provider_account).select_related("account")
    return {budget.account.kind: (budget.used, budget.held) for budget in budgets}


def test_a_new_member_has_a_budget_before_the_first_request(alice: User, settings):
    assert budget_of(alice).left == settings.STUDIO_PERSON_UNITS


def test_so_has_a_member_who_meets_another_provider_account(alice: User, settings):
    settings.STUDIO_SANDBOX, settings.RECRAFT_ACCOUNT_FINGERPRINT = False, "0123456789abcdef"
    job = submit(alice)
    assert job.provider_account.kind == "recraft"
    assert used_and_held(job)["person"] == (0, 35)


def test_a_job_reserves_its_quote_on_every_level(alice: User):
    job = submit(alice, n=4)
    assert job.quoted_units == 140
    held = used_and_held(job)
    assert {held["person"], held["workspace"], held["provider"]} == {(0, 140)}


def test_an_over_budget_request_is_refused_and_reserves_nothing(alice: User):
    limit_to(budget_of(alice), 139)
    with pytest.raises(OverBudget, match=r"140 units\. Your budget has 139 left"):
        submit(alice, n=4)
    assert not Job.objects.exists()
    assert not Entry.objects.filter(kind="reserve").exists()


def test_the_binding_budget_is_named(alice: User, bob: User):
    limit_to(Budget.objects.get(account__kind="workspace"), 50)
    submit(bob)
    with pytest.raises(OverBudget, match="The workspace's budget has 15 left"):
        submit(alice)
    standing = budgets.standing(alice, alice.workspaces.get())
    assert standing.binding is not None
    assert (standing.binding.account.kind, standing.left) == ("workspace", 15)


def test_the_last_unit_can_be_spent(alice: User):
    limit_to(budget_of(alice), 35)
    submit(alice)
    assert budget_of(alice).left == 0


def test_a_canceled_job_gives_its_units_back(alice: User):
    job = submit(alice, n=2)
    assert jobs.cancel(alice, job)
    assert budget_of(alice).held == 0
    assert list(Entry.objects.filter(job=job, kind="release").values_list("units", flat=True)) == [70, 70, 70]


def settled(job: Job, units: int) -> Attempt:
    attempt = Attempt.objects.create(
        job=job, provider_account=job.provider_account, host=Host.objects.get_or_create(pk="h")[0], images=1
    )
    Job.objects.filter(pk=job.pk).update(state="running")
    Job.objects.filter(pk=job.pk).update(state="saving")
    Attempt.objects.filter(pk=attempt.pk).update(state="succeeded", units=units)
    ledger.settle(job, units, attempt)
    return attempt


@pytest.mark.parametrize("units", [0, 30, 35, 41])
def test_what_recraft_took_is_what_is_charged(alice: User, units: int):
    job = submit(alice)
    settled(job, units)
    after = used_and_held(job)
    assert {after["person"], after["workspace"], after["provider"]} == {(units, 0)}


def test_a_charge_above_the_limit_is_recorded_as_it_is(alice: User):
    limit_to(budget_of(alice), 35)
    settled(submit(alice), 60)
    assert (budget_of(alice).used, budget_of(alice).left) == (60, 0)
    with pytest.raises(OverBudget):
        submit(alice, key="key-2")


def test_a_job_cannot_be_charged_twice(alice: User):
    job = submit(alice)
    settled(job, 35)
    ledger.settle(job, 35)
    ledger.release(job)
    assert budget_of(alice).used == 35
    assert Entry.objects.filter(job=job, kind="charge").count() == 3


def test_a_lost_picture_is_paid_by_the_loss_account(alice: User):
    job = submit(alice, n=2)
    settled(job, 70)
    ledger.write_off(job, 35, "The link died")
    after = used_and_held(job)
    assert {kind: used for kind, (used, _) in after.items()} == {
        "provider": 70, "workspace": 35, "person": 35, "loss": 35, "external": 0,
    }  # fmt: skip


def test_a_grant_is_an_entry_with_actor_and_reason(alice: User, bob: User):
    before = budget_of(bob).limit
    ledger.grant(budget_of(bob), 500, actor=alice, reason="Spring campaign")
    assert budget_of(bob).limit == (before or 0) + 500
    entry = Entry.objects.filter(kind="grant").latest("id")
    assert (entry.actor, entry.reason, entry.units) == (alice, "Spring campaign", 500)


def test_deleting_through_the_orm_is_refused_too(alice: User):
    submit(alice)
    with pytest.raises(TypeError, match=r"services\.ledger"):
        Entry.objects.first().save()
