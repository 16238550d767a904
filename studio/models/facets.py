"""Facets: what a picture can be found by, turned around, so that a filter reads its pictures and nothing else.

Everything here is made from the assets and can be made again. A filter is one key range of `AssetFacet`, newest first,
however many pictures the workspace has; several filters walk the rarest and look the others up.
"""

from django.db import models

from studio.models.assets import Asset
from studio.models.people import Workspace

SHARED = 0  # the scope of what everybody in the workspace sees; a private picture's scope is its person's id


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
    """A picture under one of its facets. Only what is stored and not discarded stands here."""

    pk = models.CompositePrimaryKey("facet_id", "scope", "asset_id")
    facet = models.ForeignKey(Facet, models.CASCADE, related_name="+", db_index=False)
    scope = models.PositiveBigIntegerField()  # SHARED, or the id of the one person who sees it
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="facet_rows")


class FacetCount(models.Model):
    """How many pictures a facet has in a scope: kept with the rows, so that nothing is ever counted."""

    facet = models.ForeignKey(Facet, models.CASCADE, related_name="counts")
    scope = models.PositiveBigIntegerField()
    pictures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facet", "scope"], name="facet_count_unique")]
