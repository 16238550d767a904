"""What pictures are found by stays true to the pictures."""

import random
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.models import Asset, AssetFacet, AssetText, Facet, FacetBlock, FacetCount, Favorite, User
from studio.models.collections import Collection, CollectionItem
from studio.models.facets import DISCARDED, SHARED, TRASHED
from studio.services import blocks, candidates, facets, looks, reindexing, renditions, workspaces
from studio.services.words import told, words
from tests.fixtures import at_once
from tests.views import making

pytestmark = pytest.mark.django_db


def named(asset: Asset) -> set[tuple[str, str, int]]:
    rows = AssetFacet.objects.filter(asset=asset).values_list("facet__kind", "facet__value", "scope")
    return set(rows)


def counts_agree() -> bool:
    """Whether the counts and the blocks tell what the rows and the texts do."""
    rows = AssetFacet.objects.exclude(facet__kind__startswith="look").values_list("facet__kind", "facet", "scope", "pk")
    entries = [(kind, facet, scope, pk[2]) for kind, facet, scope, pk in rows]
    words = dict(Facet.objects.filter(kind="word").values_list("value", "pk"))
    for pk, scope, text in AssetText.objects.values_list("pk", "scope", "body"):
        entries += [("word", words[word], scope, pk) for word in told(text)]
    kept = {key[:2]: key[2] for key in FacetCount.objects.values_list("facet_id", "scope", "pictures") if key[2]}
    blocked = {
        (row.facet_id, row.scope, row.block * blocks.WIDTH + at)
        for row in FacetBlock.objects.all()
        for at in range(blocks.WIDTH)
        if blocks.read(bytes(row.bits)) >> at & 1
    }
    return Counter(entry[1:3] for entry in entries) == kept and blocked == {
        entry[1:] for entry in entries if entry[0] not in blocks.UNBLOCKED
    }


def test_days_begin_at_another_midnight_once_the_clock_is_another(alice: User) -> None:
    late = making.picture(alice)
    Asset.objects.filter(pk=late.pk).update(created_at="2026-03-31T22:30:00Z")
    facets.index([late.pk])
    assert {("day", "2026-03-31", SHARED), ("month", "2026-03", SHARED)} <= named(late)
    workspaces.change(alice.memberships.get(), "Studio", "Europe/Berlin", "workspace")
    assert facets.index_waiting() == 1
    assert {("day", "2026-04-01", SHARED), ("month", "2026-04", SHARED)} <= named(late)
    assert counts_agree()
    workspaces.change(alice.memberships.get(), "Studio", "Europe/Berlin", "private")
    assert facets.index_waiting() == 0, "for the same clock nothing is made anew"


def test_a_picture_is_found_by_what_it_is(alice: User) -> None:
    vase = making.picture(alice, tags=["poster", "spring"], rating=4, colors=[[20, 60, 200]], phash=-2, units=40)
    facets.index([vase.pk])
    found = named(vase)
    month = vase.created_at.strftime("%Y-%m")
    for kind, value in [
        ("all", ""),
        ("person", str(alice.pk)),
        ("model", "recraftv4_1"),
        ("operation", "generate"),
        ("kind", "raster"),
        ("aspect", "4:5"),
        ("rating", "4"),
        ("tag", "poster"),
        ("tag", "spring"),
        ("color", "blue"),
        ("cost", "000040"),
        ("month", month),
        ("look0", "fffe"),
        ("look3", "ffff"),
    ]:
        assert (kind, value, SHARED) in found
    assert counts_agree()


def test_random_changes_leave_what_a_new_index_would_make(alice: User, bob: User) -> None:
    rng = random.Random(5)
    library = [making.picture(person) for person in (alice, bob) for _ in range(6)]
    spring = Collection.objects.create(workspace=library[0].workspace, owner=alice, name="Spring")
    for _ in range(12):
        some = rng.sample(library, 4)
        for asset in some:
            Asset.objects.filter(pk=asset.pk).update(
                rating=rng.randrange(6),
                tags=rng.sample(["one", "two", "three"], rng.randrange(3)),
                visibility=rng.choice(["private", "workspace"]),
                decision=rng.choice(["open", "accepted", "discarded"]),
                state=rng.choice(["stored", "stored", "trashed"]),
                approved_at=rng.choice([None, timezone.now()]),
                given_title=rng.choice(["", "A title", "Ünïcode, 東京"]),
            )
        Favorite.objects.filter(asset=some[0]).delete()
        Favorite.objects.get_or_create(asset=some[1], person=rng.choice([alice, bob]))
        CollectionItem.objects.filter(asset=some[2]).delete()
        CollectionItem.objects.get_or_create(asset=some[3], collection=spring, defaults={"place": 1, "added_by": bob})
        facets.index([asset.pk for asset in some])
        assert counts_agree()
    before = {asset: named(asset) for asset in library}
    assert {"favorite", "collection"} <= {row[0] for rows in before.values() for row in rows}
    call_command("index_gallery", verbosity=0)
    assert {asset: named(asset) for asset in library} == before
    AssetFacet.objects.all().delete()
    FacetCount.objects.update(pictures=0)
    FacetBlock.objects.all().delete()
    reindexing.rebuild(library[0].workspace)
    assert {asset: named(asset) for asset in library} == before
    assert counts_agree()


def test_where_it_lies_and_who_sees_it_are_its_scope(alice: User) -> None:
    vase = making.picture(alice)
    for fields, scope in [
        ({"visibility": "private"}, alice.pk),
        ({"decision": "discarded"}, DISCARDED + alice.pk),
        ({"visibility": "workspace"}, DISCARDED),
        ({"state": "trashed"}, TRASHED),
    ]:
        Asset.objects.filter(pk=vase.pk).update(**fields)
        facets.index([vase.pk])
        assert {row[2] for row in named(vase)} == {scope}
        assert AssetText.objects.get(pk=vase.pk).scope == scope
    assert counts_agree()


def test_a_purged_picture_and_a_mask_are_found_by_nothing(alice: User) -> None:
    vase, mask = making.picture(alice), making.picture(alice, kind="mask")
    Asset.objects.filter(pk=vase.pk).update(state="trashed")
    Asset.objects.filter(pk=vase.pk).update(state="purged")
    Favorite.objects.create(asset=vase, person=alice)
    facets.index([vase.pk, mask.pk])
    assert not AssetFacet.objects.exists()
    assert not AssetText.objects.exists()
    assert counts_agree()
    assert not Asset.objects.filter(indexed_at=None).exists()


def test_the_statements_do_not_grow_with_the_pictures(alice: User) -> None:
    library = [making.picture(alice, tags=[f"tag {number}"]) for number in range(12)]

    def statements(count: int) -> int:
        Asset.objects.update(rating=count % 6, tags=["another", str(count)])
        with CaptureQueriesContext(connection) as queries:
            facets.index([asset.pk for asset in library[:count]])
        return len(queries)

    assert statements(12) == statements(2) <= 20


def test_pictures_nobody_indexed_are_found_by_the_clock(alice: User) -> None:
    vase = making.picture(alice)
    Asset.objects.update(indexed_at=None)
    AssetFacet.objects.all().delete()
    FacetCount.objects.update(pictures=0)
    assert facets.index_waiting() == 1
    assert ("all", "", SHARED) in named(vase)
    assert facets.index_waiting() == 0


def test_a_picture_that_can_not_be_rendered_is_in_the_gallery_all_the_same(alice: User) -> None:
    broken = making.picture(alice, content=b"no picture", rendered=False)
    AssetFacet.objects.all().delete()
    FacetCount.objects.update(pictures=0)
    renditions.make(broken.pk)
    assert ("all", "", SHARED) in named(broken)


def test_a_decision_moves_a_candidate_at_once(alice: User) -> None:
    source = making.picture(alice)
    (candidate,) = making.candidates(alice, source)
    candidates.decide(alice, candidate, "discarded")
    assert ("all", "", DISCARDED) in named(candidate)
    candidates.decide(alice, candidate, "accepted")
    assert ("state", "accepted", SHARED) in named(candidate)


def test_many_who_change_the_same_pictures_leave_the_counts_right(committed: None, alice: User) -> None:
    library = [making.picture(alice) for _ in range(6)]

    def work(number: int) -> None:
        rng = random.Random(number)
        for _ in range(4):
            some = sorted(rng.sample(library, 3), key=lambda each: each.pk)
            with transaction.atomic():
                for each in some:
                    Asset.objects.filter(pk=each.pk).update(tags=[str(number)])
                facets.index([each.pk for each in some])

    assert at_once(4, work) == [None] * 4
    assert counts_agree()


def test_colors_that_look_alike_share_a_cell() -> None:
    rng = random.Random(3)
    for _ in range(200):
        color = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        near = looks.cells_near(color)
        assert set(looks.cells([color])) <= set(near) and len(near) <= 8
    assert not set(looks.cells([(255, 0, 0)])) & set(looks.cells_near((0, 0, 255)))
    assert all(looks.name_of(color) == name for name, color in looks.NAMES.items())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Three hand-thrown VASES, no. 7", ["three", "hand", "thrown", "vases", "no", "7"]),
        ("Café Ångström ÉTÉ", ["cafe", "angstrom", "ete"]),
        ("東京の夜", ["東", "京", "の", "夜"]),
        ("snake_case & <b>", ["snake", "case", "b"]),
        ("' OR 1=1 --\x00", ["or", "1", "1"]),
    ],
)
def test_words_are_cut_the_same_everywhere(text: str, found: list[str]) -> None:
    assert words(text) == found
    assert words(" ".join(found)) == found
