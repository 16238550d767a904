"""
Rasters traced into shapes, by vtracer.

What the options do: fewer colors, fewer shapes, gradients in large shapes, no small shapes, whole-number coordinates,
shapes cut out of one another or stacked, colors from a given palette only.
Source of the options: published OpenAPI specification, VectorizeImageRequestBase; what each does is this sandbox's.
"""

import io
from dataclasses import dataclass, replace

import numpy as np
import vtracer  # type: ignore[import-untyped]
from PIL import Image, ImageFilter

from studio.sandbox.drawing import color, recolor, svg
from studio.sandbox.drawing.paths import Path
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Gradient, Group, Scene, Shape
from studio.sandbox.editing import drawn, fit_svg, intake, planes, svg_reader
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source

SIDE = 800  # longest side of what is traced, pixels: finer detail makes files that nobody can edit
FEW_COLORS, MANY_COLORS = 8, 26
MOST_PATHS = 900
SMALL_SHARE = 0.0006  # of the page: what `small_shape_filter` takes away
GRADIENT_SHARE = 0.004  # of the page: what is large enough for a gradient
GRADIENT_STEP = 0.03  # OKLab distance between its ends that is worth one
SPECKLE = 6


class Untraceable(Exception):
    """vtracer could not trace the picture."""


@dataclass(frozen=True, slots=True)
class Options:
    """What vectorize was asked for. `most_shapes` None is without limit."""

    few_colors: bool = False
    most_shapes: int | None = None
    gradients: bool = False
    without_small: bool = False
    compressed: bool = False
    cut_out: bool = False
    palette: tuple[Rgb, ...] = ()


def vectorize(source: Source, options: Options) -> Drawn:
    scene = traced(intake.opened(source), options)
    text = svg.write(scene, *source.size, "Vectorized")
    if options.compressed:
        text = _compressed(scene, source)
    return Drawn(text.encode(), drawn.MEDIA_TYPES["svg"], *source.size)


def traced(picture: Image.Image, options: Options = Options()) -> Scene:
    """A picture, RGB or RGBA, as shapes in units of its own pixels. Transparent parts stay empty."""
    size = planes.fitted(picture.size, SIDE)
    small = _prepared(picture.resize(size, Image.Resampling.BOX), options)
    scene = _scene(small, options, SPECKLE * (3 if options.without_small else 1))
    shapes = [part for part in scene.root.parts if isinstance(part, Shape)]
    if options.palette:
        shapes = [replace(shape, fill=_nearest(shape.fill, options.palette)) for shape in shapes]
    if options.without_small:
        shapes = [shape for shape in shapes if _area(shape) >= SMALL_SHARE * scene.area]
    most = min(options.most_shapes or MOST_PATHS, MOST_PATHS)
    kept = sorted(range(len(shapes)), key=lambda k: -_area(shapes[k]))[:most]
    shapes = [shapes[k] for k in sorted(kept)]
    if options.gradients:
        seen = planes.plane(drawn.rgb(picture).resize(size, Image.Resampling.BOX))
        shapes = [_graded(shape, seen, scene) for shape in shapes]
    made = Scene(scene.width, scene.height, Group("picture", [Group("shapes", [*shapes])]))
    return svg_reader.rescaled(made, *picture.size)


def _prepared(picture: Image.Image, options: Options) -> Image.Image:
    """Calmed, and with no more colors than asked for."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    calm = drawn.rgb(picture).filter(ImageFilter.MedianFilter(3))
    # One flat color per area: left to itself the tracer lets neighbors run into each other along soft gradients
    colors = options.palette or recolor.main_colors(calm, FEW_COLORS if options.few_colors else MANY_COLORS)
    calm = _in_palette(calm, colors)
    if alpha is not None:
        calm.putalpha(alpha.point([255 if v > 127 else 0 for v in range(256)]))
    return calm


def _in_palette(picture: Image.Image, palette: tuple[Rgb, ...]) -> Image.Image:
    lab = color.to_lab(planes.plane(picture)).reshape(-1, 3)
    wanted = np.array([color.lab(rgb) for rgb in palette], np.float32)
    nearest = np.concatenate(
        [((part[:, None] - wanted) ** 2).sum(-1).argmin(1) for part in np.array_split(lab, max(1, len(lab) // 50_000))]
    )
    made = np.array(palette, np.uint8)[nearest].reshape(picture.height, picture.width, 3)
    return Image.fromarray(made).filter(ImageFilter.ModeFilter(5))


def _scene(picture: Image.Image, options: Options, speckle: int) -> Scene:
    text = _vtracer(
        picture,
        colormode="color",
        hierarchical="cutout" if options.cut_out else "stacked",
        mode="spline",
        filter_speckle=speckle,
        color_precision=8,
        layer_difference=0,
        corner_threshold=60,
        length_threshold=5.0,
        path_precision=1,
    )
    return svg_reader.read(text, *picture.size)


def _vtracer(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.convert("RGBA").save(out, "PNG", compress_level=1)
    try:
        return str(vtracer.convert_raw_image_to_svg(out.getvalue(), "png", **options)).encode()
    except BaseException as error:  # noqa: BLE001 - a panic of the tracer is no Exception and can't be pickled
        raise Untraceable(type(error).__name__) from None


def outline(mask: Image.Image, width: float, height: float) -> Path:
    """The edge of a mask's white part, as closed strokes with holes, in units of a page."""
    size = planes.fitted(mask.size, SIDE)
    small = mask.resize(size, Image.Resampling.BOX).point([0 if v > 127 else 255 for v in range(256)])
    if small.getextrema() == (255, 255):
        return ()
    # A white rim, so that what touches the edge is closed there
    page = Image.new("RGB", (size[0] + 4, size[1] + 4), drawn.WHITE)
    page.paste(small.convert("RGB"), (2, 2))
    text = _vtracer(page, colormode="binary", mode="polygon", filter_speckle=2, path_precision=1)
    scene = svg_reader.read(text, *page.size)
    by = (width / size[0], 0.0, 0.0, height / size[1], -2 * width / size[0], -2 * height / size[1])
    moved = svg_reader.moved(scene.root, by)
    return tuple(stroke for shape in moved.outlines() for stroke in shape.path)


def _area(shape: Shape) -> float:
    left, top, right, bottom = svg_reader.bounds(shape.path)
    return (right - left) * (bottom - top)


def _nearest(fill: object, palette: tuple[Rgb, ...]) -> Rgb:
    own = fill if isinstance(fill, tuple) else (0, 0, 0)
    lab = color.lab((own[0], own[1], own[2]))
    return min(palette, key=lambda rgb: sum((a - b) ** 2 for a, b in zip(color.lab(rgb), lab, strict=True)))


def _graded(shape: Shape, seen: planes.Array, scene: Scene) -> Shape:
    """A gradient along the direction in which the picture's color changes most under the shape."""
    if _area(shape) < GRADIENT_SHARE * scene.area or not isinstance(shape.fill, tuple):
        return shape
    left, top, right, bottom = (round(v) for v in svg_reader.bounds(shape.path))
    part = seen[max(0, top) : bottom, max(0, left) : right]
    if part.size < 48:
        return shape
    own = np.array(shape.fill, np.float32) / 255
    near = np.abs(part - own).max(-1) < 0.22
    y, x = np.nonzero(near)
    if len(y) < 16:
        return shape
    here = np.stack([np.ones(len(y)), x, y], 1)
    flat, *_ = np.linalg.lstsq(here, color.to_lab(part[near]), rcond=None)
    slope = flat[1:].T
    direction = np.linalg.svd(slope)[2][0]
    along = x * direction[0] + y * direction[1]
    ends = np.quantile(along, (0.02, 0.98))
    middle = np.array([x.mean(), y.mean()])
    points = [middle + direction * (end - along.mean()) for end in ends]
    labs = [flat[0] + flat[1:].T @ point for point in points]
    if float(np.linalg.norm(labs[1] - labs[0])) < GRADIENT_STEP:
        return shape
    colors = [color.rgb((float(lab[0]), float(lab[1]), float(lab[2]))) for lab in labs]
    start, end = ((float(p[0]) + max(0, left), float(p[1]) + max(0, top)) for p in points)
    return replace(shape, fill=Gradient(((0.0, colors[0], 1.0), (1.0, colors[1], 1.0)), start, end))


def _compressed(scene: Scene, source: Source) -> str:
    """Whole-number coordinates, no line breaks, nothing for people to read."""
    flat = fit_svg.without_repeats(scene)
    return svg.compact(flat, *source.size)
