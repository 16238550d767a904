"""Carrying out an action: along its pictures, a chunk at a time, each chunk in one transaction.

The chunk's transaction writes the pictures, their history and how far the action has come. A process that is killed
has done a chunk wholly or not at all, and whoever goes on begins at the next. Two that go on at once wait for each
other at the action's row, so no picture is done twice.

Undoing is an action as well: along the events of the one it undoes.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from studio.errors import NotAllowed
from studio.models import Action, ActionState, Asset, AssetEvent, Favorite, Job, May, User, Workspace
from studio.models.roles import REFUSALS
from studio.services import collecting, durations, events, naming, roles, searches, visibility
from studio.services.verbs import FAVORITE, GONE, ITEM, SEEN_BY, UNDO, VERBS, WHEN, Facts, Press, Verb, facts, plan_undo

log = logging.getLogger(__name__)

CHUNK = 500  # pictures in one transaction: a second's work at the most
AT_ONCE = 200  # pictures that are done while one waits
MOST_TRIES = 5  # by a worker, without getting on
MATCHED = "?"  # before the search of an action that named no pictures: a search for everything is empty
EXAMPLES = 24  # refused pictures that a report shows for each reason


def asks(action: Action) -> May:
    """What the person's role must allow."""
    return _verb(action).may


def _verb(action: Action) -> Verb:
    """What it does, or takes back."""
    return VERBS[(action.undoes or action).verb]


def is_large(action: Action) -> bool:
    """Whether it is carried out in the background. Of a search nobody knows beforehand how much it matches."""
    return bool(action.search) or action.total > AT_ONCE


def begin(person: User, workspace: Workspace, verb: str, value: Any, picked: Sequence[int]) -> Action:
    """An action on these pictures, not yet carried out."""
    return Action.objects.create(
        workspace=workspace, person=person, verb=verb, value=value, picked=list(picked), total=len(picked)
    )


def carry_out(action_id: int) -> None:
    """Go on with an action until it is done. Harmless to repeat, by anybody, at any time."""
    Action.objects.waiting().filter(pk=action_id).update(tries=F("tries") + 1)
    while _one_chunk(action_id):
        pass


def give_up(action: Action) -> bool:
    """End an action that never gets on; what was done of it stands, and can be undone."""
    log.error("%s was tried %s times and is given up at %s", action, action.tries, action.at)
    return Action.objects.waiting().filter(pk=action.pk).update(state=ActionState.FAILED, ended_at=Now()) == 1


@transaction.atomic
def _one_chunk(action_id: int) -> bool:
    """Do the next pictures; whether there are more."""
    found = Action.objects.select_for_update(no_key=True, of=("self",)).select_related("workspace", "person", "undoes")
    action = found.waiting().filter(pk=action_id).first()
    if action is None:
        return False
    if action.picked is None:
        action.picked = _listed(action)
        action.total = len(action.picked)
    chunk = action.picked[action.at : action.at + CHUNK]
    if roles.may(action.person, action.workspace, asks(action)):
        _do(action, chunk)
    else:
        chunk = action.picked[action.at :]
        _refuse(action, REFUSALS[asks(action)], [], len(chunk))
    action.at += len(chunk)
    if action.at >= action.total:
        action.state, action.ended_at = ActionState.DONE, durations.database_now()
    action.tries, action.moved_at = 0, durations.database_now()
    action.save(update_fields=["picked", "total", "at", "done", "refused", "state", "ended_at", "tries", "moved_at"])
    if is_large(action):
        events.publish_action(action)
    return not action.is_finished


def _listed(action: Action) -> list[int]:
    """The pictures of an action that did not name them: those a search matches, or those the undone one changed."""
    if action.undoes_id:
        told = AssetEvent.objects.filter(action=action.undoes_id).order_by("pk")
        return list(told.values_list("asset_id", flat=True))
    return searches.matching(action.person, action.workspace, action.search.removeprefix(MATCHED))


def _do(action: Action, chunk: Sequence[int]) -> None:
    try:
        collection = collecting.held(action)
    except NotAllowed as error:
        _refuse(action, error.message, [], len(chunk))
        return
    if _verb(action).shows:
        naming.lock(chunk)
    known = Asset.objects.known_to(action.person).pictures().filter(workspace=action.workspace, pk__in=chunk)
    # In the order of their ids, so that two actions on the same pictures wait rather than deadlock.
    assets = {asset.pk: asset for asset in known.order_by("pk").select_for_update(no_key=True, of=("self",))}
    liked = set(Favorite.objects.filter(person=action.person, asset__in=chunk).values_list("asset_id", flat=True))
    now = {pk: facts(asset, pk in liked) for pk, asset in assets.items()}
    if collection:
        collecting.know(collection, now)
    _refuse(action, GONE, [], sum(pk not in assets for pk in chunk))
    changed: dict[int, Facts] = {}
    for pk, plan in _plans(action, now).items():
        if isinstance(plan, str):
            _refuse(action, plan, [assets[pk].public_id])
        elif plan:
            changed[pk] = plan
    if collection:
        collecting.write(collection, chunk, changed)
    renamed = _write(action.person, changed)
    _log(action, now, changed)
    action.done += len(changed)
    searches.changed({*changed, *renamed})
    _tell_runs(assets[pk] for pk, plan in changed.items() if plan.keys() & {"decision", "state"})


def _log(action: Action, now: dict[int, Facts], changed: dict[int, Facts]) -> None:
    AssetEvent.objects.bulk_create(
        AssetEvent(
            workspace=action.workspace,
            asset_id=pk,
            person=action.person,
            action=action,
            verb=action.verb,
            before={name: now[pk][name] for name in plan},
            after=plan,
        )
        for pk, plan in changed.items()
    )


def _plans(action: Action, now: dict[int, Facts]) -> dict[int, Facts | str]:
    if not action.undoes:
        verb = VERBS[action.verb]
        press = Press(action.person_id, durations.database_now().isoformat())
        return {pk: verb.plan(each, action.value, press) for pk, each in now.items()}
    told = AssetEvent.objects.filter(action=action.undoes, asset__in=list(now))
    thaws = VERBS[action.undoes.verb].thaws
    return {event.asset_id: plan_undo(now[event.asset_id], event.before, event.after, thaws) for event in told}


def _write(person: User, changed: dict[int, Facts]) -> set[int]:
    """One UPDATE for all that change alike. Returns other pictures that are called something else now."""
    alike: dict[str, list[int]] = defaultdict(list)
    for pk, plan in changed.items():
        alike[json.dumps({name: value for name, value in plan.items() if name != ITEM}, sort_keys=True)].append(pk)
    for told, pks in alike.items():
        plan = json.loads(told)
        is_favorite = plan.pop(FAVORITE, None)
        if is_favorite:
            Favorite.objects.bulk_create((Favorite(person=person, asset_id=pk) for pk in pks), ignore_conflicts=True)
        elif is_favorite is False:
            Favorite.objects.filter(person=person, asset__in=pks).delete()
        if plan:
            moments = {name: datetime.fromisoformat(plan[name]) for name in WHEN if plan.get(name)}
            Asset.objects.filter(pk__in=pks).update(**(plan | moments))
    return visibility.follow(person, [pk for pk, plan in changed.items() if SEEN_BY in plan])


def _refuse(action: Action, why: str, examples: list[str], count: int = 1) -> None:
    if count:
        told = action.refused.setdefault(why, {"count": 0, "assets": []})
        told["count"] += count
        told["assets"] = (told["assets"] + examples)[:EXAMPLES]


def _tell_runs(assets: Iterable[Asset]) -> None:
    """Open pages show the pictures of a run on its card."""
    for job in Job.objects.filter(pk__in={asset.job_id for asset in assets if asset.job_id}):
        events.publish(job)


def undo(person: User, action: Action) -> Action | None:
    """The action that takes another one back; None where that was done already."""
    back, is_new = Action.objects.get_or_create(
        undoes=action,
        defaults={"workspace": action.workspace, "person": person, "verb": UNDO, "total": action.done},
    )
    return back if is_new else None
