"""
The price book: what one request costs, in whole API units (1,000 units = US$1).

What stands here are the facts, the book's first edition. Whoever knows better says so by `revise`; this module keeps no
record of it.

A price that is not written here is unknown, and an unknown price is refused, never free. The quote comes from
here; the charge comes from the answer's `credits`, so a wrong line shows up as price drift and never as a loss.

Sources: Recraft docs, API pricing page (generation by model, V3 edits, per-request operations) and Endpoints page
(creation of a style). The lines marked by `UNCERTAIN` stand on weaker ground and say which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from studio.recraft.image_models import IMAGE_MODELS, Family, ImageModel


class NoPrice(LookupError):
    """The price book has no line for this operation and image model: refuse the request."""


@dataclass(frozen=True, slots=True)
class Price:
    """Units by image model id; the key None is an operation without an image model. Per image or per request."""

    units: Mapping[str | None, int]
    per_image: bool


def _generation(model: ImageModel) -> int:
    """Units for one image. Source: Recraft docs, API pricing page (V4.1 raster was 40, Pro 250 until June 2026)."""
    if model.family is Family.V2:
        return 44 if model.vector else 22
    if model.pro and model.vector:
        return 300
    if model.vector:
        return 80
    if model.pro:
        return 250 if model.family is Family.V4 else 210
    return 40 if model.family in (Family.V3, Family.V4) else 35


def _per_image(units: Mapping[str, int]) -> Price:
    return Price(MappingProxyType(dict(units.items())), per_image=True)


def _per_request(units: int, image_models: tuple[str | None, ...] = (None,)) -> Price:
    return Price(MappingProxyType(dict.fromkeys(image_models, units)), per_image=False)


_GENERATE = {id: _generation(model) for id, model in IMAGE_MODELS.items()}
_GENERATE_RASTER = {id: units for id, units in _GENERATE.items() if not IMAGE_MODELS[id].vector}
_GENERATE_VECTOR = {id: units for id, units in _GENERATE.items() if IMAGE_MODELS[id].vector}
_IMAGE_TO_IMAGE = {id: units for id, units in _GENERATE.items() if IMAGE_MODELS[id].family is not Family.V2}
_EDIT = {"recraftv3": 40, "recraftv3_vector": 80}
# Explore draws with V4.1 and V4, without the Utility models. Source: Recraft docs, Endpoints page.
_EXPLORE = tuple(id for id, model in IMAGE_MODELS.items() if model.family in (Family.V4_1, Family.V4))
# Not in the official table; 40 a call is what a third-party overview of May 2026 says.
EXPLORE_UNITS = 40
# In no price list at all; held as if it cost what the other request without a picture does. The charge is what the
# answer says.
OPTIMIZE_COLORS_UNITS = 10
# Custom styles belong to V3 and V2. Source: Recraft docs, Endpoints page, Create style; Styles page.
_STYLED = tuple(id for id, model in IMAGE_MODELS.items() if model.family in (Family.V3, Family.V2))

PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "generate": _per_image(_GENERATE),
        "generate-raster": _per_image(_GENERATE_RASTER),
        "generate-vector": _per_image(_GENERATE_VECTOR),
        "image-to-image": _per_image(_IMAGE_TO_IMAGE),
        "inpaint": _per_image(_EDIT),
        "outpaint": _per_image(_EDIT),
        "replace-background": _per_image(_EDIT),
        "generate-background": _per_image(_EDIT),
        # Per request although it takes `n`. The docs tie no model list to it: any model, one price.
        "variate-image": _per_request(40, (None, *IMAGE_MODELS)),
        "vectorize": _per_request(10),
        "remove-background": _per_request(10),
        "crisp-upscale": _per_request(4),
        "creative-upscale": _per_request(250),
        "erase-region": _per_request(2),
        "explore": _per_request(EXPLORE_UNITS, _EXPLORE),
        "explore-similar": _per_request(EXPLORE_UNITS),
        "enhance-prompt": _per_request(10),
        # 5 in documents from August 2026 on; the example answer of the Endpoints page charges 40.
        "create-style": _per_request(40, (None, *_STYLED)),
        "optimize-colors": _per_request(OPTIMIZE_COLORS_UNITS),
    }
)
UNCERTAIN: Mapping[str, str] = MappingProxyType(
    {
        "image-to-image": "The price table lists V3 only; V4 models are taken to cost as much as a generation.",
        "explore": "Not in the official price table; a third-party overview says 40 units a call.",
        "explore-similar": "Not in the official price table; a third-party overview says 40 units a call.",
        "optimize-colors": "In no price list; held as much as enhancing a prompt costs.",
        "create-style": "40 units in the Endpoints page, 5 in documents from August 2026 on.",
    }
)


# The edition that is quoted from.
_book: Mapping[str, Price] = PRICES


def revise(changes: Mapping[tuple[str, str | None], int]) -> None:
    """
    Quote these units from now on in this process, by line and image model, and the facts for everything else.

    Per picture or per request, as the facts say of the line; a line that they don't have raises NoPrice.
    """
    global _book
    units: dict[str, dict[str | None, int]] = {}
    for (name, image_model), each in changes.items():
        units.setdefault(name, dict(fact(name).units))[image_model] = each
    # Replaced as a whole: a thread that quotes meanwhile sees the old book or the new one.
    _book = {**PRICES, **{name: replace(PRICES[name], units=MappingProxyType(new)) for name, new in units.items()}}


def price(operation: str, image_model: str | None, n: int) -> int:
    """
    Whole API units for one request of `n` images.

    Raises NoPrice when the book has no line for this operation and image model.
    """
    found = line(operation)
    if image_model not in found.units:
        raise NoPrice(f"The price of {operation} with {image_model or 'no image model'} is not known.")
    # Forms ask with whatever was typed so far.
    if not isinstance(n, int) or n < 1:
        raise NoPrice(f"There is no price for {n} images.")
    return found.units[image_model] * (n if found.per_image else 1)


def line(operation: str) -> Price:
    """The line of an operation, as it is quoted now. Raises NoPrice when the book has none."""
    return _found(_book, operation)


def fact(operation: str) -> Price:
    """The line of an operation, as the documents have it. Raises NoPrice when they have none."""
    return _found(PRICES, operation)


def _found(book: Mapping[str, Price], operation: str) -> Price:
    try:
        return book[operation]
    except KeyError:
        raise NoPrice(f"The price of {operation} is not known.") from None
