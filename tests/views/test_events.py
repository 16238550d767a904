"""The event stream: to whom it tells what, and when it ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import redis
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from pytest_django import Settings

from studio.models import Membership, Role, User
from studio.services import events as sending
from studio.services import members
from studio.views import events
from tests.services_for_tests import Valkey

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, settings: Settings, valkey: Valkey) -> events.Hub:
    """A hub of the test's own, on a real server, that looks around more often."""
    settings.REDIS_URL = valkey.url
    fresh = events.Hub()
    monkeypatch.setattr(events, "hub", fresh)
    monkeypatch.setattr(events, "RECHECK", 0.2)
    monkeypatch.setattr(events, "HEARTBEAT", 0.4)
    sending.broker.cache_clear()
    return fresh


class Stream:
    """What one page hears."""

    def __init__(self, response: StreamingHttpResponse) -> None:
        self.parts: AsyncIterator[bytes] = aiter(response)  # type: ignore[arg-type]

    async def next(self) -> str:
        """The next event's name; comments and the opening are passed over."""
        async with asyncio.timeout(30):
            async for part in self.parts:
                text = part.decode() if isinstance(part, bytes) else part
                if text.startswith("event: "):
                    return text.partition("\n")[0].removeprefix("event: ")
        return "(ended)"

    async def until(self, name: str) -> list[str]:
        """Every name up to and without this one."""
        heard: list[str] = []
        while (each := await self.next()) != name:
            assert each != "(ended)", heard
            heard.append(each)
        return heard


async def open_stream(person: User) -> Stream:
    is_first = not events.hub.queues
    client = AsyncClient()
    await client.aforce_login(person)
    response = await client.get("/events/")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/event-stream"
    assert response["X-Accel-Buffering"] == "no"
    assert response["Cache-Control"] == "no-cache, no-transform"
    stream = Stream(response)  # type: ignore[arg-type]
    if is_first:
        # What was said before the hub had subscribed is lost, so the first thing to hear is "fetch everything".
        assert [await stream.next() for _ in range(3)] == [sending.EVERYWHERE, "jobs", sending.PICTURES]
    else:
        await anext(stream.parts)
    return stream


def publish(valkey: Valkey, **message: Any) -> None:
    redis.Redis.from_url(valkey.url).publish(sending.CHANNEL, json.dumps(message))


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


def test_a_page_hears_of_its_workspaces_jobs_and_of_no_others(
    hub: events.Hub, valkey: Valkey, alice: User, charlie: User
) -> None:
    ours, theirs = alice.workspaces.get().pk, charlie.workspaces.get().pk

    async def story() -> None:
        stream = await open_stream(alice)
        publish(valkey, workspace=theirs, person=charlie.pk, job="secret")
        publish(valkey, workspace=ours, person=alice.pk, job="abc")
        publish(valkey, workspace=None, person=None, job="studio")
        assert await stream.until("studio") == ["abc", "jobs"]

    run(story)


def test_notices_are_for_their_person_alone(hub: events.Hub, valkey: Valkey, alice: User, bob: User) -> None:
    async def story() -> None:
        stream = await open_stream(alice)
        publish(valkey, workspace=None, person=None, people=[bob.pk], job="notices")
        publish(valkey, workspace=None, person=None, people=[alice.pk, bob.pk], job="notices")
        publish(valkey, workspace=None, person=None, job="studio")
        assert await stream.until("studio") == ["notices"]
        assert await asyncio.to_thread(sending.is_here, alice.pk), "who listens is here"
        assert not await asyncio.to_thread(sending.is_here, bob.pk)

    run(story)


def test_another_role_is_told_to_whoever_has_it(hub: events.Hub, valkey: Valkey, alice: User, bob: User) -> None:
    owner, member = alice.memberships.get(), bob.memberships.get()

    async def story() -> None:
        hers, his = await open_stream(alice), await open_stream(bob)
        await asyncio.to_thread(members.change_role, owner, member, Role.VIEWER)
        publish(valkey, workspace=None, person=None, people=[alice.pk], job="notices")
        assert await hers.until("notices") == []
        assert [await his.next() for _ in range(3)] == [sending.EVERYWHERE, "jobs", sending.PICTURES]
        await asyncio.to_thread(members.hand_over, owner, member)
        assert await hers.next() == await his.next() == sending.EVERYWHERE

    run(story)


def test_what_changed_about_pictures_is_told_to_whoever_sees_them(
    hub: events.Hub, valkey: Valkey, alice: User, bob: User, charlie: User
) -> None:
    ours, theirs = alice.workspaces.get().pk, charlie.workspaces.get().pk

    async def story() -> None:
        hers, his = await open_stream(alice), await open_stream(bob)
        publish(valkey, workspace=ours, person=None, people=[alice.pk], job="pictures")
        publish(valkey, workspace=theirs, person=None, job="pictures")
        publish(valkey, workspace=None, person=None, job="studio")
        assert (await hers.until("studio"), await his.until("studio")) == (["pictures"], [])
        publish(valkey, workspace=ours, person=None, job="pictures")
        assert [await his.next() for _ in range(3)] == ["jobs", "pictures", "pictures"]

    run(story)


def test_many_pages_share_one_subscription(hub: events.Hub, valkey: Valkey, alice: User, bob: User) -> None:
    workspace = alice.workspaces.get().pk

    async def story() -> None:
        streams = [await open_stream(person) for person in (alice, alice, bob, bob)]
        assert redis.Redis.from_url(valkey.url).pubsub_numsub(sending.CHANNEL)[0][1] == 1
        publish(valkey, workspace=workspace, person=alice.pk, job="abc")
        for stream in streams:
            assert await stream.next() == "abc"

    run(story)


def test_who_was_removed_from_one_of_their_workspaces_hears_nothing_more(
    hub: events.Hub, valkey: Valkey, alice: User, bob: User, charlie: User
) -> None:
    workspace = alice.workspaces.get()
    members.add(charlie.workspaces.get(), bob, Role.VIEWER)

    async def story() -> None:
        stream = await open_stream(bob)
        await Membership.objects.filter(person=bob, workspace=workspace).adelete()
        assert await stream.next() == "bye", "within the time between two looks"
        publish(valkey, workspace=workspace.pk, person=alice.pk, job="abc")
        again = await open_stream(bob)
        publish(valkey, workspace=workspace.pk, person=alice.pk, job="abc")
        publish(valkey, workspace=None, person=None, job="studio")
        assert await again.until("studio") == [], "the other workspace's stream goes on without"

    run(story)


def test_what_is_said_meanwhile_puts_the_end_off_for_nobody(
    hub: events.Hub, valkey: Valkey, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough that a busy machine, which takes a second or two more, is no message that put it off to 5.4 seconds.
    monkeypatch.setattr(events, "RECHECK", 3.0)
    workspace = alice.workspaces.get()

    async def story() -> None:
        stream, began = await open_stream(bob), time.monotonic()
        await Membership.objects.filter(person=bob).adelete()
        await asyncio.sleep(2.4)
        publish(valkey, workspace=workspace.pk, person=alice.pk, job="abc")
        assert await stream.until("bye") in (["abc", "jobs"], [])
        assert time.monotonic() - began < 5.0

    run(story)


def test_who_belongs_nowhere_has_no_stream(hub: events.Hub, bob: User) -> None:
    Membership.objects.filter(person=bob).delete()

    async def story() -> None:
        client = AsyncClient()
        await client.aforce_login(bob)
        assert (await client.get("/events/")).status_code == 403

    run(story)


def test_what_somebody_keeps_to_themselves_is_told_to_nobody_else(
    hub: events.Hub, valkey: Valkey, alice: User, bob: User
) -> None:
    workspace = alice.workspaces.get().pk

    async def story() -> None:
        hers, his = await open_stream(alice), await open_stream(bob)
        publish(valkey, workspace=workspace, person=alice.pk, job="secret", private=True)
        publish(valkey, workspace=None, person=None, job="studio")
        assert await hers.until("studio") == ["secret", "jobs"]
        assert await his.until("studio") == []

    run(story)


def test_signing_out_ends_the_stream(hub: events.Hub, alice: User) -> None:
    async def story() -> None:
        client = AsyncClient()
        await client.aforce_login(alice)
        stream = Stream(await client.get("/events/"))  # type: ignore[arg-type]
        assert await stream.next() == sending.EVERYWHERE
        await client.alogout()
        assert (await stream.until("bye"))[:1] == ["jobs"]
        assert await stream.next() == "(ended)"

    run(story)


def test_another_password_ends_the_stream(hub: events.Hub, alice: User) -> None:
    async def story() -> None:
        stream = await open_stream(alice)
        alice.set_password("four vases on a ledge")
        await alice.asave(update_fields=["password"])
        assert await stream.next() == "bye"

    run(story)


def test_closing_the_hub_ends_every_stream_at_once(hub: events.Hub, alice: User, bob: User) -> None:
    async def story() -> None:
        streams = [await open_stream(person) for person in (alice, bob)]
        hub.close()
        for stream in streams:
            assert await stream.next() == "bye"
            assert await stream.next() == "(ended)"
        assert not hub.queues

    run(story)


def test_a_quiet_stream_still_breathes(hub: events.Hub, alice: User) -> None:
    async def story() -> None:
        stream = await open_stream(alice)
        async with asyncio.timeout(30):
            assert "still here" in str(await anext(stream.parts))

    run(story)


def test_a_page_that_is_too_slow_is_told_to_start_over(hub: events.Hub, valkey: Valkey, alice: User) -> None:
    workspace = alice.workspaces.get().pk

    async def story() -> None:
        stream = await open_stream(alice)
        for number in range(events.QUEUE + 10):
            hub.hand_out({"workspace": workspace, "job": f"job-{number}"})
        assert await stream.next() == "bye"

    run(story)


def test_streams_survive_a_restart_of_the_broker(hub: events.Hub, valkey: Valkey, alice: User) -> None:
    workspace = alice.workspaces.get().pk

    async def story() -> None:
        stream = await open_stream(alice)
        waiting = asyncio.create_task(stream.next())
        await asyncio.sleep(0.1)
        # In this very thread: the server ends with the thread that started it.
        valkey.kill()
        valkey.start()
        assert await waiting == sending.EVERYWHERE, "whatever was missed is fetched once more"
        publish(valkey, workspace=workspace, person=alice.pk, job="abc")
        assert await stream.until("abc") == ["jobs", "pictures"]

    run(story)


def test_one_person_has_so_many_streams_and_no_more(hub: events.Hub, alice: User, bob: User) -> None:
    async def story() -> None:
        streams = [await open_stream(alice) for _ in range(events.MOST_PER_PERSON)]
        client = AsyncClient()
        await client.aforce_login(alice)
        assert (await client.get("/events/")).status_code == 429
        await open_stream(bob)
        leaving = asyncio.create_task(streams[0].next())
        await asyncio.sleep(0.1)
        leaving.cancel()  # what the server does when a browser has gone
        await asyncio.wait([leaving])
        await open_stream(alice)

    run(story)


def test_the_anonymous_hear_nothing() -> None:
    async def story() -> None:
        assert (await AsyncClient().get("/events/")).status_code == 401

    run(story)


def test_the_pump_is_held_so_that_it_is_never_collected(hub: events.Hub, alice: User) -> None:
    async def story() -> None:
        await open_stream(alice)
        assert hub.pump is not None
        assert not hub.pump.done()

    run(story)
