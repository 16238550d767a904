"""The gallery: everything the workspace has drawn, to be looked through, narrowed, and found again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from studio.forms.gallery import SavedSearchForm
from studio.models import Asset, SavedSearch, Workspace
from studio.services import gallery as pictures
from studio.services.gallery import Cursor, Page, Sort, Term
from studio.services.queries import FILTERS, SHELVES, SORTS, SPANS, Query
from studio.views import finding
from studio.views.acting import know
from studio.views.collections import shelves
from studio.views.doors import StudioRequest, member

MOST_NEWER = 100  # counted no further: "100" and more are the same news
SIZES = ("1", "2", "3", "4", "5")  # of tiles, the smallest first
MOST_SHELVES = 200  # collections at its side, the newest
MOST_SAVED = 100  # searches of one person


@dataclass(frozen=True)
class Group:
    """Pictures under one heading: a day, or what a list is sorted by. `opens`: its heading is still to come."""

    key: str
    assets: list[Asset]
    opens: bool
    pictures: int | None = None


@require_GET
@member
def page(request: StudioRequest) -> HttpResponse:
    """The pictures of a search; a fragment is a stretch of them, after or before some place."""
    query = _query(request)
    cursor = pictures.read(request.GET.get("at", "")) or _jump(request, query)
    stretch = _stretch(request, query, cursor)
    if request.htmx and "at" in request.GET:
        return render(request, "assets/_days.html", stretch)
    words = finding.Words(request.user, request.membership.workspace)
    shelf = SHELVES[query.one("shown")]
    context = {
        **stretch,
        **_beside(request, query, words),
        "chips": finding.chips(query, words),
        "months": finding.months(words.person, words.workspace, shelf) if _by_date(query) else [],
        "month": request.GET.get("from", ""),
        "sorts": [(query.with_("sort", sort), label, sort == _sort(query)) for sort, label in SORTS.items()],
        "size": _kept(request, "tile", SIZES, "3"),
        "fit": _kept(request, "fit", ("fill", "fit"), "fill"),
    }
    if not stretch["groups"] and not stretch["more"]:
        context["helping"] = finding.helping(query, words)
    # Who types words gets what depends on them.
    is_found = request.htmx and request.htmx.target == "pictures"
    return render(request, "assets/_found.html" if is_found else "assets/gallery.html", context)


@require_GET
@member
def library(request: StudioRequest) -> HttpResponse:
    """What stands beside the gallery, as it is now."""
    query, words = _query(request), finding.Words(request.user, request.membership.workspace)
    return render(request, "assets/_library.html", {"query": query, **_beside(request, query, words)})


def _beside(request: StudioRequest, query: Query, words: finding.Words) -> dict[str, Any]:
    return {
        "library": finding.library(query, words),
        "saved": finding.saved(query, words),
        "shelves": shelves(request, most=MOST_SHELVES),
    }


@require_GET
@member
def newer(request: StudioRequest) -> HttpResponse:
    """Whether pictures came since the page was opened. They are not pushed in: that would move what is looked at."""
    query, cursor = _query(request), pictures.read(request.GET.get("after", ""))
    search = query.search(request.user)
    came = pictures.newer(request.user, request.membership.workspace, search, cursor, MOST_NEWER)
    context = {"query": query, "newest": pictures.written(cursor), "came": came}
    return render(request, "assets/_newer.html", context)


@require_GET
@member
def menu(request: StudioRequest, name: str = "") -> HttpResponse:
    """The lines of one menu, fetched when it is opened; as a page of its own, all of them."""
    if name and name not in {*FILTERS, "date", "cost"}:
        raise Http404
    query, words = _query(request), finding.Words(request.user, request.membership.workspace)
    names = [name] if name in FILTERS else [] if name else list(FILTERS)
    menus = [(FILTERS[each], finding.choices(each, query, words)) for each in names]
    context = {"query": query, "menus": menus, "name": name, "spans": _spans(query)}
    return render(request, "assets/_menu.html" if request.htmx else "assets/filters.html", context)


@require_POST
@member
def save(request: StudioRequest) -> HttpResponse:
    """Keep a search under a name; one of the same name is replaced."""
    workspace = request.membership.workspace
    query = Query.read(request.POST.get("query", ""), workspace)
    mine = SavedSearch.objects.filter(workspace=workspace, person=request.user)
    form = SavedSearchForm(request.POST)
    if not form.is_valid() or mine.count() >= MOST_SAVED:
        context = {"form": form, "query": query, "full": form.is_valid()}
        return render(request, "assets/save.html", context, status=422)
    told = {"query": query.text[:1000], "shared": form.cleaned_data["shared"]}
    SavedSearch.objects.update_or_create(
        workspace=workspace, person=request.user, name=form.cleaned_data["name"], defaults=told
    )
    return redirect(f"{reverse('assets:gallery')}?{query.text}")


@require_POST
@member
def forget(request: StudioRequest, public_id: str) -> HttpResponse:
    """Drop a saved search: one's own, or as a steward one that is shared."""
    kept = SavedSearch.objects.visible_to(request.user, request.membership.workspace)
    found = get_object_or_404(kept, public_id=public_id)
    if found.person_id != request.user.pk and not request.membership.may_steward:
        raise Http404
    found.delete()
    return redirect("assets:gallery")


def _query(request: StudioRequest) -> Query:
    return Query.of(request.GET, request.membership.workspace)


def _jump(request: StudioRequest, query: Query) -> Cursor | None:
    """Where the month of the rail begins."""
    month = request.GET.get("from", "")
    if not month or not _by_date(query):
        return None
    shelf = SHELVES[query.one("shown")]
    return pictures.start_of(request.user, request.membership.workspace, month, shelf)


def _stretch(request: StudioRequest, query: Query, cursor: Cursor | None) -> dict[str, Any]:
    """One page of pictures, its own address, and those of its neighbors."""
    workspace, search, back = request.membership.workspace, query.search(request.user), request.GET.get("back") == "1"
    if query.one("like"):
        found = Page(pictures.similar(request.user, workspace, search, query.one("like")))
    else:
        found = pictures.page(request.user, workspace, search, cursor, back=back and cursor is not None)
    known = know(request.user, found.assets)
    # What is most alike comes first, whatever day it is of: headings would put each on a line of its own.
    alike = [Group("", list(known), opens=False)] if known else []
    groups = alike if query.one("like") else _groups(known, search.sort, workspace, request.GET.get("day", ""))
    if not query.is_narrowed and _by_date(query):
        groups = _counted(request, groups)
    last = groups[-1].key if groups else ""
    first = found.assets[0] if found.assets else None
    # Its address names the picture it begins with, so that it stays the same when new ones come.
    place = pictures.place_of(first, search.sort) if first else None
    edge = place and Cursor(place.id + (-1 if search.sort == Sort.OLDEST else 1), place.value)
    day = request.GET.get("day", "") if not back else ""
    return {
        "query": query,
        "groups": groups,
        "shown": len(found.assets),
        "here": _address(query, edge, day) if not query.one("like") else "",
        "more": "" if back else _address(query, found.after, last),
        # What comes after something else on the page needs no way back to it.
        "before": _address(query, found.before, "", back="1") if back or not request.htmx else "",
        "stopped": found.stopped,
        "reached": found.reached,
        "zone": workspace.time_zone,
        "by": search.sort,
        "watches": cursor is None and _by_date(query),
        "newest": pictures.written(place),
    }


def _address(query: Query, cursor: Cursor | None, day: str, **more: str) -> str:
    if cursor is None:
        return ""
    added = {"at": pictures.written(cursor), "day": day, **more}
    return Query.encoded({**query.values, **{name: (value,) for name, value in added.items() if value}})


def _groups(assets: Sequence[Asset], sort: Sort, workspace: Workspace, last: str) -> list[Group]:
    zone = ZoneInfo(workspace.time_zone)

    def key(asset: Asset) -> str:
        if sort.by_value:
            return str(asset.rating if sort == Sort.RATING else asset.units)
        return asset.created_at.astimezone(zone).date().isoformat()

    return [Group(value, list(group), value != last) for value, group in groupby(assets, key)]


def _counted(request: StudioRequest, groups: list[Group]) -> list[Group]:
    """The same with how many pictures each day has."""
    terms = {group.key: Term("day", (group.key,)) for group in groups if group.opens}
    told = pictures.many(request.user, request.membership.workspace, terms.values()) if terms else {}
    return [Group(g.key, g.assets, g.opens, told.get(terms[g.key]) if g.key in terms else None) for g in groups]


def _sort(query: Query) -> Sort:
    return Sort(query.one("sort") or Sort.NEWEST)


def _by_date(query: Query) -> bool:
    return _sort(query) == Sort.NEWEST and not query.one("like")


def _spans(query: Query) -> Iterator[tuple[str, str, bool]]:
    for span, label in SPANS.items():
        yield query.with_("when", span), label, query.one("when") == span


def _kept(request: StudioRequest, name: str, known: Sequence[str], usual: str) -> str:
    """What a person has set on this machine."""
    value = request.COOKIES.get(name, "")
    return value if value in known else usual
