"""Who sets limits, what stops everything, how books are corrected, and what the gate costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from studio.errors import InvalidRequest, NotAllowed, OverBudget, Stopped
from studio.models import Account, Budget, Cap, Entry, Job, Membership, Role, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.services import accounts, budgets, durations, jobs, ledger, members, turns, upkeep
from studio.services.budgets import Rule
from tests.fixtures import budget_of, run_next, submit
from tests.services.test_budgets import cap, today
from tests.services.test_ledger import settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

DAY = timedelta(days=1)


# --- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.VIEWER])
def test_only_stewards_set_limits(alice: User, bob: User, role: str):
    made = cap(alice, "day", 100)
    assert made is not None
    Membership.objects.filter(person=bob).update(role=role)
    by = bob.memberships.get()
    for forbidden in (
        lambda: budgets.set_cap(by, Rule("day", "member"), 5),
        lambda: budgets.lift_cap(by, made),
        lambda: budgets.stop(by, "no"),
        lambda: budgets.resume(by),
        lambda: budgets.set_time_zone(by, "UTC"),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    assert Cap.objects.count() == 1


def test_what_the_workspace_may_spend_is_for_owners_alone(alice: User, bob: User):
    Membership.objects.filter(person=bob).update(role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="owner"):
        cap(bob, "day", 5, "workspace")
    assert cap(bob, "day", 5)


@pytest.mark.parametrize(
    ("rule", "units", "field"),
    [
        (Rule("day", "person"), 5, "person"),
        (Rule("day", "member"), -1, "units"),
        (Rule("total", "workspace"), None, "units"),
        (Rule("run", "workspace"), 5, "window"),
        (Rule("day", "member", operation="generate"), 5, "operation"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(alice: User, rule: Rule, units: int | None, field: str):
    with pytest.raises(InvalidRequest) as refusal:
        budgets.set_cap(alice.memberships.get(), rule, units)
    assert list(refusal.value.errors) == [field]
    assert not Cap.objects.exists()


def test_a_limit_in_the_past_and_a_zone_that_is_none_are_refused(alice: User):
    with pytest.raises(InvalidRequest):
        cap(alice, "day", 5, until=durations.database_now() - DAY)
    with pytest.raises(InvalidRequest):
        budgets.set_time_zone(alice.memberships.get(), "Berlin/Europe")


def test_members_of_two_workspaces_never_mix(alice: User, bob: User, charlie: User):
    other = charlie.workspaces.get()
    members.add(other, bob, Role.EDITOR)
    here, there = bob.workspaces.order_by("id")
    cap(charlie, "day", 0)
    submit_in(bob, here)
    with pytest.raises(OverBudget):
        submit_in(bob, there)
    held = dict(Account.objects.filter(person=bob).values_list("workspace", "budgets__held"))
    assert held == {here.pk: 35, there.pk: 0}
    with pytest.raises(InvalidRequest):
        cap(alice, "day", 5, "person", person=charlie)
    with pytest.raises(NotAllowed):
        budgets.lift_cap(alice.memberships.get(), Cap.objects.get())


def submit_in(person: User, workspace: Workspace) -> Job:
    asked = {"prompt": "A fox", "n": 1}
    return jobs.submit(person, workspace, OPERATIONS["generate"], asked, f"in-{workspace.pk}")


# --- the emergency stop ---------------------------------------------------------------------------------------------


def test_nothing_is_taken_on_while_all_spending_is_stopped(alice: User, bob: User):
    budgets.stop(alice.memberships.get(), "A runaway script")
    with pytest.raises(Stopped, match="Alice has stopped all spending here: A runaway script"):
        submit(bob)
    budgets.resume(alice.memberships.get())
    submit(bob)


def test_what_waits_is_not_sent_while_all_spending_is_stopped(alice: User, charlie: User, recraft):
    submit(alice)
    other = submit(charlie, "k2")
    budgets.stop(alice.memberships.get(), "Lunch")
    account = accounts.current()
    assert upkeep.calls_to_ring(account) == 1
    run_next()
    run_next()
    assert len(recraft.requests) == 1
    other.refresh_from_db()
    assert other.state == "saving"
    budgets.resume(alice.memberships.get())
    assert upkeep.calls_to_ring(account) == 1
    assert turns.room(account, durations.database_now()).any


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_has_an_actor_and_a_reason_and_the_loss_account_the_other_side(alice: User, bob: User):
    cap(alice, "day", 500)
    settled(submit(bob, n=2), 70)
    ledger.adjust(budget_of(bob).account, -20, actor=alice, reason="A bad picture")
    used = dict(
        Budget.objects.filter(window="total").values_list("account__kind", "used").exclude(account__person=alice)
    )
    assert used == {"provider": 70, "workspace": 50, "person": 50, "loss": 20, "external": 0}
    assert today(bob).used == 50
    assert set(Entry.objects.filter(kind="adjust").values_list("actor", "reason")) == {(alice.pk, "A bad picture")}


def test_external_activity_stands_beside_the_jobs(alice: User):
    settled(submit(alice), 35)
    ledger.external(accounts.current(), 400, "Used elsewhere")
    used = dict(Budget.objects.filter(window="total").values_list("account__kind", "used"))
    assert (used["provider"], used["external"], used["workspace"]) == (435, 400, 35)


# --- nothing else moves the ledger ----------------------------------------------------------------------------------


def test_who_has_an_account_is_never_deleted_and_leaving_only_gives_back_what_is_held(alice: User, bob: User):
    submit(bob)
    before = list(Entry.objects.order_by("id").values())
    last = before[-1]["id"]
    members.remove(alice.memberships.get(), bob.memberships.get())
    with pytest.raises(ProtectedError):
        bob.delete()
    with pytest.raises(ProtectedError):
        alice.workspaces.get().delete()
    assert list(Entry.objects.filter(id__lte=last).order_by("id").values()) == before
    assert set(Entry.objects.filter(id__gt=last).values_list("kind", flat=True)) == {"release"}, "the run that waited"


# --- the price of the gate ------------------------------------------------------------------------------------------


def test_the_gate_takes_three_statements_whatever_applies(alice: User):
    """One that locks and reads, one that holds, one that enters."""
    few = gate_statements(alice, "few")
    for window in ("day", "week", "month"):
        cap(alice, window, 5000)
        cap(alice, window, 5000, "workspace")
    cap(alice, "run", 5000)
    many = gate_statements(alice, "many")
    assert [sql.split()[0] for sql in many] == ["SELECT", "UPDATE", "INSERT"] == [sql.split()[0] for sql in few]
    assert Budget.objects.filter(held__gt=0, window="day").count() == 2


def test_a_settlement_takes_three_too(alice: User):
    cap(alice, "day", 5000)
    job = submit(alice)
    with CaptureQueriesContext(connection) as queries:
        settled(job, 30)
    assert [sql.split()[0] for sql in moving(queries)] == ["SELECT", "UPDATE", "INSERT"]


def gate_statements(person: User, key: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        submit(person, key)
    return moving(queries)


def moving(queries: CaptureQueriesContext) -> list[str]:
    """The statements that have to do with units."""
    tables = ("studio_budget", "studio_entry", "studio_account", "studio_cap")
    return [each["sql"].strip() for each in queries if any(table in each["sql"] for table in tables)]
