"""Review boards as members and guests see them: blind, and nothing of the studio besides."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import Asset, Board, Role, User, Visibility, Vote, Voter
from studio.services import boards, collections, members
from studio.views import boards as views
from tests.views.conftest import Visit
from tests.views.making import job, picture

CANARY = "canary-90aa"


def pair_in(text: str) -> dict[str, str]:
    """The hidden fields of a pair, and the key of the left one as its winner."""
    found = dict(re.findall(r'name="(left|right)" value="([\w-]+)"', text))
    return {**found, "winner": found["left"]}


def board_of(person: User) -> Board:
    fields = {"given_title": f"{CANARY} title"}
    made = [picture(person, job(person, params={"prompt": f"{CANARY} prompt"}), **fields) for _ in range(3)]
    return boards.create(person.memberships.get(), "Spring", [each.pk for each in made])


def test_a_member_votes_blind_and_sees_the_ranking_when_it_is_over(visit: Visit, alice: User, bob: User) -> None:
    board = board_of(alice)
    client, address = visit(bob), f"/boards/{board.public_id}/"
    assert "Begin" in client.get(f"{address}vote/").content.decode()
    assert not Voter.objects.exists(), "looking makes nobody a voter"
    client.post(f"{address}begin/")
    for _ in range(3):
        page = client.get(f"{address}vote/").content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert CANARY not in main
        assert "Alice" not in main
        assert not [asset for asset in board.items.values_list("asset__public_id", flat=True) if asset in main]
        keys = pair_in(page)
        assert client.get(f"{address}picture/{keys['left']}").status_code == 200
        client.post(f"{address}vote/", keys)
    assert client.get(f"{address}vote/")["Location"] == address
    members.change_role(alice.memberships.get(), bob.memberships.get(), Role.VIEWER)
    assert not [page for page in (address, "/boards/") if f"{address}vote/" in client.get(page).content.decode()]
    assert "shown when the voting is closed" not in visit(alice).get(address).content.decode()
    boards.close(alice, board)
    assert "Ranking" in client.get(address).content.decode()


def test_a_guest_gives_a_name_and_votes_and_learns_nothing_else(alice: User) -> None:
    board = board_of(alice)
    address = f"/r/{boards.open_link(alice, board)}/"
    client, other = Client(), Client()
    assert client.post(address, {"name": " "}).status_code == 422
    assert client.post(address, {"name": "Ines"}).status_code == 302
    said = ""
    for _ in range(3):
        page = client.get(address)
        said += page.content.decode() + str(page.headers)
        keys = pair_in(said[said.rindex("<vote-keys") :])
        file = client.get(f"{address}{keys['right']}")
        assert file.status_code == 200
        assert other.get(f"{address}{keys['right']}").status_code == 404, "not before a name was given"
        client.post(address, keys)
    assert "That was all" in client.get(address).content.decode()
    assets = board.items.values_list("asset__public_id", flat=True)
    for secret in (CANARY, "Alice", "Spring", board.public_id, "recraft", *assets):
        assert secret not in said
    assert "'Referrer-Policy': 'same-origin'" in said
    assert [(voter.name, voter.votes.count()) for voter in Voter.objects.all()] == [("Ines", 3)]
    boards.close(alice, board)
    for late in (client.get(address), client.post(address, keys)):
        assert "The voting is over" in late.content.decode(), "who votes is not told that their link never was"
        assert late["Cache-Control"] == "no-store"
    over = other.get(address)
    assert (over.status_code, over.content) == (404, client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/").content)


def test_two_guests_of_one_name_are_two(alice: User) -> None:
    board = board_of(alice)
    address = f"/r/{boards.open_link(alice, board)}/"
    for client in (Client(), Client()):
        client.post(address, {"name": "Ines"})
        client.post(address, pair_in(client.get(address).content.decode()))
    assert (Voter.objects.count(), Vote.objects.count()) == (2, 2)


def test_a_board_is_made_of_a_collection_and_its_result_written(visit: Visit, alice: User, bob: User) -> None:
    collection = collections.create(alice.memberships.get(), "Spring")
    collections.add(alice, collection, [picture(alice).pk for _ in range(2)])
    client = visit(alice)
    client.post("/boards/new/", {"collection": collection.public_id})
    board = Board.objects.get()
    assert (board.name, board.items.count()) == ("Spring", 2)
    address = f"/boards/{board.public_id}/"
    assert re.search(r"http://testserver/r/[\w-]{22}/", client.post(f"{address}link/").content.decode())
    client.post(f"{address}begin/")
    client.post(f"{address}vote/", pair_in(client.get(f"{address}vote/").content.decode()))
    client.post(f"{address}ratings/")
    assert sorted(item.asset.rating for item in board.items.select_related("asset")) == [3, 5]
    Asset.objects.update(rating=0)
    Asset.objects.filter(pk=board.items.latest("pk").asset_id).update(approved_at=timezone.now())
    assert "but for 1 picture: It is approved" in client.post(f"{address}ratings/").content.decode()
    assert client.post("/boards/new/", {"assets": picture(alice).public_id}).status_code == 422


def test_what_is_private_is_judged_and_not_named(visit: Visit, alice: User, bob: User) -> None:
    own = collections.create(alice.memberships.get(), f"{CANARY} name", visibility="private")
    private = {"visibility": Visibility.PRIVATE}
    made = [picture(alice, job(alice, params={"prompt": CANARY}, **private), **private) for _ in range(3)]
    collections.add(alice, own, [each.pk for each in made])
    visit(alice).post("/boards/new/", {"collection": own.public_id})
    board, client = Board.objects.get(), visit(bob)
    Asset.objects.filter(pk=made[2].pk).update(state="trashed")
    said = client.get(f"/boards/{board.public_id}/").content.decode() + client.get("/boards/").content.decode()
    assert CANARY not in said
    assert not [each for each in made if each.public_id in said]
    assert (said.count("A private picture"), said.count("Not here any more")) == (2, 1)
    assert client.get(re.findall(r'src="(/boards/[^"]+)"', said)[0]).status_code == 200
    assert CANARY in visit(alice).get(f"/boards/{board.public_id}/").content.decode()


def test_older_boards_are_a_page_away(visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    keys = [picture(alice).pk for _ in range(2)]
    older, newer = (boards.create(alice.memberships.get(), name, keys) for name in ("Autumn", "Spring"))
    page = visit(alice).get("/boards/").content.decode()
    assert older.public_id not in page
    assert f"?before={newer.pk}" in page
    assert older.public_id in visit(alice).get(f"/boards/?before={newer.pk}").content.decode()
