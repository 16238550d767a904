"""Submit and cancel: every door's way in."""

import pytest

from studio.errors import InvalidRequest, KeyReused, NoPriceKnown, NotAllowed, TooManyWaiting
from studio.models import Entry, Job, JobState, Membership, Role, User
from studio.recraft import prices
from studio.recraft.catalogue import OPERATIONS
from studio.services import accounts, jobs
from tests.fixtures import Recraft, budget_of, run_next, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def test_the_same_key_gives_the_same_job(alice: User):
    assert submit(alice, key="k") == submit(alice, key="k")
    assert Entry.objects.filter(kind="reserve").count() == 3


def test_the_same_key_with_another_request_is_refused(alice: User):
    submit(alice, key="k")
    with pytest.raises(KeyReused, match="Reload the page"):
        submit(alice, key="k", n=2)
    assert Job.objects.count() == 1


def test_what_was_taken_stays_taken_when_the_same_would_be_refused_by_now(alice: User, monkeypatch):
    job = submit(alice, key="k")
    monkeypatch.setattr(jobs, "MOST_WAITING", 1)
    assert submit(alice, key="k") == job
    with pytest.raises(KeyReused):
        submit(alice, key="k", n=7)


def test_two_people_may_use_the_same_key(alice: User, bob: User):
    assert submit(alice, key="k") != submit(bob, key="k")


def test_the_account_is_fixed_at_submit(alice: User):
    assert submit(alice).provider_account == accounts.current()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"n": 7}, "n"),
        ({"style": "Photorealism"}, "style"),
        ({"size": "7:3"}, "size"),
        ({"model": "dall-e"}, "model"),
        ({"colors": [{"rgb": [1, 2, 3], "weight": 0.7}, {"rgb": [4, 5, 6], "weight": 0.7}]}, "colors"),
    ],
)
def test_values_that_do_not_fit_are_refused_by_name(alice: User, values: dict, field: str):
    with pytest.raises(InvalidRequest) as refusal:
        submit(alice, **values)
    assert field in refusal.value.errors
    assert not Job.objects.exists()


def test_no_price_is_no_call(alice: User, monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object) -> int:
        raise prices.NoPrice("none")

    monkeypatch.setattr("studio.recraft.prices.price", unknown)
    with pytest.raises(NoPriceKnown, match="no price"):
        submit(alice)
    assert not Entry.objects.filter(kind="reserve").exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_may_only_look_can_not_spend(bob: User, role: str):
    Membership.objects.filter(person=bob).update(role=role)
    with pytest.raises(NotAllowed):
        submit(bob)


def test_who_is_no_member_can_not_spend(alice: User, charlie: User):
    with pytest.raises(NotAllowed):
        jobs.submit(charlie, alice.workspaces.get(), OPERATIONS["generate"], {"prompt": "a fox", "n": 1}, "k")


def test_the_queue_of_one_person_has_an_end(alice: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 1)
    submit(alice)
    with pytest.raises(TooManyWaiting):
        submit(alice, key="k2")


def test_cancel_before_the_call_is_free(alice: User, recraft: Recraft):
    job = submit(alice)
    assert jobs.cancel(alice, job)
    job.refresh_from_db()
    assert (job.state, job.charged_units, budget_of(alice).held) == (JobState.CANCELED, 0, 0)
    assert run_next() == []
    assert recraft.requests == []


def test_cancel_after_the_end_changes_nothing(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.answers(400, json={"code": "x", "message": "no"})
    run_next()
    assert not jobs.cancel(alice, job)
    job.refresh_from_db()
    assert (job.state, job.canceled_at) == (JobState.FAILED, None)
