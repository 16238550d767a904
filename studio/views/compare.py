"""Comparing two to four pictures: side by side, one over the other, one after the other; and what made them differ."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.models import Asset
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.views.acting import know
from studio.views.cards import operation_label
from studio.views.doors import StudioRequest, enter, member

FEWEST, MOST = 2, 4
HIDDEN = ("prompt", "image", "mask")
LETTERS = "ABCD"
WAYS = {"side": "Side by side", "slider": "Slider", "flicker": "Flicker"}


@dataclass(frozen=True)
class Words:
    """Some words of a prompt, and whether the first picture's prompt has them as well."""

    text: str
    is_other: bool


@dataclass(frozen=True)
class Row:
    """One parameter, for each of the pictures."""

    label: str
    values: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@require_GET
@member
def page(request: StudioRequest) -> HttpResponse:
    """The pictures named in the address, in their order there."""
    names = list(dict.fromkeys(filter(None, request.GET.get("pictures", "").split(","))))
    if not FEWEST <= len(names) <= MOST:
        raise Http404
    seen = Asset.objects.visible_to(request.user).filter(public_id__in=names)
    found = {each.public_id: each for each in seen.select_related("job__style", "person", "result")}
    if len(found) != len(names):
        raise Http404
    assets = list(know(request.user, [found[name] for name in names]))
    enter(request, assets[0].workspace_id)
    way = request.GET.get("way", "")
    context = {
        "pictures": list(zip(LETTERS, assets, strict=False)),
        "prompts": [(letter, each, words(assets[0], each)) for letter, each in zip(LETTERS, assets, strict=False)],
        "rows": rows(assets),
        "way": way if way in WAYS and (way != "slider" or len(assets) == FEWEST) else "side",
        "ways": [(name, label) for name, label in WAYS.items() if name != "slider" or len(assets) == FEWEST],
        "names": ",".join(names),
    }
    return render(request, "compare/page.html", context)


def words(first: Asset, other: Asset) -> list[Words]:
    """The prompt of `other` in pieces, those marked that the first one's does not have."""
    before, after = _prompt(first).split(), _prompt(other).split()
    if first.pk == other.pk:
        return [Words(_prompt(other), is_other=False)] if after else []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Words(" ".join(after[start:end]), step != "equal") for step, _, _, start, end in steps if end > start]


def rows(assets: list[Asset]) -> list[Row]:
    """Everything that made the pictures, those things first in which they differ."""
    told = [_told(asset) for asset in assets]
    labels = list(dict.fromkeys(label for each in told for label in each))
    found = [Row(label, [each.get(label, "") for each in told]) for label in labels]
    return sorted(found, key=lambda row: not row.differs)


def _prompt(asset: Asset) -> str:
    return asset.job.prompt if asset.job else ""


def _told(asset: Asset) -> dict[str, str]:
    job = asset.job
    told: dict[str, Any] = {"Pixels": f"{asset.width} x {asset.height}", "By": str(asset.person)}
    if job is None:
        return told
    operation = OPERATIONS.get(job.operation)
    labels = {param.name: param.label for param in operation.params} if operation else {}
    told |= {"Operation": operation_label(job), "Units": f"{asset.units:,}"}
    for name, value in job.params.items():
        if name not in HIDDEN and value not in (None, "", []):
            told[labels.get(name, name)] = _value(name, value, asset)
    return told


def _value(name: str, value: Any, asset: Asset) -> str:
    if name == "model" and value in IMAGE_MODELS:
        return IMAGE_MODELS[value].label
    if name == "style_id" and asset.job and asset.job.style:
        return asset.job.style.name
    if isinstance(value, list):
        return ", ".join(_value("", each, asset) for each in value)
    if isinstance(value, dict):
        rgb = value.get("rgb")
        return "#" + "".join(f"{part:02x}" for part in rgb) if rgb else str(value.get("text", value))
    return "Yes" if value is True else str(value)
