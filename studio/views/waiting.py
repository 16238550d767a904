"""
How long a job will take, told from what was measured, and where it stands in line.

The line is the order in which `services.turns` will claim: the person served least goes first. Waiting is counted
against Recraft's limit of images per minute; drawing against what calls of the same image model took lately. With
nothing measured yet nothing is said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from django.conf import settings
from django.db import connection

from studio.models import Job, JobState, ProviderAccount
from studio.models.statements import column, rows

# Calls that tell the usual time of an image model, and jobs of the line that are looked at: beyond, a page says
# "500+" and nobody is helped by more.
MEASURED_CALLS = 200
LONGEST_LINE = 500
# The card of a run that was just taken waits for these. As `Job.objects.waiting_at` has it, the oldest first:
_LINE = f"""
SELECT job.id, job.person_id, job.images FROM studio_job AS job
JOIN studio_workspace AS workspace ON workspace.id = job.workspace_id
WHERE job.provider_account_id = %s AND job.state = 'queued' AND workspace.stopped_at IS NULL
ORDER BY job.id LIMIT {LONGEST_LINE}
"""  # noqa: S608  a number that stands above
_SERVED = "SELECT person_id, served FROM studio_turn WHERE provider_account_id = %s"
_SECONDS = {
    "sqlite": "(JULIANDAY(attempt.ended_at) - JULIANDAY(attempt.claimed_at)) * 86400",
    "postgresql": "CAST(EXTRACT(EPOCH FROM attempt.ended_at - attempt.claimed_at) AS double precision)",
}
_TOOK = {
    vendor: f"""
    SELECT {seconds} FROM studio_attempt AS attempt JOIN studio_job AS job ON job.id = attempt.job_id
    WHERE attempt.provider_account_id = %s AND attempt.state = 'succeeded' AND attempt.ended_at IS NOT NULL
    AND job.image_model = %s ORDER BY attempt.claimed_at DESC LIMIT {MEASURED_CALLS}
    """  # noqa: S608  what stands above
    for vendor, seconds in _SECONDS.items()
}


@dataclass(frozen=True)
class Place:
    """Where a queued job stands: position from 1, and seconds until it starts, by the limits alone."""

    position: int
    seconds: int


def places(account: ProviderAccount) -> dict[int, Place]:
    """The place of every queued job of an account, by job id."""
    line = rows(_LINE, account.pk)
    if not line:
        return {}
    served = dict(rows(_SERVED, account.pk))
    starts: list[tuple[int, int, int]] = []
    for job_id, person, images in line:
        start = max(served.get(person, 0), account.virtual)
        served[person] = start + images
        starts.append((start, job_id, images))
    found: dict[int, Place] = {}
    images_ahead = 0
    for position, (_, job_id, images) in enumerate(sorted(starts), 1):
        found[job_id] = Place(position, round(images_ahead * 60 / settings.PROVIDER_IMAGES_PER_MINUTE))
        images_ahead += images
    return found


def usual_seconds(account: ProviderAccount, image_models: Iterable[str]) -> Mapping[str, float]:
    """What a call of each image model usually takes, from request sent to answer; only where it was measured."""
    sql = _TOOK[connection.vendor]
    measured = {model: column(sql, account.pk, model) for model in image_models}
    return {model: round(median(seconds), 3) for model, seconds in measured.items() if seconds}


def is_open(job: Job) -> bool:
    """Whether an estimate means anything for this job."""
    return job.state in (JobState.QUEUED, JobState.RUNNING)
