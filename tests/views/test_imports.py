"""Many files at once, and zips of them: every one is looked at, and told of."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from studio.models import Asset, AssetKind, Membership, Role, User
from studio.services import collections
from tests.pictures.making import encoded, noise
from tests.views.conftest import HTMX, Visit

FOX, OWL = (encoded(noise((24, 16)), "PNG") for _ in range(2))


def zipped(**entries: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(f"folder/{name}.png", data)
    return SimpleUploadedFile("pictures.zip", out.getvalue())


def test_a_zip_becomes_pictures_and_a_report(visit: Visit, alice: User) -> None:
    client = visit(alice)
    answer = client.post(
        "/uploads/", {"file": zipped(fox=FOX, owl=OWL, fake=b"MZ no picture", again=FOX)}, headers=HTMX
    )
    text = answer.content.decode()
    uploads = Asset.objects.filter(kind=AssetKind.UPLOAD)
    assert sorted(uploads.values_list("name", flat=True)) == ["fox.png", "owl.png"]
    assert "<strong>fake.png</strong> was not added." in text
    assert "<strong>again.png</strong> was here already." in text


def test_a_zip_into_a_collection_links_what_is_there_already(visit: Visit, alice: User) -> None:
    client = visit(alice)
    client.post("/uploads/", {"file": zipped(fox=FOX)}, headers=HTMX)
    collection = collections.create(alice.memberships.get(), "Spring")
    address = f"/uploads/?collection={collection.public_id}"
    text = client.post(address, {"file": zipped(fox=FOX, owl=OWL), "part": "3"}, headers=HTMX).content.decode()
    assert 'id="uploads-taken3"' in text
    assert Asset.objects.filter(kind=AssetKind.UPLOAD).count() == 2, "linked, not copied"
    assert [item.asset.name for item in collection.items.in_order().select_related("asset")] == ["fox.png", "owl.png"]


def test_who_may_add_nothing_adds_nothing_by_zip_either(visit: Visit, alice: User, bob: User) -> None:
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    collection = collections.create(alice.memberships.get(), "Spring")
    client = visit(bob)
    assert "was not added" in client.post("/uploads/", {"file": zipped(fox=FOX)}, headers=HTMX).content.decode()
    assert client.post(f"/uploads/?collection={collection.public_id}", {"file": zipped(fox=FOX)}).status_code == 404
    assert not Asset.objects.exists()
