"""Something taken out of a picture, and the surroundings going on where it was."""

import numpy as np
from PIL import Image, ImageChops

from studio.sandbox.drawing.paths import Stroke
from studio.sandbox.drawing.scene import Group, Scene, Shape, box_path
from studio.sandbox.editing import cutout, drawn, fit_svg, intake, patches, planes, tracing
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source
from studio.sandbox.editing.planes import Array

WORKED_SIDE = 256
MOST_HOLE = 3_600  # pixels that patches are looked for; more are worked on at a coarser scale
SEED = 11


def erase_region(source: Source, mask: Source, image_format: str) -> Drawn:
    """SVG in, SVG out; else only masked pixels change."""
    if source.kind == "svg":
        scene = without_region(drawn.scene_of(source), intake.opened_mask(mask))
        return drawn.written(scene, *drawn.worked_size(source), "Erased")
    return drawn.encoded(erased(intake.opened(source), intake.opened_mask(mask)), image_format, exact=True)


def erased(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture, RGB or RGBA, with the masked part filled from around it."""
    area = mask.getbbox()
    if area is None:
        return picture
    margin = max(48, (area[2] - area[0] + area[3] - area[1]) // 2)
    around = planes.grown(area, margin, picture.size)
    part, hole = picture.crop(around), mask.crop(around)
    filled = filled_in(drawn.rgb(part), hole)
    if picture.mode == "RGBA":
        alpha = part.getchannel("A")
        soft = planes.smooth(planes.plane(alpha)[..., None], np.asarray(hole) > 0)
        filled.putalpha(Image.composite(planes.image(soft[..., 0]), alpha, hole))
    made = picture.copy()
    made.paste(filled, around[:2], hole)
    return made


def filled_in(
    picture: Image.Image, hole: Image.Image, side: int = WORKED_SIDE, pull: patches.Pull | None = None
) -> Image.Image:
    """All of an RGB picture, its hole filled: patches at a coarse scale, their fine detail from where they were."""
    size = planes.fitted(picture.size, side)
    missing = planes.shrunk_mask(hole, size)
    if missing.sum() > MOST_HOLE:
        scale = (MOST_HOLE / float(missing.sum())) ** 0.5
        size = planes.fitted(picture.size, round(max(size) * scale))
        missing = planes.shrunk_mask(hole, size)
    small = planes.plane(picture.resize(size, Image.Resampling.BOX))
    # What stands in the hole must not bleed into its neighbors when sizes change
    small = planes.smooth(small, missing)
    picture = Image.composite(planes.image(_up(small, picture.size)), picture, hole)
    made = patches.fill(small, missing, SEED, pull)
    if made is None:
        return planes.image(_up(small, picture.size))
    return _with_detail(picture, small, made.values, made, missing)


def _up(values: Array, size: tuple[int, int]) -> Array:
    if (values.shape[1], values.shape[0]) == size:
        return values
    made = planes.image(values).resize(size, Image.Resampling.BICUBIC)
    return planes.plane(made)


def _with_detail(
    picture: Image.Image, small: Array, coarse: Array, found: patches.Found, missing: planes.Mask
) -> Image.Image:
    """What is finer than the coarse scale, taken from the places the patches came from."""
    base = _up(coarse, picture.size)
    rows, columns = small.shape[:2]
    if (columns, rows) == picture.size:
        return planes.image(base)
    fine = planes.plane(picture) - _up(small, picture.size)
    y, x = np.mgrid[0 : picture.height, 0 : picture.width]
    scale_y, scale_x = picture.height / rows, picture.width / columns
    cy = np.minimum((y / scale_y).astype(int), rows - 1)
    cx = np.minimum((x / scale_x).astype(int), columns - 1)
    from_y = np.clip(y + ((found.rows[cy, cx] - cy) * scale_y).astype(int), 0, picture.height - 1)
    from_x = np.clip(x + ((found.columns[cy, cx] - cx) * scale_x).astype(int), 0, picture.width - 1)
    return planes.image(base + fine[from_y, from_x] * missing[cy, cx][..., None])


def without_region(scene: Scene, mask: Image.Image) -> Scene:
    """Shapes without what lies in the mask: those inside go, others get a hole; the ground stays."""
    outline = tracing.outline(mask, scene.width, scene.height)
    if not outline:
        return scene
    inside = np.asarray(mask) > 0
    scale = mask.width / scene.width

    def kept(shape: Shape) -> Shape | None:
        if cutout.is_ground(shape, scene):
            return shape
        seen = cutout.painted(shape, scene, mask.size, scale)
        covered = np.asarray(ImageChops.multiply(seen, Image.fromarray(inside.astype(np.uint8) * 255))).sum()
        return None if covered > 0.6 * max(1, np.asarray(seen).sum()) else shape

    page: Stroke = box_path(-9, -9, scene.width + 18, scene.height + 18)[0]
    window = Shape((page, *outline), (0, 0, 0), rule="evenodd")
    return Scene(scene.width, scene.height, _holed(fit_svg.changed(scene.root, kept), scene, window))


def _holed(group: Group, scene: Scene, window: Shape) -> Group:
    """The group with everything but grounds seen through the window: runs of the rest share one group."""
    parts: list[Shape | Group] = []
    run: list[Shape | Group] = []
    for part in [*group.parts, None]:
        if part is not None and not _has_ground(part, scene):
            run.append(part)
            continue
        if run:
            parts.append(Group("remaining", run, window))
            run = []
        if part is not None:
            parts.append(_holed(part, scene, window) if isinstance(part, Group) else part)
    return Group(group.name, parts, group.clip, group.lift)


def _has_ground(part: Shape | Group, scene: Scene) -> bool:
    if isinstance(part, Shape):
        return cutout.is_ground(part, scene)
    return any(_has_ground(each, scene) for each in part.parts)
