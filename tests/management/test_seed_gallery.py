"""Pictures by the hundred thousand are written past the services, and look as if those had written them."""

import pytest
from django.core.management import CommandError, call_command

from studio.models import Asset, AssetFacet, AssetText, FacetBlock, FacetCount, Workspace
from studio.services import reindexing

BLOCKS = FacetBlock.objects.values_list("facet__kind", "facet__value", "scope", "block", "bits")
pytestmark = pytest.mark.django_db


def rows() -> tuple[set[object], ...]:
    return (
        set(AssetFacet.objects.values_list("facet__kind", "facet__value", "scope", "asset")),
        set(FacetCount.objects.filter(pictures__gt=0).values_list("facet__kind", "facet__value", "scope", "pictures")),
        set(AssetText.objects.values_list("pk", "scope", "body")),
        {(*row[:4], bytes(row[4])) for row in BLOCKS.all()},
    )


def test_what_is_seeded_is_what_an_index_of_it_would_be() -> None:
    call_command("seed_gallery", pictures=150, verbosity=0)
    seeded = rows()
    assert Asset.objects.count() == 150
    reindexing.rebuild(Workspace.objects.get())
    assert rows() == seeded
    AssetFacet.objects.all().delete()
    FacetBlock.objects.all().delete()
    FacetCount.objects.all().delete()
    AssetText.objects.all().delete()
    reindexing.rebuild(Workspace.objects.get())
    assert rows() == seeded


def test_a_studio_in_use_is_not_filled_by_mistake() -> None:
    call_command("seed_gallery", pictures=4, verbosity=0)
    with pytest.raises(CommandError, match="worked here"):
        call_command("seed_gallery", pictures=4, verbosity=0)
    call_command("seed_gallery", pictures=4, force=True, workspace="Another", verbosity=0)
    assert Asset.objects.filter(workspace__name="Another").count() == 4
