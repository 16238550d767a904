"""Small events that tell open pages which cards changed. They carry ids, never content.

An event is a hint: a page that misses one shows the truth at its next load, and polls while its stream is down.
"""

import json
import logging
from functools import cache

import redis
from django.conf import settings
from django.db import transaction

from studio.models import Job, Visibility

CHANNEL = "studio:events"
EVERYWHERE = "studio"

log = logging.getLogger(__name__)


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


def publish(job: Job, *, to_everybody: bool = False) -> None:
    """Say, once this transaction is committed, that a job's card changed: to whoever may see it.

    `to_everybody` of the workspace, where some of them have just ceased to see it.
    """
    private = job.visibility == Visibility.PRIVATE and not to_everybody
    _on_commit({"workspace": job.workspace_id, "person": job.person_id, "job": job.public_id, "private": private})


def publish_everywhere() -> None:
    """Say that something changed that every page shows, such as a paused provider."""
    _on_commit({"workspace": None, "person": None, "job": EVERYWHERE})


def _on_commit(message: dict[str, object]) -> None:
    transaction.on_commit(lambda: _send(message))


def _send(message: dict[str, object]) -> None:
    try:
        _redis().publish(CHANNEL, json.dumps(message))
    except redis.RedisError as error:
        # The broker may be down while everything else works; pages poll meanwhile.
        log.warning("No event sent: %s", error)
