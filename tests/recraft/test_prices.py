import pytest

from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.prices import PRICES, UNCERTAIN, NoPrice, line, price

# Source: Recraft docs, API pricing page.
GENERATION = {
    "recraftv4_1": 35,
    "recraftv4_1_vector": 80,
    "recraftv4_1_pro": 210,
    "recraftv4_1_pro_vector": 300,
    "recraftv4_1_utility": 35,
    "recraftv4_1_utility_vector": 80,
    "recraftv4_1_utility_pro": 210,
    "recraftv4_1_utility_pro_vector": 300,
    "recraftv4": 40,
    "recraftv4_vector": 80,
    "recraftv4_pro": 250,
    "recraftv4_pro_vector": 300,
    "recraftv3": 40,
    "recraftv3_vector": 80,
    "recraftv2": 22,
    "recraftv2_vector": 44,
}
PER_REQUEST = {
    "vectorize": 10,
    "remove-background": 10,
    "crisp-upscale": 4,
    "creative-upscale": 250,
    "erase-region": 2,
    "variate-image": 40,
    "enhance-prompt": 10,
    "create-style": 40,
    "explore-similar": 40,
    "optimize-colors": 10,
}


@pytest.mark.parametrize("image_model", IMAGE_MODELS)
def test_a_generation_costs_what_the_price_page_says_per_image(image_model):
    assert price("generate", image_model, 1) == GENERATION[image_model]
    assert price("generate", image_model, 6) == 6 * GENERATION[image_model]


def test_the_raster_and_vector_endpoints_cost_the_same_as_the_general_one():
    for id, model in IMAGE_MODELS.items():
        own, other = ("generate-vector", "generate-raster") if model.vector else ("generate-raster", "generate-vector")
        assert price(own, id, 2) == price("generate", id, 2)
        with pytest.raises(NoPrice):
            price(other, id, 2)


@pytest.mark.parametrize(("operation", "units"), PER_REQUEST.items())
def test_a_price_per_request_does_not_grow_with_the_images(operation, units):
    assert price(operation, None, 1) == units
    assert price(operation, None, 4) == units


@pytest.mark.parametrize("operation", ["inpaint", "outpaint", "replace-background", "generate-background"])
def test_edits_cost_v3_prices_per_image_and_belong_to_v3_alone(operation):
    assert price(operation, "recraftv3", 3) == 120
    assert price(operation, "recraftv3_vector", 3) == 240
    with pytest.raises(NoPrice):
        price(operation, "recraftv4_1", 1)


def test_image_to_image_is_priced_for_all_but_v2():
    priced = {id for id in IMAGE_MODELS if id in PRICES["image-to-image"].units}
    assert priced == {id for id in IMAGE_MODELS if not id.startswith("recraftv2")}


def test_exploring_is_priced_per_request_and_not_for_utility_models():
    assert price("explore", "recraftv4_1_pro_vector", 1) == price("explore", "recraftv4", 8) == 40
    with pytest.raises(NoPrice):
        price("explore", "recraftv4_1_utility", 1)


@pytest.mark.parametrize(
    ("operation", "image_model", "n"),
    [
        ("refine-details", None, 1),
        ("generate", "recraftv5", 1),
        ("generate", None, 1),
        ("vectorize", "recraftv3", 1),
        ("generate", "recraftv3", 0),
        ("generate", "recraftv3", -1),
        ("generate", "recraftv3", "2"),
    ],
)
def test_what_the_book_does_not_say_has_no_price(operation, image_model, n):
    with pytest.raises(NoPrice):
        price(operation, image_model, n)


def test_a_style_costs_the_same_for_every_image_model_that_has_styles():
    styled = [id for id, model in IMAGE_MODELS.items() if "style_id" in model.takes]
    assert {price("create-style", id, 1) for id in styled} == {40}
    with pytest.raises(NoPrice):
        price("create-style", "recraftv4_1", 1)


def test_a_line_says_whether_it_counts_pictures_or_requests():
    assert line("inpaint").per_image
    assert not line("variate-image").per_image
    with pytest.raises(NoPrice):
        line("refine-details")


def test_every_price_is_a_positive_whole_number_and_doubts_name_a_line_of_the_book():
    assert all(isinstance(units, int) and units > 0 for line in PRICES.values() for units in line.units.values())
    assert UNCERTAIN.keys() <= PRICES.keys()
