"""Who is let in: links that work once, roles that hold."""

from datetime import timedelta

import pytest

from studio.errors import LinkSpent, NotAllowed
from studio.models import Budget, Invitation, Membership, Role, SignInLink, User
from studio.services import durations, invitations, members
from tests.fixtures import PASSWORD, budget_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def membership(person: User) -> Membership:
    return person.memberships.get()


def test_the_first_start_makes_an_owner_with_a_workspace_and_a_budget():
    token = members.first_link()
    assert token
    owner = User.objects.get()
    assert membership(owner).role == Role.OWNER
    assert budget_of(owner).left


def test_the_first_link_signs_in_once():
    token = members.first_link()
    assert members.spend_first_link(token or "") == User.objects.get()
    with pytest.raises(LinkSpent, match="used already"):
        members.spend_first_link(token or "")


def test_a_new_first_link_makes_the_older_one_useless():
    older = members.first_link()
    newer = members.first_link()
    with pytest.raises(LinkSpent):
        members.spend_first_link(older or "")
    members.spend_first_link(newer or "")
    assert User.objects.count() == 1


def test_there_is_no_first_link_once_an_owner_has_a_password():
    members.first_link()
    members.introduce(User.objects.get(), "Ines@Example.com", " Ines ", PASSWORD)
    assert members.first_link() is None
    owner = User.objects.get()
    assert (owner.email, owner.name, owner.check_password(PASSWORD)) == ("ines@example.com", "Ines", True)


def test_only_the_hash_of_a_link_is_kept(alice: User):
    first, invited = members.first_link(), members.invite(membership(alice), Role.EDITOR)
    kept = str(list(SignInLink.objects.values())) + str(list(Invitation.objects.values()))
    assert first is None  # alice has a password
    assert invited not in kept


def test_an_invitation_makes_a_member_with_the_role_and_a_budget(alice: User):
    token = members.invite(membership(alice), Role.REVIEWER)
    person = members.accept_as_new(token, "Dana@example.com", "Dana", PASSWORD)
    assert (membership(person).role, person.email) == (Role.REVIEWER, "dana@example.com")
    assert budget_of(person).left
    assert Invitation.objects.get().used_by == person


def test_an_invitation_works_once_and_leaves_nobody_behind(alice: User):
    token = members.invite(membership(alice), Role.EDITOR)
    members.accept_as_new(token, "dana@example.com", "Dana", PASSWORD)
    with pytest.raises(LinkSpent):
        members.accept_as_new(token, "eve@example.com", "Eve", PASSWORD)
    assert not User.objects.filter(email="eve@example.com").exists()


def test_an_invitation_ends_after_a_week(alice: User):
    token = members.invite(membership(alice), Role.EDITOR)
    assert members.find_invitation(token)
    Invitation.objects.update(expires_at=durations.database_now() - timedelta(seconds=1))
    assert members.find_invitation(token) is None
    with pytest.raises(LinkSpent):
        members.accept(token, alice)


def test_a_withdrawn_invitation_is_useless(alice: User):
    token = members.invite(membership(alice), Role.EDITOR)
    members.withdraw(membership(alice), Invitation.objects.get())
    with pytest.raises(LinkSpent):
        members.accept(token, alice)


def test_an_invitation_opens_while_its_giver_could_give_it(alice: User, bob: User, charlie: User):
    Membership.objects.filter(person=bob).update(role=Role.OWNER)
    as_owner, as_admin = (members.invite(membership(bob), role) for role in (Role.OWNER, Role.ADMIN))
    members.change_role(membership(alice), membership(bob), Role.ADMIN)
    assert members.find_invitation(as_owner) is None
    assert members.find_invitation(as_admin)
    members.remove(membership(alice), membership(bob))
    with pytest.raises(LinkSpent):
        members.accept(as_admin, bob)
    posted = invitations.invite_by_mail(membership(alice), "dana@example.com", Role.VIEWER)
    Invitation.objects.filter(pk=posted.pk).update(created_by=bob)
    posted.refresh_from_db()
    assert posted not in Invitation.objects.to_send()
    invitations.resend(membership(alice), posted)
    assert posted in Invitation.objects.to_send(), "whoever sends it again answers for it"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.VIEWER])
def test_who_is_no_steward_can_not_invite_or_change_anybody(alice: User, bob: User, role: str):
    Membership.objects.filter(person=bob).update(role=role)
    with pytest.raises(NotAllowed):
        members.invite(membership(bob), Role.VIEWER)
    with pytest.raises(NotAllowed):
        members.change_role(membership(bob), membership(bob), Role.OWNER)
    with pytest.raises(NotAllowed):
        members.remove(membership(bob), membership(alice))


def test_an_admin_can_not_make_or_unmake_an_owner(alice: User, bob: User):
    Membership.objects.filter(person=bob).update(role=Role.ADMIN)
    for attempt in (
        lambda: members.invite(membership(bob), Role.OWNER),
        lambda: members.change_role(membership(bob), membership(bob), Role.OWNER),
        lambda: members.change_role(membership(bob), membership(alice), Role.EDITOR),
        lambda: members.remove(membership(bob), membership(alice)),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_workspace_keeps_an_owner(alice: User):
    with pytest.raises(NotAllowed, match="needs an owner"):
        members.remove(membership(alice), membership(alice))
    with pytest.raises(NotAllowed, match="needs an owner"):
        members.change_role(membership(alice), membership(alice), Role.EDITOR)


def test_a_member_who_left_keeps_their_entries(alice: User, bob: User):
    members.remove(membership(alice), membership(bob))
    assert Budget.objects.filter(account__person=bob).exists()
    assert not bob.workspaces.exists()
