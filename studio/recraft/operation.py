"""
What an operation is: a description from which form, validation, request body, quote, menu and reference derive.

An entry of the catalogue is an Operation and nothing else. Everything here is a function of its fields.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from studio.recraft import image_models, prices
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.recraft.inputs import SVG, Files, Image, InputFile, Mask, Obstacle, listed
from studio.recraft.params import InvalidParam, Param, is_absent
from studio.recraft.rules import FileRule, Rule, Values


class Encoding(StrEnum):
    """How a request body travels."""

    JSON = "json"
    MULTIPART = "multipart"


class Kind(StrEnum):
    """The menu an operation stands in: what a person wants to do."""

    CREATE = "create"
    EXPLORE = "explore"
    EDIT = "edit"
    FINISH = "finish"
    STYLE = "style"
    ASSIST = "assist"


class Output(StrEnum):
    """What comes back: always pixels, always SVG, what the image model draws, what was put in, or no picture."""

    RASTER = "raster"
    VECTOR = "vector"
    MODEL = "model"
    INPUT = "input"
    NONE = "none"


class Shape(StrEnum):
    """The shape of an answer, named after its field: a list of pictures, one picture, a style, a text, colors."""

    PICTURES = "data"
    PICTURE = "image"
    STYLE = "id"
    TEXT = "enhanced_prompt"
    COLORS = "mapping"


class InvalidValues(ValueError):
    """Values that can't be sent; `errors` maps a param's name to what is wrong, in plain words."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in errors.items()))
        self.errors = errors


# A link, not the picture: a link is committed in one small row before anything is downloaded, so a crash between
# paying and storing loses nothing.
ALWAYS_SENT: Mapping[str, Any] = MappingProxyType({"response_format": "url"})
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """
    One operation of the API. `path` is below the base URL; `image_models` are ids in menu order, none at all for an
    operation that does not choose one. `pictures` is how many come back when the values don't say; `price_line` is the
    line in the price book where it isn't the slug; `not_offered` are wire fields without a param, and why.

    Values are a plain JSON-able mapping from param name to value; absent, None and empty mean "not sent". The value of
    a picture is its id, and its bytes stand beside the values, by param name.
    """

    slug: str
    label: str
    summary: str
    path: str
    encoding: Encoding
    params: tuple[Param, ...]
    image_models: tuple[str, ...] = ()
    default_image_model: str = ""
    output: Output
    kind: Kind = Kind.CREATE
    shape: Shape = Shape.PICTURES
    pictures: int = 1
    rules: tuple[Rule, ...] = ()
    file_rules: tuple[FileRule, ...] = ()
    price_line: str = ""
    not_offered: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def inputs(self) -> tuple[Image, ...]:
        """The params whose bytes travel as files, in the form's order."""
        return tuple(param for param in self.params if isinstance(param, Image))

    @property
    def picture(self) -> Image | None:
        """The input that the operation is about; None when it starts from no picture."""
        return next((param for param in self.inputs if not isinstance(param, Mask)), None)

    @property
    def always_sent(self) -> Mapping[str, Any]:
        """Wire fields that are no choice."""
        return ALWAYS_SENT if self.shape in (Shape.PICTURES, Shape.PICTURE) else NOTHING

    @property
    def price(self) -> prices.Price:
        """Its line of the price book. Raises NoPrice."""
        return prices.line(self.price_line or self.slug)

    @property
    def price_range(self) -> tuple[int, int]:
        """The least and the most units a picture or a request can cost, by image model. Raises NoPrice."""
        found = [self.price.units[id] for id in self.image_models or (None,) if id in self.price.units]
        return min(found), max(found)

    def param(self, name: str) -> Param | None:
        return next((param for param in self.params if param.name == name), None)

    def image_model(self, values: Values) -> ImageModel | None:
        """
        The image model the values ask for; None when the operation chooses none.

        Raises InvalidValues when this operation does not have it.
        """
        if not self.image_models:
            return None
        id = values.get("model") or self.default_image_model
        if id in self.image_models:
            return IMAGE_MODELS[id]
        known = IMAGE_MODELS.get(id) if isinstance(id, str) else None
        if known is None:
            raise InvalidValues({"model": "There is no such model."})
        if self.output in (Output.RASTER, Output.VECTOR):
            drawn = "vectors" if known.vector else "raster pictures"
            raise InvalidValues({"model": f"{known.label} draws {drawn}; {self.label} does not take it."})
        families = dict.fromkeys(str(IMAGE_MODELS[id].family) for id in self.image_models)
        raise InvalidValues({"model": f"{self.label} works with {listed(families)} models, not with {known.label}."})

    def params_for(self, image_model_id: str) -> tuple[Param, ...]:
        """The params this image model takes, in the form's order."""
        return tuple(param for param in self.params if _accepts(image_model_id, param.name))

    def why_not(self, param_name: str, image_model_id: str) -> str | None:
        """Why a param is hidden for an image model ("Negative prompt: V2 and V3 only."); None when it is not."""
        if _accepts(image_model_id, param_name):
            return None
        param = self.param(param_name)
        takers = image_models.who_takes(param_name, self.image_models)
        return f"{param.label if param else param_name}: {takers} only."

    def validate(self, values: Values) -> None:
        """Raises InvalidValues naming every field that is wrong. The files are for `check_inputs`."""
        image_model = self.image_model(values)
        names = {param.name for param in self.params}
        errors = {name: "There is no such parameter." for name in values if name not in names}
        errors |= _broken(lambda param: self._check(param, values, image_model), self.params)
        sound = [rule for rule in self.rules if not errors.keys() & set(rule.reads)]
        broken = _broken(lambda rule: rule.check(values, image_model), sound)
        if errors := {**broken, **errors}:
            raise InvalidValues(errors)

    def check_inputs(self, values: Values, files: Files) -> None:
        """
        Raises InvalidValues naming every picture that can't be sent, with the way out.

        `files` holds, by param name, one file for each picture the values name, in their order.
        """
        errors = {name: "This is no picture." for name in files if name not in {each.name for each in self.inputs}}
        errors |= _broken(lambda param: _check_files(param, values, files), self.inputs)
        sound = [rule for rule in self.file_rules if not errors.keys() & set(rule.reads)]
        if errors := {**_broken(lambda rule: rule.check_files(values, files), sound), **errors}:
            raise InvalidValues(errors)

    def body(self, values: Values) -> dict[str, Any]:
        """Exactly what goes on the wire beside the files, for values that passed `validate`."""
        image_model = self.image_model(values)
        body: dict[str, Any] = {}
        for param in self.params:
            # The image model is always named, even when it is the API's own default: the quote depends on it.
            value = image_model.id if image_model and param.name == "model" else values.get(param.name)
            if not isinstance(param, Image) and not param.is_left_out(value):
                _put(body, param.path, param.to_wire(value, image_model))
        return {**body, **self.always_sent}

    def normal(self, values: Values) -> dict[str, Any]:
        """
        The same request in its one form: the image model named, defaults filled in, nothing that says nothing.

        Two requests with equal normal forms, and equal pictures, ask for the same.
        """
        image_model = self.image_model(values)
        given = {"model": image_model.id} if image_model else {}
        for param in self.params:
            value = values.get(param.name, getattr(param, "default", None))
            if param.name != "model" and not param.is_left_out(value):
                given[param.name] = value
        return given

    def count(self, values: Values) -> int:
        """How many pictures come back."""
        asked = values.get("n") if self.param("n") else None
        return asked if isinstance(asked, int) else self.pictures

    def quote(self, values: Values) -> int:
        """The price of these values in whole API units. Raises NoPrice."""
        image_model = self.image_model(values)
        asked = values.get("n") if self.param("n") else None
        return prices.price(
            self.price_line or self.slug, image_model.id if image_model else None, 1 if asked is None else asked
        )

    def takes(self, media_type: str, width: int, height: int, size: int = 0) -> tuple[Obstacle, ...]:
        """
        Why a picture can't be used, each reason with the nearest way out; empty when it can.

        Sides in pixels, `size` in bytes.
        """
        if self.picture is None:
            return (Obstacle(f"{self.label} starts from no picture."),)
        return self.picture.limits.obstacles(self.label, media_type, width, height, size)

    def draws_vector(self, values: Values, source_media_type: str = "") -> bool | None:
        """Whether SVG comes back; None when no picture does, or only the server knows."""
        if self.output is Output.MODEL:
            image_model = self.image_model(values)
            return image_model.vector if image_model else None
        if self.output is Output.INPUT:
            return source_media_type == SVG if source_media_type else None
        return {Output.RASTER: False, Output.VECTOR: True}.get(self.output)

    def _check(self, param: Param, values: Values, image_model: ImageModel | None) -> None:
        value = values.get(param.name)
        if is_absent(value):
            if param.required:
                raise param.invalid(f"{param.label} is needed.")
            return
        if why_not := self.why_not(param.name, image_model.id if image_model else ""):
            raise param.invalid(why_not)
        param.check(value, image_model)


def _accepts(image_model_id: str, param_name: str) -> bool:
    return not image_model_id or IMAGE_MODELS[image_model_id].accepts(param_name)


def _check_files(param: Image, values: Values, files: Files) -> None:
    value = values.get(param.name)
    wanted = 0 if is_absent(value) else len(param.ids(value))
    found: tuple[InputFile, ...] = files.get(param.name, ())
    if param.required and not found:
        raise param.invalid(f"{param.label} is needed.")
    if len(found) != wanted:
        raise param.invalid(f"{wanted} pictures were named, {len(found)} were found.")
    param.check_files(found)


def _broken(check: Callable[[Any], None], each: Iterable[Any]) -> dict[str, str]:
    """What each check has to say, by param name. Of two that blame the same param the first counts."""
    errors: dict[str, str] = {}
    for one in each:
        try:
            check(one)
        except InvalidParam as error:
            errors.setdefault(error.name, error.message)
    return errors


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        body = body.setdefault(parent, {})
    body[last] = value
