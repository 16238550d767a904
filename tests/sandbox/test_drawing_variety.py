"""Two seeds of one prompt, and two pictures of one call, are plainly two pictures."""

from dataclasses import replace
from itertools import combinations

import pytest

from studio.sandbox.drawing import draw
from tests.sandbox.test_drawing import half, request
from tests.sandbox.test_drawing_measures import gray, ssim

MOST_ALIKE = 0.8
SEEDS = range(6)
PROMPTS = (
    "three ceramic vases", "misty mountain ridge", "a red fox", "city skyline at night", "marble texture",
    "cozy isometric room", "ringed planet in space", "sand dunes", "mid-century chair", "a cactus", "sunset",
    "something nobody has a word for",
)  # fmt: skip
VECTOR_PROMPTS = (
    "a red fox",
    "poster of a lighthouse",
    "coffee shop logo",
    "still life with vases",
    "portrait",
    "icons",
)


def most_alike(pictures: list[bytes]) -> float:
    small = [gray(data) for data in pictures]
    return max(ssim(one, other) for one, other in combinations(small, 2))


@pytest.mark.parametrize("prompt", PROMPTS)
def test_seeds_of_a_raster_differ(prompt: str) -> None:
    assert most_alike([draw(half(replace(request(prompt), seed=seed))) for seed in SEEDS]) < MOST_ALIKE


@pytest.mark.parametrize("prompt", ["misty mountain ridge", "sand dunes", "a cactus", "fox"])
def test_pictures_of_one_call_differ(prompt: str) -> None:
    asked = replace(request(prompt, "recraftv4", "16:9"), seed=3_141_592_653)
    assert most_alike([draw(half(replace(asked, index=index))) for index in SEEDS]) < MOST_ALIKE


@pytest.mark.parametrize("prompt", VECTOR_PROMPTS)
def test_seeds_of_a_vector_differ(prompt: str) -> None:
    asked = request(prompt, "recraftv4_1_vector")
    assert most_alike([draw(half(replace(asked, seed=seed))) for seed in SEEDS]) < MOST_ALIKE


def test_seeds_differ_in_asked_colors_too() -> None:
    asked = replace(request("misty mountain ridge"), colors=(((45, 106, 79), None),))
    assert most_alike([draw(half(replace(asked, seed=seed))) for seed in SEEDS]) < MOST_ALIKE


def test_seeds_differ_on_an_asked_background_too() -> None:
    asked = replace(request("a red fox", "recraftv4_1_vector"), background=(20, 33, 61))
    assert most_alike([draw(half(replace(asked, seed=seed))) for seed in SEEDS]) < MOST_ALIKE
