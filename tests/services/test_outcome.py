"""What every kind of answer does to the job, the attempt and the units."""

import json
import uuid
from datetime import timedelta

import httpx
import pytest
from django.db import OperationalError

from studio.models import Attempt, AttemptState, Entry, Job, JobState, ProviderAccount, Result, User
from studio.services import accounts, durations, execution, jobs, keeper, outcome, spool
from tests.fixtures import Recraft, budget_of, run_next, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

PROBLEM = {"code": "problem", "message": "Something is wrong."}
HTML = b"<html><body>504 Gateway Time-out</body></html>"
AS_HTML = {"content": HTML, "headers": {"content-type": "text/html"}}


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def units(person: User) -> tuple[int, int]:
    budget = budget_of(person)
    return budget.used, budget.held


def due_now(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=job.created_at)


def test_an_answer_is_charged_and_its_links_are_kept_before_any_download(alice: User, recraft: Recraft):
    job = submit(alice, n=2)
    recraft.answer = recraft.pictures(2, units=70)
    results = run_next()
    assert state_of(job) == JobState.SAVING
    assert units(alice) == (70, 0)
    assert list(Result.objects.values_list("pk", flat=True)) == results
    assert [result.units for result in Result.objects.all()] == [35, 35]
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.units) == ("succeeded", 70)
    assert attempt.sent_at is not None
    assert list(spool.attempts()) == []


def test_the_seed_is_our_own_so_that_a_picture_can_be_asked_for_again(alice: User, recraft: Recraft):
    job = submit(alice)
    run_next()
    assert json.loads(recraft.requests[0].content)["random_seed"] == job.seed


@pytest.mark.parametrize(
    ("status", "content"),
    [(400, {"json": PROBLEM}), (404, {"text": "404 page not found"}), (422, {"json": PROBLEM})],
)
def test_a_rejected_request_fails_and_gives_the_units_back(alice: User, recraft: Recraft, status: int, content: dict):
    job = submit(alice)
    recraft.answers(status, **content)
    run_next()
    assert state_of(job) == JobState.FAILED
    assert job.reason
    assert job.charged_units == 0
    assert units(alice) == (0, 0)


def test_a_failing_server_is_asked_three_times_in_all(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.answers(500, json=PROBLEM)
    for expected in (JobState.QUEUED, JobState.QUEUED, JobState.FAILED):
        run_next()
        assert state_of(job) == expected
        due_now(job)
    assert len(recraft.requests) == 3
    assert units(alice) == (0, 0)


def test_a_request_that_never_left_is_tried_again_without_end(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.fails(httpx.ConnectError("refused"))
    for _ in range(5):
        run_next()
        assert state_of(job) == JobState.QUEUED
        due_now(job)
    assert job.tries == 0
    assert units(alice) == (0, 35)


def test_a_refusal_for_the_rate_holds_the_account_off(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.answers(429, json={"code": "rate_limit_exceeded", "message": "Rate limit exceeded"})
    run_next()
    assert (state_of(job), job.tries) == (JobState.QUEUED, 0)
    due_now(job)
    assert run_next() == []
    assert len(recraft.requests) == 1


@pytest.mark.parametrize(
    ("status", "content", "fix"),
    [
        (401, {"text": "request unauthorized"}, "RECRAFT_API_TOKEN"),
        (402, {"json": {"code": "payment_required", "message": "Pay"}}, "buy API units"),
        (403, {"json": {"code": "forbidden", "message": "no"}}, "ask its support"),
        (400, {"json": {"code": "not_enough_credits", "message": "Not enough credits"}}, "buy API units"),
    ],
)
def test_a_refused_account_pauses_names_the_fix_and_burns_no_try(
    alice: User, recraft: Recraft, status: int, content: dict, fix: str
):
    job = submit(alice)
    recraft.answers(status, **content)
    run_next()
    account = accounts.current()
    assert account.is_paused
    assert fix in account.paused_reason
    assert (state_of(job), job.tries) == (JobState.QUEUED, 0)
    due_now(job)
    run_next()
    assert len(recraft.requests) == 1


def test_a_paused_account_resumes_by_itself_when_there_are_units(alice: User, recraft: Recraft):
    submit(alice)
    accounts.pause(accounts.current(), "Not enough credits")
    recraft.answers(200, json={"credits": 10, "id": "a"})
    assert not execution.check_provider()
    recraft.answers(200, json={"credits": 35, "id": "a"})
    assert execution.check_provider()
    account = accounts.current()
    assert (account.state, account.balance) == (ProviderAccount.State.ACTIVE, 35)


def test_a_probe_that_is_refused_keeps_the_account_paused(provider_account: ProviderAccount, recraft: Recraft):
    recraft.answers(401, text="request unauthorized")
    assert not execution.check_provider()
    assert "RECRAFT_API_TOKEN" in accounts.current().paused_reason
    recraft.answers(200, json={"credits": 5000, "id": "a"})
    assert execution.check_provider()
    assert not accounts.current().is_paused


@pytest.mark.parametrize("status", [502, 503, 504, 520, 521, 524, 527])
def test_an_edge_error_is_unknown_and_never_sent_again(alice: User, recraft: Recraft, status: int):
    job = submit(alice)
    recraft.answers(status, **AS_HTML)
    run_next()
    assert state_of(job) == JobState.UNKNOWN
    assert units(alice) == (0, 35)
    due_now(job)
    run_next()
    assert len(recraft.requests) == 1


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError])
def test_a_broken_connection_is_unknown_and_keeps_its_reservation(alice: User, recraft: Recraft, error: type):
    job = submit(alice)
    recraft.fails(error("broken"))
    run_next()
    assert state_of(job) == JobState.UNKNOWN
    assert Attempt.objects.get().state == AttemptState.UNKNOWN
    assert units(alice) == (0, 35)


@pytest.mark.parametrize(
    "content",
    [{"content": b'{"created": 1, "cred'}, AS_HTML, {"json": {"created": 1, "data": []}}, {"content": b""}],
    ids=["truncated", "html", "no credits", "empty"],
)
def test_an_unreadable_answer_was_billed_and_the_studio_pays(alice: User, recraft: Recraft, content: dict):
    job = submit(alice)
    recraft.answers(200, **content)
    run_next()
    assert state_of(job) == JobState.LOST
    assert units(alice) == (0, 0)
    assert Entry.objects.get(kind="loss", account__kind="loss").units == 35


def test_an_answer_with_other_credits_is_charged_as_it_says(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.answer = recraft.pictures(1, units=70)
    run_next()
    assert (state_of(job), job.charged_units) == (JobState.SAVING, 70)
    assert units(alice) == (70, 0)


def test_an_answer_without_pictures_is_lost(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.answer = recraft.pictures(0, units=35)
    run_next()
    assert state_of(job) == JobState.LOST
    assert units(alice) == (0, 0)


def test_a_report_that_comes_twice_changes_nothing(alice: User, recraft: Recraft):
    job = submit(alice)
    run_next()
    attempt = Attempt.objects.get()
    body = json.dumps(attempt.answer).encode()
    assert outcome.record(spool.Report(attempt.pk, body)) == []
    assert state_of(job) == JobState.SAVING
    assert units(alice) == (35, 0)


def test_a_report_survives_a_database_that_is_down(alice: User, recraft: Recraft, monkeypatch: pytest.MonkeyPatch):
    job = submit(alice)

    def down(*_: object) -> None:
        raise OperationalError("the database is down")

    with monkeypatch.context() as patch:
        patch.setattr(execution.outcome, "record", down)
        assert run_next() == []
    assert state_of(job) == JobState.RUNNING
    results = keeper.sweep()
    assert len(results) == 1
    assert state_of(job) == JobState.SAVING
    assert list(spool.attempts()) == []


def test_a_caller_that_died_leaves_its_job_unknown(alice: User, recraft: Recraft, monkeypatch: pytest.MonkeyPatch):
    job = submit(alice)

    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    monkeypatch.setattr(spool, "write", die)
    monkeypatch.setattr(outcome, "record", die)
    with pytest.raises(Died):
        run_next()
    keeper.sweep()
    assert state_of(job) == JobState.UNKNOWN
    assert units(alice) == (0, 35)
    assert list(spool.attempts()) == []


def test_a_spool_that_fails_costs_nothing_while_the_database_answers(
    alice: User, recraft: Recraft, monkeypatch: pytest.MonkeyPatch
):
    job = submit(alice)

    def fail(_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(spool, "write", fail)
    assert len(run_next()) == 1
    assert state_of(job) == JobState.SAVING
    assert units(alice) == (35, 0)
    assert list(spool.attempts()) == []


def test_the_keeper_leaves_a_call_alone_while_its_lock_is_held(alice: User, recraft: Recraft):
    job = submit(alice)
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        keeper.sweep()
        seen.append(state_of(job))
        return Recraft.pictures()(request)

    recraft.answer = answer
    run_next()
    assert seen == [JobState.RUNNING]
    assert state_of(job) == JobState.SAVING


def test_late_evidence_turns_unknown_into_a_picture(alice: User, recraft: Recraft):
    job = submit(alice)
    recraft.fails(httpx.ReadTimeout("slow"))
    run_next()
    attempt = Attempt.objects.get()
    answer = Recraft.pictures()(httpx.Request("POST", "http://a")).content
    spool.write(spool.Report(attempt.pk, answer))
    keeper.sweep()
    assert state_of(job) == JobState.SAVING
    assert units(alice) == (35, 0)


def test_a_lock_without_a_claim_is_swept(provider_account: ProviderAccount):
    lock = spool.Lock.take(spool.lock_path(uuid.uuid4()))
    assert lock is not None
    lock.let_go()
    assert len(list(spool.attempts())) == 1
    keeper.sweep()
    assert list(spool.attempts()) == []


def test_canceling_a_running_job_keeps_its_result(alice: User, recraft: Recraft):
    job = submit(alice)
    canceled = []

    def answer(request: httpx.Request) -> httpx.Response:
        canceled.append(jobs.cancel(alice, job))
        return Recraft.pictures()(request)

    recraft.answer = answer
    run_next()
    assert canceled == [False]
    assert state_of(job) == JobState.SAVING
    assert job.canceled_at is not None


def test_a_canceled_job_that_comes_back_unbilled_is_not_sent_again(alice: User, recraft: Recraft):
    job = submit(alice)

    def answer(request: httpx.Request) -> httpx.Response:
        jobs.cancel(alice, job)
        return httpx.Response(500, json=PROBLEM)

    recraft.answer = answer
    run_next()
    assert state_of(job) == JobState.CANCELED
    assert units(alice) == (0, 0)


def test_a_claim_and_a_cancel_are_told_by_one_clock(alice: User, recraft: Recraft):
    # The books are looked at afterwards: no attempt may have been made after its job was canceled.
    with durations.shifted(timedelta(hours=1)):
        test_a_canceled_job_that_comes_back_unbilled_is_not_sent_again(alice, recraft)


def test_no_call_is_made_when_the_spool_has_no_room(alice: User, recraft: Recraft, settings):
    job = submit(alice)
    settings.STUDIO_SPOOL_RESERVE_BYTES = 2**60
    assert run_next() == []
    assert (state_of(job), recraft.requests) == (JobState.QUEUED, [])
