"""The price book: what is in force since when, what was charged, and the editions before. For owners and admins."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.errors import InvalidRequest, StudioError
from studio.forms.prices import PriceForm, name_of
from studio.recraft.image_models import IMAGE_MODELS
from studio.services import prices
from studio.services.prices import Line
from studio.views.doors import StudioRequest, steward
from studio.views.shell import Shell


@dataclass(frozen=True)
class Group:
    """Lines of one operation that cost the same since the same day: one row of the table."""

    lines: list[Line]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def models(self) -> str:
        return ", ".join(IMAGE_MODELS[line.key[1]].label for line in self.lines if line.key[1])

    @property
    def last(self) -> Line | None:
        """The line whose last charge is the newest."""
        seen = {line.observed.last_at: line for line in self.lines if line.observed}
        return seen[max(seen)] if seen else None


@require_GET
@steward
def page(request: StudioRequest) -> HttpResponse:
    """The book."""
    return _page(request)


@require_POST
@steward
def set_price(request: StudioRequest) -> HttpResponse:
    """Set a price, by hand or by what was charged."""
    form = PriceForm(request.POST, workspace=request.membership.workspace)
    if form.is_valid():
        account, asked = Shell.of(request).account, form.cleaned_data
        try:
            prices.set_price(request.membership, account, form.key, asked["units"], asked["reason"], since=form.start)
            return redirect("prices:page")
        except InvalidRequest as error:
            for name, message in error.errors.items():
                form.add_error(name, message)
        except StudioError as error:
            form.add_error(None, error.message)
    return _page(request, form, status=422)


def _page(request: StudioRequest, form: PriceForm | None = None, status: int = 200) -> HttpResponse:
    account = Shell.of(request).account
    lines = [(line, name_of(line.key)) for line in prices.book(account)]
    context: dict[str, Any] = {
        "groups": _groups([line for line, _ in lines]),
        "drifts": [(line, name) for line, name in lines if line.observed and line.observed.differing],
        "history": prices.history(account),
        "may_set": prices.may_set(request.membership),
        "form": form or PriceForm(workspace=request.membership.workspace),
        "account": account,
    }
    return render(request, "prices/page.html", context, status=status)


def _groups(lines: list[Line]) -> list[Group]:
    found: dict[object, Group] = {}
    for line in lines:
        found.setdefault((line.key[0], line.units, line.since), Group([])).lines.append(line)
    return list(found.values())
