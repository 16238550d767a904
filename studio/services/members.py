"""Who is let in, and as what. Links are random, work once, and only their hashes are kept."""

import hashlib
import secrets

from django.db import transaction

from studio.errors import LinkSpent, NotAllowed
from studio.models import (
    UNSENT,
    Account,
    Budget,
    CollectionMember,
    Invitation,
    Job,
    May,
    Membership,
    Role,
    SignInLink,
    UnitsRequest,
    User,
    Workspace,
)
from studio.models.statements import Select
from studio.services import accounts, budgets, durations, events, forgetting, ledger, roles

FIRST_OWNER = "owner@localhost"
# Every request asks this.
_CURRENT = Select(
    """
    SELECT {membership}, {workspace} FROM studio_membership AS membership
    JOIN studio_workspace AS workspace ON workspace.id = membership.workspace_id
    WHERE membership.person_id = %s
    ORDER BY workspace.public_id = %s DESC, workspace.id = %s DESC, workspace.id = %s DESC, membership.id LIMIT 1
    """,
    membership=Membership,
    workspace=Workspace,
)
SPENT = "This link was used already, is too old, or never was one. Ask for a new one."


def current(person: User, page: str = "", chosen: int | None = None) -> Membership | None:
    """The membership whose workspace a person works in.

    That of the page that asks, by public id; else what the session has chosen, what they chose last, their oldest.
    """
    found = _CURRENT.first(person.pk, page, chosen or 0, person.last_workspace_id or 0)
    if found is None:
        return None
    membership: Membership
    membership, membership.workspace = found
    return membership


def membership(person: User, workspace: int) -> Membership:
    """Their membership of a workspace they belong to."""
    return Membership.objects.select_related("workspace").get(person=person, workspace=workspace)


def of(person: User) -> list[Membership]:
    """Every workspace they belong to, by name."""
    found = Membership.objects.filter(person=person).select_related("workspace")
    return list(found.order_by("workspace__name", "workspace_id"))


def remember(person: User, workspace: Workspace) -> None:
    """Begin their next session in this workspace."""
    User.objects.filter(pk=person.pk).update(last_workspace=workspace)


# --- the first owner ------------------------------------------------------------------------------------------------


@transaction.atomic
def first_link() -> str | None:
    """A new one-time token that signs the first owner in; None once an owner has a password.

    Makes the owner and their workspace at the first call. An older link stops working.
    """
    owner = User.objects.filter(memberships__role=Role.OWNER).order_by("pk").first() or _found_studio()
    if owner.has_usable_password():
        return None
    SignInLink.objects.filter(person=owner, used_at=None).delete()
    token, token_hash = new_token()
    SignInLink.objects.create(
        person=owner, token_hash=token_hash, expires_at=durations.database_now() + durations.FIRST_LINK_LIFE
    )
    return token


def _found_studio() -> User:
    owner = User.objects.create_user(FIRST_OWNER, None, name="Owner", is_staff=True, is_superuser=True)
    workspace = Workspace.objects.create(name="Studio")
    add(workspace, owner, Role.OWNER)
    return owner


@transaction.atomic
def spend_first_link(token: str) -> User:
    """The owner, if the link is still good; it is used up by this. Raises LinkSpent."""
    token_hash = _hash(token)
    if not SignInLink.objects.spend(token_hash):
        raise LinkSpent(SPENT)
    link: SignInLink = SignInLink.objects.select_related("person").get(token_hash=token_hash)
    return link.person


@transaction.atomic
def introduce(person: User, email: str, name: str, password: str) -> None:
    """The first owner says who they are and takes a password."""
    person.email, person.name = email.strip().lower(), name.strip()
    person.set_password(password)
    person.save(update_fields=["email", "name", "password"])


# --- everybody else -------------------------------------------------------------------------------------------------


def add(workspace: Workspace, person: User, role: str) -> Membership:
    """Make somebody a member, with a budget before their first request."""
    membership, _ = Membership.objects.get_or_create(workspace=workspace, person=person, defaults={"role": role})
    budgets.open_person(accounts.current(), workspace, person)
    return membership


def invite(by: Membership, role: str, note: str = "") -> str:
    """A token for a link that lets one person in, once, within a week. Raises NotAllowed."""
    require_giver(by, role)
    token, token_hash = new_token()
    Invitation.objects.create(
        workspace=by.workspace,
        role=role,
        note=note,
        token_hash=token_hash,
        created_by=by.person,
        expires_at=durations.database_now() + durations.LINK_LIFE,
    )
    return token


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link that can still be used."""
    return Invitation.objects.usable().filter(token_hash=_hash(token)).select_related("workspace").first()


def require_giver(by: Membership, role: str) -> None:
    """Raises NotAllowed unless this member may let somebody in with this role."""
    roles.require_of(by, May.STEER)
    if role == Role.OWNER and not by.may(May.OWN):
        raise NotAllowed("Only an owner can invite another owner.")


@transaction.atomic
def accept(token: str, person: User) -> Membership:
    """Use an invitation up and make the person a member. Raises LinkSpent; NotAllowed for a member, it stays unused."""
    token_hash = _hash(token)
    usable = Invitation.objects.usable().filter(token_hash=token_hash)
    if Membership.objects.filter(person=person, workspace__in=usable.values("workspace")).exists():
        raise NotAllowed("You belong to this workspace already.")
    if not Invitation.objects.spend(token_hash):
        raise LinkSpent(SPENT)
    invitation = Invitation.objects.select_related("workspace").get(token_hash=token_hash)
    Invitation.objects.filter(pk=invitation.pk).update(used_by=person)
    return add(invitation.workspace, person, invitation.role)


@transaction.atomic
def accept_as_new(token: str, email: str, name: str, password: str) -> User:
    """Use an invitation up and make the account for it. Raises LinkSpent."""
    person = User.objects.create_user(email, password, name=name.strip())
    accept(token, person)
    return person


@transaction.atomic
def withdraw(by: Membership, invitation: Invitation) -> None:
    """Make an unused invitation useless. Raises NotAllowed."""
    roles.require_of(by, May.STEER)
    Invitation.objects.unused().filter(pk=invitation.pk, workspace=by.workspace).delete()


@transaction.atomic
def change_role(by: Membership, member: Membership, role: str) -> None:
    """Give a member another role. Raises NotAllowed; the last owner stays one."""
    roles.require_of(by, May.STEER)
    if Role.OWNER in (member.role, role) and not by.may(May.OWN):
        raise NotAllowed("Only an owner can change who owns the workspace.")
    _keep_an_owner(member, leaving=role != Role.OWNER)
    Membership.objects.filter(pk=member.pk).update(role=role)
    events.publish_role(member.person_id)


@transaction.atomic
def give_units(by: Membership, budget: Budget, units: int) -> None:
    """Raise the limit of a budget of the workspace, or lower it by a negative number. Raises NotAllowed."""
    roles.require_of(by, May.STEER)
    if budget.account.workspace_id != by.workspace_id:
        raise NotAllowed("This budget belongs to another workspace.")
    if budget.account.kind == Account.Kind.WORKSPACE and not by.may(May.OWN):
        raise NotAllowed("Only an owner can change what the workspace may spend.")
    ledger.grant(budget, units, actor=by.person, reason="Given on the members page")


@transaction.atomic
def remove(by: Membership, member: Membership) -> None:
    """End a membership, effective at their next request. Their pictures stay with the workspace. Raises NotAllowed."""
    roles.require_of(by, May.STEER)
    if member.role == Role.OWNER and not by.may(May.OWN):
        raise NotAllowed("Only an owner can remove an owner.")
    _end(member)


@transaction.atomic
def leave(member: Membership) -> None:
    """End one's own membership. Raises NotAllowed for the last owner."""
    _end(member)


@transaction.atomic
def hand_over(by: Membership, to: Membership) -> None:
    """Make another member the owner in one's place, and oneself an admin. Raises NotAllowed."""
    roles.require_of(by, May.OWN)
    if to.workspace_id != by.workspace_id or to.pk == by.pk:
        raise NotAllowed("Choose another member of this workspace.")
    # The old owner's row first, and only while they are one: of two that are sent at once, one does nothing.
    if not Membership.objects.filter(pk=by.pk, role=Role.OWNER).update(role=Role.ADMIN):
        raise NotAllowed("You don't own this workspace any more.")
    if not Membership.objects.filter(pk=to.pk).update(role=Role.OWNER):
        raise NotAllowed("They have left the workspace meanwhile.")
    events.publish_role(by.person_id, to.person_id)


def _end(member: Membership) -> None:
    _keep_an_owner(member, leaving=True)
    Membership.objects.filter(pk=member.pk).delete()
    # Should they come back, they come back to what everybody sees.
    CollectionMember.objects.filter(person=member.person_id, collection__workspace=member.workspace_id).delete()
    # What runs is charged and kept; what waits would spend the workspace's units for somebody who is gone.
    waiting = Job.objects.filter(person=member.person_id, workspace=member.workspace_id, state__in=UNSENT)
    for job in waiting.order_by("pk"):
        if Job.objects.cancel(job.pk):
            ledger.release(job, "Canceled: who asked for it left the workspace")
            events.publish(job)
    UnitsRequest.objects.withdraw_all_of(member)


@transaction.atomic
def forget(person: User) -> None:
    """Take a person's name and address out of the studio, for good; what they made and spent stays. Raises NotAllowed.

    There is no deleting a person: the ledger refers to them, and never changes.
    """
    for member in person.memberships.all():
        _end(member)
    forgetting.erase(person)


def _keep_an_owner(member: Membership, *, leaving: bool) -> None:
    owners = Membership.objects.select_for_update(no_key=True).filter(workspace=member.workspace_id, role=Role.OWNER)
    if member.role == Role.OWNER and leaving and len(owners) == 1:
        raise NotAllowed("A workspace needs an owner. Make somebody else one first.")


def new_token() -> tuple[str, str]:
    token = secrets.token_urlsafe(24)
    return token, _hash(token)


def _hash(token: str) -> str:
    # The token has 192 random bits, so a fast hash is enough.
    return hashlib.sha256(token.encode()).hexdigest()
