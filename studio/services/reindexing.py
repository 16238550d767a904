"""What pictures are found by, made anew: when a clock has changed, after much was written at once, or to be sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import connection, transaction

from studio.models import Asset, AssetText, Facet, FacetCount, Workspace
from studio.models.statements import rows
from studio.services import blocks, facets, naming
from studio.services.words import told

TEXTS = 5000  # that are read at once


def rebuild(workspace: Workspace) -> int:
    """Make everything anew for a workspace, and the names of what was made without words; how many pictures it has."""
    last, done = 0, 0
    while batch := list(
        Asset.objects.filter(workspace=workspace, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[: facets.CHUNK]
    ):
        facets.index({*batch, *naming.follow(batch)})
        last, done = batch[-1], done + len(batch)
    rebuild_blocks(workspace)
    return done


@transaction.atomic
def rebuild_blocks(workspace: Workspace) -> None:
    """Make the blocks of a workspace anew from its rows and texts, and how many pictures each word has."""
    facets.lock(workspace.pk)
    with connection.cursor() as cursor:
        for table, kinds in (("studio_facetblock", ""), ("studio_facetcount", f" AND kind = '{facets.WORD}'")):
            cursor.execute(
                f"DELETE FROM {table} WHERE facet_id IN "  # noqa: S608  names that stand above
                f"(SELECT id FROM studio_facet WHERE workspace_id = %s{kinds})",
                [workspace.pk],
            )
    known = Facet.objects.filter(workspace=workspace).exclude(kind=facets.WORD).exclude(kind__in=blocks.UNBLOCKED)
    for facet in known.values_list("pk", flat=True):
        found = rows("SELECT scope, asset_id FROM studio_assetfacet WHERE facet_id = %s", facet)
        blocks.change([(facet, scope, asset) for scope, asset in found], [])
    _rebuild_words(workspace)


def _rebuild_words(workspace: Workspace) -> None:
    ids, pictures = dict[str, int](), Counter[tuple[int, int]]()
    for batch in _texts(workspace):
        new = {word for _, _, text in batch for word in told(text)} - ids.keys()
        ids |= {
            name[2]: pk for name, pk in facets.facets_of({(workspace.pk, facets.WORD, word) for word in new}).items()
        }
        entries = [(ids[word], scope, asset) for asset, scope, text in batch for word in told(text)]
        blocks.change(entries, [])
        pictures.update(entry[:2] for entry in entries)
    FacetCount.objects.bulk_create(
        [FacetCount(facet_id=facet, scope=scope, pictures=count) for (facet, scope), count in pictures.items()],
        batch_size=TEXTS,
    )


def _texts(workspace: Workspace) -> Iterator[list[tuple[int, int, str]]]:
    last, texts = 0, AssetText.objects.filter(asset__workspace=workspace).order_by("pk")
    while batch := list(texts.filter(pk__gt=last).values_list("pk", "scope", "body")[:TEXTS]):
        yield batch
        last = batch[-1][0]
