"""
New content where a mask or the background says so, and not one pixel changed elsewhere.

A raster answer is lossless: what was not masked decodes to the bytes it had. A vector answer keeps the source's shapes
and lays the new ones over them, clipped to the mask.
"""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from studio.sandbox.drawing import DrawRequest
from studio.sandbox.drawing.scene import Group, Scene, Shape
from studio.sandbox.editing import cutout, drawings, drawn, erasing, intake, planes, svg_reader, tracing
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source

SEAM_SIDE = 320
ROOM = 0.06  # of the masked box: how much larger than it the new content is drawn
FEATHER = 0.012  # of the masked box
FILLED = 0.9  # of the mask's box: what a new thing takes
SHADE = 0.35
WHOLE = 0.45  # of the page: a mask that large is a background, not a thing


def inpaint(request: DrawRequest, source: Source, mask: Source) -> Drawn:
    """New content from the prompt where the mask is white."""
    return _repainted(request, source, intake.opened_mask(mask))


def generate_background(request: DrawRequest, source: Source, mask: Source) -> Drawn:
    """A background from the prompt where the mask is white."""
    return _repainted(request, source, intake.opened_mask(mask), behind=True)


def replace_background(request: DrawRequest, source: Source) -> Drawn:
    """A background from the prompt behind the subject that is found."""
    if source.kind == "svg" and request.image_format == "svg":
        return _new_ground(request, source)
    picture = drawn.raster_of(source)
    subject = cutout.subject(drawn.rgb(picture))
    if picture.mode == "RGBA":
        subject = Image.fromarray(np.minimum(np.asarray(subject), np.asarray(picture.getchannel("A"))))
    if request.image_format == "svg":
        mask = subject.point([255 if v < 128 else 0 for v in range(256)])
        return _over(request, tracing.traced(drawn.rgb(picture)), mask, behind=True)
    new = drawings.raster(request, picture.size)
    made = Image.composite(drawn.rgb(picture), new, subject)
    return drawn.encoded(made, request.image_format, exact=True)


def _repainted(request: DrawRequest, source: Source, mask: Image.Image, behind: bool = False) -> Drawn:
    if request.image_format == "svg":
        if source.kind == "svg":
            scene = drawn.scene_of(source)
        else:
            picture = intake.opened(source)
            scene = tracing.traced(picture if behind else erasing.erased(picture, mask))
        return _over(request, scene, mask, behind)
    picture = drawn.raster_of(source)
    if mask.size != picture.size:
        mask = mask.resize(picture.size, Image.Resampling.NEAREST)
    made = _with_background(request, picture, mask) if behind else painted_in(request, picture, mask)
    return drawn.encoded(made, request.image_format, exact=True)


def painted_in(request: DrawRequest, picture: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture, RGB or RGBA, with the prompt's drawing in the mask, led over to what is around it."""
    area = mask.getbbox()
    if area is None:
        return picture
    around = planes.grown(area, max(4, round(ROOM * min(area[2] - area[0], area[3] - area[1]))), picture.size)
    part, hole = drawn.rgb(picture.crop(around)), mask.crop(around)
    large = np.asarray(mask).mean() > 255 * WHOLE
    thing = None if large else drawings.subject(request, _inner(hole))
    if thing is None:
        new = led_over(part, drawings.raster(request, part.size), hole)
    else:
        new = _standing(thing, drawn.rgb(erasing.erased(picture, mask)).crop(around), hole)
    made = picture.copy()
    _paste(made, new, around, hole)
    return made


def _inner(hole: Image.Image) -> tuple[int, int]:
    """The room a subject has in the hole."""
    box = hole.getbbox() or (0, 0, *hole.size)
    return max(16, round((box[2] - box[0]) * FILLED)), max(16, round((box[3] - box[1]) * FILLED))


def _standing(thing: Image.Image, ground: Image.Image, hole: Image.Image) -> Image.Image:
    """The thing (RGBA) on the ground, at the foot of the hole's box, with its shadow under it."""
    box = hole.getbbox() or (0, 0, *hole.size)
    left = box[0] + (box[2] - box[0] - thing.width) // 2
    top = box[3] - thing.height - round((box[3] - box[1]) * (1 - FILLED) / 2)
    alpha = Image.new("L", ground.size)
    alpha.paste(thing.getchannel("A"), (left, top))
    shade = ImageChops.offset(alpha, thing.width // 30, thing.height // 40)
    shade = shade.filter(ImageFilter.GaussianBlur(max(2, thing.width / 28))).point(
        [round(v * SHADE) for v in range(256)]
    )
    made = ground.copy()
    made.paste((10, 10, 16), (0, 0), shade)
    made.paste(thing.convert("RGB"), (left, top), thing.getchannel("A"))
    return made


def led_over(part: Image.Image, new: Image.Image, hole: Image.Image, hold: float = 0.45) -> Image.Image:
    """
    `new` where the hole is, in the light of its surroundings: at the hole's edge it has their colors exactly.

    The difference along the edge is spread into the hole, as in Poisson editing, and fades with the
    distance from it until only `hold` of it is left.
    """
    size = planes.fitted(part.size, SEAM_SIDE)
    missing = planes.shrunk_mask(hole, size)
    if missing.all():
        return new
    old = planes.plane(part.resize(size, Image.Resampling.BOX))
    fresh = planes.plane(new.resize(size, Image.Resampling.BOX))
    difference = planes.smooth(old - fresh, missing)
    deep = planes.depth(missing, 40)
    fade = np.exp(-np.maximum(0, deep - 1) / max(2.0, float(deep.max()) * 0.3)).astype(np.float32)
    shift = planes.blurred(difference, 1) * (hold + (1 - hold) * fade[..., None])
    moved = planes.plane(new) + planes.resized(shift, part.size)
    base = planes.resized(planes.smooth(old, missing), part.size)
    share = planes.plane(_feathered(hole))[..., None]
    return planes.image(base + (moved - base) * share)


def _feathered(hole: Image.Image) -> Image.Image:
    """Soft towards the inside only."""
    box = hole.getbbox() or (0, 0, *hole.size)
    radius = max(1.0, FEATHER * min(box[2] - box[0], box[3] - box[1]))
    soft = hole.filter(ImageFilter.GaussianBlur(radius))
    return ImageChops.darker(soft.point([max(0, min(255, 2 * v - 255)) for v in range(256)]), hole)


def _paste(made: Image.Image, part: Image.Image, around: tuple[int, int, int, int], hole: Image.Image) -> None:
    if made.mode == "RGBA":
        part = part.convert("RGBA")
    made.paste(part, around[:2], hole)


def _with_background(request: DrawRequest, picture: Image.Image, mask: Image.Image) -> Image.Image:
    if np.asarray(mask).mean() < 255 * WHOLE and mask.getbbox() is not None:
        whole = drawings.raster(request, picture.size)
        part = led_over(drawn.rgb(picture), whole, mask)
    else:
        part = drawings.raster(request, picture.size)
    made = picture.copy()
    _paste(made, part, (0, 0, *picture.size), mask)
    return made


# -- Vectors --


def _over(request: DrawRequest, scene: Scene, mask: Image.Image, behind: bool) -> Drawn:
    """The new shapes over the scene, seen through the mask only."""
    size = (request.width, request.height)
    scene = svg_reader.rescaled(scene, *size)
    outline = tracing.outline(mask, *size)
    if not outline:
        return drawn.written(scene, *size, request.prompt)
    box = svg_reader.bounds(outline)
    page = (0.0, 0.0, float(size[0]), float(size[1]))
    if not behind and drawings.is_thing(request):
        scene = erasing.without_region(scene, mask)
        new = _fitted(request, box)
    else:
        new = _placed(request, page if behind else box)
    clipped = Group("new", new.root.parts, Shape(outline, (0, 0, 0), rule="evenodd"))
    made = Scene(scene.width, scene.height, Group("picture", [Group("kept", scene.root.parts), clipped]))
    return drawn.written(made, *size, request.prompt)


def _placed(request: DrawRequest, area: tuple[float, float, float, float]) -> Scene:
    left, top, right, bottom = area
    wide, high = max(8, round(right - left)), max(8, round(bottom - top))
    new = drawings.shapes(replace(request, image_format="svg"), (wide, high))
    moved = svg_reader.moved(new.root, (1.0, 0.0, 0.0, 1.0, left, top))
    return Scene(new.width, new.height, moved)


def _fitted(request: DrawRequest, area: tuple[float, float, float, float]) -> Scene:
    """The prompt's subject alone, as large as the box allows."""
    left, top, right, bottom = area
    wide, high = right - left, bottom - top
    subject = cutout.without_ground(drawings.shapes(replace(request, image_format="svg"), (512, 512)))
    boxes = [
        svg_reader.bounds(shape.path)
        for shape in subject.root.outlines()
        if shape.path and not cutout.is_small(shape, subject)
    ]
    x, y, u, v = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    scale = FILLED * min(wide / max(1.0, u - x), high / max(1.0, v - y))
    move = (scale, 0.0, 0.0, scale, left + wide / 2 - (x + u) / 2 * scale, top + high / 2 - (y + v) / 2 * scale)
    return Scene(subject.width, subject.height, svg_reader.moved(subject.root, move))


def _new_ground(request: DrawRequest, source: Source) -> Drawn:
    """The subject's own shapes before a new scene."""
    size = (request.width, request.height)
    subject = svg_reader.rescaled(cutout.without_ground(drawn.scene_of(source)), *size)
    ground = _placed(request, (0.0, 0.0, float(size[0]), float(size[1])))
    parts: list[Shape | Group] = [Group("background", ground.root.parts), Group("subject", subject.root.parts)]
    return drawn.written(Scene(float(size[0]), float(size[1]), Group("picture", parts)), *size, request.prompt)
