"""
The endpoints that draw from a prompt, with or without a source picture: from a read body to checked work.

Values are checked first, pictures after them: looking at a picture costs more than looking at a number.
Source: Recraft docs: Endpoints page; published OpenAPI specification.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from studio.recraft.image_models import IMAGE_MODELS, Family
from studio.sandbox import choices, expansion, inputs, validation
from studio.sandbox.custom import BASIC, CustomStyle
from studio.sandbox.drawing import DrawRequest
from studio.sandbox.editing import masked, outpainting, recomposing
from studio.sandbox.editing.drawn import Drawn, generated, worked_size
from studio.sandbox.editing.intake import Rules, Source
from studio.sandbox.fields import BadValue, in_range, number
from studio.sandbox.inputs import Asked
from studio.sandbox.styling import Choice, Kind
from studio.sandbox.validation import Endpoint, Generation
from studio.sandbox.work import Task, Work

V3 = Choice("recraftv3", frozenset({"recraftv3", "recraftv3_vector"}))
STYLED = frozenset(id for id, model in IMAGE_MODELS.items() if model.family is not Family.V2)
EXPLORED = frozenset(id for id, model in IMAGE_MODELS.items() if model.family in (Family.V4_1, Family.V4))
IMAGE_TO_IMAGE = Endpoint("image-to-image", Choice(allowed=STYLED), sized=False)
INPAINT = Endpoint("inpaint", V3, sized=False)
OUTPAINT = Endpoint("outpaint", V3, sized=False)
REPLACE_BACKGROUND = Endpoint("replace-background", V3, sized=False)
GENERATE_BACKGROUND = Endpoint("generate-background", V3, sized=False)
EXPLORE = Endpoint("explore", Choice(allowed=EXPLORED), counted=False)

ANY_SOURCE = Rules(svg=True)
# The documents give no least size for imageToImage.
UNBOUNDED_SOURCE = Rules(svg=True, least=1)


def draw_request(asked: Generation, index: int, size: tuple[int, int] | None = None) -> DrawRequest:
    width, height = size or (asked.width, asked.height)
    return DrawRequest(
        prompt=asked.prompt,
        negative_prompt=asked.negative_prompt,
        seed=asked.seed,
        index=index,
        model=asked.model.id,
        style=asked.style,
        substyle=asked.substyle,
        width=width,
        height=height,
        colors=asked.colors,
        background=asked.background,
        image_format=asked.image_format,
        no_text=asked.no_text,
        artistic_level=asked.artistic_level,
        reference=asked.reference,
    )


def _work(asked: Generation, tasks: tuple[Task, ...]) -> Work:
    return Work(
        price=asked.price,
        tasks=tasks,
        model=asked.model.id,
        prompt=asked.prompt,
        seed=asked.seed,
        vector=asked.vector,
        base64=asked.base64,
        features=asked.features,
    )


def _each(asked: Generation, function: Callable[..., Drawn], *more: Any, size: tuple[int, int] | None = None) -> Work:
    """The same done for each of the pictures asked for."""
    tasks = tuple(Task(function, (draw_request(asked, index, size), *more)) for index in range(asked.n))
    return _work(asked, tasks)


async def custom_style(asked: Asked) -> CustomStyle | None:
    """The style behind the request's `style_id`: built in or made here."""
    style_id = asked.fields.get("style_id")
    if not isinstance(style_id, str):
        return None
    return BASIC.get(style_id.lower()) or await asked.sandbox.stored(asked.sandbox.store.style, style_id.lower())


async def generation(asked: Asked, kind: Kind) -> Work:
    return _each(validation.generation(asked.fields, kind, await custom_style(asked)), generated)


async def _transform(asked: Asked, endpoint: Endpoint, rules: Rules = ANY_SOURCE) -> tuple[Generation, Source]:
    checked = validation.prompted(asked.fields, endpoint, await custom_style(asked))
    return checked, await inputs.image(asked, rules)


async def image_to_image(asked: Asked) -> Work:
    checked = validation.prompted(asked.fields, IMAGE_TO_IMAGE, await custom_style(asked))
    strength = _required_share(asked, "strength")
    source = await inputs.image(asked, UNBOUNDED_SOURCE)
    return _each(checked, recomposing.image_to_image, source, strength, size=worked_size(source))


def _required_share(asked: Asked, name: str) -> float:
    value = number(asked.fields, name, name)
    if value is None:
        raise BadValue(choices.REQUIRED_MESSAGE.format(name=name))
    in_range(name, value, 0, 1)
    return value


async def inpaint(asked: Asked) -> Work:
    checked, source = await _transform(asked, INPAINT)
    mask = await inputs.mask(asked, source)
    return _each(checked, masked.inpaint, source, mask, size=worked_size(source))


async def generate_background(asked: Asked) -> Work:
    checked, source = await _transform(asked, GENERATE_BACKGROUND)
    mask = await inputs.mask(asked, source)
    return _each(checked, masked.generate_background, source, mask, size=worked_size(source))


async def replace_background(asked: Asked) -> Work:
    checked, source = await _transform(asked, REPLACE_BACKGROUND)
    return _each(checked, masked.replace_background, source, size=worked_size(source))


async def outpaint(asked: Asked) -> Work:
    checked = validation.prompted(asked.fields, OUTPAINT, await custom_style(asked))
    wish = expansion.read(asked.fields, checked.model)
    source = await inputs.image(asked, ANY_SOURCE)
    frame = expansion.frame(wish, worked_size(source))
    return _each(checked, outpainting.outpaint, source, frame, size=(frame.width, frame.height))


async def explore(asked: Asked) -> Work:
    """Eight pictures of one prompt, each by another hand."""
    checked = replace(validation.prompted(asked.fields, EXPLORE, await custom_style(asked)), n=choices.EXPLORE_IMAGES)
    return _each(checked, recomposing.explored)
