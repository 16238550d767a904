"""What the provider can do wrong, through the whole studio: nobody pays for it, nothing is sent twice."""

import pytest

from tests.stories.drive import DrivenStudio
from tests.studio_process import until

pytestmark = pytest.mark.story


def last(studio: DrivenStudio) -> tuple[str, int, str]:
    ((state, charged, reason),) = studio.rows(
        "SELECT state, coalesce(charged_units, -1), reason FROM studio_job ORDER BY id DESC LIMIT 1"
    )
    return state, charged, reason


def run(studio: DrivenStudio, **values: str) -> tuple[str, int, str]:
    assert studio.submit("a quiet harbor", model="recraftv4_1", **values).status_code == 302
    studio.wait_until_ended()
    return last(studio)


@pytest.mark.parametrize("fault", ["rate-limited", "rate-limited:2", "error-json", "error-text"])
def test_a_passing_refusal_costs_time_and_nothing_else(studio: DrivenStudio, fault: str) -> None:
    studio.sandbox.fault(fault)
    used, held = studio.budget("person")
    assert run(studio)[:2] == ("done", 35)
    assert studio.budget("person") == (used + 35, held)


def test_a_server_that_keeps_failing_fails_the_job_for_free(studio: DrivenStudio) -> None:
    studio.sandbox.fault("error-json", count=3)
    used, held = studio.budget("person")
    state, charged, reason = run(studio)
    assert (state, charged) == ("failed", 0)
    assert "0 units" in reason or "not charged" in reason.lower()
    assert studio.budget("person") == (used, held)


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        ("edge:503", {"failed"}),
        ("edge:504", {"failed"}),
        ("edge-billed:504", {"lost", "failed"}),  # billed a while after the answer: perhaps seen too late
        ("reset", {"failed"}),
        ("reset-billed", {"lost"}),
        ("hang-billed:1", {"lost"}),
    ],
)
def test_an_unclear_outcome_is_unknown_until_the_balance_tells(
    studio: DrivenStudio, fault: str, ends: set[str]
) -> None:
    studio.wait_until_explained()
    studio.sandbox.fault(fault)
    before, calls = studio.budget("person"), len(studio.sandbox.log())
    state, _, reason = run(studio)
    if state not in ends:  # on a busy machine the balance may have told before anybody looked
        assert state == "unknown"
        assert "Possibly charged" in reason
        assert studio.budget("person") == (before[0], before[1] + 35)
    studio.wait_until_explained()
    ((explained,),) = studio.rows("SELECT state FROM studio_attempt ORDER BY claimed_at DESC LIMIT 1")
    assert explained in {"resolved_unbilled", "resolved_billed"}, "to which only what was unknown comes"
    state, charged, _ = last(studio)
    assert state in ends
    assert (charged, studio.budget("person")) == (0, before), "whoever pays, it is not the person"
    sent = [line for line in studio.sandbox.log()[calls:] if line["path"].startswith("/v1/images/")]
    assert len(sent) == 1


@pytest.mark.parametrize("fault", ["truncated-json", "html", "missing-credits", "no-images"])
def test_an_answer_that_is_no_answer_is_paid_by_the_studio(studio: DrivenStudio, fault: str) -> None:
    studio.sandbox.fault(fault)
    used, loss = studio.budget("person")[0], studio.budget("loss")[0]
    assert run(studio)[:2] == ("lost", 0)
    assert studio.budget("person")[0] == used
    assert studio.budget("loss")[0] == loss + 35


def test_charged_double_is_recorded_as_charged(studio: DrivenStudio) -> None:
    studio.sandbox.fault("credits-times:2")
    assert run(studio)[:2] == ("done", 70)


def test_no_credits_pauses_says_why_and_resumes_by_itself(studio: DrivenStudio) -> None:
    balance = studio.sandbox.balance()
    studio.sandbox.set_balance(0)
    assert studio.submit("a bridge", model="recraftv4_1").status_code == 302
    studio.wait_for("queued")
    paused = "SELECT count(*) FROM studio_provideraccount WHERE state = 'paused'"
    until(lambda: studio.rows(paused)[0][0] == 1, "the account is paused")
    assert "paused" in studio.get("/").text.lower()
    studio.sandbox.set_balance(balance)
    studio.wait_until_ended(100)
    assert last(studio)[:2] == ("done", 35)
    assert studio.rows("SELECT tries FROM studio_job ORDER BY id DESC LIMIT 1") == [(0,)]
