"""Adding an operation is adding an entry to the catalogue: its form, quote, request, page and menu line come of it."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.models import Job, User
from studio.recraft import catalogue
from studio.recraft.amounts import Fraction
from studio.recraft.bodies import content
from studio.recraft.catalogue import COMPOSED, OPERATIONS
from studio.services import inputs, uploads
from studio.views.edit import EDITING
from tests.views.conftest import HTMX, Visit
from tests.views.test_edit import png

DUSK = Fraction(name="dusk", label="Dusk", path="light.dusk", required=True, low="noon", high="night")
DARKEN = replace(
    OPERATIONS["crisp-upscale"],
    slug="darken",
    label="Darken",
    summary="Let the sun go down in a picture.",
    path="/images/darken",
    params=(*OPERATIONS["crisp-upscale"].params, DUSK),
    price_line="crisp-upscale",
    not_offered={},
)
DREAM = replace(
    OPERATIONS["generate-raster"], slug="dream", label="Dream", path="/images/dream", price_line="generate-raster"
)


@pytest.fixture(autouse=True)
def longer_catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue with two entries more, wherever it was imported."""
    longer = {
        "OPERATIONS": {**OPERATIONS, "darken": DARKEN, "dream": DREAM},
        "COMPOSED": {**COMPOSED, "dream": DREAM},
        "EDITING": {**EDITING, "darken": DARKEN},
    }
    known = {id(OPERATIONS), id(COMPOSED), id(EDITING)}
    for module in [module for name, module in sys.modules.items() if name.startswith("studio")]:
        for name, entries in longer.items():
            if id(getattr(module, name, None)) in known:
                monkeypatch.setattr(module, name, entries)
    assert "darken" in catalogue.OPERATIONS
    yield


def test_it_has_an_editor_a_price_and_a_request(visit: Visit, alice: User) -> None:
    client = visit(alice)
    vase = uploads.take(alice, alice.workspaces.get(), png()).asset
    text = client.get(f"/edit/{vase.public_id}/darken/").content.decode()
    assert 'name="dusk"' in text
    assert "4 units" in text
    response = client.post(f"/edit/{vase.public_id}/darken/", {"dusk": "0.75", "key": "k"}, headers=HTMX)
    assert response.status_code == 200
    job = Job.objects.get()
    assert (job.operation, job.quoted_units) == ("darken", 4)
    with content(DARKEN, job.params, inputs.of(job)) as body:
        assert "light" in str(body)


def test_it_stands_in_the_menu_of_every_picture_and_in_the_reference(visit: Visit, alice: User) -> None:
    client = visit(alice)
    vase = uploads.take(alice, alice.workspaces.get(), png()).asset
    assert f'href="/edit/{vase.public_id}/darken/"' in client.get(f"/assets/{vase.public_id}/").content.decode()
    text = client.get("/reference/darken/").content.decode()
    assert "light.dusk" in text
    assert "POST /images/darken" in text


def test_one_that_draws_from_words_has_a_tab_on_create(visit: Visit, alice: User) -> None:
    client = visit(alice)
    assert 'href="/create/dream/"' in client.get("/").content.decode()
    asked = {"prompt": "A fox", "n": "2", "key": "k"}
    assert client.post("/create/dream/", asked, headers=HTMX).status_code == 200
    assert Job.objects.get().quoted_units == 70


def test_what_it_refuses_is_refused(visit: Visit, alice: User) -> None:
    vase = uploads.take(alice, alice.workspaces.get(), png()).asset
    response = visit(alice).post(f"/edit/{vase.public_id}/darken/", {"dusk": "1.5", "key": "k"}, headers=HTMX)
    assert response.status_code == 422
    assert "Dusk" in response.content.decode()
    assert not Job.objects.exists()
