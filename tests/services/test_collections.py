"""Collections: who sees them, what they never widen, and an order that is never made anew as a whole."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.errors import NotAllowed, WouldShare
from studio.models import Action, Asset, Collection, Membership, Role, User, Visibility
from studio.models.collections import ROOM
from studio.services import acting, collections
from tests.views.making import picture


def make(person: User, name: str = "Spring", **fields: object) -> Collection:
    return collections.create(person.memberships.get(), name, **fields)  # type: ignore[arg-type]


def order(collection: Collection, person: User) -> list[int]:
    return list(collection.items.visible_to(person).in_order().values_list("asset_id", flat=True))


def filled(person: User, count: int = 4) -> tuple[Collection, list[Asset]]:
    collection, assets = make(person), [picture(person) for _ in range(count)]
    collections.add(person, collection, [asset.pk for asset in assets])
    return collection, assets


def take_out(person: User, collection: Collection, *assets: Asset) -> Action:
    names = [asset.public_id for asset in assets]
    return acting.act(person, collection.workspace, "uncollect", collection.public_id, names)


def as_role(person: User, role: str) -> None:
    Membership.objects.filter(person=person).update(role=role)


# --- who sees which -------------------------------------------------------------------------------------------------


def test_a_private_collection_is_its_owners_and_its_members(alice: User, bob: User, charlie: User) -> None:
    private = make(bob, visibility=Visibility.PRIVATE)
    inside = make(bob, "Inside", parent=private)
    assert inside.visibility == Visibility.PRIVATE
    for person in (alice, charlie):
        assert not Collection.objects.visible_to(person).exists()
        assert not Collection.objects.editable_by(person).exists()
        assert not Collection.objects.managed_by(person).exists()
    collections.change(bob, private, name="Mine", description="", visibility="private", members=[alice, charlie])
    assert set(Collection.objects.visible_to(alice)) == {private, inside}, "with what is nested in it"
    assert not Collection.objects.visible_to(charlie).exists(), "who doesn't belong to the workspace can't be chosen"


def test_a_viewer_looks_an_editor_fills_and_a_steward_manages(alice: User, bob: User) -> None:
    collection, assets = filled(alice)
    assert list(Collection.objects.editable_by(bob)) == [collection]
    assert not Collection.objects.managed_by(bob).exists()
    with pytest.raises(NotAllowed):
        collections.delete(bob, collection)
    as_role(bob, Role.VIEWER)
    assert list(Collection.objects.visible_to(bob)) == [collection]
    for change in (
        lambda: collections.add(bob, collection, [assets[0].pk]),
        lambda: take_out(bob, collection, assets[0]),
        lambda: collections.move(bob, collection, assets[0], None),
        lambda: collections.create(bob.memberships.get(), "Mine"),
    ):
        with pytest.raises(NotAllowed):
            change()
    mine = make(alice)
    as_role(bob, Role.ADMIN)
    assert mine in Collection.objects.managed_by(bob)


def test_collections_are_nested_once(alice: User) -> None:
    outer = make(alice)
    inner = make(alice, parent=outer)
    with pytest.raises(NotAllowed):
        make(alice, parent=inner)


def test_what_is_nested_opens_and_closes_together(alice: User, bob: User) -> None:
    outer = make(alice)
    inner = make(alice, parent=outer)
    collections.change(alice, outer, name="Secret", description="", visibility="private")
    assert not Collection.objects.visible_to(bob).filter(pk__in=[outer.pk, inner.pk]).exists()


# --- what goes in ---------------------------------------------------------------------------------------------------


def test_a_private_picture_comes_into_a_shared_collection_only_when_its_person_says_so(alice: User, bob: User) -> None:
    collection, secret = make(alice), picture(bob, visibility=Visibility.PRIVATE)
    with pytest.raises(WouldShare) as question:
        collections.add(bob, collection, [secret.pk])
    assert question.value.count == 1
    assert not collection.items.exists()
    done = collections.add(bob, collection, [secret.pk], share=True)
    secret.refresh_from_db()
    assert (done.added, done.shared, secret.visibility) == (1, 1, Visibility.WORKSPACE)


def test_a_private_picture_in_a_private_collection_stays_private(alice: User, bob: User) -> None:
    collection = make(bob, visibility=Visibility.PRIVATE)
    secret = picture(bob, visibility=Visibility.PRIVATE)
    collections.add(bob, collection, [secret.pk])
    collections.change(bob, collection, name="Open", description="", visibility="workspace")
    secret.refresh_from_db()
    assert secret.visibility == Visibility.PRIVATE
    assert order(collection, bob) == [secret.pk]


def test_pictures_of_another_workspace_are_not_there(alice: User, charlie: User) -> None:
    collection, foreign = make(alice), picture(charlie)
    done = collections.add(alice, collection, [foreign.pk])
    assert (done.added, done.missing) == (0, 1)


def test_adding_twice_adds_once_and_says_so(alice: User) -> None:
    collection, assets = filled(alice, 2)
    new = picture(alice)
    done = collections.add(alice, collection, [assets[1].pk, new.pk, new.pk])
    assert (done.added, done.already, done.missing) == (1, 1, 0)
    assert order(collection, alice) == [assets[0].pk, assets[1].pk, new.pk]


def test_deleting_a_collection_keeps_its_pictures(alice: User) -> None:
    collection, assets = filled(alice, 2)
    make(alice, "Inside", parent=collection)
    collections.set_cover(alice, collection, assets[0])
    collections.delete(alice, collection)
    assert not Collection.objects.exists()
    assert Asset.objects.visible_to(alice).count() == 2


def test_taking_the_cover_out_leaves_no_cover(alice: User) -> None:
    collection, assets = filled(alice, 2)
    collections.set_cover(alice, collection, assets[0])
    assert take_out(alice, collection, assets[0]).done == 1
    collection.refresh_from_db()
    assert collection.cover is None


def test_filling_a_collection_costs_few_queries(alice: User) -> None:
    collection, one = make(alice), picture(alice)
    many = [picture(alice) for _ in range(12)]
    collections.add(alice, collection, [picture(alice).pk])  # from here on everything has been found before
    with CaptureQueriesContext(connection) as few:
        collections.add(alice, collection, [one.pk])
    with CaptureQueriesContext(connection) as more:
        collections.add(alice, collection, [asset.pk for asset in many])
    assert len(more) <= len(few)


def test_counts_are_kept_for_each_who_looks(alice: User, bob: User) -> None:
    collection, assets = filled(alice, 3)
    own = make(bob, visibility=Visibility.PRIVATE)
    collections.add(bob, own, [assets[0].pk, picture(bob, visibility=Visibility.PRIVATE).pk])
    collections.change(bob, own, name="Open", description="", visibility="workspace")
    own.refresh_from_db()
    assert collections.counts(alice, [collection, own]) == {collection.public_id: 3, own.public_id: 1}
    assert collections.counts(bob, [own]) == {own.public_id: 2}
    take_out(alice, collection, assets[0])
    collections.delete(alice, own)
    assert collections.counts(bob, [collection, own]) == {collection.public_id: 2, own.public_id: 0}


# --- the order ------------------------------------------------------------------------------------------------------


def test_a_picture_is_moved_in_front_of_another_or_to_the_end(alice: User) -> None:
    collection, (a, b, c, d) = filled(alice)
    collections.move(alice, collection, d, a)
    assert order(collection, alice) == [d.pk, a.pk, b.pk, c.pk]
    collections.move(alice, collection, d, c)
    assert order(collection, alice) == [a.pk, b.pk, d.pk, c.pk]
    collections.move(alice, collection, a, None)
    assert order(collection, alice) == [b.pk, d.pk, c.pk, a.pk]
    collections.move(alice, collection, b, b)
    assert order(collection, alice) == [b.pk, d.pk, c.pk, a.pk]


@pytest.mark.parametrize(("by", "expected"), [(1, "bacd"), (-1, "abcd"), (2, "bcad"), (9, "bcda")])
def test_a_picture_steps_some_places_on_and_stops_at_the_ends(alice: User, by: int, expected: str) -> None:
    collection, assets = filled(alice)
    collections.step(alice, collection, assets[0], by)
    names = dict(zip((asset.pk for asset in assets), "abcd", strict=True))
    assert "".join(names[pk] for pk in order(collection, alice)) == expected


def test_a_picture_steps_back(alice: User) -> None:
    collection, (a, b, c, d) = filled(alice)
    collections.step(alice, collection, d, -2)
    assert order(collection, alice) == [a.pk, d.pk, b.pk, c.pk]
    collections.step(alice, collection, d, -9)
    assert order(collection, alice) == [d.pk, a.pk, b.pk, c.pk]


def test_moving_to_the_same_spot_again_and_again_touches_few_rows(alice: User) -> None:
    collection, assets = filled(alice, 40)
    ordered = [asset.pk for asset in assets]
    written = 0
    chance = random.Random(5)
    for _ in range(120):
        moved = chance.choice([asset for asset in assets if asset not in assets[:2]])
        before = dict(collection.items.values_list("pk", "place"))
        collections.move(alice, collection, moved, assets[1])
        ordered.remove(moved.pk)
        ordered.insert(ordered.index(assets[1].pk), moved.pk)
        after = dict(collection.items.values_list("pk", "place"))
        written += sum(after[pk] != place for pk, place in before.items())
    assert order(collection, alice) == ordered
    assert written < 120 * 3, "each move writes its own row, and now and then a few more"


def test_where_there_is_no_room_a_few_neighbors_make_some(alice: User) -> None:
    collection, assets = filled(alice, 30)
    for at, item in enumerate(collection.items.in_order()):
        collection.items.filter(pk=item.pk).update(place=at if at < 12 else at * ROOM)
    collections.move(alice, collection, assets[29], assets[3])
    assert order(collection, alice)[2:5] == [assets[2].pk, assets[29].pk, assets[3].pk]
    places = list(collection.items.in_order().values_list("place", flat=True))
    assert places == sorted(set(places))
    assert places[-1] == 28 * ROOM, "what lies far behind is not touched"
