"""Many at once: the provider never has to refuse, and one key is one job."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.stories.drive import DrivenStudio

pytestmark = pytest.mark.story

JOBS = 60


def most_within(seconds: float, moments: list[float]) -> int:
    """The most moments that lie within any window of so many seconds."""
    moments = sorted(moments)
    return max(
        sum(start <= moment < start + seconds for moment in moments[index:]) for index, start in enumerate(moments)
    )


def test_sixty_jobs_at_once_meet_the_real_limits_without_a_refusal(
    folder: Path, database_setting: dict[str, str]
) -> None:
    settings = {"STUDIO_CALLS": "8", "STUDIO_SANDBOX_LATENCY": "0.1", **database_setting}
    with DrivenStudio(folder, **settings) as studio:
        studio.sign_in()
        page = "/create/generate/"
        studio.get(page)
        headers = {"X-CSRFToken": studio.http.cookies["csrftoken"], "Referer": studio.url + page}

        def post(number: int) -> int:
            data = {"prompt": f"picture {number}", "model": "recraftv4_1_vector", "n": "1", "key": f"k{number}"}
            return studio.http.post(studio.url + page, data=data, headers=headers).status_code

        with ThreadPoolExecutor(20) as browsers:
            assert Counter(browsers.map(post, range(JOBS))) == {302: JOBS}
        assert studio.wait_until_ended(180) == {"done": JOBS}
        calls = [line for line in studio.sandbox.log() if line["path"].startswith("/v1/images/")]
        assert Counter(line["status"] for line in calls) == {200: JOBS}
        assert most_within(1.0, [line["arrived_at"] for line in calls]) <= 5
        studio.audit()


def test_a_hundred_posts_of_one_key_over_http_make_one_job(studio: DrivenStudio) -> None:
    page = "/create/generate/"
    studio.get(page)
    headers = {"X-CSRFToken": studio.http.cookies["csrftoken"], "Referer": studio.url + page}
    cookies = dict(studio.http.cookies)
    ((before,),) = studio.rows("SELECT count(*) FROM studio_job")

    def post(_: int) -> int:
        data = {"prompt": "a vase", "model": "recraftv4_1", "n": "1", "key": "a-hundred-times"}
        with httpx.Client(trust_env=False, timeout=60, cookies=cookies) as browser:
            return browser.post(studio.url + page, data=data, headers=headers).status_code

    with ThreadPoolExecutor(25) as browsers:
        assert Counter(browsers.map(post, range(100))) == {302: 100}
    assert studio.rows("SELECT count(*) FROM studio_job") == [(before + 1,)]
    studio.wait_until_ended()
