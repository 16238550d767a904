"""Requests for units: asking, and the inbox of those who may give."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import InvalidRequest, StudioError
from studio.forms.requests import AnswerForm, AskForm
from studio.models import UnitsRequest
from studio.services import requests
from studio.views.doors import StudioRequest, member, steward

MOST_SHOWN = 30  # answered ones


@require_GET
@member
def page(request: StudioRequest) -> HttpResponse:
    """What is asked of those who may give; for everybody else, what they asked themselves."""
    template = "requests/_inbox.html" if request.htmx else "requests/page.html"
    return render(request, template, _inbox(request))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def ask(request: StudioRequest) -> HttpResponse:
    """Ask for more units under a limit; `limit` and `units` in the address fill the form."""
    workspace = request.membership.workspace
    limits = requests.limits(request.user, workspace)
    told = {"units": request.GET.get("units") or 1000, "limit": request.GET.get("limit")}
    form = AskForm(request.POST if request.method == "POST" else None, initial=told, limits=limits)
    if form.is_bound and form.is_valid():
        try:
            requests.ask(request.user, workspace, **form.cleaned_data)
            return redirect("requests:page")
        except InvalidRequest as error:
            for name, message in error.errors.items():
                form.add_error(name, message)
        except StudioError as error:
            form.add_error(None, error.message)
    return render(request, "requests/ask.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@member
def withdraw(request: StudioRequest, public_id: str) -> HttpResponse:
    """Take back what one asked oneself."""
    asked = get_object_or_404(UnitsRequest.objects.asked_by(request.user), public_id=public_id, job=None)
    return _answered(request, lambda: requests.withdraw(request.user, asked))


@require_POST
@steward
def approve(request: StudioRequest, public_id: str) -> HttpResponse:
    """Approve once; with a day, raise the limit up to then too."""
    asked = _asked(request, public_id)
    form = AnswerForm(request.POST, workspace=request.membership.workspace)
    if not form.is_valid():
        return _back(request, problem="Give the day up to which the limit is raised.", status=422)
    answer = {"until": form.end, "words": form.cleaned_data["words"]}
    return _answered(request, lambda: requests.approve(request.membership, asked, **answer))


@require_POST
@steward
def decline(request: StudioRequest, public_id: str) -> HttpResponse:
    """Say no, with a word."""
    asked = _asked(request, public_id)
    form = AnswerForm(request.POST, workspace=request.membership.workspace)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    return _answered(request, lambda: requests.decline(request.membership, asked, words))


def _asked(request: StudioRequest, public_id: str) -> UnitsRequest:
    found = UnitsRequest.objects.visible_to(request.membership).select_related("job__workspace", "person", "workspace")
    return get_object_or_404(found, public_id=public_id)


def _answered(request: StudioRequest, answer: Callable[[], object]) -> HttpResponse:
    try:
        answer()
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    return _back(request)


def _back(request: StudioRequest, problem: str = "", status: int = 200) -> HttpResponse:
    """The inbox again, with what was wrong; without a script, a success is a redirect."""
    if not request.htmx and not problem:
        return redirect("requests:page")
    template = "requests/_inbox.html" if request.htmx else "requests/page.html"
    return render(request, template, {**_inbox(request), "problem": problem}, status=status)


def _inbox(request: StudioRequest) -> dict[str, Any]:
    found = UnitsRequest.objects.visible_to(request.membership).select_related("person", "job", "decided_by")
    found = found.order_by("-id")
    return {"open": list(found.open()), "answered": list(found.exclude(state="open")[:MOST_SHOWN])}
