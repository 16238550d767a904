"""Imports: zips that people brought, unpacked one picture at a time by a worker. Each is its person's alone."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models.collections import Collection
from studio.models.ids import new_public_id
from studio.models.people import User, Workspace


class ImportState(models.TextChoices):
    WAITING = "waiting"  # or under way: `at` says how far
    DONE = "done"
    FAILED = "failed"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, person: User) -> Self:
        """One's own, while one belongs to the workspace."""
        return self.filter(person=person, workspace__in=person.workspaces.all())

    def waiting(self) -> Self:
        return self.filter(state=ImportState.WAITING)


class Import(models.Model):
    """One zip, and what became of each file in it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    collection = models.ForeignKey(Collection, models.SET_NULL, null=True, related_name="+")  # to be put into
    name = models.CharField(max_length=120)
    file = models.CharField(max_length=160, blank=True)  # the zip's name in media storage, until it is unpacked
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    reason = models.CharField(max_length=400, blank=True)
    total = models.PositiveIntegerField(default=0)  # files in it that could be pictures
    at = models.PositiveIntegerField(default=0)  # how many of them have been looked at
    taken = models.JSONField(default=list)  # of each: {"name"} with "asset", "new", "notes", or with "refusal"
    tries = models.PositiveSmallIntegerField(default=0)  # since it last got on
    not_before = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state")]
        indexes = [models.Index(fields=["not_before"], name="import_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_waiting(self) -> bool:
        return self.state == ImportState.WAITING

    @property
    def told(self) -> dict[str, int]:
        """How many of its files were new here, were known, and were refused, as far as it has come."""
        new = sum(each.get("new") is True for each in self.taken)
        refused = sum("refusal" in each for each in self.taken)
        return {"new": new, "known": len(self.taken) - new - refused, "refused": refused}

    @property
    def event(self) -> str:
        """The name of the event that says it got on."""
        return f"import-{self.public_id}"
