"""What the studio writes to people by e-mail. Workers send it, never a request: a mail server may take its time.

A link in a letter is made at the moment the letter is, so that nothing but the letter ever holds it.
"""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from studio.models import Invitation, User
from studio.services import durations, members

MOST_TRIES = 5

log = logging.getLogger(__name__)


def invitations_to_send() -> list[int]:
    """Those whose letter is due, for the clock."""
    return list(Invitation.objects.to_send().order_by("send_at").values_list("pk", flat=True)[:100])


def send_invitation(invitation_id: int) -> bool:
    """Write one invitation, with a new link: one that was sent before stops working. False if there was nothing to do.

    A mail server that is away is asked again a few times, each time after a longer while.
    """
    token = _next_link(invitation_id)
    if token is None:
        return False
    invitation = Invitation.objects.select_related("workspace", "created_by").get(pk=invitation_id)
    link = _absolute(reverse("members:join", args=[token]))
    if _sent("letters/invitation.txt", invitation.email, {"invitation": invitation, "link": link}):
        Invitation.objects.filter(pk=invitation_id).update(send_at=None, sent_at=Now())
        return True
    return False


@transaction.atomic
def _next_link(invitation_id: int) -> str | None:
    """A fresh link for an invitation that is due; the next try, should this one fail, is put down before."""
    due = Invitation.objects.to_send().select_for_update(no_key=True, skip_locked=True).filter(pk=invitation_id).first()
    if due is None:
        return None
    token, token_hash = members.new_token()
    again = durations.database_now() + durations.after_letter(due.send_tries)
    last = due.send_tries + 1 >= MOST_TRIES
    Invitation.objects.filter(pk=due.pk).update(
        token_hash=token_hash, send_tries=F("send_tries") + 1, send_at=None if last else again
    )
    return token


def send_reset(person_id: int) -> bool:
    """Write somebody a link to a new password. It works once, within an hour, and no more after a sign-in.

    False for somebody who has no account here, is closed, or never had a password: they come in by their first link.
    """
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None or not person.has_usable_password():
        return False
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    link = _absolute(reverse("people:reset", args=[uid, default_token_generator.make_token(person)]))
    return _sent("letters/reset.txt", person.email, {"person": person, "link": link})


def _sent(name: str, to: str, context: Mapping[str, Any]) -> bool:
    """Write one letter: the first line of its template is the subject."""
    text = render_to_string(name, dict(context))
    subject, _, body = text.partition("\n")
    try:
        send_mail(subject.strip(), body.strip() + "\n", None, [to])
    except (SMTPException, OSError) as error:
        log.warning("A letter, %s, could not be sent: %s", name, type(error).__name__)
        return False
    return True


def _absolute(path: str) -> str:
    return settings.STUDIO_URL.rstrip("/") + path
