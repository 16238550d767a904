"""Candidates: accepted, discarded and taken back, by who may, once; nothing is ever lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from studio.errors import NotAllowed
from studio.models import Asset, Decision, Membership, Role, User
from studio.services import candidates
from tests.views import making
from tests.views.making import picture

pytestmark = pytest.mark.django_db

Committed = Callable[..., Any]


@pytest.fixture
def vase(alice: User) -> Asset:
    return picture(alice)


def fresh(asset: Asset) -> Asset:
    return Asset.objects.get(pk=asset.pk)


@pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.DISCARDED])
def test_a_decision_is_kept_with_who_made_it_and_when(alice: User, bob: User, vase: Asset, decision: Decision) -> None:
    (made,) = making.candidates(alice, vase)
    assert candidates.decide(bob, made, decision)
    decided = fresh(made)
    assert (decided.decision, decided.decided_by) == (decision, bob)
    assert decided.decided_at is not None


def test_pressing_twice_is_once(
    alice: User, bob: User, vase: Asset, django_capture_on_commit_callbacks: Committed
) -> None:
    (made,) = making.candidates(alice, vase)
    with django_capture_on_commit_callbacks() as first:
        assert candidates.decide(alice, made, Decision.ACCEPTED)
    before = fresh(made)
    with django_capture_on_commit_callbacks() as second:
        assert not candidates.decide(bob, made, Decision.ACCEPTED)
    after = fresh(made)
    assert (after.decided_by, after.decided_at) == (alice, before.decided_at)
    assert first and not second, "other pages hear of it once"


def test_every_decision_can_be_taken_back_and_changed(alice: User, vase: Asset) -> None:
    (made,) = making.candidates(alice, vase)
    for decision in (Decision.DISCARDED, Decision.OPEN, Decision.ACCEPTED, Decision.DISCARDED, Decision.ACCEPTED):
        assert candidates.decide(alice, made, decision)
        assert fresh(made).decision == decision
    candidates.decide(alice, made, Decision.OPEN)
    assert (fresh(made).decided_by, fresh(made).decided_at) == (None, None)


def test_a_discarded_picture_leaves_what_is_kept_and_stays_everywhere_else(alice: User, vase: Asset) -> None:
    (made,) = making.candidates(alice, vase)
    candidates.decide(alice, made, Decision.DISCARDED)
    visible = Asset.objects.visible_to(alice)
    assert made in visible
    assert made in visible.candidates_of(vase)
    assert made not in visible.kept()
    assert made.state == fresh(made).state


def test_discarding_the_rest_leaves_what_was_decided(alice: User, vase: Asset) -> None:
    one, two, three = making.candidates(alice, vase, 3)
    (other_run,) = making.candidates(alice, vase)
    candidates.decide(alice, one, Decision.ACCEPTED)
    assert one.job is not None
    assert candidates.discard_rest(alice, one.job) == 2
    assert [fresh(each).decision for each in (one, two, three, other_run)] == [
        "accepted",
        "discarded",
        "discarded",
        "open",
    ]
    assert candidates.discard_rest(alice, one.job) == 0


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_who_may_only_look_decides_nothing(alice: User, bob: User, vase: Asset, role: Role) -> None:
    (made,) = making.candidates(alice, vase)
    Membership.objects.filter(person=bob).update(role=role)
    assert made.job is not None
    for ask in (
        lambda: candidates.decide(bob, made, Decision.ACCEPTED),
        lambda: candidates.discard_rest(bob, made.job),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAllowed):
            ask()
    assert fresh(made).decision == Decision.OPEN


def test_a_stranger_decides_nothing(alice: User, charlie: User, vase: Asset) -> None:
    (made,) = making.candidates(alice, vase)
    with pytest.raises(NotAllowed):
        candidates.decide(charlie, made, Decision.DISCARDED)
    assert fresh(made).decision == Decision.OPEN


def test_the_database_knows_no_other_decision(alice: User, vase: Asset) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(pk=vase.pk).update(decision="perhaps")
