"""A ring: one message to Celery, written down here.

Celery and kombu take more than a millisecond to put one together, three times in the way of each picture; all of it but
the task's name and its ids is the same every time. A test compares this with what they would send.

Source: Celery docs, "Message Protocol", version 2; kombu's docs, "Redis transport".
"""

import base64
import json
import logging
import uuid
from collections.abc import Sequence

import redis

from studio.services.events import broker

log = logging.getLogger(__name__)


def send(task: str, queue: str, args: Sequence[int]) -> None:
    """Ring for a task, by its name. A broker that is down is no error: the database knows what is to be done."""
    try:
        broker().lpush(queue, json.dumps(message(task, queue, args)))
    except redis.RedisError as error:
        log.warning("No ring for %s%s: %s", task, tuple(args), error)


def waiting(queue: str) -> int:
    """How many rings nobody has answered yet; 0 where the broker can't say."""
    try:
        return int(broker().llen(queue))
    except redis.RedisError:
        return 0


def message(task: str, queue: str, args: Sequence[int]) -> dict[str, object]:
    """What lies in a queue's list for a task."""
    ring = str(uuid.uuid4())
    headers = {"lang": "py", "task": task, "id": ring, "root_id": ring, "retries": 0, "ignore_result": True}
    return {
        "body": base64.b64encode(json.dumps([args, {}, {}]).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": headers | {"argsrepr": repr(tuple(args)), "kwargsrepr": "{}"},
        "properties": {
            "correlation_id": ring,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid.uuid4()),
        },
    }
