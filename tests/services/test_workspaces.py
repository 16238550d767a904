"""Making workspaces, handing them over, and the letters that let somebody in."""

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from pytest_django import Settings

from studio.errors import InvalidRequest, LinkSpent, NotAllowed
from studio.models import Budget, Invitation, Membership, Role, User, Workspace
from studio.services import durations, invitations, letters, members, passwords, workspaces
from tests.fixtures import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def link_in_the_last_letter() -> str:
    found = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


# --- workspaces -----------------------------------------------------------------------------------------------------


def test_a_new_workspace_has_its_maker_as_owner_and_units_of_its_own(alice: User) -> None:
    made = workspaces.make(alice, "  North   light ", "Europe/Berlin")
    assert (made.role, made.workspace.name, made.workspace.time_zone) == (Role.OWNER, "North light", "Europe/Berlin")
    kinds = Budget.objects.filter(account__workspace=made.workspace, window="total").values_list("account__kind")
    assert sorted(kinds) == [("person",), ("workspace",)]


ALL = " ".join(Role.values)


@pytest.mark.parametrize(
    ("rule", "who"), [("owners", "owner"), ("admins", "owner admin"), ("everybody", ALL), ("nobody", "")]
)
def test_who_may_make_one_is_a_setting(bob: User, settings: Settings, rule: str, who: str) -> None:
    settings.STUDIO_NEW_WORKSPACES = rule
    may = []
    for role in Role.values:
        Membership.objects.filter(person=bob).update(role=role)
        may += [role] if workspaces.may_make(bob) else []
    assert may == who.split()
    if not who:
        with pytest.raises(NotAllowed):
            workspaces.make(bob, "Mine", "UTC")


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 81}, {"time_zone": "Mars/Olympus"}])
def test_a_workspace_has_a_name_and_a_known_clock(alice: User, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest):
        workspaces.make(alice, **({"name": "Fine", "time_zone": "UTC"} | wrong))
    assert Workspace.objects.count() == 1


def test_an_admin_changes_the_settings_and_only_an_owner_the_clock(alice: User, bob: User) -> None:
    Membership.objects.filter(person=bob).update(role=Role.ADMIN)
    workspaces.change(bob.memberships.get(), "Other", "UTC", "private")
    workspace = alice.workspaces.get()
    assert (workspace.name, workspace.new_pictures) == ("Other", "private")
    with pytest.raises(NotAllowed, match="time zone"):
        workspaces.change(bob.memberships.get(), "Other", "Asia/Tokyo", "private")
    workspaces.change(alice.memberships.get(), "Other", "Asia/Tokyo", "workspace")
    assert alice.workspaces.get().time_zone == "Asia/Tokyo"
    Membership.objects.filter(person=bob).update(role=Role.EDITOR)
    with pytest.raises(NotAllowed):
        workspaces.change(bob.memberships.get(), "Mine", "UTC", "private")


def test_the_page_that_asks_decides_then_the_session_then_what_was_last(alice: User, charlie: User) -> None:
    first, second = alice.workspaces.get(), charlie.workspaces.get()
    third = workspaces.make(alice, "Third", "UTC").workspace
    members.add(second, alice, Role.VIEWER)

    def current(*asked: Any) -> Workspace | None:
        found = members.current(User.objects.get(pk=alice.pk), *asked)
        return found and found.workspace

    assert current() == first, "the oldest"
    members.remember(alice, third)
    assert current() == third
    assert current("", second.pk) == second
    assert current(first.public_id, second.pk) == first
    assert current("no-such-place", 999_999) == third


def test_handing_over_swaps_two_roles_once(alice: User, bob: User, charlie: User) -> None:
    hers, his = alice.memberships.get(), bob.memberships.get()
    with pytest.raises(NotAllowed):
        members.hand_over(his, hers)
    with pytest.raises(NotAllowed):
        members.hand_over(hers, charlie.memberships.get())
    members.hand_over(hers, his)
    assert dict(Membership.objects.filter(workspace=hers.workspace).values_list("person__name", "role")) == {
        "Alice": "admin",
        "Bob": "owner",
    }
    with pytest.raises(NotAllowed, match="any more"):
        members.hand_over(hers, his)


def test_the_last_owner_can_not_leave(alice: User, bob: User) -> None:
    with pytest.raises(NotAllowed, match="needs an owner"):
        members.leave(alice.memberships.get())
    members.leave(bob.memberships.get())
    assert not bob.memberships.exists()


# --- invitations by e-mail ------------------------------------------------------------------------------------------


def test_a_letter_lets_its_reader_in_once(alice: User) -> None:
    invitation = invitations.invite_by_mail(alice.memberships.get(), "Dana@Example.com", Role.REVIEWER)
    assert letters.invitations_to_send() == [invitation.pk]
    assert letters.send_invitation(invitation.pk)
    assert not letters.send_invitation(invitation.pk), "once"
    (letter,) = mail.outbox
    assert letter.to == ["dana@example.com"]
    assert letter.subject == "Alice invites you to Studio in Atelier"
    token = token_of(link_in_the_last_letter())
    assert token not in str(list(Invitation.objects.values()))
    person = members.accept_as_new(token, "dana@example.com", "Dana", PASSWORD)
    assert person.memberships.get().role == Role.REVIEWER
    with pytest.raises(LinkSpent):
        members.accept(token, person)


def test_sending_again_makes_the_older_link_useless(alice: User) -> None:
    by = alice.memberships.get()
    invitation = invitations.invite_by_mail(by, "dana@example.com", Role.VIEWER)
    letters.send_invitation(invitation.pk)
    older = token_of(link_in_the_last_letter())
    Invitation.objects.update(expires_at=durations.database_now() - timedelta(days=1))
    invitations.resend(by, Invitation.objects.get())
    letters.send_invitation(invitation.pk)
    newer = token_of(link_in_the_last_letter())
    assert members.find_invitation(older) is None
    assert members.find_invitation(newer), "and it is good for another week"


def test_an_address_has_one_invitation_however_often_it_is_invited(alice: User, bob: User) -> None:
    by = alice.memberships.get()
    first = invitations.invite_by_mail(by, "dana@example.com", Role.VIEWER)
    again = invitations.invite_by_mail(by, "DANA@example.com", Role.EDITOR)
    assert (first.pk, Invitation.objects.get().role) == (again.pk, Role.EDITOR)
    with pytest.raises(NotAllowed, match="already"):
        invitations.invite_by_mail(by, "bob@example.com", Role.VIEWER)
    with pytest.raises(NotAllowed):
        invitations.invite_by_mail(bob.memberships.get(), "eve@example.com", Role.VIEWER)


def test_a_mail_server_that_is_away_is_asked_again_and_then_said_to_be(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> int:
        raise smtplib.SMTPServerDisconnected

    invitation = invitations.invite_by_mail(alice.memberships.get(), "dana@example.com", Role.VIEWER)
    monkeypatch.setattr(letters, "send_mail", away)
    for _ in range(letters.MOST_TRIES):
        assert not Invitation.objects.get().could_not_be_sent
        Invitation.objects.update(send_at=Now())
        assert not letters.send_invitation(invitation.pk)
    assert Invitation.objects.get().could_not_be_sent
    assert letters.invitations_to_send() == []


# --- a forgotten password -------------------------------------------------------------------------------------------


def reset_link(person: User) -> tuple[str, str]:
    assert letters.send_reset(person.pk)
    uid, token = link_in_the_last_letter().strip("/").split("/")[1:]
    return uid, token


def test_a_reset_link_works_once(alice: User) -> None:
    uid, token = reset_link(alice)
    assert passwords.take(uid, token, "a bowl of six oranges") == alice
    alice.refresh_from_db()
    assert alice.check_password("a bowl of six oranges")
    with pytest.raises(LinkSpent):
        passwords.take(uid, token, "a bowl of six lemons")


def test_a_reset_link_dies_after_an_hour(alice: User, settings: Settings) -> None:
    uid, token = reset_link(alice)
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert passwords.find(uid, token) is None


@pytest.mark.parametrize("link", [("", ""), ("MQ", "x-y"), ("~", "x"), ("OTk5OTk5OTk5OTk5OTk5OTk5OTk", "x")])
def test_what_is_no_link_finds_nobody(alice: User, link: tuple[str, str]) -> None:
    assert passwords.find(*link) is None


def test_nobody_is_written_to_who_could_not_sign_in(alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    bob.set_unusable_password()
    bob.save(update_fields=["password"])
    assert not any(letters.send_reset(pk) for pk in (alice.pk, bob.pk, passwords.NOBODY))
    assert mail.outbox == []
