"""A file becomes a picture of the studio: verified, kept as it came, ready to be an input at once.

An operation gets the clean copy where there is one (see `studio.pictures.intake`), so what a camera wrote into a file
(where it was taken, how it was held) neither turns a mask against its picture nor leaves the studio.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.core.files.base import File
from django.db import transaction
from django.utils.text import Truncator

from studio import pictures
from studio.errors import BadUpload
from studio.models import Asset, AssetKind, May, Rendition, User, Workspace
from studio.services import facets, roles
from studio.services.assets import media

Found = TypeVar("Found")

MOST_BYTES = 64 * 2**20  # as much as the studio keeps of any picture
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Upload:
    """One file taken in. `notes` say what its clean copy changed; `is_new` is False if the workspace had it already."""

    asset: Asset
    notes: tuple[str, ...]
    is_new: bool


def take(person: User, workspace: Workspace, file: File[bytes], *, then: Callable[[int], None]) -> Upload:
    """Take a picture in; `then` is called with its key once it is committed.

    Raises NotAllowed, BadUpload, OSError when the disk fails.
    """
    roles.require(person, workspace, May.MAKE)
    with media().temporary() as original, media().temporary() as clean:
        sha256, size = written(file, original)
        found = read(lambda: pictures.take_in(original, clean))
        # What a colleague keeps to themselves is no picture the workspace has. What was drawn here and comes back, from
        # an export, keeps its prompt and its lineage.
        known = Asset.objects.visible_to(person).pictures().filter(workspace=workspace, sha256=sha256)
        if found_here := known.order_by("pk").first():
            return Upload(found_here, found.notes, is_new=False)
        asset = Asset(
            workspace=workspace,
            person=person,
            visibility=workspace.new_pictures,
            kind=AssetKind.UPLOAD,
            name=clean_name(file.name or ""),
            media_type=found.picture.media_type,
            width=found.picture.width,
            height=found.picture.height,
            size=size,
            sha256=sha256,
            file=media().store(original, workspace.public_id, sha256),
        )
        _save(asset, found, clean, then)
    return Upload(asset, found.notes, is_new=True)


def clean_name(name: str) -> str:
    """What a file was called, fit to be shown: no folders, nothing unprintable, no characters that turn text around."""
    bare = _UNPRINTABLE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return Truncator(bare).chars(120)


def written(file: File[bytes], to: Path) -> tuple[str, int]:
    """The hash and size of a file that now lies at `to`. Raises BadUpload for one that is too large."""
    if file.size > MOST_BYTES:
        raise BadUpload(f"The file is larger than {MOST_BYTES >> 20} MB.")
    return copied(file, to)


def copied(file: File[bytes], to: Path) -> tuple[str, int]:
    """The hash and size of a file that now lies at `to`, however large it is."""
    digest = hashlib.sha256()
    with to.open("wb") as target:
        for chunk in file.chunks():
            digest.update(chunk)
            target.write(chunk)
        return digest.hexdigest(), target.tell()


def read(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except pictures.BadPicture as error:
        raise BadUpload(str(error)) from error


@transaction.atomic
def _save(asset: Asset, found: pictures.Intake, clean: Path, then: Callable[[int], None]) -> None:
    asset.save(force_insert=True)
    if found.clean:
        Rendition.objects.create(
            asset=asset,
            name=Rendition.CLEAN,
            media_type=found.clean,
            width=asset.width,
            height=asset.height,
            file=media().store_rendition(clean, asset.workspace.public_id),
        )
    facets.index([asset.pk])
    transaction.on_commit(lambda: then(asset.pk))
