"""Review boards: every pair once for everybody, and a ranking that is worth what the votes are."""

import random
from collections import Counter

import pytest

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Asset, Board, Membership, Role, User, Visibility, Vote
from studio.services import boards, members, rankings
from tests.views.making import picture


def board_of(person: User, count: int = 5) -> Board:
    return boards.create(person.memberships.get(), "Spring", [picture(person).pk for _ in range(count)])


def judged(board: Board, person: User, better: dict[int, float]) -> list[tuple[int, int]]:
    """Vote on everything by how good each picture really is; the pairs as they came."""
    voter, came = boards.voter(board, person), []
    while pair := boards.next_pair(voter):
        came.append((pair.left.pk, pair.right.pk))
        best = max(pair.left, pair.right, key=lambda item: better[item.asset_id])
        assert boards.vote(voter, pair.left.key, pair.right.key, best.key)
    return came


@pytest.mark.parametrize("count", [2, 5, 6])
def test_each_pair_comes_once_in_rounds_and_in_an_order_of_ones_own(alice: User, bob: User, count: int) -> None:
    board = board_of(alice, count)
    better = {item.asset_id: item.position for item in board.items.all()}
    hers, his = judged(board, alice, better), judged(board, bob, better)
    assert len({frozenset(pair) for pair in hers}) == len(hers) == count * (count - 1) // 2
    first = Counter(item for pair in hers[: count // 2] for item in pair)
    assert set(first.values()) == {1}, "no picture comes again before the others have come"
    assert count < 5 or hers != his


def test_sides_are_drawn(alice: User) -> None:
    pairs = [pair for seed in range(40) for pair in boards._in_rounds([1, 2, 3], seed)]
    left = Counter(pair[0] < pair[1] for pair in pairs)
    assert 40 < left[True] < 80


def test_a_vote_counts_once_and_a_skip_says_nothing(alice: User) -> None:
    board = board_of(alice, 3)
    voter = boards.voter(board, alice)
    pair = boards.next_pair(voter)
    assert pair
    assert boards.vote(voter, pair.left.key, pair.right.key, "")
    assert not boards.vote(voter, pair.right.key, pair.left.key, pair.left.key), "the first press counts"
    assert Vote.objects.get().winner is None
    assert {each.votes for each in boards.ranking(board)} == {0}
    for left, right, winner in (
        (pair.left.key, pair.left.key, ""),
        (pair.left.key, "other", ""),
        (pair.left.key, pair.right.key, board.items.exclude(pk__in=[pair.left.pk, pair.right.pk]).get().key),
    ):
        with pytest.raises(InvalidRequest):
            boards.vote(voter, left, right, winner)
    boards.close(alice, board)
    voter.refresh_from_db()
    with pytest.raises(InvalidRequest):
        boards.vote(boards.voter(Board.objects.get(), alice), pair.left.key, pair.right.key, "")


def test_the_ranking_finds_the_order_that_was_there(alice: User, bob: User) -> None:
    board = board_of(alice, 6)
    better = {item.asset_id: float(item.position) for item in board.items.all()}
    for person in (alice, bob):
        judged(board, person, better)
    found = boards.ranking(board)
    assets = dict(board.items.values_list("pk", "asset_id"))
    assert [better[assets[each.item]] for each in found] == [5, 4, 3, 2, 1, 0]
    assert {each.votes for each in found} == {10}
    assert (found[0].wins, found[-1].wins) == (10, 0)


def test_strengths_come_out_of_noisy_votes_with_an_honest_spread() -> None:
    chance, true = random.Random(3), {1: 1700, 2: 1600, 3: 1500, 4: 1400, 5: 1300}
    wins = []
    for _ in range(4000):
        one, other = chance.sample(list(true), 2)
        odds = 10 ** ((true[one] - true[other]) / 400)
        wins.append((one, other) if chance.random() < odds / (1 + odds) else (other, one))
    found = rankings.ranked(list(true), wins)
    assert [each.item for each in found] == [1, 2, 3, 4, 5]
    for each in found:
        assert abs(each.score - true[each.item]) < 4 * each.spread + 10
        assert 5 < each.spread < 25
    few = rankings.ranked(list(true), wins[:20])
    assert min(each.spread for each in few) > 60, "few votes are not worth much, and say so"


def test_nobody_is_infinitely_good_and_who_is_unknown_is_in_the_middle() -> None:
    first, unknown, last = rankings.ranked([1, 2, 3], [(1, 3)] * 5)
    assert (first.item, unknown.item, last.item) == (1, 2, 3)
    assert first.score < 2200
    assert (unknown.score, unknown.votes) == (1500, 0)
    assert {each.place for each in rankings.ranked([1, 2], [])} == {1}


def test_the_result_becomes_ratings(alice: User, bob: User) -> None:
    board = board_of(alice, 6)
    better = {item.asset_id: float(item.position) for item in board.items.all()}
    judged(board, bob, better)
    Membership.objects.filter(person=bob).update(role=Role.REVIEWER)
    with pytest.raises(NotAllowed):
        boards.write_ratings(bob, board)
    assert boards.write_ratings(alice, board) == (6, {})
    rated = [Asset.objects.get(pk=pk).rating for pk in sorted(better, key=lambda pk: -better[pk])]
    assert rated == [5, 5, 4, 3, 2, 1]


def test_a_board_compares_what_its_maker_sees(alice: User, bob: User, charlie: User) -> None:
    mine, foreign = [picture(alice) for _ in range(2)], picture(charlie)
    board = boards.create(alice.memberships.get(), "", [*(each.pk for each in mine), foreign.pk])
    assert board.items.count() == 2
    with pytest.raises(InvalidRequest):
        boards.create(alice.memberships.get(), "", [mine[0].pk, foreign.pk])
    assert not Board.objects.visible_to(charlie).exists()
    Asset.objects.filter(pk=mine[0].pk).update(state="trashed", visibility=Visibility.WORKSPACE)
    assert boards.next_pair(boards.voter(board, bob)) is None


def test_a_board_goes_on_when_its_maker_has_left(alice: User, bob: User) -> None:
    board = board_of(bob)
    members.leave(bob.memberships.get())
    assert boards.next_pair(boards.voter(board, alice)) is not None


def test_a_link_opens_while_the_board_does(alice: User, bob: User) -> None:
    board = board_of(bob)
    first = boards.open_link(bob, board)
    second = boards.open_link(bob, board)
    assert (boards.find(first), boards.find(second)) == (None, board)
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    assert boards.find(second) is None
    Membership.objects.filter(person=bob).update(role=Role.EDITOR)
    boards.close(alice, board)
    assert boards.find(second) is None
    with pytest.raises(NotAllowed):
        boards.open_link(alice, board)
