"""The pages of collections: what they show to whom, page by page, and what each press does."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.models import Action, Collection, Export, Membership, Role, User, Visibility
from studio.services import acting, acts, collections, facets, shares
from studio.views import gallery
from studio.views.collections import PAGE
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture

CANARY = "canary-7f3a"


def make(person: User, name: str = "Spring", **fields: object) -> Collection:
    return collections.create(person.memberships.get(), name, **fields)  # type: ignore[arg-type]


def tiles(text: str) -> list[str]:
    return re.findall(r'id="tile-([^"]+)"', text)


def test_a_collection_is_made_filled_and_shown(visit: Visit, alice: User) -> None:
    client = visit(alice)
    made = client.post("/collections/new/", {"name": " Spring ", "visibility": "workspace"})
    collection = Collection.objects.get()
    assert (collection.name, made["Location"]) == ("Spring", f"/collections/{collection.public_id}/")
    assets = [picture(alice) for _ in range(3)]
    said = client.post(
        f"/collections/{collection.public_id}/add/",
        {"assets": ",".join(each.public_id for each in assets)},
        headers=HTMX,
    )
    assert said.status_code == 204
    assert "3 pictures put into" in said["HX-Trigger"]
    page = client.get(f"/collections/{collection.public_id}/").content.decode()
    assert tiles(page) == [each.public_id for each in assets]
    assert "Spring" in client.get("/collections/").content.decode()


def test_a_name_is_needed(visit: Visit, alice: User) -> None:
    assert visit(alice).post("/collections/new/", {"name": " "}).status_code == 422
    assert not Collection.objects.exists()


def test_pages_follow_the_order_and_hold_while_it_changes(visit: Visit, alice: User) -> None:
    collection = make(alice)
    assets = [picture(alice) for _ in range(PAGE + 5)]
    collections.add(alice, collection, [each.pk for each in assets])
    client, address = visit(alice), f"/collections/{collection.public_id}/"
    first = client.get(address).content.decode()
    more = re.search(rf'hx-get="{address}\?([^"]+)"', first)
    assert more
    last = assets[PAGE - 1].public_id  # the one that the next page begins behind
    acting.act(alice, collection.workspace, "uncollect", collection.public_id, [last])
    second = client.get(f"{address}?{more[1]}", headers=HTMX).content.decode()
    assert tiles(first) + tiles(second) == [each.public_id for each in assets]
    assert "<html" not in second


def test_what_is_rejected_is_hidden_counted_apart_and_goes_nowhere(visit: Visit, alice: User) -> None:
    collection = make(alice)
    cover, *others = [picture(alice) for _ in range(3)]
    collections.add(alice, collection, [each.pk for each in (cover, *others)])
    collections.set_cover(alice, collection, cover)
    acting.act(alice, collection.workspace, "reject", "", [cover.public_id])
    client, address = visit(alice), f"/collections/{collection.public_id}/"
    kept = [each.public_id for each in others]
    page, aside = (client.get(address + query).content.decode() for query in ("", "?shown=discarded"))
    assert (tiles(page), tiles(aside)) == (kept, [cover.public_id])
    assert "1 rejected" in page and "?shown=discarded" in page
    index = client.get("/collections/").content.decode()
    assert "2 pictures" in index and cover.public_id not in index
    share, _ = shares.share(alice.memberships.get(), shares.Terms(days=1), collection=collection)
    assert [each.asset.public_id for each in share.items] == kept
    collections.step(alice, collection, others[1], -1)
    client.post("/exports/sheet/", {"collection": collection.public_id})
    packed = Export.objects.get().items.order_by("position").values_list("asset", flat=True)
    assert list(packed) == [others[1].pk, others[0].pk]
    acting.act(alice, collection.workspace, "unreject", "", [cover.public_id])
    assert tiles(client.get(address).content.decode())[0] == cover.public_id


def test_as_many_are_shown_anew_as_were_there(visit: Visit, alice: User) -> None:
    made = make(alice)
    collections.add(alice, made, [picture(alice).pk for _ in range(PAGE + 3)])
    client = visit(alice)
    for most, there in (("62", 62), ("1", PAGE), ("-1", PAGE), ("x", PAGE), ("9" * 30, PAGE), ("99999", PAGE + 3)):
        assert len(tiles(client.get(f"/collections/{made.public_id}/?most={most}").content.decode())) == there


@pytest.mark.parametrize("after", ["1", "x_1", "1_x", "9" * 50 + "_1"])
def test_a_page_that_nobody_can_mean_is_missing(visit: Visit, alice: User, after: str) -> None:
    assert visit(alice).get(f"/collections/{make(alice).public_id}/?after={after}").status_code == 404


def test_lists_cost_the_same_however_long(visit: Visit, alice: User) -> None:
    client = visit(alice)
    few = make(alice)
    collections.add(alice, few, [picture(alice).pk])
    client.get("/collections/")

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert not [each for each in queries if re.search(r"(COUNT\(|OFFSET).*studio_collection", each["sql"])]
        return len(queries)

    index, page = cost("/collections/"), cost(f"/collections/{few.public_id}/")
    for _ in range(4):
        collections.add(alice, make(alice), [picture(alice).pk])
    collections.add(alice, few, [picture(alice).pk for _ in range(6)])
    assert (cost("/collections/"), cost(f"/collections/{few.public_id}/")) == (index, page)


def test_nothing_of_another_workspace_or_of_a_private_collection_shows(
    visit: Visit, alice: User, bob: User, charlie: User
) -> None:
    for owner in (charlie, bob):
        hidden = make(owner, f"{CANARY} name", visibility=Visibility.PRIVATE, description=f"{CANARY} text")
        inner = make(owner, f"{CANARY} inside", parent=hidden)
        asset = picture(owner, given_title=f"{CANARY} title")
        collections.add(owner, hidden, [asset.pk])
        client = visit(alice)
        seen = [client.get("/collections/"), client.get("/collections/pick/?asset=x", headers=HTMX)]
        for each in (hidden, inner):
            for view in ("", "settings/"):
                seen.append(client.get(f"/collections/{each.public_id}/{view}"))
                assert seen[-1].status_code == 404
            for view in ("add/", "remove/", "move/", "cover/", "delete/", "settings/"):
                seen.append(client.post(f"/collections/{each.public_id}/{view}", {"asset": asset.public_id}))
                assert seen[-1].status_code == 404
        assert all(CANARY not in answer.content.decode() for answer in seen)
    assert Collection.objects.count() == 4


def test_a_private_picture_asks_before_everybody_sees_it(visit: Visit, alice: User, bob: User) -> None:
    collection, secret = make(alice), picture(bob, visibility=Visibility.PRIVATE)
    client, address = visit(bob), f"/collections/{collection.public_id}/add/"
    asked = client.post(address, {"asset": secret.public_id}, headers=HTMX)
    assert asked.status_code == 422
    assert "Share and add" in asked.content.decode()
    assert client.post(address, {"assets": secret.public_id, "share": "1"}, headers=HTMX).status_code == 204
    assert visit(alice).get(f"/assets/{secret.public_id}/").status_code == 200


def test_pictures_are_ordered_covered_and_taken_out(visit: Visit, alice: User) -> None:
    collection, assets = make(alice), [picture(alice) for _ in range(3)]
    collections.add(alice, collection, [each.pk for each in assets])
    client, address = visit(alice), f"/collections/{collection.public_id}/"
    names = [each.public_id for each in assets]
    assert client.post(f"{address}move/", {"asset": names[2], "before": names[0]}, headers=HTMX).status_code == 204
    assert client.post(f"{address}move/", {"asset": names[0], "by": "1"})["Location"] == address
    assert tiles(client.get(address).content.decode()) == [names[2], names[1], names[0]]
    client.post(f"{address}cover/", {"asset": names[1]})
    assert f"/media/{names[1]}/tile" in client.get("/collections/").content.decode()
    client.post(f"{address}remove/", {"asset": names[1]})
    assert tiles(client.get(address).content.decode()) == [names[2], names[0]]


def test_many_go_in_in_the_background_and_each_step_is_undone(visit: Visit, alice: User) -> None:
    collection, assets = make(alice), [picture(alice) for _ in range(2)]
    client, names = visit(alice), {"assets": ",".join(each.public_id for each in assets)}
    said = client.post("/act/", {"do": f"collect {collection.public_id}", **names}, headers=HTMX)
    assert json.loads(said["HX-Trigger"])["toast"]["undo"]
    assert tiles(client.get(f"/collections/{collection.public_id}/").content.decode()) == names["assets"].split(",")
    client.post("/act/undo/", headers=HTMX)
    assert not collection.items.exists()
    facets.index([each.pk for each in assets])
    everything = {"all": "1", "search": f"person={alice.pk}"}
    many = client.post(f"/collections/{collection.public_id}/add/", everything, headers=HTMX)
    assert (many["HX-Retarget"], many["HX-Reswap"]) == ("#doings", "beforeend")
    assert "Working on all that match" in many.content.decode()
    assert "collected" in many["HX-Trigger"], "the dialog closes"
    acts.carry_out(Action.objects.latest("pk").pk)
    assert collection.items.count() == 2
    report = client.get(f"/act/{Action.objects.latest('pk').public_id}/").content.decode()
    assert "2 pictures put into “Spring”." in report


def test_its_settings_are_changed_by_who_may(visit: Visit, alice: User, bob: User) -> None:
    collection = make(alice)
    address = f"/collections/{collection.public_id}/settings/"
    assert visit(bob).get(address).status_code == 404, "an editor fills it, and does not rename it"
    client = visit(alice)
    assert "Bob" in client.get(address).content.decode()
    sent = {"name": "Summer", "description": "All of it", "visibility": "private", "members": [bob.pk]}
    assert client.post(address, sent).status_code == 302
    collection.refresh_from_db()
    assert (collection.name, collection.visibility, list(collection.members.all())) == ("Summer", "private", [bob])
    assert client.post(address, {**sent, "name": ""}).status_code == 422
    assert client.post(f"/collections/{collection.public_id}/delete/").status_code == 302
    assert not Collection.objects.exists()


def test_a_viewer_sees_no_way_to_change_anything(visit: Visit, alice: User, bob: User) -> None:
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    collection = make(alice)
    collections.add(alice, collection, [picture(alice).pk])
    client = visit(bob)
    page = client.get(f"/collections/{collection.public_id}/").content.decode()
    assert len(tiles(page)) == 1
    assert "data-move" not in page
    assert "new-collection" not in client.get("/collections/").content.decode()
    refused = client.post(f"/collections/{collection.public_id}/add/", {"asset": "x"}, headers=HTMX)
    assert refused.status_code == 422
    assert "can look at this collection" in refused.content.decode()


def test_the_picker_offers_what_can_be_filled_and_a_new_one(visit: Visit, alice: User, bob: User) -> None:
    make(alice)
    make(bob, "Bob's own", visibility=Visibility.PRIVATE)
    asset = picture(alice)
    client = visit(alice)
    offered = client.get(f"/collections/pick/?assets={asset.public_id}", headers=HTMX).content.decode()
    assert "Spring" in offered
    assert "Bob" not in offered
    client.post(
        "/collections/new/", {"name": "New", "visibility": "workspace", "assets": asset.public_id}, headers=HTMX
    )
    assert Collection.objects.get(name="New").items.get().asset == asset


def test_the_gallery_names_the_collections_that_one_may_open(visit: Visit, alice: User, bob: User) -> None:
    shared, hidden = make(alice), make(bob, f"{CANARY} name", visibility=Visibility.PRIVATE)
    asset = picture(alice)
    for collection, person in ((shared, alice), (hidden, bob)):
        collections.add(person, collection, [asset.pk])
    client = visit(alice)
    addresses = ("/gallery/", "/gallery/menu/collection/", f"/gallery/?collection={hidden.public_id}")
    seen = {address: client.get(address, headers=HTMX if "menu" in address else {}) for address in addresses}
    text = "".join(answer.content.decode() for answer in seen.values())
    assert f'data-collect="/collections/{shared.public_id}/add/"' in text
    assert CANARY not in text
    menu = seen["/gallery/menu/collection/"].content.decode()
    assert "Spring" in menu
    assert hidden.public_id not in menu


def test_all_that_a_search_matches_is_collected(visit: Visit, alice: User) -> None:
    tagged, other = picture(alice, tags=["hero"]), picture(alice)
    facets.index([tagged.pk, other.pk])
    client, search = visit(alice), {"all": "1", "search": "tag=hero"}
    picker = client.post("/collections/pick/", search, headers=HTMX).content.decode()
    assert 'name="search" value="tag=hero"' in picker
    client.post("/collections/new/", {"name": "Heroes", **search}, headers=HTMX)
    acts.carry_out(Action.objects.get().pk)
    assert [item.asset for item in Collection.objects.get().items.select_related("asset")] == [tagged]


def test_an_old_collection_is_still_found_and_keeps_what_is_inside_it(
    visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST_SHELVES", 1)
    by = alice.memberships.get()
    old = collections.create(by, "Autumn")
    inside = collections.create(by, "Autumn, posters", parent=old)
    collections.create(by, "Spring")
    client = visit(alice)
    assert old.public_id not in client.get("/gallery/").content.decode(), "beside the gallery are the newest"
    for page in ("/collections/", f"/collections/pick/?asset={picture(alice).public_id}"):
        assert old.public_id in client.get(page).content.decode()
    assert inside.public_id in client.get(f"/collections/{old.public_id}/").content.decode()
