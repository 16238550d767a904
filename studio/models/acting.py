"""What people do to pictures: one press on one picture, or one on ten thousand.

An action names its pictures once and then moves along them, so it goes on where it stopped. Each picture it changed has
one event with what was before and after: that is the picture's history, and what undoing puts back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.assets import Asset
from studio.models.ids import new_public_id
from studio.models.people import User, Workspace


class Favorite(models.Model):
    """A picture that one person wants to find again; nobody else sees that."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorites")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="favorites")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "asset"], name="favorite_unique")]


class ActionState(models.TextChoices):
    WAITING = "waiting"  # or under way: `at` says how far
    DONE = "done"
    FAILED = "failed"  # given up after many tries; what was done until then stands


FINISHED = (ActionState.DONE, ActionState.FAILED)


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, person: User) -> Self:
        """One's own: what somebody presses is nobody else's business, what it changed is in each picture's history."""
        return self.filter(person=person, workspace__in=person.workspaces.all())

    def waiting(self) -> Self:
        return self.filter(state=ActionState.WAITING)

    def to_undo(self, since: datetime) -> Self:
        """What can be taken back, the last one first."""
        done = self.filter(state__in=FINISHED, created_at__gt=since, undoes=None, undone=None, done__gt=0)
        return done.order_by("-pk")


class Action(models.Model):
    """One verb on a selection of pictures, by one person."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="actions")
    verb = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone")
    search = models.CharField(max_length=2000, blank=True)  # what was matched, as it stood in the address
    picked = models.JSONField(null=True)  # ids of the pictures, in the order they are gone through
    total = models.PositiveIntegerField(default=0)
    at = models.PositiveIntegerField(default=0)  # how many of them have been gone through
    done = models.PositiveIntegerField(default=0)  # how many of those were changed
    refused = models.JSONField(default=dict)  # sentence -> {"count", "assets": the first few public ids}
    state = models.CharField(max_length=10, choices=ActionState.choices, default=ActionState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)  # since it last got on
    moved_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(state__in=ActionState.values), name="action_state")]
        indexes = [
            models.Index(fields=["person", "-id"], name="action_last"),
            models.Index(fields=["moved_at"], name="action_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_finished(self) -> bool:
        return self.state != ActionState.WAITING

    @property
    def refused_count(self) -> int:
        return sum(each["count"] for each in self.refused.values())


class AssetEvent(models.Model):
    """Something that happened to a picture: who, what, when. Never changed, and gone only with its picture."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="events")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.ForeignKey(Action, models.SET_NULL, null=True, related_name="events")
    verb = models.CharField(max_length=20)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        # Whoever goes through a picture a second time, after a kill, is stopped here at the latest.
        constraints = [models.UniqueConstraint(fields=["action", "asset"], name="asset_event_unique")]
        indexes = [models.Index(fields=["asset", "-id"], name="asset_event_log")]
