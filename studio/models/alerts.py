"""Alerts: what those who steer a workspace must know, each once; and the webhooks that carry it on."""

from __future__ import annotations

import uuid
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.ids import new_public_id
from studio.models.people import Workspace


class AlertKind(models.TextChoices):
    BUDGET = "budget", "Budget"
    BALANCE = "balance", "Low balance"
    RUNS_OUT = "runs_out", "Balance runs out"
    PAUSED = "paused", "Provider paused"
    DRIFT = "drift", "Price drift"
    EXTERNAL = "external", "Unexplained spend"
    AT_RISK = "at_risk", "Pictures at risk"
    STOPPED = "stopped", "Emergency stop"


class Alert(models.Model):
    """Something that needs somebody. `key` names it: while it is open, or if it never ends, it is raised once."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=10, choices=AlertKind.choices)
    key = models.CharField(max_length=160)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=300)
    details = models.JSONField(default=dict)  # the figures behind the text, for webhooks
    created_at = models.DateTimeField(db_default=Now())
    # What can be over ends, so that it is said again when it comes back.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # This decides between two clocks, or two threads, that find the same at the same moment.
            models.UniqueConstraint(fields=["workspace", "key"], condition=models.Q(ended_at=None), name="alert_once"),
            models.CheckConstraint(condition=models.Q(kind__in=AlertKind.values), name="alert_kind"),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="alert_list")]

    def __str__(self) -> str:
        return self.text


class AlertSettings(models.Model):
    """From where on a workspace wants to be warned; without a row the values here count."""

    LOW_BALANCE = 5_000  # units
    DAYS_LEFT = 7

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="alert_settings")
    low_balance = models.PositiveBigIntegerField(null=True, default=LOW_BALANCE)  # units; none: never
    days_left = models.PositiveSmallIntegerField(null=True, default=DAYS_LEFT)  # of the forecast; none: never


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def in_use(self) -> Self:
        return self.filter(ended_at=None)


class Webhook(models.Model):
    """An address outside that is told of a workspace's alerts. Its secret is made of `salt`, and kept nowhere."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    salt = models.CharField(max_length=32)
    key_id = models.CharField(max_length=16)  # which of the studio's secret keys its secret was made with
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        """Where it leads, without the rest of its address, which may be as good as a password."""
        return urlsplit(self.url).netloc


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> Self:
        return self.filter(state=DeliveryState.WAITING, next_at__lte=Now())


class Delivery(models.Model):
    """One message to one webhook, and how often it was tried. The receiver tells repeats apart by `event`."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="deliveries")  # none: a test
    event = models.UUIDField(default=uuid.uuid4, editable=False)
    body = models.TextField()  # the very bytes that are signed
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())  # of one that is being sent: when another worker may
    status = models.PositiveSmallIntegerField(null=True)  # the HTTP status last answered
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "alert"], name="delivery_once"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(state="waiting")),
            models.Index(fields=["webhook", "-id"], name="delivery_list"),
        ]
