"""Where local jobs are done: the recipe is carried out, what comes of it is stored, and the job ends.

Everything up to the last transaction may be repeated: files are named by their content, and the assets and the end of
the job are written together, once, by whoever finds the job still open. A worker holds a job by a lease; when it dies,
the clock rings for the job again.
"""

import hashlib
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from studio import pictures
from studio.models import Asset, Job, JobState, Rendition
from studio.pictures import recipes
from studio.services import durations, events, naming
from studio.services.assets import media

log = logging.getLogger(__name__)

MOST_TRIES = 5


@dataclass(frozen=True)
class _Stored:
    """One file that came of the recipe, in media storage.

    `title` is what was done; `shown` is the name of the PNG of a PDF.
    """

    title: str
    made: pictures.Finished
    size: int
    sha256: str
    file: str
    shown: str


def carry_out(job_id: int) -> list[int]:
    """Do a local job that is due. Returns the ids of the assets that came of it; none if it is over or has to wait."""
    job = _lease(job_id)
    if job is None:
        return []
    try:
        with tempfile.TemporaryDirectory(dir=media().temporary_folder()) as folder:
            return _save(job, _made(job, Path(folder)))
    except pictures.BadPicture as error:
        _not_done(job, str(error), again=error.may_read_again)
    except OSError as error:
        # A full or failing disk is not the picture's fault.
        log.error("%s can't be written: %s", job, error)
        _not_done(job, "The studio could not store what came of it.", again=True)
    return []


def _lease(job_id: int) -> Job | None:
    """Take a due job for a while. One UPDATE decides between two workers that were rung for the same one."""
    until = durations.database_now() + durations.FINISH_LEASE
    leased = Job.objects.local_due().filter(pk=job_id).update(not_before=until, started_at=Now(), tries=F("tries") + 1)
    return Job.objects.select_related("workspace").get(pk=job_id) if leased else None


def _made(job: Job, folder: Path) -> list[_Stored]:
    asset = job.inputs.select_related("asset__job").prefetch_related("asset__renditions").get(param="image").asset
    source = asset.source
    recipe = recipes.read(job.params)
    made = pictures.finish(Path(media().path(source.file)), source.media_type, job.params, folder)
    return [_stored(job, title, each) for title, each in zip(recipe.titles, made, strict=True)]


def _stored(job: Job, title: str, made: pictures.Finished) -> _Stored:
    with made.path.open("rb") as file:
        sha256, size = hashlib.file_digest(file, "sha256").hexdigest(), made.path.stat().st_size
    name = media().store(made.path, job.workspace.public_id, sha256)
    shown = media().store_rendition(made.shown, job.workspace.public_id) if made.shown else ""
    return _Stored(title, made, size, sha256, name, shown)


@transaction.atomic
def _save(job: Job, stored: list[_Stored]) -> list[int]:
    source = naming.source_of(job)
    assert source is not None  # a job without words has one
    # Nobody else can end the job while its row is held; if somebody has, this work was done twice, and is dropped.
    if not Job.objects.select_for_update(no_key=True, of=("self",)).filter(pk=job.pk, state=JobState.SAVING).exists():
        return []
    assets = [_asset(job, naming.named(each.title, source, job), each) for each in stored]
    Job.objects.move(job.pk, JobState.SAVING, JobState.DONE)
    events.publish(job)
    return [asset.pk for asset in assets]


def _asset(job: Job, name: str, stored: _Stored) -> Asset:
    asset = Asset.objects.create(
        workspace_id=job.workspace_id,
        person_id=job.person_id,
        visibility=job.visibility,
        job=job,
        name=name,
        media_type=stored.made.media_type,
        width=stored.made.width,
        height=stored.made.height,
        size=stored.size,
        sha256=stored.sha256,
        file=stored.file,
    )
    if stored.shown:
        Rendition.objects.create(
            asset=asset,
            name=Rendition.CLEAN,
            media_type="image/png",
            width=asset.width,
            height=asset.height,
            file=stored.shown,
        )
    return asset


@transaction.atomic
def give_up(job: Job) -> bool:
    """End a job that was tried too often. False if it ended meanwhile."""
    log.error("%s was tried %s times and is given up", job, job.tries)
    ended = Job.objects.move(job.pk, JobState.SAVING, JobState.FAILED, reason="It could not be done, after many tries.")
    if ended:
        events.publish(job)
    return ended


@transaction.atomic
def _not_done(job: Job, reason: str, *, again: bool) -> None:
    """Put a job off, or end it: a picture that can't be changed so stays that way."""
    log.warning("%s is not done: %s", job, reason)
    if again and job.tries < MOST_TRIES:
        wait = durations.after_try(job.tries + 1)
        Job.objects.filter(pk=job.pk, state=JobState.SAVING).update(not_before=durations.database_now() + wait)
        return
    if Job.objects.move(job.pk, JobState.SAVING, JobState.FAILED, reason=reason[:400]):
        events.publish(job)
