"""Alerts: raised once for what is true, also by many who look at once, and again only after it was over."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from studio.models import Alert, AlertSettings, Budget, Checkpoint, Delivery, Notice, ProviderAccount, Result, User
from studio.services import accounts, alerts, budgets, durations, ledger, notices, webhooks
from tests.fixtures import Recraft, at_once, budget_of, limit_to, run_next, submit
from tests.views.making import day_cap


def use(person: User, units: int) -> None:
    """Let a person have used so many units, as a charge would leave it."""
    budget = budget_of(person)
    Budget.objects.filter(account=budget.account_id).update(used=units)


def texts(person: User) -> list[str]:
    return list(person.notices.order_by("pk").values_list("text", flat=True))


def balance(units: int | None) -> ProviderAccount:
    account = accounts.current()
    ProviderAccount.objects.filter(pk=account.pk).update(balance=units)
    return accounts.current()


def test_a_budget_is_told_once_per_threshold(alice: User, bob: User) -> None:
    limit_to(budget_of(bob), 1000)
    for units, raised in ((799, 0), (800, 1), (900, 0), (950, 1), (999, 0), (1000, 1), (1000, 0)):
        use(bob, units)
        assert alerts.sweep() == raised, units
    assert texts(bob) == [
        "You have used 80 % of your budget: 800 of 1,000 units.",
        "You have used 95 % of your budget: 950 of 1,000 units.",
        "You have used up your budget: 1,000 of 1,000 units.",
    ]
    assert texts(alice)[0] == "Bob has used 80 % of their budget: 800 of 1,000 units."


def test_a_leap_over_several_thresholds_is_told_once(alice: User, bob: User) -> None:
    limit_to(budget_of(bob), 1000)
    use(bob, 990)
    assert (alerts.sweep(), alerts.sweep()) == (1, 0)
    assert Alert.objects.get().details["threshold"] == 95


def test_a_total_that_was_raised_may_be_told_of_again(bob: User, alice: User) -> None:
    limit_to(budget_of(bob), 1000)
    use(bob, 960)
    assert alerts.sweep() == 1
    limit_to(budget_of(bob), 2000)
    assert alerts.sweep() == 0
    use(bob, 1900)
    assert alerts.sweep() == 1


def test_a_limit_of_a_day_is_told_once_a_day(alice: User, bob: User) -> None:
    day_cap(alice, 100)
    today = Budget.objects.filter(account__person=bob, window="day")
    today.update(used=80)
    assert alerts.sweep() == 1
    today.update(limit=1000)
    alerts.sweep()
    today.update(used=810)
    assert alerts.sweep() == 0, "once per period and threshold"
    with durations.shifted(timedelta(days=1)):
        budgets.bring_up_to_date(bob.workspaces.get())
        alerts.sweep()
        Budget.objects.filter(account__person=bob, window="day", is_current=True).update(used=90)
        assert alerts.sweep() == 1
    assert sum("daily" in text for text in texts(bob)) == 2


def test_many_clocks_at_once_alert_once(committed: None, alice: User, bob: User) -> None:
    webhooks.make(alice.memberships.get(), "https://example.com/hook")
    limit_to(budget_of(bob), 1000)
    use(bob, 850)
    raised = at_once(8, lambda _: alerts.sweep())
    assert sum(each for each in raised if isinstance(each, int)) == 1, raised
    assert Alert.objects.count() == 1
    assert Delivery.objects.count() == 1
    assert (Notice.objects.filter(person=alice).count(), Notice.objects.filter(person=bob).count()) == (1, 1)


def test_a_low_balance_is_told_until_it_is_topped_up_and_then_again(alice: User) -> None:
    for units, raised in ((None, 0), (5000, 0), (4999, 1), (100, 0), (9000, 0), (10, 1)):
        balance(units)
        assert alerts.sweep() == raised, units
    assert "10 units" in texts(alice)[-1]


def test_a_workspace_chooses_from_where_on(alice: User) -> None:
    chosen = AlertSettings.objects.create(workspace=alice.workspaces.get(), low_balance=100_000)
    balance(50_000)
    assert alerts.sweep() == 1
    AlertSettings.objects.filter(pk=chosen.pk).update(low_balance=None)
    balance(0)
    assert alerts.sweep() == 0


def test_a_balance_that_runs_out_soon_is_told_by_the_forecast(alice: User) -> None:
    account = balance(6_000)
    for day in range(10, 0, -1):
        with durations.shifted(timedelta(days=-day)):
            ledger.external(account, 1000, "Spent elsewhere")
    assert alerts.sweep_slowly() == 1
    assert "runs out around" in texts(alice)[0]
    assert alerts.sweep_slowly() == 0
    balance(500_000)
    alerts.sweep_slowly()
    assert Alert.objects.filter(ended_at=None).count() == 0


def test_a_paused_account_and_a_stop_are_told_and_end(alice: User, bob: User) -> None:
    bob.memberships.update(role="admin")
    account = accounts.current()
    accounts.pause(account, "Recraft refuses the token.")
    budgets.stop(alice.memberships.get(), "Too fast")
    assert alerts.sweep() == 2
    paused = "Runs wait: the provider account is paused. Recraft refuses the token."
    assert texts(bob) == [paused, "Alice stopped all spending of Studio: Too fast"]
    assert texts(alice) == [paused], "nobody is told of what they did themselves"
    accounts.record_balance(account, 100_000)
    budgets.resume(alice.memberships.get())
    assert alerts.sweep() == 0
    assert not Alert.objects.filter(ended_at=None).exists()


def test_a_charge_that_differs_from_its_quote_is_told_once(alice: User, bob: User, recraft: Recraft) -> None:
    for key in ("key-1", "key-2"):
        submit(bob, key)
        recraft.answer = recraft.pictures(units=41)
        run_next()
    assert (alerts.sweep_slowly(), alerts.sweep_slowly()) == (1, 0)
    assert texts(alice) == ["Recraft charged 41 units for generate that was quoted at 35."]


def test_unexplained_spend_is_told_and_a_top_up_is_not(alice: User) -> None:
    account = accounts.current()
    for units in (70, -5000):
        Checkpoint.objects.create(
            provider_account=account, balance=1000, drop=units, external=units, ledger=0, taken_at=Now()
        )
    assert (alerts.sweep_slowly(), alerts.sweep_slowly()) == (1, 0)
    assert texts(alice)[0].startswith("70 units left the provider's account")


def test_pictures_whose_links_die_soon_are_told_until_they_are_stored(alice: User, recraft: Recraft) -> None:
    submit(alice)
    run_next()
    assert alerts.sweep() == 0, "there is a day"
    Result.objects.update(url_deadline=durations.database_now() + timedelta(hours=11))
    assert (alerts.sweep(), alerts.sweep()) == (1, 0)
    assert texts(alice) == ["1 picture is paid for and not stored yet; the links die within 12 hours."]
    for state in ("saving", "done"):
        Result.objects.update(state=state)
    assert alerts.sweep() == 0
    assert not Alert.objects.filter(ended_at=None).exists()


def test_nobody_but_stewards_and_whom_it_concerns_is_told(alice: User, bob: User, charlie: User) -> None:
    limit_to(budget_of(alice), 100)
    use(alice, 90)
    alerts.sweep()
    assert [notices.unread(each) for each in (alice, bob, charlie)] == [1, 0, 0]


@pytest.mark.usefixtures("alice", "bob")
def test_a_look_asks_as_often_for_many_budgets_as_for_one(django_assert_max_num_queries, workspace) -> None:  # type: ignore[no-untyped-def]
    alerts.sweep()
    for number in range(10):
        person = User.objects.create_user(f"p{number}@example.com")
        workspace.memberships.create(person=person, role="editor")
        budgets.open_person(accounts.current(), workspace, person)
    Budget.objects.filter(account__kind="person").update(used=9900)
    alerts.sweep()
    with django_assert_max_num_queries(14):
        assert alerts.sweep() == 0
