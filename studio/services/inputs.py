"""The pictures a job starts from: looked up for whoever asks, recorded with the job, opened for the call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.errors import InvalidRequest
from studio.models import Asset, AssetKind, Job, JobInput, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.inputs import Files, Image, InputFile
from studio.recraft.operation import Operation
from studio.recraft.params import SourceId, is_absent
from studio.services.assets import media

MISSING = "This picture is not there any more, or not in this workspace. Choose another one."
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


def _named(person: User, workspace: Workspace, field: str, ids: Sequence[str]) -> list[Asset]:
    """The pictures of these ids that the person may see, in the ids' order; without those that are not there."""
    visible = Asset.objects.visible_to(person).filter(workspace=workspace, **{f"{field}__in": ids})
    own_ids = dict(visible.values_list(field, "pk"))
    assets = visible.prefetch_related("renditions").in_bulk(own_ids.values())
    by_id = {id: assets[pk] for id, pk in own_ids.items()}
    return [by_id[id] for id in ids if id in by_id]


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
