"""Links out of the studio: making one, and the list of those that were made."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import InvalidRequest, StudioError
from studio.forms.shares import ShareForm
from studio.models import Asset, Collection, Share
from studio.services import shares
from studio.views.asked import asked, go_where, keys, whole
from studio.views.doors import StudioRequest, entered, member
from studio.views.limits import too_often
from studio.views.pages import newest

PAGE = 50
MOST_A_DAY = 200


@require_GET
@member
def index(request: StudioRequest) -> HttpResponse:
    """My links; for stewards every link out of the workspace."""
    found = Share.objects.visible_to(request.user).filter(workspace=request.membership.workspace)
    rows, more = newest(request, found.select_related("person", "collection").prefetch_related("own_items"), PAGE)
    template = "shares/_rows.html" if request.htmx and "before" in request.GET else "shares/index.html"
    return render(request, template, _told(request, rows) | {"more": more})


def _told(request: StudioRequest, rows: list[Share]) -> dict[str, Any]:
    """What rows need: which links open, and which collections have a name for this person, who may end any link."""
    usable = Share.objects.usable().filter(pk__in=[row.pk for row in rows])
    seen = Collection.objects.visible_to(request.user).filter(pk__in=[row.collection_id for row in rows])
    named, open_ones = (set(found.values_list("pk", flat=True)) for found in (seen, usable))
    return {"shares": rows, "now": timezone.now(), "named": named, "usable": open_ones}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: StudioRequest) -> HttpResponse:
    """Choose what a link allows; the answer shows it, this once."""
    collection = _collection(request)
    names = [] if collection else asked(request)
    go_where(request, names)
    # A POST that chooses nothing yet only names pictures: more of them than fit an address.
    form = ShareForm(request.POST if "days" in request.POST else None)
    if form.is_bound and form.is_valid():
        if too_often(f"share:{request.user.pk}", MOST_A_DAY, 86_400):
            form.add_error(None, "That is enough links for a day. Try again tomorrow.")
        else:
            link = _made(request, form, collection)
            if link:
                return render(request, "shares/made.html", link)
    shown = Asset.objects.visible_to(request.user).filter(public_id__in=names[:6])
    context: dict[str, Any] = {"form": form, "collection": collection, "assets": ",".join(names), "count": len(names)}
    context["pictures"] = sorted(shown, key=lambda asset: names.index(asset.public_id))
    context |= whole(request)
    return render(request, "shares/new.html", context, status=422 if form.is_bound else 200)


def _made(request: StudioRequest, form: ShareForm, collection: Collection | None) -> dict[str, object] | None:
    """The new link; None when the form says why there is none."""
    assets = [] if collection else keys(request)
    try:
        share, token = shares.share(request.membership, form.terms(), collection=collection, assets=assets)
    except InvalidRequest as error:
        form.add_error(None, " ".join(error.errors.values()))
    except StudioError as error:
        form.add_error(None, error.message)
    else:
        link = request.build_absolute_uri(reverse("shared:page", args=[token]))
        return {"share": share, "link": link, "password": form.cleaned_data["password"]}
    return None


def _collection(request: StudioRequest) -> Collection | None:
    sent = request.POST if request.method == "POST" else request.GET
    if not (public_id := sent.get("collection")):
        return None
    return entered(request, Collection.objects.editable_by(request.user), public_id)


@require_POST
@member
def revoke(request: StudioRequest, public_id: str) -> HttpResponse:
    """End a link."""
    share = get_object_or_404(Share.objects.visible_to(request.user), public_id=public_id)
    shares.revoke(request.user, share)
    share.refresh_from_db()
    if request.htmx:
        return render(request, "shares/_row.html", {"share": share, **_told(request, [share])})
    return redirect("shares:index")
