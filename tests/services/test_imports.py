"""Zips in the background: killed between two pictures, gone on with, one bad file given up on, gone at the end."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from studio.errors import NotAllowed, TooManyWaiting
from studio.models import Asset, Import, Membership, Notice, Role, User
from studio.services import collections, imports, unpacking
from tests.pictures.making import encoded, noise

pytestmark = pytest.mark.django_db
FOX, OWL, ELK = (encoded(noise((24, 16)), "PNG") for _ in range(3))


def zipped(**entries: bytes) -> "ContentFile[bytes]":
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            # Of one time, so that the same pictures are the same file whenever they are packed.
            archive.writestr(zipfile.ZipInfo(f"{name}.png"), data)
    return ContentFile(out.getvalue(), name="pictures.zip")


def order(person: User, **entries: bytes) -> Import:
    return imports.order(person.memberships.get(), zipped(**entries))


def again(found: Import) -> Import:
    """As the clock finds it later."""
    Import.objects.filter(pk=found.pk).update(not_before="2026-01-01T00:00:00Z")
    assert imports.to_ring() == [found.pk]
    unpacking.unpack(found.pk, then=lambda asset: None)
    found.refresh_from_db()
    return found


def test_what_is_killed_goes_on_behind_the_last_picture(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    found = order(alice, fox=FOX, owl=OWL, elk=ELK)
    monkeypatch.setattr(unpacking, "SLICE", 0.0)  # as if the worker ended after each picture
    assert unpacking.unpack(found.pk, then=lambda asset: None)
    found.refresh_from_db()
    assert (found.at, [each["name"] for each in found.taken]) == (1, ["fox.png"])
    monkeypatch.undo()
    # Killed after the picture was stored and before that was written down: it is taken again, and linked.
    Import.objects.filter(pk=found.pk).update(at=0, taken=[])
    found = again(found)
    assert (found.state, found.at, found.total) == ("done", 3, 3)
    assert [each["new"] for each in found.taken] == [False, True, True]
    assert Asset.objects.count() == 3
    assert not unpacking.unpack(found.pk, then=lambda asset: None), "done is done"


def test_a_file_that_kills_its_workers_is_left_out_and_the_rest_comes(alice: User) -> None:
    found = order(alice, fox=FOX, owl=OWL)
    Import.objects.filter(pk=found.pk).update(tries=unpacking.MOST_TRIES)
    found = again(found)
    assert found.taken[0] == {"name": "fox.png", "refusal": unpacking.STUCK}
    assert found.taken[1]["new"]
    told = Notice.objects.get(person=alice)
    assert (told.text, told.url) == (
        "“pictures.zip” is unpacked, 1 of 2 files refused.",
        f"/uploads/{found.public_id}/",
    )


def test_the_zip_is_kept_until_the_last_import_of_it_is_done(alice: User, bob: User) -> None:
    first, second = order(alice, fox=FOX), order(bob, fox=FOX)
    path = Path(default_storage.path(first.file))
    assert first.file == second.file
    again_only = Import.objects.filter(pk=second.pk)
    again_only.update(not_before="2126-01-01T00:00:00Z")
    again(first)
    assert path.exists()
    again(second)
    assert not path.exists()


def test_a_zip_that_is_gone_says_so(alice: User) -> None:
    found = order(alice, fox=FOX)
    default_storage.delete(found.file)
    assert (again(found).state, found.reason) == ("failed", unpacking.LOST)


def test_whose_role_is_gone_adds_nothing_more(alice: User, bob: User) -> None:
    collection = collections.create(bob.memberships.get(), "Spring")
    found = imports.order(bob.memberships.get(), zipped(fox=FOX), collection)
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        order(bob, fox=FOX)
    assert "refusal" in again(found).taken[0]
    assert not Asset.objects.exists()


def test_one_person_waits_for_a_few_at_most(alice: User) -> None:
    for _ in range(imports.MOST_WAITING):
        order(alice, fox=FOX)
    with pytest.raises(TooManyWaiting):
        order(alice, fox=FOX)
