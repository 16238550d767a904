"""Jobs that wait for approval, and wishes for more units: one answer counts, and what is approved runs by itself."""

from datetime import timedelta

import pytest

from studio.errors import InvalidRequest, NotAllowed, OverBudget, TooManyWaiting
from studio.models import Budget, Cap, Entry, Job, JobState, Membership, Role, UnitsRequest, User
from studio.services import durations, jobs, requests, upkeep
from studio.services.requests import Limit
from tests.fixtures import budget_of, limit_to, run_next, submit
from tests.services.test_budgets import cap, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

DAY = timedelta(days=1)


@pytest.fixture
def parked(alice: User, bob: User) -> Job:
    """A job of Bob's for 140 units, above what one run may cost without approval."""
    cap(alice, "run", 100, soft=True)
    return submit(bob, n=4)


def asked(job: Job) -> UnitsRequest:
    return UnitsRequest.objects.get(job=job)


def by(person: User) -> Membership:
    return person.memberships.get()


# --- parked ---------------------------------------------------------------------------------------------------------


def test_a_job_above_a_ceiling_is_parked_with_its_price_and_the_reason(parked: Job, bob: User):
    assert (parked.state, parked.quoted_units) == (JobState.HELD, 140)
    assert parked.reason == "140 units is above the limit of 100 for one run."
    request = asked(parked)
    assert (request.person, request.units, request.window, request.state) == (bob, 140, "run", "open")


def test_a_parked_job_holds_nothing_and_is_never_sent(parked: Job, bob: User, recraft):
    assert budget_of(bob).held == 0
    assert not Entry.objects.filter(job=parked).exists()
    run_next()
    assert recraft.requests == []
    submit(bob, "small")


def test_an_operation_can_need_approval_from_a_price_on(alice: User, bob: User):
    cap(alice, "run", 60, operation="generate-vector", soft=True)
    submit(bob, "k1", n=4)
    held = submit(bob, "k2", operation="generate-vector", model="recraftv4_1_vector")
    assert (held.state, held.reason) == ("held", "80 units is above the limit of 60 for one generate vector.")


def test_above_a_soft_limit_of_a_window_a_job_waits_and_below_it_does_not(alice: User, bob: User):
    cap(alice, "day", 100, soft=True)
    cap(alice, "day", 200)
    assert submit(bob, "k1", n=2).state == JobState.QUEUED
    held = submit(bob, "k2", n=2)
    assert held.state == JobState.HELD
    assert held.reason == "70 units needed, and Bob's daily budget has 30 of 100 left without approval."
    with pytest.raises(OverBudget, match="130 left"):
        submit(bob, "k3", n=4)  # above the hard limit: no approval helps


def test_the_same_key_finds_the_parked_job(parked: Job, bob: User):
    assert submit(bob, n=4) == parked
    assert UnitsRequest.objects.count() == 1


def test_the_line_for_approval_has_an_end(parked: Job, bob: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "MOST_PARKED", 1)
    with pytest.raises(TooManyWaiting):
        submit(bob, "k2", n=4)
    assert Job.objects.count() == 1


def test_a_parked_job_is_canceled_for_free_and_its_request_is_gone(parked: Job, bob: User):
    assert jobs.cancel(bob, parked)
    assert asked(parked).state == "withdrawn"


def test_a_parked_job_waits_a_week(parked: Job):
    Job.objects.update(created_at=durations.database_now() - 6 * DAY)
    assert upkeep.expire_queue() == 0
    Job.objects.update(created_at=durations.database_now() - 8 * DAY)
    assert upkeep.expire_queue() == 1
    parked.refresh_from_db()
    assert (parked.state, asked(parked).state) == ("expired", "withdrawn")
    assert "7 days" in parked.reason


# --- answered -------------------------------------------------------------------------------------------------------


def test_an_approved_job_goes_through_the_gate_and_runs_by_itself(parked: Job, alice: User, bob: User, recraft):
    requests.approve(by(alice), asked(parked))
    parked.refresh_from_db()
    assert (parked.state, parked.reason, budget_of(bob).held) == (JobState.QUEUED, "", 140)
    recraft.answer = recraft.pictures(4, 140)
    run_next()
    parked.refresh_from_db()
    assert (parked.state, budget_of(bob).used) == (JobState.SAVING, 140)
    assert (asked(parked).state, asked(parked).decided_by) == ("approved", alice)


def test_approval_is_for_this_once(parked: Job, alice: User, bob: User):
    requests.approve(by(alice), asked(parked))
    assert submit(bob, "k2", n=4).state == JobState.HELD


def test_approval_can_raise_the_limit_until_a_day(parked: Job, alice: User, bob: User):
    requests.approve(by(alice), asked(parked), until=durations.database_now() + 2 * DAY)
    assert submit(bob, "k2", n=4).state == JobState.QUEUED
    raised = Cap.objects.latest("id")
    assert (raised.person, raised.units, raised.soft, raised.created_by) == (bob, 140, True, alice)
    with durations.shifted(3 * DAY):
        assert submit(bob, "k3", n=4).state == JobState.HELD


def test_approval_can_raise_the_soft_limit_of_a_window(alice: User, bob: User):
    cap(alice, "day", 100, soft=True)
    job = submit(bob, n=4)
    requests.approve(by(alice), asked(job), until=durations.database_now() + 2 * DAY)
    assert today(bob).soft_limit == 240
    assert today(bob).held == 140


def test_an_approved_job_waits_a_day_in_the_queue_from_then_on(parked: Job, alice: User):
    Job.objects.update(created_at=durations.database_now() - 6 * DAY)
    requests.approve(by(alice), asked(parked))
    assert upkeep.expire_queue() == 0


def test_approval_does_not_open_a_hard_limit(parked: Job, alice: User, bob: User):
    limit_to(budget_of(bob), 100)
    with pytest.raises(OverBudget, match=r"Bob's budget has 100\. Raise that first"):
        requests.approve(by(alice), asked(parked))
    parked.refresh_from_db()
    assert (parked.state, asked(parked).state, budget_of(bob).held) == (JobState.HELD, "open", 0)


def test_who_is_no_maker_any_more_gets_no_run(parked: Job, alice: User, bob: User):
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed, match="Bob can't make pictures here any more"):
        requests.approve(by(alice), asked(parked))


def test_a_declined_job_says_who_declined_and_why(parked: Job, alice: User):
    requests.decline(by(alice), asked(parked), "Use V4.1 for drafts")
    parked.refresh_from_db()
    assert (parked.state, parked.reason) == (JobState.CANCELED, "Alice declined: Use V4.1 for drafts")
    assert (asked(parked).state, asked(parked).answer) == ("declined", "Use V4.1 for drafts")
    assert parked.charged_units == 0


def test_declining_takes_a_word(parked: Job, alice: User):
    with pytest.raises(InvalidRequest):
        requests.decline(by(alice), asked(parked), "  ")


def test_the_first_answer_counts(parked: Job, alice: User):
    request = asked(parked)
    requests.approve(by(alice), request)
    with pytest.raises(NotAllowed):
        requests.decline(by(alice), request, "Too late")
    with pytest.raises(NotAllowed):
        requests.approve(by(alice), request)
    parked.refresh_from_db()
    assert parked.state == JobState.QUEUED


@pytest.mark.parametrize("answer", ["approve", "decline"])
def test_only_stewards_of_the_workspace_answer(parked: Job, bob: User, charlie: User, answer: str):
    for somebody in (bob, charlie):
        with pytest.raises(NotAllowed):
            if answer == "approve":
                requests.approve(by(somebody), asked(parked))
            else:
                requests.decline(by(somebody), asked(parked), "No")
    parked.refresh_from_db()
    assert (parked.state, asked(parked).state) == (JobState.HELD, "open")


# --- wishes ---------------------------------------------------------------------------------------------------------


def test_what_stands_in_the_way_can_be_asked_about_the_nearest_first(alice: User, bob: User):
    cap(alice, "day", 50)
    cap(alice, "run", 40)
    found = requests.limits(bob, bob.workspaces.get())
    assert found[0] == Limit("person", "day")
    assert set(found) == {
        Limit("person", "day"), Limit("person", "total"), Limit("workspace", "total"), Limit("person", "run"),
    }  # fmt: skip


def test_more_units_today_are_there_today_alone(alice: User, bob: User):
    cap(alice, "day", 50)
    wish = requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "day"), "Icon set")
    requests.approve(by(alice), wish)
    assert (today(bob).limit, today(alice).limit) == (150, 50)
    submit(bob, n=4)
    with durations.shifted(DAY), pytest.raises(OverBudget):
        submit(bob, "k2", n=4)


def test_more_units_in_all_are_a_grant(alice: User, bob: User):
    wish = requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total"))
    requests.approve(by(alice), wish)
    entry = Entry.objects.filter(kind="grant").latest("id")
    assert (budget_of(bob).limit, entry.actor, entry.reason) == (10_100, alice, "Asked for")


def test_more_units_in_all_can_last_until_a_day(alice: User, bob: User):
    wish = requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total"))
    requests.approve(by(alice), wish, until=durations.database_now() + DAY)
    assert budget_of(bob).limit == 10_100
    with durations.shifted(2 * DAY):
        upkeep.begin_periods()
    assert budget_of(bob).limit == 10_000


def test_a_dearer_run_can_be_asked_for(alice: User, bob: User):
    cap(alice, "run", 40)
    wish = requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "run"))
    requests.approve(by(alice), wish)
    assert submit(bob, n=4).state == JobState.QUEUED


def test_an_admin_can_not_raise_what_the_workspace_may_spend(alice: User, bob: User):
    wish = requests.ask(bob, bob.workspaces.get(), 100, Limit("workspace", "total"))
    Membership.objects.filter(person=bob).update(role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="Only an owner"):
        requests.approve(by(bob), wish)
    wish.refresh_from_db()
    assert wish.is_open
    requests.approve(by(alice), wish)
    assert Budget.objects.get(account__kind="workspace").limit == 50_100


@pytest.mark.parametrize("units", [0, -5, 10_000_000])
def test_a_wish_is_a_number_of_units_under_a_limit_that_is_there(bob: User, units: int):
    workspace = bob.workspaces.get()
    with pytest.raises(InvalidRequest):
        requests.ask(bob, workspace, units, Limit("person", "total"))
    with pytest.raises(InvalidRequest):
        requests.ask(bob, workspace, 100, Limit("person", "day"))
    assert not UnitsRequest.objects.exists()


def test_wishes_have_an_end_and_can_be_withdrawn(bob: User, alice: User):
    workspace = bob.workspaces.get()
    wishes = [requests.ask(bob, workspace, 100, Limit("person", "total")) for _ in range(requests.MOST_OPEN)]
    with pytest.raises(TooManyWaiting):
        requests.ask(bob, workspace, 100, Limit("person", "total"))
    with pytest.raises(NotAllowed):
        requests.withdraw(alice, wishes[0])
    assert requests.withdraw(bob, wishes[0])
    assert not requests.withdraw(bob, wishes[0])
    requests.ask(bob, workspace, 100, Limit("person", "total"))


def test_who_may_only_look_can_not_ask(bob: User):
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total"))


def test_members_see_their_own_requests_and_stewards_all(parked: Job, alice: User, bob: User, charlie: User):
    counts = [UnitsRequest.objects.visible_to(by(person)).count() for person in (alice, bob, charlie)]
    assert counts == [1, 1, 0]
