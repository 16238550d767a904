"""
The endpoints that take a picture and no prompt, and /explore/similar: from a read body to checked work.

Source: Recraft docs: Endpoints page; published OpenAPI specification (options of vectorize, `image_format`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from studio.recraft import prices
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.sandbox import choices, inputs, styling, validation
from studio.sandbox.drawing import DrawRequest
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.editing import cutout, enlarging, erasing, recomposing, remixing, tracing
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import LEAST_CRISP_SIDE, Rules, Source
from studio.sandbox.editing.tracing import Options
from studio.sandbox.fields import UINT32_MAX, BadValue, Fields, array, flag, in_range, one_of, text, whole
from studio.sandbox.inputs import Asked
from studio.sandbox.work import Shape, Task, Work

ON_OFF = ("on", "off")
STACKINGS = ("cut_out", "hierarchical")
SIMILAR_PATH, EXPLORE_PATH = "/v1/images/explore/similar", "/v1/images/explore"


@dataclass(frozen=True, slots=True)
class Output:
    """What every picture endpoint can be asked about its answer."""

    base64: bool
    image_format: str


def output(body: Mapping[str, Any]) -> Output:
    """Raises BadValue."""
    response_format, image_format = text(body, "response_format"), text(body, "image_format")
    for name in ("expire", "block_nsfw"):
        flag(body, name)
    upscale = text(body, "upscale")
    one_of("response_format", response_format, ("url", "b64_json"))
    one_of("image_format", image_format, ("webp", "png"))
    one_of("upscale", upscale, ("upscale4mp", "upscale16mp"))
    return Output(response_format == "b64_json", "png" if image_format == "png" else "webp")


def _single(operation: str, asked: Output, task: Task, vector: bool = False) -> Work:
    price = prices.price(operation, None, 1)
    return Work(price=price, tasks=(task,), vector=vector, base64=asked.base64, shape=Shape.IMAGE)


Edit = Callable[[Source, str], Drawn]


async def process(asked: Asked, operation: str, edit: Edit, rules: Rules) -> Work:
    """The endpoints that take nothing but a picture."""
    wanted = output(asked.fields)
    source = await inputs.image(asked, rules)
    return _single(operation, wanted, Task(edit, (source, wanted.image_format)), source.kind == "svg")


remove_background = partial(
    process, operation="remove-background", edit=cutout.remove_background, rules=Rules(svg=True)
)
crisp_upscale = partial(process, operation="crisp-upscale", edit=enlarging.crisp, rules=Rules(least=LEAST_CRISP_SIDE))
creative_upscale = partial(process, operation="creative-upscale", edit=enlarging.creative, rules=Rules())


async def erase_region(asked: Asked) -> Work:
    wanted = output(asked.fields)
    source = await inputs.image(asked, Rules(svg=True))
    mask = await inputs.mask(asked, source)
    task = Task(erasing.erase_region, (source, mask, wanted.image_format))
    return _single("erase-region", wanted, task, source.kind == "svg")


async def vectorize(asked: Asked) -> Work:
    wanted, options = output(asked.fields), vectorize_options(asked.fields)
    source = await inputs.image(asked, Rules())
    return _single("vectorize", wanted, Task(tracing.vectorize, (source, options)), vector=True)


def vectorize_options(body: Mapping[str, Any]) -> Options:
    """Raises BadValue."""
    said = {}
    for name in ("color_reduction", "limit_num_shapes", "return_gradients", "small_shape_filter", "svg_compression"):
        said[name] = text(body, name)
        one_of(name, said[name], ON_OFF)
    stacking, most = text(body, "shape_stacking"), whole(body, "max_num_shapes")
    one_of("shape_stacking", stacking, STACKINGS)
    in_range("max_num_shapes", most, 1, UINT32_MAX)
    limited = said["limit_num_shapes"] == "on" or (most is not None and said["limit_num_shapes"] != "off")
    return Options(
        few_colors=said["color_reduction"] == "on",
        most_shapes=(most or choices.MOST_SHAPES) if limited else None,
        gradients=said["return_gradients"] == "on",
        without_small=said["small_shape_filter"] == "on",
        compressed=said["svg_compression"] == "on",
        cut_out=stacking == "cut_out",
        palette=strict_palette(array(body, "strict_color_palette")),
    )


def strict_palette(entries: list[Any]) -> tuple[Rgb, ...]:
    """Colors as [r, g, b]; a form may send them one number after the other. Raises BadValue."""
    if entries and not any(isinstance(entry, list) for entry in entries):
        entries = [entries[start : start + 3] for start in range(0, len(entries), 3)]
    for k, entry in enumerate(entries):
        label = f"strict_color_palette[{k}]"
        whole_numbers = isinstance(entry, list) and all(type(channel) is int for channel in entry)
        if not whole_numbers or len(entry) != 3:
            raise BadValue(choices.TYPE_MESSAGE.format(name=label, kind="3 integers"))
        for channel in entry:
            in_range(label, channel, 0, 255)
    return tuple((r, g, b) for r, g, b in entries)


async def variate(asked: Asked) -> Work:
    """Remix. Charged once, whatever `n`."""
    fields = Fields.of(asked.fields)
    model = styling.choose_model(fields, styling.Choice())
    if fields.size is None:
        raise BadValue(choices.REQUIRED_MESSAGE.format(name="size"))
    size = validation.pixels(fields.size, model)
    in_range("n", fields.n, 1, validation.IMAGES_MAX)
    in_range("random_seed", fields.random_seed, 0, UINT32_MAX)
    wanted, seed = output(asked.fields), validation.seed(fields.random_seed)
    source = await inputs.image(asked, Rules(svg=True))
    n = fields.n or 1
    return Work(
        price=prices.price("variate-image", model.id, n),
        tasks=tuple(Task(remixing.remix, (_plain(model, "", seed, k, size, wanted), source)) for k in range(n)),
        model=model.id,
        seed=seed,
        vector=model.vector,
        base64=wanted.base64,
    )


def _plain(model: ImageModel, prompt: str, seed: int, index: int, size: tuple[int, int], wanted: Output) -> DrawRequest:
    """A request for a picture with nothing but these said about it."""
    image_format: Any = "svg" if model.vector else wanted.image_format
    return DrawRequest(prompt, None, seed, index, model.id, None, None, *size, (), None, image_format, False, None)


async def similar(asked: Asked) -> Work:
    """Eight pictures near one that /explore made."""
    image_id, similarity = _uuid(asked.fields, "source_image_id"), whole(asked.fields, "similarity")
    if similarity is None:
        raise BadValue(choices.REQUIRED_MESSAGE.format(name="similarity"))
    in_range("similarity", similarity, 1, 5)
    wanted = output(asked.fields)
    store = asked.sandbox.store
    origin = await asked.sandbox.stored(store.origin, image_id)
    image = await asked.sandbox.stored(store.image, image_id)
    data = await asked.sandbox.result(image_id)
    if origin is None or image is None or data is None or origin.path not in (EXPLORE_PATH, SIMILAR_PATH):
        raise BadValue(choices.NO_SOURCE_MESSAGE.format(image_id=image_id))
    model, size = IMAGE_MODELS[origin.model], (image.width, image.height)
    source = Source(data, image.media_type.removeprefix("image/").removesuffix("+xml"), *size)
    seed = int(UUID(image_id)) & UINT32_MAX
    # What explore drew by one of its hands goes on being drawn by it
    hand = recomposing.hand(model.vector, origin.position) if origin.path == EXPLORE_PATH else None
    drawings = [_plain(model, origin.prompt, seed, k + 1, size, wanted) for k in range(choices.EXPLORE_IMAGES)]
    return Work(
        price=prices.price("explore-similar", None, 1),
        tasks=tuple(Task(remixing.similar, (replace(request, style=hand), source, similarity)) for request in drawings),
        model=model.id,
        prompt=origin.prompt,
        seed=seed,
        vector=model.vector,
        base64=wanted.base64,
    )


def _uuid(body: Mapping[str, Any], name: str) -> str:
    said = text(body, name)
    if not said:
        raise BadValue(choices.REQUIRED_MESSAGE.format(name=name))
    try:
        return str(UUID(said))
    except ValueError:
        raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="a UUID")) from None
