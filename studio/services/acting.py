"""The person's side of acting on pictures: one press, on a few pictures at once or on thousands in the background.

A few are done before the answer goes out. More are a job of the bytes lane; if its ring is lost, the clock rings.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs

from django.db import transaction

from studio import tasks
from studio.errors import InvalidRequest
from studio.models import Action, Asset, User, Workspace
from studio.models.acting import ActionQuerySet
from studio.services import acts, collecting, durations, roles, searches
from studio.services.verbs import COLLECTING, GONE, VERBS

MOST_NAMED = 20_000  # pictures that a page may name one by one
NOTHING = "Choose a picture first."
TOO_MANY = f"That are more than {searches.MOST:,} pictures. Narrow the search, and do it in parts."


def act(person: User, workspace: Workspace, verb: str, value: Any, pictures: Collection[str]) -> Action:
    """Do something to these pictures (public ids); the action is finished unless they are many.

    Raises InvalidRequest, NotAllowed. A picture that may not be changed is no error: the action says which and why.
    """
    value = _checked(person, workspace, verb, value)
    if len(pictures) > MOST_NAMED:
        raise InvalidRequest({"assets": TOO_MANY})
    known = Asset.objects.kept_for(person).filter(workspace=workspace, public_id__in=pictures)
    there = dict(known.values_list("public_id", "pk"))
    picked = [there[name] for name in dict.fromkeys(pictures) if name in there]
    if not picked:
        raise InvalidRequest({"assets": GONE if pictures else NOTHING})
    if VERBS[verb].one_by_one and len(picked) > 1:
        raise InvalidRequest({"assets": "This is done one picture at a time."})
    return _start(acts.begin(person, workspace, verb, value, picked))


def act_on_all(person: User, workspace: Workspace, verb: str, value: Any, search: str) -> Action:
    """Do something to all that a search of the gallery matches; it is always carried out in the background.

    Raises InvalidRequest, NotAllowed.
    """
    value = _checked(person, workspace, verb, value)
    if VERBS[verb].one_by_one:
        raise InvalidRequest({"assets": "This is done one picture at a time."})
    if "like" in parse_qs(search):
        raise InvalidRequest({"assets": "What looks alike has no end. Select the pictures that you mean."})
    matched = f"{acts.MATCHED}{search}"
    return _start(Action.objects.create(workspace=workspace, person=person, verb=verb, value=value, search=matched))


def undo_last(person: User, workspace: Workspace) -> Action | None:
    """Take back what the person did last there, within a day; None where there is nothing."""
    last = _to_undo(person).filter(workspace=workspace).first()
    return undo(person, last) if last else None


def undo(person: User, action: Action) -> Action | None:
    """Take back one action of the person's; None where that was done before, or is a day ago."""
    back = acts.undo(person, action) if _to_undo(person).filter(pk=action.pk).exists() else None
    return _start(back) if back else None


def _to_undo(person: User) -> ActionQuerySet:
    since = durations.database_now() - durations.UNDO_LIFE
    return Action.objects.visible_to(person).to_undo(since)


def _checked(person: User, workspace: Workspace, verb: str, value: Any) -> Any:
    known = VERBS.get(verb)
    if known is None:
        raise InvalidRequest({"do": "The studio does not know how to do that."})
    roles.require(person, workspace, known.may)
    clean = known.clean(value)
    return collecting.named(person, workspace, clean) if verb in COLLECTING else clean


def _start(action: Action) -> Action:
    if not acts.is_large(action):
        acts.carry_out(action.pk)
    else:
        transaction.on_commit(lambda: tasks.ring(tasks.carry_out_action, action.pk))
    action.refresh_from_db()
    return action
