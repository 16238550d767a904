"""The same request again is offered as the pictures it made before, for 0 units; and can be run all the same."""

from typing import Any

import pytest
from django.test import Client

from studio.models import Asset, Job, User
from studio.services import uploads
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture
from tests.views.test_edit import png

ASKED = {"prompt": "A fox", "model": "recraftv4_1", "n": "1", "size": "4:5", "random_seed": "7"}


def post(client: Client, key: str, **changes: Any) -> Any:
    return client.post("/create/generate/", {**ASKED, "key": key, **changes}, headers=HTMX)


@pytest.fixture
def drawn(visit: Visit, alice: User) -> Job:
    """A run of Alice's that has its picture."""
    assert post(visit(alice), "first").status_code == 200
    job = Job.objects.get()
    for state in ("running", "saving", "done"):
        Job.objects.filter(pk=job.pk).update(state=state, charged_units=35)
    picture(alice, job)
    return job


def test_the_same_again_is_offered_instead(visit: Visit, bob: User, drawn: Job) -> None:
    response = post(visit(bob), "second")
    text = response.content.decode()
    assert response.status_code == 422
    assert "This was drawn before" in text
    assert f"/assets/{Asset.objects.get().public_id}/" in text
    assert "Run anyway, 35 units" in text
    assert Job.objects.count() == 1


def test_it_can_be_run_all_the_same(visit: Visit, alice: User, drawn: Job) -> None:
    assert post(visit(alice), "second", anyway="1").status_code == 200
    assert Job.objects.count() == 2


def test_a_form_that_is_sent_twice_is_no_twin_of_itself(visit: Visit, alice: User, drawn: Job) -> None:
    assert post(visit(alice), "first").status_code == 200
    assert Job.objects.count() == 1


@pytest.mark.parametrize("other", [{"random_seed": ""}, {"random_seed": "8"}, {"prompt": "A vixen"}, {"n": "2"}])
def test_anything_else_is_another_request(visit: Visit, alice: User, drawn: Job, other: dict[str, str]) -> None:
    assert post(visit(alice), "second", **other).status_code == 200
    assert Job.objects.count() == 2


def test_pictures_in_the_trash_are_not_offered(visit: Visit, alice: User, drawn: Job) -> None:
    Asset.objects.update(state="trashed")
    assert post(visit(alice), "second").status_code == 200


def test_another_workspace_has_no_twins_here(visit: Visit, charlie: User, drawn: Job) -> None:
    assert post(visit(charlie), "second").status_code == 200


def test_pictures_are_the_same_by_their_bytes(visit: Visit, alice: User) -> None:
    client = visit(alice)
    vase = uploads.take(alice, alice.workspaces.get(), png()).asset
    other = uploads.take(alice, alice.workspaces.get(), png((400, 300))).asset
    client.post(f"/edit/{vase.public_id}/crisp-upscale/", {"key": "first"}, headers=HTMX)
    for state in ("running", "saving", "done"):
        Job.objects.update(state=state, charged_units=4)
    picture(alice, Job.objects.get())
    again = client.post(f"/edit/{vase.public_id}/crisp-upscale/", {"key": "second"}, headers=HTMX)
    assert "This was drawn before" in again.content.decode()
    assert client.post(f"/edit/{other.public_id}/crisp-upscale/", {"key": "third"}, headers=HTMX).status_code == 200
