"""The pictures a job starts from: looked up for whoever asks, recorded with the job, opened for the call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from studio.errors import InvalidRequest
from studio.models import Asset, AssetKind, Job, JobInput, User, Workspace
from studio.recraft.inputs import Files, InputFile
from studio.recraft.operation import Operation
from studio.recraft.params import is_absent
from studio.services.assets import media

MISSING = "This picture is not there any more, or not in this workspace. Choose another one."
# What every stored mask was found to hold when it was taken in.
MASK_FACTS: Mapping[str, Any] = {"mode": "L", "levels": frozenset({0, 255})}


def found(person: User, workspace: Workspace, operation: Operation, values: Mapping[str, Any]) -> list[JobInput]:
    """One unsaved row for each picture that the values name. Raises InvalidRequest for one that isn't there."""
    named = {
        param.name: [str(id) for id in param.ids(values[param.name])]
        for param in operation.inputs
        if not is_absent(values.get(param.name))
    }
    wanted = {id for ids in named.values() for id in ids}
    visible = Asset.objects.visible_to(person).filter(workspace=workspace, public_id__in=wanted)
    assets = {asset.public_id: asset for asset in visible.prefetch_related("renditions")}
    if missing := {name: MISSING for name, ids in named.items() if not assets.keys() >= set(ids)}:
        raise InvalidRequest(missing)
    return [
        JobInput(param=name, position=position, asset=assets[id])
        for name, ids in named.items()
        for position, id in enumerate(ids)
    ]


def files(rows: Iterable[JobInput]) -> Files:
    """The bytes to send, by param name, in the order of the values."""
    by_param: defaultdict[str, list[InputFile]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.position):
        by_param[row.param].append(_file(row.asset))
    return {name: tuple(each) for name, each in by_param.items()}


def of(job: Job) -> Files:
    """The bytes of a job's inputs."""
    return files(job.inputs.select_related("asset").prefetch_related("asset__renditions"))


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
