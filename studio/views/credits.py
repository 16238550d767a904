"""Credits: what a member may spend, and where theirs went."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.forms.spending import SpendingForm
from studio.models import Budget, Entry, Job
from studio.recraft import image_models
from studio.recraft.prices import price
from studio.services.spending import Filter
from studio.services.tallies import SPENT
from studio.views import figures
from studio.views.doors import StudioRequest, member
from studio.views.pages import newest
from studio.views.shell import Shell

PAGE = 25
SHOWN = (7, 30, 365)
MOVED = (*SPENT, Entry.Kind.GRANT)


@dataclass(frozen=True)
class Line:
    """One line of the list: a run that holds or has cost units, or units that were given."""

    entry: Entry

    @property
    def job(self) -> Job | None:
        return self.entry.job

    @property
    def held(self) -> int | None:
        return self.entry.units if self.entry.kind == Entry.Kind.RESERVE else None

    @property
    def charged(self) -> int | None:
        return self.entry.units if self.entry.kind in SPENT else None

    @property
    def given(self) -> int | None:
        return self.entry.units if self.entry.kind == Entry.Kind.GRANT else None


@require_GET
@member
def page(request: StudioRequest) -> HttpResponse:
    """The member's own units: what is left, what was used by day and operation, each movement."""
    form, chosen = _chosen(request)
    shared = figures.context(form, chosen, SHOWN)
    context = {
        **shared,
        "standing": Shell.of(request).standing,
        "enough": _enough(Shell.of(request).standing.left),
        "bars": figures.bars(shared["sums"].by("operation")),
        **_lines(request),
    }
    return render(request, "credits/page.html", context)


@require_GET
@member
def lines(request: StudioRequest) -> HttpResponse:
    """The next page of movements, as a fragment."""
    return render(request, "credits/_lines.html", _lines(request))


@require_GET
@member
def download(request: StudioRequest, extension: str) -> HttpResponse:
    """What the page counts, as a file."""
    _, chosen = _chosen(request)
    return figures.download(chosen, extension)


def _chosen(request: StudioRequest) -> tuple[SpendingForm, Filter]:
    workspace = request.membership.workspace
    form = SpendingForm(_only_days(request), workspace)
    chosen = form.chosen(Shell.of(request).account)
    return form, Filter(chosen.account, workspace, chosen.range, person=request.user)


def _only_days(request: HttpRequest) -> dict[str, str]:
    # Whose units it is, the address doesn't say: always one's own.
    return {name: request.GET[name] for name in ("days", "since", "until") if name in request.GET}


def _lines(request: StudioRequest) -> dict[str, object]:
    entries, more = newest(request, _entries(request), PAGE)
    return {"lines": [Line(entry) for entry in entries], "more": more}


def _entries(request: StudioRequest) -> QuerySet[Entry]:
    # Looked up before, so that the entries come off an index in their order, however many there are.
    total = Budget.objects.filter(
        account__provider_account=Shell.of(request).account,
        account__workspace=request.membership.workspace,
        account__person=request.user,
        window=Budget.Window.TOTAL,
    ).first()
    moved = Q(kind__in=MOVED) | Q(kind=Entry.Kind.RESERVE, closed_by=None)
    found = Entry.objects.filter(moved, budget=total)
    return found.select_related("job", "actor").prefetch_related("job__assets")


def _enough(left: int | None) -> tuple[int, int] | None:
    """For how many pictures and vectors that is enough, with the models that are chosen at first."""
    if left is None:
        return None
    return (
        left // price("generate", image_models.DEFAULT, 1),
        left // price("generate", image_models.DEFAULT_VECTOR, 1),
    )
