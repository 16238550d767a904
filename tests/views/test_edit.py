"""The editor: what can be done with a picture, and what a press of its button does."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from studio.models import Asset, AssetKind, Job, JobInput, Membership, Result, Role, User
from studio.services import uploads
from studio.views.edit import EDITING
from tests.pictures.making import encoded, gradient
from tests.views.conftest import HTMX, Visit
from tests.views.making import job, picture

SIZE = (320, 280)


def png(size: tuple[int, int] = SIZE, name: str = "vase.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encoded(gradient(size), "PNG"))


def mask(size: tuple[int, int] = SIZE, mode: str = "L") -> SimpleUploadedFile:
    painted = Image.new(mode, size)
    painted.paste(255 if mode == "L" else (255,) * len(mode), (10, 10, 90, 90))
    buffer = BytesIO()
    painted.save(buffer, "PNG")
    return SimpleUploadedFile("mask.png", buffer.getvalue())


@pytest.fixture
def vase(alice: User) -> Asset:
    return uploads.take(alice, alice.workspaces.get(), png()).asset


def post(client: Client, asset: Asset, slug: str, **values: Any) -> Any:
    return client.post(f"/edit/{asset.public_id}/{slug}/", {"key": "key-1", **values}, headers=HTMX)


@pytest.mark.parametrize("slug", EDITING)
def test_every_operation_has_its_editor_with_its_price(visit: Visit, alice: User, vase: Asset, slug: str) -> None:
    text = visit(alice).get(f"/edit/{vase.public_id}/{slug}/").content.decode()
    assert f">{EDITING[slug].label}" in text
    assert "units" in text.partition("btn__price")[2][:60]
    for each in EDITING:
        assert f"/edit/{vase.public_id}/{each}/" in text


def test_the_editor_begins_with_something_the_picture_can_do(visit: Visit, alice: User, vase: Asset) -> None:
    response = visit(alice).get(f"/edit/{vase.public_id}/")
    assert response["Location"].startswith(f"/edit/{vase.public_id}/")


def test_a_press_makes_a_job_that_starts_from_the_picture(visit: Visit, alice: User, vase: Asset) -> None:
    response = post(visit(alice), vase, "image-to-image", prompt="A jug", strength="0.3", n="2")
    made = Job.objects.get()
    assert response.status_code == 200
    assert f'id="run-{made.public_id}"' in response.content.decode()
    assert made.params["image"] == vase.public_id
    assert (made.params["strength"], made.images) == (0.3, 2)
    assert made.inputs.get().asset == vase


def test_a_mask_comes_with_the_press_and_twice_is_once(visit: Visit, alice: User, vase: Asset) -> None:
    client = visit(alice)
    for _ in range(2):
        assert post(client, vase, "inpaint", prompt="A bee", n="1", mask=mask()).status_code == 200
    made_by = Job.objects.get()
    painted = JobInput.objects.get(job=made_by, param="mask").asset
    assert painted.kind == AssetKind.MASK
    assert Asset.objects.count() == 2


@pytest.mark.parametrize("wrong", [{}, {"mask": mask((321, 280))}, {"mask": mask(mode="RGB")}, {"mask": png()}])
def test_without_a_good_mask_nothing_is_sent(
    visit: Visit, alice: User, vase: Asset, wrong: dict[str, SimpleUploadedFile]
) -> None:
    for file in wrong.values():
        file.seek(0)
    response = post(visit(alice), vase, "inpaint", prompt="A bee", n="1", **wrong)
    assert response.status_code == 422
    assert "callout--bad" in response.content.decode()
    assert not Job.objects.exists()


def test_a_picture_in_the_form_does_not_replace_the_one_in_the_address(visit: Visit, alice: User, vase: Asset) -> None:
    other = uploads.take(alice, alice.workspaces.get(), png((400, 300), "other.png")).asset
    post(visit(alice), vase, "crisp-upscale", image=other.public_id)
    assert JobInput.objects.get().asset == vase


def test_a_change_of_settings_shows_the_price_and_drops_what_does_not_fit(
    visit: Visit, alice: User, vase: Asset
) -> None:
    text = (
        visit(alice)
        .post(f"/edit/{vase.public_id}/inpaint/fields/", {"prompt": "A bee", "n": "3"}, headers=HTMX)
        .content.decode()
    )
    assert "120 units" in text
    assert "Mask is needed" not in text, "it is not painted yet, which is no mistake yet"


def test_what_a_picture_can_not_do_says_why_and_what_would(visit: Visit, alice: User) -> None:
    small = uploads.take(alice, alice.workspaces.get(), png((200, 300))).asset
    text = visit(alice).get(f"/assets/{small.public_id}/").content.decode()
    assert "200 px is under 256 px a side" in text
    assert "0 units" in text


def test_a_viewer_may_look_at_the_editor_and_send_nothing(visit: Visit, alice: User, vase: Asset) -> None:
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    assert post(visit(alice), vase, "crisp-upscale").status_code == 422
    assert not Job.objects.exists()


def test_an_upload_opens_its_editor(visit: Visit, alice: User) -> None:
    response = visit(alice).post("/uploads/", {"file": png()}, headers=HTMX)
    assert response["HX-Redirect"] == f"/edit/{Asset.objects.get().public_id}/"


def test_several_files_are_each_told_of(visit: Visit, alice: User) -> None:
    files = [png(name="good.png"), SimpleUploadedFile("<b>bad.gif", b"GIF89a and so on")]
    text = visit(alice).post("/uploads/", {"file": files}, headers=HTMX).content.decode()
    assert Asset.objects.count() == 1
    assert "good.png" in text
    assert "&lt;b&gt;bad.gif" in text
    assert "not a WebP, PNG, JPEG or SVG" in text


def test_no_file_at_all_is_said(visit: Visit, alice: User) -> None:
    response = visit(alice).post("/uploads/")
    assert response.status_code == 422
    assert "No picture came with that" in response.content.decode()


def test_an_edited_picture_says_what_it_was_made_from(visit: Visit, alice: User, vase: Asset) -> None:
    post(visit(alice), vase, "crisp-upscale")
    made_by = Job.objects.get()
    Job.objects.filter(pk=made_by.pk).update(state="running")
    made = Asset.objects.create(
        workspace=vase.workspace, person=alice, job=made_by, media_type="image/png", width=640, height=560, size=9,
        sha256=vase.sha256, file=vase.file,
    )  # fmt: skip
    text = visit(alice).get(f"/assets/{made.public_id}/").content.decode()
    assert "Made from" in text
    assert f"/assets/{vase.public_id}/" in text
    assert "<before-after>" not in text
    compared = visit(alice).get(f"/assets/{made.public_id}/?compare=1").content.decode().partition("<before-after>")[2]
    assert compared.index(f'id="picture-{vase.public_id}"') < compared.index(f'id="picture-{made.public_id}"')


def test_what_explore_drew_leads_on_to_more_like_it(visit: Visit, alice: User, vase: Asset) -> None:
    client = visit(alice)
    image_id = "229b2a75-05e4-4580-85f9-b47ee521a00d"
    explored = picture(alice, job(alice, operation="explore"))
    Result.objects.filter(pk=explored.result_id).update(image_id=image_id)
    assert post(client, explored, "explore-similar", similarity="3").status_code == 200
    made = Job.objects.get(operation="explore-similar")
    assert (made.params, made.images) == ({"source_image_id": image_id, "similarity": 3}, 8)
    assert made.inputs.get().asset == explored
    assert post(client, vase, "explore-similar", similarity="3", key="key-2").status_code == 422
    text = client.get(f"/edit/{vase.public_id}/explore-similar/").content.decode()
    assert "goes on from what Explore drew" in text
