"""Comments: what people say about a picture, and where on it they point."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.assets import Asset
from studio.models.ids import new_public_id
from studio.models.people import User, Workspace

MOST_LETTERS = 2000


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(asset__in=Asset.objects.visible_to(person), deleted_at=None)


class Comment(models.Model):
    """One remark, perhaps pinned to a place: `x` and `y` are fractions of the picture's width and height."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="comments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField(max_length=MOST_LETTERS)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentioned_in")
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(x=None, y=None) | models.Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1),
                name="comment_pin",
            )
        ]
        indexes = [models.Index(fields=["asset", "id"], name="comment_list", condition=models.Q(deleted_at=None))]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_pinned(self) -> bool:
        return self.x is not None
