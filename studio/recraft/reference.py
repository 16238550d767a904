"""
The reference of an operation as plain data: what a page and the README's table are made of.

Everything is read from the catalogue, so that there is nothing to keep up to date.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from studio.recraft import image_models
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS, RASTER, VECTOR
from studio.recraft.inputs import FORMATS, Image, Mask
from studio.recraft.operation import Encoding, Operation, Output, Shape
from studio.recraft.params import Choice, Palette, Param, SourceId, StyleIds
from studio.recraft.prices import UNCERTAIN

MEDIA_TYPES: Mapping[Encoding, str] = {Encoding.JSON: "application/json", Encoding.MULTIPART: "multipart/form-data"}
_BRINGS = {
    Shape.PICTURES: "pictures",
    Shape.PICTURE: "one picture",
    Shape.STYLE: "a custom style",
    Shape.TEXT: "a prompt",
    Shape.COLORS: "colors, each with the one that stands for it",
}
_OUTPUTS = {
    Output.RASTER: "raster",
    Output.VECTOR: "SVG",
    Output.MODEL: "raster or SVG, as the image model draws",
    Output.INPUT: "raster or SVG, like the picture it starts from",
    Output.NONE: "no picture",
}
COLUMNS = ("Operation", "Endpoint", "Image models", "Starts from", "Price")


def reference(operation: Operation) -> dict[str, Any]:
    """All there is to say about an operation, JSON-able. Prices in API units."""
    return {
        "slug": operation.slug,
        "label": operation.label,
        "summary": operation.summary,
        "kind": str(operation.kind),
        "endpoint": f"POST {operation.path}",
        "encoding": MEDIA_TYPES[operation.encoding],
        "brings": _BRINGS[operation.shape],
        "output": _OUTPUTS[operation.output],
        "pictures": _pictures(operation),
        "image_models": [_model(operation, id) for id in operation.image_models],
        "price": _price(operation),
        "fields": [_field(operation, param) for param in operation.params],
        "always_sent": dict(operation.always_sent),
        "rules": [*(rule.words for rule in operation.rules), *(rule.words for rule in operation.file_rules)],
        "not_offered": [{"field": name, "reason": reason} for name, reason in operation.not_offered.items()],
    }


def table(operations: Iterable[Operation] = OPERATIONS.values()) -> list[dict[str, str]]:
    """One row per operation, by COLUMNS."""
    return [
        dict(
            zip(
                COLUMNS,
                (
                    each.label,
                    f"POST {each.path}",
                    models_in_words(each.image_models),
                    _starts_from(each),
                    price_in_words(each),
                ),
                strict=True,
            )
        )
        for each in operations
    ]


def markdown(operations: Iterable[Operation] = OPERATIONS.values()) -> str:
    """The table as Markdown, for the README."""
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *(tuple(row.values()) for row in table(operations))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def models_in_words(ids: tuple[str, ...]) -> str:
    """ "all 16", "all that draw SVG", "V4.1, V4" or "none"."""
    if set(ids) == set(IMAGE_MODELS):
        return f"all {len(ids)}"
    if ids in (RASTER, VECTOR):
        return "all that draw SVG" if ids == VECTOR else "all that draw pixels"
    return ", ".join(dict.fromkeys(str(IMAGE_MODELS[id].family) for id in ids)) or "none"


def price_in_words(operation: Operation) -> str:
    """ "22 to 300 per picture", "10 per request"; "about" where the price book stands on weak ground."""
    least, most = operation.price_range
    amount = f"{least}" if least == most else f"{least} to {most}"
    about = "about " if _doubt(operation) else ""
    return f"{about}{amount} per {'picture' if operation.price.per_image else 'request'}"


def _pictures(operation: Operation) -> str:
    n = operation.param("n")
    return n.words()[0] if n else str(operation.pictures)


def _model(operation: Operation, id: str) -> dict[str, Any]:
    return {
        "id": id,
        "label": IMAGE_MODELS[id].label,
        "units": operation.price.units[id],
        "default": id == operation.default_image_model,
    }


def _price(operation: Operation) -> dict[str, Any]:
    least, most = operation.price_range
    per = "picture" if operation.price.per_image else "request"
    return {"least": least, "most": most, "per": per, "doubt": _doubt(operation)}


def _doubt(operation: Operation) -> str:
    return UNCERTAIN.get(operation.price_line or operation.slug, "")


def _field(operation: Operation, param: Param) -> dict[str, Any]:
    takers = tuple(id for id in operation.image_models if IMAGE_MODELS[id].accepts(param.name))
    return {
        "name": param.name,
        "label": param.label,
        "wire": param.path,
        "parts": list(param.parts),
        "kind": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(param).__name__).lower(),
        "required": param.required,
        "limits": list(param.words(tuple(IMAGE_MODELS[id] for id in takers))),
        "image_models": "all" if takers == operation.image_models else image_models.who_takes(param.name, takers),
        "choices": _choices(operation, param),
        "help": param.help,
    }


def _choices(operation: Operation, param: Param) -> dict[str, list[str]]:
    """The values to choose from, by image model where they depend on it, else under ""."""
    if not isinstance(param, Choice):
        return {}
    if param.by_model is None:
        return {"": [value for value, _ in param.choices]}
    by_model = {id: [value for value, _ in param.choices_for(IMAGE_MODELS[id])] for id in operation.image_models}
    return {id: values for id, values in by_model.items() if values}


def _starts_from(operation: Operation) -> str:
    words = [_input_in_words(param) for param in operation.params]
    return ", ".join(word for word in words if word)


def _input_in_words(param: Param) -> str:
    if param.name == "prompt":
        return "prompt" if param.required else ""
    if isinstance(param, Mask):
        return "mask"
    if isinstance(param, Image):
        return f"{param.label.lower()} ({', '.join(FORMATS[each] for each in param.limits.media_types)})"
    names_what_it_is_about = isinstance(param, SourceId | StyleIds) or (isinstance(param, Palette) and param.required)
    return param.label.lower() if names_what_it_is_about else ""
