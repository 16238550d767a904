"""
What the tests of drawings measure with, and that it measures right.

SSIM on gray pictures of 256 px (uniform 8 x 8 windows, K1 = 0.01, K2 = 0.03; Wang et al., 2004) and CIEDE2000
(Sharma, Wu and Dalal, 2005, whose published pairs are checked here). Written apart from the code they judge.
"""

import io
from collections.abc import Sequence

import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]
WINDOW = 8
LONG_SIDE = 256


def pixels(data: bytes) -> Image.Image:
    """The picture as RGB; an SVG is rendered."""
    if data.lstrip().startswith(b"<svg"):
        data = pyvips.Image.svgload_buffer(data).write_to_buffer(".png")
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def gray(data: bytes) -> Floats:
    picture = pixels(data).convert("L")
    scale = LONG_SIDE / max(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    return np.asarray(picture.resize(size, Image.Resampling.LANCZOS), np.float64)


def _windows(values: Floats) -> Floats:
    """The mean of every window."""
    sums = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    k = WINDOW
    return (sums[k:, k:] - sums[:-k, k:] - sums[k:, :-k] + sums[:-k, :-k]) / k**2


def ssim(one: Floats, other: Floats) -> float:
    """Structural similarity: 1 for the same picture, near 0 for strangers."""
    a, b = _windows(one), _windows(other)
    var_a, var_b = _windows(one * one) - a * a, _windows(other * other) - b * b
    both = _windows(one * other) - a * b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * a * b + c1) * (2 * both + c2) / ((a * a + b * b + c1) * (var_a + var_b + c2))))


def cie_lab(rgb: Floats) -> Floats:
    """CIELAB (D65) of sRGB values 0 to 255, channels last."""
    v = rgb / 255
    light = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = light @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def ciede2000(one: Floats, other: Floats) -> Floats:
    """The color difference of CIELAB arrays that broadcast."""
    chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    g = 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25**7)))
    a1, a2 = one[..., 1] * (1 + g), other[..., 1] * (1 + g)
    c1, c2 = np.hypot(a1, one[..., 2]), np.hypot(a2, other[..., 2])
    h1, h2 = np.degrees(np.arctan2(one[..., 2], a1)) % 360, np.degrees(np.arctan2(other[..., 2], a2)) % 360
    dh = np.where(c1 * c2 == 0, 0, (h2 - h1 + 180) % 360 - 180)
    h = np.where(c1 * c2 == 0, h1 + h2, h1 + dh / 2)
    light, mean = (one[..., 0] + other[..., 0]) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * _cos(h - 30) + 0.24 * _cos(2 * h) + 0.32 * _cos(3 * h + 6) - 0.20 * _cos(4 * h - 63)
    sl = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    rt = -2 * np.sqrt(mean**7 / (mean**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((h % 360 - 275) / 25) ** 2))))
    l_part, c_part = (other[..., 0] - one[..., 0]) / sl, (c2 - c1) / (1 + 0.045 * mean)
    h_part = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2)) / (1 + 0.015 * mean * t)
    return np.sqrt(np.maximum(0, l_part**2 + c_part**2 + h_part**2 + rt * c_part * h_part))


def _cos(degrees: Floats) -> Floats:
    return np.cos(np.radians(degrees))


def distances(data: bytes, colors: Sequence[tuple[int, int, int]]) -> Floats:
    """CIEDE2000 of each pixel to each color, shape (rows, columns, colors), on every fourth pixel."""
    seen = np.asarray(pixels(data), np.float64)[::4, ::4]
    wanted = cie_lab(np.array(colors, np.float64))
    return ciede2000(cie_lab(seen)[:, :, None], wanted[None, None])


def share_near(data: bytes, colors: Sequence[tuple[int, int, int]], within: float = 10) -> float:
    """The part of the picture within `within` of one of the colors."""
    return float((distances(data, colors).min(-1) <= within).mean())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_color_differences_are_the_published_ones(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert float(ciede2000(np.array(one), np.array(other))) == pytest.approx(expected, abs=1e-4)


def test_a_picture_is_like_itself_and_unlike_a_stranger() -> None:
    one, other = np.random.default_rng(3).integers(0, 256, (2, 96, 128)).astype(np.float64)
    assert ssim(one, one) == pytest.approx(1)
    assert ssim(one, other) < 0.1
