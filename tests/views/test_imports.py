"""Many files at once, and zips of them: every one is looked at, and told of."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.models import Asset, AssetKind, Import, Membership, Role, User, Workspace
from studio.services import collections, unpacking
from studio.views.uploads import PAGE
from tests.pictures.making import encoded, noise
from tests.views.conftest import HTMX, Visit

FOX, OWL = (encoded(noise((24, 16)), "PNG") for _ in range(2))


def zipped(**entries: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(f"folder/{name}.png", data)
    return SimpleUploadedFile("pictures.zip", out.getvalue())


def unpacked(client: Client) -> str:
    """What the page says of a zip, once the worker was there."""
    order = Import.objects.latest("pk")
    assert f"sse:{order.event}" in client.get(f"/uploads/{order.public_id}/", headers=HTMX).content.decode()
    unpacking.unpack(order.pk, then=lambda asset: None)
    return client.get(f"/uploads/{order.public_id}/", headers=HTMX).content.decode()


def test_a_zip_becomes_pictures_and_a_report(visit: Visit, alice: User, bob: User) -> None:
    client = visit(alice)
    answer = client.post(
        "/uploads/", {"file": zipped(fox=FOX, owl=OWL, fake=b"MZ no picture", again=FOX)}, headers=HTMX
    )
    assert "is being unpacked" in answer.content.decode()
    assert not Asset.objects.exists(), "nobody waits for it"
    text = unpacked(client)
    uploads = Asset.objects.filter(kind=AssetKind.UPLOAD)
    assert sorted(uploads.values_list("name", flat=True)) == ["fox.png", "owl.png"]
    assert "<strong>fake.png</strong> was not added." in text
    assert "<strong>again.png</strong> was here already." in text
    assert "hx-trigger" not in text
    assert visit(bob).get(f"/uploads/{Import.objects.get().public_id}/").status_code == 404


def test_a_zip_into_a_collection_links_what_is_there_already(visit: Visit, alice: User) -> None:
    client = visit(alice)
    client.post("/uploads/", {"file": zipped(fox=FOX)}, headers=HTMX)
    unpacked(client)
    collection = collections.create(alice.memberships.get(), "Spring")
    address = f"/uploads/?collection={collection.public_id}"
    text = client.post(address, {"file": zipped(fox=FOX, owl=OWL), "part": "3"}, headers=HTMX).content.decode()
    assert 'id="uploads-taken3"' in text
    assert "Show them in “Spring”" in unpacked(client)
    assert Asset.objects.filter(kind=AssetKind.UPLOAD).count() == 2, "linked, not copied"
    assert [item.asset.name for item in collection.items.in_order().select_related("asset")] == ["fox.png", "owl.png"]


def test_private_pictures_in_a_zip_ask_before_a_shared_collection_shows_them(visit: Visit, alice: User) -> None:
    client, collection = visit(alice), collections.create(alice.memberships.get(), "Spring")
    Workspace.objects.update(new_pictures="private")
    client.post(f"/uploads/?collection={collection.public_id}", {"file": zipped(fox=FOX)}, headers=HTMX)
    assert "Share and add" in unpacked(client)
    assert not collection.items.exists()
    client.post(f"/collections/{collection.public_id}/add/", {"all": "", "assets": names(), "share": "1"}, headers=HTMX)
    assert collection.items.count() == 1
    again = client.get(f"/uploads/{Import.objects.get().public_id}/").content.decode()
    assert "Share and add" not in again


def names() -> str:
    return ",".join(Asset.objects.values_list("public_id", flat=True))


def test_a_zip_that_is_none_is_refused_at_once(visit: Visit, alice: User) -> None:
    broken = SimpleUploadedFile("pictures.zip", b"PK\x03\x04 and no more")
    assert "broken" in visit(alice).post("/uploads/", {"file": broken}, headers=HTMX).content.decode()
    assert not Import.objects.exists()


def test_who_may_add_nothing_adds_nothing_by_zip_either(visit: Visit, alice: User, bob: User) -> None:
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    collection = collections.create(alice.memberships.get(), "Spring")
    client = visit(bob)
    assert "was not added" in client.post("/uploads/", {"file": zipped(fox=FOX)}, headers=HTMX).content.decode()
    assert client.post(f"/uploads/?collection={collection.public_id}", {"file": zipped(fox=FOX)}).status_code == 404
    assert not Asset.objects.exists()


def test_what_one_brought_is_listed_while_it_comes_and_afterwards(visit: Visit, alice: User, bob: User) -> None:
    client = visit(alice)
    assert "No zip brought yet" in client.get("/uploads/").content.decode()
    client.post("/uploads/", {"file": zipped(fox=FOX, fake=b"MZ no picture", again=FOX)}, headers=HTMX)
    order = Import.objects.get()
    row = f"/uploads/{order.public_id}/?row=1"
    for text in (client.get("/uploads/").content.decode(), client.get(row, headers=HTMX).content.decode()):
        assert "0 of 3" in text
        assert f"sse:{order.event}" in text
    unpacked(client)
    text = client.get(row, headers=HTMX).content.decode()
    assert "3 files, 1 added, 1 here already, 1 refused." in text
    assert "sse:" not in text
    assert "pictures.zip" not in visit(bob).get("/uploads/").content.decode()
    Import.objects.update(state="failed", reason="It is not there any more.")
    assert "Not unpacked" in client.get("/uploads/").content.decode()


def test_earlier_imports_come_page_by_page(visit: Visit, alice: User) -> None:
    workspace = alice.workspaces.get()
    Import.objects.bulk_create(
        Import(workspace=workspace, person=alice, name=f"{at}.zip", state="done") for at in range(PAGE + 2)
    )
    client = visit(alice)
    text = client.get("/uploads/").content.decode()
    assert text.count("people__row") == PAGE
    rest = client.get(f"/uploads/?before={Import.objects.order_by('-pk')[PAGE - 1].pk}", headers=HTMX).content.decode()
    assert (rest.count("people__row"), "<html" in rest) == (2, False)
