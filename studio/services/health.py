"""How the work stands now, and what went wrong lately, for those who steer: one workspace on one provider account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet, Sum

from studio.models import Attempt, AttemptState, Job, JobState, ProviderAccount, Result, Workspace
from studio.services import durations, tallies, turns
from studio.services.spending import Filter, Range

CALLS = 50  # the newest, by which the next are estimated
SLOW = timedelta(minutes=1)  # what takes longer to store is looked at


@dataclass(frozen=True)
class Now:
    """The present moment. Counts, and units where it says so."""

    running: int
    waiting: int
    unknown: int
    unknown_units: int
    oldest_unknown: datetime | None
    at_risk: int  # pictures that are paid for and not stored yet
    first_deadline: datetime | None  # when the first of their links dies
    lost: int  # jobs that were paid for and whose pictures never came
    clear_in: timedelta | None  # until what waits at the provider account is drawn; None where nothing does
    room: turns.Room
    at: datetime

    @property
    def hours_left(self) -> float | None:
        return (self.first_deadline - self.at).total_seconds() / 3600 if self.first_deadline else None


def now(account: ProviderAccount, workspace: Workspace) -> Now:
    """What is under way in a workspace at this moment. The room under the provider's limits is everybody's."""
    jobs = Job.objects.filter(provider_account=account, workspace=workspace)
    states = {
        state: (count, units, oldest)
        for state, count, units, oldest in jobs.under_way()
        .values_list("state")
        .annotate(count=Count("pk"), units=Sum("quoted_units"), oldest=Min("started_at"))
    }
    unknown, unknown_units, oldest_unknown = states.get(JobState.UNKNOWN, (0, 0, None))
    waiting = Result.objects.open().filter(job__in=jobs.under_way())
    risk = waiting.aggregate(count=Count("pk"), first=Min("url_deadline"))
    moment = durations.database_now()
    free = turns.room(account, moment)
    return Now(
        running=states.get(JobState.RUNNING, (0,))[0],
        waiting=states.get(JobState.QUEUED, (0,))[0],
        unknown=unknown,
        unknown_units=unknown_units,
        oldest_unknown=oldest_unknown,
        at_risk=risk["count"],
        first_deadline=risk["first"],
        lost=jobs.filter(state=JobState.LOST).count(),
        clear_in=_clear_in(account, free),
        room=free,
        at=moment,
    )


def _clear_in(account: ProviderAccount, free: turns.Room) -> timedelta | None:
    """By the limit of pictures a minute, and by what the newest calls took, of which so many run at once."""
    line = Job.objects.waiting_at(account).aggregate(jobs=Count("pk"), images=Sum("images", default=0))
    if not line["jobs"]:
        return None
    newest = Attempt.objects.filter(provider_account=account, state=AttemptState.SUCCEEDED).order_by("-claimed_at")
    times = newest.values_list("claimed_at", "ended_at")[:CALLS]
    took = [(ended - claimed).total_seconds() for claimed, ended in times if ended]
    call = median(took) if took else 0.0
    by_limit = max(0, line["images"] - free.images) * 60 / settings.PROVIDER_IMAGES_PER_MINUTE
    by_callers = (line["jobs"] / settings.CALLS_IN_FLIGHT) * call
    return timedelta(seconds=max(by_limit, by_callers) + call)


@dataclass(frozen=True)
class Risk:
    """A picture that is paid for and not stored, and for how long its link still lives."""

    job: Job
    tries: int
    reason: str
    hours_left: float


def at_risk(account: ProviderAccount, workspace: Workspace, most: int) -> list[Risk]:
    """Pictures that were not stored within a minute, the one whose link dies first in front."""
    now = durations.database_now()
    jobs = Job.objects.filter(provider_account=account, workspace=workspace).under_way()
    slow = Result.objects.open().filter(job__in=jobs, created_at__lt=now - SLOW)
    found = slow.select_related("job__person").order_by("url_deadline")[:most]
    return [Risk(each.job, each.tries, each.reason, (each.url_deadline - now).total_seconds() / 3600) for each in found]


@dataclass(frozen=True)
class Failure:
    """How often calls of one operation ended in one way within a range, and the last time they did."""

    error: str
    operation: str
    count: int
    last: datetime


def failures(chosen: Filter) -> list[Failure]:
    """Calls that did not succeed, by class, the most frequent first."""
    found = (
        _attempts(chosen)
        .exclude(error="")
        .values_list("error", "job__operation")
        .annotate(count=Count("pk"), last=Max("claimed_at"))
        .order_by("-count", "error")
    )
    return [Failure(*row) for row in found]


@dataclass(frozen=True)
class Drift:
    """A price that is not what the price book says: per operation and image model, over the calls that differed."""

    operation: str
    image_model: str
    count: int
    quoted: int
    charged: int


def drifts(chosen: Filter) -> list[Drift]:
    """Where the provider charged something else than was quoted, the most frequent first."""
    everybodys = Filter(chosen.account, chosen.workspace, chosen.range)
    keys = ("operation", "image_model")
    sums = {name: Sum(name) for name in ("drifted", "quoted", "charged")}
    rows = everybodys.tallied(*keys, **sums)
    if rows is None:
        moved = everybodys.entries().annotate(**tallies.WORK).values(*keys)
        rows = list(moved.annotate(**{name: tallies.SUMS[name] for name in sums}))
    found = [Drift(*(row[name] for name in (*keys, *sums))) for row in rows if row["drifted"]]
    return sorted(found, key=lambda drift: -drift.count)


def _attempts(chosen: Filter) -> QuerySet[Attempt]:
    found = Attempt.objects.filter(provider_account=chosen.account, job__workspace=chosen.workspace)
    return found.filter(claimed_at__gte=chosen.range.begins, claimed_at__lt=chosen.range.ends)


@dataclass(frozen=True)
class Flow:
    """What left the provider's account on one day, and what was put on it. Units."""

    burned: int
    added: int


def flows(account: ProviderAccount, range: Range) -> list[Flow]:
    """One for each day of a range, whoever it was for."""
    return [Flow(*moved) for moved in tallies.flows(account, range.bounds)]
