"""Limits: set, end, and the emergency stop. All of it stands on the monitor."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio import tasks
from studio.errors import InvalidRequest, StudioError
from studio.forms.caps import CapForm
from studio.models import Cap
from studio.services import budgets
from studio.views.doors import StudioRequest, steward


@require_GET
@steward
def page(request: StudioRequest) -> HttpResponse:
    """Every limit in force, and the form for another."""
    return render(request, "monitor/limits.html", context(request))


@require_POST
@steward
def add(request: StudioRequest) -> HttpResponse:
    """Set a limit, in the place of the one before it."""
    form = CapForm(request.POST, workspace=request.membership.workspace)
    if form.is_valid():
        try:
            budgets.set_cap(request.membership, form.rule(), form.cleaned_data["units"], until=form.end)
            return redirect("caps:page")
        except InvalidRequest as error:
            for message in error.errors.values():
                form.add_error(None, message)
        except StudioError as error:
            form.add_error(None, error.message)
    return render(request, "monitor/limits.html", context(request, form), status=422)


@require_POST
@steward
def lift(request: StudioRequest, pk: int) -> HttpResponse:
    """End a limit."""
    cap = get_object_or_404(Cap, pk=pk, workspace=request.membership.workspace)
    return _done(request, "caps:page", lambda: budgets.lift_cap(request.membership, cap))


@require_POST
@steward
def stop(request: StudioRequest) -> HttpResponse:
    """The emergency stop."""
    reason = " ".join(request.POST.get("reason", "").split())
    return _done(request, "monitor:page", lambda: budgets.stop(request.membership, reason))


@require_POST
@steward
def resume(request: StudioRequest) -> HttpResponse:
    """End the emergency stop."""
    return _done(request, "monitor:page", lambda: budgets.resume(request.membership))


@require_POST
@steward
def check(request: StudioRequest) -> HttpResponse:
    """Have the provider's balance read now, by the worker that may."""
    tasks.ring(tasks.check_provider)
    return redirect("monitor:page")


def context(request: StudioRequest, form: CapForm | None = None) -> dict[str, Any]:
    workspace = request.membership.workspace
    return {"caps": budgets.caps_of(workspace), "form": form or CapForm(workspace=workspace)}


def _done(request: StudioRequest, back: str, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except StudioError as error:
        found = {**context(request), "problem": error.message}
        return render(request, "monitor/limits.html", found, status=422)
    return redirect(back)
