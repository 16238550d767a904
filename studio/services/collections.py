"""What people do with collections. Whoever changes one holds its row, so that two people's changes come one by one.

Pictures are only ever linked: deleting a collection, or taking a picture out of it, leaves the picture where it was.
Somebody's own private picture comes into a collection that everybody sees only when they say so, and is then shared
with the workspace; into a private collection it comes as it is, and is seen in there by its person alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from studio.errors import NotAllowed, WouldShare
from studio.models import Asset, Collection, CollectionItem, CollectionMember, Decision, Membership, User, Visibility
from studio.models.collections import ENOUGH, ROOM, ItemQuerySet
from studio.models.facets import SHARED, Facet, FacetCount
from studio.services import changes, facets, filed, naming, visibility

Key = TypeVar("Key", int, str)

MOST_AT_ONCE = 10_000
CHUNK = 1_000  # rows in one statement
TOO_DEEP = "A collection inside a collection has none inside."
NOT_FILLED = "Your role in this workspace can look at this collection, but not change it."
NOT_YOURS = "Only its owner and the workspace's owners and admins can change this collection."


@dataclass(frozen=True)
class Added:
    """What became of pictures that were put into a collection: `missing` are not there for this person."""

    added: int
    already: int
    missing: int
    shared: int = 0


def create(by: Membership, name: str, *, visibility: str = Visibility.WORKSPACE, **more: object) -> Collection:
    """A new collection; `more`: parent, description. Raises NotAllowed."""
    if not by.may_make:
        raise NotAllowed("Your role in this workspace can look at collections, but not make any.")
    parent = more.get("parent")
    if isinstance(parent, Collection):
        if parent.parent_id or not Collection.objects.editable_by(by.person).filter(pk=parent.pk).exists():
            raise NotAllowed(TOO_DEEP if parent.parent_id else NOT_YOURS)
        visibility = parent.visibility
    made = Collection(workspace=by.workspace, owner=by.person, name=name.strip(), visibility=visibility, **more)
    made.save(force_insert=True)
    changes.tell_of(made)
    return made


@transaction.atomic
def change(
    by: User, collection: Collection, *, name: str, description: str, visibility: str, members: Iterable[User] = ()
) -> None:
    """Another name, description or audience. Raises NotAllowed.

    What is inside it is opened and closed together with it. Private pictures in it stay private.
    """
    _require_manager(by, collection)
    if collection.parent_id:
        visibility = collection.visibility
    changes.tell_of(collection, collection.visibility)
    found = Collection.objects.filter(pk=collection.pk)
    found.update(name=name.strip(), description=description.strip(), visibility=visibility)
    if collection.parent_id:
        return
    collection.children.update(visibility=visibility)
    collection.memberships.all().delete()
    insiders = Membership.objects.filter(workspace=collection.workspace_id).exclude(person=collection.owner_id)
    chosen = insiders.filter(person__in=[member.pk for member in members]).values_list("person_id", flat=True)
    CollectionMember.objects.bulk_create(CollectionMember(collection=collection, person_id=pk) for pk in chosen)
    changes.tell_of(collection)


@transaction.atomic
def delete(by: User, collection: Collection) -> None:
    """Delete a collection and what is nested in it. Every picture stays. Raises NotAllowed."""
    _require_manager(by, collection)
    changes.tell_of(collection)
    gone = [collection, *collection.children.all()]
    pictures = list(CollectionItem.objects.filter(collection__in=gone).values_list("asset_id", flat=True))
    Collection.objects.filter(pk__in=[each.pk for each in gone]).delete()
    facets.index(pictures)


@transaction.atomic
def add(by: User, collection: Collection, assets: Sequence[int], *, share: bool = False) -> Added:
    """Put pictures, by their keys, at the end of a collection. Raises NotAllowed, WouldShare."""
    _hold(by, collection)
    asked = list(dict.fromkeys(assets))
    if len(asked) > MOST_AT_ONCE:
        raise NotAllowed(f"A collection takes {MOST_AT_ONCE:,} pictures at once. Do it in parts.")
    there = {pk: seen_by for chunk in chunks(asked) for pk, seen_by in _addable(by, collection, chunk)}
    private = [pk for pk, seen_by in there.items() if seen_by == Visibility.PRIVATE]
    if collection.is_shared and private and not share:
        raise WouldShare(len(private))
    known = {pk for chunk in chunks(asked) for pk in _known(collection, chunk)}
    new = [pk for pk in asked if pk in there and pk not in known]
    end = collection.items.aggregate(end=Max("place"))["end"] or 0
    costs = {pk: cost for chunk in chunks(new) for pk, cost in filed.costs(chunk).items()}
    rows = (
        CollectionItem(collection=collection, asset_id=pk, place=end + ROOM * at, added_by=by, **costs.get(pk, {}))
        for at, pk in enumerate(new, 1)
    )
    CollectionItem.objects.bulk_create(rows, batch_size=CHUNK)
    shared = _share(by, private) if collection.is_shared else 0
    facets.index(new)
    return Added(len(new), len(known), len(asked) - len(there), shared)


@transaction.atomic
def set_cover(by: User, collection: Collection, asset: Asset) -> None:
    """Choose the picture that stands for a collection. Raises NotAllowed."""
    _hold(by, collection)
    if collection.items.filter(asset=asset).exists():
        Collection.objects.filter(pk=collection.pk).update(cover=asset)
        changes.tell_of(collection)


def counts(person: User, collections: Sequence[Collection], shelf: int = SHARED) -> dict[str, int]:
    """How many pictures each has for this person, by its public id: kept numbers, so that nothing is counted.

    Nobody's private pictures are in anybody else's number. What was rejected, and what is in the trash, lies on a
    shelf of its own.
    """
    names = [each.public_id for each in collections]
    workspaces = {each.workspace_id for each in collections}
    rows = FacetCount.objects.filter(
        facet__in=Facet.objects.filter(workspace__in=workspaces, kind="collection", value__in=names),
        scope__in=facets.scopes(person.pk, shelf),
    )
    found = dict.fromkeys(names, 0)
    for name, pictures in rows.values_list("facet__value", "pictures"):
        found[name] += pictures
    return found


# --- the order ------------------------------------------------------------------------------------------------------


@transaction.atomic
def move(by: User, collection: Collection, asset: Asset, before: Asset | None) -> None:
    """Put a picture in front of another one, or at the end. Raises NotAllowed."""
    _hold(by, collection)
    item = collection.items.filter(asset=asset).first()
    target = collection.items.filter(asset=before).first() if before else None
    if item is None or (before and target is None) or item == target:
        return
    others = collection.items.exclude(pk=item.pk)
    place = _place_before(others, target) if target else _end(others) + ROOM
    collection.items.filter(pk=item.pk).update(place=place)
    changes.tell_of(collection)


@transaction.atomic
def step(by: User, collection: Collection, asset: Asset, by_places: int) -> None:
    """Move a picture some places on or back, among those that this person sees beside it. Raises NotAllowed."""
    seen = collection.items.visible_to(by)
    seen = seen.rejected() if asset.decision == Decision.DISCARDED else seen.kept()
    item = seen.filter(asset=asset).first()
    if item is None or not by_places:
        return
    if by_places < 0:
        earlier = seen.filter(place__lt=item.place).order_by("-place", "-id")[:-by_places]
        target = list(earlier.select_related("asset"))[-1:]
        if target:
            move(by, collection, asset, target[0].asset)
        return
    later = list(seen.after(item.place, item.pk).in_order().select_related("asset")[: by_places + 1])
    if later:
        move(by, collection, asset, later[by_places].asset if len(later) > by_places else None)


def _end(items: ItemQuerySet) -> int:
    return int(items.aggregate(end=Max("place"))["end"] or 0)


def _place_before(items: ItemQuerySet, target: CollectionItem) -> int:
    """A free place in front of an item; its neighbors move along if there is none."""
    before = items.filter(place__lt=target.place).aggregate(end=Max("place"))["end"]
    if before is None:
        return target.place - ROOM
    if target.place - before < 2:
        _make_room(items, before)
        target.refresh_from_db(fields=["place"])
    return int(before + target.place) // 2


def _make_room(items: ItemQuerySet, after: int) -> None:
    """Spread as few items behind a place as it takes until there is room between them."""
    count = 8
    while True:
        found = list(items.filter(place__gt=after).in_order()[: count + 1])
        moving, rest = found[:count], found[count:]
        until = rest[0].place if rest else after + ROOM * (len(moving) + 1)
        room = (until - after) // (len(moving) + 1)
        if room >= ENOUGH:
            break
        count *= 2
    for at, item in enumerate(moving, 1):
        item.place = after + room * at
    CollectionItem.objects.bulk_update(moving, ["place"], batch_size=CHUNK)


# --- help -----------------------------------------------------------------------------------------------------------


def _hold(by: User, collection: Collection) -> None:
    """Lock a collection's row until the end of the transaction. Raises NotAllowed."""
    mine = Collection.objects.editable_by(by).filter(pk=collection.pk)
    if not Collection.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=mine.values("pk")).first():
        raise NotAllowed(NOT_FILLED)


def _require_manager(by: User, collection: Collection) -> None:
    if not Collection.objects.managed_by(by).filter(pk=collection.pk).exists():
        raise NotAllowed(NOT_YOURS)


def _addable(by: User, collection: Collection, keys: Sequence[int]) -> Iterator[tuple[int, str]]:
    seen = Asset.objects.visible_to(by).pictures().filter(workspace=collection.workspace_id, pk__in=keys)
    yield from seen.values_list("pk", "visibility")


def _known(collection: Collection, keys: Sequence[int]) -> Iterator[int]:
    yield from collection.items.filter(asset__in=keys).values_list("asset_id", flat=True)


def _share(by: User, keys: Sequence[int]) -> int:
    """Let the workspace see somebody's own private pictures."""
    naming.lock(keys)  # of all chunks before the first is indexed
    return sum(visibility.share_all(by, chunk) for chunk in chunks(keys))


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Keys in parts that one statement takes."""
    return (keys[at : at + CHUNK] for at in range(0, len(keys), CHUNK))
