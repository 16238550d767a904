"""The studio is ended, started again, and given another provider: nothing is lost, nothing goes where it should not."""

from pathlib import Path

import pytest

from tests.sandbox_process import SandboxProcess
from tests.stories.drive import DrivenStudio
from tests.studio_process import until

pytestmark = pytest.mark.story

UNKNOWN = {"unknown", "resolved_unbilled", "resolved_billed"}


def test_a_restart_with_jobs_queued_running_and_saving_loses_nothing(
    folder: Path, database_setting: dict[str, str]
) -> None:
    settings = {"STUDIO_CALLS": "2", "STUDIO_SANDBOX_LATENCY": "1.5", **database_setting}
    with DrivenStudio(folder, **settings) as studio:
        studio.sign_in()
        studio.sandbox.fault("file-status:503", count=4)  # the first pictures stay in saving for a while
        for number in range(8):
            assert studio.submit(f"picture {number}", model="recraftv4_1").status_code == 302
        until(lambda: {"queued", "running", "saving"} <= set(studio.states()), f"all three; {studio.states()}", 30)
        studio.stop()
        assert studio.running() == {}
        assert studio.states()["unknown"] == studio.states()["failed"] == 0
        studio.start()
        assert studio.wait_until_ended() == {"done": 8}
        assert len(studio.sandbox.operations()) == 8
        assert studio.budget("person") == (8 * 35, 0)
        studio.audit()


def test_jobs_queued_on_the_sandbox_are_never_sent_to_the_paid_api(
    folder: Path, tmp_path: Path, database_setting: dict[str, str]
) -> None:
    with (
        DrivenStudio(folder, **{**database_setting, "STUDIO_SANDBOX_LATENCY": "0"}) as studio,
        SandboxProcess(tmp_path / "paid", token="a-real-token") as paid,
    ):
        studio.sign_in()
        studio.sandbox.fault("no-credits", count=None)
        for number in range(3):
            assert studio.submit(f"picture {number}", model="recraftv4_1").status_code == 302
        until(lambda: studio.rows("SELECT state FROM studio_provideraccount") == [("paused",)], "it is paused")
        assert "built-in simulator" in studio.get("/").text
        studio.stop()
        studio.start(RECRAFT_API_TOKEN="a-real-token", RECRAFT_BASE_URL=paid.api)
        assert "built-in simulator" not in studio.get("/").text
        assert studio.submit("a paid one", model="recraftv4_1").status_code == 302
        until(lambda: len(paid.operations()) == 1, "the new job is sent to the paid API")
        until(lambda: "running" not in studio.states(), "it has answered")
        assert [call["prompt"] for call in paid.operations()] == ["a paid one"]
        assert studio.states()["queued"] == 3


def test_a_link_that_expired_is_a_lost_picture_paid_by_the_studio(
    folder: Path, database_setting: dict[str, str]
) -> None:
    settings = {"STUDIO_TIME_SCALE": "50", "STUDIO_SANDBOX_LATENCY": "0", **database_setting}
    with DrivenStudio(folder, **settings) as studio:
        studio.sign_in()
        studio.sandbox.fault("file-expired", count=None)
        assert studio.submit("a picture", model="recraftv4_1").status_code == 302
        assert studio.wait_until_ended() == {"lost": 1}
        assert studio.budget("person") == (0, 0)
        assert studio.budget("loss") == (35, 0)
        assert studio.budget("provider") == (35, 0)
        studio.audit()


def test_a_call_that_hangs_ends_by_its_own_deadline_as_unknown(folder: Path, database_setting: dict[str, str]) -> None:
    settings = {"STUDIO_TIME_SCALE": "60", "STUDIO_SANDBOX_LATENCY": "0", **database_setting}
    with DrivenStudio(folder, **settings) as studio:
        studio.sign_in()
        studio.sandbox.fault("hang:60")
        studio.sandbox.fault("drip:1")
        for number in range(2):
            assert studio.submit(f"picture {number}", model="recraftv4_1").status_code == 302
        studio.wait_until_ended()
        # So fast is the clock here that the balance may have told by now what became of one or both.
        attempts = studio.rows("SELECT state FROM studio_attempt")
        assert len(attempts) == 2 and {state for (state,) in attempts} <= UNKNOWN, attempts
        assert studio.budget("person")[0] == 0, "nobody pays for what is unknown"
        studio.audit()
