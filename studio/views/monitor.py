"""Monitor: where the units of the whole workspace go, and whether everything is well. For owners and admins."""

from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.forms.caps import LimitForm
from studio.forms.spending import SpendingForm
from studio.models import Budget, Cap, Checkpoint, Entry, ProviderAccount, UnitsRequest, Workspace
from studio.services import forecast, health, spending
from studio.services.forecast import Forecast
from studio.services.health import Flow
from studio.services.spending import Filter, Range
from studio.views import charts, figures, filed, sorting
from studio.views.doors import StudioRequest, steward
from studio.views.shell import SPANS, Limit, Shell
from studio.views.sorting import Column

SHOWN = (1, 7, 30, 90)
BEHIND = 30  # days that a forecast looks back
NEWEST = 12  # checkpoints and changes
TITLES = {
    "person": "Spend by person",
    "model": "Spend by model",
    "operation": "Spend by operation",
    "style": "Spend by style",
}


BUDGETS = (
    Column("who", "Who", lambda limit: str(limit.budget.account.person or "").lower()),
    Column("over", "Over", lambda limit: list(SPANS).index(limit.budget.window)),
    Column("used", "Used", lambda limit: limit.budget.used, is_number=True),
    Column("held", "Held", lambda limit: limit.budget.held, is_number=True),
    Column("left", "Left", lambda limit: inf if limit.left is None else limit.left, is_number=True),
    Column("state", "State", lambda limit: limit.used_part),
)
FAILURES = (
    Column("what", "What", lambda failure: failure.error),
    Column("operation", "Operation", lambda failure: failure.operation),
    Column("calls", "Calls", lambda failure: failure.count, is_number=True),
    Column("last", "Last", lambda failure: failure.last),
)
DRIFTS = (
    Column("operation", "Operation", lambda drift: drift.operation),
    Column("model", "Model", lambda drift: drift.image_model),
    Column("calls", "Calls", lambda drift: drift.count, is_number=True),
    Column("quoted", "Quoted", lambda drift: drift.quoted, is_number=True),
    Column("charged", "Charged", lambda drift: drift.charged, is_number=True),
)
LENGTHS = {"total": "in all", "run": "per run"}


@dataclass(frozen=True)
class Change:
    """What somebody changed by hand: units that were given or taken, or a limit that was set or ended."""

    at: datetime
    who: str
    what: str
    whose: str
    units: int | None
    moves: bool = False

    @classmethod
    def of(cls, entry: Entry) -> "Change":
        whose = str(entry.account.person or "The workspace")
        return cls(entry.created_at, str(entry.actor), entry.reason or entry.kind, whose, entry.units, moves=True)

    @classmethod
    def about(cls, cap: Cap, *, ended: bool) -> "Change":
        span = LENGTHS.get(cap.window, f"per {cap.window}") + (", above it approval is needed" if cap.soft else "")
        whose = str(cap.person or cap.get_scope_display())
        if ended and cap.ended_at:
            return cls(cap.ended_at, str(cap.ended_by), f"Limit {span} ended", whose, cap.units)
        return cls(cap.created_at, str(cap.created_by or "The studio"), f"Limit {span}", whose, cap.units)


@dataclass(frozen=True)
class Balance:
    """The provider's balance, what burned lately, and when it will be gone."""

    account: ProviderAccount
    today: int
    forecast: Forecast | None
    plot: charts.Curve | None


@require_GET
@steward
def page(request: StudioRequest) -> HttpResponse:
    """The figures of the workspace over a range, and how the work stands."""
    form, chosen = _chosen(request)
    shared = figures.context(form, chosen, SHOWN)
    limits, editing = _budgets(chosen), request.GET.get("edit")
    context = {
        **shared,
        **_kept(chosen, shared["total"].units),
        **filed.context(request, chosen, shared["total"]),
        "shares": [(name, title, figures.bars(shared["sums"].by(name))) for name, title in TITLES.items()],
        "budgets": sorting.table(request, "budgets", BUDGETS, limits),
        "editing": next((LimitForm(each.budget) for each in limits if str(each.budget.pk) == editing), None),
        "checkpoints": Checkpoint.objects.filter(provider_account=chosen.account).order_by("-id")[:NEWEST],
        "failures": sorting.table(request, "failures", FAILURES, health.failures(chosen)),
        "drifts": sorting.table(request, "drifts", DRIFTS, health.drifts(chosen)),
        "changes": _changes(chosen),
        **_asked(request),
        **_now(request),
    }
    return render(request, "monitor/page.html", context)


def _kept(chosen: Filter, units: int) -> dict[str, Any]:
    kept = spending.kept(chosen)
    return {"kept": kept, "each_kept": round(units / kept) if kept else None}


@require_GET
@steward
def now(request: StudioRequest) -> HttpResponse:
    """The figures at the top, as they are now."""
    return render(request, "monitor/_now.html", _now(request))


@require_GET
@steward
def download(request: StudioRequest, extension: str) -> HttpResponse:
    """Every movement that the page counts, as a file."""
    _, chosen = _chosen(request)
    return figures.download(chosen, extension)


@require_GET
@steward
def collections(request: StudioRequest, extension: str) -> HttpResponse:
    """The table of collections as the page shows it, as a file."""
    _, chosen = _chosen(request)
    return filed.download(request, chosen, spending.total(chosen), extension)


def _chosen(request: StudioRequest) -> tuple[SpendingForm, Filter]:
    form = SpendingForm(request.GET, request.membership.workspace)
    return form, form.chosen(Shell.of(request).account)


def _now(request: StudioRequest) -> dict[str, Any]:
    account, workspace = Shell.of(request).account, request.membership.workspace
    return {
        "now": health.now(account, workspace),
        "balance": _balance(account, workspace),
        "risks": health.at_risk(account, workspace, NEWEST),
        "images_a_minute": settings.PROVIDER_IMAGES_PER_MINUTE,
    }


def _balance(account: ProviderAccount, workspace: Workspace) -> Balance:
    range = Range.last(BEHIND + 1, workspace)
    flows = health.flows(account, range)
    behind = [flow.burned for flow in flows[:-1]]
    # A studio that is a week old has a week to tell from, not three weeks of nothing and one of use.
    started = next((at for at, units in enumerate(behind) if units), len(behind))
    found = None
    if account.balance is not None:
        found = forecast.runs_out(account.balance, behind[started:], range.until)
    return Balance(account, flows[-1].burned, found, _curve(account, flows, range, found))


def _curve(account: ProviderAccount, flows: list[Flow], range: Range, found: Forecast | None) -> charts.Curve | None:
    """The balance at each day's end, told backwards from what the provider says now by what moved since."""
    if account.balance is None:
        return None
    ends = [account.balance]
    for flow in reversed(flows[1:]):
        ends.append(ends[-1] + flow.burned - flow.added)
    days = [found.early, found.middle, found.late] if found else [None, None, None]
    early, middle, late = ((day - range.until).days if day else None for day in days)
    return charts.curve(ends[::-1], range.until, early, middle, late)


def _budgets(chosen: Filter) -> list[Limit]:
    """The workspace's limits, then each member's; the total first, then the present periods."""
    found = (
        Budget.objects.filter(
            account__provider_account=chosen.account, account__workspace=chosen.workspace, is_current=True
        )
        .select_related("account__person")
        .order_by("account", "id")
    )
    return [Limit(budget, decides=False, zone=chosen.workspace.time_zone) for budget in found]


def _asked(request: StudioRequest) -> dict[str, Any]:
    found = UnitsRequest.objects.visible_to(request.membership).open().select_related("person", "job")
    return {"open": list(found.order_by("-id"))}


def _changes(chosen: Filter) -> list[Change]:
    entries = Entry.objects.of_totals().filter(
        account__provider_account=chosen.account, account__workspace=chosen.workspace, actor__isnull=False
    )
    # A raise of a total stands in the ledger; the other limits nowhere but in their own rows.
    caps = Cap.objects.filter(workspace=chosen.workspace, account=None).select_related(
        "person", "created_by", "ended_by"
    )
    found = [
        *(Change.of(entry) for entry in entries.select_related("actor", "account__person").order_by("-id")[:NEWEST]),
        *(Change.about(cap, ended=False) for cap in caps.order_by("-id")[:NEWEST]),
        *(Change.about(cap, ended=True) for cap in caps.exclude(ended_by=None).order_by("-ended_at")[:NEWEST]),
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)[:NEWEST]
