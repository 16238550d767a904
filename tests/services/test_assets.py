"""From an answer to a stored picture, over real HTTP, with everything a result host can do wrong."""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings
from django.db.models import F
from PIL import Image

from studio.models import Asset, Job, JobState, Rendition, Result, ResultState, User
from studio.services import assets, audit, durations, renditions, upkeep
from studio.services.assets import media
from tests.fixtures import PROMPT, budget_of, run_next, submit
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree", "sandbox")]

TRIES = 6


def work(job: Job) -> Job:
    """Call, and store every result as often as a worker would within its first minutes."""
    for result in run_next():
        for _ in range(TRIES):
            assets.store(result)
            Result.objects.filter(pk=result).update(not_before=F("created_at"))
    job.refresh_from_db()
    return job


def content(asset: Asset) -> bytes:
    return Path(media().path(asset.file)).read_bytes()


def test_pictures_are_stored_as_they_came(alice: User, sandbox: SandboxProcess):
    job = work(submit(alice, n=2, size="4:5"))
    assert (job.state, job.charged_units) == (JobState.DONE, 70)
    for asset in Asset.objects.all():
        served = httpx.get(asset.result.url, trust_env=False).content  # type: ignore[union-attr]
        assert content(asset) == served
        assert hashlib.sha256(served).hexdigest() == asset.sha256
        assert (asset.media_type, asset.width, asset.height) == ("image/webp", 896, 1152)
    assert audit.broken(files=True) == []


def test_a_vector_is_stored_as_svg_and_previewed_as_a_raster(alice: User):
    work(submit(alice, operation="generate-vector", model="recraftv4_1_vector"))
    asset = Asset.objects.get()
    assert asset.is_vector
    renditions.make(asset.pk)
    made = Rendition.objects.filter(asset=asset)
    assert {rendition.name for rendition in made} == {"tile", "preview"}
    for rendition in made:
        picture = Image.open(media().open(rendition.file))
        assert (picture.format, picture.size) == ("WEBP", (rendition.width, rendition.height))


def test_what_is_made_without_words_is_called_after_what_it_was_made_of(alice: User):
    work(submit(alice))
    drawn = Asset.objects.get()
    submit(alice, "key-2", "vectorize", prompt=None, n=None, image=drawn.public_id)
    work(Job.objects.latest("pk"))
    traced = Asset.objects.latest("pk")
    assert traced.title == f"Vectorize: {PROMPT}"
    assert traced.subject == drawn.subject == PROMPT
    Asset.objects.filter(pk=traced.pk).update(given_title="Spring: the vases")
    assert Asset.objects.get(pk=traced.pk).subject == "Spring: the vases"


def test_renditions_are_made_once(alice: User):
    work(submit(alice))
    asset = Asset.objects.get()
    for _ in range(2):
        renditions.make(asset.pk)
    asset.refresh_from_db()
    assert Rendition.objects.count() == 2
    assert asset.render_tries == 1
    assert asset.placeholder.startswith("data:image/webp;base64,")
    assert asset.colors


def test_png_on_request(alice: User):
    work(submit(alice, image_format="png"))
    asset = Asset.objects.get()
    assert asset.media_type == "image/png"
    assert Image.open(BytesIO(content(asset))).format == "PNG"


@pytest.mark.parametrize("fault", ["file-status:503", "file-reset", "file-status:404", "file-empty", "file-length"])
def test_a_download_that_fails_for_a_while_is_repeated(alice: User, sandbox: SandboxProcess, fault: str):
    sandbox.fault(fault, count=2)
    assert work(submit(alice)).state == JobState.DONE


def test_a_file_that_is_gone_for_good_is_lost_and_the_studio_pays(alice: User, sandbox: SandboxProcess):
    sandbox.fault("file-status:404", count=None)
    job = work(submit(alice))
    assert (job.state, job.charged_units) == (JobState.LOST, 0)
    assert "studio pays" in job.reason
    assert (budget_of(alice).used, budget_of(alice).held) == (0, 0)
    assert sandbox.operations()[-1]["charged"] == 35


def test_a_link_past_its_deadline_is_lost(alice: User):
    job = submit(alice)
    (result,) = run_next()
    Result.objects.update(url_deadline=durations.database_now() - timedelta(seconds=1))
    assert upkeep.results_to_ring() == [result]
    assets.store(result)
    job.refresh_from_db()
    assert job.state == JobState.LOST
    assert "expired" in Result.objects.get().reason


@pytest.mark.parametrize(
    "fault", ["url", "url-foreign", "url-http", "url-port:6379", "url:file:///etc/passwd", "file-redirect"]
)
def test_what_lies_elsewhere_is_not_fetched_and_not_given_up(alice: User, sandbox: SandboxProcess, fault: str):
    sandbox.fault(fault, count=None)
    job = work(submit(alice))
    assert job.state == JobState.SAVING
    assert Result.objects.get().state == ResultState.SAVING
    assert not Asset.objects.exists()


def test_an_allowed_host_lets_a_waiting_result_through(alice: User, sandbox: SandboxProcess, settings):
    job = submit(alice)
    (result,) = run_next()
    right = Result.objects.get().url
    Result.objects.update(url=right.replace("127.0.0.1", "localhost"))
    assert assets.store(result) is None
    Result.objects.update(url=right, not_before=F("created_at"))
    assert assets.store(result) is not None
    job.refresh_from_db()
    assert job.state == JobState.DONE


HOSTILE = ["file-html", "file-truncated", "file-bomb", "file-type:text/html"]


@pytest.mark.parametrize("fault", HOSTILE)
def test_what_is_no_picture_is_never_stored(alice: User, sandbox: SandboxProcess, fault: str):
    sandbox.fault(fault, count=None)
    job = work(submit(alice))
    assert job.state == JobState.LOST
    assert not Asset.objects.exists()
    assert not list(Path(django_settings.MEDIA_ROOT).rglob("*/blobs/*"))


def test_one_bad_picture_of_two_makes_the_job_partial(alice: User, sandbox: SandboxProcess):
    job = submit(alice, n=2)
    first, second = run_next()
    assert assets.store(first)
    sandbox.fault("file-bomb", count=None)
    for _ in range(TRIES):
        Result.objects.update(not_before=F("created_at"))
        assets.store(second)
    job.refresh_from_db()
    assert (job.state, job.charged_units) == (JobState.PARTIAL, 35)
    assert budget_of(alice).used == 35


def test_two_workers_on_one_result_make_one_asset(alice: User):
    submit(alice)
    (result,) = run_next()
    first = assets.store(result)
    Result.objects.filter(pk=result)  # the second was rung too
    assert assets.store(result) is None
    assert Asset.objects.get().pk == first


def test_a_lease_keeps_a_second_worker_away_until_it_runs_out(alice: User):
    submit(alice)
    (result,) = run_next()
    Result.objects.update(state="saving", lease_until=durations.database_now() + timedelta(seconds=5))
    assert assets.store(result) is None
    assert upkeep.results_to_ring() == []
    Result.objects.update(lease_until=durations.database_now() - timedelta(seconds=1))
    assert upkeep.results_to_ring() == [result]
    assert assets.store(result) is not None


def test_fewer_pictures_than_asked_are_a_partial_job_at_what_was_charged(alice: User, sandbox: SandboxProcess):
    sandbox.fault("fewer-images")
    job = work(submit(alice, n=3))
    assert (job.state, job.charged_units) == (JobState.PARTIAL, 105)
    assert Asset.objects.count() == 2


def test_a_picture_named_twice_is_one_picture(alice: User, sandbox: SandboxProcess):
    sandbox.fault("duplicate-id")
    job = work(submit(alice, n=2))
    assert (job.state, job.charged_units) == (JobState.PARTIAL, 70)
    assert Asset.objects.count() == 1


def test_a_vector_full_of_scripts_gets_a_raster_preview_without_them(alice: User, sandbox: SandboxProcess):
    sandbox.fault("file-script", count=None)
    assert work(submit(alice, operation="generate-vector", model="recraftv4_1_vector")).state == JobState.DONE
    asset = Asset.objects.get()
    assert b"script" in content(asset)
    renditions.make(asset.pk)
    assert {row.media_type for row in Rendition.objects.all()} == {"image/webp"}
