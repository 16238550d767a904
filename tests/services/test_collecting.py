"""Many pictures into a collection and out again, shared and taken back: in parts, reported, undone exactly."""

from typing import Any

import pytest

from studio.errors import InvalidRequest, NotAllowed, WouldShare
from studio.models import Action, Asset, Collection, Job, User, Visibility
from studio.services import acting, acts, collecting, collections, facets
from studio.services.collecting import NOT_THERE
from studio.services.verbs import CHANGED_SINCE, NOT_THEIRS, STAYS_PRIVATE
from tests.views.making import picture

pytestmark = pytest.mark.django_db
PRIVATE, SHARED = Visibility.PRIVATE, Visibility.WORKSPACE


def make(person: User, **fields: Any) -> Collection:
    return collections.create(person.memberships.get(), "Spring", **fields)


def act(person: User, verb: str, value: str | None, *assets: Asset) -> Action:
    return acting.act(person, person.workspaces.get(), verb, value, [asset.public_id for asset in assets])


def undo(person: User) -> Action:
    back = acting.undo_last(person, person.workspaces.get())
    assert back is not None
    return back


def order(collection: Collection) -> list[int]:
    return list(collection.items.in_order().values_list("asset_id", flat=True))


def seen_by(*assets: Asset) -> list[str]:
    return [Asset.objects.get(pk=asset.pk).visibility for asset in assets]


def bare(person: User, count: int) -> list[Asset]:
    """Rows of pictures without files."""
    given = {"media_type": "image/png", "width": 1, "height": 1, "size": 1, "sha256": "0" * 64}
    workspace = person.workspaces.get()
    return Asset.objects.bulk_create(Asset(workspace=workspace, person=person, **given) for _ in range(count))


def test_many_go_in_part_by_part_each_once_and_only_those_come_out_again(alice: User) -> None:
    collection, assets = make(alice), bare(alice, 1_100)
    collections.add(alice, collection, [assets[7].pk])
    action = act(alice, "collect", collection.public_id, *assets)
    assert not collection.items.exclude(asset=assets[7]).exists(), "nobody waits for it"
    acts._one_chunk(action.pk)
    action.refresh_from_db()
    assert (action.at, action.done, collection.items.count()) == (500, 499, 500), "here its worker is killed"
    acts.carry_out(action.pk)
    acts.carry_out(action.pk)
    action.refresh_from_db()
    assert (action.state, action.done, action.refused) == ("done", 1_099, {})
    expected = [assets[7].pk, *(asset.pk for asset in assets if asset != assets[7])]
    assert order(collection) == expected, "in the order in which they were named"
    acts.carry_out(undo(alice).pk)
    assert order(collection) == [assets[7].pk]


def test_all_that_match_go_in_and_a_refusal_is_told(alice: User, bob: User) -> None:
    collection = make(alice)
    match, other = picture(alice, tags=["hero"]), picture(bob)
    secret = picture(alice, tags=["hero"], visibility=PRIVATE)
    facets.index([match.pk, other.pk, secret.pk])
    with pytest.raises(WouldShare) as question:
        collecting.ask(alice, collection, (), "tag=hero")
    assert question.value.count == 1
    collecting.ask(alice, collection, [match.public_id])
    collecting.ask(bob, collection, (), "tag=hero")
    action = acting.act_on_all(alice, collection.workspace, "collect", collection.public_id, "tag=hero")
    acts.carry_out(action.pk)
    action.refresh_from_db()
    assert (order(collection), action.refused) == (
        [match.pk],
        {STAYS_PRIVATE: {"count": 1, "assets": [secret.public_id]}},
    )


def test_undoing_takes_out_what_was_moved_and_leaves_what_somebody_put_there_again(alice: User, bob: User) -> None:
    collection = make(alice)
    one, two, three = (picture(alice) for _ in range(3))
    act(alice, "collect", collection.public_id, one, two, three)
    collections.move(bob, collection, three, one)
    act(bob, "uncollect", collection.public_id, two)
    act(bob, "collect", collection.public_id, two)
    back = undo(alice)
    assert (back.done, list(back.refused)) == (2, [CHANGED_SINCE])
    assert order(collection) == [two.pk]


def test_undoing_takes_the_sharing_back_as_well(alice: User, bob: User) -> None:
    collection, secret = make(bob), picture(alice, visibility=PRIVATE)
    act(alice, "collect", f"{collection.public_id} share", secret)
    assert (order(collection), seen_by(secret)) == ([secret.pk], [SHARED])
    undo(alice)
    assert (order(collection), seen_by(secret)) == ([], [PRIVATE])


def test_what_is_taken_out_goes_back_to_its_place_and_stays_the_cover(alice: User, bob: User) -> None:
    collection, assets = make(alice), [picture(alice) for _ in range(3)]
    collections.add(bob, collection, [asset.pk for asset in assets])
    collections.set_cover(alice, collection, assets[1])
    before = list(collection.items.in_order().values("asset", "place", "added_by"))
    act(alice, "uncollect", collection.public_id, assets[1], assets[2])
    collection.refresh_from_db()
    assert (order(collection), collection.cover) == ([assets[0].pk], None)
    undo(alice)
    collection.refresh_from_db()
    assert list(collection.items.in_order().values("asset", "place", "added_by")) == before
    assert collection.cover == assets[1]


def test_a_collection_that_one_may_not_fill_takes_nothing(alice: User, bob: User, charlie: User) -> None:
    asset, closed = picture(alice), make(bob, visibility=PRIVATE)
    for value in (closed.public_id, make(charlie).public_id, "no-such", "", "a b"):
        with pytest.raises((InvalidRequest, NotAllowed)):
            act(alice, "collect", value, asset)
    gone = make(alice)
    action = acts.begin(alice, gone.workspace, "collect", {"collection": gone.public_id, "share": True}, [asset.pk])
    collections.delete(alice, gone)
    acts.carry_out(action.pk)
    action.refresh_from_db()
    assert (action.done, list(action.refused)) == (0, [NOT_THERE])


def test_own_pictures_are_shared_and_taken_back_and_others_are_reported(alice: User, bob: User) -> None:
    mine, theirs = [picture(alice, visibility=PRIVATE) for _ in range(2)], picture(bob)
    Job.objects.filter(assets__in=mine).update(visibility=PRIVATE)
    action = act(alice, "share", None, *mine, theirs)
    assert (action.done, action.refused, seen_by(*mine)) == (2, {}, [SHARED, SHARED])
    assert not Job.objects.filter(assets__in=mine, visibility=PRIVATE).exists(), "a job follows its pictures"
    action = act(alice, "unshare", None, mine[0], theirs)
    assert action.refused == {NOT_THEIRS: {"count": 1, "assets": [theirs.public_id]}}
    assert seen_by(mine[0], theirs) == [PRIVATE, SHARED]
    assert mine[0] not in Asset.objects.visible_to(bob)
    undo(alice)
    undo(alice)
    assert seen_by(*mine) == [PRIVATE, PRIVATE]
    assert not Job.objects.filter(assets__in=mine, visibility=SHARED).exists()
