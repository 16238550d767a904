"""Pictures: the gallery, one picture's page, and the two fragments that show it beside or above a list."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from studio.models import Asset, AssetKind, CustomStyle, Decision, JobInput
from studio.models.assets import AssetQuerySet
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.views import candidates, comments
from studio.views.acting import history, in_trash, know
from studio.views.cards import operation_label
from studio.views.doors import StudioRequest, enter, member
from studio.views.edit import ways
from studio.views.finish import finishes
from studio.views.lineage import lineage
from studio.views.recall import recalls

PAGE = 60
MOST_NEWER = 100  # counted no further: "100" and more are the same news
KINDS = {"raster": "Raster", "vector": "Vector"}


@dataclass(frozen=True)
class Filters:
    """What the gallery is narrowed to; all of it stands in the URL."""

    who: str
    kind: str
    image_model: str
    style: CustomStyle | None = None
    discarded: bool = False

    @classmethod
    def of(cls, request: StudioRequest) -> "Filters":
        query = request.GET
        kind, image_model, style = query.get("kind", ""), query.get("model", ""), query.get("style")
        styles = CustomStyle.objects.visible_to(request.user).filter(workspace=request.membership.workspace)
        return cls(
            who="mine" if query.get("who") == "mine" else "everyone",
            kind=kind if kind in KINDS else "",
            image_model=image_model if image_model in IMAGE_MODELS else "",
            style=get_object_or_404(styles, public_id=style) if style else None,
            discarded=query.get("shown") == "discarded",
        )

    def apply(self, assets: AssetQuerySet, request: StudioRequest) -> QuerySet[Asset]:
        assets = assets.filter(decision=Decision.DISCARDED) if self.discarded else assets.kept()
        if self.who == "mine":
            assets = assets.filter(person=request.user)
        if self.kind:
            vector = assets.filter(media_type="image/svg+xml")
            assets = vector if self.kind == "vector" else assets.exclude(media_type="image/svg+xml")
        if self.style:
            assets = assets.filter(job__style=self.style)
        return assets.filter(job__image_model=self.image_model) if self.image_model else assets

    def query(self, **changes: str) -> str:
        """The query string of these filters with some of them changed; an empty one is left out."""
        style = self.style.public_id if self.style else ""
        parts = {"who": self.who, "kind": self.kind, "model": self.image_model, "style": style}
        parts |= {"shown": "discarded" if self.discarded else ""} | changes
        return urlencode({name: value for name, value in parts.items() if value and value != "everyone"})

    @property
    def choices_who(self) -> list[tuple[str, str, bool]]:
        each = (("everyone", "Everyone"), ("mine", "Mine"))
        return [(self.query(who=value), label, value == self.who) for value, label in each]

    @property
    def choices_kind(self) -> list[tuple[str, str, bool]]:
        each = (("", "All"), *KINDS.items())
        return [(self.query(kind=value), label, value == self.kind) for value, label in each]

    @property
    def to_drop(self) -> list[tuple[str, str]]:
        """For each filter that is set: the query without it, and its name."""
        named = (("who", "Mine", self.who == "mine"), ("kind", KINDS.get(self.kind, ""), bool(self.kind)))
        label = IMAGE_MODELS[self.image_model].label if self.image_model else ""
        more = (("model", label, bool(label)), ("style", str(self.style), bool(self.style)))
        last = ("shown", "Discarded", self.discarded)
        return [(self.query(**{name: ""}), text) for name, text, on in (*named, *more, last) if on]

    @property
    def without_style(self) -> str:
        return self.query(style="")

    @property
    def without_discarded(self) -> str:
        return self.query(shown="")

    @property
    def with_discarded(self) -> str:
        """What was discarded, and only that."""
        return self.query(shown="discarded")


@dataclass(frozen=True)
class Day:
    """The pictures of one day by the workspace's clock; `opens` says whether its heading is still to come."""

    date: date
    assets: list[Asset]
    opens: bool


@require_GET
@member
def gallery(request: StudioRequest) -> HttpResponse:
    """The workspace's pictures, newest first; a fragment is the next page."""
    filters = Filters.of(request)
    seen = Asset.objects.seen_in(request.user, request.membership.workspace)
    found = filters.apply(seen.pictures(), request)
    found = found.select_related("job", "workspace").order_by("-id")
    if before := request.GET.get("before"):
        found = found.filter(id__lt=get_object_or_404(Asset.objects.visible_to(request.user), public_id=before).pk)
    page = list(know(request.user, list(found[: PAGE + 1])))
    days = _days(page[:PAGE], request.membership.workspace.time_zone, request.GET.get("day", ""))
    more = filters.query(before=page[PAGE - 1].public_id, day=days[-1].date.isoformat()) if len(page) > PAGE else ""
    context = {"filters": filters, "days": days, "more": more, "image_models": IMAGE_MODELS.values()}
    context["newest"] = page[0].public_id if page else ""
    return render(request, "assets/_days.html" if request.htmx and before else "assets/gallery.html", context)


@require_GET
@member
def newer(request: StudioRequest) -> HttpResponse:
    """Whether pictures came since the page was opened. They are not pushed in: that would move what is looked at."""
    filters = Filters.of(request)
    seen = Asset.objects.seen_in(request.user, request.membership.workspace)
    found = filters.apply(seen.pictures(), request)
    if after := request.GET.get("after"):
        found = found.filter(id__gt=get_object_or_404(Asset.objects.visible_to(request.user), public_id=after).pk)
    context = {"filters": filters, "newest": after or "", "came": len(found[:MOST_NEWER])}
    return render(request, "assets/_newer.html", context)


@require_GET
@member
def page(request: StudioRequest, public_id: str) -> HttpResponse:
    """One picture and everything that made it."""
    asset = _asset(request, public_id)
    context = {"asset": asset, "siblings": _siblings(request, asset), **_story(asset)}
    context |= {"lineage": lineage(request.user, asset), "shown": candidates.of(request, asset)}
    context |= {"history": history(asset), "in_trash": in_trash(asset), **comments.around(request.user, asset)}
    context["used_in"] = CustomStyle.objects.visible_to(request.user).filter(job__inputs__asset=asset).distinct()
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
    asset = get_object_or_404(everything.prefetch_related("renditions", inputs), public_id=public_id)
    enter(request, asset.workspace_id)
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


def _days(assets: Iterable[Asset], zone: str, last: str) -> list[Day]:
    def date_of(asset: Asset) -> date:
        return asset.created_at.astimezone(ZoneInfo(zone)).date()

    return [Day(when, list(group), when.isoformat() != last) for when, group in groupby(assets, date_of)]
