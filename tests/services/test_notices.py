"""Being told: once, in the way one wants, and by mail also when the mail server was away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models.functions import Now

from studio.models import Job, Membership, Notice, NoticeKind, NoticeWay, Role, User, Workspace
from studio.services import away, durations, events, members, notices, requests
from studio.services.requests import Limit
from tests.fixtures import at_once, submit

KIND = NoticeKind.COMMENT


def tell(*people: User, key: str = "key-1", kind: str = KIND, text: str = "Bob wrote something") -> None:
    workspace = people[0].workspaces.get()
    notices.tell(people, workspace, kind, text, "/gallery/", key)


def test_each_is_told_once(alice: User, bob: User) -> None:
    tell(alice, bob)
    tell(alice, bob)
    tell(alice, key="key-2")
    assert (notices.unread(alice), notices.unread(bob)) == (2, 1)


def test_many_who_tell_the_same_at_once_tell_it_once(committed: None, alice: User) -> None:
    workspace = alice.workspaces.get()
    told = at_once(8, lambda _: notices.tell([alice], workspace, KIND, "The same", "/gallery/", "key-1"))
    assert told == [None] * 8
    assert Notice.objects.count() == 1


def test_who_wants_not_to_be_told_is_not(alice: User, bob: User) -> None:
    notices.choose(alice, {KIND: NoticeWay.OFF})
    tell(alice, bob)
    assert (notices.unread(alice), notices.unread(bob)) == (0, 1)


def test_who_left_sees_nothing_of_it_any_more(alice: User, bob: User) -> None:
    tell(bob)
    Membership.objects.filter(person=bob).delete()
    assert notices.unread(bob) == 0


def test_what_concerns_stewards_is_no_choice_of_others(alice: User, bob: User) -> None:
    assert NoticeKind.ALERT in notices.ways(alice)
    assert NoticeKind.ALERT not in notices.ways(bob)


def test_what_comes_together_goes_out_in_one_mail(alice: User) -> None:
    notices.choose(alice, {KIND: NoticeWay.MAIL})
    for number in range(3):
        tell(alice, key=f"key-{number}", text=f"Thing\n{number}")
    assert notices.people_to_mail() == [alice.pk]
    assert notices.mail(alice.pk)
    assert not notices.mail(alice.pk)
    (sent,) = mail.outbox
    assert sent.to == [alice.email]
    assert sent.subject == "3 things happened in Studio"
    assert "Thing 2\nhttp" in sent.body
    assert notices.people_to_mail() == []


def test_a_mail_leads_into_the_workspace_it_is_about_and_none_goes_to_who_left_it(alice: User, bob: User) -> None:
    notices.choose(bob, {KIND: NoticeWay.MAIL})
    tell(bob)
    other = Workspace.objects.create(name="Northlight")
    members.add(other, bob, Role.EDITOR)
    notices.tell([bob], other, KIND, "Elsewhere", "/gallery/", "key-2")
    Membership.objects.filter(person=bob).exclude(workspace=other).delete()
    assert notices.mail(bob.pk)
    (sent,) = mail.outbox
    assert "Bob wrote something" not in sent.body
    assert f"Elsewhere\n{settings.STUDIO_URL}/notices/{Notice.objects.get(workspace=other).pk}/\n" in sent.body
    assert notices.people_to_mail() == []


def test_the_daily_mail_waits_for_the_morning_and_leaves_out_what_was_read(alice: User) -> None:
    workspace = alice.workspaces.get()
    Workspace.objects.filter(pk=workspace.pk).update(time_zone="Europe/Berlin")
    notices.choose(alice, {KIND: NoticeWay.DAILY})
    evening = datetime(2026, 3, 28, 21, tzinfo=UTC)  # the night in which the clocks go forward
    with durations.shifted(evening - durations.database_now()):
        tell(alice)
        tell(alice, key="key-2", text="Read in time")
    due = set(Notice.objects.values_list("mail_at", flat=True))
    assert due == {datetime(2026, 3, 29, 6, tzinfo=UTC)}, "eight o'clock, in summer time"
    Notice.objects.filter(key="key-2").update(read_at=Now())
    assert notices.mail(alice.pk)
    assert "Read in time" not in mail.outbox[0].body


def test_a_mail_server_that_is_away_is_asked_again(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notices.choose(alice, {KIND: NoticeWay.MAIL})
    tell(alice)

    def refuse(*_: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        assert not notices.mail(alice.pk)
    assert notices.people_to_mail() == [], "not at once"
    Notice.objects.update(mail_at=Now())
    assert notices.mail(alice.pk)
    assert len(mail.outbox) == 1


def test_a_mail_that_never_gets_through_is_given_up(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notices.choose(alice, {KIND: NoticeWay.MAIL})
    tell(alice)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(OSError("away")))
    for _ in range(notices.MOST_TRIES):
        Notice.objects.update(mail_at=Now())
        notices.mail(alice.pk)
    told = Notice.objects.get()
    assert (told.mail_at, told.mail_tries, told.read_at) == (None, notices.MOST_TRIES, None)


def test_stewards_are_told_of_a_wish_and_the_asker_of_the_answer(alice: User, bob: User) -> None:
    Membership.objects.filter(person=alice).update(role=Role.OWNER)
    asked = requests.ask(bob, bob.workspaces.get(), 500, Limit("person", "total"), "the banner")
    assert [notice.text for notice in alice.notices.all()] == ["Bob asks for 500 units: the banner"]
    assert notices.unread(bob) == 0, "nobody is told of what they did themselves"
    requests.decline(alice.memberships.get(), asked, "next month")
    assert [notice.text for notice in bob.notices.all()] == ["Alice declined 500 units for you: next month"]


def test_what_was_told_long_ago_goes(alice: User) -> None:
    tell(alice)
    tell(alice, key="key-2")
    Notice.objects.filter(key="key-1").update(created_at=durations.database_now() - timedelta(days=181))
    notices.remove_old()
    assert [notice.key for notice in Notice.objects.all()] == ["key-2"]


# --- runs that end while nobody looks --------------------------------------------------------------------------------


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Who has a page open."""
    people: set[int] = set()
    monkeypatch.setattr(events, "is_here", people.__contains__)
    return people


def move(run: Job, *states: str) -> None:
    for state in states or ("running", "saving", "done"):
        Job.objects.filter(pk=run.pk).update(state=state)


def test_who_is_away_is_told_once_when_the_last_run_has_ended(bob: User, here: set[int]) -> None:
    followed = away.Followed()
    runs = [submit(bob, key=f"key-{number}") for number in range(3)]
    followed.look()
    move(runs[0], "running", "failed")
    followed.look()
    assert notices.unread(bob) == 0, "others are under way"
    for run in runs[1:]:
        move(run)
    followed.look()
    followed.look()
    assert [notice.text for notice in bob.notices.all()] == ["While you were away: 2 runs are done, 1 failed."]


def test_who_looks_is_told_nothing(bob: User, here: set[int]) -> None:
    followed = away.Followed()
    run = submit(bob)
    here.add(bob.pk)
    followed.look()
    move(run)
    followed.look()
    here.clear()
    followed.look()
    assert notices.unread(bob) == 0


def test_what_was_seen_before_somebody_left_is_not_told(bob: User, here: set[int]) -> None:
    followed = away.Followed()
    seen, later = submit(bob), submit(bob, key="key-2")
    here.add(bob.pk)
    followed.look()
    move(seen)
    followed.look()
    here.clear()
    move(later)
    followed.look()
    (told,) = bob.notices.all()
    assert told.text.startswith("Your run is done: Three hand-thrown vases")
    assert told.url == f"/?who=mine#run-{later.public_id}"


def test_what_a_worker_died_over_is_sent_by_another(alice: User) -> None:
    notices.choose(alice, {KIND: NoticeWay.MAIL})
    tell(alice)
    claimed = notices._claim(alice.pk)
    assert len(claimed) == 1
    assert notices.people_to_mail() == []
    Notice.objects.update(mail_at=durations.database_now() - timedelta(seconds=1))
    assert notices.people_to_mail() == [alice.pk]
