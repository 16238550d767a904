"""What a job starts from: pictures and custom styles, looked up for whoever asks; the pictures' bytes for the call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from studio.errors import InvalidRequest
from studio.models import Asset, AssetKind, CustomStyle, Job, JobInput, ProviderAccount, User, Visibility, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.inputs import Files, Image, InputFile
from studio.recraft.operation import Operation
from studio.recraft.params import SourceId, StyleId, StyleIds, is_absent
from studio.services.assets import media

MISSING = "This picture is not there any more, or not in this workspace. Choose another one."
NO_STYLE = "This style was deleted, or is not one of this workspace on this account. Choose another one."
# What every stored mask was found to hold when it was taken in.
MASK_FACTS: Mapping[str, Any] = {"mode": "L", "levels": frozenset({0, 255})}


def found(person: User, workspace: Workspace, operation: Operation, values: Mapping[str, Any]) -> list[JobInput]:
    """One unsaved row for each picture that the values name. Raises InvalidRequest for one that isn't there."""
    rows, missing = [], {}
    for param in operation.params:
        value = values.get(param.name)
        if is_absent(value) or not isinstance(param, Image | SourceId):
            continue
        ids = [str(id) for id in param.ids(value)] if isinstance(param, Image) else [str(value)]
        assets = _named(person, workspace, "public_id" if isinstance(param, Image) else "result__image_id", ids)
        if len(assets) < len(ids):
            missing[param.name] = MISSING
        rows += [JobInput(param=param.name, position=position, asset=asset) for position, asset in enumerate(assets)]
    if missing:
        raise InvalidRequest(missing)
    return rows


@cache
def starts_from_pictures(slug: str) -> bool:
    """Whether jobs of an operation may have inputs; so may those of one that is not in the catalogue."""
    return slug not in OPERATIONS or any(isinstance(each, Image | SourceId) for each in OPERATIONS[slug].params)


def _named(person: User, workspace: Workspace, field: str, ids: Sequence[str]) -> list[Asset]:
    """The pictures of these ids that the person may see, in the ids' order; without those that are not there."""
    visible = Asset.objects.visible_to(person).filter(workspace=workspace, **{f"{field}__in": ids})
    own_ids = dict(visible.values_list(field, "pk"))
    assets = visible.prefetch_related("renditions").in_bulk(own_ids.values())
    by_id = {id: assets[pk] for id, pk in own_ids.items()}
    return [by_id[id] for id in ids if id in by_id]


def visibility(workspace: Workspace, started_from: Iterable[JobInput]) -> str:
    """Who sees a new job and what comes of it: as the workspace has it, and what is made of private pictures is too."""
    private = any(each.asset.visibility == Visibility.PRIVATE for each in started_from)
    return Visibility.PRIVATE if private else workspace.new_pictures


def check_styles(
    person: User, workspace: Workspace, account: ProviderAccount, operation: Operation, values: Mapping[str, Any]
) -> CustomStyle | None:
    """
    The custom style of the values. Raises InvalidRequest for one of the studio that is not theirs to use.

    An id the studio has never seen may be a style that was made elsewhere on the same account; Recraft decides.
    """
    named = _style_ids(operation, values)
    if not named:
        return None
    known = CustomStyle.objects.filter(style_id__in={id for ids in named.values() for id in ids})
    usable = {
        style.style_id: style for style in known.visible_to(person).filter(workspace=workspace).usable_at(account)
    }
    strange = {style.style_id for style in known} - set(usable)
    if wrong := {name: NO_STYLE for name, ids in named.items() if strange & set(ids)}:
        raise InvalidRequest(wrong)
    chosen = usable.get(str(values.get("style_id") or "").lower())
    if chosen and chosen.image_model != (values.get("model") or operation.default_image_model):
        raise InvalidRequest({"style_id": fits_another_model(chosen)})
    return chosen


def fits_another_model(style: CustomStyle) -> str:
    label = IMAGE_MODELS[style.image_model].label
    return f"“{style.name}” was made for {label}: choose {label} or another style."


def _style_ids(operation: Operation, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """The custom styles that the values name, by param; a picture's id at Recraft is none."""
    kinds = {param.name: param for param in operation.params if isinstance(param, StyleId | StyleIds)}
    given = {name: values.get(name) for name, kind in kinds.items() if not isinstance(kind, SourceId)}
    return {
        name: [str(id).lower() for id in (value if isinstance(value, list) else [value])]
        for name, value in given.items()
        if not is_absent(value)
    }


def files(rows: Iterable[JobInput]) -> Files:
    """The bytes to send, by param name, in the order of the values."""
    by_param: defaultdict[str, list[InputFile]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.position):
        by_param[row.param].append(_file(row.asset))
    return {name: tuple(each) for name, each in by_param.items()}


def of(job: Job) -> Files:
    """The bytes of a job's inputs; a picture that Recraft knows by its own id is not sent again."""
    sent = [param.name for param in OPERATIONS[job.operation].inputs]
    return files(job.inputs.filter(param__in=sent).select_related("asset").prefetch_related("asset__renditions"))


def _file(asset: Asset) -> InputFile:
    source = asset.source
    facts = MASK_FACTS if asset.kind == AssetKind.MASK else {}
    return InputFile.at(
        Path(media().path(source.file)),
        media_type=source.media_type,
        width=source.width,
        height=source.height,
        **facts,
    )
