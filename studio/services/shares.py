"""Making, opening and ending share links.

Whether a link has expired, was revoked, belongs to somebody who left or never was, is told to nobody: `find` knows only
links that open. What a link may hand out is decided by `file`, and by nothing on the page.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Asset, Collection, Membership, Rendition, Share, ShareItem, Size, User
from studio.services import durations

TOKEN_BYTES = 16  # 128 random bits
DAYS = 30
CHOICES = (1, 7, 30, 90, 365)  # days
MOST_PICTURES = 1_000
TOO_MANY = f"A link takes {MOST_PICTURES:,} pictures. Put them into a collection, and share that."
NOTHING = "None of these pictures is there any more."
ORIGINALS_ARE_DOWNLOADS = "The original file can only be had where downloading is allowed."


@dataclass(frozen=True)
class Terms:
    """What a link allows, and what it tells."""

    title: str = ""
    days: int = DAYS
    password: str = ""
    largest: str = Size.PREVIEW
    may_download: bool = False
    tells_words: bool = False
    tells_people: bool = False


@transaction.atomic
def share(
    by: Membership, terms: Terms, *, collection: Collection | None = None, assets: Sequence[int] = ()
) -> tuple[Share, str]:
    """A new link, and its token, which nobody will see again. Raises NotAllowed, InvalidRequest."""
    if not by.may_make:
        raise NotAllowed("Your role in this workspace can look at pictures, but not share them.")
    if terms.largest == Size.ORIGINAL and not terms.may_download:
        raise InvalidRequest({"largest": ORIGINALS_ARE_DOWNLOADS})
    if collection and not Collection.objects.editable_by(by.person).filter(pk=collection.pk).exists():
        raise NotAllowed("You can't share this collection.")
    there = [] if collection else _there(by, assets)
    if not collection and not there:
        raise InvalidRequest({"assets": NOTHING})
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Share(
        workspace=by.workspace,
        person=by.person,
        collection=collection,
        title=terms.title.strip(),
        token_hash=hashed(token),
        password=make_password(terms.password) if terms.password else "",
        largest=terms.largest,
        may_download=terms.may_download,
        tells_words=terms.tells_words,
        tells_people=terms.tells_people,
        expires_at=durations.database_now() + timedelta(days=terms.days),
    )
    made.save(force_insert=True)
    ShareItem.objects.bulk_create(ShareItem(share=made, asset_id=pk, place=at) for at, pk in enumerate(there))
    return made, token


def _there(by: Membership, keys: Sequence[int]) -> list[int]:
    asked = list(dict.fromkeys(keys))
    if len(asked) > MOST_PICTURES:
        raise InvalidRequest({"assets": TOO_MANY})
    seen = Asset.objects.visible_to(by.person).pictures().filter(workspace=by.workspace, pk__in=asked)
    found = set(seen.values_list("pk", flat=True))
    return [pk for pk in asked if pk in found]


def find(token: str) -> Share | None:
    """The link of a token, if it opens."""
    found = Share.objects.usable().select_related("person", "workspace", "collection")
    return found.filter(token_hash=hashed(token)).first()


def opens(share: Share, password: str) -> bool:
    """Whether this is the link's password."""
    return check_password(password, share.password)


def proof(share: Share) -> str:
    """What somebody who knew the password carries from then on; of no use once the password is another one."""
    return hashlib.sha256(f"{share.pk}:{share.password}".encode()).hexdigest()


def seen(share: Share) -> None:
    """Count one more look."""
    Share.objects.filter(pk=share.pk).update(views=F("views") + 1, viewed_at=Now())


def revoke(by: User, share: Share) -> bool:
    """End a link for good, from the next request on. Raises NotAllowed."""
    if not Share.objects.editable_by(by).filter(pk=share.pk).exists():
        raise NotAllowed("Only the person who made this link, and the workspace's owners and admins, can end it.")
    return Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=Now(), revoked_by=by) == 1


def picture(share: Share, public_id: str) -> Asset | None:
    """One picture behind a link."""
    item = share.items.select_related("asset__job", "asset__person").filter(asset__public_id=public_id).first()
    return item.asset if item else None


def file(share: Share, asset: Asset, size: str) -> Asset | Rendition | None:
    """The file of a picture in a size, if the link allows that one.

    In place of an upload's own bytes its clean copy is handed out: where a photograph was taken is nobody's business.
    """
    if size not in share.sizes():
        return None
    if size == Size.ORIGINAL:
        return asset.source
    return asset.renditions.filter(name=size).first()


def hashed(token: str) -> str:
    # The token has 128 random bits, so a fast hash is enough.
    return hashlib.sha256(token.encode()).hexdigest()
