"""
A hole filled with pieces of what is around it, so that texture goes on.

Every patch that reaches into the hole looks for the patch outside that is most like it; what was found votes on the
hole's pixels, from coarse to fine.
Sources: Wexler, Shechtman and Irani, "Space-time completion of video" (2007); Barnes et al., "PatchMatch" (2009).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.sandbox.editing import planes
from studio.sandbox.editing.planes import Array, Mask

REACH = 2  # a patch is five pixels wide
TURNS = 3
COARSEST = 20
LEAST_LEFT = 0.15
NEARBY = 0.25  # of ALONG: what is near goes before what is far in every direction
LEAST_SAY = np.float32(1e-4)  # of a patch that fits badly: where no other votes, it still counts
ALONG = 60.0  # cost of going a whole page astray, in squared differences of a patch
Places = NDArray[np.int64]
_AROUND = [(dy, dx) for dy in range(-REACH, REACH + 1) for dx in range(-REACH, REACH + 1)]


@dataclass
class Found:
    """Which place outside each pixel of the hole was filled from: rows and columns, for every pixel."""

    values: Array
    rows: Places
    columns: Places


@dataclass(frozen=True)
class Pull:
    """Where beside a picture things go on: to its left and right along rows, above and below it along columns."""

    box: tuple[float, float, float, float]  # the picture on the page: left, top, right, bottom, as shares
    avoided: Mask  # what must not be repeated, on the page at any scale

    def strengths(self, rows: int, columns: int) -> tuple[Array, Array]:
        """How much a place wants to stay in its row, and in its column."""
        left, top, right, bottom = self.box
        y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
        x = (np.arange(columns, dtype=np.float32)[None, :] + 0.5) / columns
        aside, above = (x < left) | (x > right), (y < top) | (y > bottom)
        strong, weak = np.float32(ALONG), np.float32(ALONG * NEARBY)
        rows_kept = np.where(aside & ~above, strong, weak)
        columns_kept = np.where(above & ~aside, strong, weak)
        return np.asarray(rows_kept, np.float32), np.asarray(columns_kept, np.float32)

    def free(self, sources: Mask) -> Mask:
        """The sources without what is avoided, unless hardly any were left."""
        size = (sources.shape[1], sources.shape[0])
        avoided = np.asarray(Image.fromarray(self.avoided).resize(size, Image.Resampling.NEAREST))
        left = sources & ~avoided
        return left if left.sum() > LEAST_LEFT * sources.sum() else sources


def fill(values: Array, hole: Mask, seed: int, pull: Pull | None = None) -> Found | None:
    """None when too little is left around the hole to take from."""
    levels = [(values, hole)]
    while min(levels[-1][0].shape[:2]) > 2 * COARSEST and planes.depth(levels[-1][1], 6).max() >= 4:
        rows, columns = levels[-1][0].shape[:2]
        size = (columns // 2, rows // 2)
        levels.append((planes.resized(levels[-1][0], size), _halved(levels[-1][1])))
    rng = np.random.default_rng(seed)
    before: Found | None = None
    for level, missing in reversed(levels):
        made = _fill_level(level, missing, before, rng, pull)
        if made is None:
            return None
        before = made
    return before


def _halved(hole: Mask) -> Mask:
    rows, columns = hole.shape[0] // 2 * 2, hole.shape[1] // 2 * 2
    four = hole[:rows, :columns]
    return four[0::2, 0::2] | four[1::2, 0::2] | four[0::2, 1::2] | four[1::2, 1::2]


def _fill_level(
    values: Array, hole: Mask, before: Found | None, rng: np.random.Generator, pull: Pull | None
) -> Found | None:
    near = _near(hole)
    sources = ~near
    sources[:REACH] = sources[-REACH:] = False
    sources[:, :REACH] = sources[:, -REACH:] = False
    if pull is not None:
        sources = pull.free(sources)
    free = np.argwhere(sources)
    if len(free) < 16:
        return None
    search = _Search(values, hole, near, sources, free, rng)
    if pull is not None:
        search.pulled(pull)
    search.start(before)
    for turn in range(TURNS):
        search.propagate(step=4 if turn == 1 else 1)
        search.wander()
        search.vote()
    return search.found()


def _near(hole: Mask) -> Mask:
    """Pixels whose patch reaches into the hole."""
    made = hole.copy()
    for axis in (0, 1):
        grown = made.copy()
        for step in range(1, REACH + 1):
            ahead, behind = np.roll(made, step, axis), np.roll(made, -step, axis)
            cut = [slice(None), slice(None)]
            cut[axis] = slice(0, step)
            ahead[tuple(cut)] = False
            cut[axis] = slice(-step, None)
            behind[tuple(cut)] = False
            grown |= ahead | behind
        made = grown
    return made


class _Search:
    """The nearest patch known so far for every pixel near the hole."""

    def __init__(
        self, values: Array, hole: Mask, near: Mask, sources: Mask, free: Places, rng: np.random.Generator
    ) -> None:
        self.rows, self.columns = values.shape[:2]
        self.made = values.copy()
        self.hole, self.near, self.sources, self.rng = hole, near, sources, rng
        self.y, self.x = np.nonzero(near)
        picked = free[rng.integers(0, len(free), len(self.y))]
        self.sy, self.sx = picked[:, 0].copy(), picked[:, 1].copy()
        self.index = np.full(values.shape[:2], -1, np.int64)
        self.index[self.y, self.x] = np.arange(len(self.y))
        self.cost = np.zeros(len(self.y), np.float32)
        self.row_pull = self.column_pull = np.zeros(len(self.y), np.float32)

    def pulled(self, pull: Pull) -> None:
        along_rows, along_columns = pull.strengths(self.rows, self.columns)
        self.row_pull, self.column_pull = along_rows[self.y, self.x], along_columns[self.y, self.x]

    def start(self, before: Found | None) -> None:
        """From the coarser level, or from a smooth guess."""
        guess = planes.smooth(self.made, self.hole)
        if before is not None:
            guess = planes.resized(before.values, (self.columns, self.rows))
            rows, columns = before.rows.shape
            y, x = np.minimum(self.y // 2, rows - 1), np.minimum(self.x // 2, columns - 1)
            self._try(before.rows[y, x] * 2 + self.y % 2, before.columns[y, x] * 2 + self.x % 2, always=True)
        self.made[self.hole] = guess[self.hole]
        self.cost = self._costs(self.sy, self.sx)

    def _costs(self, sy: Places, sx: Places) -> Array:
        off_y, off_x = (sy - self.y) / self.rows, (sx - self.x) / self.columns
        total = (self.row_pull * off_y**2 + self.column_pull * off_x**2).astype(np.float32)
        flat = self.made.reshape(-1, 3)
        for dy, dx in _AROUND:
            ty = np.clip(self.y + dy, 0, self.rows - 1)
            tx = np.clip(self.x + dx, 0, self.columns - 1)
            off = flat[ty * self.columns + tx] - flat[(sy + dy) * self.columns + sx + dx]
            total += np.einsum("ij,ij->i", off, off)
        return np.asarray(total, np.float32)

    def _try(self, sy: Places, sx: Places, always: bool = False) -> None:
        """Take these places where they are free and better."""
        inside = (sy >= 0) & (sy < self.rows) & (sx >= 0) & (sx < self.columns)
        inside &= self.sources[np.clip(sy, 0, self.rows - 1), np.clip(sx, 0, self.columns - 1)]
        sy, sx = np.where(inside, sy, self.sy), np.where(inside, sx, self.sx)
        if always:
            self.sy, self.sx = sy, sx
            return
        cost = self._costs(sy, sx)
        better = cost < self.cost
        self.sy, self.sx = np.where(better, sy, self.sy), np.where(better, sx, self.sx)
        self.cost = np.where(better, cost, self.cost)

    def propagate(self, step: int) -> None:
        """What fits a neighbor may fit here, as many places on."""
        for dy, dx in ((0, step), (0, -step), (step, 0), (-step, 0)):
            y, x = np.clip(self.y + dy, 0, self.rows - 1), np.clip(self.x + dx, 0, self.columns - 1)
            who = self.index[y, x]
            who = np.where(who >= 0, who, np.arange(len(self.y)))
            self._try(self.sy[who] - dy, self.sx[who] - dx)

    def wander(self) -> None:
        """Chance may know better places, far and near."""
        reach = max(self.rows, self.columns) // 2
        while reach >= 2:
            off = self.rng.integers(-reach, reach + 1, (2, len(self.y)))
            self._try(self.sy + off[0], self.sx + off[1])
            reach //= 4

    def vote(self) -> None:
        """A pixel of the hole becomes the mean of what the patches over it found; what fits best weighs most."""
        sums = np.zeros((self.rows, self.columns, 4), np.float32)
        weight = LEAST_SAY + np.exp(-self.cost / max(1e-4, float(np.quantile(self.cost, 0.6)) * 2)).astype(np.float32)
        for dy, dx in _AROUND:
            ty, tx = self.y + dy, self.x + dx
            inside = (ty >= 0) & (ty < self.rows) & (tx >= 0) & (tx < self.columns)
            seen = self.made[self.sy + dy, self.sx + dx] * weight[:, None]
            sums[ty[inside], tx[inside], :3] += seen[inside]
            sums[ty[inside], tx[inside], 3] += weight[inside]
        voted = sums[..., :3] / np.maximum(sums[..., 3:], 1e-6)
        self.made[self.hole] = voted[self.hole]
        self.cost = self._costs(self.sy, self.sx)

    def found(self) -> Found:
        rows, columns = np.mgrid[0 : self.rows, 0 : self.columns]
        rows[self.y, self.x], columns[self.y, self.x] = self.sy, self.sx
        return Found(self.made, rows, columns)
