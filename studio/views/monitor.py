"""Monitor: where the units of the whole workspace go, and whether everything is well. For owners and admins."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.forms.spending import PERIODS, SpendingForm
from studio.models import Budget, Entry, ProviderAccount, Workspace
from studio.services import forecast, health, spending
from studio.services.forecast import Forecast
from studio.services.spending import Filter, Range
from studio.views import charts, figures
from studio.views.doors import StudioRequest, steward
from studio.views.shell import Limit, Shell

SHOWN = (1, 7, 30, 90)
BEHIND = 30  # days that a forecast looks back
CHANGES = 12
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
    days = spending.by_day(chosen)
    context = {
        "form": form,
        "periods": [(days, PERIODS[days]) for days in SHOWN],
        "chosen": chosen,
        "total": spending.total(chosen),
        "days": days,
        "plot": figures.plot(days),
        "groups": figures.groups(days),
        "shares": [(name, TITLES[name], figures.bars(spending.by(chosen, name))) for name in TITLES],
        "budgets": _budgets(chosen.account, chosen.workspace),
        "failures": health.failures(chosen),
        "drifts": health.drifts(chosen),
        "changes": _changes(chosen),
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
    return figures.as_csv(chosen) if extension == "csv" else figures.as_json(chosen)


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
    *behind, today = health.burned(account, range)
    started = next((at for at, units in enumerate(behind) if units), len(behind))
    found = None
    if account.balance is not None:
        found = forecast.runs_out(account.balance, behind[started:], range.until)
    return Balance(account, today, found, _curve(account, behind, today, range, found))


def _curve(
    account: ProviderAccount, behind: list[int], today: int, range: Range, found: Forecast | None
) -> charts.Curve | None:
    """The balance at each day's end, told backwards from what the provider says now by what was taken since."""
    if account.balance is None:
        return None
    ends, left = [account.balance], account.balance
    for units in [today, *reversed(behind)][:-1]:
        left += units
        ends.append(left)
    days = [found.early, found.middle, found.late] if found else [None, None, None]
    early, middle, late = ((day - range.until).days if day else None for day in days)
    return charts.curve(ends[::-1], range.until, early, middle, late)


def _budgets(account: ProviderAccount, workspace: Workspace) -> list[Limit]:
    found = Budget.objects.of_workspace(account, workspace).select_related("account__person")
    return [Limit(budget, decides=False) for budget in found]


def _changes(chosen: Filter) -> list[Entry]:
    """What people changed by hand: units given and taken, corrections."""
    found = Entry.objects.filter(
        account__provider_account=chosen.account,
        account__workspace=chosen.workspace,
        budget__window=Budget.Window.TOTAL,
        actor__isnull=False,
    )
    return list(found.select_related("actor", "account__person").order_by("-id")[:CHANGES])
