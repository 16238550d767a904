"""Files from a person's machine become assets: verified, kept as they came, ready to be an input at once.

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
from django.db.models.functions import Now
from django.utils.text import Truncator

from studio import pictures, tasks
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


def take(person: User, workspace: Workspace, file: File[bytes]) -> Upload:
    """Take a picture in. Raises NotAllowed, BadUpload, OSError when the disk fails."""
    roles.require(person, workspace, May.MAKE)
    with media().temporary() as original, media().temporary() as clean:
        sha256, size = _written(file, original)
        found = _read(lambda: pictures.take_in(original, clean))
        # What a colleague keeps to themselves is no picture the workspace has.
        known = Asset.objects.visible_to(person).filter(workspace=workspace, sha256=sha256, kind=AssetKind.UPLOAD)
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
        _save(asset, found, clean)
    return Upload(asset, found.notes, is_new=True)


def take_mask(person: User, workspace: Workspace, file: File[bytes], picture: Asset) -> Asset:
    """Take in a mask painted over a picture. Raises NotAllowed, BadUpload unless it is a greyscale PNG of 0 and 255."""
    roles.require(person, workspace, May.MAKE)
    with media().temporary() as original:
        sha256, size = _written(file, original)
        facts = _read(lambda: pictures.mask_facts(original))
        if facts.mode != "L" or facts.levels - {0, 255}:
            raise BadUpload("A mask is a greyscale PNG with nothing but black (0) and white (255).")
        if (facts.width, facts.height) != (picture.width, picture.height):
            raise BadUpload(
                f"The mask is {facts.width} x {facts.height} pixels, its picture {picture.width} x {picture.height}."
            )
        # The same mask again is the same input, so that a form that is sent twice is the same request.
        # As private as what it was painted over: whoever may draw that again needs both.
        mine = {"kind": AssetKind.MASK, "sha256": sha256, "visibility": picture.visibility}
        return Asset.objects.own_of(person, workspace).filter(**mine, state="stored").first() or Asset.objects.create(
            **mine,
            workspace=workspace,
            person=person,
            media_type="image/png",
            width=facts.width,
            height=facts.height,
            size=size,
            file=media().store(original, workspace.public_id, sha256),
            # Nobody looks at a mask by itself, so it gets no renditions, and nobody looks for one.
            rendered_at=Now(),
            indexed_at=Now(),
        )


def clean_name(name: str) -> str:
    """What a file was called, fit to be shown: no folders, nothing unprintable, no characters that turn text around."""
    bare = _UNPRINTABLE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return Truncator(bare).chars(120)


def _written(file: File[bytes], to: Path) -> tuple[str, int]:
    """The hash and size of a file that now lies at `to`. Raises BadUpload for one that is too large."""
    if file.size > MOST_BYTES:
        raise BadUpload(f"The file is larger than {MOST_BYTES >> 20} MB.")
    digest = hashlib.sha256()
    with to.open("wb") as target:
        for chunk in file.chunks():
            digest.update(chunk)
            target.write(chunk)
        return digest.hexdigest(), target.tell()


def _read(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except pictures.BadPicture as error:
        raise BadUpload(str(error)) from error


@transaction.atomic
def _save(asset: Asset, found: pictures.Intake, clean: Path) -> None:
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
    transaction.on_commit(lambda: tasks.ring(tasks.make_renditions, asset.pk))
