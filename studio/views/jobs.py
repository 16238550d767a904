"""Runs: their cards, the feed, the queue, cancel."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.models import Job, JobState, May
from studio.models.jobs import JobQuerySet
from studio.models.scopes import newest
from studio.services import jobs as jobs_service
from studio.views.cards import Card, cards
from studio.views.doors import StudioRequest, entered, member
from studio.views.shell import UnderWay

PAGE = 20
MOST_SHOWN = 100  # rows of the queue page


def feed(request: StudioRequest) -> dict[str, Any]:
    """One page of the feed: the newest runs, or those before the one named by `before`."""
    who = "everyone" if request.GET.get("who") == "everyone" else "mine"
    # Help with words is no run: it is shown where it was asked for.
    scopes = [each.filter(images__gt=0) for each in _scopes(request, who)]
    if before := request.GET.get("before"):
        last = get_object_or_404(Job.objects.visible_to(request.user), public_id=before).pk
        scopes = [each.filter(id__lt=last) for each in scopes]
    page = list(Job.objects.for_cards().filter(pk__in=newest(scopes, PAGE + 1)).order_by("-id"))
    more = page[PAGE - 1].public_id if len(page) > PAGE else None
    return {"cards": cards(page[:PAGE], request.user), "who": who, "more": more}


def _scopes(request: StudioRequest, who: str) -> list[JobQuerySet]:
    workspace = request.membership.workspace
    own = Job.objects.own_of(request.user, workspace)
    return [own] if who == "mine" else [own, Job.objects.shared_in(workspace)]


@require_GET
@member
def runs(request: StudioRequest) -> HttpResponse:
    """The next page of the feed, as a fragment."""
    return render(request, "jobs/_feed.html", feed(request))


@require_GET
@member
def newer(request: StudioRequest) -> HttpResponse:
    """The runs that came after the newest one on the page, from another tab or another person."""
    who = "everyone" if request.GET.get("who") == "everyone" else "mine"
    found = Job.objects.seen_in(request.user, request.membership.workspace).filter(images__gt=0)
    found = found.filter(person=request.user) if who == "mine" else found
    if after := request.GET.get("after"):
        found = found.filter(id__gt=get_object_or_404(Job.objects.visible_to(request.user), public_id=after).pk)
    came = cards(found.for_cards().order_by("id")[:PAGE], request.user)
    context = {"cards": came, "who": who, "newest": came[-1].job.public_id if came else after}
    return render(request, "jobs/_newer.html", context)


@require_GET
@member
def run(request: StudioRequest, public_id: str) -> HttpResponse:
    """One run's card, as it is now."""
    return render(request, "jobs/_run.html", {"card": _card(request, public_id)})


@require_GET
@member
def waiting(request: StudioRequest, where: str) -> HttpResponse:
    """How many of the person's runs are under way."""
    if where not in ("rail", "tabbar"):
        raise Http404
    under_way = UnderWay.of(request.user, request.membership.workspace)
    return render(request, "jobs/_waiting.html", {"waiting": under_way, "where": where})


@require_GET
@member
def moving(request: StudioRequest) -> HttpResponse:
    """How many runs a hidden tab has still to wait for, as a bare number for its title."""
    under_way = UnderWay.of(request.user, request.membership.workspace)
    return HttpResponse(str(under_way.moving), content_type="text/plain")


@require_POST
@member
def cancel(request: StudioRequest, public_id: str) -> HttpResponse:
    """Cancel a run: one's own, or anybody's for a steward. What is being drawn already is charged and kept."""
    card = _card(request, public_id)
    if not (card.job.person == request.user or request.membership.may(May.STEER)):
        raise PermissionDenied
    jobs_service.cancel(request.user, card.job)
    if not request.htmx:
        return redirect("jobs:queue")
    template = "jobs/_row.html" if request.htmx.target == f"row-{public_id}" else "jobs/_run.html"
    return render(request, template, {"card": _card(request, public_id)})


@require_GET
@member
def queue(request: StudioRequest) -> HttpResponse:
    """Everything of the workspace that is waiting or being made, and whose it is."""
    under_way = Job.objects.seen_in(request.user, request.membership.workspace).under_way().for_cards()
    rows = sorted(cards(under_way.order_by("id")[:MOST_SHOWN], request.user), key=_turn)
    template = "jobs/_rows.html" if request.htmx else "jobs/queue.html"
    return render(request, template, {"cards": rows})


def _turn(card: Card) -> tuple[int, int]:
    """What runs first, then the line in the order of turns, then what waits for something else."""
    order = [JobState.SAVING, JobState.RUNNING, JobState.QUEUED, JobState.HELD, JobState.UNKNOWN]
    return order.index(JobState(card.job.state)), card.place.position if card.place else card.job.pk


def _card(request: StudioRequest, public_id: str) -> Card:
    return cards([entered(request, Job.objects.visible_to(request.user).for_cards(), public_id)], request.user)[0]
