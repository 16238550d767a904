"""The editor: one picture, what can be done with it, and the runs that came of it.

Every operation that starts from a picture comes through here; which ones there are, what they take and what they cost
is the catalogue's to say. The picture stands in the URL, so an editor can be linked to.
"""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import StudioError
from studio.forms.operations import OperationForm, new_key, refit
from studio.models import Asset, Job
from studio.recraft.catalogue import OPERATIONS, Operation
from studio.recraft.inputs import Image, Mask, Obstacle
from studio.recraft.menu import Offer, operations_for
from studio.recraft.params import Param, SourceId
from studio.services import accounts, uploads
from studio.services.assets import media
from studio.views import create, recall
from studio.views.cards import cards
from studio.views.doors import StudioRequest, entered, member
from studio.views.lineage import lineage
from studio.views.shell import Shell


def _source_param(operation: Operation) -> Param | None:
    """The param that names the picture an operation starts from: by its bytes, or by Recraft's id of it."""
    by_id = (param for param in operation.params if isinstance(param, SourceId))
    return operation.picture or next(by_id, None)


# What one picture can become. What starts from several pictures, or from none, has a page of its own.
EDITING = {slug: each for slug, each in OPERATIONS.items() if each.pictures and _source_param(each)}
MOST_RUNS = 20
FIRST_VALUES = {"n": 2}
SIDES = ("left", "right", "top", "bottom")


@dataclass(frozen=True)
class Source:
    """The file an operation would get. Sides in pixels, `size` in bytes."""

    media_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Way:
    """One thing that can be done with a picture, and where."""

    offer: Offer
    url: str

    @property
    def fix(self) -> Obstacle | None:
        """What a copy would have to be so that it can be done; None where it can be, or where no copy helps."""
        return next((obstacle for obstacle in self.offer.obstacles if obstacle.fix), None)


def ways(asset: Asset) -> list[Way]:
    """Everything that can be done with a picture: what can be done now first, then what needs a step before."""
    file = asset.source
    source = Source(file.media_type, file.width, file.height, media().size(file.file))
    # Recraft knows what it drew by its own id, on the account that asked for it.
    known = asset.job and asset.result and asset.job.provider_account_id == accounts.current().pk
    made_by = asset.job.operation if asset.job and known else ""
    offers = [offer for offer in operations_for(source, made_by) if offer.operation.slug in EDITING]
    return [
        Way(offer, reverse("edit:page", args=[asset.public_id, offer.operation.slug]))
        for offer in sorted(offers, key=lambda offer: not offer.is_ready)
    ]


@require_GET
@member
def start(request: StudioRequest, public_id: str) -> HttpResponse:
    """The editor with the first operation that takes the picture."""
    asset = picture(request, public_id)
    way = next((way for way in ways(asset) if way.offer.is_ready), None)
    return redirect(way.url if way else reverse("edit:page", args=[public_id, next(iter(EDITING))]))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def page(request: StudioRequest, public_id: str, slug: str) -> HttpResponse:
    """The editor with one operation; a POST submits."""
    asset, operation = picture(request, public_id), _operation(slug)
    if request.method == "POST":
        return _submit(request, asset, operation)
    form, said = first_form(request, operation)
    return render(request, "edit/page.html", {**around(request, asset, operation, form), "said": said})


def first_form(request: StudioRequest, operation: Operation) -> tuple[OperationForm, str]:
    """The form before anything is asked for, and what the page says of it."""
    values, said = _beginning(request, operation)
    return OperationForm(operation, initial={**FIRST_VALUES, **values}, own=Shell.of(request).styles), said


@require_POST
@member
def fields(request: StudioRequest, public_id: str, slug: str) -> HttpResponse:
    """The settings after a change: what still fits, what was dropped and why, the price."""
    asset, operation = picture(request, public_id), _operation(slug)
    form, dropped = refit(operation, _posted(request, asset, operation), Shell.of(request).styles)
    for param in operation.inputs:
        form.errors.pop(param.name, None)  # not painted yet is no mistake yet
    context = {"asset": asset, "operation": operation, "form": form, "dropped": dropped}
    return render(request, "edit/_settings.html", {**context, "standing": Shell.of(request).standing})


def _submit(request: StudioRequest, asset: Asset, operation: Operation) -> HttpResponse:
    posted = _posted(request, asset, operation)
    refusal = _take_mask(request, asset, operation, posted)
    form = OperationForm(operation, posted, own=Shell.of(request).styles)
    if refusal:
        form.add_error(None, refusal)
    job = create.submitted(request, operation, form) if form.is_valid() else None
    if not request.htmx:
        if job:
            return redirect("edit:page", asset.public_id, operation.slug)
        return render(request, "edit/page.html", around(request, asset, operation, form), status=422)
    context = {"asset": asset, "operation": operation, "form": form, "standing": Shell.of(request).standing}
    if job is None:
        return render(request, "edit/_refused.html", context, status=422)
    return create.answer(request, job, form, context)


def _posted(request: StudioRequest, asset: Asset, operation: Operation) -> QueryDict:
    """What was sent, with the picture that the URL names."""
    posted = request.POST.copy()
    source = _source_param(operation)
    assert source is not None, "an operation of the editor has one"
    known_as = asset.result.image_id if asset.result else ""
    posted[source.name] = known_as if isinstance(source, SourceId) else asset.public_id
    return posted


def _take_mask(request: StudioRequest, asset: Asset, operation: Operation, posted: QueryDict) -> str:
    """Turn an uploaded mask into an input of its own; what is wrong with it, or nothing."""
    mask = next((param for param in operation.inputs if isinstance(param, Mask)), None)
    file = request.FILES.get(mask.name) if mask else None
    if mask is None or not isinstance(file, UploadedFile):
        return ""
    try:
        taken = uploads.take_mask(request.user, request.membership.workspace, file, asset)
    except StudioError as error:
        return error.message
    posted[mask.name] = taken.public_id
    return ""


def around(request: StudioRequest, asset: Asset, operation: Operation, form: OperationForm) -> dict[str, Any]:
    """Everything on the editor's page."""
    jobs = Job.objects.visible_to(request.user).filter(inputs__asset=asset, operation__in=EDITING).distinct()
    runs = cards(jobs.for_cards().order_by("-id")[:MOST_RUNS], request.user)
    everything = ways(asset)
    return {
        "asset": asset,
        "operation": operation,
        "form": form,
        "here": next(way for way in everything if way.offer.operation is operation),
        "ways": everything,
        "cards": runs,
        "stage": _stage(operation),
        "fit_key": new_key(),
        "lineage": lineage(request.user, asset),
        "standing": Shell.of(request).standing,
    }


def _stage(operation: Operation) -> str:
    """What is worked with on the picture itself: a mask, a frame, or nothing."""
    if any(isinstance(param, Mask) for param in operation.inputs):
        return "mask"
    return "frame" if operation.param("expand_left") else "picture"


def _beginning(request: StudioRequest, operation: Operation) -> tuple[dict[str, Any], str]:
    """What the form starts with, and what the page says of it: another run's settings, the draft's, or nothing.

    Never their pictures: the one to work on stands in the address.
    """
    if request.GET.get("like"):
        values, said = recall.settings_of(request)
    elif request.GET.get("with") == "draft":
        values, said = (
            recall.draft(request) or {},
            "This picture is the input; the rest is your draft, as far as it fits.",
        )
    else:
        return {}, ""
    settings = {param.name for param in operation.params if not isinstance(param, Image | SourceId)}
    return {name: value for name, value in values.items() if name in settings}, said


def picture(request: StudioRequest, public_id: str) -> Asset:
    """The picture of an address, in its own workspace."""
    found = Asset.objects.visible_to(request.user).select_related("workspace", "job", "person", "result")
    return entered(request, found.prefetch_related("renditions"), public_id)


def _operation(slug: str) -> Operation:
    if slug not in EDITING:
        raise Http404
    return EDITING[slug]
