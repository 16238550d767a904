"""A person can be forgotten, and can't be deleted: what they spent stands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.test import Client

from studio.errors import NotAllowed
from studio.models import Account, Alert, Budget, Delivery, Entry, Invitation, Job, Membership, Notice, User
from studio.services import alerts, comments, members, requests, webhooks
from studio.services.requests import Limit
from tests.fixtures import PASSWORD, Recraft, budget_of, limit_to, run_next, submit
from tests.views.making import picture

pytestmark = pytest.mark.usefixtures("books_agree")


def ledger() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Account, Budget, Entry)]


def everything_said() -> str:
    said = [
        *Notice.objects.values_list("text", flat=True),
        *Alert.objects.values_list("text", "details"),
        *Delivery.objects.values_list("body", flat=True),
        *Job.objects.values_list("reason", flat=True),
        *Invitation.objects.values_list("note", flat=True),
        *Entry.objects.values_list("reason", flat=True),
        *User.objects.values_list("name", "email"),
    ]
    return " ".join(map(str, said))


def test_who_spent_units_can_not_be_deleted(bob: User, recraft: Recraft) -> None:
    submit(bob)
    before = ledger()
    with pytest.raises(ProtectedError):
        bob.delete()
    assert ledger() == before


def test_forgetting_changes_nothing_in_the_ledger_and_leaves_no_name(alice: User, recraft: Recraft) -> None:
    steward = alice.memberships.get()
    members.accept_as_new(members.invite(steward, "editor", "For Zebulon"), "zebulon@example.com", "Zebulon", PASSWORD)
    person = User.objects.get(name="Zebulon")
    webhooks.make(steward, "https://example.com/hook")
    submit(person)
    run_next()
    limit_to(budget_of(person), 40)
    alerts.sweep()
    asked = requests.ask(person, person.workspaces.get(), 500, Limit("person", "total"), "more")
    requests.approve(steward, asked)
    assert "Zebulon" in everything_said()
    before = ledger()
    members.forget(person)
    assert ledger() == before
    assert "zebulon" not in everything_said().lower()
    assert Job.objects.get().person == person
    assert not Client().login(username="zebulon@example.com", password=PASSWORD)
    assert not Client().login(username=User.objects.get(pk=person.pk).email, password=PASSWORD)


def test_what_they_had_waiting_is_canceled_and_holds_nothing(bob: User) -> None:
    job = submit(bob)
    members.forget(bob)
    job.refresh_from_db()
    assert job.state == "canceled"
    assert budget_of(bob).held == 0
    assert not Membership.objects.filter(person=bob).exists()


def test_the_only_owner_of_a_workspace_stays(alice: User, bob: User) -> None:
    with pytest.raises(NotAllowed, match="needs an owner"):
        members.forget(alice)
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_the_command_says_whom_it_forgot(bob: User) -> None:
    out = StringIO()
    call_command("forget_person", "BOB@example.com", yes=True, stdout=out)
    assert out.getvalue() == f"Forgotten. In lists they are a former member, number {bob.pk}.\n"
    with pytest.raises(CommandError, match="There is nobody"):
        call_command("forget_person", "bob@example.com", yes=True)


def test_comments_name_a_former_member_and_spare_who_is_called_alike(alice: User, bob: User) -> None:
    steward, asset = alice.memberships.get(), picture(alice)
    for name in ("Anna", "Anna Bell"):
        address = f"{name.replace(' ', '.').lower()}@example.com"
        members.accept_as_new(members.invite(steward, "editor", ""), address, name, PASSWORD)
    said = "@anna, ask @Anna Bell or anna@example.com. Anna-lytics and x@anna.dev are nobody."
    comment = comments.add(bob, asset, said)
    quiet = comments.add(bob, asset, "Nobody is named here, not even Anna.")
    members.forget(User.objects.get(name="Anna"))
    for each in (comment, quiet):
        each.refresh_from_db()
    assert comment.text == ("@Former member, ask @Anna Bell or Former member. Anna-lytics and x@anna.dev are nobody.")
    assert quiet.text == "Nobody is named here, not even Anna."
    assert [person.name for person in comment.mentions.all()] == ["Anna Bell"]
