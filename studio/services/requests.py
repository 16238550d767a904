"""Asking for units, and answering: a job that waits for approval, or a wish for more.

Whoever may give (owners and admins; for the workspace's own budget owners alone) approves once, approves and raises the
limit in the way until a date, or declines with a word. What is approved is a price: when it rose since, the approver is
asked again. An approved job goes through the gate like any other, with the
soft limits open; then it runs by itself. One answer counts: the first.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from studio import tasks
from studio.errors import InvalidRequest, NotAllowed, OverBudget, PriceRose, StudioError, TooManyWaiting
from studio.models import (
    Account,
    Budget,
    Cap,
    Job,
    JobState,
    May,
    Membership,
    RequestState,
    UnitsRequest,
    User,
    Workspace,
)
from studio.recraft.catalogue import OPERATIONS
from studio.services import accounts, admission, budgets, durations, events, notices, prices, roles

MOST_OPEN = 5  # wishes of one person that nobody has answered
MOST_UNITS = 1_000_000
RUN_RAISE = timedelta(days=1)  # how long one run may cost more, where nobody said until when

Window = Cap.Window


# --- asking ---------------------------------------------------------------------------------------------------------


class Limit(NamedTuple):
    """What can be asked to be raised: a person's or the workspace's, in which window."""

    scope: str
    window: str


def limits(person: User, workspace: Workspace) -> list[Limit]:
    """What stands in this person's way here, the nearest first."""
    standing = budgets.standing(person, workspace)
    found = [
        Limit(Cap.Scope.PERSON if budget.kind == Account.Kind.PERSON else Cap.Scope.WORKSPACE, budget.window)
        for budget in sorted(standing.budgets, key=lambda budget: budget is not standing.binding)
        if budget.limit is not None and budget.kind != Account.Kind.PROVIDER
    ]
    mine = next((budget.account for budget in standing.budgets if budget.kind == Account.Kind.PERSON), None)
    per_run = mine is not None and mine.ceilings.get("", [None])[0] is not None
    return [*found, Limit(Cap.Scope.PERSON, Window.RUN)] if per_run else found


@transaction.atomic
def ask(person: User, workspace: Workspace, units: int, limit: Limit, words: str = "") -> UnitsRequest:
    """Ask for `units` more under a limit that is in the way. Raises InvalidRequest, NotAllowed, TooManyWaiting."""
    roles.require(person, workspace, May.MAKE)
    if limit not in limits(person, workspace):
        raise InvalidRequest({"limit": "There is no such limit. Choose another."})
    if not 0 < units <= MOST_UNITS:
        raise InvalidRequest({"units": f"Ask for 1 to {MOST_UNITS:,} units."})
    if UnitsRequest.objects.open().filter(person=person, workspace=workspace, job=None).count() >= MOST_OPEN:
        raise TooManyWaiting(f"You have asked {MOST_OPEN} times already. Wait for an answer, or withdraw one.")
    asked = UnitsRequest.objects.create(
        workspace=workspace,
        person=person,
        scope=limit.scope,
        window=limit.window,
        units=units,
        words=" ".join(words.split())[:300],
    )
    notices.asked(asked)
    events.publish_everywhere()
    return asked


def withdraw(person: User, request: UnitsRequest) -> bool:
    """Take back a wish of one's own; a job that waits is canceled instead. False if it was answered already."""
    if request.person_id != person.pk or request.job_id:
        raise NotAllowed("Only who asked can withdraw a request; a run that waits is canceled.")
    return UnitsRequest.objects.decide(request.pk, RequestState.WITHDRAWN)


# --- answering ------------------------------------------------------------------------------------------------------


def approve(by: Membership, request: UnitsRequest, *, until: datetime | None = None, words: str = "") -> None:
    """Let the job run, this once, or give the units that were asked for.

    With `until`, the limit in the way of a job is raised too, up to then; and units that were asked for last as long.
    Raises NotAllowed, InvalidRequest, OverBudget; then nothing has changed. Raises PriceRose; then the request shows
    the new price, and waits.
    """
    if request.job:
        _check(by, request)
        _price_again(request)
    _approve(by, request, until, words)


def _price_again(request: UnitsRequest) -> None:
    """Approved is a price: one that rose meanwhile is asked for again; one that fell is taken."""
    job = request.job
    assert job is not None
    accounts.current()
    units, before = prices.quote(OPERATIONS[job.operation], job.params), job.quoted_units
    if units == before:
        return
    with transaction.atomic():
        # A job that is held holds no units: nothing was reserved at the old price.
        reason = job.reason.replace(f"{before:,} units", f"{units:,} units")
        if not Job.objects.filter(pk=job.pk, state=JobState.HELD).update(quoted_units=units, reason=reason):
            return
        UnitsRequest.objects.open().filter(pk=request.pk).update(units=units)
        job.quoted_units = request.units = units
    if units > before:
        raise PriceRose(f"This costs {units:,} units by now, {before:,} when it was asked for. Approve it again.")


@transaction.atomic
def _approve(by: Membership, request: UnitsRequest, until: datetime | None, words: str) -> None:
    job = request.job
    if job:
        # The job first, as everybody does who changes both.
        _check(by, request)
        if not Job.objects.move(job.pk, JobState.HELD, JobState.QUEUED, approved_at=Now(), reason=""):
            raise NotAllowed("This run does not wait for approval any more.")
    _decide(by, request, RequestState.APPROVED, words)
    if until or not job:
        _raise(by, request, until)
    if job:
        _run(job)


@transaction.atomic
def decline(by: Membership, request: UnitsRequest, words: str) -> None:
    """Say no, with a word; a job that waited is canceled. Raises NotAllowed, InvalidRequest."""
    words = " ".join(words.split())
    if not words:
        raise InvalidRequest({"words": "Say why, in a word or two."})
    _check(by, request)
    if request.job:
        reason = f"{by.person} declined: {words}"[:400]
        ended = {"reason": reason, "canceled_at": Now(), "charged_units": 0}
        Job.objects.move(request.job.pk, JobState.HELD, JobState.CANCELED, **ended)
        events.publish(request.job)
    _decide(by, request, RequestState.DECLINED, words)


def _check(by: Membership, request: UnitsRequest) -> None:
    roles.require_of(by, May.STEER)
    if request.workspace_id != by.workspace_id:
        raise NotAllowed("This was asked in another workspace.")


def _decide(by: Membership, request: UnitsRequest, state: str, words: str) -> None:
    _check(by, request)
    if not UnitsRequest.objects.decide(request.pk, state, decided_by=by.person, answer=" ".join(words.split())[:300]):
        raise NotAllowed("This was answered already.")
    notices.answered(by.person, request, state, words)
    events.publish_everywhere()


def _run(job: Job) -> None:
    if not roles.may(job.person, job.workspace, May.MAKE):
        raise NotAllowed(f"{job.person} can't make pictures here any more. Decline it instead.")
    try:
        admission.admit(job, approved=True)
    except OverBudget as error:
        raise _no_room(job, error) from error
    transaction.on_commit(lambda: tasks.ring_calls(job.provider_account_id))
    events.publish(job)


def _no_room(job: Job, error: OverBudget) -> StudioError:
    whose = f"{job.person}'s" if error.scope == Cap.Scope.PERSON else "the workspace's"
    limit = "limit for one run" if error.window == Window.RUN else f"{admission.ADVERBS[error.window]}budget"
    return OverBudget(
        f"It can't run yet: it needs {job.quoted_units:,} units, and {whose} {limit} has {error.left:,}. "
        "Raise that first.",
        scope=error.scope,
        window=error.window,
        left=error.left,
        resets_at=error.resets_at,
    )


# --- raising what is in the way -------------------------------------------------------------------------------------


def _raise(by: Membership, request: UnitsRequest, until: datetime | None) -> None:
    """Raise the limit that a request is about: by what was asked for, or so that its job would have passed."""
    person = request.person if request.scope == Cap.Scope.PERSON else None
    rule = budgets.Rule(request.window, request.scope, person, request.operation, soft=request.job_id is not None)
    # Whose wish it was, the account says: what stands in the ledger can't be changed, also when somebody is forgotten.
    reason = "Asked for" + (f": {request.words}" if request.words else "")
    if rule.window == Window.RUN:
        units = _ceiling(request) + (0 if request.job_id else request.units)
        budgets.set_cap(
            by, rule, max(units, request.units), until=until or durations.database_now() + RUN_RAISE, reason=reason
        )
        return
    budget = _budget(request)
    present = None if budget is None else budget.soft_limit if rule.soft else budget.limit
    if budget is not None and present is not None:  # else nothing is in the way any more
        budgets.set_cap(by, rule, present + request.units, until=until or budget.ends_at, reason=reason)


def _account(request: UnitsRequest) -> Account:
    provider_account = request.job.provider_account if request.job else accounts.current()
    of = {"kind": Account.Kind.WORKSPACE}
    if request.scope == Cap.Scope.PERSON:
        of = {"kind": Account.Kind.PERSON, "person": request.person}  # type: ignore[dict-item]
    return Account.objects.get(provider_account=provider_account, workspace=request.workspace, **of)


def _budget(request: UnitsRequest) -> Budget | None:
    budgets.bring_up_to_date(request.workspace)
    return Budget.objects.filter(account=_account(request), window=request.window, is_current=True).first()


def _ceiling(request: UnitsRequest) -> int:
    """What one run may cost now; 0 where there is no such limit."""
    hard, soft = _account(request).ceilings.get(request.operation, (None, None))
    return (soft if request.job_id else hard) or 0
