"""What the clock finds every few seconds, and does about it. Each fix is one conditional UPDATE, so two clocks that
believe they lead do no harm."""

import logging
import time
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from studio.models import (
    Action,
    Asset,
    Attempt,
    AttemptState,
    CustomStyle,
    Job,
    JobState,
    Lease,
    ProviderAccount,
    Result,
    UnitsRequest,
)
from studio.models.statements import value
from studio.services import acts, budgets, durations, events, ledger, outcome, tallies, turns, workbench
from studio.services.assets import media
from studio.services.renditions import MOST_TRIES as MOST_RENDER_TRIES

log = logging.getLogger(__name__)

BATCH = 100
LEADER = "clock"
LEADERSHIP = timedelta(seconds=15)
# The clock asks four times a second. As `Job.objects.waiting_at` has it:
_READY = f"""
SELECT count(*) FROM (
    SELECT 1 FROM studio_job AS job JOIN studio_workspace AS workspace ON workspace.id = job.workspace_id
    WHERE job.provider_account_id = %s AND job.state = 'queued' AND job.not_before <= %s
      AND workspace.stopped_at IS NULL LIMIT {BATCH}
) AS ready
"""  # noqa: S608  a number that stands above


@transaction.atomic
def lead(holder: str) -> bool:
    """Be, or stay, the one clock that works. The lease lives in the database and runs by its clock."""
    now = durations.database_now()
    Lease.objects.get_or_create(name=LEADER, defaults={"holder": holder, "until": now})
    free = Q(holder=holder) | Q(until__lte=now)
    return bool(Lease.objects.filter(free, name=LEADER).update(holder=holder, until=now + LEADERSHIP))


def stand_down(holder: str) -> None:
    """Let another clock lead at once."""
    Lease.objects.filter(name=LEADER, holder=holder).update(until=Now())


def calls_to_ring(account: ProviderAccount) -> int:
    """How many callers have something to do right now on this account."""
    now = durations.database_now()
    waiting = value(_READY, account.pk, now)
    if not waiting:
        return 0
    room = turns.room(account, now)
    return min(waiting, room.requests) if room.any else 0


def results_to_ring() -> list[int]:
    """Results nobody is fetching, those whose URL dies first in front."""
    return list(Result.objects.due().order_by("url_deadline").values_list("pk", flat=True)[:BATCH])


def assets_to_ring() -> list[int]:
    """Assets that have waited too long for their renditions."""
    old = durations.database_now() - durations.UNRENDERED_AFTER
    waiting = Asset.objects.filter(rendered_at=None, render_tries__lt=MOST_RENDER_TRIES, created_at__lt=old)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])


def styles_to_forget(account: ProviderAccount) -> list[int]:
    """Styles that were deleted here and that the provider still has."""
    deleted = CustomStyle.objects.filter(provider_account=account, deleted_at__isnull=False, forgotten_at=None)
    return list(deleted.order_by("pk").values_list("pk", flat=True)[:BATCH])


def finishes_to_ring() -> list[int]:
    """Local jobs that should have been done by now: nobody was rung for them, or whoever was has died."""
    due = durations.database_now() - durations.FINISH_UNRUNG_AFTER
    return list(
        Job.objects.local_due()
        .filter(not_before__lt=due, tries__lt=workbench.MOST_TRIES)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )


def give_up_finishes() -> int:
    """End local jobs whose workers died again and again: one more try would only take another worker with it."""
    dead = Job.objects.local_due().filter(tries__gte=workbench.MOST_TRIES)
    return sum(workbench.give_up(job) for job in dead[:BATCH])


def actions_to_ring() -> list[int]:
    """Actions on many pictures that nobody goes on with: no ring came through, or whoever got it has died."""
    still = durations.database_now() - durations.ACTION_UNRUNG_AFTER
    waiting = Action.objects.waiting().filter(moved_at__lt=still, tries__lt=acts.MOST_TRIES)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])


def give_up_actions() -> int:
    """End actions whose workers failed again and again."""
    return sum(acts.give_up(action) for action in Action.objects.waiting().filter(tries__gte=acts.MOST_TRIES)[:BATCH])


def provider_needs_probe(account: ProviderAccount) -> bool:
    """Whether the balance should be read again; a paused account resumes by it."""
    last = account.balance_at
    if account.is_paused and account.paused_at and (last is None or last < account.paused_at):
        last = account.paused_at
    return last is None or last < durations.database_now() - durations.PROVIDER_PROBE


def expire_queue() -> int:
    """End jobs that waited a whole day in the queue, or a week for approval, and give their units back."""
    now = durations.database_now()
    queued_since = Coalesce("approved_at", "created_at")
    queued = Job.objects.filter(state=JobState.QUEUED).alias(since=queued_since)
    held = Job.objects.filter(state=JobState.HELD, created_at__lt=now - durations.HELD_LIFE)
    jobs = [*queued.filter(since__lt=now - durations.QUEUE_LIFE)[:BATCH], *held[:BATCH]]
    return sum(_expire(job) for job in jobs)


@transaction.atomic
def _expire(job: Job) -> bool:
    waited = "in the queue for 24 hours" if job.state == JobState.QUEUED else "for approval for 7 days"
    reason = f"It waited {waited}."
    expired = Job.objects.move(job.pk, job.state, JobState.EXPIRED, reason=reason, charged_units=0)
    if expired:
        ledger.release(job, "Expired in the queue")
        UnitsRequest.objects.withdraw_for(job)
        events.publish(job)
    return expired


def begin_periods() -> None:
    """Open the budgets of periods that have begun, and end caps, where no submit has done so."""
    for workspace in budgets.stale_workspaces():
        budgets.bring_up_to_date(workspace)


def count_anew() -> None:
    """Add up the movements of workspaces whose days begin at another midnight now."""
    for workspace in tallies.uncounted():
        tallies.recount(workspace)


def look_at_tables() -> None:
    """Let SQLite note how many rows of which kind there are, as PostgreSQL does by itself: its plans depend on it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")  # rows of each index; so it takes a moment, however many
            cursor.execute("ANALYZE")


def carry_over_log() -> None:
    """Move what SQLite has in its log into its file, which else the commit of every thousandth page has to wait for."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")  # waits for nobody, and nobody for it


def give_up_silent_hosts() -> int:
    """Calls of a host that has not been seen for a while are unknown, never released."""
    old = durations.database_now() - durations.HOST_SILENT_AFTER
    silent = Attempt.objects.filter(state=AttemptState.SENDING, host__seen_at__lt=old, claimed_at__lt=old)
    return sum(
        outcome.mark_unknown(attempt, "Its host fell silent") for attempt in silent.values_list("pk", flat=True)[:BATCH]
    )


def remove_old_temporaries() -> int:
    """Delete what downloads that were killed have left. Returns how many files."""
    oldest = time.time() - durations.TEMPORARY_LIFE.total_seconds()
    removed = 0
    for path in media().temporary_folder().rglob("*"):
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
