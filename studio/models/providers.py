"""Who the studio buys from, whose turn it is there, and which hosts make the calls."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ProviderAccount(models.Model):
    """One account at one provider: the sandbox, or Recraft under one token.

    It is fixed on a job at submit. A caller claims only jobs of the account it holds, so a job queued on the
    sandbox is never sent to the paid API. Its row is the lock that every claim takes.
    """

    class Kind(models.TextChoices):
        SANDBOX = "sandbox"
        RECRAFT = "recraft"

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    fingerprint = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    paused_reason = models.CharField(max_length=200, blank=True)
    paused_at = models.DateTimeField(null=True)
    balance = models.BigIntegerField(null=True)  # units, as the provider last said
    balance_at = models.DateTimeField(null=True)
    # No claim before this instant: set when the provider refuses for its rate although we counted.
    hold_until = models.DateTimeField(null=True)
    # When claiming was last held back so that the balance could be read while nothing runs.
    barrier_at = models.DateTimeField(null=True)
    # Counted up with every price that is set, so that a process sees by this row whether it knows the latest.
    prices_version = models.PositiveIntegerField(default=0)
    # Fair queuing: the virtual time of the turn last served, in images.
    virtual = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "fingerprint"], name="provider_account_unique"),
            models.CheckConstraint(condition=models.Q(state__in=["active", "paused"]), name="provider_account_state"),
        ]

    def __str__(self) -> str:
        return f"Recraft {self.fingerprint[:6]}" if self.kind == self.Kind.RECRAFT else "Sandbox"

    @property
    def is_paused(self) -> bool:
        return self.state == self.State.PAUSED


class Checkpoint(models.Model):
    """The provider's balance, read while nothing ran, and how its change since the one before is explained. Units.

    drop = explained + billed + external, where `explained` is what the answers in between said, `billed` what calls
    without an answer turned out to have cost, and `external` what is left: the token used elsewhere, or a top-up.
    """

    provider_account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="checkpoints")
    balance = models.BigIntegerField()
    drop = models.BigIntegerField(default=0)  # since the one before; negative after a top-up
    explained = models.BigIntegerField(default=0)
    billed = models.BigIntegerField(default=0)
    external = models.BigIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)  # attempts whose answers explain it
    unknowns = models.PositiveIntegerField(default=0)  # attempts that were unknown until then
    ledger = models.BigIntegerField()  # what the provider's account had used, after this
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(drop=models.F("explained") + models.F("billed") + models.F("external")),
                name="checkpoint_explained",
            ),
        ]
        indexes = [models.Index(fields=["provider_account", "-id"], name="checkpoint_newest")]


class Turn(models.Model):
    """How far one person has been served on one provider account, in images of virtual time."""

    provider_account = models.ForeignKey(ProviderAccount, models.CASCADE, related_name="turns")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    served = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider_account", "person"], name="turn_unique")]


class Host(models.Model):
    """A machine (or container) with callers and a spool folder of its own."""

    id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=120, blank=True)
    seen_at = models.DateTimeField(db_default=Now())


class Lease(models.Model):
    """A named piece of work that one process at a time may do, by the database's clock."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()
