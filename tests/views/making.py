"""Rows as the pipeline leaves them, for pages that only show them."""

import hashlib
import secrets
import uuid
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from studio.models import Asset, Attempt, Cap, CustomStyle, Host, Job, JobInput, Rendition, Result, User
from studio.services import accounts, budgets, facets
from studio.storage import ContentStorage

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63a8883af11f000582"
    "029ab6e6df570000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'


def job(person: User, state: str = "done", **fields: Any) -> Job:
    """A job in any state, as if it had come there by the usual way."""
    params = {"prompt": "A fox at dusk", "model": "recraftv4_1", "size": "4:5", "n": 1, "random_seed": 7}
    now = timezone.now()
    given = {
        "provider_account": accounts.current(),
        "params": params | fields.pop("params", {}),
        "operation": "generate",
        "images": 1,
        "quoted_units": 35,
        "charged_units": 35 if state == "done" else None,
        "started_at": None if state in ("held", "queued") else now,
        "ended_at": now if state == "done" else None,
    }
    given["image_model"] = given["params"]["model"]
    return Job.objects.create(
        workspace=fields.pop("workspace", None) or person.workspaces.get(),
        person=person,
        key=secrets.token_hex(8),
        fingerprint="",
        state=state,
        **(given | fields),
    )


def picture(
    person: User, of: Job | None = None, *, content: bytes = PNG, rendered: bool = True, **fields: Any
) -> Asset:
    """A stored picture with its file, and with its two renditions unless told otherwise."""
    made_by = of or job(person)
    host, _ = Host.objects.get_or_create(pk="0" * 32)
    attempt = made_by.attempts.first() or Attempt.objects.create(
        job=made_by, provider_account=made_by.provider_account, host=host, images=made_by.images, state="succeeded"
    )
    result = Result.objects.create(
        job=made_by,
        attempt=attempt,
        index=made_by.results.count(),
        image_id=secrets.token_hex(8),
        url="https://img.recraft.ai/x",
        url_deadline=timezone.now(),
        units=35,
        state="done",
    )
    name, sha256 = _store(content, made_by.workspace.public_id)
    given = {
        "media_type": "image/svg+xml" if content.startswith(b"<svg") else "image/png",
        "width": 896,
        "height": 1152,
        "rendered_at": timezone.now() if rendered else None,
    }
    asset = Asset.objects.create(
        workspace=made_by.workspace,
        person=person,
        job=made_by,
        result=result,
        size=len(content),
        sha256=sha256,
        file=name,
        **(given | fields),
    )
    for variant in ("tile", "preview") if rendered else ():
        asset.renditions.add(
            Rendition(name=variant, media_type="image/webp", width=10, height=10, file=_store(PNG, "renditions")[0]),
            bulk=False,
        )
    facets.index([asset.pk])
    return asset


def candidates(
    person: User, source: Asset, count: int = 1, operation: str = "image-to-image", **fields: Any
) -> list[Asset]:
    """What an operation of the editor brought: the pictures of one run that started from `source`."""
    made_by = job(person, operation=operation, images=count, charged_units=35 * count, **fields)
    JobInput.objects.create(job=made_by, asset=source, param="image")
    return [picture(person, made_by) for _ in range(count)]


def custom_style(person: User, **fields: Any) -> CustomStyle:
    """A custom style of V3 as its answer leaves it, made of no picture that is still known."""
    made_by = job(person, operation="create-style", images=0, image_model="recraftv3", quoted_units=40)
    given = {"name": "Chalk", "image_model": "recraftv3", "style_id": str(uuid.uuid4())}
    return CustomStyle.objects.create(
        workspace=made_by.workspace,
        person=person,
        job=made_by,
        **(given | {"provider_account": made_by.provider_account} | fields),
    )


def _store(content: bytes, folder: str) -> tuple[str, str]:
    storage: ContentStorage = default_storage  # type: ignore[assignment]
    sha256 = hashlib.sha256(content).hexdigest()
    with storage.temporary() as path:
        Path(path).write_bytes(content)
        return storage.store(path, folder, sha256), sha256


def day_cap(steward: User, units: int = 100_000) -> Cap:
    """A limit per day for each member."""
    cap = budgets.set_cap(steward.memberships.get(), budgets.Rule("day", "member"), units)
    assert cap is not None
    return cap
