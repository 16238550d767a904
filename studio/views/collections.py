"""Collections: all of them, one with its pictures in their order, and what can be done with either."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from studio.errors import NotAllowed, StudioError, WouldShare
from studio.forms.collections import CollectionForm, NewCollectionForm
from studio.models import Action, Asset, Collection, CollectionItem
from studio.models.facets import DISCARDED
from studio.services import acting, collecting
from studio.services import collections as services
from studio.views import acting as acting_views
from studio.views.asked import asked, go_where, whole
from studio.views.doors import StudioRequest, entered, member

PAGE = 60
MOST_AGAIN = 2_000  # pictures that are shown anew where some came or went
MOST_LISTED = 2_000  # where one looks for a collection


@dataclass(frozen=True)
class Shelf:
    """One collection of the list: its cover, and what is nested in it."""

    collection: Collection
    cover: Asset | None
    pictures: int
    children: "list[Shelf]"


def shelves(
    request: StudioRequest, *, only_editable: bool = False, most: int = MOST_LISTED, around: Collection | None = None
) -> list[Shelf]:
    """The workspace's collections that this person sees, each with its cover, in a constant number of queries.

    The newest `most` of them; `around` one, only that one and what is inside it.
    """
    every = (
        Collection.objects.editable_by(request.user) if only_editable else Collection.objects.visible_to(request.user)
    )
    first = CollectionItem.objects.filter(collection=OuterRef("pk")).visible_to(request.user).kept().in_order()
    found = every.filter(workspace=request.membership.workspace).annotate(first=Subquery(first.values("asset")[:1]))
    if around:
        found = found.filter(Q(pk=around.pk) | Q(parent=around))
    rows: list[Any] = list(found.select_related("owner").order_by("-id")[:most])
    if not rows:
        return []  # to put the other questions together costs as much as to find this out
    wanted = {row.cover_id for row in rows} | {row.first for row in rows}
    covers = Asset.objects.visible_to(request.user).kept().in_bulk([pk for pk in wanted if pk])
    counts = services.counts(request.user, rows)
    made = {
        row.pk: Shelf(row, covers.get(row.cover_id) or covers.get(row.first), counts[row.public_id], []) for row in rows
    }
    for row in rows:
        if row.parent_id in made:
            made[row.parent_id].children.append(made[row.pk])
    return [shelf for shelf in made.values() if shelf.collection.parent_id not in made]


@require_GET
@member
def index(request: StudioRequest) -> HttpResponse:
    """Every collection with its cover."""
    return _index(request, NewCollectionForm())


def _index(request: StudioRequest, form: NewCollectionForm, status: int = 200) -> HttpResponse:
    return render(request, "collections/index.html", {"shelves": shelves(request), "form": form}, status=status)


@require_POST
@member
def new(request: StudioRequest) -> HttpResponse:
    """Make a collection; with pictures, put them in at once."""
    form = NewCollectionForm(request.POST)
    parent = request.POST.get("parent")
    inside = _collection(request, parent) if parent else None
    go_where(request, asked(request))
    if not form.is_valid():
        return _index(request, form, 422)
    try:
        made = services.create(request.membership, **form.cleaned_data, parent=inside)
    except StudioError as error:
        form.add_error(None, error.message)
        return _index(request, form, 422)
    if asked(request) or whole(request):
        return _add(request, made)
    return redirect("collections:page", made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def pick(request: StudioRequest) -> HttpResponse:
    """Where pictures could be put: the dialog behind the key B. By POST where they are too many for an address."""
    names = asked(request)
    go_where(request, names)
    context = {
        "shelves": shelves(request, only_editable=True),
        "assets": ",".join(names),
        "count": len(names),
    }
    context |= whole(request)
    return render(request, "collections/_pick.html" if request.htmx else "collections/pick.html", context)


@require_GET
@member
def page(request: StudioRequest, public_id: str) -> HttpResponse:
    """One collection: its pictures in order, and what is nested in it; a fragment is the next page.

    What was rejected is hidden, as it is in the gallery, and shown by itself to who asks for it.
    """
    collection, is_aside = _collection(request, public_id), request.GET.get("shown") == "discarded"
    items, more = _page(request, collection, is_aside)
    context = {"collection": collection, "items": items, "more": more, "may_edit": _may_edit(request, collection)}
    if request.htmx and "after" in request.GET:
        return render(request, "collections/_pictures.html", context)
    inside = shelves(request, around=collection) if not collection.parent_id else []
    context["children"] = inside[0].children if inside else []
    context["is_aside"] = is_aside
    context["rejected"] = services.counts(request.user, [collection], DISCARDED)[collection.public_id]
    context["may_manage"] = Collection.objects.managed_by(request.user).filter(pk=collection.pk).exists()
    return render(request, "collections/page.html", context)


def _page(request: StudioRequest, collection: Collection, is_aside: bool) -> tuple[list[CollectionItem], str]:
    """One page of its pictures, or of those that were rejected, and the query of the next one."""
    every = collection.items.visible_to(request.user)
    found = (every.rejected() if is_aside else every.kept()).in_order()
    found = found.select_related("asset__job", "asset__workspace")
    if after := request.GET.get("after"):
        place, _, pk = after.partition("_")
        if not (place.removeprefix("-").isdecimal() and pk.isdecimal() and len(after) < 42):
            raise Http404
        found = found.after(int(place), int(pk))
    # Who has read on, and changes something there, is not sent back to the first page.
    most = request.GET.get("most", "")
    page = min(max(PAGE, int(most)), MOST_AGAIN) if most.isascii() and most.isdecimal() and len(most) < 6 else PAGE
    items = list(found[: page + 1])
    last = items[page - 1] if len(items) > page else None
    aside = "shown=discarded&" if is_aside else ""
    return items[:page], f"{aside}after={last.place}_{last.pk}" if last else ""


@require_http_methods(["GET", "HEAD", "POST"])
@member
def settings(request: StudioRequest, public_id: str) -> HttpResponse:
    """Name, description, who sees it; and the end of it."""
    collection = entered(request, Collection.objects.managed_by(request.user).select_related("workspace"), public_id)
    form = CollectionForm(collection, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.change(request.user, collection, **form.cleaned_data)
        return redirect("collections:page", public_id)
    context = {"collection": collection, "form": form}
    return render(request, "collections/settings.html", context, status=422 if form.is_bound else 200)


@require_POST
@member
def delete(request: StudioRequest, public_id: str) -> HttpResponse:
    """Delete a collection. Its pictures stay."""
    collection = get_object_or_404(Collection.objects.managed_by(request.user), public_id=public_id)
    services.delete(request.user, collection)
    return redirect("collections:index")


@require_POST
@member
def add(request: StudioRequest, public_id: str) -> HttpResponse:
    """Put pictures in. Private ones ask before everybody sees them."""
    return _add(request, _collection(request, public_id))


def _add(request: StudioRequest, collection: Collection) -> HttpResponse:
    named = whole(request)
    share = request.POST.get("share") == "1"
    try:
        if not _may_edit(request, collection):
            raise NotAllowed(services.NOT_FILLED)
        if not share:
            collecting.ask(request.user, collection, asked(request), named.get("search"))
        action = _act(request, collection, "collect", " share" if share else "")
    except WouldShare as question:
        context = {"collection": collection, "assets": ",".join(asked(request)), "question": question, **named}
        return render(request, _asks(request), context, status=422)
    except StudioError as error:
        return render(request, _asks(request), {"collection": collection, "problem": error.message}, status=422)
    if not request.htmx:
        plain = action.is_finished and not action.refused
        return redirect("collections:page", collection.public_id) if plain else redirect("acting:action", action)
    if not action.is_finished:
        return trigger_client_event(acting_views.working(request, action), "collected", {})
    response = trigger_client_event(HttpResponse(status=204), "collected", {})
    return trigger_client_event(response, "toast", acting_views.toast(action))


def _act(request: StudioRequest, collection: Collection, verb: str, more: str = "") -> Action:
    """Put what a request names into a collection, or take it out. Raises InvalidRequest, NotAllowed."""
    value, workspace = f"{collection.public_id}{more}", collection.workspace
    if search := whole(request):
        return acting.act_on_all(request.user, workspace, verb, value, search["search"])
    return acting.act(request.user, workspace, verb, value, asked(request))


def _asks(request: StudioRequest) -> str:
    return "collections/_asks.html" if request.htmx else "collections/asks.html"


@require_POST
@member
def remove(request: StudioRequest, public_id: str) -> HttpResponse:
    """Take pictures out. They stay in the gallery."""
    collection = _collection(request, public_id)
    try:
        if not _may_edit(request, collection):
            raise NotAllowed(services.NOT_FILLED)
        _act(request, collection, "uncollect")
    except StudioError as error:
        return render(request, _asks(request), {"collection": collection, "problem": error.message}, status=422)
    return _back(request, collection)


@require_POST
@member
def move(request: StudioRequest, public_id: str) -> HttpResponse:
    """Put a picture in front of another, or some places on or back; an empty answer says that it is so."""
    collection = _collection(request, public_id)
    asset = _one(request, request.POST.get("asset", ""))
    by, before = request.POST.get("by", ""), request.POST.get("before", "")
    try:
        if by.removeprefix("-").isdecimal() and len(by) < 5:
            services.step(request.user, collection, asset, int(by))
        else:
            services.move(request.user, collection, asset, _one(request, before) if before else None)
    except StudioError as error:
        return render(request, _asks(request), {"collection": collection, "problem": error.message}, status=422)
    return _back(request, collection)


@require_POST
@member
def cover(request: StudioRequest, public_id: str) -> HttpResponse:
    """The picture that stands for the collection."""
    collection = _collection(request, public_id)
    try:
        services.set_cover(request.user, collection, _one(request, request.POST.get("asset", "")))
    except StudioError as error:
        return render(request, _asks(request), {"collection": collection, "problem": error.message}, status=422)
    return _back(request, collection)


def _one(request: StudioRequest, public_id: str) -> Asset:
    return get_object_or_404(Asset.objects.visible_to(request.user), public_id=public_id)


def _collection(request: StudioRequest, public_id: str) -> Collection:
    found = Collection.objects.visible_to(request.user).select_related("owner", "parent", "workspace")
    return entered(request, found, public_id)


def _may_edit(request: StudioRequest, collection: Collection) -> bool:
    return Collection.objects.editable_by(request.user).filter(pk=collection.pk).exists()


def _back(request: StudioRequest, collection: Collection) -> HttpResponse:
    return HttpResponse(status=204) if request.htmx else redirect("collections:page", collection.public_id)
