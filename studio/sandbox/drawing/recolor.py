"""
Recoloring: a table from every color to another, laid over the picture in one pass.

A table is made in OKLab on a coarse grid (`KNOTS` per channel) and applied by Pillow, so the cost hardly depends on
how clever the table is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from studio.sandbox.drawing import color
from studio.sandbox.drawing.color import Array
from studio.sandbox.drawing.request import Rgb

KNOTS = 33
SAMPLE = 64  # side of the thumbnail that pictures are measured on
CLUSTERS = 12
NEAR = 7.5  # CIEDE2000: under the ten that counts as true, as grain and encoding cost some
SHARE = 0.66  # of the pixels that shall be near an asked color
NEUTRAL = 0.04  # OKLab chroma under which a color family is white, gray or black and stays so
SOFT = 0.045  # OKLab distance over which two clusters blend

Change = Callable[[Array], Array]
Weighted = tuple[tuple[Rgb, float], ...]


@lru_cache(maxsize=1)
def _grid() -> Array:
    """OKLab of the table's knots, red fastest."""
    steps = np.linspace(0, 1, KNOTS, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return color.to_lab(np.stack([red, green, blue], -1).reshape(-1, 3))


def apply(picture: Image.Image, change: Change) -> Image.Image:
    """`picture` with every color sent through `change`, a function of OKLab arrays of shape (n, 3)."""
    table = color.from_lab(np.asarray(change(_grid().copy()), np.float32)).reshape(-1)
    return picture.filter(ImageFilter.Color3DLUT(KNOTS, table, _copy_table=False))


def sample(picture: Image.Image) -> Array:
    """sRGB of evenly spread pixels, shape (n, 3): real colors, never means of neighbors."""
    small = picture.resize((SAMPLE, SAMPLE), Image.Resampling.NEAREST)
    return np.asarray(small, np.float32).reshape(-1, 3) / np.float32(255)


def near_share(pixels: Array, asked: tuple[Rgb, ...]) -> float:
    """The part of the pixels that is near one of the asked colors."""
    return float((color.nearest(pixels, asked)[1] <= NEAR).mean())


def turned(degrees: float, chroma: float = 1.0, contrast: float = 1.0, lift: float = 0.0) -> Change:
    """All hues turned; chroma and contrast as factors, `lift` in lightness."""
    cos, sin = np.cos(np.radians(degrees)) * chroma, np.sin(np.radians(degrees)) * chroma
    turn = np.array([[cos, -sin], [sin, cos]], np.float32)

    def change(lab: Array) -> Array:
        lab[:, 0] = 0.5 + (lab[:, 0] - 0.5) * contrast + lift
        lab[:, 1:] = lab[:, 1:] @ turn.T
        return lab

    return change


def ramp(colors: Sequence[Rgb], keep: float = 0.25, over: Image.Image | None = None) -> Change:
    """
    Lightness sent along `colors`, dark to light; `keep` of the old hue shines through.

    With `over`, each color gets an even share of that picture.
    """
    knots = np.array([color.lab(each) for each in colors], np.float32)
    at = np.linspace(0.05, 0.97, len(knots))
    if over is not None:
        light = np.quantile(color.to_lab(sample(over))[:, 0], np.linspace(0.02, 0.98, len(knots)))
        at = light + np.arange(len(knots)) * 1e-4

    def change(lab: Array) -> Array:
        made = np.stack([np.interp(lab[:, 0], at, knots[:, i]) for i in range(3)], -1).astype(np.float32)
        made[:, 1:] += keep * lab[:, 1:]
        return made

    return change


def split_tone(shadows: Rgb, lights: Rgb, strength: float) -> Change:
    """Shadows and lights pulled to two tints, lightness untouched."""
    low, high = np.array(color.lab(shadows)[1:], np.float32), np.array(color.lab(lights)[1:], np.float32)

    def change(lab: Array) -> Array:
        light = lab[:, :1]
        lab[:, 1:] += strength * ((1 - light) * low + light * high)
        return lab

    return change


@dataclass(frozen=True)
class Clusters:
    """The colors a picture is made of: OKLab centers sorted by lightness, and their shares of the picture."""

    centers: Array
    shares: Array


def clusters(pixels: Array, count: int = CLUSTERS) -> Clusters:
    lab = color.to_lab(pixels)
    scaled = lab * np.array([1, 1.5, 1.5], np.float32)
    centers = scaled[np.argsort(lab[:, 0], kind="stable")][np.linspace(0, len(lab) - 1, count).astype(int)]
    for _ in range(8):
        member = ((scaled[:, None] - centers[None]) ** 2).sum(-1).argmin(1)
        mine = (member[None] == np.arange(count)[:, None]).astype(np.float32)
        sizes = mine.sum(1, keepdims=True)
        centers = np.where(sizes > 0, mine @ scaled / np.maximum(sizes, 1), centers)
    shares = np.asarray(np.bincount(member, minlength=count) / len(lab), np.float32)
    centers = centers / np.array([1, 1.5, 1.5], np.float32)
    order = np.argsort(centers[:, 0], kind="stable")
    return Clusters(np.asarray(centers[order], np.float32), shares[order])


def main_colors(picture: Image.Image, count: int) -> tuple[Rgb, ...]:
    """What the picture is made of, dark to light."""
    found = clusters(sample(picture), count)
    return tuple(color.rgb((float(c[0]), float(c[1]), float(c[2]))) for c in found.centers)


def blend(found: Clusters, lab: Array, soft: float = SOFT) -> Array:
    """How much each color belongs to each cluster: shape (n, clusters), rows sum to 1."""
    far = ((lab[:, None] - found.centers[None]) ** 2 * np.array([1, 2, 2], np.float32)).sum(-1)
    weight = np.exp(-(far - far.min(1, keepdims=True)) / (2 * soft**2))
    return np.asarray(weight / weight.sum(1, keepdims=True), np.float32)


def to_asked(picture: Image.Image, asked: Weighted, ground: Rgb | None = None) -> Image.Image:
    """
    The picture in the asked colors: its darkest parts in the darkest of them, parts sized by their weights.

    With `ground`, what touches the picture's edge most takes that color. Light and shade stay, as flat as it takes
    for `SHARE` of the pixels to be near an asked color.
    """
    pixels = sample(picture)
    found = clusters(pixels)
    goal, middle = _assign(found, asked, _edge_cluster(picture, found) if ground else None, ground)
    wanted = (*(rgb for rgb, _ in asked), *((ground,) if ground else ()))
    for depth, soft in ((1.0, SOFT), (0.65, SOFT * 0.7), (0.4, SOFT * 0.45), (0.2, SOFT * 0.3), (0.05, SOFT * 0.15)):
        change = _mapping(found, goal, middle, depth, color.to_lab(pixels), soft)
        if near_share(color.from_lab(change(color.to_lab(pixels))), wanted) >= SHARE + 0.03:
            break
    return apply(picture, change)


def _relief(off: Array, shares: Array) -> Array:
    """
    Lightness each flat area keeps of its distance from the middle: little, but the farthest few keep all of it.

    Without any, a picture in one color were a blank.
    """
    kept = np.clip(off * 0.6, -0.05, 0.05)
    order = np.argsort(np.abs(off), kind="stable")
    before = np.cumsum(shares[order]) - shares[order]
    kept[order[before > SHARE]] = off[order[before > SHARE]]
    return np.asarray(kept, np.float32)


def flat_to_asked(picture: Image.Image, asked: Weighted, ground: Rgb | None, times: int) -> Image.Image:
    """The same in flat areas without light and shade, for what is too finely mixed; detail under `times` goes."""
    size = (max(3, picture.width // times), max(3, picture.height // times))
    small = picture.resize(size, Image.Resampling.BOX).filter(ImageFilter.MedianFilter(3))
    found = clusters(sample(small))
    goal, middle = _assign(found, asked, _edge_cluster(small, found) if ground else None, ground)
    goal[:, 0] += _relief(found.centers[:, 0] - middle, found.shares)
    table = np.rint(color.from_lab(goal) * 255).astype(np.uint8)
    lab = color.to_lab(np.asarray(small, np.float32) / np.float32(255))
    weight = np.array([1, 2, 2], np.float32)
    # The nearest center without the square of the color itself, which is the same for all
    member = ((found.centers**2 * weight).sum(-1) - 2 * (lab * weight) @ found.centers.T).argmin(-1)
    return Image.fromarray(table[member]).resize(picture.size, Image.Resampling.BICUBIC)


def _edge_cluster(picture: Image.Image, found: Clusters) -> int:
    small = np.asarray(picture.resize((SAMPLE, SAMPLE), Image.Resampling.NEAREST), np.float32) / np.float32(255)
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    return int(blend(found, color.to_lab(edge)).sum(0).argmax())


def _assign(found: Clusters, asked: Weighted, edge: int | None, ground: Rgb | None) -> tuple[Array, Array]:
    """Per cluster: the OKLab color it takes, and the lightness that becomes exactly that color."""
    by_light = sorted(asked, key=lambda pair: color.lab(pair[0])[0])
    free = [k for k in range(len(found.shares)) if k != edge]
    total = float(found.shares[free].sum()) or 1.0
    bounds = np.cumsum([share for _, share in by_light]) / sum(share for _, share in by_light)
    goal = np.zeros((len(found.shares), 3), np.float32)
    group = np.zeros(len(found.shares), int)
    passed = 0.0
    for k in free:
        at = (passed + float(found.shares[k]) / 2) / total
        group[k] = min(int(np.searchsorted(bounds, at)), len(by_light) - 1)
        goal[k] = color.lab(by_light[group[k]][0])
        passed += float(found.shares[k])
    if edge is not None and ground is not None:
        group[edge], goal[edge] = len(by_light), color.lab(ground)
    middle = np.zeros(len(found.shares), np.float32)
    for each in set(group.tolist()):
        mine = group == each
        middle[mine] = np.average(found.centers[mine, 0], weights=found.shares[mine] + 1e-6)
    return goal, middle


def _mapping(found: Clusters, goal: Array, middle: Array, depth: float, pixels: Array, soft: float) -> Change:
    """Each color to its cluster's goal, moved by `depth` of its distance from the cluster's middle lightness."""
    belongs = blend(found, pixels, soft)
    swing = np.abs(pixels[:, 0] - belongs @ middle)
    band = float(np.quantile(swing, 0.66))
    slope = depth * min(0.9, 0.07 / max(0.01, band))

    def change(lab: Array) -> Array:
        part = blend(found, lab, soft)
        made = part @ goal
        off = lab[:, 0] - part @ middle
        # The third farthest from the middle may leave the color behind: deep shade and bright light give it form
        light = made[:, 0] + slope * off + depth * 0.8 * np.sign(off) * np.maximum(0, np.abs(off) - band)
        # Chroma follows light down into the shade, else shadows glow
        made[:, 1:] *= np.clip(light / np.maximum(made[:, 0], 0.05), 0.5, 1.0)[:, None]
        made[:, 0] = light
        return made

    return change


def dress(picture: Image.Image, hues: Sequence[Rgb], strength: float, first: Sequence[Rgb] = ()) -> Image.Image:
    """
    Art direction: the picture's color families take the palette's hues, light and shade stay as they are.

    Each family takes the hue of its own lightness, so yellow stays light and navy dark; `first` go to the largest
    families whatever their lightness.
    """
    pixels = sample(picture)
    found = clusters(pixels, 7)
    edge = _edge_cluster(picture, found)
    colorful = [k for k in range(7) if float(np.hypot(*found.centers[k, 1:])) > NEUTRAL]
    goal, free = found.centers.copy(), [color.lab(each) for each in hues]
    wishes = [color.lab(each) for each in first]
    for k in sorted(colorful, key=lambda k: (k == edge, -float(found.shares[k]))):
        if wishes:
            goal[k] = wishes.pop(0)
            continue
        taken = min(free, key=lambda each: abs(each[0] - float(found.centers[k, 0])))
        goal[k] = taken
        if len(free) > 1:
            free.remove(taken)

    def change(lab: Array) -> Array:
        part = blend(found, lab, SOFT * 1.6)
        wished, own = part @ goal, part @ found.centers
        lab[:, 0] += strength * 0.35 * (wished[:, 0] - own[:, 0])
        lab[:, 1:] += strength * (wished[:, 1:] - own[:, 1:] * 0.9)
        return lab

    return apply(picture, change)


def ground_to(picture: Image.Image, own: Rgb, wanted: Rgb) -> Image.Image:
    """The plate's backdrop, known by the hue of `own`, in the `wanted` color; its shadows stay."""
    from_ground, to = np.array(color.lab(own), np.float32), np.array(color.lab(wanted), np.float32)

    def change(lab: Array) -> Array:
        lit = np.clip(lab[:, 0] / from_ground[0], 0.35, 2.2)
        far = np.hypot(lab[:, 1] - from_ground[1] * lit, lab[:, 2] - from_ground[2] * lit)
        is_ground = np.clip(1.6 - far / (0.035 * np.maximum(1, lit)), 0, 1)[:, None]
        made = np.empty_like(lab)
        off = lab[:, 0] - from_ground[0]
        made[:, 0] = to[0] + np.where(off > 0, 0.22, 0.6) * off
        made[:, 1:] = to[1:] * np.clip(made[:, :1] / max(float(to[0]), 0.05), 0.4, 1.0)
        return np.asarray(lab + is_ground * (made - lab), np.float32)

    return apply(picture, change)
