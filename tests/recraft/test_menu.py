"""What can be done with a picture, and what it costs."""

import pytest

from studio.recraft.catalogue import OPERATIONS
from studio.recraft.inputs import PNG, SVG, Fix
from studio.recraft.menu import operations_for
from tests.recraft.samples import file

STARTING = {
    "explore-similar",
    "image-to-image",
    "inpaint",
    "outpaint",
    "replace-background",
    "generate-background",
    "erase-region",
    "remix",
    "remove-background",
    "vectorize",
    "crisp-upscale",
    "creative-upscale",
    "create-style",
}


def menu(made_by="", **facts):
    return {offer.operation.slug: offer for offer in operations_for(file(**facts), made_by)}


def test_every_operation_that_starts_from_a_picture_is_on_the_menu_with_its_price():
    offers = menu()
    assert offers.keys() == STARTING
    assert {slug: offer.units for slug, offer in offers.items()} == {
        **dict.fromkeys(STARTING, 40),
        "image-to-image": 35,
        "erase-region": 2,
        "remove-background": 10,
        "vectorize": 10,
        "crisp-upscale": 4,
        "creative-upscale": 250,
    }
    assert {slug for slug, offer in offers.items() if offer.per_image} == {
        "image-to-image",
        "inpaint",
        "outpaint",
        "replace-background",
        "generate-background",
    }


def test_a_plain_picture_is_ready_for_all_but_what_needs_recrafts_own():
    assert {slug for slug, offer in menu().items() if not offer.is_ready} == {"explore-similar"}


def test_what_explore_drew_can_be_continued_and_anything_else_says_how_to():
    for slug in ("explore", "explore-similar"):
        assert menu(made_by=slug)["explore-similar"].is_ready
    for slug in ("", "generate"):
        (obstacle,) = menu(made_by=slug)["explore-similar"].obstacles
        assert str(obstacle) == (
            "Explore similar goes on from what Explore drew: start there with a prompt, for 40 units."
        )


def test_a_vector_is_not_offered_what_needs_pixels_without_the_way_there():
    offers = menu(media_type=SVG)
    refused = {slug for slug, offer in offers.items() if not offer.is_ready} - {"explore-similar"}
    assert refused == {"vectorize", "crisp-upscale", "creative-upscale", "create-style"}
    assert {offers[slug].obstacles[0].fix for slug in refused} == {Fix.CONVERT}


@pytest.mark.parametrize(("side", "ready"), [(31, set()), (32, {"crisp-upscale"}), (255, {"crisp-upscale"})])
def test_a_small_picture_can_still_be_upscaled(side, ready):
    offers = menu(media_type=PNG, width=side, height=side)
    without_limit = {"image-to-image", "create-style"}
    assert {slug for slug, offer in offers.items() if offer.is_ready} - without_limit == ready


def test_the_menu_has_the_order_of_the_catalogue():
    assert list(menu()) == [slug for slug in OPERATIONS if slug in STARTING]
