"""Review boards: pictures judged two at a time, by people who see neither authors nor models.

A board has its own list of pictures, so that what is judged does not change meanwhile. Members vote as themselves; who
comes by the board's link gives a name. Each pair comes before each voter once.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from studio.models.assets import Asset
from studio.models.ids import new_public_id
from studio.models.people import Membership, User, Workspace
from studio.models.roles import MAKERS


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(workspace__in=person.workspaces.all())

    def editable_by(self, person: User) -> Self:
        """Those a person may close, and write the result of into the ratings."""
        makes = Membership.objects.filter(person=person, role__in=MAKERS).values("workspace")
        return self.filter(workspace__in=makes)

    def open_by_link(self) -> Self:
        """Those whose link opens: while they run, and their maker belongs to the workspace and may make things."""
        maker = Membership.objects.filter(
            workspace=OuterRef("workspace"), person=OuterRef("person"), role__in=MAKERS, person__is_active=True
        )
        return self.filter(Exists(maker), closed_at=None, link_expires_at__gt=Now()).exclude(token_hash="")


class Board(models.Model):
    """Pictures to be compared, and until when."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="boards")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, blank=True)  # of its link for reviewers; empty is none
    link_expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)  # when its result became ratings
    created_at = models.DateTimeField(db_default=Now())

    objects = BoardQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"], name="board_list")]
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="board_link_unique")
        ]

    def __str__(self) -> str:
        return self.name


class BoardItem(models.Model):
    """One picture of a board. Its key is what voters' browsers see: no id of the studio's."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="items")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    key = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "asset"], name="board_item_unique")]


class Voter(models.Model):
    """Somebody who votes: a member, or a guest under the name they gave."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="voters")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    seed = models.PositiveBigIntegerField()  # of the order in which pairs come, and on which side
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "person"], name="board_voter_unique")]


class Vote(models.Model):
    """What a voter made of one pair, the lower key first; no winner is a skip."""

    voter = models.ForeignKey(Voter, models.CASCADE, related_name="votes")
    low = models.ForeignKey(BoardItem, models.CASCADE, related_name="+")
    high = models.ForeignKey(BoardItem, models.CASCADE, related_name="+")
    winner = models.ForeignKey(BoardItem, models.CASCADE, null=True, related_name="wins")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voter", "low", "high"], name="vote_unique"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="vote_order"),
            models.CheckConstraint(
                condition=Q(winner=None) | Q(winner=F("low")) | Q(winner=F("high")), name="vote_winner"
            ),
        ]
