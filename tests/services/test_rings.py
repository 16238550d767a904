"""The message that is written by hand is the one that Celery would send."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection
from pytest_django import Settings

from studio import tasks
from studio.services import events, rings
from tests.services_for_tests import Valkey


@pytest.fixture(autouse=True)
def own_broker() -> Iterator[None]:
    """The process's connections are those of the test's server, and of nobody after it."""
    events.broker.cache_clear()
    yield
    events.broker.cache_clear()


@pytest.fixture
def server(settings: Settings, valkey: Valkey) -> Valkey:
    settings.REDIS_URL = valkey.url
    valkey.client().flushall()
    return valkey


def rung(server: Valkey, queue: str) -> dict[str, Any]:
    """The only message of a queue, and its body read."""
    (message,) = server.client().lrange(queue, 0, -1)  # type: ignore[misc]
    server.client().delete(queue)
    found: dict[str, Any] = json.loads(message)
    found["body"] = json.loads(base64.b64decode(found["body"]))
    return found


@pytest.mark.parametrize(("task", "queue"), [(tasks.call_next, "calls"), (tasks.store_result, "bytes")])
def test_a_ring_is_what_celery_would_send(server: Valkey, task: Any, queue: str) -> None:
    with Connection(server.url) as connection:
        task.apply_async((7,), connection=connection)
    theirs = rung(server, queue)
    tasks.ring(task, 7)
    assert rings.waiting(queue) == 1
    ours = rung(server, queue)
    assert ours.keys() == theirs.keys()
    assert ours["body"][:2] == theirs["body"][:2] == [[7], {}]
    for part, own in (("headers", {"id", "root_id"}), ("properties", {"correlation_id", "delivery_tag"})):
        assert own <= ours[part].keys() <= theirs[part].keys()
        assert {name: theirs[part][name] for name in ours[part].keys() - own} == {
            name: value for name, value in ours[part].items() if name not in own
        }


def test_a_broker_that_is_away_is_no_error(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    tasks.ring(tasks.call_next, 7)
    assert rings.waiting("calls") == 0
