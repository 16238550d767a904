"""Webhooks: a workspace's alerts, carried to an address outside.

Each message is a row before it is sent, in the transaction of its alert, and is tried until it is answered with a 2xx
or two days have passed; a receiver tells repeats apart by the message's id. Every try is signed anew:

    Atelier-Signature: t=<seconds since 1970>,v1=<hex of HMAC-SHA256(secret, "<t>." + body)>

The secret is shown once. It is kept nowhere: it is derived from the studio's secret key and the webhook's salt, so that
nobody can forge messages with a copy of the database.
"""

import hashlib
import hmac
import json
import logging
import secrets
import time
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from studio import outgoing
from studio.errors import InvalidRequest, NotAllowed
from studio.models import Alert, Delivery, DeliveryState, Membership, Webhook, Workspace
from studio.services import durations

log = logging.getLogger(__name__)

MOST = 5  # webhooks of a workspace
BATCH = 50
SIGNATURE = "Atelier-Signature"


# --- setting up -----------------------------------------------------------------------------------------------------


@transaction.atomic
def make(by: Membership, url: str) -> tuple[Webhook, str]:
    """A webhook and its secret, which can't be read again. Raises NotAllowed, InvalidRequest."""
    _require_steward(by)
    url = url.strip()
    try:
        outgoing.admit(url, loopback=settings.STUDIO_WEBHOOKS_TO_LOOPBACK)
    except outgoing.NotAllowed as error:
        raise InvalidRequest({"url": str(error)}) from error
    if Webhook.objects.in_use().filter(workspace=by.workspace).count() >= MOST:
        raise InvalidRequest({"url": f"A workspace has at most {MOST} webhooks. Take one away first."})
    webhook = Webhook.objects.create(
        workspace=by.workspace,
        url=url,
        salt=secrets.token_hex(16),
        key_id=_key_id(settings.SECRET_KEY),
        created_by=by.person,
    )
    secret = secret_of(webhook)
    assert secret, "it was made with the present key"
    return webhook, secret


@transaction.atomic
def end(by: Membership, webhook: Webhook) -> None:
    """Send nothing there any more; what was sent stays listed. Raises NotAllowed."""
    _require_steward(by, webhook)
    Webhook.objects.in_use().filter(pk=webhook.pk).update(ended_at=Now(), ended_by=by.person)
    waiting = Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.GIVEN_UP, error="The webhook was taken away.")


def secret_of(webhook: Webhook) -> str | None:
    """What its messages are signed with; None once the studio's secret key is another one."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    key = next((each for each in keys if _key_id(each) == webhook.key_id), None)
    if key is None:
        return None
    return "whsec_" + hmac.new(key.encode(), f"studio.webhook:{webhook.salt}".encode(), hashlib.sha256).hexdigest()


def _key_id(key: str) -> str:
    # Enough to know a key again, and nothing to guess it by: it has hundreds of random bits.
    return hashlib.sha256(f"studio.key:{key}".encode()).hexdigest()[:16]


def _require_steward(by: Membership, webhook: Webhook | None = None) -> None:
    if not by.may_steward or (webhook and webhook.workspace_id != by.workspace_id):
        raise NotAllowed("Only owners and admins of the workspace can do this.")


# --- messages -------------------------------------------------------------------------------------------------------


def queue(alert: Alert) -> None:
    """Have an alert sent to every webhook of its workspace, once each."""
    for webhook in Webhook.objects.in_use().filter(workspace=alert.workspace):
        event = uuid.uuid4()
        about = {"kind": alert.kind, "text": alert.text, "url": settings.STUDIO_URL + alert.url, **_figures(alert)}
        Delivery.objects.create(webhook=webhook, alert=alert, event=event, body=_body(event, "alert", webhook, about))


def test(by: Membership, webhook: Webhook) -> Delivery:
    """Have a message sent that means nothing. Raises NotAllowed."""
    _require_steward(by, webhook)
    event = uuid.uuid4()
    about = {"text": f"A test, sent by {by.person}.", "url": f"{settings.STUDIO_URL}/alerts/"}
    return Delivery.objects.create(webhook=webhook, event=event, body=_body(event, "test", webhook, about))


def again(by: Membership, delivery: Delivery) -> bool:
    """Try a message that was given up from the beginning; False if it waits, or was sent. Raises NotAllowed."""
    _require_steward(by, delivery.webhook)
    if delivery.webhook.ended_at:
        raise NotAllowed("This webhook was taken away.")
    given_up = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.GIVEN_UP)
    return bool(given_up.update(state=DeliveryState.WAITING, tries=0, next_at=Now(), error=""))


def _figures(alert: Alert) -> dict[str, Any]:
    return {"details": alert.details} if alert.details else {}


def _body(event: uuid.UUID, name: str, webhook: Webhook, about: dict[str, Any]) -> str:
    workspace: Workspace = webhook.workspace
    return json.dumps(
        {
            "id": str(event),
            "event": name,
            "at": durations.database_now().isoformat(timespec="seconds"),
            "workspace": {"id": workspace.public_id, "name": workspace.name},
            **about,
        }
    )


# --- sending --------------------------------------------------------------------------------------------------------


def due() -> list[int]:
    """Messages that are to be tried now, for the clock."""
    return list(Delivery.objects.due().order_by("next_at").values_list("pk", flat=True)[:BATCH])


def deliver(pk: int) -> bool:
    """Try one message once; whether it was accepted."""
    # One UPDATE decides between two workers. One that dies over it leaves it to another after the lease.
    lease = durations.database_now() + durations.WEBHOOK_LEASE
    if not Delivery.objects.due().filter(pk=pk).update(next_at=lease, tries=F("tries") + 1):
        return False
    delivery = Delivery.objects.select_related("webhook").get(pk=pk)
    secret = secret_of(delivery.webhook)
    if secret is None:
        _give_up(delivery, None, "The studio has another secret key now. Take this webhook away and add it again.")
        return False
    body = delivery.body.encode()
    headers = {SIGNATURE: signature(secret, body, int(time.time())), "Atelier-Event": str(delivery.event)}
    try:
        status = outgoing.post(delivery.webhook.url, body, headers, loopback=settings.STUDIO_WEBHOOKS_TO_LOOPBACK)
    except outgoing.OutgoingError as error:
        _put_off(delivery, None, str(error))
        return False
    if not 200 <= status < 300:
        redirect = ", a redirect, which is not followed" if 300 <= status < 400 else ""
        _put_off(delivery, status, f"It answered {status}{redirect}.")
        return False
    sent = {"state": DeliveryState.SENT, "sent_at": Now(), "status": status, "error": ""}
    Delivery.objects.filter(pk=pk, state=DeliveryState.WAITING).update(**sent)
    return True


def remove_old() -> None:
    """Delete messages of long ago, the oldest first and not all at once."""
    oldest = Delivery.objects.order_by("pk").values_list("pk", flat=True)[:BATCH]
    long_ago = durations.database_now() - durations.NOTICE_LIFE
    Delivery.objects.filter(pk__in=list(oldest), created_at__lt=long_ago).delete()


def signature(secret: str, body: bytes, at: int) -> str:
    """The header's value for a body sent `at` seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _put_off(delivery: Delivery, status: int | None, error: str) -> None:
    log.warning("Webhook %s, try %s: %s", delivery.webhook.public_id, delivery.tries, error)
    if delivery.tries > len(durations.WEBHOOK_WAITS):
        _give_up(delivery, status, error)
        return
    next_at = durations.database_now() + durations.WEBHOOK_WAITS[delivery.tries - 1]
    _waiting(delivery).update(next_at=next_at, status=status, error=error[:300])


def _give_up(delivery: Delivery, status: int | None, error: str) -> None:
    _waiting(delivery).update(state=DeliveryState.GIVEN_UP, status=status, error=error[:300])


def _waiting(delivery: Delivery) -> Any:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
