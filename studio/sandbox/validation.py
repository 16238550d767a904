"""What a request that draws from a prompt must be, in the order in which the service complains.

Types first, then the model (the prompt's limit depends on it), the prompt, style, kind of picture, and the rest.
Source of the order "prompt before style and kind": third-party recording of the live service.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from studio.recraft import prices
from studio.recraft.image_models import Family, ImageModel
from studio.recraft.styles import Style
from studio.sandbox import choices, nested, styling
from studio.sandbox.custom import CustomStyle
from studio.sandbox.drawing import Reference
from studio.sandbox.fields import UINT32_MAX, BadValue, Color, Fields, Rgb, Word, in_range, one_of
from studio.sandbox.styling import Kind

IMAGES_MAX = 6
# Also valid for V2 and V3 beside the table. Source: published OpenAPI specification, ImageSize.
EXTRA_SIZES: Mapping[Family, tuple[tuple[int, int], ...]] = {Family.V2: ((1707, 1024),), Family.V3: ((1707, 1024),)}


@dataclass(frozen=True, slots=True)
class Generation:
    """A request that passed every check, with only what its model takes. Sizes in pixels, `price` in units."""

    model: ImageModel
    prompt: str
    n: int
    width: int
    height: int
    vector: bool
    style: str | None
    substyle: str | None
    negative_prompt: str | None
    seed: int
    base64: bool
    image_format: Literal["webp", "png", "svg"]
    colors: tuple[Color, ...]
    background: Rgb | None
    no_text: bool
    artistic_level: int | None
    words: tuple[Word, ...]
    features: bool
    price: int
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What an endpoint that draws from a prompt takes. `operation` is its name in the price book."""

    operation: str
    choice: styling.Choice
    sized: bool = True
    counted: bool = True


ENDPOINTS: Mapping[Kind, Endpoint] = {
    Kind.ANY: Endpoint("generate", styling.Choice()),
    Kind.RASTER: Endpoint("generate", styling.Choice(kind=Kind.RASTER)),
    Kind.VECTOR: Endpoint("generate", styling.Choice(choices.DEFAULT_VECTOR_MODEL, kind=Kind.VECTOR)),
}


def generation(body: Mapping[str, Any], kind: Kind, custom: CustomStyle | None = None) -> Generation:
    """Check the body of a generation. Raises BadValue with the code and text that go on the wire."""
    return prompted(body, ENDPOINTS[kind], custom)


def prompted(body: Mapping[str, Any], endpoint: Endpoint, custom: CustomStyle | None = None) -> Generation:
    """Check a request that draws from a prompt. `custom` is the style behind its `style_id`. Raises BadValue."""
    fields = Fields.of(body)
    model = styling.choose_model(fields, endpoint.choice, custom)
    _check_prompt(fields, model)
    style = _checked_style(fields, model, endpoint.choice.kind, custom)
    width, height = pixels(fields.size if endpoint.sized else None, model)
    _check_plain_values(fields)
    words = nested.words(fields.text_layout)
    colors, background = nested.colors(fields.controls), nested.background(fields.controls)
    no_text, artistic_level = nested.no_text(fields.controls), nested.artistic_level(fields.controls)
    vector = styling.draws_vector(model, style)
    n = 1 if fields.n is None or not endpoint.counted else fields.n
    return Generation(
        model=model,
        prompt=fields.prompt or "",
        n=n,
        width=width,
        height=height,
        vector=vector,
        style=style.name if style else None,
        substyle=fields.substyle,
        negative_prompt=fields.negative_prompt if "negative_prompt" in model.takes else None,
        seed=seed(fields.random_seed),
        base64=fields.response_format == "b64_json",
        image_format="svg" if vector else "png" if fields.image_format == "png" else "webp",
        colors=colors,
        background=background,
        no_text=no_text and "no_text" in model.takes,
        artistic_level=artistic_level if "artistic_level" in model.takes else None,
        words=words if "text_layout" in model.takes else (),
        features=bool(fields.calculate_features),
        price=prices.price(endpoint.operation, styling.priced_model(model, style), n),
        reference=custom.look if custom else None,
    )


def seed(asked: int | None) -> int:
    return secrets.randbelow(UINT32_MAX + 1) if asked is None else asked


def _check_prompt(fields: Fields, model: ImageModel) -> None:
    # Source of the text: third-party recording of the live service. Length is counted in characters.
    if not 1 <= len(fields.prompt or "") <= model.prompt_limit:
        raise BadValue(f"prompt length should be in [1, {model.prompt_limit}]")


def _checked_style(fields: Fields, model: ImageModel, kind: Kind, custom: CustomStyle | None) -> Style | None:
    if fields.style is not None and fields.style_id is not None:
        raise BadValue(choices.BOTH_STYLES_MESSAGE)
    if fields.style_id is not None and custom is None:
        raise _unknown_style(fields.style_id)
    style = styling.choose_style(fields, model, custom)
    styling.check_kind(kind, model, style)
    styling.check_substyle(fields, style)
    return style


def _unknown_style(style_id: str) -> BadValue:
    try:
        UUID(style_id)
    except ValueError:
        return BadValue(choices.TYPE_MESSAGE.format(name="style_id", kind="a UUID"))
    return BadValue(choices.STYLE_NOT_FOUND_MESSAGE.format(style_id=style_id))


def pixels(size: str | None, model: ImageModel) -> tuple[int, int]:
    """Width and height of `WxH`, `w:h` or None. Vector models take both forms, as clients send both."""
    if size is None:
        return model.pixels(choices.AUTO_ASPECT)
    if size in model.sizes:
        return model.pixels(size)
    for width, height in (*model.sizes.values(), *EXTRA_SIZES.get(model.family, ())):
        if size == f"{width}x{height}":
            return width, height
    raise BadValue(choices.SIZE_MESSAGE.format(size=size, model=model.id))


def _check_plain_values(fields: Fields) -> None:
    in_range("n", fields.n, 1, IMAGES_MAX)
    in_range("random_seed", fields.random_seed, 0, UINT32_MAX)
    one_of("response_format", fields.response_format, ("url", "b64_json"))
    one_of("image_format", fields.image_format, ("webp", "png"))
    one_of("creativity", fields.creativity, ("simple", "standard", "eccentric"))
    one_of("upscale", fields.upscale, ("upscale4mp", "upscale16mp"))
