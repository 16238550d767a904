"""What a team does with its pictures, for a demonstration: judges, files, talks about and shares the newest of them.

Through the same services as always. What the database dates by itself is dated back afterwards, to the day after each
picture, so that a month of work reads as one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from studio.models import (
    Asset,
    AssetEvent,
    AssetState,
    Board,
    Collection,
    Comment,
    Membership,
    SavedSearch,
    User,
    Visibility,
)
from studio.services import acting, boards, collections, comments, durations, exports, packing, shares
from studio.services.comments import Pin

NEWEST = 60  # pictures that are looked at
FILED = 26  # of them, in collections
BY_SUBJECT = (  # a word of the prompt, and the tags it brings
    ("ceramic", "vases, spring"),
    ("Fox", "logo, outdoor"),
    ("balloons", "poster, travel"),
    ("isometric", "rooms, isometric"),
    ("Skincare", "skincare, hero"),
    ("Arches", "calm"),
    ("icons", "icons, field-guide"),
)
RATED = ((5, 0.12), (4, 0.24), (3, 0.2), (2, 0.06))  # stars, and the share of pictures that get them
SAID: tuple[tuple[int, str, Pin | None], ...] = (  # which of the people, what, and where on the picture
    (1, "The light is right. Could the ledge be a little warmer here?", Pin(0.31, 0.68)),
    (2, "@{first} this one for the poster?", None),
    (3, "The edge is cut off, more room on this side.", Pin(0.86, 0.4)),
    (4, "Palette fits the brand.", Pin(0.5, 0.22)),
    (1, "Agreed, let us take it.", None),
)
BOARD = 5  # pictures on the review board
GUEST = "Noor, the client"
LOOKS = 7  # of guests at the link


@dataclass(frozen=True)
class Shared:
    """What came of it that has an address of its own."""

    spring: Collection
    board: Board
    token: str  # of the share link; nobody will see it again
    review: str  # of the board's link for guests


def live_in(owner: Membership, people: Sequence[User], chance: random.Random) -> Shared:
    """Judge, tag, file, discuss and share the newest pictures of a workspace; `people` are four editors or more."""
    _judge(owner, people, _newest(owner), chance)
    pictures = _newest(owner)  # without those that went into the trash
    spring = _file(owner, people, pictures)
    _talk(owner, people, pictures)
    board, review = _vote(owner, people, pictures, chance)
    _date_back(pictures)
    share, token = shares.share(owner, shares.Terms(title="Spring, first round"), collection=spring)
    for _ in range(LOOKS):
        shares.seen(share)
    search = {"name": "Best vectors", "query": "kind=vector&rating=4", "shared": True}
    SavedSearch.objects.create(workspace=owner.workspace, person=people[1], **search)
    export = exports.order(owner, [asset.pk for asset in pictures[:3]], {"format": "original"}, spring.name)
    packing.pack(export.pk)
    return Shared(spring, board, token, review)


def _newest(owner: Membership) -> list[Asset]:
    found = Asset.objects.visible_to(owner.person).pictures().filter(workspace=owner.workspace, state=AssetState.STORED)
    return list(found.select_related("job").order_by("-pk")[:NEWEST])


def _judge(owner: Membership, people: Sequence[User], pictures: Sequence[Asset], chance: random.Random) -> None:
    def act(person: User, verb: str, value: Any, chosen: Sequence[Asset]) -> None:
        if chosen:
            acting.act(person, owner.workspace, verb, value, [asset.public_id for asset in chosen])

    for word, tags in BY_SUBJECT:
        act(chance.choice(people), "tag", tags, [asset for asset in pictures if word in asset.title])
    left = list(pictures)
    chance.shuffle(left)
    for stars, part in RATED:
        count = max(1, round(len(pictures) * part))
        chosen, left = left[:count], left[count:]
        act(chance.choice(people), "rate", stars, chosen)
    best = [asset for asset in pictures if asset not in left][:6]
    for person in (owner.person, *people):
        act(person, "favorite", None, chance.sample(best, min(3, len(best))))
    act(owner.person, "approve", None, best[:2])
    act(people[2], "title", "Spring hero, first choice", best[2:3])
    old = [asset for asset in left if asset in pictures[FILED:]]  # the newest are shown in collections
    act(people[3], "reject", None, old[:2])
    act(people[1], "trash", None, old[2:4] or left[-1:])


def _file(owner: Membership, people: Sequence[User], pictures: Sequence[Asset]) -> Collection:
    """A campaign with two shelves in it and a cover, another collection, and what somebody keeps to themselves."""
    text = "Everything for the launch in April. Warm light, plaster, no people."
    spring = collections.create(owner, "Spring campaign", description=text)
    posters, icons = (collections.create(owner, name, parent=spring) for name in ("Posters", "Icons"))
    marks = collections.create(people[0].memberships.get(workspace=owner.workspace), "Marks and vectors")
    own = people[1].memberships.get(workspace=owner.workspace)
    ideas = collections.create(own, "Ideas", visibility=Visibility.PRIVATE)
    keys = [asset.pk for asset in pictures[:FILED]]
    for by, collection, chosen in (
        (owner.person, spring, keys[:12]),
        (owner.person, posters, keys[12:18]),
        (owner.person, icons, keys[18:22]),
        (people[0], marks, [asset.pk for asset in pictures if asset.is_vector][:8]),
        (people[1], ideas, keys[22:]),
    ):
        collections.add(by, collection, chosen)
    first = spring.items.in_order().select_related("asset").first()
    if first:
        collections.set_cover(owner.person, spring, first.asset)
    return spring


def _talk(owner: Membership, people: Sequence[User], pictures: Sequence[Asset]) -> None:
    said = []
    for at, (who, words, pin) in enumerate(SAID):
        said.append(comments.add(people[who - 1], pictures[at // 2], words.format(first=people[0].name), pin))
    comments.resolve(owner.person, said[0], is_resolved=True)


def _date_back(pictures: Sequence[Asset]) -> None:
    """What was said and done, to within a day of each picture."""
    now = durations.database_now()
    for asset in pictures:
        for model, later in ((Comment, timedelta(hours=20)), (AssetEvent, timedelta(hours=5))):
            model.objects.filter(asset=asset).update(created_at=min(asset.created_at + later, now))


def _vote(
    owner: Membership, people: Sequence[User], pictures: Sequence[Asset], chance: random.Random
) -> tuple[Board, str]:
    """A board on which most have voted: each mostly for what is better, which nobody but this knows."""
    board = boards.create(owner, "Which hero for spring?", [asset.pk for asset in pictures[:BOARD]])
    review = boards.open_link(owner.person, board)
    voters = [*(boards.voter(board, person) for person in people[:3]), boards.guest(board, GUEST)]
    for voter in voters:
        while pair := boards.next_pair(voter):
            better, other = sorted((pair.left, pair.right), key=lambda item: item.position)
            boards.vote(voter, pair.left.key, pair.right.key, (better if chance.random() < 0.8 else other).key)
    return board, review
