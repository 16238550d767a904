"""Files that a person brings: pictures, and masks painted over them. See `intake` for what becomes of them."""

from __future__ import annotations

from django.core.files.base import File
from django.db.models.functions import Now

from studio import pictures, tasks
from studio.errors import BadUpload
from studio.models import Asset, AssetKind, May, User, Workspace
from studio.services import intake, roles
from studio.services.assets import media


def take(person: User, workspace: Workspace, file: File[bytes]) -> intake.Upload:
    """Take a picture in. Raises NotAllowed, BadUpload, OSError when the disk fails."""
    return intake.take(person, workspace, file, then=lambda asset: tasks.ring(tasks.make_renditions, asset))


def take_mask(person: User, workspace: Workspace, file: File[bytes], picture: Asset) -> Asset:
    """Take in a mask painted over a picture. Raises NotAllowed, BadUpload unless it is a greyscale PNG of 0 and 255."""
    roles.require(person, workspace, May.MAKE)
    with media().temporary() as original:
        sha256, size = intake.written(file, original)
        facts = intake.read(lambda: pictures.mask_facts(original))
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
