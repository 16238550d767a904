"""Collections: pictures that belong together, in an order that people give them.

A collection never widens who of the workspace sees a picture: what it shows somebody is what they may see anyway. One
inside another is seen by whoever sees the outer one, and there are no deeper ones.

An item's place is a number with room on both sides. A picture that is moved takes the middle between two others; where
there is no room left, a few neighbors make some. So nothing is ever numbered anew as a whole.
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models.assets import Asset, Decision
from studio.models.ids import new_public_id
from studio.models.ledger import Account
from studio.models.people import Membership, User, Visibility, Workspace
from studio.models.roles import MAKERS, STEWARDS

Row = TypeVar("Row", bound=models.Model)

ROOM = 2**32  # between the places of two pictures that were added one after the other
ENOUGH = 2**8  # as little room as is worth making


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(_open_to(person), workspace__in=person.workspaces.all())

    def editable_by(self, person: User) -> Self:
        """Those a person may put pictures into, take them out of and order."""
        return self.filter(_open_to(person), workspace__in=_workspaces_of(person, MAKERS))

    def managed_by(self, person: User) -> Self:
        """Those a person may rename, open to others and delete: their own, and what stewards see of others."""
        own = Q(owner=person, workspace__in=_workspaces_of(person, MAKERS))
        return self.filter(own | Q(_open_to(person), workspace__in=_workspaces_of(person, STEWARDS)))


def _open_to(person: User) -> Q:
    invited = CollectionMember.objects.filter(person=person).values("collection")
    theirs = Q(owner=person) | Q(parent__owner=person) | Q(pk__in=invited) | Q(parent__in=invited)
    return Q(visibility=Visibility.WORKSPACE) | theirs


def _workspaces_of(person: User, roles: tuple[str, ...]) -> Any:
    return Membership.objects.filter(person=person, role__in=roles).values("workspace")


class Collection(models.Model):
    """Pictures under one name."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="collections")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.WORKSPACE)
    cover = models.ForeignKey(Asset, models.SET_NULL, null=True, related_name="+")
    members = models.ManyToManyField(User, through="CollectionMember", related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = CollectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="collection_visibility"),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="collection_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        """Whether everybody in the workspace sees it."""
        return self.visibility == Visibility.WORKSPACE


class CollectionMember(models.Model):
    """Somebody besides its owner who sees a private collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "person"], name="collection_member_unique")]


class PlacedQuerySet(models.QuerySet[Row]):
    """Of rows that put an asset at a place in some order."""

    def visible_to(self, person: User) -> Self:
        """What of it a person sees; that the whole is theirs to open was found before."""
        return self.filter(asset__in=Asset.objects.visible_to(person))

    def kept(self) -> Self:
        """Without what was rejected, which is hidden here as it is in the gallery."""
        return self.exclude(asset__decision=Decision.DISCARDED)

    def rejected(self) -> Self:
        return self.filter(asset__decision=Decision.DISCARDED)

    def in_order(self) -> Self:
        return self.order_by("place", "id")

    def after(self, place: int, pk: int) -> Self:
        """What comes after a place, for the next page."""
        return self.filter(Q(place__gt=place) | Q(place=place, pk__gt=pk))


class ItemQuerySet(PlacedQuerySet["CollectionItem"]):
    """The pictures of collections."""


class CollectionItem(models.Model):
    """A picture in a collection. Its place is ordered, not counted: see the module's words."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="collection_items")
    place = models.BigIntegerField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    # What its picture was charged, to which account and when: copies that stay true, since no charge ever changes.
    units = models.PositiveIntegerField(default=0)
    payer = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    charged_at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "asset"], name="collection_item_unique")]
        indexes = [
            models.Index(fields=["collection", "place", "id"], name="collection_order"),
            # All that spend by collection reads, so that it reads no row.
            models.Index(fields=["collection", "charged_at", "payer", "units", "asset"], name="collection_spent"),
        ]
