"""Jobs of 0 units: taken on once, done once, and never anybody else's to claim."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from studio.errors import InvalidRequest, KeyReused, NotAllowed, TooManyWaiting
from studio.models import LOCAL, Asset, Entry, Job, JobState, Membership, ProviderAccount, Role, User
from studio.services import audit, durations, finishing, jobs, renditions, turns, upkeep, uploads, workbench
from studio.services.assets import media
from tests.fixtures import at_once
from tests.pictures.making import encoded, gradient, noise
from tests.pictures.test_intake import camera_jpeg

pytestmark = pytest.mark.django_db

CROP = {"do": "crop", "left": 10, "top": 20, "width": 100, "height": 80}


def upload(person: User, data: bytes | None = None, name: str = "vase.png") -> Asset:
    file = SimpleUploadedFile(name, data or encoded(noise((300, 260)), "PNG"))
    return uploads.take(person, person.workspaces.get(), file).asset


def finish(person: User, asset: Asset, key: str = "key-1", **recipe: Any) -> Job:
    return finishing.finish(person, person.workspaces.get(), asset, recipe or CROP, key)


def opened(asset: Asset) -> Image.Image:
    return Image.open(BytesIO(Path(media().path(asset.file)).read_bytes()))


@pytest.fixture(autouse=True)
def books_and_files_agree(db: None) -> Any:
    yield
    assert audit.broken(files=True) == []


def test_a_local_job_costs_nothing_and_knows_where_it_came_from(alice: User) -> None:
    vase = upload(alice)
    job = finish(alice, vase)
    assert (job.state, job.quoted_units, job.charged_units, job.images) == (JobState.SAVING, 0, 0, 1)
    assert job.inputs.get().asset == vase
    (made,) = workbench.carry_out(job.pk)
    asset = Asset.objects.get(pk=made)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert (asset.job, asset.result, asset.width, asset.height) == (job, None, 100, 80)
    assert asset.title == "Cropped to 100 x 80: vase.png"
    with opened(vase) as before, opened(asset) as after:
        assert after.tobytes() == before.crop((10, 20, 110, 100)).tobytes()
    assert not Entry.objects.filter(job=job).exists()
    assert not job.attempts.exists()


def test_what_was_finished_can_be_finished_again_and_keeps_its_name(alice: User) -> None:
    (first,) = workbench.carry_out(finish(alice, upload(alice)).pk)
    again = finish(alice, Asset.objects.get(pk=first), "key-2", do="rotate", degrees=90)
    (second,) = workbench.carry_out(again.pk)
    asset = Asset.objects.get(pk=second)
    assert (asset.title, asset.width, asset.height) == ("Rotated by 90°: vase.png", 80, 100)


def test_a_turned_photo_is_worked_on_upright(alice: User) -> None:
    photo = upload(alice, camera_jpeg(6, size=(400, 300)), "photo.jpg")
    (made,) = workbench.carry_out(finish(alice, photo, do="crop", left=0, top=0, width=300, height=400).pk)
    asset = Asset.objects.get(pk=made)
    assert (asset.width, asset.height) == (300, 400)
    with opened(asset) as image:
        assert image.size == (300, 400)
        assert not image.getexif()


def test_a_set_is_one_job_with_a_picture_for_each_size(alice: User) -> None:
    job = finish(alice, upload(alice), do="sizes", set="favicon")
    assert len(workbench.carry_out(job.pk)) == job.images == 5
    assert [asset.width for asset in job.assets.order_by("pk")] == [16, 32, 48, 180, 512]
    assert job.assets.order_by("pk").first().title == "Favicon 16 x 16: vase.png"


def test_a_pdf_is_shown_and_sent_by_the_picture_of_its_page(alice: User) -> None:
    (made,) = workbench.carry_out(finish(alice, upload(alice), do="convert", format="pdf").pk)
    asset = Asset.objects.get(pk=made)
    assert (asset.media_type, asset.extension, asset.shows_itself) == ("application/pdf", "pdf", False)
    assert asset.source.media_type == "image/png"
    renditions.make(asset.pk)
    asset.refresh_from_db()
    assert asset.rendered_at is not None
    assert {each.name for each in asset.renditions.all()} == {"clean", "tile", "preview"}


def test_the_same_press_twice_is_one_job_and_another_recipe_under_its_key_is_refused(alice: User) -> None:
    vase = upload(alice)
    assert finish(alice, vase) == finish(alice, vase)
    with pytest.raises(KeyReused):
        finish(alice, vase, do="rotate", degrees=90)
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    assert finish(alice, vase).params["do"] == "crop", "what was taken once stays taken"
    assert Job.objects.count() == 1


def test_no_caller_claims_it_and_nobody_cancels_it(alice: User, provider_account: ProviderAccount) -> None:
    job = finish(alice, upload(alice))
    assert turns.claim(provider_account.pk) is None
    assert upkeep.calls_to_ring(provider_account) == 0
    assert not jobs.cancel(alice, job)
    assert upkeep.expire_queue() == 0
    job.refresh_from_db()
    assert job.state == JobState.SAVING


def test_a_second_ring_changes_nothing(alice: User) -> None:
    job = finish(alice, upload(alice))
    assert len(workbench.carry_out(job.pk)) == 1
    assert workbench.carry_out(job.pk) == []
    assert Asset.objects.filter(job=job).count() == 1


def test_a_job_that_nobody_rang_for_is_found(alice: User) -> None:
    job = finish(alice, upload(alice))
    assert upkeep.finishes_to_ring() == [], "its own ring may still be on the way"
    Job.objects.filter(pk=job.pk).update(not_before=durations.database_now() - timedelta(seconds=6))
    assert upkeep.finishes_to_ring() == [job.pk]
    workbench.carry_out(job.pk)
    assert upkeep.finishes_to_ring() == []


class Crash(BaseException):
    """A worker that dies on the spot."""


def test_a_worker_that_dies_before_the_end_leaves_a_job_that_can_be_done(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = finish(alice, upload(alice))

    def dies(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as crashing:
        crashing.setattr(Job.objects, "move", dies)
        with pytest.raises(Crash):
            workbench.carry_out(job.pk)
    assert Asset.objects.filter(job=job).count() == 0, "the assets and the end of the job are one step"
    assert workbench.carry_out(job.pk) == [], "it is leased"
    Job.objects.filter(pk=job.pk).update(not_before=durations.database_now() - timedelta(seconds=6))
    assert upkeep.finishes_to_ring() == [job.pk]
    assert len(workbench.carry_out(job.pk)) == 1
    job.refresh_from_db()
    assert (job.state, job.tries) == (JobState.DONE, 2)


def test_a_job_whose_workers_die_again_and_again_is_given_up(alice: User) -> None:
    job = finish(alice, upload(alice))
    old = durations.database_now() - timedelta(minutes=2)
    Job.objects.filter(pk=job.pk).update(tries=workbench.MOST_TRIES, not_before=old)
    assert upkeep.finishes_to_ring() == []
    assert upkeep.give_up_finishes() == 1
    job.refresh_from_db()
    assert (job.state, job.charged_units) == (JobState.FAILED, 0)


def test_a_missing_file_is_tried_again_and_then_fails(alice: User) -> None:
    vase = upload(alice)
    path = Path(media().path(vase.file))
    data = path.read_bytes()
    path.unlink()
    job = finish(alice, vase)
    for tries in range(1, workbench.MOST_TRIES + 1):
        job.refresh_from_db()
        assert (job.state, job.tries) == (JobState.SAVING, tries - 1)
        # A moment ago: SQLite tells the time to a millisecond, and this is quicker.
        Job.objects.filter(pk=job.pk).update(not_before=durations.database_now() - timedelta(seconds=1))
        assert workbench.carry_out(job.pk) == []
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.FAILED, "The studio could not store what came of it.")
    path.write_bytes(data)


def test_what_turns_out_to_be_impossible_fails_with_its_reason(alice: User) -> None:
    job = finish(alice, upload(alice))
    Job.objects.filter(pk=job.pk).update(params={**job.params, "left": 299})
    assert workbench.carry_out(job.pk) == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "reaches over the edge" in job.reason


def test_what_can_not_be_done_is_refused_before_there_is_a_job(alice: User, charlie: User) -> None:
    vase = upload(alice)
    with pytest.raises(InvalidRequest, match="reaches over the edge"):
        finish(alice, vase, do="crop", left=0, top=0, width=301, height=1)
    with pytest.raises(InvalidRequest, match="not there"):
        finish(charlie, vase)
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        finish(alice, vase)
    assert not Job.objects.exists()


def test_one_person_can_not_fill_the_bench(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "MOST_UNDER_WAY", 1)
    vase = upload(alice)
    finish(alice, vase)
    with pytest.raises(TooManyWaiting):
        finish(alice, vase, "key-2")


def test_the_books_tell_of_a_local_job_with_units(alice: User) -> None:
    job = finish(alice, upload(alice, encoded(gradient((20, 20)), "PNG")), do="flip", direction="vertical")
    Job.objects.filter(pk=job.pk).update(quoted_units=1)
    assert any(line.startswith("I16") for line in audit.broken())
    Job.objects.filter(pk=job.pk).update(quoted_units=0)


@pytest.mark.usefixtures("committed")
def test_two_workers_at_once_make_one_picture(alice: User) -> None:
    job = finish(alice, upload(alice))
    if connection.vendor == "sqlite":
        made = [workbench.carry_out(job.pk), workbench.carry_out(job.pk)]
    else:
        made = at_once(2, lambda _: workbench.carry_out(job.pk))
    assert sorted(map(len, made)) == [0, 1]  # type: ignore[arg-type]
    assert Asset.objects.filter(job__operation=LOCAL).count() == 1
