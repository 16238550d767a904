"""
One stream of server-sent events per page: which cards changed, and nothing about what is on them.

A process holds one subscription and hands each message to the queues of its open streams, so a thousand pages cost
one connection to Redis. A stream carries only events of workspaces its person belongs to right now, and of what they
may see there; it ends when their session does, or when they belong to one of those workspaces no longer. On SIGTERM
every stream ends by itself: a server that waits for its requests would wait for good.

For each message a page gets two events: one named after the job, which that job's card listens for, and `jobs`, for
everything that counts jobs. What counts and marks pictures listens for `pictures`. A message for everybody is named
`studio`; one about a person's notices is for that person alone. While a stream is open its person counts as being here.
"""

import asyncio
import contextlib
import json
import logging
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from types import FrameType
from typing import Any

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from studio.models import Membership, User
from studio.services.events import CHANNEL, EVERYWHERE, NOTICES, PICTURES, note_presence

HEARTBEAT = 15  # seconds between comments that keep proxies from closing a quiet stream
RECHECK = 4  # seconds between two looks, so that who was removed, or signed out, hears nothing any more within five
MOST_PER_PERSON = 5  # streams; the sixth tab polls
QUEUE = 200  # events a slow page may be behind before it is told to fetch everything anew
RETRY = 2000  # milliseconds until a browser comes back

log = logging.getLogger(__name__)


class Hub:
    """The subscription of this process, and the open streams it feeds."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self.streams: Counter[int] = Counter()
        self.pump: asyncio.Task[None] | None = None
        self.closing = False

    @contextlib.contextmanager
    def joined(self, person: int) -> Any:
        """A queue of messages for one stream. None on it means that the stream ends."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(QUEUE)
        self.queues.add(queue)
        self.streams[person] += 1
        self._start()
        try:
            yield queue
        finally:
            self.queues.discard(queue)
            self.streams[person] -= 1

    def _start(self) -> None:
        if self.pump is None or self.pump.done():
            # Held here: a task that nobody holds may be collected, and every stream falls silent without an error.
            self.pump = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self.queues and not self.closing:
            try:
                await self._listen()
            except (redis.exceptions.RedisError, OSError) as error:
                log.warning("No events for now: %s", error)
                await asyncio.sleep(1)

    async def _listen(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=HEARTBEAT)
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            # What was said before this moment is lost: every page fetches what it shows once more.
            self.hand_out({"workspace": None, "job": None})
            while self.queues and not self.closing:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=HEARTBEAT)
                if message is not None:
                    self.hand_out(json.loads(message["data"]))

    def hand_out(self, message: dict[str, Any] | None) -> None:
        for queue in self.queues:
            if not queue.full():
                queue.put_nowait(message)
                continue
            # Too far behind to catch up: forget the details, end the stream; the page comes back and refetches.
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)

    def close(self) -> None:
        """End every stream."""
        self.closing = True
        self.hand_out(None)


hub = Hub()


def end_on_sigterm() -> None:
    """Close the streams of this process when it is told to stop, before the server's own handler waits for them."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if getattr(before, "closes_streams", False) or not callable(before):
            continue

        def handler(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(hub.close)
            before(number, frame)

        handler.closes_streams = True  # type: ignore[attr-defined]
        with contextlib.suppress(ValueError):  # not the main thread: a test, or a server of another kind
            signal.signal(number, handler)


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """The events of the person's workspaces, for as long as the page is looked at."""
    person = await request.auser()
    if not person.is_authenticated:
        return HttpResponse(status=401)
    if hub.streams[person.pk] >= MOST_PER_PERSON:
        return HttpResponse(status=429)
    workspaces = await _workspaces(person.pk, request.session)
    if workspaces is None:
        return HttpResponse(status=403)
    end_on_sigterm()
    events = _events(person.pk, request.session, workspaces)
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(person: int, session: SessionBase, workspaces: set[int]) -> AsyncIterator[str]:
    with hub.joined(person) as queue:
        yield f"retry: {RETRY}\n\n"
        checked = heard = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                # Up to the next look and no longer: a message on the way must not put it off.
                message = await asyncio.wait_for(queue.get(), max(0.0, checked + RECHECK - time.monotonic()))
                if message is None:
                    break
                heard = time.monotonic()
                for name in _names(message, workspaces, person):
                    yield f"event: {name}\ndata:\n\n"
            # By the clock and not by silence: in a busy workspace the stream is never quiet.
            if time.monotonic() - checked >= RECHECK:
                checked = time.monotonic()
                now = await _workspaces(person, session)
                if now is None or workspaces - now:
                    break
                workspaces = now
            if time.monotonic() - heard >= HEARTBEAT:
                heard = time.monotonic()
                yield ": still here\n\n"
    yield "event: bye\ndata:\n\n"


def _names(message: dict[str, Any], workspaces: set[int], person: int) -> list[str]:
    if "people" in message and person not in message["people"]:
        return []
    if message["job"] == NOTICES:
        return [NOTICES]
    if message["workspace"] is None:
        return [EVERYWHERE, "jobs", PICTURES]
    if message["job"] == PICTURES:
        return [PICTURES] if message["workspace"] in workspaces else []
    hears = message["workspace"] in workspaces and (not message.get("private") or message["person"] == person)
    return [message["job"], "jobs"] if hears else []


@sync_to_async
def _workspaces(person: int, session: SessionBase) -> set[int] | None:
    """The workspaces the person belongs to now.

    None once they signed out, took another password elsewhere, were closed, or belong to none.
    """
    try:
        if not session.exists(session.session_key or "") or not _is_theirs_still(person, session):
            return None
        note_presence(person)
        found = Membership.objects.filter(person=person, person__is_active=True)
        return set(found.values_list("workspace_id", flat=True)) or None
    finally:
        # The stream has a thread of its own, and may last for days: it holds no connection between its looks.
        connection.close()


def _is_theirs_still(person: int, session: SessionBase) -> bool:
    """Whether the session was begun with the password that the person has now, as Django asks at each request."""
    now = User.objects.only("password").get(pk=person).get_session_auth_hash()
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), now)
