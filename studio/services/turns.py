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
from django.db import connection, transaction
from django.db.models import Count, QuerySet

from studio.models import Attempt, AttemptState, Host, Job, ProviderAccount, Turn
from studio.models.statements import Select, change, insert
from studio.services import accounts, durations, spool

SECOND, MINUTE = timedelta(seconds=1), timedelta(seconds=60)  # the provider's windows; never scaled
LONGEST_CALL = timedelta(seconds=300)

# Between its claim and the last byte of its body a request may arrive at any moment, so it counts all that time.
_COUNTED = """
SELECT count(CASE WHEN left_at IS NULL OR left_at >= %s THEN 1 END),
       coalesce(sum(CASE WHEN left_at IS NULL OR left_at >= %s THEN images END), 0),
       count(CASE WHEN state = 'sending' THEN 1 END)
FROM (SELECT state, images, coalesce(sent_at, ended_at) AS left_at
      FROM studio_attempt WHERE claimed_at >= %s AND provider_account_id = %s) AS recent
"""
# Who waits, with which job first, and how far they have been served.
_OLDEST = """
SELECT oldest.person_id, oldest.job_id, coalesce(turn.served, 0)
FROM (SELECT provider_account_id, person_id, min(id) AS job_id FROM studio_job
      WHERE provider_account_id = %s AND state = 'queued' AND not_before <= %s
        AND workspace_id NOT IN (SELECT id FROM studio_workspace WHERE stopped_at IS NOT NULL)
      GROUP BY provider_account_id, person_id) AS oldest
LEFT JOIN studio_turn AS turn USING (provider_account_id, person_id)
"""
_JOB = Select("SELECT {job} FROM studio_job AS job WHERE job.id = %s", job=Job)
_START = "UPDATE studio_job SET state = 'running', started_at = %s WHERE id = %s AND state = 'queued'"
_SERVED = "UPDATE studio_turn SET served = %s WHERE provider_account_id = %s AND person_id = %s"
_VIRTUAL = 'UPDATE studio_provideraccount SET "virtual" = %s WHERE id = %s'
_HOST = Select("SELECT {host} FROM studio_host AS host WHERE host.id = %s", host=Host)


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


def claim(account_id: int) -> Claim | None:
    """Claim the next job of an account, if this process holds the account, and there is a job, and room for it."""
    if not spool.has_room():
        return None
    attempt_id = uuid.uuid4()
    # The lock comes first: a committed claim without a held lock means that its caller has died.
    lock = spool.Lock.take(spool.lock_path(attempt_id))
    if lock is None:
        return None
    attempt = None
    try:
        attempt = _claim(account_id, attempt_id)
    finally:
        if attempt is None:
            lock.end()
    return Claim(attempt, lock) if attempt else None


@transaction.atomic
def _claim(account_id: int, attempt_id: uuid.UUID) -> Attempt | None:
    account = accounts.locked(account_id)
    if account is None:
        return None
    now = durations.database_now()
    # Room first: while there is none, every ring comes here in vain, and holds up those who submit.
    free = room(account, now)
    turn = _next(account, now, free) if free.any else None
    if turn is None or turn.job.images > free.images:
        return None
    job = turn.job
    if not change(_START, now, job.pk):
        return None  # canceled between our look and this
    _take(account, turn)
    attempt = Attempt(id=attempt_id, job=job, provider_account=account, host=_host(), images=job.images, claimed_at=now)
    insert(attempt)
    return attempt


def _host() -> Host:
    found = _HOST.first(spool.host_id())
    if found:
        host: Host = found[0]
        return host
    return Host.objects.get_or_create(pk=spool.host_id(), defaults={"name": spool.host_name()})[0]


def room(account: ProviderAccount, now: datetime) -> Room:
    """Requests and images that may be sent now. Zero while the account is paused or held off."""
    if account.is_paused or (account.hold_until and account.hold_until > now):
        return Room(0, 0)
    guard = timedelta(seconds=settings.PROVIDER_WINDOW_GUARD)
    # Nothing claimed before this can still count: the longest call, and a window after it.
    earliest = now - LONGEST_CALL - MINUTE - guard
    since = (now - SECOND - guard, now - MINUTE - guard, earliest)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [*map(connection.ops.adapt_datetimefield_value, since), account.pk])
        counted, images, flying = cursor.fetchone()
    requests = min(settings.PROVIDER_REQUESTS_PER_SECOND - counted, settings.CALLS_IN_FLIGHT - flying)
    return Room(requests, settings.PROVIDER_IMAGES_PER_MINUTE - images if requests > 0 else 0, flying)


def _next(account: ProviderAccount, now: datetime, free: Room) -> _Turn | None:
    """The oldest job of the person whose turn it is. A job too large for the room waits; nobody overtakes it."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [account.pk, connection.ops.adapt_datetimefield_value(now)])
        oldest = cursor.fetchall()
    if free.flying >= settings.CALLS_IN_FLIGHT_PER_PERSON:  # else nobody can have that many
        busy = set(_busy(account))
        oldest = [row for row in oldest if row[0] not in busy]
    if not oldest:
        return None
    start, job_id = min((max(served, account.virtual), first) for _, first, served in oldest)
    (job,) = _JOB.get(job_id)
    return _Turn(job, start)


def _busy(account: ProviderAccount) -> "QuerySet[Attempt, int]":
    """People who have as many calls in flight as one person may."""
    flying = Attempt.objects.filter(provider_account=account, state=AttemptState.SENDING)
    counts = flying.values("job__person").annotate(calls=Count("pk"))
    return counts.filter(calls__gte=settings.CALLS_IN_FLIGHT_PER_PERSON).values_list("job__person", flat=True)


def _take(account: ProviderAccount, turn: _Turn) -> None:
    # No race: whoever claims on this account holds its row.
    served = turn.start + turn.job.images
    if not change(_SERVED, served, account.pk, turn.job.person_id):
        Turn.objects.create(provider_account=account, person_id=turn.job.person_id, served=served)
    change(_VIRTUAL, turn.start, account.pk)
