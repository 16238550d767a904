"""What those who steer must know: found by looking, every few seconds, and said once.

Nothing here runs in the transaction that reserves or charges: every paid call waits for that one, and an alert may
come some seconds later. The clock looks at what is true in the database and raises what it finds; two clocks that look
at the same moment are told apart by a unique key. A raised alert, its notices and its messages to webhooks are one
transaction.

An alert is raised again only after it has ended. The limits of a period never end: each is told once per threshold.
What can be over ends when it is: a balance that was topped up, a total that was raised, pictures that are stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from studio.errors import NotAllowed
from studio.models import (
    Account,
    Alert,
    AlertKind,
    AlertSettings,
    Attempt,
    AttemptState,
    Budget,
    Checkpoint,
    Membership,
    NoticeKind,
    ProviderAccount,
    Result,
    User,
    Workspace,
)
from studio.models.statements import insert
from studio.services import accounts, durations, forecast, health, notices, webhooks
from studio.services.admission import ADVERBS
from studio.services.spending import Range

THRESHOLDS = (80, 95, 100)  # percent of a limit that is used
AT_RISK = (12, 2)  # hours that the link of a picture still has
BEHIND = 30  # days that the forecast looks back
CALM = 2  # days beyond the chosen number until the forecast's alert ends, so that it does not come and go
LATELY = timedelta(hours=1)  # how far back calls and balances are looked at, in case the clock stood still

Watched = Mapping[Workspace, AlertSettings]


@dataclass(frozen=True)
class Found:
    """Something that is true now and that somebody must know."""

    workspace: Workspace
    kind: AlertKind
    key: str
    text: str
    url: str = "/monitor/"
    details: dict[str, Any] = field(default_factory=dict)
    own: User | None = None  # whom it concerns, besides those who steer
    own_text: str = ""
    by: User | None = None  # who did it, and need not be told


# --- looking --------------------------------------------------------------------------------------------------------


def sweep() -> int:
    """Look at what costs little to look at; how many alerts were raised."""
    account, watched = accounts.current(), _watched()
    _end_past_budgets()
    raised = sum(map(_raise, _budgets(account)))
    for kind, found in (
        (AlertKind.BALANCE, _low_balances(account, watched)),
        (AlertKind.PAUSED, _paused(account, watched)),
        (AlertKind.STOPPED, _stopped(watched)),
        (AlertKind.AT_RISK, _at_risk(account, watched)),
    ):
        raised += _settle(kind, list(found))
    return raised


def sweep_slowly() -> int:
    """Look at what needs more rows: prices, what nobody can explain, and the forecast."""
    account, watched = accounts.current(), _watched()
    raised = sum(map(_raise, _drifts(account)))
    raised += sum(map(_raise, _externals(account, watched)))
    return raised + _settle(AlertKind.RUNS_OUT, list(_running_out(account, watched)))


def settings_of(workspace: Workspace) -> AlertSettings:
    """From where on a workspace wants to be warned."""
    return AlertSettings.objects.filter(workspace=workspace).first() or AlertSettings(workspace=workspace)


def choose(by: Membership, low_balance: int | None, days_left: int | None) -> None:
    """From now on warn a workspace from there on; None: never. Raises NotAllowed."""
    if not by.may_steward:
        raise NotAllowed("Only owners and admins of the workspace can do this.")
    chosen = {"low_balance": low_balance, "days_left": days_left}
    AlertSettings.objects.update_or_create(workspace=by.workspace, defaults=chosen)


def _watched() -> dict[Workspace, AlertSettings]:
    chosen = {each.workspace_id: each for each in AlertSettings.objects.all()}
    found = Workspace.objects.select_related("stopped_by").order_by("pk")
    return {each: chosen.get(each.pk) or AlertSettings(workspace=each) for each in found}


# --- budgets --------------------------------------------------------------------------------------------------------


def _budgets(account: ProviderAccount) -> Iterator[Found]:
    """The limits that are used so far that nobody was told of it yet. What is held may come back, so it is not used."""
    rows = Budget.objects.filter(
        is_current=True, limit__gt=0, account__provider_account=account, account__workspace__isnull=False
    )
    reached = rows.alias(beyond=F("used") * 100 - F("limit") * THRESHOLDS[0]).filter(beyond__gte=0)
    found = list(reached.select_related("account__workspace", "account__person"))
    told = _told([budget.pk for budget in found])
    for budget in found:
        percent = max((each for each in THRESHOLDS if budget.used * 100 >= (budget.limit or 0) * each), default=0)
        if percent > told.get(budget.pk, 0):
            yield _used_up(budget, percent)


def _told(budgets: list[int]) -> dict[int, int]:
    """The highest threshold that was told, by budget."""
    keys = {f"budget:{pk}:{percent}": (pk, percent) for pk in budgets for percent in THRESHOLDS}
    told: dict[int, int] = {}
    for key in Alert.objects.filter(kind=AlertKind.BUDGET, key__in=keys, ended_at=None).values_list("key", flat=True):
        pk, percent = keys[key]
        told[pk] = max(percent, told.get(pk, 0))
    return told


def _used_up(budget: Budget, percent: int) -> Found:
    account, limit = budget.account, budget.limit or 0
    person = account.person if account.kind == Account.Kind.PERSON else None
    name = f"{ADVERBS[budget.window]}budget"
    spent = f"{budget.used:,} of {limit:,} units"
    how = "used up" if percent == THRESHOLDS[-1] else f"used {percent} % of"
    assert account.workspace is not None
    return Found(
        account.workspace,
        AlertKind.BUDGET,
        f"budget:{budget.pk}:{percent}",
        f"{person} has {how} their {name}: {spent}." if person else f"The workspace has {how} its {name}: {spent}.",
        details={
            "budget": budget.pk,
            "person": person.email if person else None,
            "window": budget.window,
            "threshold": percent,
            "used": budget.used,
            "limit": limit,
        },
        own=person,
        own_text=f"You have {how} your {name}: {spent}.",
    )


def _end_past_budgets() -> None:
    """End what was said of periods that are over, and of totals that have room again."""
    told = {
        alert.pk: alert.details
        for alert in Alert.objects.filter(kind=AlertKind.BUDGET, ended_at=None).only("pk", "details")
    }
    current = Budget.objects.filter(is_current=True).in_bulk([details["budget"] for details in told.values()])
    _end([pk for pk, details in told.items() if _is_past(current.get(details["budget"]), details["threshold"])])


def _is_past(budget: Budget | None, percent: int) -> bool:
    if budget is None:
        return True
    has_room = budget.limit is None or budget.used * 100 < budget.limit * percent
    return has_room and budget.window == Budget.Window.TOTAL


# --- the provider ---------------------------------------------------------------------------------------------------


def _low_balances(account: ProviderAccount, watched: Watched) -> Iterator[Found]:
    for workspace, chosen in watched.items():
        least = chosen.low_balance
        if account.balance is not None and least is not None and account.balance < least:
            text = f"The provider's balance is low: {account.balance:,} units. Top it up before runs have to wait."
            details = {"balance": account.balance, "threshold": least}
            yield Found(workspace, AlertKind.BALANCE, f"balance:{account.pk}", text, details=details)


def _paused(account: ProviderAccount, workspaces: Iterable[Workspace]) -> Iterator[Found]:
    for workspace in workspaces if account.is_paused else ():
        text = f"Runs wait: the provider account is paused. {account.paused_reason}"
        yield Found(workspace, AlertKind.PAUSED, f"paused:{account.pk}", text)


def _externals(account: ProviderAccount, workspaces: Iterable[Workspace]) -> Iterator[Found]:
    """Checkpoints that something outside of this studio must have paid for. A top-up needs nobody."""
    since = durations.database_now() - LATELY
    newest = Checkpoint.objects.filter(provider_account=account, external__gt=0, taken_at__gt=since).order_by("-id")
    for each in newest[:10]:
        left = f"{each.external:,} units left the provider's account without a run of this studio."
        text = f"{left} Is its token used elsewhere?"
        for workspace in workspaces:
            details = {"units": each.external, "balance": each.balance}
            yield Found(workspace, AlertKind.EXTERNAL, f"external:{each.pk}", text, details=details)


def _drifts(account: ProviderAccount) -> Iterator[Found]:
    since = durations.database_now() - LATELY
    calls = Attempt.objects.filter(provider_account=account, claimed_at__gt=since, state=AttemptState.SUCCEEDED)
    for attempt in calls.exclude(units=F("job__quoted_units")).select_related("job__workspace")[:100]:
        job = attempt.job
        text = f"Recraft charged {attempt.units:,} units for {job.operation} that was quoted at {job.quoted_units:,}."
        details = {"operation": job.operation, "model": job.image_model, "quoted": job.quoted_units}
        yield Found(
            job.workspace,
            AlertKind.DRIFT,
            f"drift:{job.operation}:{job.image_model}:{job.images}:{job.quoted_units}:{attempt.units}",
            text,
            "/monitor/prices/",
            {**details, "charged": attempt.units},
        )


def _running_out(account: ProviderAccount, watched: Watched) -> Iterator[Found]:
    for workspace, chosen in watched.items():
        days = chosen.days_left
        if days is None or account.balance is None:
            continue
        range = Range.last(BEHIND + 1, workspace)
        behind = [flow.burned for flow in health.flows(account, range)[:-1]]
        started = next((at for at, units in enumerate(behind) if units), len(behind))
        found = forecast.runs_out(account.balance, behind[started:], range.until)
        is_open = Alert.objects.filter(workspace=workspace, kind=AlertKind.RUNS_OUT, ended_at=None).exists()
        if found and found.middle and (found.middle - range.until).days <= days + (CALM if is_open else 0):
            text = f"The provider's balance runs out around {found.middle:%-d %B}, as it was spent lately."
            details = {"balance": account.balance, "day": found.middle.isoformat()}
            yield Found(workspace, AlertKind.RUNS_OUT, f"runs-out:{account.pk}", text, details=details)


# --- work -----------------------------------------------------------------------------------------------------------


def _stopped(workspaces: Iterable[Workspace]) -> Iterator[Found]:
    for workspace in workspaces:
        if workspace.stopped_at:
            why = f": {workspace.stopped_reason}" if workspace.stopped_reason else "."
            text = f"{workspace.stopped_by or 'Somebody'} stopped all spending of {workspace}{why}"
            key = f"stopped:{workspace.stopped_at:%Y%m%dT%H%M%S}"
            yield Found(workspace, AlertKind.STOPPED, key, text, by=workspace.stopped_by)


def _at_risk(account: ProviderAccount, workspaces: Iterable[Workspace]) -> Iterator[Found]:
    now = durations.database_now()
    for hours in AT_RISK:
        soon = now + timedelta(hours=hours)
        open_ones = Result.objects.open().filter(url_deadline__lt=soon, job__provider_account=account)
        rows = open_ones.values("job__workspace").annotate(count=Count("pk"))
        counts = {row["job__workspace"]: row["count"] for row in rows}
        for workspace in workspaces:
            if count := counts.get(workspace.pk):
                pictures = "1 picture is" if count == 1 else f"{count:,} pictures are"
                text = f"{pictures} paid for and not stored yet; the links die within {hours} hours."
                details = {"pictures": count, "hours": hours}
                yield Found(workspace, AlertKind.AT_RISK, f"at-risk:{hours}", text, details=details)


# --- raising and ending ---------------------------------------------------------------------------------------------


def _settle(kind: AlertKind, found: list[Found]) -> int:
    """Raise what was found, and end what was open and is not true any more; how many were raised."""
    true = {(each.workspace.pk, each.key) for each in found}
    open_ones = Alert.objects.filter(kind=kind, ended_at=None).values_list("pk", "workspace", "key")
    _end([pk for pk, workspace, key in open_ones if (workspace, key) not in true])
    known = {(workspace, key) for _, workspace, key in open_ones}
    return sum(_raise(each) for each in found if (each.workspace.pk, each.key) not in known)


def _end(pks: list[int]) -> None:
    if pks:
        Alert.objects.filter(pk__in=pks, ended_at=None).update(ended_at=Now())


@transaction.atomic
def _raise(found: Found) -> bool:
    """Write an alert down and tell everybody it concerns; False if that was done before."""
    alert = Alert(
        workspace=found.workspace,
        kind=found.kind,
        key=found.key,
        text=found.text[:400],
        url=found.url,
        details=found.details,
    )
    if not insert(alert, unless_there=True):
        return False
    key = f"alert:{alert.pk}"
    if found.own:
        notices.tell([found.own], found.workspace, NoticeKind.BUDGET, found.own_text, "/credits/", key)
    others = [person for person in notices.stewards(found.workspace) if person != found.by]
    notices.tell(others, found.workspace, NoticeKind.ALERT, found.text, found.url, key)
    webhooks.queue(alert)
    return True
