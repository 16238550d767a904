"""From a prompt to stored, accounted pictures: real HTTP, real workers, real files."""

import hashlib
import re
import time
from pathlib import Path

import pytest

from tests.stories.drive import DrivenStudio
from tests.studio_process import until

pytestmark = pytest.mark.story


def newest(studio: DrivenStudio) -> tuple[int, str, int, int]:
    ((pk, state, quoted, charged),) = studio.rows(
        "SELECT id, state, quoted_units, charged_units FROM studio_job ORDER BY id DESC LIMIT 1"
    )
    return pk, state, quoted, charged


@pytest.mark.parametrize(
    ("operation", "model", "n", "units", "media_type"),
    [
        ("generate", "recraftv4_1", 4, 140, "image/webp"),
        ("generate-raster", "recraftv3", 2, 80, "image/webp"),
        ("generate-vector", "recraftv4_1_vector", 2, 160, "image/svg+xml"),
        ("generate", "recraftv2_vector", 1, 44, "image/svg+xml"),
    ],
)
def test_a_prompt_becomes_stored_and_accounted_pictures(
    studio: DrivenStudio, operation: str, model: str, n: int, units: int, media_type: str
) -> None:
    used_before, held_before = studio.budget("person")
    assert studio.submit("a fox in the snow", operation=operation, model=model, n=str(n)).status_code == 302
    studio.wait_until_ended()
    job, *money = newest(studio)
    assert money == ["done", units, units]
    assert studio.budget("person") == (used_before + units, held_before)
    assets = studio.rows(f"SELECT public_id, media_type, sha256 FROM studio_asset WHERE job_id = {job}")
    assert [kind for _, kind, _ in assets] == [media_type] * n
    for public_id, _, sha256 in assets:
        original = studio.get(f"/media/{public_id}/original")
        assert original.status_code == 200
        assert hashlib.sha256(original.content).hexdigest() == sha256


def test_workers_keep_their_connection_to_the_database_between_jobs(studio: DrivenStudio) -> None:
    studio.submit("a heron on one leg", model="recraftv4_1")
    studio.wait_until_ended()
    if studio.database_url:
        time.sleep(1.5)
        old = "SELECT count(*) FROM pg_stat_activity WHERE backend_start < now() - interval '1 s' AND state = 'idle'"
        assert studio.rows(f"{old} AND datname = current_database()") >= [(4,)], "web, calls, bytes and clock"
        return
    for name in ("bytes", "clock"):
        files = {str(link.readlink()) for link in Path(f"/proc/{studio.pid(name)}/fd").iterdir() if link.is_symlink()}
        assert str(studio.var / "studio.sqlite3") in files, name


def test_the_gallery_shows_what_was_made(studio: DrivenStudio) -> None:
    studio.submit("a lighthouse at dusk", model="recraftv4_1")
    studio.wait_until_ended()
    ((newest_asset,),) = studio.rows("SELECT public_id FROM studio_asset ORDER BY id DESC LIMIT 1")
    until(lambda: newest_asset in studio.get("/gallery/").text, "the gallery shows it")
    assert studio.get(f"/assets/{newest_asset}/").status_code == 200


def test_one_key_is_one_job_however_often_it_is_posted(studio: DrivenStudio) -> None:
    (before,) = studio.rows("SELECT count(*) FROM studio_job")
    for _ in range(3):
        assert studio.submit("a vase", model="recraftv4_1", key="pressed-twice").status_code == 302
    (after,) = studio.rows("SELECT count(*) FROM studio_job")
    assert after[0] == before[0] + 1
    studio.wait_until_ended()


def test_a_request_over_budget_gets_a_sentence(studio: DrivenStudio) -> None:
    held = studio.budget("person")
    studio.sandbox.fault("rate-limited", count=None)  # nothing is drawn, and what is reserved stays reserved
    answers = [studio.submit("a city", model="recraftv4_pro", n="6") for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code == 422]
    assert refused
    assert re.search(r"needs 1,500 units\..*Your budget has [\d,]+ left", refused[-1].text, re.DOTALL)
    ((queued,),) = studio.rows("SELECT count(*) FROM studio_job WHERE image_model = 'recraftv4_pro'")
    assert studio.budget("person")[1] <= 1500 * queued + held[1]
    for (public_id,) in studio.rows("SELECT public_id FROM studio_job WHERE state = 'queued'"):
        studio.post(f"/runs/{public_id}/cancel/", {})
    studio.sandbox.clear_faults()
    studio.wait_until_ended()
