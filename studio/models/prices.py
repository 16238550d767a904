"""The price book's later editions: what was learned after the facts in `studio.recraft.prices` were written."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.providers import ProviderAccount


class Price(models.Model):
    """What one line costs from an instant on, on one provider account. Never changed, never deleted.

    The facts are the edition before the first row. In force is the newest row whose time has come.
    """

    provider_account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="prices")
    line = models.CharField(max_length=40)  # of the book; mostly an operation
    image_model = models.CharField(max_length=40, blank=True)  # blank: an operation without one
    units = models.PositiveIntegerField()  # per picture or per request, as the facts say of the line
    effective_from = models.DateTimeField()
    reason = models.CharField(max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="price_reason")]
        indexes = [models.Index(fields=["provider_account", "id"], name="price_book")]

    def __str__(self) -> str:
        return f"{self.line} {self.image_model}".strip()
