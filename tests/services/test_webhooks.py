"""Webhooks: signed, tried until somebody takes them, and given up in the end; over real HTTP."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Delivery, User, Webhook
from studio.services import alerts, budgets, durations, webhooks
from tests.fixtures import at_once


class Receiver:
    """Somebody outside, who answers with `status` and keeps what came."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.STUDIO_WEBHOOKS_TO_LOOPBACK = True
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def stop_and_alert(person: User) -> None:
    budgets.stop(person.memberships.get(), "Too fast")
    assert alerts.sweep() == 1


def test_an_alert_arrives_signed_and_says_what_happened(alice: User, receiver: Receiver) -> None:
    _, secret = webhooks.make(alice.memberships.get(), receiver.url)
    stop_and_alert(alice)
    (due,) = webhooks.due()
    assert webhooks.deliver(due)
    ((headers, body),) = receiver.received
    fields = dict(part.split("=") for part in headers["Atelier-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{fields['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert fields["v1"] == expected
    told = json.loads(body)
    assert (told["event"], told["kind"]) == ("alert", "stopped")
    assert told["text"] == "Alice stopped all spending of Studio: Too fast"
    assert told["url"].startswith("http")
    assert told["id"] == headers["Atelier-Event"]
    assert webhooks.due() == []
    assert not webhooks.deliver(due), "once"


def test_the_document_shows_how_to_check_a_message() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text()
    shown: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], shown)
    now = int(time.time())
    header = webhooks.signature("whsec_1", b"{}", now)
    assert shown["is_genuine"]("whsec_1", header, b"{}")
    assert not shown["is_genuine"]("whsec_1", header, b"{ }")
    assert not shown["is_genuine"]("whsec_2", header, b"{}")
    assert not shown["is_genuine"]("whsec_1", webhooks.signature("whsec_1", b"{}", now - 999), b"{}")


def test_the_secret_is_not_in_the_database(alice: User, receiver: Receiver, settings: Settings) -> None:
    webhook, secret = webhooks.make(alice.memberships.get(), receiver.url)
    stored = " ".join(str(value) for value in Webhook.objects.values().get().values())
    assert secret not in stored
    assert secret.removeprefix("whsec_") not in stored
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert webhooks.secret_of(webhook) == secret, "as long as the old key is kept"
    settings.SECRET_KEY_FALLBACKS = []
    delivery = webhooks.test(alice.memberships.get(), webhook)
    assert not webhooks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, "another secret key" in delivery.error) == ("given_up", True)
    assert receiver.received == []


def test_a_refused_message_is_tried_later_and_given_up_after_two_days(alice: User, receiver: Receiver) -> None:
    webhook, _ = webhooks.make(alice.memberships.get(), receiver.url)
    delivery = webhooks.test(alice.memberships.get(), webhook)
    receiver.status = 500
    waited = []
    while not webhooks.deliver(delivery.pk):
        delivery.refresh_from_db()
        if delivery.state != "waiting":
            break
        assert webhooks.due() == [], "not at once"
        waited.append(delivery.next_at - durations.database_now())
        Delivery.objects.update(next_at=Now())
    assert (delivery.state, delivery.status, delivery.error) == ("given_up", 500, "It answered 500.")
    assert len(receiver.received) == len(durations.WEBHOOK_WAITS) + 1
    assert len({headers["Atelier-Event"] for headers, _ in receiver.received}) == 1, "a receiver knows a repeat"
    assert waited == sorted(waited)
    receiver.status = 204
    assert webhooks.again(alice.memberships.get(), delivery)
    assert webhooks.deliver(delivery.pk)
    assert not webhooks.again(alice.memberships.get(), delivery), "it was sent"


def test_a_redirect_is_a_refusal(alice: User, receiver: Receiver) -> None:
    webhook, _ = webhooks.make(alice.memberships.get(), receiver.url)
    receiver.status = 302
    delivery = webhooks.test(alice.memberships.get(), webhook)
    assert not webhooks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.error == "It answered 302, a redirect, which is not followed."


def test_many_workers_send_one_message_once(committed: None, alice: User, receiver: Receiver) -> None:
    webhook, _ = webhooks.make(alice.memberships.get(), receiver.url)
    delivery = webhooks.test(alice.memberships.get(), webhook)
    sent = at_once(6, lambda _: webhooks.deliver(delivery.pk))
    assert sorted(map(str, sent)) == ["False"] * 5 + ["True"]
    assert len(receiver.received) == 1


def test_an_address_inside_is_refused_when_it_is_set_up_and_when_it_is_sent_to(
    alice: User, receiver: Receiver, settings: Settings
) -> None:
    webhook, _ = webhooks.make(alice.memberships.get(), receiver.url)
    settings.STUDIO_WEBHOOKS_TO_LOOPBACK = False
    with pytest.raises(InvalidRequest, match="https"):
        webhooks.make(alice.memberships.get(), receiver.url)
    delivery = webhooks.test(alice.memberships.get(), webhook)
    assert not webhooks.deliver(delivery.pk)
    assert receiver.received == []


def test_a_webhook_that_was_taken_away_hears_nothing_more(alice: User, receiver: Receiver) -> None:
    webhook, _ = webhooks.make(alice.memberships.get(), receiver.url)
    waiting = webhooks.test(alice.memberships.get(), webhook)
    webhooks.end(alice.memberships.get(), webhook)
    stop_and_alert(alice)
    assert webhooks.due() == []
    waiting.refresh_from_db()
    webhook.refresh_from_db()
    with pytest.raises(NotAllowed):
        webhooks.again(alice.memberships.get(), waiting)


def test_stewards_of_the_workspace_alone_have_a_hand_in_it(
    alice: User, bob: User, charlie: User, receiver: Receiver
) -> None:
    webhook, _ = webhooks.make(alice.memberships.get(), receiver.url)
    for other in (bob, charlie):
        for act in (webhooks.end, webhooks.test):
            with pytest.raises(NotAllowed):
                act(other.memberships.get(), webhook)
    with pytest.raises(NotAllowed):
        webhooks.make(bob.memberships.get(), receiver.url)
    stop_and_alert(charlie)
    assert webhooks.due() == [], "another workspace's alerts are not for this one"
