"""
Custom styles: made from references or mixed from other styles, listed, shown, deleted.

Source: Recraft docs: Endpoints page, "Create style"; published OpenAPI specification for the other three.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from studio.recraft import prices
from studio.recraft.image_models import IMAGE_MODELS, Family
from studio.sandbox import answers, calls, choices, inputs, nested
from studio.sandbox.custom import BASIC, CustomStyle
from studio.sandbox.drawing import Reference
from studio.sandbox.editing import intake
from studio.sandbox.editing.intake import MEGABYTE
from studio.sandbox.editing.references import look, look_of_built_in, mixed
from studio.sandbox.fields import BadValue, array, flag, one_of, text, thing
from studio.sandbox.inputs import Asked
from studio.sandbox.work import Shape, Work

BASES = ("any", "realistic_image", "digital_illustration", "vector_illustration", "icon", "logo_raster")
POLICIES = ("PaletteMatch", "MaxWeight")
MOST_FILES = 5
MOST_TOTAL_BYTES = 5 * MEGABYTE
STYLED = frozenset(id for id, model in IMAGE_MODELS.items() if model.family in (Family.V2, Family.V3))


async def create(asked: Asked) -> Work:
    """Raises BadValue."""
    body = asked.fields
    base, model, policy = text(body, "style"), text(body, "model"), text(body, "mix_policy")
    if base is None:
        raise BadValue(choices.REQUIRED_MESSAGE.format(name="style"))
    one_of("style", base, BASES)
    one_of("mix_policy", policy, POLICIES)
    if model is not None and model not in STYLED:
        raise BadValue(choices.INVALID_MODEL_MESSAGE.format(model=model), "invalid_model")
    said, private = text(body, "prompt"), flag(body, "private")
    palette = thing(body, "palette")
    wished = tuple(rgb for rgb, _ in nested.colors(palette))
    looks, weights = await _ingredients(asked)
    style = CustomStyle(
        id=str(uuid4()),
        style=base,
        model=model,
        look=mixed(looks, weights, policy == "MaxWeight", wished),
        prompt=said,
        is_private=private is not False,
        created_at=asked.sandbox.now(),
    )
    price = prices.price("create-style", None, 1)
    return Work(price=price, model=model or "", prompt=said or "", shape=Shape.OTHER, answer=shown(style), style=style)


async def _ingredients(asked: Asked) -> tuple[list[Reference], list[float]]:
    """The looks to mix and their weights: references first, then styles."""
    body = asked.fields
    given = await inputs.references(asked)
    names = _source_styles(body)
    if not given and not names:
        raise BadValue(choices.NO_REFERENCES_MESSAGE)
    if len(given) > MOST_FILES:
        raise BadValue(choices.MOST_FILES_MESSAGE.format(most=MOST_FILES))
    weights = _weights(body, "image_weights", len(given), "images")
    weights += _weights(body, "source_style_weights", len(names), "source_styles")
    for k, data in enumerate(given):
        await inputs.examined(asked.sandbox, intake.examine, data, intake.Rules(f"images[{k}]", least=1))
    if sum(map(len, given)) > MOST_TOTAL_BYTES:
        raise BadValue(choices.TOTAL_BYTES_MESSAGE.format(most=MOST_TOTAL_BYTES // MEGABYTE))
    looks = [await inputs.examined(asked.sandbox, look, data) for data in given]
    return looks + [await _look_of(asked, name) for name in names], weights


def _source_styles(body: Mapping[str, Any]) -> list[str]:
    names = array(body, "source_styles")
    for name in names:
        try:
            UUID(name if isinstance(name, str) else "")
        except ValueError:
            raise BadValue(choices.TYPE_MESSAGE.format(name="source_styles", kind="an array of UUIDs")) from None
    return [str(UUID(name)) for name in names]


def _weights(body: Mapping[str, Any], name: str, count: int, others: str) -> list[float]:
    said = array(body, name)
    if not said:
        return [1.0] * count
    if len(said) != count:
        raise BadValue(choices.COUNTS_MESSAGE.format(name=name, others=others))
    for value in said:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise BadValue(choices.TYPE_MESSAGE.format(name=name, kind="an array of numbers from 0"))
    return [float(value) for value in said]


async def _look_of(asked: Asked, style_id: str) -> Reference:
    style = BASIC.get(style_id) or await asked.sandbox.stored(asked.sandbox.store.style, style_id)
    if style is None:
        raise BadValue(choices.STYLE_NOT_FOUND_MESSAGE.format(style_id=style_id))
    if style.look is not None:
        return style.look
    return await inputs.examined(asked.sandbox, look_of_built_in, style.style, style.model or "")


def shown(style: CustomStyle) -> dict[str, Any]:
    """The Style of the specification."""
    made = datetime.fromtimestamp(int(style.created_at), UTC)
    return {
        "id": style.id,
        "style": style.style,
        "creation_time": made.isoformat().replace("+00:00", "Z"),
        "is_private": style.is_private,
    }


async def listed(request: Request) -> Response:
    sandbox = calls.sandbox_of(request)
    return answers.as_json({"styles": [shown(style) for style in await sandbox.stored(sandbox.store.styles)]})


async def basic(request: Request) -> Response:
    styles = [{"style_id": style.id, "style": style.style, "model": style.model} for style in BASIC.values()]
    return answers.as_json({"styles": styles})


async def one(request: Request) -> Response:
    sandbox, style_id = calls.sandbox_of(request), request.path_params["style_id"].lower()
    style = await sandbox.stored(sandbox.store.style, style_id)
    return _gone(style_id) if style is None else answers.as_json(shown(style))


async def deleted(request: Request) -> Response:
    sandbox, style_id = calls.sandbox_of(request), request.path_params["style_id"].lower()
    found = await sandbox.stored(sandbox.store.delete_style, style_id)
    return answers.as_json({}) if found else _gone(style_id)


def _gone(style_id: str) -> Response:
    message = choices.STYLE_NOT_FOUND_MESSAGE.format(style_id=style_id)
    return answers.error(choices.STYLE_GONE_STATUS, choices.STYLE_GONE_CODE, message)
