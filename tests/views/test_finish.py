"""Finishing on the pages: the menu, the forms, the copy that fits, the cards."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.forms.finishing import FORMS
from studio.models import Asset, Job, JobState, Membership, Role, User
from studio.services import audit, renditions, uploads, workbench
from tests.pictures.making import encoded, gradient, noise
from tests.pictures.test_finishing import FLAG
from tests.views.conftest import HTMX, Visit

SIZE = (320, 280)


def take(person: User, data: bytes, name: str = "vase.png") -> Asset:
    return uploads.take(person, person.workspaces.get(), SimpleUploadedFile(name, data)).asset


@pytest.fixture
def vase(alice: User) -> Asset:
    return take(alice, encoded(noise(SIZE), "PNG"))


@pytest.fixture
def flag(alice: User) -> Asset:
    return take(alice, FLAG, "flag.svg")


def post(client: Client, asset: Asset, do: str, key: str = "key-1", **values: Any) -> Any:
    return client.post(f"/edit/{asset.public_id}/finish/", {"do": do, "key": key, **values})


def made(job: Job) -> Asset:
    (pk,) = workbench.carry_out(job.pk)
    renditions.make(pk)
    return Asset.objects.get(pk=pk)


def test_the_menu_offers_every_recipe_for_nothing(visit: Visit, alice: User, vase: Asset) -> None:
    text = visit(alice).get(f"/assets/{vase.public_id}/").content.decode()
    for do in FORMS:
        assert f"/edit/{vase.public_id}/finish/?do={do}" in text


@pytest.mark.parametrize("do", FORMS)
def test_every_recipe_has_a_form_with_its_price(visit: Visit, alice: User, flag: Asset, do: str) -> None:
    text = visit(alice).get(f"/edit/{flag.public_id}/finish/?do={do}").content.decode()
    assert f'name="do" value="{do}"' in text
    assert "0 units" in text.partition("btn__price")[2][:30]


VALUES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "crop",
        {"left": 1, "top": 2, "width": 30, "height": 20},
        {"left": 1, "top": 2, "width": 30, "height": 20},
        "Cropped to 30 x 20",
    ),
    ("resize", {"width": 160, "height": ""}, {"width": 160, "height": 140}, "Resized to 160 x 140"),
    ("resize", {"width": "", "height": 560}, {"width": 640, "height": 560}, "Resized to 640 x 560"),
    (
        "pad",
        {"width": 400, "height": 400, "ground": "color", "color": "#FFEE00"},
        {"width": 400, "height": 400, "color": "#ffee00"},
        "Padded to 400 x 400",
    ),
    (
        "pad",
        {"width": 400, "height": 400, "ground": "transparent", "color": "#ffffff"},
        {"width": 400, "height": 400, "color": "transparent"},
        "Padded to 400 x 400",
    ),
    ("rotate", {"degrees": 270}, {"degrees": 270}, "Rotated by 270°"),
    ("flip", {"direction": "vertical"}, {"direction": "vertical"}, "Flipped vertically"),
    (
        "convert",
        {"format": "webp-lossless", "quality": 90, "background": "#ffffff"},
        {"format": "webp", "quality": 0, "background": "#ffffff", "longest": 0},
        "Converted to WebP, lossless",
    ),
    (
        "convert",
        {"format": "pdf", "quality": 90, "background": "#ffffff"},
        {"format": "pdf", "quality": 90, "background": "#ffffff", "longest": 0},
        "Converted to PDF",
    ),
    ("sizes", {"set": "social"}, {"set": "social"}, "Social set, 3 sizes"),
]


@pytest.mark.parametrize(("do", "typed", "asked", "said"), VALUES, ids=[f"{each[0]}-{each[3]}" for each in VALUES])
def test_a_press_makes_the_job_its_card_and_its_pictures(
    visit: Visit, alice: User, vase: Asset, do: str, typed: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    client = visit(alice)
    answer = post(client, vase, do, **typed)
    assert answer["Location"] == f"/edit/{vase.public_id}/finish/?do={do}"
    job = Job.objects.get()
    assert job.params == {"image": vase.public_id, "do": do, **asked}
    for address in (answer["Location"], f"/runs/{job.public_id}/", "/queue/", "/"):
        assert said in client.get(address).content.decode(), address
    pictures = workbench.carry_out(job.pk)
    for pk in pictures:
        renditions.make(pk)
    card = client.get(f"/runs/{job.public_id}/").content.decode()
    assert "0 units" in card
    assert card.count("<figure") == len(pictures)
    asset = Asset.objects.get(pk=pictures[0])
    for view in ("", "panel/", "lightbox/"):
        text = client.get(f"/assets/{asset.public_id}/{view}").content.decode()
        assert "<dt>Charged</dt><dd>0 units</dd>" in text
        assert asset.title.replace("'", "&#x27;") in text
        assert f"/assets/{vase.public_id}/" in text, "lineage"
    assert client.get("/gallery/").status_code == 200
    assert client.get(f"/edit/{asset.public_id}/vectorize/").status_code == 200
    assert client.get(f"/edit/{vase.public_id}/finish/?like={job.public_id}").status_code == 200
    assert audit.broken(files=True) == []


def test_the_same_press_twice_is_one_job(visit: Visit, alice: User, vase: Asset) -> None:
    client = visit(alice)
    for _ in range(2):
        assert post(client, vase, "rotate", degrees=90).status_code == 302
    assert Job.objects.count() == 1
    answer = post(client, vase, "rotate", degrees=180)
    assert answer.status_code == 422
    assert "sent already with other settings" in answer.content.decode()


@pytest.mark.parametrize(
    ("do", "typed", "says"),
    [
        ("crop", {"left": 0, "top": 0, "width": 321, "height": 9}, "reaches over the edge"),
        ("crop", {"left": 0, "top": 0, "width": "many", "height": 9}, "Enter a whole number"),
        ("resize", {"width": "", "height": ""}, "one of its sides is 0"),
        ("resize", {"width": 20_000, "height": 20}, "a side may have 16,384"),
        ("pad", {"width": 9, "height": 9, "ground": "transparent"}, "Padding only adds"),
        ("rotate", {"degrees": 45}, "not one of the available choices"),
        ("recolor", {"from": ["#000000"], "to": ["#ffffff"]}, "Vectorize it first"),
    ],
)
def test_what_can_not_be_done_says_so_in_the_form(
    visit: Visit, alice: User, vase: Asset, do: str, typed: dict[str, Any], says: str
) -> None:
    answer = post(visit(alice), vase, do, **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Job.objects.exists()


def test_presets_begin_with_the_largest_cut_and_the_smallest_canvas(visit: Visit, alice: User, vase: Asset) -> None:
    client = visit(alice)
    cut = client.get(f"/edit/{vase.public_id}/finish/?do=crop&aspect=1:1").content.decode()
    assert 'name="left" value="20"' in cut
    assert 'name="width" value="280"' in cut
    canvas = client.get(f"/edit/{vase.public_id}/finish/?do=pad&aspect=1:1").content.decode()
    assert 'name="height" value="320"' in canvas


def test_an_svg_shows_its_colors_and_gets_others(visit: Visit, alice: User, flag: Asset) -> None:
    client = visit(alice)
    text = client.get(f"/edit/{flag.public_id}/finish/?do=recolor").content.decode()
    for color in ("#ff0000", "#0000ff", "#008000"):
        assert f'name="from" value="{color}"' in text
    assert post(client, flag, "recolor", **{"from": ["#ff0000", "#0000ff"], "to": ["#123456", "#0000ff"]})
    asset = made(Job.objects.get())
    assert (asset.media_type, asset.title) == ("image/svg+xml", "Recolored 1 color: flag.svg")


def test_a_pdf_is_downloaded_and_shown_by_its_picture(visit: Visit, alice: User, vase: Asset) -> None:
    client = visit(alice)
    post(client, vase, "convert", format="pdf", quality=90, background="#ffffff")
    asset = made(Job.objects.get())
    original = client.get(f"/media/{asset.public_id}/original", headers={"sec-fetch-dest": "image"})
    assert original["Content-Type"] == "application/pdf"
    assert original["Content-Disposition"].startswith('attachment; filename="converted-to-pdf-')
    assert "PDF, " in client.get(f"/assets/{asset.public_id}/").content.decode()


def large(person: User) -> Asset:
    return take(person, encoded(gradient((4200, 300)), "PNG"), "long.png")


def test_a_picture_over_the_limits_is_offered_a_copy_that_fits(visit: Visit, alice: User) -> None:
    client, wide = visit(alice), large(alice)
    text = client.get(f"/edit/{wide.public_id}/remove-background/").content.decode()
    assert "Make a copy that fits" in text
    fit = f"/edit/{wide.public_id}/fit/remove-background/"
    assert f'action="{fit}"' in text
    waiting = client.post(fit, {"key": "key-1"})["Location"]
    job = Job.objects.get()
    assert waiting == f"{fit}?run={job.public_id}"
    for headers in ({}, HTMX):
        page = client.get(waiting, headers=headers).content.decode()
        assert f'hx-get="{waiting}"' in page
        assert "Made to fit, 4096 x 292" in page
    copy = made(job)
    assert (copy.width, copy.height) == (4096, 292)
    editor = f"/edit/{copy.public_id}/remove-background/"
    assert client.get(waiting)["Location"] == editor
    assert client.get(waiting, headers=HTMX)["HX-Redirect"] == editor
    assert "Make a copy that fits" not in client.get(editor).content.decode()


def test_a_copy_that_could_not_be_made_says_why_and_leads_back(visit: Visit, alice: User) -> None:
    client, wide = visit(alice), large(alice)
    waiting = client.post(f"/edit/{wide.public_id}/fit/remove-background/", {"key": "key-1"})["Location"]
    Job.objects.update(state=JobState.FAILED, reason="The disk was full.")
    page = client.get(waiting).content.decode()
    assert "The disk was full." in page
    assert f'hx-get="{waiting}"' not in page, "there is nothing to wait for"
    assert f"/edit/{wide.public_id}/remove-background/" in page


def test_where_nothing_has_to_fit_the_way_leads_on(visit: Visit, alice: User, vase: Asset) -> None:
    client, fit = visit(alice), f"/edit/{vase.public_id}/fit/remove-background/"
    for answer in (client.get(fit), client.post(fit)):
        assert answer["Location"] == f"/edit/{vase.public_id}/remove-background/"
    assert client.get(f"/edit/{vase.public_id}/fit/generate/").status_code == 404
    assert not Job.objects.exists()


def test_whoever_only_looks_is_offered_nothing_and_refused(visit: Visit, alice: User, bob: User, vase: Asset) -> None:
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    client, wide = visit(bob), large(alice)
    assert "/finish/" not in client.get(f"/assets/{vase.public_id}/").content.decode()
    assert post(client, vase, "rotate", degrees=90).status_code == 422
    answer = client.post(f"/edit/{wide.public_id}/fit/remove-background/")
    assert answer.status_code == 422
    assert "Your role in this workspace" in answer.content.decode()
    assert not Job.objects.exists()


def test_a_stranger_finds_nothing(visit: Visit, alice: User, charlie: User, vase: Asset) -> None:
    client = visit(charlie)
    assert client.get(f"/edit/{vase.public_id}/finish/").status_code == 404
    assert post(client, vase, "rotate", degrees=90).status_code == 404
    assert client.post(f"/edit/{vase.public_id}/fit/vectorize/").status_code == 404
    post(visit(alice), vase, "rotate", degrees=90)
    job = Job.objects.get()
    own = take(charlie, encoded(noise(SIZE), "PNG"))
    for query in (f"finish/?like={job.public_id}", f"fit/vectorize/?run={job.public_id}"):
        assert client.get(f"/edit/{own.public_id}/{query}").status_code == 404
