"""From a result's URL to an asset in media storage: fetch, verify, store.

Downloads are free and may be repeated until the URL dies. Two workers on one result are harmless: the file is
named by its content and the asset is unique per result. The asset is visible before its renditions are made.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from io import FileIO
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F

from studio import pictures
from studio.models import Asset, Job, JobState, Result, ResultState, Workspace
from studio.models.statements import Select, change, column, insert, note
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.errors import FetchError, FetchGone, FetchRefused, FetchTooLarge
from studio.recraft.fetching import Fetched, Fetcher, Origin
from studio.services import durations, events, ledger, naming
from studio.storage import ContentStorage, sync

log = logging.getLogger(__name__)

# Source: Recraft docs, Image inputs and results; every published sample lies on the first.
RECRAFT_RESULT_ORIGINS = ("https://img.recraft.ai", "https://external.api.recraft.ai")
MOST_GONE_TRIES = 3
MOST_BAD_TRIES = 3

# Every picture waits for these. A result is due as `Result.objects.due()` has it.
_TAKE = """
UPDATE studio_result SET state = 'saving', lease_until = %s, tries = tries + 1
WHERE id = %s AND state IN ('waiting', 'saving') AND url_deadline > %s
  AND (lease_until IS NULL OR lease_until < {now}) AND not_before <= {now}
"""
_RESULT = Select(
    """
    SELECT {result}, {job}, {workspace} FROM studio_result AS result JOIN studio_job AS job ON job.id = result.job_id
    JOIN studio_workspace AS workspace ON workspace.id = job.workspace_id
    WHERE result.id = %s
    """,
    result=Result,
    job=Job,
    workspace=Workspace,
)
_JOB = Select("SELECT {job} FROM studio_job AS job WHERE job.id = %s", job=Job)
_STORED = "UPDATE studio_result SET state = 'done', lease_until = NULL WHERE id = %s AND state = 'saving'"
_STATES = "SELECT state FROM studio_result WHERE job_id = %s"
_END = "UPDATE studio_job SET state = %s, reason = %s, ended_at = {now} WHERE id = %s AND state = 'saving'"


def media() -> ContentStorage:
    return cast(ContentStorage, storages["default"])


@cache
def fetcher() -> Fetcher:
    """This process's downloader, which talks to the provider's result hosts and nobody else."""
    return Fetcher(
        result_origins(), loopback=settings.STUDIO_SANDBOX, deadline=durations.FETCH_DEADLINE.total_seconds()
    )


def result_origins() -> list[Origin]:
    """Where results may come from: the sandbox's own origin, or Recraft's hosts and those an admin allowed."""
    if settings.STUDIO_SANDBOX:
        parts = urlsplit(settings.RECRAFT_BASE_URL)
        return [Origin.parse(f"{parts.scheme}://{parts.netloc}")]
    return [Origin.parse(origin) for origin in (*RECRAFT_RESULT_ORIGINS, *settings.RECRAFT_RESULT_HOSTS)]


def store(result_id: int) -> int | None:
    """Fetch one result and make it an asset. Returns the asset's id, or None if that has to wait or is over."""
    result = _lease(result_id)
    if result is None:
        return None
    try:
        with media().temporary() as temporary:
            fetched = _fetch(result, temporary)
            # The disk and the child that decodes have nothing to wait for from each other.
            with ThreadPoolExecutor(1) as beside:
                synced = beside.submit(sync, temporary)
                picture = pictures.verify(temporary, fetched.media_type)
                synced.result()
            file = media().store(temporary, result.job.workspace.public_id, fetched.sha256, is_synced=True)
        return _make(result, fetched, picture, file)
    except FetchError as error:
        _not_fetched(result, error)
    except pictures.BadPicture as error:
        _not_a_picture(result, error)
    except OSError as error:
        # A full or failing disk is not the picture's fault: it waits, and is fetched again.
        log.error("Result %s can't be written: %s", result.pk, error)
        _put_off(result, durations.after_try(result.tries + 1))
    return None


# --- the lease ------------------------------------------------------------------------------------------------------


def _lease(result_id: int) -> Result | None:
    """Take a due result for a while, or give it up if its URL has died."""
    now = durations.database_now()
    # One UPDATE decides between two workers that were rung for the same result.
    leased = note(_TAKE, now + durations.LEASE, result_id, now)
    result = _result(result_id)
    if leased:
        return result
    if result.url_deadline <= now:
        _lose(result, "Its link expired before the file could be fetched.")
    return None


def _result(result_id: int) -> Result:
    result: Result
    result, result.job, result.job.workspace = _RESULT.get(result_id)
    return result


class _LeasedFile(FileIO):
    """A file that extends its result's lease while bytes arrive, so that a slow download is not taken over."""

    def __init__(self, path: Path, extend: Callable[[], None]) -> None:
        super().__init__(path, "w")
        self._extend = extend
        self._every = durations.LEASE.total_seconds() / 3
        self._next = time.monotonic() + self._every

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            self._extend()
        return super().write(data) or 0


def _extend(result: Result) -> None:
    Result.objects.open().filter(pk=result.pk).update(lease_until=durations.database_now() + durations.LEASE)


def _fetch(result: Result, to: Path) -> Fetched:
    with _LeasedFile(to, lambda: _extend(result)) as file:
        return fetcher().fetch(result.url, file)


# --- stored ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def _make(result: Result, fetched: Fetched, picture: pictures.Picture, file: str) -> int:
    """The id of the result's asset: a new one, or that of a worker that was quicker."""
    source = naming.source_of(result.job)
    job = _locked_job(result)
    asset = Asset(
        workspace_id=job.workspace_id,
        person_id=job.person_id,
        visibility=job.visibility,
        job=job,
        result=result,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        size=fetched.size,
        sha256=fetched.sha256,
        file=file,
        units=result.units,
        name=naming.named(OPERATIONS[job.operation].label, source, job) if source else "",
    )
    insert(asset, unless_there=True)
    if change(_STORED, result.pk):
        _finish(job)
    events.publish(job)
    return asset.pk or Asset.objects.values_list("pk", flat=True).get(result=result)


def _locked_job(result: Result) -> Job:
    job: Job
    (job,) = _JOB.get(result.job_id, lock="job")
    return job


def _finish(job: Job) -> None:
    """End a job whose results have all been stored or lost. The caller holds the job's row."""
    states = column(_STATES, job.pk)
    if any(state in (ResultState.WAITING, ResultState.SAVING) for state in states):
        return
    done = states.count(ResultState.DONE)
    if done == 0:
        end, reason = JobState.LOST, "The pictures could not be saved. The studio pays; you pay 0 units."
    elif done < job.images:
        end, reason = JobState.PARTIAL, f"{done} of {job.images} pictures came."
    else:
        end, reason = JobState.DONE, ""
    change(_END, end, reason, job.pk)


# --- not stored -----------------------------------------------------------------------------------------------------


def _not_fetched(result: Result, error: FetchError) -> None:
    log.warning("Result %s: %s: %s", result.pk, type(error).__name__, error)
    if isinstance(error, FetchTooLarge):
        _lose(result, "The file is larger than a picture may be.")
    elif isinstance(error, FetchGone):
        if result.gone_tries + 1 >= MOST_GONE_TRIES:
            _lose(result, "The provider no longer has the file.")
        else:
            _put_off(result, durations.GONE_SPACING, gone_tries=F("gone_tries") + 1)
    else:
        if isinstance(error, FetchRefused):
            # Not final: an admin may allow the host before the link dies.
            log.error("Result %s lies where results may not come from: %s", result.pk, error)
        _put_off(result, durations.after_try(result.tries + 1))


def _not_a_picture(result: Result, error: pictures.BadPicture) -> None:
    log.warning("Result %s is not a picture: %s", result.pk, error)
    bad_tries = result.bad_tries + (not error.may_read_again)
    if bad_tries >= MOST_BAD_TRIES:
        _lose(result, f"What came was not a picture: {error}")
    else:
        _put_off(result, durations.after_try(result.tries + 1), bad_tries=bad_tries)


def _put_off(result: Result, wait: timedelta, **changes: object) -> None:
    Result.objects.open().filter(pk=result.pk).update(
        not_before=durations.database_now() + wait, lease_until=None, **changes
    )


@transaction.atomic
def _lose(result: Result, reason: str) -> None:
    job = _locked_job(result)
    if not Result.objects.open().filter(pk=result.pk).update(state=ResultState.LOST, reason=reason, lease_until=None):
        return
    log.error("Lost: result %s of %s: %s", result.pk, job, reason)
    ledger.write_off(job, result.units, reason[:200])
    Job.objects.filter(pk=job.pk).update(charged_units=F("charged_units") - result.units)
    _finish(job)
    events.publish(job)
