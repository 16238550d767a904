"""Which image model draws a request, in which style, and whether that makes a raster picture or an SVG.

V4 models have no styles. A curated name belongs to one model; a legacy id also decides the kind of picture when the
model is plain `recraftv3` or `recraftv2`.
Source: Recraft docs: Styles page and Endpoints page; error texts as recorded from the live service by third parties.
"""

from dataclasses import dataclass
from enum import StrEnum

from studio.recraft.image_models import DEFAULT, IMAGE_MODELS, Family, ImageModel
from studio.recraft.styles import Style, find
from studio.sandbox import choices
from studio.sandbox.custom import CustomStyle
from studio.sandbox.fields import BadValue, Fields

VECTOR_SUFFIX = "_vector"
STYLED_FAMILIES = (Family.V2, Family.V3)
# "A name that exists in both V2 and V3 resolves to V3 when no model is given." Source: Recraft docs: Styles page.
MODELS_BY_STYLE = ("recraftv3", "recraftv3_vector", "recraftv2", "recraftv2_vector")


class Kind(StrEnum):
    """What an endpoint answers: `ANY` is /generations, where model and style decide."""

    ANY = "any"
    RASTER = "raster"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Choice:
    """The image models of an endpoint and the one it takes by default."""

    default: str = DEFAULT
    allowed: frozenset[str] = frozenset(IMAGE_MODELS)
    kind: Kind = Kind.ANY


def choose_model(fields: Fields, choice: Choice, custom: CustomStyle | None = None) -> ImageModel:
    """Raises BadValue with `invalid_model`."""
    if fields.model is None:
        return IMAGE_MODELS[_default_model(fields, choice, custom)]
    name = choices.MODEL_ALIASES.get(fields.model, fields.model).removesuffix(choices.RASTER_SUFFIX)
    if name not in choice.allowed or (name.endswith(VECTOR_SUFFIX) and name != fields.model):
        raise BadValue(choices.INVALID_MODEL_MESSAGE.format(model=fields.model), "invalid_model")
    return IMAGE_MODELS[name]


def _default_model(fields: Fields, choice: Choice, custom: CustomStyle | None) -> str:
    """A style that is named or custom brings its model along, where the endpoint allows it."""
    named = custom.style if custom else named_style(fields)
    fitting = [model for model in MODELS_BY_STYLE if model in choice.allowed]
    if custom is not None and custom.model in fitting:
        return custom.model
    for model in fitting if named is not None else ():
        if find(model, named or "") is not None:
            return model
    if custom is not None and fitting:
        return fitting[0]
    return choice.default


def named_style(fields: Fields) -> str | None:
    return None if fields.style == choices.NO_STYLE else fields.style


def choose_style(fields: Fields, model: ImageModel, custom: CustomStyle | None = None) -> Style | None:
    """Raises BadValue for a style that this model doesn't know, and for every style on V4."""
    if model.family not in STYLED_FAMILIES:
        if fields.style is not None:
            raise _invalid_style(fields.style)
        if custom is not None:
            raise BadValue(choices.STYLE_MODEL_MESSAGE.format(style_id=custom.id, model=model.id))
    name = custom.style if custom else named_style(fields)
    if name is None or name == choices.NO_STYLE:
        return None
    style = find(model.id, name) or _legacy_of_sibling(model, name)
    if style is None:
        raise _invalid_style(name)
    return style


def _legacy_of_sibling(model: ImageModel, name: str) -> Style | None:
    """A legacy id of the family's other half: `recraftv3` draws SVG in `vector_illustration`."""
    style = find(sibling(model).id, name)
    return style if style is not None and style.legacy else None


def sibling(model: ImageModel) -> ImageModel:
    """`recraftv3` and `recraftv3_vector` are each other's."""
    plain = model.id.removesuffix(VECTOR_SUFFIX)
    return IMAGE_MODELS[plain if model.vector else plain + VECTOR_SUFFIX]


def _invalid_style(name: str) -> BadValue:
    return BadValue(f"Invalid style {name}", choices.INVALID_STYLE_CODE)


def check_substyle(fields: Fields, style: Style | None) -> None:
    """A substyle belongs to the legacy style that it is sent with."""
    if fields.substyle is not None and (style is None or fields.substyle not in style.substyles):
        raise BadValue(choices.INVALID_SUBSTYLE_MESSAGE.format(substyle=fields.substyle))


def draws_vector(model: ImageModel, style: Style | None) -> bool:
    return model.vector or (style is not None and style.vector)


def check_kind(kind: Kind, model: ImageModel, style: Style | None) -> None:
    """Refuses a style or model of the wrong kind, with the texts that the live service uses."""
    if style is not None:
        name, vector = style.name, style.vector
    else:
        name, vector = (choices.VECTOR_MODEL_STYLE if model.vector else choices.NO_STYLE), model.vector
    if not vector and (kind is Kind.VECTOR or model.vector):
        raise BadValue(f"Style '{name}' is not a vector style", "invalid_image_type")
    if vector and kind is Kind.RASTER:
        raise BadValue(f"Style '{name}' is not a raster style", "invalid_image_type")


def priced_model(model: ImageModel, style: Style | None) -> str:
    """The id whose price applies."""
    if choices.LEGACY_VECTOR_STYLE_COSTS_VECTOR and draws_vector(model, style) and not model.vector:
        return sibling(model).id
    return model.id
