"""
Arrays of pixels: to and from Pillow, filled smoothly where something is missing, measured.

Arrays are float32 with values 0 to 1, rows first; masks are bool, True where something is to change or missing.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
WINDOW = 8


def plane(picture: Image.Image) -> Array:
    return np.asarray(picture, np.float32) / np.float32(255)


def image(values: Array) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values * 255), 0, 255).astype(np.uint8))


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size brought down so that its longer side is at most `side`."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resized(values: Array, size: tuple[int, int]) -> Array:
    """An array of any number of channels at another (width, height), smoothly."""
    if values.ndim == 2:
        return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR), np.float32)
    return np.stack([resized(np.ascontiguousarray(values[..., c]), size) for c in range(values.shape[2])], -1)


def shrunk_mask(mask: Image.Image, size: tuple[int, int]) -> Mask:
    """Set wherever any pixel of the mask is set."""
    scale = max(1, -(-mask.width // size[0]))
    wide = mask.filter(ImageFilter.MaxFilter(3)) if scale > 1 else mask
    small = wide.resize(size, Image.Resampling.BOX)
    return np.asarray(small) > (8 if scale > 1 else 127)


def blurred(values: Array, radius: float) -> Array:
    if values.ndim == 2:
        return _blur(values, radius)
    return np.stack([blurred(np.ascontiguousarray(values[..., c]), radius) for c in range(values.shape[2])], -1)


def _blur(values: Array, radius: float) -> Array:
    """Three boxes, which is nearly round. Edges repeat."""
    reach = max(1, round(radius))
    for axis in (0, 1, 0, 1, 0, 1):
        pad = [(reach + 1, reach) if k == axis else (0, 0) for k in range(2)]
        sums = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
        high = np.take(sums, range(2 * reach + 1, sums.shape[axis]), axis=axis)
        low = np.take(sums, range(sums.shape[axis] - 2 * reach - 1), axis=axis)
        values = np.asarray((high - low) / (2 * reach + 1), np.float32)
    return values


def smooth(values: Array, missing: Mask) -> Array:
    """
    `values` (rows, columns, channels) with what is missing filled from what is around it, as smoothly as can be.

    Pull: means of what is known on ever coarser grids; push: gaps filled from the coarser grid.
    """
    known = (~missing).astype(np.float32)[..., None]
    return _push(values * known, known)


def _push(sums: Array, weights: Array) -> Array:
    rows, columns = weights.shape[:2]
    if weights.min() > 0 or max(rows, columns) <= 1:
        return np.asarray(sums / np.maximum(weights, 1e-6), np.float32)
    coarse = _push(*(_halved(each) for each in (sums, weights)))
    back = resized(coarse, (columns, rows))
    share = np.clip(weights, 0, 1)
    return np.asarray(sums / np.maximum(weights, 1e-6) * share + back * (1 - share), np.float32)


def _halved(values: Array) -> Array:
    rows, columns = values.shape[:2]
    padded = np.pad(values, ((0, rows % 2), (0, columns % 2), (0, 0)))
    made = padded[0::2, 0::2] + padded[1::2, 0::2] + padded[0::2, 1::2] + padded[1::2, 1::2]
    # A coarse cell is known as soon as one of its four is
    return np.asarray(made, np.float32)


def depth(inside: Mask, most: int) -> Array:
    """How many pixels each inner one is from the edge of `inside`, at most `most`. The page's edge is none."""
    left = Image.fromarray(inside.astype(np.uint8) * 255)
    found = np.zeros(inside.shape, np.float32)
    for _ in range(most):
        seen = np.asarray(left) > 0
        if not seen.any():
            break
        found += seen
        left = left.filter(ImageFilter.MinFilter(3))
    return found


def box(mask: Mask) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is set; the whole page when nothing is."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return 0, 0, mask.shape[1], mask.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def grown(area: tuple[int, int, int, int], by: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = area
    return max(0, left - by), max(0, top - by), min(size[0], right + by), min(size[1], bottom + by)


def gray(picture: Image.Image, side: int = 128) -> Array:
    """For comparing: 0 to 255, small."""
    return np.asarray(picture.convert("L").resize(fitted(picture.size, side), Image.Resampling.BOX), np.float32)


def likeness(one: Array, other: Array) -> float:
    """SSIM of two gray arrays of one shape. Source: Wang et al., 2004, with uniform windows."""
    a, b = _windows(one), _windows(other)
    var_a, var_b = _windows(one * one) - a * a, _windows(other * other) - b * b
    both = _windows(one * other) - a * b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * a * b + c1) * (2 * both + c2) / ((a * a + b * b + c1) * (var_a + var_b + c2))))


def _windows(values: Array) -> NDArray[np.float64]:
    k = min(WINDOW, *values.shape)
    sums = np.pad(values.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return np.asarray((sums[k:, k:] - sums[:-k, k:] - sums[k:, :-k] + sums[:-k, :-k]) / k**2)
