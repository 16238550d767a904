"""Small events that tell open pages which cards changed. They carry ids, never content.

An event is a hint: a page that misses one shows the truth at its next load, and polls while its stream is down.
"""

import json
import logging
from collections.abc import Collection
from functools import cache

import redis
from django.conf import settings
from django.db import transaction

from studio.models import Action, Export, Import, Job, Visibility

CHANNEL = "studio:events"
EVERYWHERE = "studio"
NOTICES = "notices"
PICTURES = "pictures"
HERE_SECONDS = 15  # somebody whose page has listened within this time is here

log = logging.getLogger(__name__)


@cache
def broker() -> redis.Redis:
    """This process's connections to the server that carries events and rings. It may be away at any time."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


def publish(job: Job, *, to_everybody: bool = False) -> None:
    """Say, once this transaction is committed, that a job's card changed: to whoever may see it.

    `to_everybody` of the workspace, where some of them have just ceased to see it.
    """
    private = job.visibility == Visibility.PRIVATE and not to_everybody
    _on_commit({"workspace": job.workspace_id, "person": job.person_id, "job": job.public_id, "private": private})


def publish_action(action: Action) -> None:
    """Say that an action on many pictures got on, or was done."""
    # Whoever pressed watches it; what it did to each picture, others see there.
    message = {"workspace": action.workspace_id, "person": action.person_id, "job": action.public_id}
    _on_commit(message | {"private": True})


def publish_files(work: Export | Import) -> None:
    """Say that an export or an import got on, or ended, to its person."""
    message = {"workspace": work.workspace_id, "person": work.person_id, "job": work.event}
    _on_commit(message | {"private": True})


def publish_everywhere() -> None:
    """Say that something changed that every page shows, such as a paused provider."""
    _on_commit({"workspace": None, "person": None, "job": EVERYWHERE})


def publish_role(*people: int) -> None:
    """Say to these people that they have another role, which every page of theirs shows."""
    _on_commit({"workspace": None, "person": None, "people": people, "job": EVERYWHERE})


def publish_notices(people: Collection[int]) -> None:
    """Say to these people that their notices changed."""
    if people:
        _on_commit({"workspace": None, "person": None, "people": sorted(people), "job": NOTICES})


def publish_pictures(workspace: int, people: Collection[int] | None) -> None:
    """Say that pictures of a workspace changed: what they are found by, or where they lie. None: to all its people."""
    message: dict[str, object] = {"workspace": workspace, "person": None, "job": PICTURES}
    _on_commit(message if people is None else message | {"people": sorted(people)})


def note_presence(person: int) -> None:
    """Somebody's page listens: they see for themselves what happens."""
    try:
        broker().set(f"{CHANNEL}:here:{person}", 1, ex=HERE_SECONDS)
    except redis.RedisError as error:
        log.warning("Nobody's presence is known: %s", error)


def is_here(person: int) -> bool:
    """Whether somebody looks at the studio now. True where nobody knows: rather too little told than too much."""
    try:
        return bool(broker().exists(f"{CHANNEL}:here:{person}"))
    except redis.RedisError as error:
        log.warning("Nobody's presence is known: %s", error)
        return True


def _on_commit(message: dict[str, object]) -> None:
    transaction.on_commit(lambda: _send(message))


def _send(message: dict[str, object]) -> None:
    try:
        broker().publish(CHANNEL, json.dumps(message))
    except redis.RedisError as error:
        # The broker may be down while everything else works; pages poll meanwhile.
        log.warning("No event sent: %s", error)
