"""Styles: the built-in ones, those the workspace has made, and the form for a new one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import InvalidRequest, NotAllowed
from studio.forms.styles import NewStyleForm
from studio.models import TERMINAL, Asset, AssetState, CustomStyle, Job, JobInput, JobState
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.recraft.inputs import RASTER
from studio.recraft.styles import STYLES, Style, find
from studio.services import styles
from studio.views import create
from studio.views.doors import StudioRequest, member
from studio.views.shell import Shell

MOST_PICTURES = 60  # to choose references from
MOST_FAILED = 3
FAILURES_FOR = timedelta(days=1)
FAVORITES = "favorites"
FAILED = tuple(state for state in TERMINAL if state not in (JobState.DONE, JobState.CANCELED))


@dataclass(frozen=True)
class Shown:
    """One custom style: how many pictures were made with it, and one to know it by."""

    style: CustomStyle
    pictures: int
    preview: Asset | None
    may_delete: bool


@dataclass(frozen=True)
class Look:
    """One built-in style of one image model."""

    model: ImageModel
    style: Style
    is_favorite: bool

    @property
    def url(self) -> str:
        """Create, with this style."""
        query = urlencode({"look": self.style.name, "model": self.model.id})
        return f"{_create()}?{query}"


@cache
def _create() -> str:
    # Looked up once: the page leads there from every style.
    return reverse("create:page", args=["generate"])


@dataclass(frozen=True)
class BuiltIn:
    """The built-in styles of one image model, by group."""

    model: ImageModel
    groups: dict[str, list[Look]]


@dataclass(frozen=True)
class Tab:
    """What the shelf can be narrowed to: an image model, or the person's favorites."""

    id: str
    label: str
    here: bool


@dataclass(frozen=True)
class Choice:
    """Something a new style can be made of. `value` is what is posted, `weight` what was typed."""

    value: str
    chosen: bool
    weight: str
    asset: Asset | None = None
    style: CustomStyle | None = None


@require_GET
@member
def page(request: StudioRequest) -> HttpResponse:
    """Every style that can be drawn in; the fragment is the shelf of the built-in ones."""
    shelf = _shelf(request)
    if request.htmx:
        return render(request, "styles/_shelf.html", shelf)
    return render(request, "styles/page.html", {**_ours(request), **shelf})


@require_POST
@member
def favorite(request: StudioRequest) -> HttpResponse:
    """Mark a built-in style for oneself, or take the mark away; `on` or `off` is "<image model>/<name>"."""
    wanted = "on" in request.POST
    image_model, _, name = request.POST.get("on" if wanted else "off", "").partition("/")
    try:
        styles.keep_at_hand(request.user, image_model, name, wanted=wanted)
    except InvalidRequest as error:
        return HttpResponse(error.errors["style"], status=422, content_type="text/plain")
    style = find(image_model, name)
    assert style is not None, "it was marked"
    if request.htmx:
        return render(request, "styles/_heart.html", {"look": Look(IMAGE_MODELS[image_model], style, wanted)})
    return redirect(f"{reverse('styles:page')}?{urlencode({'model': image_model})}#look-{image_model}-{style.slug}")


@require_GET
@member
def ours(request: StudioRequest) -> HttpResponse:
    """The workspace's styles, fetched again when a job of the workspace changed."""
    return render(request, "styles/_ours.html", _ours(request))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: StudioRequest) -> HttpResponse:
    """The form for a new style; a POST has it made."""
    if request.method != "POST":
        return _form(request, NewStyleForm(own=Shell.of(request).styles))
    form = NewStyleForm(request.POST, own=Shell.of(request).styles)
    if form.is_valid() and create.taken(form, lambda: _submit(request, form)):
        return redirect("styles:page")
    return _form(request, form, status=422)


@require_POST
@member
def fields(request: StudioRequest) -> HttpResponse:
    """The form after a change of model, which decides what can be the base."""
    form = NewStyleForm(request.POST, own=Shell.of(request).styles)
    form.refit()
    if request.htmx:
        return render(request, "styles/_base.html", {"form": form})
    return _form(request, form)


@require_POST
@member
def delete(request: StudioRequest, public_id: str) -> HttpResponse:
    """Take a style away for good."""
    everything = CustomStyle.objects.visible_to(request.user)
    try:
        styles.delete(request.user, get_object_or_404(everything, public_id=public_id))
    except NotAllowed as error:
        raise PermissionDenied from error
    return redirect("styles:page")


def _submit(request: StudioRequest, form: NewStyleForm) -> Job:
    name = form.cleaned_data["name"]
    return styles.submit(request.user, request.membership.workspace, name, form.values(), form.key, form.book)


def _form(request: StudioRequest, form: NewStyleForm, status: int = 200) -> HttpResponse:
    found = Asset.objects.visible_to(request.user).pictures()
    found = found.filter(workspace=request.membership.workspace, media_type__in=RASTER)
    recent = list(found.select_related("job").order_by("-id")[:MOST_PICTURES])
    chosen = set(form.chosen("images"))
    older = found.select_related("job").filter(public_id__in=chosen - {asset.public_id for asset in recent})
    context = {
        "form": form,
        "pictures": [_choice(form, "images", asset.public_id, asset=asset) for asset in (*older, *recent)],
        "mixable": [_choice(form, "source_styles", style.style_id, style=style) for style in form.own],
        "standing": Shell.of(request).standing,
    }
    return render(request, "styles/new.html", context, status=status)


def _choice(form: NewStyleForm, name: str, value: str, **what: Any) -> Choice:
    return Choice(value, value in form.chosen(name), form.weight(name, value), **what)


def _shelf(request: StudioRequest) -> dict[str, Any]:
    """The built-in styles of one image model, or one's favorites; what is searched for is searched for in all."""
    words, favorites = request.GET.get("q", "").strip(), Shell.of(request).favorites
    chosen = request.GET.get("model", "")
    chosen = chosen if chosen in STYLES or chosen == FAVORITES else next(iter(STYLES))
    only = favorites if chosen == FAVORITES and not words else None
    models = STYLES if words or only is not None else (chosen,)
    found = [_built_in(id, words, favorites, only) for id in models]
    labels = {**{id: IMAGE_MODELS[id].label for id in STYLES}, FAVORITES: "Favorites"}
    return {
        "built_in": [each for each in found if each.groups],
        "words": words,
        "chosen": chosen,
        "tabs": [Tab(id, label, id == chosen and not words) for id, label in labels.items()],
    }


def _built_in(
    image_model: str,
    words: str,
    favorites: Collection[tuple[str, str]],
    only: Collection[tuple[str, str]] | None = None,
) -> BuiltIn:
    groups: dict[str, list[Look]] = {}
    for style in STYLES[image_model]:
        key = (image_model, style.name)
        if words.lower() in style.label.lower() and (only is None or key in only):
            groups.setdefault(style.group, []).append(Look(IMAGE_MODELS[image_model], style, key in favorites))
    return BuiltIn(IMAGE_MODELS[image_model], groups)


def _ours(request: StudioRequest) -> dict[str, Any]:
    asked = Job.objects.seen_in(request.user, request.membership.workspace).filter(operation=styles.CREATE.slug)
    lately = timezone.now() - FAILURES_FOR
    failed = asked.filter(person=request.user, state__in=FAILED, ended_at__gt=lately).order_by("-id")[:MOST_FAILED]
    under_way = asked.under_way().select_related("person").order_by("-id")
    return {"shown": _shown(request), "under_way": under_way, "failed": failed}


def _shown(request: StudioRequest) -> list[Shown]:
    seen = JobInput.objects.visible_to(request.user)
    references = seen.filter(param="images").select_related("asset").order_by("position")
    offered = Shell.of(request).styles.select_related("person", "job")
    offered = offered.prefetch_related(Prefetch("job__inputs", references))
    seen_here = Asset.objects.seen_in(request.user, request.membership.workspace)
    drawn = seen_here.filter(job__style__in=offered.values("pk"))
    counted = {style: rest for style, *rest in drawn.values_list("job__style").annotate(Count("pk"), Max("pk"))}
    newest = seen_here.in_bulk([last for _, last in counted.values()])
    deletable = CustomStyle.objects.editable_by(request.user).filter(pk__in=[each.pk for each in offered])
    editable = set(deletable.values_list("pk", flat=True))
    shown = []
    for style in offered:
        count, last = counted.get(style.pk, (0, 0))
        shown.append(Shown(style, count, newest.get(last) or _first_reference(style), style.pk in editable))
    return shown


def _first_reference(style: CustomStyle) -> Asset | None:
    assets = (each.asset for each in style.job.inputs.all())
    return next((asset for asset in assets if asset.state == AssetState.STORED), None)
