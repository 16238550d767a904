"""
Color is mixed, turned and compared in OKLab, where equal steps look equal.

Arrays are float32 with channels last: sRGB 0 to 1, OKLab L 0 to 1 with a and b around 0. Hues are degrees.
Sources: Björn Ottosson, "A perceptual color space for image processing"; Sharma, Wu and Dalal, "The CIEDE2000
color-difference formula" (2005).
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.sandbox.drawing.request import Rgb

Array = NDArray[np.float32]
Lab = tuple[float, float, float]

_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]], np.float32)  # fmt: skip
_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]], np.float32)  # fmt: skip
_LMS_BACK = np.linalg.inv(_LMS).astype(np.float32)
_LAB_BACK = np.linalg.inv(_LAB).astype(np.float32)
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]],
    np.float32)  # fmt: skip
_LMS_ROWS, _LAB_ROWS, _LMS_BACK_ROWS, _LAB_BACK_ROWS = (
    tuple(tuple(float(v) for v in row) for row in matrix) for matrix in (_LMS, _LAB, _LMS_BACK, _LAB_BACK)
)
_WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)


def linear(srgb: Array) -> Array:
    """Light from sRGB values."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)


def gamma(light: Array) -> Array:
    """sRGB values from light, cut to 0 to 1."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


def to_lab(srgb: Array) -> Array:
    return np.asarray(np.cbrt(linear(srgb) @ _LMS.T) @ _LAB.T, np.float32)


def from_lab(lab: Array) -> Array:
    """sRGB from OKLab. A color no screen can show gives up chroma, not lightness."""
    back = _light(lab)
    outside = (back.min(-1) < -0.002) | (back.max(-1) > 1.002)
    if outside.any():
        back[outside] = _light(_into_gamut(lab[outside]))
    return gamma(back)


def _light(lab: Array) -> Array:
    return ((lab @ _LAB_BACK.T) ** 3 @ _LMS_BACK.T).astype(np.float32)


def _into_gamut(lab: Array) -> Array:
    lab = lab.copy()
    lab[..., 0] = np.clip(lab[..., 0], 0, 1)
    low, high = np.zeros(lab.shape[:-1], np.float32), np.ones(lab.shape[:-1], np.float32)
    for _ in range(7):
        middle = (low + high) / 2
        tried = _light(np.stack([lab[..., 0], lab[..., 1] * middle, lab[..., 2] * middle], -1))
        fits = (tried.min(-1) >= -0.002) & (tried.max(-1) <= 1.002)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    lab[..., 1:] *= low[..., None]
    return lab


@lru_cache(maxsize=4096)
def lab(rgb: Rgb) -> Lab:
    """OKLab of one 8-bit color."""
    r, g, b = (c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb)
    x, y, z = (math.cbrt(p * r + q * g + s * b) for p, q, s in _LMS_ROWS)
    light, a, b = (p * x + q * y + s * z for p, q, s in _LAB_ROWS)
    return light, a, b


@lru_cache(maxsize=4096)
def rgb(lab: Lab) -> Rgb:
    """The nearest 8-bit color that a screen can show: chroma gives way, not lightness."""
    light = min(1.0, max(0.0, lab[0]))
    channels = _channels(light, lab[1], lab[2])
    if not _shown(channels):
        low, high = 0.0, 1.0
        for _ in range(8):
            middle = (low + high) / 2
            low, high = (middle, high) if _shown(_channels(light, lab[1] * middle, lab[2] * middle)) else (low, middle)
        channels = _channels(light, lab[1] * low, lab[2] * low)
    red, green, blue = (_byte(channel) for channel in channels)
    return red, green, blue


def _channels(light: float, a: float, b: float) -> tuple[float, ...]:
    x, y, z = ((p * light + q * a + s * b) ** 3 for p, q, s in _LAB_BACK_ROWS)
    return tuple(p * x + q * y + s * z for p, q, s in _LMS_BACK_ROWS)


def _shown(channels: tuple[float, ...]) -> bool:
    return min(channels) >= -0.002 and max(channels) <= 1.002


def _byte(light: float) -> int:
    light = min(1.0, max(0.0, light))
    return round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def lch(color: Rgb) -> tuple[float, float, float]:
    """Lightness, chroma and hue in degrees."""
    light, a, b = lab(color)
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_lch(light: float, chroma: float, hue: float) -> Rgb:
    angle = math.radians(hue)
    return rgb((light, chroma * math.cos(angle), chroma * math.sin(angle)))


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` 0 gives `one`, 1 gives `other`."""
    a, b = lab(one), lab(other)
    return rgb((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share))


def shift(color: Rgb, lighter: float = 0.0, turned: float = 0.0, chroma: float = 1.0) -> Rgb:
    """`lighter` in OKLab lightness, `turned` in degrees, `chroma` as a factor."""
    light, old, hue = lch(color)
    return from_lch(min(1.0, max(0.0, light + lighter)), old * chroma, hue + turned)


def hexed(color: Rgb) -> str:
    return f"#{color[0]:02x}{color[1]:02x}{color[2]:02x}"


def unhexed(text: str) -> Rgb:
    text = text.lstrip("#")
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def cie_lab(srgb: Array) -> Array:
    """CIELAB (D65), the space of `delta_e`."""
    t = (linear(srgb) @ _XYZ.T) / _WHITE
    f = np.where(t > 216 / 24389, np.cbrt(t), t * (841 / 108) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1).astype(
        np.float32
    )


def delta_e(one: Array, other: Array) -> Array:
    """CIEDE2000 between CIELAB arrays that broadcast."""
    mean7 = (np.hypot(one[..., 1], one[..., 2]) / 2 + np.hypot(other[..., 1], other[..., 2]) / 2) ** 7
    g = 1.5 - 0.5 * np.sqrt(mean7 / (mean7 + 25.0**7))
    c1, c2 = np.hypot(one[..., 1] * g, one[..., 2]), np.hypot(other[..., 1] * g, other[..., 2])
    h1 = np.arctan2(one[..., 2], one[..., 1] * g) % (2 * np.pi)
    h2 = np.arctan2(other[..., 2], other[..., 1] * g) % (2 * np.pi)
    turn = (h2 - h1 + np.pi) % (2 * np.pi) - np.pi
    hue = (h1 + turn / 2) % (2 * np.pi)
    dl, dc = other[..., 0] - one[..., 0], c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2)
    light, chroma = (one[..., 0] + other[..., 0]) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(hue - np.pi / 6) + 0.24 * np.cos(2 * hue)
    t = t + 0.32 * np.cos(3 * hue + np.pi / 30) - 0.20 * np.cos(4 * hue - np.radians(63))
    sl = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    blue = np.radians(30) * np.exp(-(((np.degrees(hue) - 275) / 25) ** 2))
    rt = -np.sin(2 * blue) * 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    total = (dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh)
    return np.asarray(np.sqrt(np.maximum(total, 0)), np.float32)


def nearest(srgb: Array, asked: tuple[Rgb, ...]) -> tuple[NDArray[np.intp], Array]:
    """For each color of an (n, 3) array: which asked color is nearest, and how far in CIEDE2000."""
    wanted = cie_lab(np.array(asked, np.float32) / np.float32(255))
    far = delta_e(cie_lab(srgb)[:, None], wanted[None])
    return far.argmin(1), far.min(1)
