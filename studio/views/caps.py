"""Limits: set, end, and the emergency stop. All of it stands on the monitor."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio import tasks
from studio.errors import InvalidRequest, StudioError
from studio.forms.caps import CapForm, LimitForm
from studio.models import Budget, Cap
from studio.services import budgets
from studio.views.doors import StudioRequest, steward
from studio.views.shell import Limit, Shell


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


@require_http_methods(["GET", "POST"])
@steward
def limit(request: StudioRequest, budget: int) -> HttpResponse:
    """One row of the table of budgets, as a form or with the limit that was set in it."""
    form = LimitForm(_budget(request, pk=budget), request.POST if request.method == "POST" else None)
    is_set = form.is_bound and _is_set(request, form)
    if not request.htmx:
        return _without_script(request, form, is_set=is_set)
    # Set anew: a period may have begun meanwhile, which is another row.
    row = _budget(request, account=form.budget.account_id, window=form.budget.window) if is_set else form.budget
    shown = Limit(row, decides=False, zone=request.membership.workspace.time_zone)
    asked = None if is_set or "as" in request.GET else form
    status = 422 if form.is_bound and not is_set else 200
    return render(request, "monitor/_budget.html", {"limit": shown, "form": asked}, status=status)


def _budget(request: StudioRequest, **which: object) -> Budget:
    mine = Budget.objects.filter(
        account__provider_account=Shell.of(request).account, account__workspace=request.membership.workspace
    )
    return get_object_or_404(mine.select_related("account__person"), is_current=True, **which)


def _is_set(request: StudioRequest, form: LimitForm) -> bool:
    if not form.is_valid():
        return False
    try:
        budgets.set_cap(request.membership, form.rule, form.cleaned_data["units"], reason="Set on the monitor")
    except InvalidRequest as error:
        for message in error.errors.values():
            form.add_error("units", message)
    except StudioError as error:
        form.add_error("units", error.message)
    return not form.errors


def _without_script(request: StudioRequest, form: LimitForm, *, is_set: bool) -> HttpResponse:
    if is_set:
        return redirect("monitor:page")
    if not form.is_bound:
        return redirect(f"{reverse('monitor:page')}?edit={form.budget.pk}#budget-{form.budget.pk}")
    problem = " ".join(str(error) for error in form.errors["units"])
    return render(request, "monitor/limits.html", {**context(request), "problem": problem}, status=422)


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
