"""The keeper of one host's spool: it collects reports, and finds callers that died without leaving one.

It judges by lock files alone, which the operating system frees when their holder dies. Hosts it is not on are
judged by the clock, and only as far as `unknown`.
"""

import logging
import uuid

from django.db.models.functions import Now

from studio.models import Attempt, AttemptState, Host
from studio.services import outcome, spool

log = logging.getLogger(__name__)


def sweep() -> list[int]:
    """Look at every attempt of this host once. Returns the ids of results that are to be fetched."""
    host = spool.host_id()
    Host.objects.update_or_create(pk=host, defaults={"name": spool.host_name(), "seen_at": Now()})
    # The database first: a claim that is committed after this look has its lock already.
    sending = Attempt.objects.filter(host=host, state=AttemptState.SENDING).values_list("pk", flat=True)
    to_judge = set(sending) | set(spool.attempts())
    return [result for attempt in sorted(to_judge) for result in _judge(attempt)]


def _judge(attempt: uuid.UUID) -> list[int]:
    lock = spool.Lock.take(spool.lock_path(attempt))
    if lock is None:
        return []  # its caller is at work
    settled = False
    try:
        results = _settle(attempt)
        settled = True
        return results
    finally:
        if settled:
            spool.remove(attempt)
            spool.report_path(attempt).with_suffix(".tmp").unlink(missing_ok=True)
            lock.end()
        else:
            lock.let_go()


def _settle(attempt: uuid.UUID) -> list[int]:
    report = spool.read(attempt)
    if report is not None:
        log.info("Collecting attempt %s", attempt)
        return outcome.record(report)
    if outcome.mark_unknown(attempt, "The calling process died"):
        log.error("Attempt %s: its caller died; its outcome is unknown", attempt)
    return []
