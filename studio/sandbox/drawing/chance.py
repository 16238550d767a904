"""
All chance comes from the request: the same request draws the same lots.

Two kinds of lots. `order` walks a list so that neighboring seeds, and the pictures of one call, never take the
same entry twice in a row; everything else is drawn from a hash and differs freely.
"""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from studio.sandbox.drawing.request import DrawRequest

T = TypeVar("T")
Field = NDArray[np.float32]


class Chance(random.Random):
    """`random.Random` with the few lots a picture needs. Never for secrets."""

    def around(self, middle: float, spread: float) -> float:
        return middle + self.uniform(-spread, spread)

    def sign(self) -> int:
        return 1 if self.random() < 0.5 else -1

    def chosen(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items, or all when there are fewer."""
        return self.sample(list(items), min(count, len(items)))


def of(request: DrawRequest, purpose: str) -> Chance:
    """A stream for one purpose, so that one stage's draws never move another's."""
    colors = ";".join(f"{rgb}{weight}" for rgb, weight in request.colors)
    said = (
        f"{request.prompt}|{request.negative_prompt}|{request.seed}|{request.index}|{request.model}|{request.style}|"
        f"{request.substyle}|{colors}|{request.background}|{request.width}x{request.height}|{request.no_text}|"
        f"{request.artistic_level}|{purpose}"
    )
    if request.reference is not None:
        said += f"|{request.reference}"
    return Chance(_number(said))


def order(request: DrawRequest, items: Sequence[T], purpose: str, step: int = 1) -> T:
    """
    One of `items`, shuffled by the prompt and walked by the seed.

    Seeds 0, 1, 2, ... and pictures 0, 1, 2, ... each take another entry until the list is used up.
    """
    shuffled = list(items)
    Chance(_number(f"{request.prompt}|{purpose}")).shuffle(shuffled)
    return shuffled[(request.seed + request.index) * step % len(shuffled)]


def round_of(request: DrawRequest, items: Sequence[T]) -> int:
    """How many times `order` has gone through all of `items` before this picture."""
    return (request.seed + request.index) // len(items)


def _number(said: str) -> int:
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")


def noise(seed: int, rows: int, columns: int, cell: float, octaves: int = 3) -> Field:
    """Smooth value noise, 0 to 1 with mean near one half; `cell` is the size of the largest lump in pixels."""
    made = np.zeros((rows, columns), np.float32)
    total = 0.0
    for octave in range(octaves):
        share = 0.5**octave
        made += share * _octave(np.random.default_rng([seed, octave]), rows, columns, cell / 2**octave)
        total += share
    return made / np.float32(total)


def _octave(rng: np.random.Generator, rows: int, columns: int, cell: float) -> Field:
    cell = max(cell, 1.0)
    knots = rng.random((int(rows / cell) + 3, int(columns / cell) + 3), dtype=np.float32)
    y0, fy = _steps(rows, cell)
    x0, fx = _steps(columns, cell)
    wide = knots[:, x0] * (1 - fx) + knots[:, x0 + 1] * fx
    return np.asarray(wide[y0] * (1 - fy[:, None]) + wide[y0 + 1] * fy[:, None], np.float32)


def _steps(count: int, cell: float) -> tuple[NDArray[np.intp], Field]:
    at = np.arange(count, dtype=np.float32) / np.float32(cell)
    whole = np.floor(at).astype(np.intp)
    part = at - whole
    return whole, np.asarray(part * part * (3 - 2 * part), np.float32)


def line(seed: int, count: int, cell: float, octaves: int = 4, gain: float = 0.5) -> Field:
    """Smooth noise along a line, 0 to 1: the crest of a hill."""
    made, total = np.zeros(count, np.float32), 0.0
    for octave in range(octaves):
        rng = np.random.default_rng([seed, 77, octave])
        whole, part = _steps(count, max(cell / 2**octave, 1.0))
        knots = rng.random(int(whole[-1]) + 3, dtype=np.float32)
        made += np.float32(gain**octave) * (knots[whole] * (1 - part) + knots[whole + 1] * part)
        total += gain**octave
    return made / np.float32(total)
