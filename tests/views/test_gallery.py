"""The gallery's page: what is looked for stands in its address, and nobody learns of what they may not see."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.models import Asset, Favorite, SavedSearch, User
from studio.services import facets, gallery, strides
from tests.views.conftest import HTMX, Visit
from tests.views.making import SVG, custom_style, job, picture

CANARY = "canaryword"
MENUS = ("person", "collection", "operation", "model", "style", "color", "kind", "aspect", "rating", "tag", "state")


def shown(client: Client, query: str, among: dict[str, Asset]) -> set[str]:
    text = client.get(f"/gallery/?{query}").content.decode()
    return {name for name, asset in among.items() if f"tile-{asset.public_id}" in text}


@pytest.fixture
def among(alice: User, bob: User) -> dict[str, Asset]:
    style = custom_style(alice)
    made = {
        "fox": picture(alice, rating=5, tags=["poster"], colors=[[30, 60, 200]], units=40, note="Blue hour"),
        "vector": picture(bob, content=SVG, rating=3, width=100, height=100, tags=["poster", "icon"]),
        "v3": picture(alice, job(alice, params={"model": "recraftv3", "style": "Photorealism", "prompt": "Red vase"})),
        "old": picture(bob, created_at=datetime(2024, 2, 3, tzinfo=UTC), decision="accepted", units=0),
        "ours": picture(alice, job(alice, style=style), given_title="Chalk hills"),
        "discarded": picture(alice, decision="discarded"),
        "mine": picture(alice, visibility="private", tags=["hidden"]),
    }
    Favorite.objects.create(person=alice, asset=made["old"])
    facets.index([made["old"].pk])
    return made


def test_each_filter_finds_its_pictures(visit: Visit, alice: User, bob: User, among: dict[str, Asset]) -> None:
    client = visit(alice)
    everything = {"fox", "vector", "v3", "old", "ours", "mine"}
    for query, found in {
        "": everything,
        "person=me": {"fox", "v3", "ours", "mine"},
        f"person={bob.pk}": {"vector", "old"},
        f"person={bob.pk}&person=me": everything,
        "model=recraftv3": {"v3"},
        "style=Photorealism": {"v3"},
        "kind=vector": {"vector"},
        "aspect=1:1": {"vector"},
        "rating=3": {"fox", "vector"},
        "rating=0": everything - {"fox", "vector"},
        "tag=poster": {"fox", "vector"},
        "tag=poster&tag=icon": {"vector"},
        "color=blue": {"fox"},
        "near=1e3cc8": {"fox"},
        "favorite=1": {"old"},
        "state=accepted": {"old"},
        "until=2024-12-31": {"old"},
        "since=2024-02-03&until=2024-02-03": {"old"},
        "when=today": everything - {"old"},
        "from_units=36&to_units=50": {"fox"},
        "shown=discarded": {"discarded"},
        "q=vase": {"v3"},
        "q=red va": {"v3"},
        "q=va red": set(),
        "q=va* red": {"v3"},
        "q=va -zebra": {"v3"},
        'q="va"': set(),
        'q="red va*"': {"v3"},
        "q=fox -cha*": everything - {"v3", "ours"},
        "q=fox -cha": everything - {"v3"},
        'q="chalk hills"': {"ours"},
        'q="hills chalk"': set(),
        "q=fox -hour -chalk": {"vector", "old", "mine"},
        "q=fox&kind=vector&rating=1": {"vector"},
        "sort=cost&tag=poster": {"fox", "vector"},
    }.items():
        assert shown(client, query, among) == found, query


def test_a_look_that_was_given_up_says_how_far_back_it_got(
    visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in ((gallery, "PAGE", 2), (strides, "FEW", 1), (strides, "MOST_NAMED", 3)):
        monkeypatch.setattr(module, name, value)
    made_by = job(alice, params={"prompt": "A fox"}, images=6)
    for number in range(6):
        picture(alice, made_by, rendered=False, created_at=datetime(2024, 2, 3 + number, tzinfo=UTC))
    client = visit(alice)
    text = client.get('/gallery/?q="fox a"').content.decode()
    assert "Nothing yet. Looked back to Monday, 5 February 2024." in text
    assert "Look further" in text
    assert "Looked up to Tuesday, 6 February 2024." in client.get('/gallery/?q="fox a"&sort=oldest').content.decode()
    assert "Looked" not in client.get('/gallery/?q="fox a"&sort=rating').content.decode()


def test_what_means_nothing_is_left_out_or_explained(visit: Visit, alice: User, among: dict[str, Asset]) -> None:
    client = visit(alice)
    text = client.get("/gallery/?since=tomorrow&near=red&from_units=many").content.decode()
    assert "is no date" in text and "is no color" in text and "is no number" in text
    for query in (
        "at=nonsense&day=x&back=1",
        "from=9999-99",
        "person=x&kind=1&rating=9&aspect=x&sort=x&shown=x&when=x&like=../x&color=1",
        "person=99999999999999999999&near=%23%01%01&q=%01%22%22-",
        "since=2024-02-30&until=0000-00-00",
        "q=" + "word%20" * 300,
        "tag=" + "x" * 500,
        "from_units=999999999&to_units=0",
        "since=2030-01-01&until=2020-01-01",
        "q=%F0%9F%A6%8A&tag=%F0%9F%A6%8A",
        "q=AND OR NOT NEAR(a b) body:x * ^ {}",
    ):
        assert client.get(f"/gallery/?{query}").status_code == 200, query
        assert client.get(f"/gallery/?{query}&at=x", headers=HTMX).status_code == 200, query
        assert client.get(f"/gallery/newer/?{query}&after=x").status_code == 200, query


def test_nobody_learns_of_what_they_may_not_see(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    picture(bob)
    secret = {"given_title": CANARY, "note": CANARY, "tags": [CANARY], "name": CANARY}
    hidden = [
        picture(alice, job(alice, params={"prompt": CANARY, "style": CANARY}), visibility="private", **secret),
        picture(charlie, job(charlie, params={"prompt": CANARY, "style": CANARY}), **secret),
    ]
    SavedSearch.objects.create(workspace=alice.workspaces.get(), person=alice, name=CANARY, query="")
    SavedSearch.objects.create(workspace=charlie.workspaces.get(), person=charlie, name=CANARY, query="", shared=True)
    client = visit(bob)
    addresses = ["/gallery/", "/gallery/?sort=rating", "/gallery/?sort=cost", "/gallery/menu/"]
    addresses += [f"/gallery/menu/{name}/" for name in MENUS]
    addresses += [f"/gallery/?like={asset.public_id}" for asset in hidden]
    for address in addresses:
        for headers in ({}, HTMX):
            text = client.get(address, headers=headers).content.decode()
            assert CANARY not in text, address
            assert not any(asset.public_id in text.replace(address, "") for asset in hidden if "like" not in address)
    for query in (f"q={CANARY}", f"tag={CANARY}", f"style={CANARY}", f"person={charlie.pk}"):
        assert 'id="tile-' not in client.get(f"/gallery/?{query}").content.decode()
    text = client.get("/gallery/").content.decode()
    assert re.search(r'All pictures<span class="coll__count">1<', text)


def test_a_menu_counts_what_somebody_sees(visit: Visit, alice: User, bob: User, among: dict[str, Asset]) -> None:
    def lines(person: User, name: str) -> dict[str, str]:
        text = visit(person).get(f"/gallery/menu/{name}/?q=fox", headers=HTMX).content.decode()
        found = re.findall(r'<span class="clip">([^<]*)</span>(?:<svg.*?</svg>)?<span class="price">(\d+)<', text)
        return dict(found)

    assert lines(alice, "tag") == {"poster": "2", "icon": "1", "hidden": "1"}
    assert lines(bob, "tag") == {"poster": "2", "icon": "1"}
    assert lines(bob, "rating") == {"5 stars": "1", "4 stars or more": "1", "3 stars or more": "2",
                                    "2 stars or more": "2", "1 star or more": "2", "Not rated": "3"}  # fmt: skip
    assert lines(bob, "person") == {"You": "2", "Alice": "3"}
    assert lines(alice, "model") == {"V4.1": "5", "V3": "1"}
    assert visit(alice).get("/gallery/menu/nothing/").status_code == 404


def test_no_list_counts_or_skips(visit: Visit, alice: User, among: dict[str, Asset]) -> None:
    client = visit(alice)
    addresses = [
        "/gallery/?",
        "/gallery/?q=fox&tag=poster&rating=2",
        "/gallery/?sort=cost&kind=raster",
        "/gallery/menu/?",
    ]
    addresses += [
        "/gallery/menu/?",
        f"/gallery/?like={among['fox'].public_id}",
        "/gallery/newer/?",
        "/gallery/?since=2020-01-01&at=x",
    ]
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked = [query["sql"] for query in queries if "studio_asset" in query["sql"] or "facet" in query["sql"]]
        assert asked
        assert not [sql for sql in asked if "OFFSET" in sql.upper() or "COUNT(" in sql.upper()], address


def test_who_types_words_gets_what_depends_on_them(visit: Visit, alice: User, among: dict[str, Asset]) -> None:
    client = visit(alice)
    typed = {**HTMX, "HX-Target": "pictures"}
    text = client.get("/gallery/?q=vas&sort=oldest", headers=typed).content.decode()
    for part in ("pictures", "filters", "pop-sort", "library", "found"):
        assert text.count(f'id="{part}"') == 1, part
    assert "<html" not in text and "q=vas" in text
    assert "No picture matches" in client.get("/gallery/?q=nothing-at-all", headers=typed).content.decode()
    beside = client.get("/gallery/library/?q=vas", headers=HTMX).content.decode()
    assert 'id="library"' in beside and "<html" not in beside


def test_a_list_goes_on_from_both_ends(visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.services.gallery.PAGE", 3)
    made = [picture(alice, rating=number % 3) for number in range(9)]
    client = visit(alice)
    for sort in ("newest", "oldest", "rating", "cost"):
        seen: list[str] = []
        address = f"/gallery/?sort={sort}"
        while address:
            text = client.get(address, headers=HTMX).content.decode()
            seen += re.findall(r'id="tile-([^"]+)"', text)
            here = html.unescape(re.findall(r'data-here="([^"]+)"', text)[-1])
            again = client.get(here, headers=HTMX).content.decode()
            assert re.findall(r'id="tile-([^"]+)"', again) == seen[-3:]
            found = re.search(r'id="more">.*?hx-get="([^"]+)"', text)
            address = html.unescape(found[1]) if found else ""
        assert sorted(seen) == sorted(asset.public_id for asset in made)
        assert "data-before" not in again
        before = re.search(r'data-before="([^"]+)"', client.get(here).content.decode())
        assert before
        text = client.get(html.unescape(before[1]), headers=HTMX).content.decode()
        assert re.findall(r'id="tile-([^"]+)"', text) == seen[3:6]


def test_the_rail_leads_to_its_month(visit: Visit, alice: User, among: dict[str, Asset]) -> None:
    text = visit(alice).get("/gallery/").content.decode()
    assert "from=2024-02" in text
    text = visit(alice).get("/gallery/?from=2024-02").content.decode()
    assert re.findall(r'id="tile-([^"]+)"', text)[0] == among["old"].public_id
    assert "data-before=" in text
    assert 'id="newer"' not in text


def test_an_empty_result_says_what_to_take_away(visit: Visit, alice: User, among: dict[str, Asset]) -> None:
    text = visit(alice).get("/gallery/?kind=vector&model=recraftv3&q=nobody").content.decode()
    assert "Take one away" in text
    text = visit(alice).get("/gallery/?kind=vector&model=recraftv3").content.decode()
    assert "Without one of these" in text
    assert 'href="/gallery/?kind=vector"' in text and 'href="/gallery/?model=recraftv3"' in text


def test_a_search_is_kept_shared_and_dropped(visit: Visit, alice: User, bob: User) -> None:
    client, bobs = visit(alice), visit(bob)
    told = {"name": "Best vectors", "query": "rating=4&kind=vector&nonsense=1"}
    assert client.post("/gallery/searches/", told).headers["Location"] == "/gallery/?kind=vector&rating=4"
    kept = SavedSearch.objects.get()
    assert kept.query == "kind=vector&rating=4"
    assert "Best vectors" in client.get("/gallery/").content.decode()
    assert "Best vectors" not in bobs.get("/gallery/").content.decode()
    client.post("/gallery/searches/", {**told, "shared": "on"})
    assert SavedSearch.objects.count() == 1
    assert "Best vectors" in bobs.get("/gallery/").content.decode()
    assert bobs.post(f"/gallery/searches/{kept.public_id}/forget/").status_code == 404
    assert client.post("/gallery/searches/", {"query": "", "name": " "}).status_code == 422
    client.post(f"/gallery/searches/{kept.public_id}/forget/")
    assert not SavedSearch.objects.exists()


def test_what_looks_alike_is_found_by_hash_and_color(visit: Visit, alice: User, bob: User) -> None:
    blue, red = [[30, 60, 200], [240, 240, 240]], [[200, 30, 40], [20, 20, 20]]
    one = picture(alice, phash=0x0F0F_1234_5678_9ABC, colors=blue)
    near = picture(bob, phash=0x0F0F_1235_5678_9ABD, colors=blue)
    picture(alice, phash=-0x0F0F_1234_5678_9ABD, colors=red)
    hidden = picture(bob, phash=one.phash, colors=blue, visibility="private")
    text = visit(alice).get(f"/gallery/?like={one.public_id}").content.decode()
    assert re.findall(r'id="tile-([^"]+)"', text) == [one.public_id, near.public_id]
    assert hidden.public_id not in text
    assert "grid-day" not in text, "in the order of likeness days would be lines of one picture each"


def test_an_open_gallery_asks_how_many_pictures_its_days_have_now(visit: Visit, alice: User, bob: User) -> None:
    made = [picture(alice, created_at=datetime(2024, 2, 3, tzinfo=UTC)) for _ in range(3)]
    picture(bob, created_at=datetime(2024, 2, 3, tzinfo=UTC), visibility="private")
    client = visit(alice)
    assert '<span id="count-2024-02-03">3 pictures</span>' in client.get("/gallery/").content.decode()
    Asset.objects.filter(pk=made[0].pk).update(state="trashed")
    facets.index([made[0].pk])
    asked = "/act/marks/?assets=&days=2024-02-03,2024-02-04,<b>"
    with CaptureQueriesContext(connection) as queries:
        text = client.get(asked).content.decode()
    assert '<span id="count-2024-02-03">2 pictures</span>' in text
    assert '<span id="count-2024-02-04" data-none>0 pictures</span>' in text
    assert "<b>" not in text
    with CaptureQueriesContext(connection) as more:
        client.get(f"{asked},{','.join(f'2024-03-{day:02}' for day in range(1, 30))}")
    assert len(more) == len(queries)
