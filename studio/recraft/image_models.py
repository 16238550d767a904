"""
The sixteen image models of the Recraft API: what each is called, draws and accepts.

Facts only. Sources: Recraft docs, Endpoints page (ids, which parameter belongs to which family) and Appendix
(prompt lengths, image sizes). An id that ends in `_vector` draws SVG, every other one a raster picture.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

Sizes = Mapping[str, tuple[int, int]]


class Family(StrEnum):
    """Models that share sizes, prompt length and accepted parameters."""

    V4_1 = "V4.1"
    V4_1_UTILITY = "V4.1 Utility"
    V4 = "V4"
    V3 = "V3"
    V2 = "V2"


@dataclass(frozen=True, slots=True)
class ImageModel:
    """One image model. `sizes` is in pixels (width, height), by aspect, in the order of the Appendix."""

    id: str
    label: str
    note: str
    family: Family
    pro: bool
    vector: bool
    prompt_limit: int
    sizes: Sizes
    takes: frozenset[str]

    def pixels(self, aspect: str) -> tuple[int, int]:
        """Width and height in pixels of an aspect such as "4:5". Raises KeyError for an unknown aspect."""
        return self.sizes[aspect]

    def accepts(self, param: str) -> bool:
        """Whether the model takes this parameter; what is not model-dependent is taken by all."""
        return param not in MODEL_DEPENDENT or param in self.takes


# Source: Recraft docs, Appendix, "Maximum prompt length".
LONG_PROMPT = 10_000
SHORT_PROMPT = 1_000

# Source: Recraft docs, Appendix, "List of supported image sizes". Vector models are listed by aspect alone; their
# pixels here are those of the raster sibling, which is what a viewer of the SVG gets.
ONE_MEGAPIXEL: Sizes = MappingProxyType(
    {
        "1:1": (1024, 1024),
        "2:1": (1536, 768),
        "1:2": (768, 1536),
        "3:2": (1280, 832),
        "2:3": (832, 1280),
        "4:3": (1216, 896),
        "3:4": (896, 1216),
        "5:4": (1152, 896),
        "4:5": (896, 1152),
        "6:10": (832, 1344),
        "14:10": (1280, 896),
        "10:14": (896, 1280),
        "16:9": (1344, 768),
        "9:16": (768, 1344),
    }
)
# Every Pro size is its one-megapixel sibling doubled; the Appendix lists them one by one, the tests compare.
FOUR_MEGAPIXELS: Sizes = MappingProxyType({aspect: (2 * w, 2 * h) for aspect, (w, h) in ONE_MEGAPIXEL.items()})
V2_V3_SIZES: Sizes = MappingProxyType(
    {
        "1:1": (1024, 1024),
        "2:1": (2048, 1024),
        "1:2": (1024, 2048),
        "3:2": (1536, 1024),
        "2:3": (1024, 1536),
        "4:3": (1365, 1024),
        "3:4": (1024, 1365),
        "5:4": (1280, 1024),
        "4:5": (1024, 1280),
        "6:10": (1024, 1707),
        "14:10": (1434, 1024),
        "10:14": (1024, 1434),
        "16:9": (1820, 1024),
        "9:16": (1024, 1820),
    }
)
ASPECTS: tuple[str, ...] = tuple(ONE_MEGAPIXEL)

# Source: Recraft docs, Endpoints page, columns "Compatibility" of Generate image, Controls and Text layout. A V4
# model answers a style with 400 "Invalid style". `image_format` means nothing to an SVG.
_STYLED = frozenset({"style", "substyle", "style_id", "negative_prompt"})
_V3_ONLY = frozenset({"text_layout", "artistic_level", "no_text"})
_RASTER_ONLY = frozenset({"image_format"})
MODEL_DEPENDENT: frozenset[str] = _STYLED | _V3_ONLY | _RASTER_ONLY
_TAKES = {Family.V3: _STYLED | _V3_ONLY, Family.V2: _STYLED}


def _sizes(family: Family, pro: bool) -> Sizes:
    if family in (Family.V2, Family.V3):
        return V2_V3_SIZES
    return FOUR_MEGAPIXELS if pro else ONE_MEGAPIXEL


def _model(id: str, note: str, family: Family) -> ImageModel:
    pro, vector = "_pro" in id, id.endswith("_vector")
    takes: frozenset[str] = _TAKES.get(family, frozenset())
    return ImageModel(
        id=id,
        label=family + (" Pro" if pro else "") + (" Vector" if vector else ""),
        note=note,
        family=family,
        pro=pro,
        vector=vector,
        prompt_limit=SHORT_PROMPT if family in (Family.V2, Family.V3) else LONG_PROMPT,
        sizes=_sizes(family, pro),
        takes=takes if vector else takes | _RASTER_ONLY,
    )


# Source: Recraft docs, Endpoints page, parameter `model`. The order is that of the menu.
_MODELS = (
    _model("recraftv4_1", "Best all-rounder, about 1 megapixel", Family.V4_1),
    _model("recraftv4_1_pro", "About 4 megapixels", Family.V4_1),
    _model("recraftv4_1_vector", "Native SVG", Family.V4_1),
    _model("recraftv4_1_pro_vector", "Native SVG with finer detail", Family.V4_1),
    _model("recraftv4_1_utility", "Plain, literal, for product shots", Family.V4_1_UTILITY),
    _model("recraftv4_1_utility_pro", "Plain and literal, about 4 megapixels", Family.V4_1_UTILITY),
    _model("recraftv4_1_utility_vector", "Plain, literal SVG", Family.V4_1_UTILITY),
    _model("recraftv4_1_utility_pro_vector", "Plain, literal SVG with finer detail", Family.V4_1_UTILITY),
    _model("recraftv4", "The look before V4.1, about 1 megapixel", Family.V4),
    _model("recraftv4_pro", "The look before V4.1, about 4 megapixels", Family.V4),
    _model("recraftv4_vector", "The SVG look before V4.1", Family.V4),
    _model("recraftv4_pro_vector", "The SVG look before V4.1, finer detail", Family.V4),
    _model("recraftv3", "Styles, text layout, negative prompt", Family.V3),
    _model("recraftv3_vector", "Styles as SVG", Family.V3),
    _model("recraftv2", "Cheapest, with styles", Family.V2),
    _model("recraftv2_vector", "Cheapest SVG, icons", Family.V2),
)
IMAGE_MODELS: Mapping[str, ImageModel] = MappingProxyType({model.id: model for model in _MODELS})
RASTER: tuple[str, ...] = tuple(model.id for model in _MODELS if not model.vector)
VECTOR: tuple[str, ...] = tuple(model.id for model in _MODELS if model.vector)

# Source: Recraft docs, Endpoints page ("default is recraftv4_1").
DEFAULT = "recraftv4_1"
# The docs name no default for the vector endpoint; the sibling of the default is ours.
DEFAULT_VECTOR = "recraftv4_1_vector"


def who_takes(param: str, ids: Collection[str] = IMAGE_MODELS.keys()) -> str:
    """Who of `ids` takes a model-dependent param, as a page says it: "V2 and V3", "V3", "raster models"."""
    if param in _RASTER_ONLY:
        return "raster models"
    takers = [model for model in _MODELS if model.id in ids and model.accepts(param)]
    families = dict.fromkeys(str(model.family) for model in reversed(takers))
    return " and ".join(families)
