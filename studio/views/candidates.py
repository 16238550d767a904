"""Candidates: what editing a picture brought, one at a time beside its source, and what somebody decides about it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from studio.errors import Frozen, NotAllowed
from studio.models import Asset, AssetKind, Decision, Job
from studio.services import candidates
from studio.views import edit
from studio.views.cards import cards, letter, operation_label
from studio.views.doors import StudioRequest, member
from studio.views.lineage import lineage

EVERY_OTHER = "rest"  # what is posted to discard everything of a run that nobody has decided on


@dataclass(frozen=True)
class Shown:
    """One candidate over its source. `alike` are those of its run that nobody has decided on, it among them."""

    source: Asset
    asset: Asset
    job: Job
    alike: list[Asset]

    @property
    def letter(self) -> str:
        return letter_of(self.asset)

    @property
    def label(self) -> str:
        return operation_label(self.job)

    @property
    def place(self) -> str:
        """Where the source lies in it: left, top, width, height in percent; nothing where it fills it."""
        return place(self.job, self.source, self.asset)

    @property
    def goes_on(self) -> str:
        """The editor with this picture: with the same operation, or with one that takes it."""
        way = next((way for way in edit.ways(self.asset) if way.offer.operation.slug == self.job.operation), None)
        return way.url if way and way.offer.is_ready else reverse("edit:start", args=[self.asset.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
@member
def page(request: StudioRequest, public_id: str, candidate: str) -> HttpResponse:
    """The editor with one candidate over the picture; a POST decides about it."""
    source = edit.picture(request, public_id)
    shown = _shown(request, source, candidate)
    if request.method != "POST":
        return _answer(request, source, shown.job, shown)
    decision = request.POST.get("decision", "")
    if decision not in (*Decision.values, EVERY_OTHER):
        return _answer(request, source, shown.job, shown, status=422)
    try:
        said = _decide(request, shown, decision)
    except NotAllowed as error:
        raise PermissionDenied from error
    except Frozen as error:
        return _answer(request, source, shown.job, shown, said=error.message, status=422)
    if decision == Decision.ACCEPTED:
        return HttpResponseClientRedirect(shown.goes_on) if request.htmx else redirect(shown.goes_on)
    if not request.htmx:
        return redirect("edit:page", public_id, shown.job.operation)
    return _answer(request, source, shown.job, _next(request, shown, decision), said=said)


def of(request: StudioRequest, asset: Asset) -> Shown | None:
    """The picture as a candidate of what it was made from; None where it is none, or where that is gone."""
    if asset.job is None or asset.job.operation not in edit.EDITING:
        return None
    sources = Asset.objects.visible_to(request.user).exclude(kind=AssetKind.MASK)
    source = sources.filter(used_in__job=asset.job_id).first()
    return Shown(source, asset, asset.job, _open(request, asset.job)) if source else None


def _decide(request: StudioRequest, shown: Shown, decision: str) -> str:
    """What was done, to be read aloud."""
    if decision == EVERY_OTHER:
        count = candidates.discard_rest(request.user, shown.job)
        return f"{count} discarded. They stay in the history."
    candidates.decide(request.user, shown.asset, Decision(decision))
    done = {"accepted": "accepted", "discarded": "discarded; it stays in the history", "open": "is open again"}
    return f"{shown.label} {shown.letter} {done[decision]}."


def _next(request: StudioRequest, shown: Shown, decision: str) -> Shown | None:
    """What is looked at after a decision: the same one when it was brought back, else the next that is open."""
    if decision == Decision.OPEN:
        return _shown(request, shown.source, shown.asset.public_id)
    left = [each for each in _open(request, shown.job) if each.pk != shown.asset.pk]
    after = [each for each in left if each.pk > shown.asset.pk]
    found = next(iter(after or left), None)
    return _shown(request, shown.source, found.public_id) if found else None


def _shown(request: StudioRequest, source: Asset, public_id: str) -> Shown:
    found = Asset.objects.visible_to(request.user).candidates_of(source)
    found = found.select_related("job", "result", "workspace", "decided_by").prefetch_related("renditions")
    asset = get_object_or_404(found, public_id=public_id)
    if asset.job is None or asset.job.operation not in edit.EDITING:
        raise Http404
    return Shown(source, asset, asset.job, _open(request, asset.job))


def _open(request: StudioRequest, job: Job) -> list[Asset]:
    return list(Asset.objects.visible_to(request.user).filter(job=job, decision=Decision.OPEN).order_by("id"))


def _answer(
    request: StudioRequest, source: Asset, job: Job, shown: Shown | None, *, said: str = "", status: int = 200
) -> HttpResponse:
    if request.htmx:
        context: dict[str, Any] = {"shown": shown, "said": said}
        if said:
            context["card"] = cards([Job.objects.for_cards().get(pk=job.pk)], request.user)[0]
            context |= {"asset": source, "lineage": lineage(request.user, source)}
        return render(request, "edit/_candidate.html", context, status=status)
    operation = edit.EDITING[job.operation]
    form, _ = edit.first_form(request, operation)
    context = {**edit.around(request, source, operation, form), "shown": shown}
    return render(request, "edit/page.html", context, status=status)


def letter_of(asset: Asset) -> str:
    return letter(asset.result.index + 1 if asset.result else 1)


def place(job: Job, source: Asset, asset: Asset) -> str:
    """Where a picture lies in the larger one that outpainting made of it, as `Shown.place`.

    Source: Recraft docs: Endpoints page, "Image outpainting": zoomed out, the picture shrinks around its own middle.
    """
    left, right, top, bottom = (int(job.params.get(f"expand_{side}") or 0) for side in edit.SIDES)
    keep = 1 - float(job.params.get("zoom_out_percentage") or 0) / 100
    if job.operation != "outpaint" or (keep == 1 and not job.params.get("size") and not left + right + top + bottom):
        return ""
    width, height = source.width + left + right, source.height + top + bottom
    if job.params.get("size"):
        width, height = asset.width, asset.height
        keep *= min(width / source.width, height / source.height, 1)
        left, top = (width - source.width) // 2, (height - source.height) // 2
    wide, high = source.width * keep, source.height * keep
    lies = (left + (source.width - wide) / 2, top + (source.height - high) / 2, wide, high)
    return " ".join(f"{100 * part / whole:.2f}" for part, whole in zip(lies, (width, height) * 2, strict=True))
