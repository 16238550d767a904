"""Putting pictures into a collection, and taking them out, as actions on a few pictures or on ten thousand.

An action holds its collection's row while it does a chunk, so two of them come one by one. What it put in it knows by
the keys of the rows it made: undoing takes out those and no others, wherever they were moved to. What it took out goes
back to its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Max

from studio.errors import InvalidRequest, NotAllowed, WouldShare
from studio.models import Action, Asset, Collection, CollectionItem, User, Visibility, Workspace
from studio.models.collections import ROOM
from studio.services import filed, searches
from studio.services.collections import CHUNK, chunks
from studio.services.verbs import COLLECTING, IS_OPEN, ITEM, Facts

NOT_THERE = "The collection is not there any more, or you may not change it."


def named(person: User, workspace: Workspace, value: dict[str, Any]) -> dict[str, Any]:
    """The value of an action with the collection's name, as its report has it. Raises InvalidRequest."""
    found = Collection.objects.editable_by(person).filter(workspace=workspace, public_id=value["collection"]).first()
    if found is None:
        raise InvalidRequest({"value": NOT_THERE})
    return value | {"name": found.name}


def ask(person: User, collection: Collection, pictures: Sequence[str], search: str | None = None) -> None:
    """Raise WouldShare where everybody would see private pictures of the person's, named or matched by a search."""
    if not collection.is_shared:
        return
    private = Asset.objects.own_of(person, collection.workspace).pictures().filter(visibility=Visibility.PRIVATE)
    if not private.exists():
        return
    if search is None:
        count = sum(private.filter(public_id__in=chunk).count() for chunk in chunks(pictures))
    else:
        matched = searches.matching(person, collection.workspace, search)
        count = sum(private.filter(pk__in=chunk).count() for chunk in chunks(matched))
    if count:
        raise WouldShare(count)


def held(action: Action) -> Collection | None:
    """The collection that an action is about, locked until the end of the transaction. Raises NotAllowed."""
    told = action.undoes or action
    if told.verb not in COLLECTING:
        return None
    mine = Collection.objects.editable_by(action.person).filter(workspace=action.workspace)
    keys = mine.filter(public_id=(told.value or {}).get("collection")).values("pk")
    found = Collection.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).first()
    if found is None:
        raise NotAllowed(NOT_THERE)
    return found


def know(collection: Collection, facts: dict[int, Facts]) -> None:
    """Add to the facts of pictures where they stand in a collection."""
    for each in facts.values():
        each |= {ITEM: None, IS_OPEN: collection.is_shared}
    for item in collection.items.filter(asset__in=list(facts)):
        is_cover = collection.cover_id == item.asset_id
        facts[item.asset_id][ITEM] = [item.pk, item.place, item.added_by_id, is_cover]


def write(collection: Collection, order: Iterable[int], changed: dict[int, Facts]) -> None:
    """Put in and take out what is to change; what came in gets its key and its place in the plan."""
    pks = [pk for pk in order if ITEM in changed.get(pk, ())]
    out = [pk for pk in pks if not changed[pk][ITEM]]
    collection.items.filter(asset__in=out).delete()
    if collection.cover_id in out:
        Collection.objects.filter(pk=collection.pk).update(cover=None)
    rows = list(_rows(collection, [pk for pk in pks if changed[pk][ITEM]], changed))
    CollectionItem.objects.bulk_create(rows, batch_size=CHUNK)
    for row in rows:
        *_, was_cover = changed[row.asset_id][ITEM]
        changed[row.asset_id][ITEM] = [row.pk, row.place, row.added_by_id, was_cover]
        if was_cover:
            Collection.objects.filter(pk=collection.pk, cover=None).update(cover=row.asset_id)


def _rows(collection: Collection, pks: Sequence[int], changed: dict[int, Facts]) -> Iterator[CollectionItem]:
    end = collection.items.aggregate(end=Max("place"))["end"] or 0
    costs = filed.costs(pks)
    for pk in pks:
        _, place, added_by, _ = changed[pk][ITEM]
        end += 0 if place else ROOM
        told = {"place": place or end, "added_by_id": added_by, **costs.get(pk, {})}
        yield CollectionItem(collection=collection, asset_id=pk, **told)
