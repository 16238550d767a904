"""The pages of exports: what can be chosen, how far it is, and who may save the file."""

import pytest

from studio.models import Asset, Export, User
from studio.services import collections, exports, facets, packing
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture

CHOSEN = {"format": "original", "percent": "100", "name": "{title}", "mark": "on"}


def order(person: User, asset: Asset) -> Export:
    return exports.order(person.memberships.get(), [asset.pk], {"format": "original"})


def export_size(export: Export) -> int:
    export.refresh_from_db()
    return export.size


def test_pictures_are_exported_followed_and_saved(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    client, assets = visit(bob), [picture(bob, given_title="Fox"), picture(alice)]
    names = ",".join(each.public_id for each in assets)
    assert "2 pictures" in client.get(f"/exports/new/?assets={names}").content.decode()
    assert "2 pictures" in client.post("/exports/new/", {"assets": names}).content.decode(), "nothing is chosen yet"
    assert not Export.objects.exists()
    assert client.post("/exports/new/", {**CHOSEN, "assets": names})["Location"] == "/exports/"
    export = Export.objects.get()
    card = client.get(f"/exports/{export.public_id}/", headers=HTMX).content.decode()
    assert f'hx-trigger="sse:export-{export.public_id}"' in card
    assert client.get(f"/exports/{export.public_id}/file").status_code == 404, "not yet"
    packing.pack(export.pk)
    assert "Save" in client.get("/exports/").content.decode()
    saved = client.get(f"/exports/{export.public_id}/file")
    assert saved["Content-Disposition"] == 'attachment; filename="2 pictures.zip"'
    with pytest.warns(Warning, match="asynchronous iterators"):  # the test's client is no ASGI server
        assert b"".join(saved).startswith(b"PK")
    assert int(saved["Content-Length"]) == export_size(export)
    for person in (alice, charlie):
        other = visit(person)
        for view in ("", "left-out/", "file"):
            assert other.get(f"/exports/{export.public_id}/{view}").status_code == 404, (
                "an export is its person's alone"
            )
        assert export.public_id not in other.get("/exports/").content.decode()
    assert client.post(f"/exports/{export.public_id}/delete/").status_code == 302
    packing.remove_old()
    assert client.get(f"/exports/{export.public_id}/file").status_code == 404


@pytest.mark.parametrize("wrong", [{"format": "gif"}, {"name": "{secret}"}, {"longest": "9"}, {"assets": "none"}])
def test_what_cant_be_ordered_says_why(visit: Visit, alice: User, wrong: dict[str, str]) -> None:
    answer = visit(alice).post("/exports/new/", {**CHOSEN, "assets": picture(alice).public_id, **wrong})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not Export.objects.exists()


def test_all_that_a_search_matches_is_exported(visit: Visit, alice: User) -> None:
    tagged, other = picture(alice, tags=["hero"]), picture(alice)
    facets.index([tagged.pk, other.pk])
    client, search = visit(alice), {"all": "1", "search": "tag=hero"}
    assert "all that match" in client.post("/exports/new/", search).content.decode()
    client.post("/exports/new/", {**CHOSEN, **search})
    assert list(Export.objects.get().items.values_list("asset_id", flat=True)) == [tagged.pk]


def test_a_collection_is_exported_in_its_order_and_as_a_sheet(visit: Visit, alice: User) -> None:
    collection = collections.create(alice.memberships.get(), "Spring")
    assets = [picture(alice), picture(alice)]
    collections.add(alice, collection, [assets[1].pk, assets[0].pk])
    client = visit(alice)
    client.post("/exports/new/", {**CHOSEN, "collection": collection.public_id})
    client.post("/exports/sheet/", {"collection": collection.public_id})
    zipped, sheet = Export.objects.order_by("pk")
    assert list(zipped.items.order_by("position").values_list("asset_id", flat=True)) == [assets[1].pk, assets[0].pk]
    assert (zipped.label, zipped.kind, sheet.label, sheet.kind) == ("Spring", "copies", "Spring", "sheet")


@pytest.mark.filterwarnings("ignore:.*asynchronous iterators")  # the test's client is no ASGI server
def test_a_save_that_was_interrupted_goes_on(visit: Visit, alice: User) -> None:
    client = visit(alice)
    client.post("/exports/new/", {**CHOSEN, "assets": picture(alice).public_id})
    export = Export.objects.get()
    packing.pack(export.pk)
    address, size = f"/exports/{export.public_id}/file", export_size(export)
    whole = client.get(address)
    body = b"".join(whole)
    head = client.head(address)
    assert (head.status_code, head["Content-Length"], b"".join(head)) == (200, str(size), b"")

    def part(asked: str, **headers: str) -> tuple[int, str, bytes]:
        answer = client.get(address, headers={"range": asked, **headers})
        return answer.status_code, answer.get("Content-Range", ""), b"".join(answer)

    assert part("bytes=5-") == (206, f"bytes 5-{size - 1}/{size}", body[5:])
    assert part("bytes=5-9") == (206, f"bytes 5-9/{size}", body[5:10])
    assert part("bytes=-3") == (206, f"bytes {size - 3}-{size - 1}/{size}", body[-3:])
    assert part("bytes=5-", **{"if-range": whole["ETag"]})[0] == 206
    assert part("bytes=5-", **{"if-range": '"another"'}) == (200, "", body)
    assert part(f"bytes={size}-") == (416, f"bytes */{size}", b"")
    for strange in ("bytes=-", "bytes=9-5", "bytes=0-1,3-4", "lines=1-2"):
        assert part(strange) == (200, "", body)


def test_one_that_is_not_wanted_any_more_is_gone_at_once(visit: Visit, alice: User) -> None:
    client, done, waiting = visit(alice), *(order(alice, picture(alice)) for _ in range(2))
    packing.pack(done.pk)
    for each in (done, waiting):
        client.post(f"/exports/{each.public_id}/delete/")
    assert client.get("/exports/").content.decode().count("Removed") == 2
    assert client.get(f"/exports/{done.public_id}/file").status_code == 404
    assert not packing.pack(waiting.pk)
    packing.remove_old()
    assert not Export.objects.exclude(file="").exists()
