"""Assets: the pictures in the gallery. The original's bytes are never changed."""

from __future__ import annotations

from math import gcd
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.ids import new_public_id
from studio.models.jobs import LOCAL, Job, Result
from studio.models.people import User, Visibility, Workspace
from studio.models.roles import May
from studio.models.scopes import ScopedQuerySet


class AssetState(models.TextChoices):
    STORED = "stored"
    TRASHED = "trashed"
    PURGED = "purged"


class AssetKind(models.TextChoices):
    """Where a picture came from. A mask is an input like any other, but nobody looks for it in the gallery."""

    DRAWN = "drawn"
    UPLOAD = "upload"
    MASK = "mask"


class Decision(models.TextChoices):
    """What somebody made of a candidate: a picture that editing another one brought. Each can be taken back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


MOST_STARS = 5

ASSET_MOVES: dict[str, tuple[str, ...]] = {
    "stored": ("trashed",),
    "trashed": ("stored", "purged"),
}


class AssetQuerySet(ScopedQuerySet["Asset"]):
    """What is in the trash is in no scope: it has a list of its own (see `trashed_for`)."""

    def own_of(self, person: User | models.OuterRef, workspace: Workspace) -> Self:
        return super().own_of(person, workspace).stored()

    def shared_in(self, workspace: Workspace) -> Self:
        return super().shared_in(workspace).stored()

    def seen_in(self, person: User, workspace: Workspace) -> Self:
        return super().seen_in(person, workspace).stored()

    def _open_to(self, person: User, may: May) -> Self:
        return super()._open_to(person, may).stored()

    def known_to(self, person: User) -> Self:
        """What a person may know of, whatever became of it: stored, in the trash, or purged."""
        return super()._open_to(person, May.LOOK)

    def stored(self) -> Self:
        return self.filter(state=AssetState.STORED)

    def trashed_for(self, person: User) -> Self:
        """What a person may bring back: whatever in the trash they could change before."""
        return super()._open_to(person, May.MAKE).filter(state=AssetState.TRASHED)

    def kept_for(self, person: User) -> Self:
        """What still has its files: stored, or in the trash."""
        return self.known_to(person).exclude(state=AssetState.PURGED)

    def pictures(self) -> Self:
        """What people call pictures: everything but masks."""
        return self.exclude(kind=AssetKind.MASK)

    def kept(self) -> Self:
        """Without what was discarded, which stays with its run and in a view of its own."""
        return self.exclude(decision=Decision.DISCARDED)

    def candidates_of(self, source: Asset) -> Self:
        """What the provider made of a picture, whatever was decided since."""
        return self.filter(job__in=Job.objects.exclude(operation=LOCAL).filter(inputs__asset=source))


class Asset(models.Model):
    """One picture: where it is, what made it, what it looks like."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="assets")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assets")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="assets")
    result = models.OneToOneField(Result, models.PROTECT, null=True, related_name="asset")
    state = models.CharField(max_length=10, choices=AssetState.choices, default=AssetState.STORED)
    kind = models.CharField(max_length=10, choices=AssetKind.choices, default=AssetKind.DRAWN)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.WORKSPACE)
    # What the workspace makes of it. One rating for all: a team agrees on one, or votes on a board.
    rating = models.PositiveSmallIntegerField(default=0)  # stars; 0 is not rated
    given_title = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    tags = models.JSONField(default=list)  # in small letters, in order of the alphabet
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    trashed_at = models.DateTimeField(null=True)
    trashed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    exported_at = models.DateTimeField(null=True)  # when it first left the studio
    units = models.PositiveIntegerField(default=0)  # its share of what its job was charged
    phash = models.BigIntegerField(null=True)  # perceptual hash, 64 bits
    name = models.CharField(max_length=120, blank=True)  # what an uploaded file was called, or what was done
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
    indexed_at = models.DateTimeField(null=True)  # when its facets were made; the clock makes those of the others
    created_at = models.DateTimeField(db_default=Now())

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=AssetState.values), name="asset_state"),
            models.CheckConstraint(condition=models.Q(kind__in=AssetKind.values), name="asset_kind"),
            models.CheckConstraint(condition=models.Q(decision__in=Decision.values), name="asset_decision"),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="asset_visibility"),
            models.CheckConstraint(condition=models.Q(rating__lte=MOST_STARS), name="asset_rating"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="asset_gallery", condition=models.Q(state="stored")),
            models.Index(fields=["workspace", "person", "-id"], name="asset_mine", condition=models.Q(state="stored")),
            models.Index(
                fields=["workspace", "-id"],
                name="asset_shared",
                condition=models.Q(state="stored", visibility="workspace"),
            ),
            models.Index(
                fields=["workspace", "person", "-id"],
                name="asset_private",
                condition=models.Q(state="stored", visibility="private"),
            ),
            models.Index(fields=["trashed_at"], name="asset_trashed", condition=models.Q(state="trashed")),
            models.Index(fields=["id"], name="asset_unrendered", condition=models.Q(rendered_at=None)),
            models.Index(
                fields=["id"],
                name="asset_unhashed",
                condition=models.Q(phash=None, state="stored", rendered_at__isnull=False) & ~models.Q(kind="mask"),
            ),
            models.Index(fields=["id"], name="asset_unindexed", condition=models.Q(indexed_at=None)),
            models.Index(fields=["workspace", "sha256"], name="asset_uploaded", condition=models.Q(kind="upload")),
            models.Index(fields=["sha256"], name="asset_content"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def title(self) -> str:
        """What people call it: the title given, its prompt, the name of its file, or what was done before."""
        return self.given_title or (self.job.prompt if self.job else "") or self.name or "Picture"

    @property
    def subject(self) -> str:
        """What it shows: its title, without what was done to it where that stands before."""
        return self.title.partition(": ")[2] or self.title if self._is_named_after else self.title

    @property
    def told(self) -> str:
        """Its title for guests. What a private picture was made of may be private as well, and is left out."""
        is_private = self.visibility == Visibility.PRIVATE
        return self.title.partition(": ")[0] if is_private and self._is_named_after else self.title

    @property
    def _is_named_after(self) -> bool:
        """Whether its title says what was done to another picture."""
        return self.job is not None and not self.job.prompt and not self.given_title

    @property
    def is_vector(self) -> bool:
        return self.media_type == "image/svg+xml"

    @property
    def shows_itself(self) -> bool:
        """Whether a browser may show the original while there is no preview."""
        return self.media_type in ("image/webp", "image/png", "image/jpeg")

    @property
    def aspect(self) -> str:
        step = gcd(self.width, self.height) or 1
        return f"{self.width // step}:{self.height // step}"

    @property
    def extension(self) -> str:
        return {"image/svg+xml": "svg", "image/jpeg": "jpg"}.get(self.media_type, self.media_type.rpartition("/")[2])

    @property
    def source(self) -> Asset | Rendition:
        """The file to work with: the clean copy where the original is not plain."""
        return next((each for each in self.renditions.all() if each.name == Rendition.CLEAN), self)


class Rendition(models.Model):
    """A derived copy of an asset, made when it is stored and never in a request.

    `tile` and `preview` are to look at. `clean` is there only where the original is not plain (turned by EXIF, print
    colors, a place in it, a PDF): upright, sRGB, without metadata; it is what an operation gets.
    """

    CLEAN = "clean"

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=10)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="rendition_unique")]
        indexes = [models.Index(fields=["file"], name="rendition_file")]


class JobInputQuerySet(models.QuerySet["JobInput"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(asset__in=Asset.objects.visible_to(person))


class JobInput(models.Model):
    """One picture a job starts from: which param of its operation, and where in that param's list."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="inputs")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="used_in")
    param = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    objects = JobInputQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "param", "position"], name="job_input_unique")]
