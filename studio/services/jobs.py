"""The person's side of a job: submit it, cancel it. Every door comes through here.

Submit is one transaction: the job with its idempotency key, and its reservation on every budget that applies. The
worker is rung after the commit; if that ring is lost, the clock rings. A job above a soft limit is parked instead: it
holds nothing, since it may never run, and goes through the gate when somebody approves it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from studio import tasks
from studio.errors import (
    InvalidRequest,
    KeyReused,
    NeedsApproval,
    PriceRose,
    StudioError,
    TooManyWaiting,
)
from studio.models import Asset, Job, JobInput, JobState, May, ProviderAccount, UnitsRequest, User, Workspace
from studio.models.statements import insert, value
from studio.recraft.catalogue import InvalidValues, Operation
from studio.services import accounts, admission, durations, events, inputs, ledger, notices, prices, roles

# Every submit waits for these two.
_HAS_TWIN = "SELECT 1 FROM studio_job WHERE workspace_id = %s AND twin = %s AND state = 'done' LIMIT 1"
_WAITING = "SELECT count(*) FROM studio_job WHERE person_id = %s AND state = 'queued'"

MOST_WAITING = 1000  # jobs of one person that have not been sent
MOST_PARKED = 20  # jobs of one person that wait for approval
SEEDS = 2**32  # Source: Recraft's API specification, random_seed is a uint32


def submit(
    person: User,
    workspace: Workspace,
    operation: Operation,
    values: Mapping[str, Any],
    key: str,
    name: str = "",
    book: int | None = None,
) -> Job:
    """Take a job on and reserve its quote, or return the job that this key already made.

    `name`: what the person calls what comes of it, where that is kept. `book`: the edition of the price book that they
    saw a price of. Above a soft limit or a ceiling the job comes back `held`, with the reason and a request.
    Raises InvalidRequest, NoPriceKnown, PriceRose, OverBudget, Stopped, KeyReused, NotAllowed, TooManyWaiting.
    """
    asked = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    fingerprint, account = _fingerprint(operation, workspace, asked, name), accounts.current()
    try:
        _check(person, workspace, operation, asked)
        style = inputs.check_styles(person, workspace, account, operation, asked)
        started_from = _inputs(person, workspace, operation, asked)
        quote = _quote(account, operation, asked, book)
    except StudioError:
        # What was taken once stays taken, even if the same would be refused by now.
        if earlier := _earlier(person, key, fingerprint):
            return earlier
        raise
    params = {**_seed(operation), **asked}
    job = Job(
        workspace=workspace,
        person=person,
        provider_account=account,
        visibility=inputs.visibility(workspace, started_from),
        operation=operation.slug,
        params=params,
        name=name,
        style=style,
        image_model=asked.get("model") or operation.default_image_model,
        images=operation.count(asked),
        key=key,
        fingerprint=fingerprint,
        twin=_twin(operation, params, started_from),
        quoted_units=quote,
    )
    return _take_on_once(job, started_from)


def twin(person: User, workspace: Workspace, operation: Operation, values: Mapping[str, Any], key: str) -> Job | None:
    """The newest job of the workspace that asked for exactly this and still has its pictures; not this key's own.

    Exactly: the same settings, pictures with the same bytes, the same seed. With an open seed nothing is the same.
    """
    asked = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    if operation.param("random_seed") and "random_seed" not in asked:
        return None
    try:
        same = _twin(operation, asked, inputs.found(person, workspace, operation, asked))
    except InvalidRequest:
        return None  # a picture that is not there, which submitting says
    if not value(_HAS_TWIN, workspace.pk, same):
        return None  # nearly always
    made = Job.objects.visible_to(person).filter(workspace=workspace, twin=same, state=JobState.DONE)
    made = made.filter(assets__in=Asset.objects.visible_to(person)).exclude(person=person, key=key)
    return made.select_related("person").order_by("-id").first()


def cancel(person: User, job: Job) -> bool:
    """Cancel a job. True: it was not sent, its units are back. False: it runs, will be charged, and is kept."""
    with transaction.atomic():
        canceled = Job.objects.cancel(job.pk)
        if canceled:
            ledger.release(job, "Canceled")
            if job.state == JobState.HELD:
                UnitsRequest.objects.withdraw_for(job)
        else:
            # What runs can't be called back: the provider bills it and we keep the result. If it comes back
            # unbilled, this mark keeps it from being sent again. By the clock that a claim reads: SQLite's own has
            # milliseconds only, and what was canceled in the same one would seem to have been claimed after it.
            running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, canceled_at=None)
            running.update(canceled_at=durations.database_now())
        events.publish(job)
    return canceled


def _check(person: User, workspace: Workspace, operation: Operation, values: Mapping[str, Any]) -> None:
    roles.require(person, workspace, May.MAKE)
    try:
        operation.validate(values)
    except InvalidValues as error:
        raise InvalidRequest(error.errors) from error
    if value(_WAITING, person.pk) >= MOST_WAITING:
        raise TooManyWaiting(f"You have {MOST_WAITING:,} jobs waiting. Let some finish or cancel a few first.")


def _quote(account: ProviderAccount, operation: Operation, values: Mapping[str, Any], book: int | None) -> int:
    units = prices.quote(operation, values)
    if book is not None and book != account.prices_version:
        # Whatever rose or fell: nobody pays a price that was not on the button they pressed.
        raise PriceRose(f"Prices have changed since this page was made. This costs {units:,} units now: press again.")
    return units


def _seed(operation: Operation) -> dict[str, int]:
    """Always a seed of our own where there is one: the same picture can be asked for again."""
    return {"random_seed": secrets.randbelow(SEEDS)} if operation.param("random_seed") else {}


def _inputs(person: User, workspace: Workspace, operation: Operation, values: Mapping[str, Any]) -> Sequence[JobInput]:
    """The pictures it starts from, which the provider will take. Their rows are unsaved."""
    found = inputs.found(person, workspace, operation, values)
    if not operation.inputs:
        return found
    try:
        operation.check_inputs(values, inputs.files(found))
    except InvalidValues as error:
        raise InvalidRequest(error.errors) from error
    return found


def _take_on_once(job: Job, started_from: Sequence[JobInput]) -> Job:
    try:
        return _take_on(job, started_from)
    except IntegrityError:
        # The unique key decides between posts that arrive together; the losers find the winner's job.
        if earlier := _earlier(job.person, job.key, job.fingerprint):
            return earlier
        raise


def _take_on(job: Job, started_from: Sequence[JobInput]) -> Job:
    try:
        with transaction.atomic():
            _insert(job, started_from)
            admission.admit(job)
            # The caller first: it has more to do until somebody sees a change.
            transaction.on_commit(lambda: tasks.ring_calls(job.provider_account_id))
            events.publish(job)
    except NeedsApproval as need:
        _park(job, started_from, need)
    return job


@transaction.atomic
def _park(job: Job, started_from: Sequence[JobInput], need: NeedsApproval) -> None:
    if Job.objects.filter(person=job.person, state=JobState.HELD).count() >= MOST_PARKED:
        raise TooManyWaiting(f"You have {MOST_PARKED} runs waiting for approval. {need.message}")
    job.pk, job.state, job.reason = None, JobState.HELD, need.message[:400]
    _insert(job, started_from)
    asked = UnitsRequest.objects.create(
        workspace=job.workspace,
        person=job.person,
        job=job,
        scope=need.scope,
        window=need.window,
        operation=need.operation,
        units=job.quoted_units,
    )
    notices.asked(asked)
    events.publish(job)


def _insert(job: Job, started_from: Sequence[JobInput]) -> None:
    insert(job)
    for each in started_from:
        each.pk, each.job = None, job
    if started_from:
        JobInput.objects.bulk_create(started_from)


def _earlier(person: User, key: str, fingerprint: str) -> Job | None:
    """The job that a key made before. Raises KeyReused if it asked for something else."""
    job = Job.objects.filter(person=person, key=key).first()
    if job and job.fingerprint != fingerprint:
        raise KeyReused("This form was already sent with other settings. Reload the page and send it again.")
    return job


def _twin(operation: Operation, params: Mapping[str, Any], started_from: Sequence[JobInput]) -> str:
    named = {each.param for each in started_from}
    settings = {name: value for name, value in operation.normal(params).items() if name not in named}
    pictures = [(each.param, each.position, each.asset.sha256) for each in started_from]
    return hashlib.sha256(json.dumps([operation.slug, settings, pictures], sort_keys=True).encode()).hexdigest()


def _fingerprint(operation: Operation, workspace: Workspace, values: Mapping[str, Any], name: str) -> str:
    request = json.dumps([operation.slug, workspace.pk, values, *([name] if name else [])], sort_keys=True)
    return hashlib.sha256(request.encode()).hexdigest()
