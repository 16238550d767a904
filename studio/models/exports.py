"""Exports: files made of pictures, for taking out of the studio. Each is its person's alone, and kept for a week."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models.assets import Asset
from studio.models.ids import new_public_id
from studio.models.people import User, Workspace


class ExportState(models.TextChoices):
    WAITING = "waiting"  # or under way: `at` says how far
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"  # its file was removed


class ExportKind(models.TextChoices):
    COPIES = "copies"  # one file, or a zip of them
    SHEET = "sheet"  # a contact sheet as a PDF


class ItemState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    LEFT_OUT = "left_out"


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, person: User) -> Self:
        """One's own, while one belongs to the workspace: what is in it was picked by what that person may see."""
        return self.filter(person=person, workspace__in=person.workspaces.all())

    def editable_by(self, person: User) -> Self:
        return self.visible_to(person)

    def waiting(self) -> Self:
        return self.filter(state=ExportState.WAITING)


class Export(models.Model):
    """One order: which pictures, as what, and how far it is.

    `written` bytes of its part file are safe, and hold the pictures up to `at`: whoever goes on cuts the file there.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=10, choices=ExportKind.choices, default=ExportKind.COPIES)
    label = models.CharField(max_length=120)  # what was exported, as the page says it
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    reason = models.CharField(max_length=400, blank=True)
    total = models.PositiveIntegerField(default=0)  # pictures
    at = models.PositiveIntegerField(default=0)  # how many of them have been gone through
    left_out = models.PositiveIntegerField(default=0)
    written = models.PositiveBigIntegerField(default=0)  # bytes
    file = models.CharField(max_length=160, blank=True)  # its name in media storage
    name = models.CharField(max_length=200, blank=True)  # what it is saved as
    media_type = models.CharField(max_length=20, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    tries = models.PositiveSmallIntegerField(default=0)  # since it last got on
    not_before = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state"),
            models.CheckConstraint(condition=Q(kind__in=ExportKind.values), name="export_kind"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="export_list"),
            models.Index(fields=["not_before"], name="export_waiting", condition=Q(state="waiting")),
            models.Index(fields=["expires_at"], name="export_kept", condition=~Q(file="")),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_waiting(self) -> bool:
        return self.state == ExportState.WAITING

    @property
    def is_zip(self) -> bool:
        return self.kind == ExportKind.COPIES and self.total > 1

    @property
    def event(self) -> str:
        """The name of the event that says it got on."""
        return f"export-{self.public_id}"


class ExportItem(models.Model):
    """One picture of an export. Of one that is in the zip: where, as its central directory has to say it."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="items")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    offset = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    packed = models.PositiveBigIntegerField(default=0)  # bytes it takes in the zip
    crc = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="export_item_unique"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="export_item_state"),
        ]
        indexes = [models.Index(fields=["export", "state", "position"], name="export_item_next")]
