"""Who hears that pictures changed: whoever may see what changed, and nobody else.

What changed is told by what pictures are found by, so it is told whoever changed it and however: by a press, an import,
or a run that ended. Somebody's private pictures, what only they like, and what lies in a collection that few may open
is told to those alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Set
from collections.abc import Iterable

from studio.models import Collection, CollectionMember, Visibility
from studio.models.facets import DISCARDED
from studio.services import events

EVERYBODY = 0  # where a person's key could stand
# Whether somebody liked a picture is theirs alone, and this facet follows it.
UNTOLD = frozenset({"kept"})

Change = tuple[int, str, str, int]  # workspace, kind and value of a facet, scope
Heard = tuple[int, int]  # a workspace, and one of its people or EVERYBODY


def hearers(changes: Iterable[Change]) -> set[Heard]:
    """Who may hear of some changes."""
    found, collections = set[Heard](), set[tuple[int, str]]()
    for workspace, kind, value, scope in changes:
        person = scope & (DISCARDED - 1)  # what is left is whose the picture is; 0 is everybody's
        if person or kind not in ("favorite", "collection"):
            if kind not in UNTOLD:
                found.add((workspace, person))
        elif kind == "favorite":
            found.add((workspace, int(value)))
        else:
            collections.add((workspace, value))
    # Where everybody hears already, nobody needs to be found.
    return found | _of_collections({each for each in collections if (each[0], EVERYBODY) not in found})


def tell(heard: Iterable[Heard]) -> None:
    """Say so, once the transaction is committed."""
    people: defaultdict[int, set[int]] = defaultdict(set)
    for workspace, person in heard:
        people[workspace].add(person)
    for workspace, some in people.items():
        events.publish_pictures(workspace, None if EVERYBODY in some else some)


def tell_of(collection: Collection, was: str = Visibility.PRIVATE) -> None:
    """Say that a collection is another one now: to those who see it, and those who saw it when it `was` open."""
    if was == Visibility.WORKSPACE:
        tell([(collection.workspace_id, EVERYBODY)])
    else:
        tell(_of_collections({(collection.workspace_id, collection.public_id)}))


def _of_collections(named: Set[tuple[int, str]]) -> set[Heard]:
    if not named:
        return set()
    asked = Collection.objects.filter(public_id__in=[name for _, name in named])
    found, few = set[Heard](), dict[int, int]()
    for pk, workspace, visibility, owner, parent, above in asked.values_list(
        "pk", "workspace_id", "visibility", "owner_id", "parent_id", "parent__owner_id"
    ):
        if visibility == Visibility.WORKSPACE:
            found.add((workspace, EVERYBODY))
            continue
        found |= {(workspace, person) for person in (owner, above) if person}
        few |= {each: workspace for each in (pk, parent) if each}
    invited = CollectionMember.objects.filter(collection__in=few)
    return found | {(few[pk], person) for pk, person in invited.values_list("collection_id", "person_id")}
