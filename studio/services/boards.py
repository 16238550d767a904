"""Review boards: making one, the next pair for somebody, their vote, and what comes of all votes.

The order in which pairs come is each voter's own and follows from their seed: every picture once before any comes
again, like the rounds of a tournament, so that few votes say something about all. Which of the two is left is drawn.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Asset, Board, BoardItem, Membership, User, Vote, Voter
from studio.services import acts, durations, rankings, shares
from studio.services.verbs import VERBS

FEWEST, MOST = 2, 60
LINK_DAYS = 30
MOST_VOTERS = 200


@dataclass(frozen=True)
class Pair:
    """What a voter sees, and how far they are."""

    left: BoardItem
    right: BoardItem
    done: int
    of: int


@transaction.atomic
def create(by: Membership, name: str, assets: Sequence[int]) -> Board:
    """A board of these pictures, by their keys. Raises NotAllowed, InvalidRequest."""
    if not by.may_make:
        raise NotAllowed("Your role in this workspace can vote on a board, but not make one.")
    asked = list(dict.fromkeys(assets))
    seen = Asset.objects.visible_to(by.person).pictures().filter(workspace=by.workspace, pk__in=asked[: MOST + 1])
    found = set(seen.values_list("pk", flat=True))
    there = [pk for pk in asked if pk in found]
    if not FEWEST <= len(there) <= MOST or len(asked) > MOST:
        raise InvalidRequest({"assets": f"A board compares {FEWEST} to {MOST} pictures."})
    board = Board(workspace=by.workspace, person=by.person, name=name.strip() or "Review")
    board.save(force_insert=True)
    BoardItem.objects.bulk_create(BoardItem(board=board, asset_id=pk, position=at) for at, pk in enumerate(there))
    return board


def open_link(by: User, board: Board) -> str:
    """A new token for reviewers without an account; an older one stops working. Raises NotAllowed."""
    token = secrets.token_urlsafe(shares.TOKEN_BYTES)
    until = durations.database_now() + timedelta(days=LINK_DAYS)
    mine = Board.objects.editable_by(by).filter(pk=board.pk, closed_at=None)
    if not mine.update(token_hash=shares.hashed(token), link_expires_at=until, person=by):
        raise NotAllowed("Only who may make things in the workspace can invite reviewers, while the board is open.")
    return token


def find(token: str) -> Board | None:
    """The board of a reviewer's token, if it opens."""
    found = Board.objects.open_by_link().select_related("person", "workspace")
    return found.filter(token_hash=shares.hashed(token)).first()


@transaction.atomic
def close(by: User, board: Board) -> None:
    """End the voting, and the link. Raises NotAllowed."""
    mine = Board.objects.editable_by(by).filter(pk=board.pk)
    if not mine.update(closed_at=Now(), token_hash="", link_expires_at=None):
        raise NotAllowed("Only who may make things in the workspace can close a board.")


# --- voting ---------------------------------------------------------------------------------------------------------


def voter(board: Board, person: User) -> Voter:
    """A member as a voter."""
    try:
        with transaction.atomic():
            found, _ = Voter.objects.get_or_create(board=board, person=person, defaults={"seed": _seed()})
    except IntegrityError:  # their other tab was quicker
        found = Voter.objects.get(board=board, person=person)
    return found


def guest(board: Board, name: str) -> Voter:
    """A new voter under a name. Raises InvalidRequest."""
    plain = " ".join("".join(each for each in name if each.isprintable()).split())[:60]
    if not plain:
        raise InvalidRequest({"name": "Give a name, so that the others know whose votes these are."})
    if board.voters.count() >= MOST_VOTERS:
        raise InvalidRequest({"name": f"{MOST_VOTERS} people vote here already."})
    return Voter.objects.create(board=board, name=plain, seed=_seed())


def next_pair(voter: Voter) -> Pair | None:
    """What they have not judged yet; None when they are done."""
    items = list(seen(voter.board))
    done = set(voter.votes.values_list("low", "high"))
    pairs = _in_rounds([item.pk for item in items], voter.seed)
    by_key = {item.pk: item for item in items}
    left_over = [pair for pair in pairs if (min(pair), max(pair)) not in done]
    if not left_over:
        return None
    left, right = left_over[0]
    return Pair(by_key[left], by_key[right], len(pairs) - len(left_over), len(pairs))


def seen(board: Board) -> list[BoardItem]:
    """The pictures of a board that its maker still sees, or everybody: trashed and private ones drop out."""
    items = board.items.select_related("asset").prefetch_related("asset__renditions").order_by("position")
    keys = [item.asset_id for item in items]
    # Who made it may have left; what is shared stays with the workspace. Asked one after the other, by the keys: as one
    # condition, a database would go through the whole gallery.
    scopes = (Asset.objects.visible_to(board.person), Asset.objects.shared_in(board.workspace))
    there = {pk for scope in scopes for pk in scope.filter(pk__in=keys).values_list("pk", flat=True)}
    return [item for item in items if item.asset_id in there]


def vote(voter: Voter, left: str, right: str, winner: str) -> bool:
    """Write down what they chose: `winner` is the key of one of the two, or "" for a skip. False if they had before.

    Raises InvalidRequest.
    """
    keys = {item.key: item.pk for item in seen(voter.board)}
    if left == right or left not in keys or right not in keys or winner not in (left, right, ""):
        raise InvalidRequest({"winner": "These two are not on the board any more."})
    if voter.board.closed_at:
        raise InvalidRequest({"winner": "The voting is over."})
    low, high = sorted((keys[left], keys[right]))
    try:
        with transaction.atomic():
            Vote.objects.create(voter=voter, low_id=low, high_id=high, winner_id=keys.get(winner))
    except IntegrityError:
        return False  # a double press: the first one counts
    return True


def _in_rounds(items: Sequence[int], seed: int) -> list[tuple[int, int]]:
    """Every pair once, in rounds in which each picture comes once: the circle method of tournaments."""
    chance = random.Random(seed)  # noqa: S311  an order, and no secret
    ring: list[int | None] = list(items)
    chance.shuffle(ring)
    if len(ring) % 2:
        ring.append(None)
    found = []
    for _ in range(len(ring) - 1):
        turn = [(ring[at], ring[-1 - at]) for at in range(len(ring) // 2)]
        chance.shuffle(turn)
        for one, other in turn:
            if one is not None and other is not None:
                found.append((one, other) if chance.random() < 0.5 else (other, one))
        ring[1:] = [ring[-1], *ring[1:-1]]
    return found


def _seed() -> int:
    return secrets.randbits(62)


# --- the result -----------------------------------------------------------------------------------------------------


def ranking(board: Board) -> list[rankings.Standing]:
    """Every picture of the board from best to worst; skips say nothing."""
    votes = Vote.objects.filter(voter__board=board).exclude(winner=None).values_list("winner", "low", "high")
    wins = ((winner, high if winner == low else low) for winner, low, high in votes)
    items = list(board.items.order_by("position").values_list("pk", flat=True))
    return rankings.ranked(items, wins)


def write_ratings(by: User, board: Board) -> tuple[int, dict[str, int]]:
    """Make stars of the result, by one action for each rating; how many pictures changed, and how many not, and why.

    Raises NotAllowed.
    """
    if not Board.objects.editable_by(by).filter(pk=board.pk).exists():
        raise NotAllowed("Only who may make things in the workspace can write the result into the ratings.")
    given = rankings.stars(ranking(board))
    assets = dict(board.items.values_list("pk", "asset_id"))
    changed, refused = 0, Counter[str]()
    for stars in sorted(set(given.values())):
        picked = [assets[item] for item, rating in given.items() if rating == stars]
        action = acts.begin(by, board.workspace, VERBS["rate"].name, stars, picked)
        acts.carry_out(action.pk)
        action.refresh_from_db()
        changed += action.done
        refused.update({why: each["count"] for why, each in action.refused.items()})
    Board.objects.filter(pk=board.pk).update(written_at=Now())
    return changed, dict(refused)
