"""Turns and limits: everyone gets a share, and the provider never has to refuse."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from studio.models import Attempt, Job, JobState, ProviderAccount, User
from studio.services import accounts, durations, jobs, turns
from tests.fixtures import Recraft, run_next, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree", "recraft")]


GUARD = 600.0  # seconds: however slow the machine, no window ends by itself during a test


@pytest.fixture(autouse=True)
def slow_windows(settings: Settings) -> None:
    settings.PROVIDER_WINDOW_GUARD = GUARD


@pytest.fixture
def quick_requests(settings: Settings) -> None:
    """Only the images are limited."""
    settings.PROVIDER_REQUESTS_PER_SECOND = 1000


def claimed() -> Job | None:
    claim = turns.claim(accounts.current().pk)
    if claim is None:
        return None
    claim.lock.end()
    return claim.attempt.job


def pass_time(seconds: float) -> None:
    """As if every attempt had been sent, and answered, this many seconds ago."""
    then = durations.database_now() - timedelta(seconds=seconds)
    Attempt.objects.update(claimed_at=then, sent_at=then, ended_at=then)


def test_five_requests_fit_into_a_second_and_not_one_more(alice: User):
    for number in range(7):
        submit(alice, key=f"k{number}")
    assert [claimed() is not None for _ in range(7)] == [True] * 5 + [False] * 2


def test_room_comes_back_one_window_and_a_guard_after_the_body_was_sent(alice: User):
    for number in range(6):
        submit(alice, key=f"k{number}")
    for _ in range(5):
        claimed()
    pass_time(GUARD)
    assert claimed() is None
    pass_time(GUARD + 2)
    assert claimed() is not None


def test_a_request_still_on_its_way_counts_however_old_it_is(alice: User):
    for number in range(6):
        submit(alice, key=f"k{number}")
    for _ in range(5):
        claimed()
    Attempt.objects.update(claimed_at=durations.database_now() - timedelta(seconds=390))
    assert claimed() is None


@pytest.mark.usefixtures("quick_requests")
def test_a_hundred_images_fit_into_a_minute_and_not_one_more(alice: User):
    for number in range(18):
        submit(alice, key=f"k{number}", n=6)
    assert [claimed() is not None for _ in range(18)] == [True] * 16 + [False] * 2


@pytest.mark.usefixtures("quick_requests")
def test_a_large_job_waits_for_room_and_is_not_overtaken(alice: User):
    for number in range(16):
        submit(alice, key=f"k{number}", n=6)
    submit(alice, key="large", n=6)
    submit(alice, key="small", n=1)
    for _ in range(16):
        claimed()
    assert claimed() is None
    pass_time(GUARD + 61)
    job = claimed()
    assert job is not None
    assert job.key == "large"


def test_one_persons_many_jobs_do_not_delay_anothers_one(alice: User, bob: User):
    for number in range(10):
        submit(alice, key=f"k{number}")
    assert claimed().person == alice  # type: ignore[union-attr]
    submit(bob)
    assert claimed().person == bob  # type: ignore[union-attr]


def test_turns_are_counted_in_images(alice: User, bob: User):
    for number in range(4):
        submit(alice, key=f"k{number}", n=6)
    for number in range(12):
        submit(bob, key=f"k{number}", n=1)
    images = {alice.pk: 0, bob.pk: 0}
    for _ in range(14):
        job = claimed()
        assert job is not None
        images[job.person_id] += job.images
        pass_time(GUARD + 61)
    assert images == {alice.pk: 12, bob.pk: 12}


def test_who_was_away_does_not_save_up_turns(alice: User, bob: User):
    submit(bob, key="early")
    claimed()
    for number in range(10):
        submit(alice, key=f"k{number}")
        pass_time(GUARD + 61)
        claimed()
    for number in range(3):
        submit(bob, key=f"late{number}")
        submit(alice, key=f"late{number}")
    order = []
    for _ in range(6):
        pass_time(GUARD + 61)
        order.append(claimed().person_id)  # type: ignore[union-attr]
    assert sorted(order[:2]) == sorted(order[2:4]) == sorted(order[4:]) == sorted([alice.pk, bob.pk])


def test_only_so_many_calls_fly_at_once(alice: User, settings):
    settings.CALLS_IN_FLIGHT = 2
    for number in range(3):
        submit(alice, key=f"k{number}")
    assert [claimed() is not None for _ in range(3)] == [True, True, False]


def test_jobs_of_another_account_are_never_claimed(alice: User, recraft: Recraft, settings):
    job = submit(alice)
    settings.STUDIO_SANDBOX = False
    settings.RECRAFT_ACCOUNT_FINGERPRINT = "0123456789abcdef"
    assert run_next() == []
    job.refresh_from_db()
    assert (job.state, recraft.requests) == (JobState.QUEUED, [])


def test_nothing_is_claimed_while_the_account_is_paused(alice: User, provider_account: ProviderAccount):
    submit(alice)
    accounts.pause(provider_account, "No credits")
    assert claimed() is None


def test_a_canceled_job_is_never_claimed(alice: User):
    jobs.cancel(alice, submit(alice))
    assert claimed() is None
