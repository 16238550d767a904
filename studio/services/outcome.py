"""What became of an attempt, written to the database: the table that decides who is billed.

answer that can be read         charge what it says; its pictures' URLs are committed here, before any download
answer that can't be read       charged by Recraft, so the quote is charged and written off; the job is lost
OutcomeUnknown                  perhaps charged: the job is unknown, keeps its reservation, is never sent again
NotSent, Refused, AccountRefused, ServerFailed   not charged: back to the queue
Rejected, and ServerFailed for the third time    not charged: failed, units released

Recording is idempotent: a report that comes a second time, from the spool, changes nothing.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from studio.models import Attempt, AttemptState, CustomStyle, Job, JobState, ProviderAccount, Result
from studio.models.statements import Select, change, insert
from studio.recraft import errors as recraft_errors
from studio.recraft.client import Answer, parse_answer
from studio.services import accounts, durations, events, ledger
from studio.services.spool import Report

log = logging.getLogger(__name__)

MOST_TRIES = 3
STARTED = (JobState.RUNNING, JobState.UNKNOWN)

# Every answered call waits for these; all other outcomes are rare.
_LIVE = Select(
    """
    SELECT {attempt}, {job} FROM studio_attempt AS attempt JOIN studio_job AS job ON job.id = attempt.job_id
    WHERE attempt.id = %s AND attempt.state IN ('sending', 'unknown')
    """,
    attempt=Attempt,
    job=Job,
)
_SUCCEED = "UPDATE studio_attempt SET state = 'succeeded', ended_at = {now}, units = %s, answer = %s WHERE id = %s"
_SAVE = "UPDATE studio_job SET state = 'saving', charged_units = %s WHERE id = %s AND state IN ('running', 'unknown')"


def record(report: Report, then: Callable[[list[int]], None] = lambda results: None) -> list[int]:
    """Write one report down. Returns the ids of the results that are now to be fetched.

    `then` is called with them as soon as they are committed.
    """
    with transaction.atomic():
        attempt = _live(report)
        if attempt is None:
            return []  # recorded before: this is a replay
        results = _recorded(attempt, report)
    then(results)  # before the news of them, which has less far to go
    events.publish(attempt.job)
    return results


def _recorded(attempt: Attempt, report: Report) -> list[int]:
    if report.error and report.error != recraft_errors.AnswerUnreadable.__name__:
        _failure(attempt, report)
        return []
    try:
        answer = parse_answer(report.body or b"")
    except recraft_errors.AnswerUnreadable as error:
        _lost_answer(attempt, report, error)
        return []
    return _success(attempt, answer)


def mark_unknown(attempt_id: uuid.UUID, text: str) -> bool:
    """The caller died without leaving a report: the request may have been billed."""
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("job")
            .filter(pk=attempt_id)
            .first()
        )
        if attempt is None or attempt.state != AttemptState.SENDING:
            return False
        _unknown(attempt, "", text)
        events.publish(attempt.job)
    return True


@transaction.atomic
def resolve(attempt_id: uuid.UUID, *, billed: bool, text: str) -> bool:
    """The balance has shown what became of an unknown attempt. The studio pays, never the person.

    False if it is known by now: its report came after all, or somebody else was first.
    """
    unknown = Attempt.objects.select_for_update(no_key=True, of=("self",)).select_related("job")
    attempt = unknown.filter(pk=attempt_id, state=AttemptState.UNKNOWN).first()
    if attempt is None:
        return False
    if billed:
        _resolve_billed(attempt, text)
    else:
        shown = "The provider's balance shows that this was not charged. You can run it again with one press."
        _resolve_unbilled(attempt, Report(attempt.pk, error=attempt.error, text=text, shown=shown))
    events.publish(attempt.job)
    return True


def _live(report: Report) -> Attempt | None:
    found = _LIVE.first(report.attempt, lock="attempt")
    if found is None:
        return None
    attempt: Attempt
    attempt, attempt.job = found
    return attempt


def _end(attempt: Attempt, state: str, error: str = "", text: str = "", **changes: object) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(state=state, error=error, error_text=text, ended_at=Now(), **changes)


# --- 200 ------------------------------------------------------------------------------------------------------------


def _success(attempt: Attempt, answer: Answer) -> list[int]:
    job = attempt.job
    change(_SUCCEED, answer.credits, dict(answer.raw), attempt.pk)
    ledger.settle(job, answer.credits, attempt)
    if answer.credits != job.quoted_units:
        log.warning("Price drift: %s was quoted %s and charged %s", job, job.quoted_units, answer.credits)
    if not answer.images and (answer.text or answer.style_id or answer.mapping):
        # Nothing to download: what was paid for is in the answer, which the attempt keeps.
        if answer.style_id:
            CustomStyle.objects.keep(job, answer.style_id)
        Job.objects.move(job.pk, STARTED, JobState.SAVING, charged_units=answer.credits)
        Job.objects.move(job.pk, JobState.SAVING, JobState.DONE)
        return []
    if not answer.images:
        ledger.write_off(job, answer.credits, "The answer held no picture")
        Job.objects.move(
            job.pk, STARTED, JobState.LOST, charged_units=0, reason="Recraft's answer held no picture. The studio pays."
        )
        return []
    change(_SAVE, answer.credits, job.pk)
    results = _results(attempt, answer)
    for result in results:
        insert(result)
    return [result.pk for result in results]


def _results(attempt: Attempt, answer: Answer) -> list[Result]:
    deadline = durations.database_now() + durations.URL_LIFE
    share, rest = divmod(answer.credits, len(answer.images))
    return [
        Result(
            job=attempt.job,
            attempt=attempt,
            index=index,
            image_id=image.image_id,
            url=image.url,
            url_deadline=deadline,
            units=share + (1 if index < rest else 0),
        )
        for index, image in enumerate(answer.images)
    ]


def _lost_answer(attempt: Attempt, report: Report, error: Exception) -> None:
    job = attempt.job
    log.error("Lost answer: %s was charged, its answer can't be read: %s", job, error)
    _end(attempt, AttemptState.SUCCEEDED, "AnswerUnreadable", report.text or str(error), units=job.quoted_units)
    ledger.settle(job, job.quoted_units, attempt)
    ledger.write_off(job, job.quoted_units, "The answer could not be read")
    Job.objects.move(
        job.pk,
        STARTED,
        JobState.LOST,
        charged_units=0,
        reason="Recraft's answer could not be read, so the pictures are lost. The studio pays; you pay 0 units.",
    )


# --- anything else --------------------------------------------------------------------------------------------------


def _failure(attempt: Attempt, report: Report) -> None:
    error = getattr(recraft_errors, report.error, recraft_errors.OutcomeUnknown)
    if issubclass(error, recraft_errors.OutcomeUnknown):
        if attempt.state == AttemptState.SENDING:
            _unknown(attempt, report.error, report.text)
    elif attempt.state == AttemptState.UNKNOWN:
        _resolve_unbilled(attempt, report)
    else:
        _end(attempt, AttemptState.FAILED, report.error, report.text)
        _unbilled(attempt.job, error, report)


def _unknown(attempt: Attempt, error: str, text: str) -> None:
    _end(attempt, AttemptState.UNKNOWN, error, text)
    Job.objects.move(
        attempt.job_id,
        JobState.RUNNING,
        JobState.UNKNOWN,
        tries=F("tries") + 1,
        reason="Recraft did not answer. Possibly charged; we are checking and will not send it twice.",
    )


def _resolve_unbilled(attempt: Attempt, report: Report) -> None:
    _end(attempt, AttemptState.RESOLVED_UNBILLED, report.error, report.text)
    ledger.release(attempt.job, "Found not billed")
    Job.objects.move(attempt.job_id, JobState.UNKNOWN, JobState.FAILED, reason=report.shown, charged_units=0)


def _resolve_billed(attempt: Attempt, text: str) -> None:
    job, units = attempt.job, attempt.job.quoted_units
    _end(attempt, AttemptState.RESOLVED_BILLED, attempt.error, text, units=units)
    ledger.settle(job, units, attempt)
    ledger.write_off(job, units, "Charged without an answer")
    reason = "Recraft charged this and its answer never came. The studio pays; you pay 0 units."
    Job.objects.move(job.pk, JobState.UNKNOWN, JobState.LOST, reason=reason, charged_units=0)


def _unbilled(job: Job, error: type[recraft_errors.RecraftError], report: Report) -> None:
    tries = job.tries + issubclass(error, recraft_errors.ServerFailed)
    if issubclass(error, recraft_errors.AccountRefused):
        accounts.pause(job.provider_account, recraft_errors.how_to_mend(report.text))
    if issubclass(error, recraft_errors.Refused):
        _hold_off(job.provider_account)
    if error.may_send_again and tries < MOST_TRIES:
        _requeue(job, tries, report.shown)
    else:
        ledger.release(job)
        Job.objects.move(
            job.pk, JobState.RUNNING, JobState.FAILED, reason=report.shown[:400], tries=tries, charged_units=0
        )


def _requeue(job: Job, tries: int, reason: str) -> None:
    wait = durations.after_try(Attempt.objects.filter(job=job).count())
    Job.objects.move(
        job.pk,
        JobState.RUNNING,
        JobState.QUEUED,
        tries=tries,
        reason=reason[:400],
        not_before=durations.database_now() + wait,
    )
    # A person canceled while the call ran: it came back unbilled, so it ends here instead of being sent again.
    if Job.objects.filter(pk=job.pk, canceled_at__isnull=False).exists():
        Job.objects.move(job.pk, JobState.QUEUED, JobState.CANCELED, reason="", charged_units=0)
        ledger.release(job, "Canceled")


def _hold_off(account: ProviderAccount) -> None:
    # We count before we send, so this means that the token is used elsewhere too: give the window time to pass.
    wait = timedelta(seconds=2 * (1 + settings.PROVIDER_WINDOW_GUARD))
    ProviderAccount.objects.filter(pk=account.pk).update(hold_until=durations.database_now() + wait)
    log.error("Recraft refused for its rate although we stayed below it; is the token used elsewhere?")
