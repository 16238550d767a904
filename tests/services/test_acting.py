"""Acting on pictures: who may, what an approval freezes, what undoing puts back, what the trash keeps."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from studio.errors import Frozen, InvalidRequest, NotAllowed
from studio.models import (
    Action,
    Asset,
    AssetEvent,
    Collection,
    CollectionItem,
    Decision,
    Entry,
    Favorite,
    Job,
    Membership,
    Role,
    User,
)
from studio.services import accounts, acting, acts, candidates, durations, facets, spending, trash
from studio.services.spending import Filter, Range
from studio.services.verbs import CHANGED_SINCE, COLLECTING, FROZEN, IN_TRASH, VERBS
from tests.views import making
from tests.views.making import picture

pytestmark = pytest.mark.django_db

VALUES: dict[str, Any] = {"rate": "4", "tag": "hero", "untag": "hero", "title": "Vases", "note": "For the header"}
# The state in which each verb has something to do.
READY: dict[str, dict[str, Any]] = {
    "unfavorite": {},
    "unreject": {"decision": "discarded"},
    "reopen": {"decision": "accepted"},
    "untag": {"tags": ["hero"]},
    "withdraw": {"approved_at": timezone.now()},
    "restore": {"state": "trashed", "trashed_at": timezone.now()},
    "share": {"visibility": "private"},
}
LOOKS, JUDGES = {"favorite", "unfavorite"}, {"rate", "approve", "withdraw"}
MAY = {
    Role.VIEWER: LOOKS,
    Role.REVIEWER: LOOKS | JUDGES,
    Role.EDITOR: set(VERBS),
    Role.ADMIN: set(VERBS),
    Role.OWNER: set(VERBS),
}
FREEZES = set(VERBS) - LOOKS - {"approve", "withdraw", "restore", "share", "unshare", *COLLECTING}


def act(person: User, verb: str, *assets: Asset, value: Any = None) -> Action:
    given = VALUES.get(verb) if value is None else value
    if verb in COLLECTING:
        given = shelf(person).public_id
    ids = [asset.public_id for asset in assets]
    return acting.act(person, assets[0].workspace, verb, given, ids)


def shelf(person: User) -> Collection:
    """The collection that pictures are put into."""
    return Collection.objects.get_or_create(workspace=person.workspaces.get(), name="Spring", owner=person)[0]


def fresh(asset: Asset) -> Asset:
    return Asset.objects.get(pk=asset.pk)


def row(asset: Asset) -> dict[str, Any]:
    """All of a picture but when it was last indexed, which every change changes."""
    values: dict[str, Any] = Asset.objects.values().get(pk=asset.pk)
    return values | {"indexed_at": None}


def ready(person: User, verb: str, **fields: Any) -> Asset:
    asset = picture(person, **(READY.get(verb, {}) | fields))
    if verb == "unfavorite":
        Favorite.objects.create(person=person, asset=asset)
    if verb == "uncollect":
        CollectionItem.objects.create(collection=shelf(person), asset=asset, place=1, added_by=person)
    return asset


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_its_row_says_and_nothing_else(alice: User, bob: User, role: Role) -> None:
    Membership.objects.filter(person=bob).update(role=role)
    for verb in VERBS:
        asset = ready(bob, verb)
        if verb in MAY[role]:
            assert act(bob, verb, asset).done == 1, verb
        else:
            with pytest.raises(NotAllowed):
                act(bob, verb, asset)


@pytest.mark.parametrize("verb", VERBS)
def test_an_approved_picture_stays_as_it_was_approved(alice: User, verb: str) -> None:
    asset = ready(alice, verb, approved_at=timezone.now())
    before = row(asset)
    action = act(alice, verb, asset)
    assert (verb in FREEZES) == (FROZEN in action.refused)
    if verb in FREEZES:
        assert row(asset) == before
        act(alice, "withdraw", asset)
        assert act(alice, verb, asset).done == 1


def test_an_approved_candidate_is_not_decided_on(alice: User) -> None:
    (made,) = making.candidates(alice, picture(alice))
    act(alice, "approve", made)
    with pytest.raises(Frozen):
        candidates.decide(alice, made, Decision.DISCARDED)


def test_a_stranger_does_nothing_to_a_picture(alice: User, charlie: User) -> None:
    asset = picture(alice)
    with pytest.raises(NotAllowed):
        act(charlie, "favorite", asset)
    with pytest.raises(InvalidRequest):
        acting.act(charlie, charlie.workspaces.get(), "favorite", None, [asset.public_id])
    assert not Favorite.objects.exists()


def test_pressing_twice_is_once(alice: User, bob: User) -> None:
    asset = picture(alice)
    for verb in VERBS:
        made = ready(alice, verb)
        assert (act(alice, verb, made).done, act(alice, verb, made).done) == (1, 0), verb
    assert act(alice, "favorite", asset).done == act(bob, "favorite", asset).done == 1, "each has their own"


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_done_last_is_put_back_exactly(alice: User, verb: str) -> None:
    asset = ready(alice, verb)
    before, liked = row(asset), Favorite.objects.count()
    act(alice, verb, asset)
    back = acting.undo_last(alice, asset.workspace)
    assert back is not None
    assert back.done == 1
    assert (row(asset), Favorite.objects.count()) == (before, liked)


def test_undoing_walks_back_one_step_at_a_time_and_a_day_at_most(alice: User, bob: User) -> None:
    asset = picture(alice)
    for stars in "25":
        act(alice, "rate", asset, value=stars)
    act(bob, "tag", asset)
    ratings = []
    while acting.undo_last(alice, asset.workspace):
        ratings.append(fresh(asset).rating)
    assert ratings == [2, 0]
    assert fresh(asset).tags == ["hero"], "what another person did is theirs to undo"
    with durations.shifted(durations.UNDO_LIFE + timedelta(minutes=1)):
        assert acting.undo_last(bob, asset.workspace) is None


def test_an_action_is_undone_once_and_only_by_who_did_it(alice: User, bob: User) -> None:
    action = act(alice, "rate", picture(alice))
    assert acting.undo(bob, action) is None
    back = acting.undo(alice, action)
    assert back is not None
    assert acting.undo(alice, action) is None
    assert acting.undo(alice, back) is None, "what was taken back is done anew"
    waiting = acts.begin(alice, action.workspace, "rate", 3, [])
    assert acting.undo(alice, waiting) is None


def test_undoing_leaves_what_somebody_changed_since(alice: User, bob: User) -> None:
    asset, other = picture(alice), picture(alice)
    act(alice, "rate", asset, other, value="2")
    act(bob, "rate", asset, value="5")
    back = acting.undo_last(alice, asset.workspace)
    assert back is not None
    assert (back.done, back.refused) == (1, {CHANGED_SINCE: {"count": 1, "assets": [asset.public_id]}})
    assert (fresh(asset).rating, fresh(other).rating) == (5, 0)


def test_undoing_a_tag_keeps_the_tags_of_others(alice: User, bob: User) -> None:
    asset = picture(alice)
    act(alice, "tag", asset, value="hero, Spring ")
    act(bob, "tag", asset, value="dusk")
    acting.undo_last(alice, asset.workspace)
    assert fresh(asset).tags == ["dusk"]


def test_undoing_a_tag_that_somebody_took_away_meanwhile_says_that_nothing_was_done(alice: User, bob: User) -> None:
    asset, other = picture(alice), picture(alice)
    act(alice, "tag", asset, other, value="hero")
    act(bob, "untag", asset, value="hero")
    back = acting.undo_last(alice, asset.workspace)
    assert back is not None
    assert (back.done, back.refused) == (1, {CHANGED_SINCE: {"count": 1, "assets": [asset.public_id]}})
    assert (fresh(asset).tags, fresh(other).tags) == ([], [])
    act(alice, "tag", asset, value="hero")
    act(alice, "untag", asset, value="hero")
    act(bob, "tag", asset, value="hero")
    again = acting.undo_last(alice, asset.workspace)
    assert again is not None
    assert (again.done, again.refused_count, fresh(asset).tags) == (0, 1, ["hero"])


def test_undoing_respects_an_approval_and_a_role_that_is_gone(alice: User, bob: User) -> None:
    asset = picture(alice)
    act(bob, "rate", asset)
    act(alice, "approve", asset)
    back = acting.undo_last(bob, asset.workspace)
    assert back is not None
    assert FROZEN in back.refused
    other = picture(alice)
    act(bob, "rate", other)
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    again = acting.undo_last(bob, asset.workspace)
    assert again is not None
    assert (again.done, again.refused_count, fresh(other).rating) == (0, 1, 4)


def test_tags_are_normalized_and_limited(alice: User) -> None:
    asset = picture(alice)
    act(alice, "tag", asset, value="  Two   WORDS , Ümlaut,two words,, ")
    assert fresh(asset).tags == ["two words", "ümlaut"]
    for value in ("", " , ", "x" * 41, ",".join(f"t{at}" for at in range(21))):
        with pytest.raises(InvalidRequest):
            act(alice, "tag", asset, value=value)
    assert act(alice, "tag", asset, value=",".join(f"t{at}" for at in range(19))).refused_count == 1
    assert act(alice, "tag", asset, value=",".join(f"t{at}" for at in range(18))).done == 1


@pytest.mark.parametrize(("verb", "value"), [("rate", "6"), ("rate", "x"), ("title", "x" * 121), ("dance", None)])
def test_what_makes_no_sense_is_refused(alice: User, verb: str, value: str) -> None:
    with pytest.raises(InvalidRequest):
        act(alice, verb, picture(alice), value=value)


def test_a_title_is_given_one_picture_at_a_time(alice: User) -> None:
    with pytest.raises(InvalidRequest):
        act(alice, "title", picture(alice), picture(alice))


def test_history_says_who_did_what_and_favorites_stay_private(alice: User, bob: User) -> None:
    asset = picture(alice)
    act(bob, "rate", asset)
    told = AssetEvent.objects.get(asset=asset)
    assert (told.person, told.verb, told.before, told.after) == (bob, "rate", {"rating": 0}, {"rating": 4})


def test_the_trash_hides_a_picture_and_nothing_is_done_to_it_there(alice: User) -> None:
    asset = picture(alice)
    act(alice, "trash", asset)
    assert asset not in Asset.objects.visible_to(alice)
    assert act(alice, "rate", asset).refused == {IN_TRASH: {"count": 1, "assets": [asset.public_id]}}
    act(alice, "restore", asset)
    assert asset in Asset.objects.visible_to(alice)
    assert fresh(asset).trashed_at is None


def test_after_thirty_days_the_files_go_and_the_story_stays(alice: User) -> None:
    asset, twin = picture(alice, content=b"a" * 9), picture(alice, content=b"a" * 9)
    lone = picture(alice, content=b"b" * 9)
    entries, prompts = Entry.objects.count(), Job.objects.count()
    act(alice, "trash", asset, lone)
    assert trash.empty() == 0
    assert trash.days_left(fresh(asset).trashed_at, timezone.now()) == 30  # type: ignore[arg-type]
    _age(asset, lone)
    with durations.shifted(durations.TRASH_LIFE + timedelta(minutes=1)):
        assert trash.empty() == 2
    assert [fresh(each).state for each in (asset, lone, twin)] == ["purged", "purged", "stored"]
    assert default_storage.exists(twin.file), "another picture has the same bytes"
    assert not default_storage.exists(lone.file)
    assert not lone.renditions.exists()
    assert all(default_storage.exists(each.file) for each in twin.renditions.all())
    assert (Entry.objects.count(), Job.objects.count()) == (entries, prompts)
    with pytest.raises(InvalidRequest):
        act(alice, "restore", lone)


def test_a_file_that_was_stored_a_moment_ago_is_left_alone(alice: User) -> None:
    lone = picture(alice, content=b"c" * 9)
    act(alice, "trash", lone)
    with durations.shifted(durations.TRASH_LIFE + timedelta(minutes=1)):
        trash.empty()
    assert default_storage.exists(lone.file)


def _age(*assets: Asset) -> None:
    """Make the files as old as they would be."""
    for asset in assets:
        for name in (asset.file, *asset.renditions.values_list("file", flat=True)):
            path = Path(default_storage.path(name))
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * 3600))


def test_all_that_a_search_matches_are_done_in_the_background_and_undone(alice: User, bob: User, charlie: User) -> None:
    lamps = [picture(alice, making.job(alice, params={"prompt": "A lamp"})) for _ in range(2)]
    others = [picture(bob), picture(charlie, making.job(charlie, params={"prompt": "A lamp"}))]
    facets.index([each.pk for each in (*lamps, *others)])
    workspace = alice.workspaces.get()
    action = acting.act_on_all(alice, workspace, "rate", "5", "q=lamp")
    assert not action.is_finished
    acts.carry_out(action.pk)
    assert [fresh(each).rating for each in (*lamps, *others)] == [5, 5, 0, 0]
    back = acting.undo_last(alice, workspace)
    assert back is not None
    assert (back.done, {fresh(each).rating for each in lamps}) == (2, {0})
    with pytest.raises(InvalidRequest):
        acting.act_on_all(alice, workspace, "trash", None, "like=abc")


def test_few_are_done_while_one_waits(alice: User) -> None:
    assets = [picture(alice) for _ in range(3)]
    action = act(alice, "rate", *assets)
    assert (action.is_finished, action.done) == (True, 3)
    assert acts.AT_ONCE >= 100


def test_a_picture_is_kept_once_however_often_it_was_liked(alice: User, bob: User) -> None:
    one, other, private = picture(alice), picture(alice), picture(bob, visibility="private")
    today = Filter(accounts.current(), one.workspace, Range.last(1, one.workspace))
    facets.index([one.pk, other.pk, private.pk])
    assert spending.kept(today) == 0
    act(alice, "rate", one, value="4")
    act(alice, "favorite", one)
    act(bob, "favorite", one)
    act(alice, "rate", other, value="3")
    assert spending.kept(today) == 1
    act(alice, "approve", other)
    act(bob, "favorite", private)
    assert spending.kept(today) == 3
    assert spending.kept(replace(today, person=alice)) is None, "counts are kept for everything of a day only"
    act(bob, "reject", private)
    act(alice, "unfavorite", one)
    act(alice, "rate", one, value="0")
    assert spending.kept(today) == 2, "Bob still likes it"
    act(bob, "unfavorite", one)
    assert spending.kept(today) == 1
