"""Accounts, budgets and entries. Only `services.ledger` writes entries, and moves what budgets use and hold.

All amounts are whole API units; 1,000 units are US$1. The two provider accounts, sandbox and Recraft, have
ledgers of their own that are never added up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.jobs import Attempt, Job
from studio.models.people import Workspace
from studio.models.providers import ProviderAccount


class AccountQuerySet(models.QuerySet["Account"]):
    def stale(self, at: datetime) -> Self:
        """Those whose budgets are no longer what the caps say."""
        return self.filter(review_at__lte=at)


class Account(models.Model):
    """Somebody or something that units are counted for, under one provider account."""

    class Kind(models.TextChoices):
        PROVIDER = "provider"
        WORKSPACE = "workspace"
        PERSON = "person"
        LOSS = "loss"
        EXTERNAL = "external"

    provider_account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    workspace = models.ForeignKey(Workspace, models.PROTECT, null=True, related_name="accounts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="accounts")
    # Where this account's units flow on to: person -> workspace -> provider, and loss -> provider.
    contra = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # From this instant on its budgets are to be made anew from the caps: a period ends, or a cap does. None: never.
    review_at = models.DateTimeField(null=True)
    # What one job may cost, by operation or "" for any: the most at all, and the most without approval.
    ceilings = models.JSONField(default=dict)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider_account", "kind"], condition=models.Q(workspace=None), name="account_unique"
            ),
            models.UniqueConstraint(
                fields=["provider_account", "workspace"],
                condition=models.Q(kind="workspace"),
                name="account_unique_workspace",
            ),
            # A person has one account per workspace, so that the persons of a workspace add up to it.
            models.UniqueConstraint(
                fields=["provider_account", "workspace", "person"],
                condition=models.Q(kind="person"),
                name="account_unique_person",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind__in=["provider", "loss", "external"], workspace=None, person=None)
                    | models.Q(kind="workspace", workspace__isnull=False, person=None)
                    | models.Q(kind="person", workspace__isnull=False, person__isnull=False)
                ),
                name="account_owner",
            ),
        ]


class BudgetQuerySet(models.QuerySet["Budget"]):
    def lock(self) -> Self:
        """The rows, locked until commit, always in id order so that two jobs can't deadlock."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("id")

    def of_workspace(self, provider_account: ProviderAccount, workspace: Workspace) -> Self:
        """The workspace's own budget, then those of everybody who is or was a member."""
        accounts = Account.objects.filter(provider_account=provider_account, workspace=workspace)
        return self.filter(account__in=accounts, window=Budget.Window.TOTAL).select_related("account").order_by("id")


class Budget(models.Model):
    """What an account may spend in a window of time, and what it has spent and holds.

    `used` and `held` change in the transaction of the entry that changes them; `services.audit` recomputes both from
    the entries. Every account has a total, whose limit is the sum of its grants. It has a row for each period of a
    window that caps speak of; a new period is a new row, and one that is over stays as it was, but for what is still
    to be charged to it.
    """

    class Window(models.TextChoices):
        TOTAL = "total"
        MONTH = "month"
        WEEK = "week"
        DAY = "day"

    account = models.ForeignKey(Account, models.PROTECT, related_name="budgets")
    window = models.CharField(max_length=10, choices=Window.choices, default=Window.TOTAL)
    window_key = models.CharField(max_length=20, default="", blank=True)  # when the period begins, in UTC
    # Where the period begins and ends, by the time zone that the workspace had when the row was made.
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    is_current = models.BooleanField(default=True)  # what is reserved now is reserved here
    limit = models.BigIntegerField(null=True)  # units; null: no limit
    soft_limit = models.BigIntegerField(null=True)  # units that may be reserved without approval
    used = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "window", "window_key"], name="budget_unique"),
            # Two periods of one window never take reservations at once.
            models.UniqueConstraint(
                fields=["account", "window"], condition=models.Q(is_current=True), name="budget_current"
            ),
            models.CheckConstraint(condition=models.Q(held__gte=0), name="budget_held"),
            models.CheckConstraint(
                condition=models.Q(window="total", starts_at=None, ends_at=None, is_current=True)
                | (~models.Q(window="total") & models.Q(starts_at__lt=models.F("ends_at"))),
                name="budget_period",
            ),
        ]

    @property
    def left(self) -> int | None:
        """Units that may still be reserved; None where there is no limit."""
        return None if self.limit is None else max(0, self.limit - self.used - self.held)

    @property
    def free(self) -> int | None:
        """Units that may still be reserved without approval; None where there is no such limit."""
        return None if self.soft_limit is None else max(0, self.soft_limit - self.used - self.held)

    @property
    def kind(self) -> str:
        return self.account.kind


class EntryQuerySet(models.QuerySet["Entry"]):
    def open_reserves(self) -> Self:
        return self.filter(kind=Entry.Kind.RESERVE, closed_by=None)

    def of_totals(self) -> Self:
        """Each movement of an account once."""
        return self.filter(budget__window=Budget.Window.TOTAL)


class Entry(models.Model):
    """One movement of units. Never changed and never deleted: the database forbids both.

    reserve     held += units
    charge      closes a reserve: held -= what it held, used += units
    release     closes a reserve: held -= units
    grant       limit += units
    loss        used += units, negative where a person or workspace gets units back, positive on the loss account
    adjust, external   used += units, by hand or found by reconciliation
    carry       used += units, in a period that was opened late: what its total had been charged since it began

    There is one for each budget it touches: whoever adds up an account reads those of its total alone.
    """

    class Kind(models.TextChoices):
        RESERVE = "reserve"
        CHARGE = "charge"
        RELEASE = "release"
        GRANT = "grant"
        ADJUST = "adjust"
        LOSS = "loss"
        EXTERNAL = "external"
        CARRY = "carry"

    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    contra = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    units = models.BigIntegerField()
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="entries")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="entries")
    # One closing entry per reserve, by the database: a job can't be charged twice.
    closes = models.OneToOneField("self", models.PROTECT, null=True, related_name="closed_by")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["charge", "release"], closes__isnull=False)
                | (~models.Q(kind__in=["charge", "release"]) & models.Q(closes=None)),
                name="entry_closes",
            ),
            models.CheckConstraint(
                condition=models.Q(units__gte=0) | models.Q(kind__in=["grant", "adjust", "loss", "external", "carry"]),
                name="entry_units",
            ),
            # What no job asked for says why, and a correction says who.
            models.CheckConstraint(
                condition=models.Q(kind__in=["reserve", "charge", "release"]) | ~models.Q(reason=""),
                name="entry_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="adjust") | models.Q(actor__isnull=False), name="entry_actor"
            ),
        ]
        indexes = [
            models.Index(fields=["budget", "id"], name="entry_budget"),
            models.Index(fields=["job", "kind"], name="entry_job"),
            models.Index(fields=["account", "-id"], name="entry_by_hand", condition=models.Q(actor__isnull=False)),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Ledger entries are written by services.ledger, in bulk, and never changed.")


class Tally(models.Model):
    """What an account moved in a span of time, for one kind of work: its entries added up, as they are written.

    A person's span is a day by the clock on the workspace's wall, which `zone` names. The provider's is a quarter of
    an hour and its `zone` is "", since workspaces of any zone look at it, and their days are made of quarters.
    `services.tallies` keeps them, and can make them anew from the entries; docs/decisions/0008-tallies.md says why.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="tallies")
    since = models.DateTimeField()  # where the span begins
    zone = models.CharField(max_length=64, blank=True)
    operation = models.CharField(max_length=40, blank=True)
    image_model = models.CharField(max_length=40, blank=True)
    style = models.TextField(blank=True)
    spent = models.BigIntegerField(default=0)  # units of movements above zero
    back = models.BigIntegerField(default=0)  # units of those below zero, without the sign
    pictures = models.BigIntegerField(default=0)
    drifted = models.BigIntegerField(default=0)  # charges that were not what had been reserved,
    quoted = models.BigIntegerField(default=0)  # what had been for these,
    charged = models.BigIntegerField(default=0)  # and what they took

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "since", "zone", "operation", "image_model", "style"], name="tally_unique"
            )
        ]
