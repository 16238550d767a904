"""
New versions of a picture without a prompt: remixes, and what /explore/similar gives.

How alike a version is, is measured and met: its bend is searched until the likeness (SSIM) is where it shall be.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image

from studio.sandbox.drawing import DrawRequest, chance
from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.scene import Scene
from studio.sandbox.editing import drawings, drawn, outpainting, planes, references, svg_reader, tracing
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source
from studio.sandbox.editing.outpainting import Frame
from studio.sandbox.editing.warps import Warp

# How far from a stranger's likeness towards sameness each step of `similarity` lies
STEPS = {2: 0.06, 3: 0.18, 4: 0.36, 5: 0.66}
TURNS = {2: 40.0, 3: 26.0, 4: 14.0, 5: 5.0}  # degrees of hue
REMIXED = (0.18, 0.42)  # how strongly a remix bends
MOST_BEND = 0.6
TRIES = 7
CUT = 1.45  # how much of a side a remix may cut off to meet another shape; beyond that it draws on


def remix(request: DrawRequest, source: Source) -> Drawn:
    """The same idea, otherwise placed, in the size asked."""
    lots = chance.of(request, f"remix {source.width}x{source.height}")
    warp = Warp(lots, lots.uniform(*REMIXED), turn=24, mirrored=(request.index + request.seed) % 2 == 1)
    if source.kind == "svg" and request.image_format == "svg":
        scene = _covering(drawn.scene_of(source), (request.width, request.height))
        return drawn.written(warp.on_shapes(scene), request.width, request.height, "Remix")
    picture = drawn.rgb(drawn.raster_of(source))
    made = warp.on(_shaped(request, picture, lots))
    if request.image_format == "svg":
        return drawn.written(tracing.traced(made), request.width, request.height, "Remix")
    return drawn.encoded(made, request.image_format)


def _covering(scene: Scene, size: tuple[int, int]) -> Scene:
    """The scene enlarged until it covers a page of another shape, around its middle."""
    grow = max(size[0] / scene.width, size[1] / scene.height)
    left, top = (size[0] - scene.width * grow) / 2, (size[1] - scene.height * grow) / 2
    return Scene(float(size[0]), float(size[1]), svg_reader.moved(scene.root, (grow, 0.0, 0.0, grow, left, top)))


def _shaped(request: DrawRequest, picture: Image.Image, lots: Chance) -> Image.Image:
    """The picture in the size asked: cut where little is lost, drawn on where much would be."""
    size = (request.width, request.height)
    grow = max(size[0] / picture.width, size[1] / picture.height)
    covered = (round(picture.width * grow), round(picture.height * grow))
    if max(covered[0] / size[0], covered[1] / size[1]) <= CUT:
        large = picture.resize(covered, Image.Resampling.BICUBIC)
        left = round((covered[0] - size[0]) * lots.uniform(0.3, 0.7))
        top = round((covered[1] - size[1]) * lots.uniform(0.3, 0.7))
        return large.crop((left, top, left + size[0], top + size[1]))
    fit = min(size[0] / picture.width, size[1] / picture.height) * 1.2
    wide, high = min(size[0], round(picture.width * fit)), min(size[1], round(picture.height * fit))
    inner = picture.resize((wide, high), Image.Resampling.BICUBIC)
    frame = Frame(*size, (size[0] - wide) // 2, (size[1] - high) // 2, wide, high)
    made = outpainting.surroundings(request, inner, frame, drawn_on=False)
    made.paste(inner, frame.box[:2])
    return made


def similar(request: DrawRequest, source: Source, similarity: int) -> Drawn:
    """A picture near the source, nearer the higher `similarity` (1 to 5); 1 is another drawing in its colors."""
    lots_of = f"similar {source.width}x{source.height}"
    if request.image_format == "svg":
        scene = drawn.scene_of(source)
        made = _similar_shapes(request, scene, similarity, lots_of)
        return drawn.written(made, request.width, request.height, request.prompt)
    picture = drawn.rgb(drawn.raster_of(source))
    other = _stranger(request, picture)
    if similarity == 1:
        return drawn.encoded(other, request.image_format)
    seen, strange = planes.gray(picture), planes.gray(other)
    small = picture.resize(planes.fitted(picture.size, 160), Image.Resampling.BOX)
    goal = _goal(seen, strange, similarity)

    def likeness(amount: float) -> float:
        bent = Warp(chance.of(request, lots_of), amount, TURNS[similarity]).on(small)
        return planes.likeness(seen, planes.gray(bent))

    warp = Warp(chance.of(request, lots_of), _amount(likeness, goal), TURNS[similarity])
    return drawn.encoded(warp.on(picture), request.image_format)


def _goal(seen: planes.Array, strange: planes.Array, similarity: int) -> float:
    base = min(0.75, planes.likeness(seen, strange))
    return base + (1 - base) * STEPS[similarity]


def _amount(likeness: Callable[[float], float], goal: float) -> float:
    """The bend at which the likeness falls to the goal."""
    low, high = 0.0, MOST_BEND
    for _ in range(TRIES):
        middle = (low + high) / 2
        low, high = (middle, high) if likeness(middle) > goal else (low, middle)
    return (low + high) / 2


def _stranger(request: DrawRequest, picture: Image.Image) -> Image.Image:
    """Another drawing of the same prompt, in the source's colors."""
    return drawings.raster(replace(request, reference=references.look_of(picture)), picture.size)


def _similar_shapes(request: DrawRequest, scene: Scene, similarity: int, lots_of: str) -> Scene:
    full = (round(scene.width), round(scene.height))
    look = references.look_of(drawn.rgb(drawn.rasterized(scene, *planes.fitted(full, 256))))
    other = drawings.shapes(replace(request, reference=look), full)
    if similarity == 1:
        return other
    size = planes.fitted(full, 160)

    def gray(each: Scene) -> planes.Array:
        return np.asarray(drawn.rgb(drawn.rasterized(each, *size)).convert("L"), np.float32)

    seen = gray(scene)
    goal = _goal(seen, gray(other), similarity)

    def likeness(amount: float) -> float:
        return planes.likeness(
            seen, gray(Warp(chance.of(request, lots_of), amount, TURNS[similarity]).on_shapes(scene))
        )

    return Warp(chance.of(request, lots_of), _amount(likeness, goal), TURNS[similarity]).on_shapes(scene)
