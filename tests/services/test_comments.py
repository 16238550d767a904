"""Comments: who may, pins, names, and whom they reach."""

import pytest

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Asset, Comment, Membership, Notice, Role, User, Visibility
from studio.services import changes, comments
from studio.services.comments import Pin
from tests.views.making import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def vase(alice: User) -> Asset:
    return picture(alice)


@pytest.mark.parametrize("role", Role)
def test_everybody_but_viewers_comments(bob: User, vase: Asset, role: Role) -> None:
    Membership.objects.filter(person=bob).update(role=role)
    if role == Role.VIEWER:
        with pytest.raises(NotAllowed):
            comments.add(bob, vase, "Lovely")
    else:
        assert comments.add(bob, vase, "Lovely").text == "Lovely"


def test_whoever_sees_the_picture_hears_that_something_was_said(
    monkeypatch: pytest.MonkeyPatch, alice: User, bob: User
) -> None:
    shared, hers = picture(alice), picture(alice, visibility=Visibility.PRIVATE)
    workspace, told = alice.workspaces.get(), list[set[changes.Heard]]()
    monkeypatch.setattr(changes, "tell", lambda heard: told.append(set(heard)))
    said = comments.add(bob, shared, "Lovely")
    comments.edit(bob, said, "Lovelier")
    comments.resolve(alice, said, is_resolved=True)
    comments.resolve(alice, said, is_resolved=True)
    comments.delete(bob, said)
    assert told == [{(workspace.pk, changes.EVERYBODY)}] * 4, "pressing twice is once"
    comments.add(alice, hers, "Not yet")
    assert told[4:] == [{(workspace.pk, alice.pk)}]


def test_a_stranger_says_nothing(charlie: User, vase: Asset) -> None:
    with pytest.raises(NotAllowed):
        comments.add(charlie, vase, "Hello")


def test_a_pin_lies_on_the_picture(bob: User, vase: Asset) -> None:
    assert comments.add(bob, vase, "Here", Pin(0.25, 1)).is_pinned
    for pin in (Pin(-0.01, 0.5), Pin(0.5, 1.01), Pin(float("nan"), 0)):
        with pytest.raises(InvalidRequest):
            comments.add(bob, vase, "There", pin)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_a_comment_says_something_and_not_too_much(bob: User, vase: Asset, text: str) -> None:
    with pytest.raises(InvalidRequest):
        comments.add(bob, vase, text)


def test_a_steward_takes_away_what_somebody_said_and_the_history_tells(alice: User, bob: User, vase: Asset) -> None:
    said = comments.add(bob, vase, "Rude")
    for _ in range(2):
        comments.delete(alice, said)
    assert not Comment.objects.visible_to(bob).exists()
    assert [event.person for event in vase.events.filter(verb="remove-comment")] == [alice]


def test_only_who_wrote_it_changes_or_deletes_it(alice: User, bob: User, vase: Asset) -> None:
    said = comments.add(bob, vase, "Wider")
    Membership.objects.filter(person=alice).update(role=Role.EDITOR)
    for change in (lambda: comments.edit(alice, said, "Mine now"), lambda: comments.delete(alice, said)):
        with pytest.raises(NotAllowed):
            change()
    comments.edit(bob, said, "A little wider")
    assert Comment.objects.get().text == "A little wider"
    comments.delete(bob, said)
    assert not Comment.objects.visible_to(alice).exists()


def test_anybody_settles_it_and_the_first_one_is_remembered(alice: User, bob: User, vase: Asset) -> None:
    said = comments.add(bob, vase, "Wider")
    comments.resolve(alice, said, is_resolved=True)
    comments.resolve(bob, said, is_resolved=True)
    assert Comment.objects.get().resolved_by == alice
    comments.resolve(bob, said, is_resolved=False)
    assert Comment.objects.get().resolved_at is None


def test_names_are_of_members_and_the_longest_counts(alice: User, bob: User, charlie: User, vase: Asset) -> None:
    User.objects.filter(pk=alice.pk).update(name="Bob Stone")
    named = comments.mentioned(vase.workspace, "@bob stone, and @BOB. Not @Bobby, mail@bob or @Charlie")
    assert {person.pk for person in named} == {alice.pk, bob.pk}
    assert [person.pk for person in comments.mentioned(vase.workspace, "@Bob Stone!")] == [alice.pk]


def test_who_is_named_and_whose_picture_it_is_hears_of_it_once(alice: User, bob: User, vase: Asset) -> None:
    said = comments.add(bob, vase, "Wider?")
    assert list(Notice.objects.values_list("person", "kind")) == [(alice.pk, "comment")]
    comments.edit(bob, said, "Wider? @Alice @Bob")
    comments.edit(bob, said, "Wider, @Alice!")
    kinds = list(Notice.objects.order_by("pk").values_list("person", "kind"))
    assert kinds == [(alice.pk, "comment"), (alice.pk, "mention")]
    assert f"#comment-{said.public_id}" in Notice.objects.latest("pk").url
