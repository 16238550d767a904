"""Pictures are true to the colors asked: within CIEDE2000 10 of one of them on three fifths of the pixels."""

from dataclasses import replace

import numpy as np
import pytest

from studio.sandbox.drawing import Color, draw
from studio.sandbox.drawing.color import cie_lab as their_lab
from studio.sandbox.drawing.color import delta_e
from tests.sandbox.test_drawing import half, request
from tests.sandbox.test_drawing_measures import cie_lab, ciede2000, distances, pixels, share_near

ENOUGH = 0.6
PALETTES: dict[str, tuple[Color, ...]] = {
    "one": (((45, 106, 79), None),),
    "one light": (((255, 224, 130), None),),
    "black": (((12, 12, 14), None),),
    "two": (((255, 89, 94), None), ((255, 202, 58), None)),
    "two weighted": (((27, 38, 59), 0.8), ((224, 122, 95), 0.2)),
    "three": (((27, 73, 101), 0.5), ((202, 233, 255), 0.3), ((95, 168, 211), None)),
    "four": (((38, 70, 83), None), ((42, 157, 143), None), ((233, 196, 106), None), ((231, 111, 81), None)),
    "neon": (((255, 0, 128), None), ((0, 255, 200), None)),
}
PROMPTS = ("three ceramic vases", "misty mountain ridge", "a red fox", "poster of a lighthouse", "marble", "portrait")
BACKGROUNDS = ((255, 214, 10), (20, 33, 61), (245, 245, 240), (200, 60, 70))


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("model", ["recraftv4_1", "recraftv4_1_vector"])
def test_pictures_keep_to_the_asked_colors(palette: str, model: str) -> None:
    colors = PALETTES[palette]
    for seed, prompt in enumerate(PROMPTS):
        data = draw(replace(request(prompt, model), seed=seed, colors=colors, width=512, height=512))
        assert share_near(data, [rgb for rgb, _ in colors]) >= ENOUGH, prompt


@pytest.mark.parametrize("style", ["Risograph", "Watercolor", "Pencil sketch", "Noir", "Pixel art", "Pop art", "HDR"])
def test_styles_keep_to_the_asked_colors(style: str) -> None:
    colors = PALETTES["four"]
    data = draw(replace(request("ceramic vases", "recraftv3"), style=style, colors=colors))
    assert share_near(data, [rgb for rgb, _ in colors]) >= ENOUGH


@pytest.mark.parametrize("model", ["recraftv4_1", "recraftv4_1_vector"])
def test_the_heavy_color_takes_more_than_the_light_one(model: str) -> None:
    heavy, light = (27, 38, 59), (224, 122, 95)
    for prompt in PROMPTS:
        asked = half(replace(request(prompt, model), colors=((light, 0.2), (heavy, 0.8))))
        nearest = distances(draw(asked), [heavy, light]).argmin(-1)
        assert (nearest == 0).mean() > 0.5, prompt


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("model", ["recraftv4_1", "recraftv4_1_vector"])
def test_the_ground_is_the_background_asked(model: str, background: tuple[int, int, int]) -> None:
    for seed, prompt in enumerate((*PROMPTS, "a cactus", "city at night")):
        asked = half(replace(request(prompt, model), seed=seed, background=background))
        near = distances(draw(asked), [background])[..., 0] <= 10
        edge = np.concatenate([near[:8].ravel(), near[-8:].ravel(), near[:, :8].ravel(), near[:, -8:].ravel()])
        assert edge.mean() > 0.5, prompt
        assert near.mean() > 0.2, prompt


def test_colors_and_background_together_are_both_kept() -> None:
    colors, background = PALETTES["four"], (250, 240, 220)
    for model in ("recraftv4_1", "recraftv4_1_vector"):
        data = draw(replace(request("a red fox", model), colors=colors, background=background))
        assert share_near(data, [*(rgb for rgb, _ in colors), background]) >= ENOUGH
        assert share_near(data, [background]) > 0.25


def test_a_color_the_prompt_names_is_in_the_picture() -> None:
    data = draw(replace(request("a green fox"), seed=1))
    red, green, blue = (np.asarray(band, np.float64) for band in pixels(data).split())
    assert ((green > red + 20) & (green > blue + 20)).mean() > 0.05


def test_the_drawing_measures_color_as_the_tests_do() -> None:
    seen = np.random.default_rng(1).integers(0, 256, (400, 3)).astype(np.float64)
    ours = ciede2000(cie_lab(seen[:200]), cie_lab(seen[200:]))
    srgb = (seen / 255).astype(np.float32)
    assert np.abs(delta_e(their_lab(srgb[:200]), their_lab(srgb[200:])) - ours).max() < 0.3
