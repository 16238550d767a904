"""Whose turn is it, and is there room under the provider's limits? One transaction answers both and claims.

The provider account's row is the lock. Room: requests in the last second and images in the last minute, counted
from an attempt's claim until one window (and a guard) after its body was sent, and calls in flight. Turn: the
person served least, in images, by start-time fair queuing, so that one person's 500 jobs don't delay another's
one. A person who was away starts at the present virtual time and can't save up turns.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from studio.models import Attempt, AttemptState, Host, Job, JobState, ProviderAccount, Turn
from studio.services import durations, events, spool

SECOND, MINUTE = timedelta(seconds=1), timedelta(seconds=60)  # the provider's windows; never scaled
LONGEST_CALL = timedelta(seconds=300)


@dataclass(frozen=True)
class Claim:
    """A job that this process, and no other, may now send once."""

    attempt: Attempt
    lock: spool.Lock


@dataclass(frozen=True)
class _Turn:
    """Who is next: their job, and the virtual time at which it starts, in images."""

    job: Job
    start: int


@dataclass(frozen=True)
class Room:
    """What may be claimed right now under the provider's limits."""

    requests: int
    images: int
    flying: int = 0  # calls that have been claimed and have not come back

    @property
    def any(self) -> bool:
        return self.requests > 0 and self.images > 0


def claim(provider_account: ProviderAccount) -> Claim | None:
    """Claim the next job, if there is one and there is room for it."""
    if not Job.objects.waiting_at(provider_account).exists() or not spool.has_room():
        return None
    attempt_id = uuid.uuid4()
    # The lock comes first: a committed claim without a held lock means that its caller has died.
    lock = spool.Lock.take(spool.lock_path(attempt_id))
    if lock is None:
        return None
    attempt = None
    try:
        attempt = _claim(provider_account.pk, attempt_id)
    finally:
        if attempt is None:
            lock.end()
    return Claim(attempt, lock) if attempt else None


@transaction.atomic
def _claim(account_id: int, attempt_id: uuid.UUID) -> Attempt | None:
    # Not a key lock: every insert that refers to the account takes a key share of its row, and must not wait.
    account = ProviderAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    now = durations.database_now()
    # Room first: while there is none, every ring comes here in vain, and holds up those who submit.
    free = room(account, now)
    turn = _next(account, now, free) if free.any else None
    if turn is None or turn.job.images > free.images:
        return None
    job = turn.job
    if not Job.objects.move(job.pk, JobState.QUEUED, JobState.RUNNING, started_at=now):
        return None  # canceled between our look and this
    _take(account, turn)
    host, _ = Host.objects.get_or_create(pk=spool.host_id(), defaults={"name": spool.host_name()})
    events.publish(job)
    return Attempt.objects.create(
        id=attempt_id, job=job, provider_account=account, host=host, images=job.images, claimed_at=now
    )


def room(account: ProviderAccount, now: datetime) -> Room:
    """Requests and images that may be sent now. Zero while the account is paused or held off."""
    if account.is_paused or (account.hold_until and account.hold_until > now):
        return Room(0, 0)
    guard = timedelta(seconds=settings.PROVIDER_WINDOW_GUARD)
    since_second = _counts_since(now - SECOND - guard)
    since_minute = _counts_since(now - MINUTE - guard)
    # Nothing claimed before this can still count: the longest call, and a window after it.
    earliest = now - LONGEST_CALL - MINUTE - guard
    counted = (
        Attempt.objects.filter(provider_account=account, claimed_at__gte=earliest)
        .annotate(left_at=Coalesce("sent_at", "ended_at"))
        .aggregate(
            requests=Count("pk", filter=since_second),
            images=Sum("images", filter=since_minute, default=0),
            flying=Count("pk", filter=Q(state=AttemptState.SENDING)),
        )
    )
    flying = counted["flying"]
    requests = min(settings.PROVIDER_REQUESTS_PER_SECOND - counted["requests"], settings.CALLS_IN_FLIGHT - flying)
    return Room(requests, settings.PROVIDER_IMAGES_PER_MINUTE - counted["images"] if requests > 0 else 0, flying)


def _counts_since(instant: datetime) -> Q:
    # Between claim and the last byte of the body the request may arrive at any moment, so it counts all that time.
    return Q(left_at=None) | Q(left_at__gte=instant)


def _next(account: ProviderAccount, now: datetime, free: Room) -> _Turn | None:
    """The oldest job of the person whose turn it is. A job too large for the room waits; nobody overtakes it."""
    waiting = Job.objects.waiting_at(account).filter(not_before__lte=now)
    if free.flying >= settings.CALLS_IN_FLIGHT_PER_PERSON:  # else nobody can have that many
        waiting = waiting.exclude(person__in=_busy(account))
    oldest = waiting.values_list("person").annotate(Min("id"))
    served = dict(Turn.objects.filter(provider_account=account).values_list("person", "served"))
    if not oldest:
        return None
    start, job_id = min((max(served.get(person, 0), account.virtual), job) for person, job in oldest)
    return _Turn(Job.objects.get(pk=job_id), start)


def _busy(account: ProviderAccount) -> "QuerySet[Attempt, int]":
    """People who have as many calls in flight as one person may."""
    flying = Attempt.objects.filter(provider_account=account, state=AttemptState.SENDING)
    counts = flying.values("job__person").annotate(calls=Count("pk"))
    return counts.filter(calls__gte=settings.CALLS_IN_FLIGHT_PER_PERSON).values_list("job__person", flat=True)


def _take(account: ProviderAccount, turn: _Turn) -> None:
    # No race: whoever claims on this account holds its row.
    served = turn.start + turn.job.images
    mine = {"provider_account": account, "person_id": turn.job.person_id}
    if not Turn.objects.filter(**mine).update(served=served):
        Turn.objects.create(**mine, served=served)
    ProviderAccount.objects.filter(pk=account.pk).update(virtual=turn.start)
