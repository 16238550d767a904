"""Commands for who runs the studio."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from studio.models import Budget, Entry, Tally, User
from studio.services import members
from tests.fixtures import budget_of, submit
from tests.services.test_ledger import settled

pytestmark = pytest.mark.django_db


def said(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_units_are_granted_to_a_person(alice: User, bob: User):
    text = said("grant_units", "BOB@example.com", "500", "--reason", "Spring", "--by", "alice@example.com")
    assert text == "Bob: +500 units; 0 of 10,500 used, 10,500 left.\n"
    entry = Entry.objects.latest("id")
    assert (entry.account.person, entry.units, entry.actor, entry.reason) == (bob, 500, alice, "Spring")


def test_units_are_granted_to_a_workspace(alice: User):
    said("grant_units", "20000", "--workspace", "Studio", "--reason", "Invoice 17")
    assert Budget.objects.get(account__kind="workspace").limit == 70_000


@pytest.mark.parametrize(
    "arguments", [("nobody@example.com", "5"), ("5",), ("5", "--workspace", "Nowhere"), ("bob@example.com", "5")]
)
def test_what_is_not_clear_is_asked_back(alice: User, bob: User, charlie: User, arguments: tuple[str, ...]):
    members.add(charlie.workspaces.get(), bob, "editor")
    before = Entry.objects.count()
    with pytest.raises(CommandError):
        said("grant_units", *arguments, "--reason", "Why")
    assert Entry.objects.count() == before


def test_a_person_of_two_workspaces_is_granted_units_in_the_one_named(alice: User, bob: User, charlie: User):
    members.add(charlie.workspaces.get(), bob, "editor")
    said("grant_units", "bob@example.com", "5", "--workspace", "Elsewhere", "--reason", "Why")
    limits = Budget.objects.filter(account__person=bob).values_list("account__workspace__name", "limit")
    assert dict(limits) == {"Studio": 10_000, "Elsewhere": 10_005}


def test_books_that_agree_say_so(alice: User):
    submit(alice)
    assert said("audit_ledger").startswith("The books agree: ")


def test_books_that_do_not_agree_end_with_an_error(alice: User):
    submit(alice)
    Budget.objects.filter(pk=budget_of(alice).pk).update(used=1)
    with pytest.raises(CommandError, match="2 findings"):
        said("audit_ledger")


def test_tallies_that_do_not_agree_can_be_counted_anew(alice: User):
    settled(submit(alice), 35)
    Tally.objects.update(spent=1)
    with pytest.raises(CommandError, match="2 findings"):
        said("audit_ledger")
    assert said("audit_ledger", "--recount").startswith("The books agree: ")


def test_reconcile_prints_what_is_known(alice: User):
    text = said("reconcile", "--wait", "0")
    assert text.startswith("Sandbox\n")
    assert "0 calls are unknown." in text
