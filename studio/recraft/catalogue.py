"""
Every operation the studio offers, described once.

The form, its validation, the request body, the quote and the reference are functions of an entry here: adding an
operation is adding an entry. An entry says everything and does nothing.

What the API takes and the studio does not offer stands in NOT_OFFERED with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from studio.recraft import image_models, params, prices, rules, styles
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.recraft.params import Choices, InvalidParam, Param, is_absent
from studio.recraft.rules import Rule, Values


class Encoding(StrEnum):
    """How a request body travels."""

    JSON = "json"
    MULTIPART = "multipart"


class Output(StrEnum):
    """What comes back: always pixels, always SVG, or whatever the image model draws."""

    RASTER = "raster"
    VECTOR = "vector"
    MODEL = "model"


class InvalidValues(ValueError):
    """Values that can't be sent; `errors` maps a param's name to what is wrong, in plain words."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in errors.items()))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """
    One operation of the API. `path` is below the base URL; `image_models` are ids in menu order.

    Values are a plain JSON-able mapping from param name to value; absent, None and empty mean "not sent".
    """

    slug: str
    label: str
    summary: str
    path: str
    encoding: Encoding
    params: tuple[Param, ...]
    image_models: tuple[str, ...]
    default_image_model: str
    output: Output
    rules: tuple[Rule, ...] = ()

    def image_model(self, values: Values) -> ImageModel:
        """The image model the values ask for. Raises InvalidValues when this operation does not have it."""
        id = values.get("model") or self.default_image_model
        if id in self.image_models:
            return IMAGE_MODELS[id]
        known = IMAGE_MODELS.get(id) if isinstance(id, str) else None
        if known is None:
            raise InvalidValues({"model": "There is no such model."})
        drawn = "vectors" if known.vector else "raster pictures"
        raise InvalidValues({"model": f"{known.label} draws {drawn}; {self.label} does not take it."})

    def params_for(self, image_model_id: str) -> tuple[Param, ...]:
        """The params this image model takes, in the form's order."""
        return tuple(param for param in self.params if IMAGE_MODELS[image_model_id].accepts(param.name))

    def why_not(self, param_name: str, image_model_id: str) -> str | None:
        """Why a param is hidden for an image model ("Negative prompt: V2 and V3 only."); None when it is not."""
        label = next((param.label for param in self.params if param.name == param_name), param_name)
        if IMAGE_MODELS[image_model_id].accepts(param_name):
            return None
        return f"{label}: {image_models.who_takes(param_name)} only."

    def validate(self, values: Values) -> None:
        """Raises InvalidValues naming every field that is wrong."""
        image_model = self.image_model(values)
        names = {param.name for param in self.params}
        errors = {name: "There is no such parameter." for name in values if name not in names}
        errors |= {error.name: error.message for error in self._broken_params(values, image_model)}
        errors |= {
            error.name: error.message
            for error in self._broken_rules(values, image_model, set(errors))
            if error.name not in errors
        }
        if errors:
            raise InvalidValues(errors)

    def body(self, values: Values) -> dict[str, Any]:
        """Exactly what goes on the wire for values that passed `validate`."""
        image_model = self.image_model(values)
        body: dict[str, Any] = {}
        for param in self.params:
            # The image model is always named, even when it is the API's own default: the quote depends on it.
            value = image_model.id if param.name == "model" else values.get(param.name)
            if not is_absent(value):
                _put(body, param.path, param.to_wire(value, image_model))
        return {**body, **ALWAYS_SENT}

    def quote(self, values: Values) -> int:
        """The price of these values in whole API units. Raises NoPrice."""
        n = values.get("n")
        return prices.price(self.slug, self.image_model(values).id, 1 if n is None else n)

    def _broken_params(self, values: Values, image_model: ImageModel) -> Iterator[InvalidParam]:
        for param in self.params:
            value = values.get(param.name)
            if is_absent(value):
                if param.required:
                    yield param.invalid(f"{param.label} is needed.")
                continue
            if why_not := self.why_not(param.name, image_model.id):
                yield param.invalid(why_not)
                continue
            try:
                param.check(value, image_model)
            except InvalidParam as error:
                yield error

    def _broken_rules(self, values: Values, image_model: ImageModel, wrong: set[str]) -> Iterator[InvalidParam]:
        for rule in self.rules:
            if wrong.intersection(rule.reads):
                continue
            try:
                rule.check(values, image_model)
            except InvalidParam as error:
                yield error


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        body = body.setdefault(parent, {})
    body[last] = value


# A link, not the picture: a link is committed in one small row before anything is downloaded, so a crash between
# paying and storing loses nothing.
ALWAYS_SENT: Mapping[str, Any] = MappingProxyType({"response_format": "url"})


def _style_choices(image_model: ImageModel) -> Choices:
    return tuple((style.name, style.label) for style in styles.styles_for(image_model.id))


def _substyle_choices(image_model: ImageModel) -> Choices:
    ids = dict.fromkeys(id for style in styles.styles_for(image_model.id) for id in style.substyles)
    return tuple((id, styles.substyle_label(id)) for id in ids)


def _no_style(image_model: ImageModel, name: str) -> str:
    others = [IMAGE_MODELS[id].label for id in styles.STYLES if styles.find(id, name)]
    here = f"{image_model.label} has no style “{name}”"
    return f"{here}; {' and '.join(others)} {'have' if len(others) > 1 else 'has'} it." if others else f"{here}."


def _model_choices(ids: tuple[str, ...]) -> Choices:
    return tuple((id, IMAGE_MODELS[id].label) for id in ids)


# Source of the fields and limits: Recraft docs, Endpoints page, Generate image, Controls and Text layout; fields the
# page leaves out (substyle, image_format, creativity) from the OpenAPI document of the API.
PROMPT = params.Text(name="prompt", label="Prompt", path="prompt", required=True, multiline=True)
COUNT = params.Integer(name="n", label="Pictures", path="n", min=1, max=6, default=1)
SIZE = params.Size(
    name="size",
    label="Size",
    path="size",
    by_model=lambda image_model: tuple((aspect, aspect) for aspect in image_model.sizes),
    refusal=lambda image_model, value: f"{image_model.label} has no size “{value}”.",
    help="Left open, Recraft chooses from the prompt.",
)
STYLE = params.Choice(name="style", label="Style", path="style", by_model=_style_choices, refusal=_no_style)
SUBSTYLE = params.Choice(name="substyle", label="Substyle", path="substyle", by_model=_substyle_choices)
STYLE_ID = params.StyleId(name="style_id", label="Custom style", path="style_id", max_length=36)
NEGATIVE_PROMPT = params.Text(
    name="negative_prompt",
    label="Negative prompt",
    path="negative_prompt",
    multiline=True,
    help="What the picture should not show.",
)
SEED = params.Integer(
    name="random_seed",
    label="Seed",
    path="random_seed",
    min=0,
    max=2**32 - 1,
    help="The same seed and settings draw the same picture.",
)
IMAGE_FORMAT = params.Choice(
    name="image_format",
    label="File format",
    path="image_format",
    choices=(("webp", "WebP"), ("png", "PNG")),
    refusal=lambda image_model, value: "WebP or PNG.",
)
COLORS = params.Palette(
    name="colors",
    label="Palette",
    path="controls.colors",
    help="Weights are optional and add up to at most 1.",
)
BACKGROUND = params.Color(name="background_color", label="Background color", path="controls.background_color")
ARTISTIC_LEVEL = params.Integer(
    name="artistic_level",
    label="Artistic level",
    path="controls.artistic_level",
    min=0,
    max=5,
    help="0 is calm and static, 5 is dynamic and eccentric.",
)
NO_TEXT = params.Flag(name="no_text", label="No text", path="controls.no_text", help="Keep lettering out.")
TEXT_LAYOUT = params.TextLayout(
    name="text_layout", label="Text layout", path="text_layout", help="Single words, each with four corners."
)
CREATIVITY = params.Choice(
    name="creativity",
    label="Creativity",
    path="creativity",
    choices=(("simple", "Simple"), ("standard", "Standard"), ("eccentric", "Eccentric")),
    refusal=lambda image_model, value: "Simple, standard or eccentric.",
)


def _model_param(ids: tuple[str, ...]) -> params.Choice:
    return params.Choice(name="model", label="Model", path="model", choices=_model_choices(ids))


_STYLING = (STYLE, SUBSTYLE, STYLE_ID, NEGATIVE_PROMPT)
_CONTROLS = (COLORS, BACKGROUND, ARTISTIC_LEVEL, NO_TEXT, TEXT_LAYOUT, CREATIVITY)
_RULES = (rules.OneStyleOnly(), rules.SubstyleBelongs(), rules.WeightsSum())
_ALL = tuple(IMAGE_MODELS)

_OPERATIONS = (
    Operation(
        slug="generate",
        label="Generate",
        summary="Draw pictures from a prompt.",
        path="/images/generations",
        encoding=Encoding.JSON,
        params=(PROMPT, _model_param(_ALL), COUNT, SIZE, *_STYLING, *_CONTROLS, SEED, IMAGE_FORMAT),
        image_models=_ALL,
        default_image_model=image_models.DEFAULT,
        output=Output.MODEL,
        rules=_RULES,
    ),
    Operation(
        slug="generate-raster",
        label="Generate raster",
        summary="Draw pictures made of pixels from a prompt.",
        path="/images/generations/raster",
        encoding=Encoding.JSON,
        params=(
            PROMPT,
            _model_param(image_models.RASTER),
            COUNT,
            SIZE,
            *_STYLING,
            *_CONTROLS,
            SEED,
            IMAGE_FORMAT,
        ),
        image_models=image_models.RASTER,
        default_image_model=image_models.DEFAULT,
        output=Output.RASTER,
        rules=(*_RULES, rules.StyleDraws(vector=False)),
    ),
    Operation(
        slug="generate-vector",
        label="Generate vector",
        summary="Draw editable SVG from a prompt.",
        path="/images/generations/vector",
        encoding=Encoding.JSON,
        # No file format: a vector is SVG.
        params=(PROMPT, _model_param(image_models.VECTOR), COUNT, SIZE, *_STYLING, *_CONTROLS, SEED),
        image_models=image_models.VECTOR,
        default_image_model=image_models.DEFAULT_VECTOR,
        output=Output.VECTOR,
        rules=(*_RULES, rules.StyleDraws(vector=True)),
    ),
)
OPERATIONS: Mapping[str, Operation] = MappingProxyType({operation.slug: operation for operation in _OPERATIONS})

# Fields of the API's generation requests that no operation here sends as a choice, and why.
NOT_OFFERED: Mapping[str, str] = MappingProxyType(
    {
        "response_format": "Always url: a link is recorded before anything is downloaded, so no paid picture is lost.",
        "upscale": "Not on the Endpoints page and without a known price; upscaling is an operation of its own.",
        "block_nsfw": "Not on the Endpoints page: what a blocked picture costs and how it is reported is not said.",
        "calculate_features": "Its answer, a score per picture, has no place in the studio yet.",
        "expire": "Not explained by the docs; results are downloaded long before they expire anyway.",
        "style_references": "Belongs to V4 Styles, whose image models are not among the sixteen.",
        "style_reference_urls": "Belongs to V4 Styles, whose image models are not among the sixteen.",
        "style_match": "Belongs to V4 Styles, whose image models are not among the sixteen.",
        "controls.colors.std": "In the OpenAPI document without an explanation; the docs know rgb and weight.",
        "billing": "Chooses between two wallets; the studio accounts for API units only.",
    }
)
