"""Stored bytes, handed out to those who may see them, and unable to act wherever they are opened."""

import hashlib

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.models import User
from studio.views.media import file_name
from tests.views.conftest import Visit
from tests.views.making import PNG, SVG, job, picture


def is_harmless(response: HttpResponse) -> bool:
    return (
        response["X-Content-Type-Options"] == "nosniff"
        and response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        and response["Cross-Origin-Resource-Policy"] == "same-origin"
        and response["Cache-Control"] == "private, max-age=31536000, immutable"
    )


def test_the_original_is_byte_identical_and_saved_not_opened(visit: Visit, alice: User) -> None:
    made = picture(alice)
    response = visit(alice).get(f"/media/{made.public_id}/original")
    assert hashlib.sha256(response.content).hexdigest() == made.sha256
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(len(PNG))
    assert response["Content-Disposition"].startswith('attachment; filename="a-fox-at-dusk-')
    assert is_harmless(response)


@pytest.mark.parametrize("variant", ["tile", "preview"])
def test_renditions_are_shown_in_the_page(visit: Visit, alice: User, variant: str) -> None:
    response = visit(alice).get(f"/media/{picture(alice).public_id}/{variant}")
    assert response.content == PNG
    assert response["Content-Type"] == "image/webp"
    assert "Content-Disposition" not in response
    assert is_harmless(response)


def test_a_rendition_is_found_in_one_statement(visit: Visit, alice: User) -> None:
    client, address = visit(alice), f"/media/{picture(alice).public_id}/tile"
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).status_code == 200
    assert sum('"studio_asset"' in each["sql"] or '"studio_rendition"' in each["sql"] for each in statements) == 1


@pytest.mark.parametrize(
    ("destination", "attached"), [("document", True), ("iframe", True), ("", True), ("image", False)]
)
def test_an_svg_opens_in_an_image_and_nowhere_else(visit: Visit, alice: User, destination: str, attached: bool) -> None:
    made = picture(alice, content=SVG)
    response = visit(alice).get(f"/media/{made.public_id}/original", headers={"sec-fetch-dest": destination})
    assert response["Content-Type"] == "image/svg+xml"
    assert response.get("Content-Disposition", "").startswith("attachment") is attached
    assert is_harmless(response)


def test_a_raster_original_is_saved_even_for_an_image(visit: Visit, alice: User) -> None:
    response = visit(alice).get(f"/media/{picture(alice).public_id}/original", headers={"sec-fetch-dest": "image"})
    assert response["Content-Disposition"].startswith("attachment")


def test_strangers_and_the_anonymous_get_nothing(visit: Visit, alice: User, charlie: User) -> None:
    made = picture(alice)
    for variant in ("tile", "preview", "original"):
        foreign = visit(charlie).get(f"/media/{made.public_id}/{variant}")
        nowhere = visit(charlie).get(f"/media/{'x' * 16}/{variant}")
        assert (foreign.status_code, foreign.content) == (404, nowhere.content)
        anonymous = Client().get(f"/media/{made.public_id}/{variant}")
        assert (anonymous.status_code, anonymous["Location"][:9]) == (302, "/sign-in/")


@pytest.mark.parametrize("variant", ["huge", "original.svg", "..", "tile/../original", "%2e%2e%2foriginal"])
def test_a_variant_that_does_not_exist_is_missing(visit: Visit, alice: User, variant: str) -> None:
    assert visit(alice).get(f"/media/{picture(alice).public_id}/{variant}").status_code == 404


def test_a_rendition_that_was_not_made_yet_is_missing_and_kept_by_no_cache(visit: Visit, alice: User) -> None:
    response = visit(alice).get(f"/media/{picture(alice, rendered=False).public_id}/tile")
    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("prompt", ['"; filename=evil.exe\r\nX-Evil: 1', "../../etc/passwd", "狐", "", "a" * 500])
def test_a_file_name_is_made_of_letters_whatever_the_prompt(alice: User, prompt: str) -> None:
    name = file_name(picture(alice, job(alice, params={"prompt": prompt})))
    stem, _, rest = name.rpartition("-")
    assert stem.replace("-", "").isalnum()
    assert rest[6:] == ".png"
    assert len(name) < 70
