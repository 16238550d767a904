"""Pictures: the gallery, one picture's page, and the two fragments that show it beside or above a list."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.models import Asset, AssetKind, JobInput
from studio.recraft.catalogue import OPERATIONS
from studio.views import candidates, comments
from studio.views.acting import history, know
from studio.views.cards import operation_label
from studio.views.doors import StudioRequest, entered, member
from studio.views.edit import ways
from studio.views.finish import finishes
from studio.views.lineage import lineage
from studio.views.recall import recalls
from studio.views.used import uses


@require_GET
@member
def page(request: StudioRequest, public_id: str) -> HttpResponse:
    """One picture and everything that made it."""
    asset = _asset(request, public_id)
    context = {"asset": asset, "siblings": _siblings(request, asset), **_story(asset)}
    context |= {"lineage": lineage(request.user, asset), "shown": candidates.of(request, asset)}
    context |= {"history": history(asset), **comments.around(request.user, asset)}
    context["used_in"] = uses(request.user, asset)
    before = context.get("made_from") if request.GET.get("compare") else None
    context["compare"] = before[0].asset if before else None
    return render(request, "assets/page.html", context)


@require_GET
@member
def panel(request: StudioRequest, public_id: str) -> HttpResponse:
    """The picture beside the feed: a panel on wide screens, a sheet on narrow ones."""
    asset = _asset(request, public_id)
    return render(request, "assets/_panel.html", {"asset": asset, **_story(asset)})


@require_GET
@member
def lightbox(request: StudioRequest, public_id: str) -> HttpResponse:
    """The picture as large as the screen."""
    asset = _asset(request, public_id)
    context = {"asset": asset, **_story(asset), **comments.around(request.user, asset)}
    return render(request, "assets/_lightbox.html", context)


def _asset(request: StudioRequest, public_id: str) -> Asset:
    everything = Asset.objects.kept_for(request.user).select_related(
        "job__provider_account", "job__style", "person", "result", "workspace", "approved_by"
    )
    inputs = Prefetch("job__inputs", JobInput.objects.visible_to(request.user).select_related("asset__job"))
    asset = entered(request, everything.prefetch_related("renditions", inputs), public_id)
    return know(request.user, [asset])[0]


def _siblings(request: StudioRequest, asset: Asset) -> Iterable[Asset]:
    return Asset.objects.visible_to(request.user).filter(job=asset.job_id).order_by("id") if asset.job_id else []


def _story(asset: Asset) -> dict[str, Any]:
    """What made the picture, in the catalogue's words, and the same as JSON to be copied."""
    job = asset.job
    offers = {"ways": ways(asset), "finishes": finishes(asset), "recalls": recalls(asset)}
    if job is None:
        return {"settings": [], "parameters": "", **offers}
    operation = OPERATIONS.get(job.operation)
    labels = {param.name: param.label for param in operation.params} if operation else {}
    told = {"image", "mask", "prompt", "model", "n", "size", "random_seed", "colors", "background_color", "text_layout"}
    named = {"style_id": job.style.name} if job.style else {}
    settings = [
        (labels.get(name, name), "Yes" if value is True else named.get(name, value))
        for name, value in job.params.items()
        if name not in told and value not in (None, "", [])
    ]
    request = {"operation": job.operation, **job.params}
    return {
        "settings": [] if job.is_local else settings,
        "parameters": json.dumps(request, indent=2, ensure_ascii=False),
        **offers,
        "made_from": [each for each in job.inputs.all() if each.asset.kind != AssetKind.MASK],
        "operation_label": operation_label(job),
    }
