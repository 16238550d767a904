"""Names of pictures made without words, while several people share and take back at once."""

import time
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from studio import pictures
from studio.models import Asset, Job, User, Visibility
from studio.services import acting, finishing, uploads, visibility, workbench
from tests.fixtures import at_once
from tests.pictures.making import encoded, noise
from tests.views.making import candidates, job, picture

pytestmark = pytest.mark.usefixtures("committed")

ROUNDS = 12


def made_of(person: User, source: Asset) -> Asset:
    (made,) = candidates(person, source, operation="vectorize", params={"prompt": ""})
    Asset.objects.filter(pk=made.pk).update(name="Vectorize")
    return made


def being_turned(alice: User, bob: User) -> tuple[Asset, Job]:
    """A picture of Alice's that all see, and a job of Bob's that is about to turn it."""
    workspace, file = alice.workspaces.get(), SimpleUploadedFile("secret.png", encoded(noise((300, 260)), "PNG"))
    fox = uploads.take(alice, workspace, file).asset
    return fox, finishing.finish(bob, workspace, fox, {"do": "rotate", "degrees": 90}, "key-1")


def test_two_who_share_what_was_made_of_each_others_pictures_do_not_stand_in_each_others_way(
    alice: User, bob: User
) -> None:
    fox = picture(alice, job(alice, params={"prompt": "Secret fox"}))
    his = made_of(bob, fox)
    hers = made_of(alice, his)
    theirs, workspace = {alice: [fox, hers], bob: [his]}, alice.workspaces.get()

    def work(number: int) -> None:
        person = (alice, bob)[number % 2]
        for turn in range(ROUNDS):
            verb = ("unshare", "share")[turn % 2]
            acting.act(person, workspace, verb, None, [each.public_id for each in theirs[person]])

    assert at_once(2, work) == [None, None]
    told = Asset.objects.order_by("pk").values_list("visibility", "name")
    assert list(told) == [(Visibility.WORKSPACE, "")] + [(Visibility.WORKSPACE, "Vectorize: Secret fox")] * 2


def test_what_is_stored_while_its_source_is_taken_back_is_not_named_after_it(alice: User, bob: User) -> None:
    fox, turned = being_turned(alice, bob)
    is_taken = Event()

    def work(number: int) -> None:
        if number:
            is_taken.wait(10)
            workbench.carry_out(turned.pk)
            return
        with transaction.atomic():
            visibility.show_to(alice, fox, Visibility.PRIVATE)
            is_taken.set()
            time.sleep(1)  # long enough for a file of this size to be made, and for the other to reach the end

    assert at_once(2, work) == [None, None]
    assert turned.assets.get().title == "Rotated by 90°"


def test_what_is_taken_back_while_it_is_worked_on_names_nothing(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fox, turned = being_turned(alice, bob)
    finish = pictures.finish

    def slowly(*given: Any) -> Any:
        visibility.show_to(alice, fox, Visibility.PRIVATE)
        return finish(*given)

    monkeypatch.setattr(pictures, "finish", slowly)
    (made,) = workbench.carry_out(turned.pk)
    assert Asset.objects.get(pk=made).title == "Rotated by 90°"
