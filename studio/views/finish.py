"""Finishing: what is done to a picture here, for 0 units; and the copy that fits where an operation can't take it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio import pictures
from studio.errors import InvalidRequest, KeyReused, StudioError
from studio.forms.finishing import ASPECTS, FORMS, FinishForm, RecolorForm, framed
from studio.forms.operations import new_key
from studio.models import LOCAL, Asset, Job
from studio.pictures import Picture, recipes
from studio.services import colors, finishing
from studio.services.assets import media
from studio.views.cards import cards
from studio.views.doors import StudioRequest, entered, member
from studio.views.edit import EDITING, Way, ways

FIRST = "crop"
MOST_RUNS = 20


@dataclass(frozen=True)
class Finish:
    """One line of the menu. `note` says why it is not for this picture, and what would be."""

    do: str
    label: str
    url: str
    note: str = ""


def finishes(asset: Asset) -> list[Finish]:
    """Everything that can be done to a picture for 0 units."""
    url = reverse("edit:finish", args=[asset.public_id])
    vector = asset.source.media_type == "image/svg+xml"
    return [
        Finish(do, recipes.RECIPES[do].label, f"{url}?do={do}", "" if vector or do != "recolor" else "SVG only")
        for do in FORMS
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member
def page(request: StudioRequest, public_id: str) -> HttpResponse:
    """The forms of finishing, one at a time; a POST does it."""
    asset = _asset(request, public_id)
    if request.method != "POST":
        fewer = _fewer(request)
        like = {"do": "recolor", "swaps": colors.swaps(fewer)} if fewer else _like(request)
        form = _form(asset, str(like.get("do") or request.GET.get("do") or FIRST), like=like)
        return _page(request, asset, form, new_key(), fewer=fewer)
    form = _form(asset, request.POST.get("do", FIRST), request.POST)
    key = request.POST.get("key", "")[:64] or new_key()
    if form.is_valid() and _submitted(request, asset, form, key):
        return redirect(f"{reverse('edit:finish', args=[public_id])}?{urlencode({'do': form.do})}")
    return _page(request, asset, form, new_key(), status=422)


@require_POST
@member
def fewer(request: StudioRequest, public_id: str) -> HttpResponse:
    """Ask Recraft which colors of an SVG can stand for the others; the answer is typed into the form of recoloring."""
    asset = _asset(request, public_id)
    most, key = request.POST.get("most", ""), request.POST.get("key", "")[:64] or new_key()
    try:
        job = colors.ask_for_fewer(
            request.user, request.membership.workspace, _colors(asset), int(most) if most.isdecimal() else 0, key
        )
    except StudioError as error:
        form = _form(asset, RecolorForm.do)
        return _page(request, asset, form, new_key(), status=422, problem=" ".join(_sentences(error)))
    here = reverse("edit:finish", args=[public_id])
    return redirect(f"{here}?{urlencode({'do': RecolorForm.do, 'fewer': job.public_id})}")


@require_http_methods(["GET", "HEAD", "POST"])
@member
def fit(request: StudioRequest, public_id: str, slug: str) -> HttpResponse:
    """Make the copy that an operation can take; from there on into the operation with it, as soon as it is made."""
    asset = _asset(request, public_id)
    way = next((way for way in ways(asset) if way.offer.operation.slug == slug), None)
    if way is None:
        raise Http404
    if request.method == "POST":
        return _fit(request, asset, way)
    if not (run := request.GET.get("run")):
        return redirect(way.url)
    job = get_object_or_404(Job.objects.visible_to(request.user).for_cards(), public_id=run, operation=LOCAL)
    made = Asset.objects.visible_to(request.user).filter(job=job).first()
    if made is None:
        context = {"asset": asset, "way": way, "card": cards([job], request.user)[0], "here": request.get_full_path()}
        return render(request, "edit/_fitting.html" if request.htmx else "edit/fit.html", context)
    to = reverse("edit:page", args=[made.public_id, slug])
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


def _fit(request: StudioRequest, asset: Asset, way: Way) -> HttpResponse:
    if not way.fix:
        return redirect(way.url)
    width, height = way.fix.pixels
    recipe = {"do": "fit", "width": width, "height": height, "media_type": way.fix.media_type}
    picture = way.offer.operation.picture
    if picture:
        recipe["max_bytes"] = picture.limits.max_bytes
    key = request.POST.get("key", "")[:64] or new_key()
    try:
        job = finishing.finish(request.user, request.membership.workspace, asset, recipe, key)
    except StudioError as error:
        return render(request, "edit/fit.html", {"asset": asset, "way": way, "problem": error.message}, status=422)
    here = reverse("edit:fit", args=[asset.public_id, way.offer.operation.slug])
    return redirect(f"{here}?{urlencode({'run': job.public_id})}")


def _submitted(request: StudioRequest, asset: Asset, form: FinishForm, key: str) -> bool:
    """Whether it was taken on; if not, the form says why."""
    try:
        finishing.finish(request.user, request.membership.workspace, asset, form.recipe(), key)
    except KeyReused:
        form.add_error(None, "This form was sent already with other settings. Press again to do this as well.")
    except StudioError as error:
        form.add_error(None, error.message)
    return not form.errors


def _form(asset: Asset, do: str, data: Any = None, like: dict[str, Any] | None = None) -> FinishForm:
    if do not in FORMS:
        raise Http404
    picture = _picture(asset)
    if FORMS[do] is not RecolorForm:
        return FORMS[do](picture, data, like=like)
    return RecolorForm(picture, data, like=like, colors=_colors(asset) if data is None else ())


def _colors(asset: Asset) -> tuple[str, ...]:
    source = asset.source
    if source.media_type != "image/svg+xml":
        return ()
    try:
        return pictures.colors(Path(media().path(source.file)))
    except pictures.BadPicture:
        return ()  # it was read before, so the machine is busy: a reload finds them


def _page(
    request: StudioRequest, asset: Asset, form: FinishForm, key: str, status: int = 200, **more: Any
) -> HttpResponse:
    aspect = request.GET.get("aspect", "")
    if form.with_aspects and aspect in ASPECTS and not form.is_bound:
        form.initial.update(framed(form.do, form.picture, aspect))
    jobs = Job.objects.visible_to(request.user).filter(inputs__asset=asset, operation=LOCAL)
    context = {
        "asset": asset,
        "form": form,
        "key": key,
        "aspects": ASPECTS if form.with_aspects else (),
        "aspect": aspect if aspect in ASPECTS else "",
        "finishes": finishes(asset),
        "here": next(each for each in finishes(asset) if each.do == form.do),
        "cards": cards(jobs.for_cards().order_by("-id")[:MOST_RUNS], request.user),
        "vectorize": EDITING.get("vectorize"),
        "fewer_url": reverse("edit:fewer", args=[asset.public_id]),
        **more,
    }
    return render(request, "edit/finish.html", context, status=status)


def _fewer(request: StudioRequest) -> Job | None:
    """The question for fewer colors that the address names."""
    if not (public_id := request.GET.get("fewer")):
        return None
    asked = Job.objects.visible_to(request.user).filter(operation=colors.OPTIMIZE.slug).prefetch_related("attempts")
    return get_object_or_404(asked, public_id=public_id)


def _sentences(error: StudioError) -> list[str]:
    return list(error.errors.values()) if isinstance(error, InvalidRequest) else [error.message]


def _like(request: StudioRequest) -> dict[str, Any]:
    """Another run's recipe, as what the fields show."""
    if not (like := request.GET.get("like")):
        return {}
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=like, operation=LOCAL)
    values = {name: value for name, value in job.params.items() if name != "image"}
    if values.get("do") not in FORMS:
        return {}
    if values["do"] == "pad" and values.get("color") != recipes.TRANSPARENT:
        values["ground"] = "color"
    if (values.get("format"), values.get("quality")) == ("webp", recipes.LOSSLESS):
        values |= {"format": "webp-lossless", "quality": 90}
    return values


def _picture(asset: Asset) -> Picture:
    source = asset.source
    return Picture(source.media_type, source.width, source.height)


def _asset(request: StudioRequest, public_id: str) -> Asset:
    found = Asset.objects.visible_to(request.user).pictures().select_related("workspace", "job", "person", "result")
    return entered(request, found.prefetch_related("renditions"), public_id)
