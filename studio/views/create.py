"""Create: the composer, its quote, its draft, and the run that comes of it. Every operation goes through here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap

from studio.errors import InvalidRequest, KeyReused, OverBudget, StudioError
from studio.forms.operations import OperationForm, new_key, refit
from studio.models import CustomStyle, Draft, Job
from studio.recraft.catalogue import COMPOSED, Operation
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.styles import find as find_style
from studio.services import jobs
from studio.views import recall
from studio.views.cards import cards
from studio.views.doors import StudioRequest, member
from studio.views.jobs import feed
from studio.views.shell import Shell

FIRST_OPERATION = "generate"
# What a new person's composer says before they touched it.
FIRST_VALUES = {"n": 4, "size": "4:5"}


@dataclass(frozen=True)
class Starter:
    """A way to begin for somebody who has drawn nothing yet."""

    slug: str
    label: str
    note: str
    picture: str
    values: dict[str, Any]


STARTERS = (
    Starter(
        "podium",
        "Product on a podium",
        "Bottle and jar, palm shadow, studio color",
        "img/starters/pod-b.webp",
        {"prompt": "Skincare bottle and jar on a round podium, palm shadow, studio color", "size": "1:1"},
    ),
    Starter(
        "poster",
        "Travel poster",
        "Native vector, flat shapes, three colors",
        "img/starters/balloon-c.svg",
        {
            "prompt": "Hot-air balloons over layered hills at first light, mid-century travel poster, flat shapes",
            "model": "recraftv4_1_vector",
            "size": "3:4",
            "n": 2,
        },
    ),
    Starter(
        "room",
        "Tiny room",
        "Isometric, morning light, wooden floor",
        "img/starters/room-a.webp",
        {"prompt": "Tiny isometric room, morning light, wooden floor, a bed and a desk", "size": "1:1"},
    ),
    Starter(
        "mark",
        "Mark for a brand",
        "Geometric, two colors, strong silhouette",
        "img/starters/fox-b.svg",
        {
            "prompt": "Fox mark for a trail-running brand, geometric, two flat colors, strong silhouette",
            "model": "recraftv4_1_vector",
            "size": "1:1",
            "colors": [{"rgb": [217, 95, 43]}, {"rgb": [26, 46, 44]}],
        },
    ),
)


@require_GET
@member
def home(request: StudioRequest) -> HttpResponse:
    """The studio's first page: the composer of the first operation."""
    return _page(request, _operation(FIRST_OPERATION))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def page(request: StudioRequest, slug: str) -> HttpResponse:
    """The composer of one operation above the feed; a POST submits."""
    operation = _operation(slug)
    return _submit(request, operation) if request.method == "POST" else _page(request, operation)


@require_POST
@member
def fields(request: StudioRequest, slug: str) -> HttpResponse:
    """The composer's settings after a change: what still fits, what was dropped and why, the price."""
    operation = _operation(slug)
    form, dropped = refit(operation, request.POST, Shell.of(request).styles)
    context = {"operation": operation, "form": form, "dropped": dropped, "standing": Shell.of(request).standing}
    if request.htmx:
        return render(request, "create/_settings.html", context)
    return render(request, "create/page.html", {**_around(request), **context})


@require_POST
@member
def draft(request: StudioRequest, slug: str) -> HttpResponse:
    """Keep what is being typed, right or wrong."""
    _keep(request, OperationForm(_operation(slug), request.POST))
    return render(request, "create/_saved.html")


def _page(request: StudioRequest, operation: Operation) -> HttpResponse:
    values, said = _beginning(request)
    form = OperationForm(operation, initial=values, own=Shell.of(request).styles)
    return render(request, "create/page.html", {**_around(request), "operation": operation, "form": form, "said": said})


def _submit(request: StudioRequest, operation: Operation) -> HttpResponse:
    # Looked up when they are shown, after the caller was rung; or before, for a request that names one.
    own = cast(Iterable[CustomStyle], SimpleLazyObject(lambda: Shell.of(request).styles))
    form = OperationForm(operation, request.POST, own=own)
    job = submitted(request, operation, form) if form.is_valid() else None
    context = {"operation": operation, "form": form, "standing": Shell.of(request).standing}
    if job is None:
        if request.htmx:
            return render(request, "create/_refused.html", context, status=422)
        return render(request, "create/page.html", {**_around(request), **context}, status=422)
    said = answer(request, job, form, context) if request.htmx else redirect("create:page", operation.slug)
    # Last: a write of ours would stand in the way of the caller, which claims the run meanwhile.
    _keep(request, form)
    return said


def answer(request: StudioRequest, job: Job, form: OperationForm, context: dict[str, Any]) -> HttpResponse:
    """The new run's card, and the form made ready for another try: the same settings under a new key."""
    form.key = new_key()
    context["card"] = cards([job], request.user)[0]
    context["who"] = "everyone" if request.GET.get("who") == "everyone" else "mine"
    return reswap(render(request, "create/_submitted.html", context), "none")


def submitted(request: StudioRequest, operation: Operation, form: OperationForm) -> Job | None:
    """The submitted job; None when it was refused, or made before, which the form then says."""
    asked = (request.user, request.membership.workspace, operation, form.values(), form.key)
    form.twin = None if "anyway" in request.POST else jobs.twin(*asked)
    return None if form.twin else taken(form, lambda: jobs.submit(*asked, book=form.book))


def taken(form: OperationForm, ask: Callable[[], Job]) -> Job | None:
    """The job that was asked for; None when it was refused, which the form then says."""
    try:
        return ask()
    except InvalidRequest as error:
        for name, message in error.errors.items():
            form.add_error(name if name in form.fields else None, message)
    except KeyReused:
        form.key = new_key()
        form.add_error(None, "This form was sent already with other settings. Press again to send it as a new run.")
    except StudioError as error:
        form.over = error if isinstance(error, OverBudget) else None
        form.add_error(None, error.message)
    return None


def _around(request: StudioRequest) -> dict[str, Any]:
    """What the page shows around the composer."""
    standing = Shell.of(request).standing
    return {**feed(request), "operations": COMPOSED.values(), "starters": STARTERS, "standing": standing}


def _beginning(request: StudioRequest) -> tuple[dict[str, Any], str]:
    """What the composer starts with, and what the page says of it.

    Another run's settings, a starter's, or the draft, with what the address names in its place.
    """
    if request.GET.get("like"):
        return recall.settings_of(request)
    if start := request.GET.get("start"):
        starter = next((each for each in STARTERS if each.slug == start), None)
        if starter is None:
            raise Http404
        return {**FIRST_VALUES, **starter.values}, ""
    taken, said = recall.begin(request) if request.GET.get("use") else _style(request)
    mine = recall.draft(request)
    return {**(FIRST_VALUES if mine is None else mine), **taken}, said


def _style(request: StudioRequest) -> tuple[dict[str, Any], str]:
    """The style that the address names, custom by `style` or built-in by `look` and `model`, and where it works."""
    if public_id := request.GET.get("style"):
        own = get_object_or_404(Shell.of(request).styles, public_id=public_id)
        model, values, label = own.image_model, {"style_id": own.style_id}, own.name
    elif look := request.GET.get("look"):
        model = request.GET.get("model", "")
        built_in = find_style(model, look)
        if built_in is None:
            raise Http404
        values, label = {"style": look}, built_in.label
    else:
        return {}, ""
    said = f"Style {label} with {IMAGE_MODELS[model].label} taken over. {recall.THE_REST}"
    return {**recall.NO_STYLE, "model": model, **values}, said


def _keep(request: StudioRequest, form: OperationForm) -> None:
    person, workspace = request.user, request.membership.workspace
    values = form.draft()
    Draft.keep(person, workspace, values)


def _operation(slug: str) -> Operation:
    if slug not in COMPOSED:
        raise Http404
    return COMPOSED[slug]
