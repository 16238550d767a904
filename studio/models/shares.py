"""Share links: pictures shown to whoever has the link, without an account.

The link's token is random and only its hash is kept. A link never shows more than the person who made it could see now:
when they leave the workspace, or may no longer make things in it, it is as if it had never been.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from studio.models.assets import Asset
from studio.models.collections import Collection, CollectionItem, PlacedQuerySet
from studio.models.ids import new_public_id
from studio.models.people import Membership, User, Workspace
from studio.models.roles import MAKERS, STEWARDS


class Size(models.TextChoices):
    """The largest file that a link hands out."""

    TILE = "tile", "Small, 512 pixels"
    PREVIEW = "preview", "Medium, 1280 pixels"
    ORIGINAL = "original", "The original file"


class ShareQuerySet(models.QuerySet["Share"]):
    def usable(self) -> Self:
        """Those that open: not revoked, not too old, and of somebody who could still make them."""
        maker = Membership.objects.filter(
            workspace=OuterRef("workspace"), person=OuterRef("person"), role__in=MAKERS, person__is_active=True
        )
        return self.filter(Exists(maker), revoked_at=None, expires_at__gt=Now())

    def visible_to(self, person: User) -> Self:
        """Somebody's own, and for stewards every link out of the workspace."""
        stewarded = Membership.objects.filter(person=person, role__in=STEWARDS).values("workspace")
        own = Q(person=person, workspace__in=person.workspaces.all())
        return self.filter(own | Q(workspace__in=stewarded))

    def editable_by(self, person: User) -> Self:
        """Those a person may revoke: whoever sees one may."""
        return self.visible_to(person)


class Share(models.Model):
    """A link to pictures: to those of a collection as they are when it is opened, or to its own list of them."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="shares")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    collection = models.ForeignKey(Collection, models.CASCADE, null=True, related_name="shares")
    title = models.CharField(max_length=120, blank=True)  # what guests read above the pictures
    token_hash = models.CharField(max_length=64, unique=True)
    password = models.CharField(max_length=128, blank=True)  # hashed; empty is none
    largest = models.CharField(max_length=10, choices=Size.choices, default=Size.PREVIEW)
    may_download = models.BooleanField(default=False)
    tells_words = models.BooleanField(default=False)  # titles and prompts
    tells_people = models.BooleanField(default=False)  # who made each picture
    views = models.PositiveIntegerField(default=0)
    viewed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(largest__in=Size.values), name="share_largest"),
            # A link that must not be downloaded from must not hand out the original either.
            models.CheckConstraint(condition=Q(may_download=True) | ~Q(largest=Size.ORIGINAL), name="share_original"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="share_list"),
            models.Index(fields=["person", "-id"], name="share_mine"),
        ]

    def __str__(self) -> str:
        return self.title or "Shared pictures"

    @property
    def items(self) -> PlacedQuerySet[Any]:
        """Its pictures in order: what of them its maker sees now."""
        if self.collection_id is None:
            found: PlacedQuerySet[Any] = self.own_items.all()
        elif Collection.objects.visible_to(self.person).filter(pk=self.collection_id).exists():
            found = CollectionItem.objects.filter(collection=self.collection_id).kept()
        else:
            found = CollectionItem.objects.none()
        return found.filter(asset__workspace=self.workspace_id).visible_to(self.person).in_order()

    def sizes(self) -> tuple[str, ...]:
        """The files it hands out, smallest first."""
        return tuple(Size.values[: Size.values.index(self.largest) + 1])


class ShareItemQuerySet(PlacedQuerySet["ShareItem"]):
    """The pictures of links that have a list of their own."""


class ShareItem(models.Model):
    """A picture behind a link, in the order in which it was chosen."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="own_items")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    place = models.BigIntegerField()

    objects = ShareItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "asset"], name="share_item_unique")]
        indexes = [models.Index(fields=["share", "place", "id"], name="share_order")]
