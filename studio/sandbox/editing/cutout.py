"""
Subject and background told apart.

The background is what looks like the picture's border and hangs together with it; then color models of both sides
correct each other, as in GrabCut, and the edge follows the picture's own edges.
Sources: Rother, Kolmogorov and Blake, "GrabCut" (2004); He, Sun and Tang, "Guided image filtering" (2010).
"""

import numpy as np
from PIL import Image, ImageFilter

from studio.sandbox.drawing import color, paint, recolor
from studio.sandbox.drawing.scene import Group, Scene, Shape
from studio.sandbox.editing import drawn, fit_svg, intake, planes, svg_reader
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source
from studio.sandbox.editing.planes import Array, Mask

SIDE = 272
BINS = 10
ROUNDS = 3
ALIKE = 0.055  # OKLab distance at which a pixel still looks like the border
GROUND = 0.94  # the part of page width and height that makes a shape the ground
LEAST, MOST = 0.01, 0.95  # of the picture: less or more is no subject
SURE = 0.995


def remove_background(source: Source, image_format: str) -> Drawn:
    """SVG in, SVG out; else the same colors with an alpha channel."""
    if source.kind == "svg":
        scene = without_ground(drawn.scene_of(source))
        return drawn.written(scene, *drawn.worked_size(source), "Without background")
    picture = intake.opened(source)
    alpha = subject(drawn.rgb(picture))
    if picture.mode == "RGBA":
        alpha = Image.fromarray(np.minimum(np.asarray(alpha), np.asarray(picture.getchannel("A"))))
    made = _clean_edge(drawn.rgb(picture), alpha)
    made.putalpha(alpha)
    return drawn.encoded(made, image_format, exact=image_format == "png")


def _clean_edge(picture: Image.Image, alpha: Image.Image) -> Image.Image:
    """Half-transparent pixels take the subject's color: they carry the old background's otherwise."""
    size = planes.fitted(picture.size, 512)
    small, sure = planes.plane(picture.resize(size)), np.asarray(alpha.resize(size)) > 250
    if not sure.any():
        return picture
    inner = planes.image(planes.smooth(small, ~sure)).resize(picture.size, Image.Resampling.BICUBIC)
    soft = alpha.point([255 if 8 < v < 250 else 0 for v in range(256)])
    made = picture.copy()
    made.paste(inner, (0, 0), soft)
    return made


def subject(picture: Image.Image) -> Image.Image:
    """How much each pixel of an RGB picture belongs to its subject: an L image, 255 for all of it."""
    size = planes.fitted(picture.size, SIDE)
    small = planes.plane(picture.resize(size, Image.Resampling.BOX))
    lab = color.to_lab(small)
    background = _from_border(small, lab)
    share = 1 - background.mean()
    if not LEAST < share < MOST:
        background = _unlike_middle(lab)
    likely = _settled(lab, (~background).astype(np.float32))
    return _at_full_size(picture, small, likely)


def _from_border(small: Array, lab: Array) -> Mask:
    """What looks like the border and can be reached from it."""
    reach = max(1, round(min(small.shape[:2]) * 0.02))
    inner = np.zeros(small.shape[:2], bool)
    inner[reach:-reach, reach:-reach] = True
    found = recolor.clusters(small[~inner], 7)
    centers = found.centers[found.shares > 0.05]
    weight = np.array([0.7, 1.3, 1.3], np.float32)
    far = np.sqrt((((lab[:, :, None] - centers) * weight) ** 2).sum(-1)).min(-1)
    alike = planes.blurred(far.astype(np.float32), 1) < ALIKE
    return _reached(alike & ~inner, alike)


def _reached(start: Mask, allowed: Mask) -> Mask:
    made = start
    while True:
        wider = np.asarray(Image.fromarray(made.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(5))) > 0
        wider &= allowed
        if wider.sum() == made.sum():
            return made
        made = wider


def _unlike_middle(lab: Array) -> Mask:
    """For pictures whose border says nothing: what differs from the middle's color and lies outside."""
    rows, columns = lab.shape[:2]
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    round_off = np.hypot(x / 0.75, y / 0.8)
    middle = lab[round_off < 0.35].mean(0)
    unlike = np.sqrt(((lab - middle) ** 2).sum(-1))
    return np.asarray(round_off + unlike * 1.5 > 1.0)


def _settled(lab: Array, likely: Array) -> Array:
    """Both sides' color models correct the first guess, a few times; neighbors agree."""
    low, high = lab.reshape(-1, 3).min(0), lab.reshape(-1, 3).max(0)
    cells = ((lab - low) / np.maximum(high - low, 1e-4) * (BINS - 0.01)).astype(int)
    place = (cells[..., 0] * BINS + cells[..., 1]) * BINS + cells[..., 2]
    for _ in range(ROUNDS):
        fore = np.bincount(place.reshape(-1), likely.reshape(-1), BINS**3) + 0.02
        back = np.bincount(place.reshape(-1), 1 - likely.reshape(-1), BINS**3) + 0.02
        says = np.log(fore / fore.sum()) - np.log(back / back.sum())
        prior = (planes.blurred(likely, 4) - 0.5) * 9
        logit = planes.blurred(np.clip(says, -3, 3)[place].astype(np.float32), 1) + prior
        likely = (1 / (1 + np.exp(-np.clip(logit, -20, 20)))).astype(np.float32)
    return likely


def _at_full_size(picture: Image.Image, small: Array, likely: Array) -> Image.Image:
    """The rough guess led by the picture's edges: a guided filter, its coefficients brought up."""
    guide = small @ np.array([0.3, 0.59, 0.11], np.float32)
    radius, least = 3, 4e-4
    mean_i, mean_p = planes.blurred(guide, radius), planes.blurred(likely, radius)
    cov = planes.blurred(guide * likely, radius) - mean_i * mean_p
    var = planes.blurred(guide * guide, radius) - mean_i * mean_i
    slope = np.asarray(cov / (var + least), np.float32)
    base = planes.blurred(np.asarray(mean_p - slope * mean_i, np.float32), 1)
    slope = planes.blurred(slope, 1)
    full = planes.plane(picture.convert("L"))
    alpha = planes.resized(slope, picture.size) * full + planes.resized(base, picture.size)
    firm = planes.resized(likely, picture.size)
    # Far inside and far outside the guess is surer than the filter
    alpha = np.where(firm > SURE, 1.0, np.where(firm < 1 - SURE, 0.0, np.clip((alpha - 0.3) / 0.4, 0, 1)))
    return planes.image(alpha.astype(np.float32))


def is_ground(shape: Shape, scene: Scene) -> bool:
    """Whether a shape spans the page."""
    if not shape.path or shape.line is not None:
        return False
    left, top, right, bottom = svg_reader.bounds(shape.path)
    wide = min(right, scene.width) - max(left, 0.0)
    high = min(bottom, scene.height) - max(top, 0.0)
    return wide >= GROUND * scene.width and high >= GROUND * scene.height


def is_small(shape: Shape, scene: Scene) -> bool:
    """Stars, sparks and other trimmings."""
    left, top, right, bottom = svg_reader.bounds(shape.path)
    return (right - left) * (bottom - top) < 0.004 * scene.area


def without_ground(scene: Scene) -> Scene:
    """
    The shapes that make the subject.

    Grounds go, and what lies at the page's edge from side to side; when all of it does, only the lowest layer.
    """
    bare = fit_svg.changed(scene.root, lambda shape: None if is_ground(shape, scene) else shape)
    tight = fit_svg.changed(bare, lambda shape: None if _spans(shape, scene) else shape)
    for kept in (tight, bare):
        if any(True for _ in kept.outlines()):
            return Scene(scene.width, scene.height, kept)
    return Scene(scene.width, scene.height, Group("picture", scene.root.parts[1:] or scene.root.parts))


def _spans(shape: Shape, scene: Scene) -> bool:
    """From the left edge to the right one: land, sea or sky."""
    if not shape.path:
        return True
    left, _, right, _ = svg_reader.bounds(shape.path)
    return left <= scene.width * 0.02 and right >= scene.width * 0.98


def painted(shape: Shape, scene: Scene, size: tuple[int, int], scale: float) -> Image.Image:
    """Where one shape paints: an L image."""
    alone = Scene(scene.width, scene.height, Group("alone", [shape]))
    return paint.paint(fit_svg.in_one_color(alone, drawn.WHITE), *size, finer=1).getchannel("R")
