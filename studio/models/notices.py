"""What people are told: notices, each once, and by which way each wants to be told."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.people import User, Workspace


class NoticeKind(models.TextChoices):
    RUNS = "runs", "My runs ended while I was away"
    ANSWERED = "answered", "My request was answered"
    FILES = "files", "My export is ready, or my zip is unpacked"
    BUDGET = "budget", "My own budget is nearly used up"
    COMMENT = "comment", "A comment on my picture"
    MENTION = "mention", "Somebody mentions me"
    ASKED = "asked", "Somebody asks for units or approval"
    ALERT = "alert", "Budgets, balance, prices and pictures of the workspace"


FOR_STEWARDS = (NoticeKind.ASKED, NoticeKind.ALERT)


class NoticeWay(models.TextChoices):
    """Whoever is told by mail finds it in the studio, too."""

    OFF = "off", "Not at all"
    STUDIO = "studio", "In the studio"
    DAILY = "daily", "And by mail, once a day"
    MAIL = "mail", "And by mail, at once"


# Where a person has not chosen. By mail only what keeps somebody else waiting, or costs money.
USUAL_WAYS: dict[str, NoticeWay] = {
    NoticeKind.ASKED: NoticeWay.MAIL,
    NoticeKind.ALERT: NoticeWay.MAIL,
    NoticeKind.MENTION: NoticeWay.DAILY,
}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: User) -> Self:
        """One's own, of the workspaces one belongs to now."""
        return self.filter(person=person, workspace__memberships__person=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def read(self) -> int:
        """Mark them read; how many were not."""
        return self.unread().update(read_at=Now())

    def to_mail(self) -> Self:
        """Those that are due, to people who can still be told."""
        return self.filter(mail_at__lte=Now(), person__is_active=True)


class Notice(models.Model):
    """Something one person is told, once: `key` names what happened."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=300, blank=True)  # a path of this studio
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    # From when on it is to be sent by mail; while a worker sends it, when another may. None: not, or not any more.
    mail_at = models.DateTimeField(null=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notice_once"),
            models.CheckConstraint(condition=models.Q(kind__in=NoticeKind.values), name="notice_kind"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_list"),
            models.Index(fields=["person"], name="notice_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["mail_at"], name="notice_to_mail", condition=models.Q(mail_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text


class NoticePreference(models.Model):
    """How a person wants to be told of one kind of thing; none: USUAL_WAYS."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    way = models.CharField(max_length=10, choices=NoticeWay.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notice_preference_unique"),
            models.CheckConstraint(condition=models.Q(way__in=NoticeWay.values), name="notice_preference_way"),
        ]
