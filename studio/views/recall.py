"""Recall: what a picture was made with, taken over into Create, one thing at a time or all at once.

Each is a plain link. Create begins with the person's draft, what the link names stands in its place, and the page says
so. What a picture has none of is not offered but said, with the nearest way on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from studio.models import Asset, CustomStyle, Draft, Job, ProviderAccount
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.operation import InvalidValues
from studio.recraft.params import MAX_COLORS
from studio.recraft.prices import NoPrice
from studio.recraft.styles import find
from studio.services import accounts
from studio.views.doors import StudioRequest, entered

NO_STYLE: Mapping[str, Any] = {"style": None, "substyle": None, "style_id": None}
THE_REST = "Everything else is your draft."
INPUT = OPERATIONS["image-to-image"]
ICONS = {"prompt": "type", "style": "swatch-book", "palette": "palette"}


@dataclass(frozen=True)
class Recall:
    """
    One line of the menu. `note` says what is taken over, or why there is nothing to take.

    Without a `url` there is nothing; `way` may then lead to where there is some.
    """

    label: str
    icon: str
    url: str = ""
    units: int | None = 0
    note: str = ""
    way: str = ""


@dataclass(frozen=True)
class Part:
    """What one thing of a picture puts into the composer; `said` names it. Without values `said` says why."""

    said: str
    values: Mapping[str, Any] | None = None


def part(asset: Asset, use: str, account: ProviderAccount) -> Part:
    """One thing of a picture, by its name in the address. Raises KeyError for another name."""
    return {"prompt": _prompt, "style": _style, "palette": _palette}[use](asset, account)


def recalls(asset: Asset) -> list[Recall]:
    """Everything of a picture that can be gone on with."""
    account, job = accounts.current(), asset.job
    again = like(job) if job else ""
    whole = [Recall("Use all settings", "copy-plus", again)] if job and again and not job.is_local else []
    units = _units(INPUT.slug, {})
    return [
        *(_again(job) if job and again else ()),
        *(_line(asset, use, icon, part(asset, use, account)) for use, icon in ICONS.items()),
        *whole,
        Recall("Use as input", "image-plus", _as_input(asset), units, "Image to image, with your draft"),
    ]


def begin(request: StudioRequest) -> tuple[dict[str, Any], str]:
    """What a link of a picture puts over the draft, and the sentence that says so."""
    found = Asset.objects.visible_to(request.user).select_related("job__style")
    asset = entered(request, found, request.GET.get("of", ""))
    try:
        taken = part(asset, request.GET.get("use", ""), accounts.current())
    except KeyError as error:
        raise Http404 from error
    if taken.values is None:
        return {}, f"{taken.said} {THE_REST}"
    return dict(taken.values), f"{taken.said} of “{_short(asset)}” taken over. {THE_REST}"


def settings_of(request: StudioRequest) -> tuple[dict[str, Any], str]:
    """The settings of the run that the address names by `like`, and the sentence that says so."""
    job = entered(request, Job.objects.visible_to(request.user), request.GET["like"])
    if job.seed is None:
        return dict(job.params), "All settings of that run."
    if request.GET.get("seed") == "new":
        return {**job.params, "random_seed": None}, "All settings of that run, with a new seed."
    return dict(job.params), "All settings of that run, and its seed: unchanged, the same picture again."


def draft(request: StudioRequest) -> dict[str, Any] | None:
    """What the person was about to ask for; None before they touched the composer."""
    found = Draft.objects.own_of(request.user, request.membership.workspace).first()
    return dict(found.values) if found else None


def _prompt(asset: Asset, account: ProviderAccount) -> Part:
    if asset.job and asset.job.prompt:
        return Part("Prompt", {"prompt": asset.job.prompt})
    return Part("It was made without a prompt." if asset.job else "An added picture has no prompt.")


def _style(asset: Asset, account: ProviderAccount) -> Part:
    job = asset.job
    params = job.params if job else {}
    if job and job.style:
        return _custom(job.style, account)
    if job and params.get("style_id"):
        if job.provider_account_id != account.pk:
            return Part("Its style is known on another provider account only.")
        return Part("Custom style", {**NO_STYLE, "model": job.image_model, "style_id": params["style_id"]})
    known = find(job.image_model, str(params.get("style") or "")) if job else None
    if job is None or known is None:
        return Part("It was drawn without a style." if job else "An added picture has no style.")
    values = {**NO_STYLE, "model": job.image_model, "style": known.name, "substyle": params.get("substyle")}
    return Part(f"Style {known.label} with {IMAGE_MODELS[job.image_model].label}", values)


def _custom(style: CustomStyle, account: ProviderAccount) -> Part:
    if style.deleted_at:
        return Part(f"Its style “{style.name}” was deleted.")
    if style.provider_account_id != account.pk:
        return Part(f"Its style “{style.name}” is known on another provider account only.")
    values = {**NO_STYLE, "model": style.image_model, "style_id": style.style_id}
    return Part(f"Style {style.name} with {IMAGE_MODELS[style.image_model].label}", values)


def _palette(asset: Asset, account: ProviderAccount) -> Part:
    params = asset.job.params if asset.job else {}
    if params.get("colors") or params.get("background_color"):
        return Part("Palette", {name: params.get(name) for name in ("colors", "background_color")})
    if asset.colors:
        return Part("The main colors", {"colors": [{"rgb": list(rgb)} for rgb in asset.colors[:MAX_COLORS]]})
    return Part("It was drawn without a palette, and its colors are not known yet.")


def _again(job: Job) -> list[Recall]:
    if job.is_local:
        return [Recall("Do the same again", "refresh-cw", like(job), 0, "Done here")]
    units = _units(job.operation, job.params)
    if job.seed is None:
        return [Recall("Run again", "refresh-cw", like(job) + "#go", units)]
    return [
        Recall("Run again, same seed", "refresh-cw", like(job) + "#go", units),
        Recall("Run again, new seed", "dices", like(job, "&seed=new") + "#go", units),
    ]


def like(job: Job, query: str = "") -> str:
    """Where a run's settings can be used again: the composer, or the editor of the picture it started from.

    "" where that is a picture that whoever looks may not see: `job.inputs` holds what they do.
    """
    settings = f"?like={job.public_id}{query}"
    first = next(iter(job.inputs.all()), None)
    if first:
        return reverse("edit:page", args=[first.asset.public_id, job.operation]) + settings
    operation = OPERATIONS.get(job.operation)
    needs_one = job.is_local or (operation is not None and operation.picture is not None)
    return "" if needs_one else reverse("create:page", args=[job.operation]) + settings


def _line(asset: Asset, use: str, icon: str, taken: Part) -> Recall:
    if taken.values is None:
        return Recall(f"Use {use}", icon, note=taken.said, way=reverse("styles:page") if use == "style" else "")
    url = f"{reverse('create:page', args=['generate'])}?use={use}&of={asset.public_id}"
    return Recall(f"Use {use}", icon, url, note="" if taken.said == use.capitalize() else taken.said)


def _as_input(asset: Asset) -> str:
    return reverse("edit:page", args=[asset.public_id, INPUT.slug]) + "?with=draft"


def _units(operation: str, values: Mapping[str, Any]) -> int | None:
    try:
        return OPERATIONS[operation].quote(values)
    except (NoPrice, InvalidValues, KeyError):
        return None  # of an operation or a model that is not offered any more


def _short(asset: Asset) -> str:
    return asset.title if len(asset.title) <= 60 else asset.title[:59].rstrip() + "…"
