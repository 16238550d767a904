"""Assets: the pictures in the gallery. The original's bytes are never changed."""

from __future__ import annotations

from math import gcd
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.ids import new_public_id
from studio.models.jobs import Job, Result
from studio.models.people import User, Workspace


class AssetState(models.TextChoices):
    STORED = "stored"
    TRASHED = "trashed"
    PURGED = "purged"


ASSET_MOVES: dict[str, tuple[str, ...]] = {
    "stored": ("trashed",),
    "trashed": ("stored", "purged"),
}


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(workspace__in=person.workspaces.all(), state=AssetState.STORED)


class Asset(models.Model):
    """One picture: where it is, what made it, what it looks like."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="assets")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assets")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="assets")
    result = models.OneToOneField(Result, models.PROTECT, null=True, related_name="asset")
    state = models.CharField(max_length=10, choices=AssetState.choices, default=AssetState.STORED)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=160)  # its name in media storage
    placeholder = models.TextField(blank=True)  # a tiny picture as a data: URI
    colors = models.JSONField(default=list)  # dominant colors, most frequent first
    render_tries = models.PositiveSmallIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=AssetState.values), name="asset_state"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="asset_gallery", condition=models.Q(state="stored")),
            models.Index(fields=["workspace", "person", "-id"], name="asset_mine", condition=models.Q(state="stored")),
            models.Index(fields=["id"], name="asset_unrendered", condition=models.Q(rendered_at=None)),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_vector(self) -> bool:
        return self.media_type == "image/svg+xml"

    @property
    def aspect(self) -> str:
        step = gcd(self.width, self.height) or 1
        return f"{self.width // step}:{self.height // step}"

    @property
    def extension(self) -> str:
        return {"image/svg+xml": "svg", "image/jpeg": "jpg"}.get(self.media_type, self.media_type.rpartition("/")[2])


class Rendition(models.Model):
    """A derived copy of an asset, made when it is stored and never in a request."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=10)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="rendition_unique")]
