"""One claimed attempt: send it once, write down what became of it, then record it.

What came back goes to the spool and to the database at once, since neither has to wait for the other: whichever holds
it first, nothing is lost. A database that is down, or a process that dies in between, leaves the file, which the keeper
collects; a file that could not be written is missed by nobody when the database has it.
"""

import logging
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models.functions import Now

from studio.models import Attempt, CustomStyle, Job
from studio.models.statements import note
from studio.recraft import errors as recraft_errors
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.client import RecraftClient
from studio.recraft.inputs import NO_FILES, Files
from studio.services import accounts, durations, events, inputs, outcome, reconciliation, spool
from studio.services.callers import outliving_the_parent
from studio.services.spool import Report
from studio.services.turns import Claim, claim

log = logging.getLogger(__name__)

SANDBOX_TOKEN = "sandbox"  # noqa: S105 - the sandbox takes any


@cache
def client() -> RecraftClient:
    """This process's client: one connection pool, and the only holder of the token."""
    token = SANDBOX_TOKEN if settings.STUDIO_SANDBOX else settings.RECRAFT_API_TOKEN
    return RecraftClient(token, settings.RECRAFT_BASE_URL, deadline=durations.CALL_DEADLINE.total_seconds())


def run_next(account_id: int, then: Callable[[list[int]], None]) -> None:
    """Claim the account's next job and carry it out, `then` with the ids of the results to fetch."""
    with outliving_the_parent():
        claimed = claim(account_id)
        if claimed:
            execute(claimed, then)


def execute(claimed: Claim, then: Callable[[list[int]], None]) -> None:
    """Send one claimed attempt, once, and record what became of it."""
    recorded = False
    try:
        report = _send(claimed.attempt)
        with spool.written_beside(report):
            outcome.record(report, then)
            recorded = True
    except (DatabaseError, InterfaceError) as error:
        # The report is on disk and the keeper will record it as soon as the database is back.
        log.warning("Attempt %s is spooled, not recorded: %s", claimed.attempt.pk, error)
    finally:
        if recorded:
            spool.remove(claimed.attempt.pk)
            claimed.lock.end()
        else:
            claimed.lock.let_go()


def _send(attempt: Attempt) -> Report:
    job = attempt.job
    try:
        body = client().call(OPERATIONS[job.operation], job.params, _files(job), on_sent=lambda: _note_sent(attempt))
    except recraft_errors.RecraftError as error:
        log.warning("%s: %s: %s", job, type(error).__name__, error)
        return Report.of_error(attempt.pk, error)
    return Report(attempt.pk, body)


def _files(job: Job) -> Files:
    """The pictures to send along. Raises NotSent while one of them can't be read."""
    if not OPERATIONS[job.operation].inputs:
        return NO_FILES
    try:
        return inputs.of(job)
    except OSError as error:
        raise recraft_errors.NotSent(f"A picture it starts from can't be read: {error}") from error


def _note_sent(attempt: Attempt) -> None:
    try:
        note("UPDATE studio_attempt SET sent_at = {now} WHERE id = %s", attempt.pk)
        # Only now, because the request waits for nothing that is not about it.
        events.publish(attempt.job)
    except (DatabaseError, InterfaceError) as error:
        # Never let a bookkeeping error break a paid call; without the note the attempt counts until it ends.
        log.warning("Attempt %s was sent, which could not be noted: %s", attempt.pk, error)


def forget_style(style_pk: int) -> None:
    """Delete at the provider a style that was deleted here. May be asked for as often as one likes."""
    deleted = CustomStyle.objects.filter(deleted_at__isnull=False, forgotten_at=None)
    style = deleted.filter(pk=style_pk, provider_account=accounts.current()).first()
    if style is None:
        return
    try:
        client().delete_style(style.style_id)
    except recraft_errors.Rejected as error:
        log.info("Style %s was gone already: %s", style.style_id, error)
    except recraft_errors.RecraftError as error:
        log.warning("Style %s is not deleted yet, the clock asks again: %s", style.style_id, error)
        return
    CustomStyle.objects.filter(pk=style.pk).update(forgotten_at=Now())


def check_provider() -> bool:
    """Ask what is left, for free, and account for it where nothing runs. True if a paused account goes on."""
    account = accounts.current()
    since = reconciliation.quiet_since(account)
    try:
        balance = client().balance()
        if since and reconciliation.checkpoint(account, balance, since):
            reconciliation.lower_barrier(account)
        return accounts.record_balance(account, balance)
    except recraft_errors.AccountRefused as error:
        accounts.pause(account, recraft_errors.how_to_mend(str(error)))
    except recraft_errors.RecraftError as error:
        log.warning("The balance can't be read: %s", error)
    return False
