"""Caps, the budgets made from them, and the gate: whatever applies, applies; a new period is a new row."""

from datetime import timedelta

import pytest

from studio.errors import OverBudget
from studio.models import Budget, Cap, Entry, Job, Role, User
from studio.services import accounts, budgets, durations, ledger, members, upkeep
from studio.services.budgets import Rule
from tests.fixtures import PASSWORD, budget_of, limit_to, submit
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
    assert first.ends_at is not None
    # Auckland's day has begun by then, whatever the hour this runs at; and its next one has not.
    with durations.shifted(first.ends_at - durations.database_now() + timedelta(minutes=1)):
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


def test_lowering_a_limit_below_what_was_used_is_no_alarm(alice: User):
    submit(alice, n=4)
    limit_to(budget_of(alice), 100)
    assert budget_of(alice).left == 0
