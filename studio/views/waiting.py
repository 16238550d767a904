"""
How long a job will take, told from what was measured, and where it stands in line.

The line is the order in which `services.turns` will claim: the person served least goes first. Waiting is counted
against Recraft's limit of images per minute; drawing against what calls of the same image model took lately. With
nothing measured yet nothing is said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.conf import settings
from django.db.models import F

from studio.models import Attempt, AttemptState, Job, JobState, ProviderAccount, Turn

# Calls that tell the usual time of an image model, and jobs of the line that are looked at: beyond, a page says
# "500+" and nobody is helped by more.
MEASURED_CALLS = 200
LONGEST_LINE = 500


@dataclass(frozen=True)
class Place:
    """Where a queued job stands: position from 1, and seconds until it starts, by the limits alone."""

    position: int
    seconds: int


def places(account: ProviderAccount) -> dict[int, Place]:
    """The place of every queued job of an account, by job id."""
    line = Job.objects.waiting_at(account).order_by("id").values_list("id", "person_id", "images")[:LONGEST_LINE]
    rows = list(line)
    if not rows:
        return {}
    served = dict(Turn.objects.filter(provider_account=account).values_list("person_id", "served"))
    starts: list[tuple[int, int, int]] = []
    for job_id, person, images in rows:
        start = max(served.get(person, 0), account.virtual)
        served[person] = start + images
        starts.append((start, job_id, images))
    found: dict[int, Place] = {}
    images_ahead = 0
    for position, (_, job_id, images) in enumerate(sorted(starts), 1):
        found[job_id] = Place(position, round(images_ahead * 60 / settings.PROVIDER_IMAGES_PER_MINUTE))
        images_ahead += images
    return found


def usual_seconds(account: ProviderAccount, image_models: Collection[str]) -> Mapping[str, float]:
    """What a call of each image model usually takes, from request sent to answer; only where it was measured."""
    if not image_models:
        return {}
    calls = (
        Attempt.objects.filter(provider_account=account, state=AttemptState.SUCCEEDED)
        .filter(job__image_model__in=image_models, ended_at__isnull=False)
        .order_by("-claimed_at")
        .annotate(took=F("ended_at") - F("claimed_at"))
        .values_list("job__image_model", "took")[:MEASURED_CALLS]
    )
    took: dict[str, list[timedelta]] = {}
    for image_model, duration in calls:
        took.setdefault(image_model, []).append(duration)
    return {image_model: median(each.total_seconds() for each in durations) for image_model, durations in took.items()}


def is_open(job: Job) -> bool:
    """Whether an estimate means anything for this job."""
    return job.state in (JobState.QUEUED, JobState.RUNNING)
