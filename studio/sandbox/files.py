"""Result files: written so that they survive a power cut, served to anyone with the signed URL until it expires."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from studio.sandbox import answers, signing
from studio.sandbox.faults import FILE_FAULTS, parse

if TYPE_CHECKING:
    from studio.sandbox.world import Sandbox

TEMPORARY = ".tmp"


def write(directory: Path, image_id: str, data: bytes) -> str:
    """Store one result: temporary file, fsync, rename, fsync of the folder. Returns the sha256 in hex."""
    temporary = directory / f"{image_id}{TEMPORARY}"
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(directory / image_id)
    signing.fsync_directory(directory)
    return hashlib.sha256(data).hexdigest()


def sweep(directory: Path, known: set[str]) -> None:
    """Remove what nobody can fetch: temporaries, files of calls that a kill cut short, files whose URL has expired."""
    for path in directory.iterdir():
        if path.name not in known:
            path.unlink()


async def serve(request: Request) -> Response:
    """One result file. Authorization is ignored: some clients send it, some don't."""
    sandbox: Sandbox = request.app.state.sandbox
    given = request.path_params
    genuine = signing.plain_path(given["image_id"], given["width"], given["height"])
    if not signing.is_genuine(sandbox.key, given["signature"], genuine):
        return answers.forbidden_file()
    image = await sandbox.stored(sandbox.store.image, given["image_id"])
    data = await sandbox.result(given["image_id"])
    if image is None or data is None:
        return answers.forbidden_file()
    said = await sandbox.stored(sandbox.store.take_image_fault, image.id) if image.fault else None
    fault = parse(said) if said else sandbox.met_fault(request, FILE_FAULTS)
    if fault is not None:
        request.scope["sandbox.fault"] = str(fault)
        return fault.reaction(data=data, media_type=image.media_type)
    return answers.bare(data, image.media_type)
