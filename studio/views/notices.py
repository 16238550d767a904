"""Notices: the bell, the list, and how one is told."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.forms.notices import WaysForm
from studio.models import Notice
from studio.services import notices
from studio.views.doors import StudioRequest, member, work_in
from studio.views.pages import newest
from studio.views.shell import Shell

PAGE = 30


@require_GET
@member
def page(request: StudioRequest) -> HttpResponse:
    """What one was told, the newest first."""
    template = "notices/_list.html" if request.htmx else "notices/page.html"
    return render(request, template, _list(request))


@require_GET
@member
def older(request: StudioRequest) -> HttpResponse:
    """The next notices, as a fragment."""
    return render(request, "notices/_rows.html", _list(request))


@require_GET
@member
def bell(request: StudioRequest) -> HttpResponse:
    """How many notices are unread, fetched again when that changed."""
    return render(request, "notices/_bell.html", {"shell": Shell.of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@member
def follow(request: StudioRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about, in the workspace where it happened.

    A press switches there and reads it. A link in a mail does neither: where the session works elsewhere, it asks.
    """
    notice = get_object_or_404(Notice.objects.visible_to(request.user).select_related("workspace"), pk=pk)
    is_elsewhere = notice.workspace_id != request.membership.workspace_id
    if request.method == "POST":
        if is_elsewhere:
            work_in(request, notice.workspace)
        notices.mark_read(request.user, notice.pk)
    elif is_elsewhere:
        return render(request, "notices/elsewhere.html", {"notice": notice})
    return redirect(notice.url)


@require_POST
@member
def read(request: StudioRequest, pk: int) -> HttpResponse:
    """Mark one notice read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    notices.mark_read(request.user, notice.pk)
    return _after(request)


@require_POST
@member
def read_all(request: StudioRequest) -> HttpResponse:
    """Mark all of them read."""
    notices.mark_read(request.user)
    return _after(request)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def settings(request: StudioRequest) -> HttpResponse:
    """How one wants to be told of what."""
    form = WaysForm(request.POST if request.method == "POST" else None, ways=notices.ways(request.user))
    if form.is_bound and form.is_valid():
        notices.choose(request.user, form.cleaned_data)
        return redirect("notices:page")
    return render(request, "notices/settings.html", {"form": form}, status=422 if form.is_bound else 200)


def _after(request: StudioRequest) -> HttpResponse:
    return render(request, "notices/_list.html", _list(request)) if request.htmx else redirect("notices:page")


def _list(request: StudioRequest) -> dict[str, Any]:
    shown, more = newest(request, Notice.objects.visible_to(request.user).select_related("workspace"), PAGE)
    return {"notices": shown, "more": more, "shell": Shell.of(request)}
