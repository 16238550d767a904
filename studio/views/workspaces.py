"""Workspaces: going from one to another, making one, its settings, handing it over, leaving it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import InvalidRequest, StudioError
from studio.forms.workspaces import HandOverForm, NewWorkspaceForm, WorkspaceForm
from studio.models import May, Membership
from studio.services import members, workspaces
from studio.views.doors import StudioRequest, member, page_of, safe_next, work_in
from studio.views.limits import too_often

MADE_PER_DAY = (10, 86_400)
EVERYWHERE = ("assets:gallery", "styles:page", "jobs:queue", "credits:page", "workspaces:settings")


@require_GET
@member
def menu(request: StudioRequest) -> HttpResponse:
    """The workspaces the person belongs to, for the switcher; without a script, a page of them."""
    context = {
        "memberships": members.of(request.user),
        "may_make_workspace": workspaces.may_make(request.user),
        "back": _back(request),
    }
    return render(request, "workspaces/_menu.html" if request.htmx else "workspaces/all.html", context)


@require_POST
@member
def switch(request: StudioRequest, public_id: str) -> HttpResponse:
    """Work in another workspace from here on: in this session, and at the next sign-in."""
    mine = Membership.objects.select_related("workspace").filter(person=request.user)
    work_in(request, get_object_or_404(mine, workspace__public_id=public_id).workspace)
    return redirect(safe_next(request))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: StudioRequest) -> HttpResponse:
    """Make a workspace, and work in it."""
    form = NewWorkspaceForm(
        request.POST if request.method == "POST" else None,
        initial={"time_zone": request.membership.workspace.time_zone},
    )
    status, allowed = 200, workspaces.may_make(request.user)
    if form.is_bound:
        status = 422
        if too_often(f"workspace:{request.user.pk}", *MADE_PER_DAY):
            form.add_error(None, "Ten workspaces a day are enough. Try again tomorrow.")
            status = 429
        elif form.is_valid():
            try:
                work_in(request, workspaces.make(request.user, **form.cleaned_data).workspace)
            except StudioError as error:
                _add(form, error)
            else:
                return redirect("create:home")
    return render(request, "workspaces/new.html", {"form": form, "allowed": allowed}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def settings(request: StudioRequest) -> HttpResponse:
    """What the workspace is called and how it behaves; for everybody, the way out of it."""
    membership = request.membership
    if request.method != "POST":
        return _page(request)
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            workspaces.change(membership, **form.cleaned_data)
        except StudioError as error:
            _add(form, error)
        else:
            return redirect("workspaces:settings")
    return _page(request, status=422, form=form)


@require_POST
@member
def hand_over(request: StudioRequest) -> HttpResponse:
    """Make somebody else the owner."""
    form = HandOverForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _page(request, status=422, problem="Choose a member of this workspace.")
    try:
        members.hand_over(request.membership, form.cleaned_data["to"])
    except StudioError as error:
        return _page(request, status=422, problem=error.message)
    return redirect("workspaces:settings")


@require_POST
@member
def leave(request: StudioRequest) -> HttpResponse:
    """Belong to the workspace no longer."""
    try:
        members.leave(request.membership)
    except StudioError as error:
        return _page(request, status=422, problem=error.message)
    return redirect("create:home")


def _page(request: StudioRequest, status: int = 200, **context: Any) -> HttpResponse:
    form, heirs = context.pop("form", None) or _form(request), HandOverForm(by=request.membership)
    return render(request, "workspaces/settings.html", {"form": form, "heirs": heirs, **context}, status=status)


def _back(request: StudioRequest) -> str:
    """Where a switch leads: the same page of the other workspace, if it is one that every workspace has."""
    path = urlsplit(page_of(request)).path
    return path if path in [reverse(name) for name in EVERYWHERE] else reverse("create:home")


def _form(request: StudioRequest, data: Any = None) -> WorkspaceForm:
    membership = request.membership
    return WorkspaceForm(data, workspace=membership.workspace, may_set_clock=membership.may(May.OWN))


def _add(form: NewWorkspaceForm, error: StudioError) -> None:
    if isinstance(error, InvalidRequest):
        for name, message in error.errors.items():
            form.add_error(name, message)
    else:
        form.add_error(None, error.message)
