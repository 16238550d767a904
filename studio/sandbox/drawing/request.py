"""What a picture is asked to be: everything that may change its bytes, and nothing else."""

from dataclasses import dataclass
from typing import Literal

Rgb = tuple[int, int, int]
Color = tuple[Rgb, float | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """
    What a custom style takes from its reference pictures.

    `colors` are the pictures' main colors with their shares, largest first; the rest are means over the pictures:
    OKLab lightness and chroma, spread of lightness, and how much fine texture there is (0 to about 0.2).
    """

    colors: tuple[tuple[Rgb, float], ...]
    lightness: float
    contrast: float
    chroma: float
    texture: float


@dataclass(frozen=True)
class DrawRequest:
    """
    One picture of one call. Sizes are pixels; channels are 0 to 255; weights are shares of the picture, 0 to 1.

    `seed` is the call's seed and `index` the picture's place in the answer: two pictures of one call differ
    like two calls with other seeds do.
    """

    prompt: str
    negative_prompt: str | None
    seed: int
    index: int
    model: str
    style: str | None
    substyle: str | None
    width: int
    height: int
    colors: tuple[Color, ...]
    background: Rgb | None
    image_format: Literal["webp", "png", "svg"]
    no_text: bool
    artistic_level: int | None
    reference: Reference | None = None
