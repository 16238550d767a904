"""Facets: what a picture can be found by, turned around, so that a filter reads its pictures and nothing else.

Everything here is made from the assets and can be made again. A filter is one key range of `AssetFacet`, newest first,
however many pictures the workspace has. Several filters, and words, are compared in `FacetBlock`, thousands of pictures
at a time. Words are facets too, which only have blocks: a picture has too many for a row each.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.assets import Asset
from studio.models.ids import new_public_id
from studio.models.people import User, Workspace

# Who sees a picture, as a number: of one that everybody in the workspace sees, where it lies; of a private one, that
# plus its person's id.
SHARED = 0
DISCARDED = 1 << 40
TRASHED = 1 << 41


class Facet(models.Model):
    """One thing pictures of a workspace have in common: the tag "poster", the model V4, four stars, a month."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind", "value"], name="facet_unique")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class AssetFacet(models.Model):
    """A picture under one of its facets. On SQLite the rows are the key: there is no table beside it."""

    pk = models.CompositePrimaryKey("facet_id", "scope", "asset_id")
    facet = models.ForeignKey(Facet, models.CASCADE, related_name="+", db_index=False)
    scope = models.PositiveBigIntegerField()
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="facet_rows")


class FacetCount(models.Model):
    """How many pictures a facet has in a scope: kept with the rows, so that nothing is ever counted."""

    facet = models.ForeignKey(Facet, models.CASCADE, related_name="counts")
    scope = models.PositiveBigIntegerField()
    pictures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facet", "scope"], name="facet_count_unique")]


class FacetBlock(models.Model):
    """Which pictures of a stretch of ids have a facet in a scope, as `services.blocks` writes it."""

    pk = models.CompositePrimaryKey("facet_id", "scope", "block")
    facet = models.ForeignKey(Facet, models.CASCADE, related_name="+", db_index=False)
    scope = models.PositiveBigIntegerField()
    block = models.PositiveIntegerField()  # the id of its first picture, divided by how many there are in one
    bits = models.BinaryField()


class AssetText(models.Model):
    """The words a picture is found by, one after the other, cut as `services.words` says."""

    asset = models.OneToOneField(Asset, models.CASCADE, primary_key=True, related_name="text")
    scope = models.PositiveBigIntegerField()  # in which its words were put
    body = models.TextField()


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, person: User, workspace: Workspace) -> Self:
        """One's own, and those that others share, by their names."""
        mine = models.Q(person=person) | models.Q(shared=True)
        return self.filter(mine, workspace=workspace).order_by("name", "pk")


class SavedSearch(models.Model):
    """A search somebody wants at hand: the query of the gallery's address, for one person or for the workspace."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="saved_searches")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "person", "name"], name="saved_search_unique")]

    def __str__(self) -> str:
        return self.name
