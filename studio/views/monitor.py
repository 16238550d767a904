"""Monitor: where the units of the whole workspace go, and whether everything is well. For owners and admins."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.forms.spending import SpendingForm
from studio.models import Budget, Checkpoint, Entry, ProviderAccount, UnitsRequest, Workspace
from studio.services import forecast, health
from studio.services.forecast import Forecast
from studio.services.health import Flow
from studio.services.spending import Filter, Range
from studio.views import charts, figures
from studio.views.doors import StudioRequest, steward
from studio.views.shell import Limit, Shell

SHOWN = (1, 7, 30, 90)
BEHIND = 30  # days that a forecast looks back
NEWEST = 12  # checkpoints and changes
TITLES = {
    "person": "Spend by person",
    "model": "Spend by model",
    "operation": "Spend by operation",
    "style": "Spend by style",
}


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
    context = {
        **shared,
        "shares": [(name, title, figures.bars(shared["sums"].by(name))) for name, title in TITLES.items()],
        "budgets": _budgets(chosen),
        "checkpoints": Checkpoint.objects.filter(provider_account=chosen.account).order_by("-id")[:NEWEST],
        "failures": health.failures(chosen),
        "drifts": health.drifts(chosen),
        "changes": _changes(chosen),
        **_asked(request),
        **_now(request),
    }
    return render(request, "monitor/page.html", context)


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


def _chosen(request: StudioRequest) -> tuple[SpendingForm, Filter]:
    form = SpendingForm(request.GET, request.membership.workspace)
    return form, form.chosen(Shell.of(request).account)


def _now(request: StudioRequest) -> dict[str, Any]:
    account, workspace = Shell.of(request).account, request.membership.workspace
    return {
        "now": health.now(account, workspace),
        "balance": _balance(account, workspace),
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


def _changes(chosen: Filter) -> list[Entry]:
    """What people changed by hand: units given and taken, corrections."""
    found = Entry.objects.of_totals().filter(
        account__provider_account=chosen.account, account__workspace=chosen.workspace, actor__isnull=False
    )
    return list(found.select_related("actor", "account__person").order_by("-id")[:NEWEST])
