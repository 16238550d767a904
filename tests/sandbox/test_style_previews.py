"""The pictures beside the styles' names: one for each style that is offered, small, and drawn by this sandbox."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.recraft.styles import STYLES
from studio.sandbox.drawing.contact_sheet import thumbnail
from studio.sandbox.drawing.style_previews import SIDE, previews

SHIPPED = Path(__file__).resolve().parents[2] / "static" / "img" / "styles"
OFFERED = {style.slug for styles in STYLES.values() for style in styles}
MOST_BYTES = 1_500_000  # all of them together
# Mean difference of a channel, of 255. WebP and other versions of the libraries account for less.
LIKE, UNLIKE = 8.0, 16.0


def shown(slug: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.asarray(Image.open(SHIPPED / f"{slug}.webp").convert("RGB"), dtype=float)


def test_every_style_that_is_offered_has_its_picture_and_nothing_else_lies_there() -> None:
    assert len(OFFERED) > 100
    assert {path.name for path in SHIPPED.iterdir()} == {f"{slug}.webp" for slug in OFFERED}
    assert {style.slug for style, _ in previews()} == OFFERED


def test_they_are_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < MOST_BYTES
    for slug in OFFERED:
        assert Image.open(SHIPPED / f"{slug}.webp").size == (SIDE, SIDE), slug


@pytest.mark.parametrize("name", ["Noir", "Linocut", "Pictogram", "Watercolor", "logo_raster"])
def test_a_picture_is_what_the_sandbox_draws(name: str) -> None:
    style, sample = next((style, sample) for style, sample in previews() if style.name == name)
    drawn = np.asarray(thumbnail(sample.request(), SIDE).convert("RGB"), dtype=float)
    assert np.abs(drawn - shown(style.slug)).mean() < LIKE
    others = [np.abs(drawn - shown(slug)).mean() for slug in sorted(OFFERED - {style.slug})[::10]]
    assert min(others) > UNLIKE
