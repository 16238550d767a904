"""Caps: the rules that budgets are made from. Only `services.budgets` writes these rows.

A cap is never changed: a new one ends the old one, so that who set what, when and why can be read here for good.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.people import Workspace


class CapQuerySet(models.QuerySet["Cap"]):
    def in_force(self, at: datetime) -> Self:
        """What counts at an instant; a temporary cap after the lasting one it stands over."""
        lasting_first = models.F("until").asc(nulls_first=True)
        return self.filter(models.Q(until=None) | models.Q(until__gt=at), ended_at=None).order_by(lasting_first, "id")

    def same_rule(self, cap: Cap) -> Self:
        """The open caps that say something about the same thing as this one, for as long as this one."""
        return self.filter(
            workspace=cap.workspace_id,
            scope=cap.scope,
            person=cap.person_id,
            window=cap.window,
            operation=cap.operation,
            soft=cap.soft,
            ended_at=None,
        )


class Cap(models.Model):
    """How many units may be spent by a workspace, by each of its members, or by one of them.

    All caps that apply, apply. One person's own stands in the place of that of each member, and a temporary one in
    the place of the lasting one, until its end.
    """

    class Scope(models.TextChoices):
        WORKSPACE = "workspace", "Everybody together"
        MEMBER = "member", "Each member"
        PERSON = "person", "One person"

    class Window(models.TextChoices):
        TOTAL = "total"
        MONTH = "month"
        WEEK = "week"
        DAY = "day"
        RUN = "run"  # what one job may cost

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="caps")
    scope = models.CharField(max_length=10, choices=Scope.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="caps")
    window = models.CharField(max_length=10, choices=Window.choices)
    operation = models.CharField(max_length=40, blank=True)  # of a run alone; blank: of any
    units = models.BigIntegerField(null=True)  # null: no limit, in the place of one that each member has
    soft = models.BooleanField(default=False)  # above it a job waits for approval, instead of being refused
    until = models.DateTimeField(null=True)
    # By how much a temporary cap changed the limit of an account's total, which its end takes back.
    raised = models.BigIntegerField(default=0)
    account = models.ForeignKey("Account", models.PROTECT, null=True, related_name="raises")
    reason = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = CapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["workspace", "member"], person=None)
                | models.Q(scope="person", person__isnull=False),
                name="cap_person",
            ),
            # What one job may cost is a matter of persons; an operation is a matter of one job.
            models.CheckConstraint(
                condition=(models.Q(window="run") & ~models.Q(scope="workspace"))
                | (~models.Q(window="run") & models.Q(operation="")),
                name="cap_run",
            ),
            models.CheckConstraint(condition=models.Q(units=None) | models.Q(units__gte=0), name="cap_units"),
            models.UniqueConstraint(
                fields=["workspace", "scope", "window", "operation", "soft"],
                condition=models.Q(ended_at=None, until=None, person=None),
                name="cap_unique",
            ),
            models.UniqueConstraint(
                fields=["workspace", "person", "window", "operation", "soft"],
                condition=models.Q(ended_at=None, until=None, person__isnull=False),
                name="cap_unique_person",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "id"], name="cap_in_force", condition=models.Q(ended_at=None)),
        ]
