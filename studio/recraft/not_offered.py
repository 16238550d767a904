"""
What the API takes and the studio does not offer, each with the reason a reference page shows.

Grouped by the requests that share the fields, so that an entry of the catalogue says which groups are its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

Reasons = Mapping[str, str]

BILLING = {"billing": "Chooses between two wallets; the studio accounts for API units only."}
ANSWER = {
    **BILLING,
    "response_format": "Always url: a link is recorded before anything is downloaded, so no paid picture is lost.",
    "expire": "Not explained by the docs; results are downloaded long before they expire anyway.",
}
_UPSCALE = {
    "upscale": "Not on the Endpoints page and without a known price; upscaling is an operation of its own.",
}
_NSFW = {
    "block_nsfw": "Not on the Endpoints page: what a blocked picture costs and how it is reported is not said.",
}
_STD = "In the OpenAPI document without an explanation; the docs know rgb and weight."
_ALONE = "One color alone has nothing to be weighed against."
_COLORS = {
    "controls.colors.std": _STD,
    "controls.background_color.std": _STD,
    "controls.background_color.weight": _ALONE,
}
_V4_STYLES = "Belongs to V4 Styles, whose image models are not among the sixteen."
_LINK = "The picture itself is sent; a link or a data URL would say the same in more bytes."
_IMAGE_URL = {"image_url": _LINK}
_MASK_URL = {"mask_url": _LINK}

DRAWING: Reasons = MappingProxyType(
    {
        **ANSWER,
        **_NSFW,
        **_COLORS,
        "calculate_features": "Its answer, a score per picture, has no place in the studio yet.",
        "style_match": _V4_STYLES,
    }
)
GENERATION: Reasons = MappingProxyType(
    {**DRAWING, **_UPSCALE, "style_references": _V4_STYLES, "style_reference_urls": _V4_STYLES}
)
VECTOR_GENERATION: Reasons = MappingProxyType(
    {**GENERATION, "image_format": "A vector comes as SVG, whatever is asked."}
)
TRANSFORM: Reasons = MappingProxyType({**DRAWING, **_IMAGE_URL})
MASKED_TRANSFORM: Reasons = MappingProxyType({**TRANSFORM, **_MASK_URL})
PROCESS: Reasons = MappingProxyType({**ANSWER, **_IMAGE_URL, **_UPSCALE})
VECTORIZE: Reasons = MappingProxyType({**PROCESS, "image_format": "A vector comes as SVG, whatever is asked."})
ERASE: Reasons = MappingProxyType({**ANSWER, **_IMAGE_URL, **_MASK_URL})
REMIX: Reasons = MappingProxyType({**ANSWER, **_IMAGE_URL})
_NO_STYLES = "Explore draws with V4 models, which have no styles; later descriptions dropped it."
_V3_CONTROL = "V3 only, and Explore has no V3 model."
EXPLORE: Reasons = MappingProxyType(
    {
        **ANSWER,
        **_NSFW,
        **_COLORS,
        "style": _NO_STYLES,
        "substyle": _NO_STYLES,
        "style_id": _NO_STYLES,
        "controls.artistic_level": _V3_CONTROL,
        "controls.no_text": _V3_CONTROL,
    }
)
EXPLORE_SIMILAR: Reasons = MappingProxyType({**ANSWER, **_NSFW})
STYLE: Reasons = MappingProxyType(
    {
        **BILLING,
        "image_urls": _LINK,
        "match": _V4_STYLES,
        "private": "Not on the Endpoints page; a style made over the API is private anyway.",
        "palette.colors.std": _STD,
        "palette.background_color.std": _STD,
        "palette.background_color.weight": _ALONE,
    }
)
WALLET: Reasons = MappingProxyType(BILLING)

# Whole endpoints, as in the OpenAPI document.
ENDPOINTS: Reasons = MappingProxyType(
    {
        "POST /images/clarityUpscale": "Deprecated: Crisp upscale has taken its place.",
        "POST /images/generativeUpscale": "Deprecated: Creative upscale has taken its place.",
        "GET /models": "The sixteen image models are described here, with all that the list leaves out.",
        "GET /ping": "Says that the host answers; the free question for the balance says more.",
        "GET /status": "Says whether the service is up; the free question for the balance says more.",
    }
)
