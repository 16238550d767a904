"""Caps, the budgets made from them, and the gate: whatever applies, applies; a new period is a new row."""

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
from tests.fixtures import PASSWORD, budget_of, limit_to, run_next, submit
from tests.services.test_ledger import settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

DAY = timedelta(days=1)


def cap(by: User, window: str, units: int | None, scope: str = "member", **about: object) -> Cap | None:
    """Set a cap as an owner does on a page."""
    until = about.pop("until", None)
    rule = Rule(window, scope, **about)  # type: ignore[arg-type]
    return budgets.set_cap(by.memberships.get(), rule, units, until=until)  # type: ignore[arg-type]


def today(person: User) -> Budget:
    return Budget.objects.get(account__person=person, window="day", is_current=True)


# --- all caps apply -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", ["day", "week", "month"])
@pytest.mark.parametrize("scope", ["member", "workspace"])
def test_a_cap_holds_in_its_window(alice: User, window: str, scope: str):
    cap(alice, window, 70, scope)
    submit(alice, "k1")
    submit(alice, "k2")
    with pytest.raises(OverBudget) as refusal:
        submit(alice, "k3")
    assert (refusal.value.window, refusal.value.left) == (window, 0)
    assert refusal.value.scope == ("workspace" if scope == "workspace" else "person")
    assert refusal.value.resets_at is not None
    assert Job.objects.count() == 2


def test_the_binding_cap_is_named_with_its_reset(alice: User):
    cap(alice, "month", 1000)
    cap(alice, "day", 50)
    with pytest.raises(OverBudget, match=r"70 units\. Your daily budget has 50 left until \w+day \d+ \w+, 00:00\."):
        submit(alice, n=2)
    standing = budgets.standing(alice, alice.workspaces.get())
    assert standing.binding == today(alice)
    assert standing.resets_at == today(alice).ends_at
    assert {(each.kind, each.window) for each in standing.budgets} == {
        ("provider", "total"), ("workspace", "total"), ("person", "total"), ("person", "day"), ("person", "month"),
    }  # fmt: skip


def test_a_job_reserves_in_every_window_that_has_a_cap(alice: User):
    for window in ("day", "week", "month"):
        cap(alice, window, 500)
    cap(alice, "month", 5000, "workspace")
    job = submit(alice, n=2)
    held = Budget.objects.filter(held=70).values_list("account__kind", "window")
    assert sorted(held) == [
        ("person", "day"), ("person", "month"), ("person", "total"), ("person", "week"),
        ("provider", "total"), ("workspace", "month"), ("workspace", "total"),
    ]  # fmt: skip
    settled(job, 60)
    assert not Budget.objects.exclude(held=0).exists()
    assert Budget.objects.filter(used=60).count() == 7


def test_what_members_may_spend_counts_for_each_of_them(alice: User, bob: User):
    cap(alice, "day", 35)
    submit(alice)
    submit(bob)
    for person in (alice, bob):
        with pytest.raises(OverBudget):
            submit(person, "again")


def test_one_persons_own_cap_stands_in_the_place_of_that_of_each_member(alice: User, bob: User):
    cap(alice, "day", 35)
    cap(alice, "day", 70, "person", person=bob)
    submit(bob, n=2)
    cap(alice, "day", None, "person", person=bob)  # without a limit
    submit(bob, "more", n=4)
    with pytest.raises(OverBudget):
        submit(alice, n=2)


def test_a_temporary_cap_stands_over_the_lasting_one_and_gives_way_to_it(alice: User):
    cap(alice, "day", 35)
    cap(alice, "day", 350, until=durations.database_now() + 2 * DAY)
    submit(alice, "k1", n=4)
    with durations.shifted(DAY):
        submit(alice, "k2", n=4)
    with durations.shifted(3 * DAY), pytest.raises(OverBudget, match="35 left"):
        submit(alice, "k3", n=4)


def test_a_lasting_cap_is_the_last_word(alice: User):
    cap(alice, "day", 350, until=durations.database_now() + DAY)
    cap(alice, "day", 35)
    with pytest.raises(OverBudget):
        submit(alice, n=2)
    assert [(each.units, each.ended_at is None) for each in Cap.objects.order_by("id")] == [(350, False), (35, True)]


def test_a_lifted_cap_is_gone_at_once(alice: User):
    made = cap(alice, "day", 0)
    assert made is not None
    with pytest.raises(OverBudget):
        submit(alice)
    assert budgets.lift_cap(alice.memberships.get(), made)
    assert not budgets.lift_cap(alice.memberships.get(), made)
    submit(alice)


def test_a_cap_set_at_noon_counts_what_was_used_in_the_morning(alice: User):
    settled(submit(alice, "k1", n=2), 70)
    cap(alice, "day", 100)
    assert today(alice).used == 70
    with pytest.raises(OverBudget, match="30 left"):
        submit(alice, "k2")
    entry = Entry.objects.get(kind="carry")
    assert (entry.actor, entry.units, entry.budget) == (alice, 70, today(alice))


# --- periods --------------------------------------------------------------------------------------------------------


def test_a_new_period_is_a_new_row_and_the_old_one_stays(alice: User):
    cap(alice, "day", 35)
    submit(alice, "k1")
    first = today(alice)
    with durations.shifted(DAY):
        submit(alice, "k2")
    second = today(alice)
    assert (second.starts_at, second.window_key != first.window_key) == (first.ends_at, True)
    first.refresh_from_db()
    assert (first.held, second.held, first.is_current) == (35, 35, False)


def test_a_charge_counts_in_the_period_of_its_reserve(alice: User):
    cap(alice, "day", 35)
    job = submit(alice, "k1")
    first = today(alice)
    with durations.shifted(DAY):
        submit(alice, "k2")
        settled(job, 30)
    first.refresh_from_db()
    assert (first.used, first.held, today(alice).used, today(alice).held) == (30, 0, 0, 35)


def test_a_loss_is_given_back_in_the_period_of_its_charge(alice: User):
    cap(alice, "day", 70)
    job = submit(alice, n=2)
    settled(job, 70)
    first = today(alice)
    with durations.shifted(DAY):
        upkeep.begin_periods()
        ledger.write_off(job, 35, "The link died")
    first.refresh_from_db()
    assert (first.used, today(alice).used) == (35, 0)


def test_the_clock_begins_periods_where_nobody_submits(alice: User):
    cap(alice, "day", 70)
    first = today(alice)
    with durations.shifted(DAY):
        upkeep.begin_periods()
        assert budgets.stale_workspaces() == []
    assert today(alice).starts_at == first.ends_at


def test_a_page_shows_a_period_that_has_ended_as_begun_anew_and_writes_nothing(alice: User, django_assert_num_queries):
    cap(alice, "day", 35)
    submit(alice)
    first, workspace, account = today(alice), alice.workspaces.get(), accounts.current()
    with durations.shifted(DAY), django_assert_num_queries(1):
        standing = budgets.standing(alice, workspace, account)
    shown = next(each for each in standing.budgets if each.window == "day")
    assert (shown.left, shown.starts_at) == (35, first.ends_at)
    assert today(alice).held == 35


def test_another_time_zone_counts_from_the_next_period_on(alice: User):
    workspace = alice.workspaces.get()
    cap(alice, "day", 35)
    first = today(alice)
    budgets.set_time_zone(alice.memberships.get(), "Pacific/Auckland")
    submit(alice, "k1")
    assert today(alice) == first
    with durations.shifted(DAY):
        submit(alice, "k2")
    second = today(alice)
    workspace.refresh_from_db()
    assert second.starts_at == first.ends_at
    assert second.ends_at is not None
    assert second.ends_at.astimezone(budgets.periods.zone_of(workspace.time_zone)).hour == 0


# --- totals ---------------------------------------------------------------------------------------------------------


def test_a_total_is_moved_by_grants(alice: User, bob: User):
    assert cap(alice, "total", 500, "person", person=bob) is None
    assert budget_of(bob).limit == 500
    assert Entry.objects.filter(kind="grant", actor=alice).latest("id").units == 500 - 10_000


def test_a_raise_of_a_total_is_taken_back_at_its_end(alice: User, bob: User):
    cap(alice, "total", 12_000, "person", person=bob, until=durations.database_now() + DAY)
    ledger.grant(budget_of(bob), 50, actor=alice, reason="Besides")
    assert budget_of(bob).limit == 12_050
    with durations.shifted(2 * DAY):
        submit(bob)
        upkeep.begin_periods()
    assert budget_of(bob).limit == 10_050


def test_a_new_member_starts_with_what_the_workspace_says(alice: User, bob: User):
    cap(alice, "total", 300)
    cap(alice, "day", 100)
    dana = User.objects.create_user("dana@example.com", PASSWORD, name="Dana")
    members.add(alice.workspaces.get(), dana, Role.EDITOR)
    # Before the first request.
    assert (budget_of(dana).left, today(dana).left) == (300, 100)
    assert budget_of(bob).limit == 10_000


# --- soft limits are in test_requests; ceilings -----------------------------------------------------------------------


def test_a_run_may_cost_so_much_at_most(alice: User):
    cap(alice, "run", 70)
    submit(alice, "k1", n=2)
    with pytest.raises(OverBudget, match="This needs 105 units, and one run may cost 70 at most") as refusal:
        submit(alice, "k2", n=3)
    assert (refusal.value.window, refusal.value.scope) == ("run", "person")


def test_an_operation_has_a_ceiling_of_its_own(alice: User, bob: User):
    cap(alice, "run", 30, operation="generate")
    with pytest.raises(OverBudget, match="one generate may cost 30"):
        submit(bob)
    cap(alice, "run", None, "person", person=bob, operation="generate")
    submit(bob)


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


def test_who_has_an_account_is_never_deleted_and_leaving_changes_no_entry(alice: User, bob: User):
    submit(bob)
    before = list(Entry.objects.order_by("id").values())
    members.remove(alice.memberships.get(), bob.memberships.get())
    with pytest.raises(ProtectedError):
        bob.delete()
    with pytest.raises(ProtectedError):
        alice.workspaces.get().delete()
    assert list(Entry.objects.order_by("id").values()) == before


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


def test_lowering_a_limit_below_what_was_used_is_no_alarm(alice: User):
    submit(alice, n=4)
    limit_to(budget_of(alice), 100)
    assert budget_of(alice).left == 0
