"""Invitations by e-mail: asked for here, written and sent by a worker. The link itself is never seen here.

The row says that a letter is due, so a ring that is lost costs a moment: the clock rings again.
"""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from studio import tasks
from studio.errors import NotAllowed
from studio.models import Invitation, Membership
from studio.services import durations, members


@transaction.atomic
def invite_by_mail(by: Membership, email: str, role: str) -> Invitation:
    """Send somebody an invitation; one that they have not used yet is sent anew, with this role. Raises NotAllowed."""
    members.require_giver(by, role)
    email = email.strip().lower()
    if Membership.objects.filter(workspace=by.workspace, person__email__iexact=email).exists():
        raise NotAllowed("They belong to the workspace already.")
    # Its link is made when it is written; until then there is none that anybody could have.
    nobodys = members.new_token()[1]
    invitation, _ = Invitation.objects.get_or_create(
        workspace=by.workspace,
        email=email,
        used_at=None,
        defaults={"role": role, "token_hash": nobodys, "created_by": by.person, "expires_at": _expiry()},
    )
    _send(invitation, role=role, created_by=by.person)
    return invitation


@transaction.atomic
def resend(by: Membership, invitation: Invitation) -> None:
    """Send an invitation again, with a new link, for another week. Raises NotAllowed."""
    members.require_giver(by, invitation.role)
    if not invitation.email or invitation.used_at or invitation.workspace_id != by.workspace_id:
        raise NotAllowed("This invitation can't be sent again. Make a new one.")
    _send(invitation, created_by=by.person)


def _send(invitation: Invitation, **changes: object) -> None:
    unused = Invitation.objects.unused().filter(pk=invitation.pk)
    unused.update(send_at=Now(), send_tries=0, sent_at=None, expires_at=_expiry(), **changes)
    transaction.on_commit(lambda: tasks.ring(tasks.send_invitation, invitation.pk))


def _expiry() -> datetime:
    return durations.database_now() + durations.LINK_LIFE
