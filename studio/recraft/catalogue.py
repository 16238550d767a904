"""
Every operation the studio offers, described once.

The form, its validation, the request body, the quote, the menus and the reference are functions of an entry here:
adding an operation is adding an entry. An entry says everything and does nothing.

What the API takes and an operation does not offer stands in its `not_offered` with the reason.
"""

from collections.abc import Mapping
from types import MappingProxyType

from studio.recraft import image_models, not_offered, rules, shared
from studio.recraft.image_models import IMAGE_MODELS, Family
from studio.recraft.operation import Encoding, InvalidValues, Kind, Operation, Output, Shape
from studio.recraft.shared import CONTROLS, COUNT, IMAGE, IMAGE_FORMAT, MASK, PROMPT, SEED, SIZE, STYLING, model_param

__all__ = ["COMPOSED", "NOT_OFFERED", "OPERATIONS", "Encoding", "InvalidValues", "Kind", "Operation", "Output", "Shape"]

# Source of paths, encodings, models and defaults: Recraft docs, Endpoints page.
_ALL = tuple(IMAGE_MODELS)
_BUT_V2 = tuple(id for id, model in IMAGE_MODELS.items() if model.family is not Family.V2)
_V3 = ("recraftv3", "recraftv3_vector")
_STYLED = tuple(id for id, model in IMAGE_MODELS.items() if model.family in (Family.V3, Family.V2))
_EXPLORING = tuple(id for id, model in IMAGE_MODELS.items() if model.family in (Family.V4_1, Family.V4))
# How many pictures Explore draws is not documented; eight is what clients see.
EXPLORE_PICTURES = 8

_STYLE_RULES = (rules.OneStyleOnly(), rules.SubstyleBelongs(), rules.WeightsSum())
_V3_EDIT = (PROMPT, model_param(_V3), COUNT, *STYLING, *CONTROLS, SEED, IMAGE_FORMAT)

_CREATE = (
    Operation(
        slug="generate",
        label="Generate",
        summary="Draw pictures from a prompt.",
        path="/images/generations",
        encoding=Encoding.JSON,
        params=(PROMPT, model_param(_ALL), COUNT, SIZE, *STYLING, *CONTROLS, SEED, IMAGE_FORMAT),
        image_models=_ALL,
        default_image_model=image_models.DEFAULT,
        output=Output.MODEL,
        rules=_STYLE_RULES,
        not_offered=not_offered.GENERATION,
    ),
    Operation(
        slug="generate-raster",
        label="Generate raster",
        summary="Draw pictures made of pixels from a prompt.",
        path="/images/generations/raster",
        encoding=Encoding.JSON,
        params=(PROMPT, model_param(image_models.RASTER), COUNT, SIZE, *STYLING, *CONTROLS, SEED, IMAGE_FORMAT),
        image_models=image_models.RASTER,
        default_image_model=image_models.DEFAULT,
        output=Output.RASTER,
        rules=(*_STYLE_RULES, rules.StyleDraws(vector=False)),
        not_offered=not_offered.GENERATION,
    ),
    Operation(
        slug="generate-vector",
        label="Generate vector",
        summary="Draw editable SVG from a prompt.",
        path="/images/generations/vector",
        encoding=Encoding.JSON,
        params=(PROMPT, model_param(image_models.VECTOR), COUNT, SIZE, *STYLING, *CONTROLS, SEED),
        image_models=image_models.VECTOR,
        default_image_model=image_models.DEFAULT_VECTOR,
        output=Output.VECTOR,
        rules=(*_STYLE_RULES, rules.StyleDraws(vector=True)),
        not_offered=not_offered.VECTOR_GENERATION,
    ),
)

_EXPLORE = (
    Operation(
        slug="explore",
        label="Explore",
        summary="Draw eight different pictures from a prompt, to find a direction.",
        path="/images/explore",
        encoding=Encoding.JSON,
        params=(
            PROMPT,
            model_param(_EXPLORING),
            shared.EXPLORE_SIZE,
            shared.COLORS,
            shared.BACKGROUND,
            IMAGE_FORMAT,
        ),
        image_models=_EXPLORING,
        default_image_model=image_models.DEFAULT,
        output=Output.MODEL,
        kind=Kind.EXPLORE,
        pictures=EXPLORE_PICTURES,
        rules=(rules.WeightsSum(),),
        not_offered=not_offered.EXPLORE,
    ),
    Operation(
        slug="explore-similar",
        label="Explore similar",
        summary="Draw more pictures like one that Explore has drawn.",
        path="/images/explore/similar",
        encoding=Encoding.JSON,
        params=(shared.EXPLORED, shared.SIMILARITY, IMAGE_FORMAT),
        output=Output.INPUT,
        kind=Kind.EXPLORE,
        pictures=EXPLORE_PICTURES,
        not_offered=not_offered.EXPLORE_SIMILAR,
    ),
)

_EDIT = (
    Operation(
        slug="image-to-image",
        label="Image to image",
        summary="Draw a picture like this one, changed by a prompt.",
        path="/images/imageToImage",
        encoding=Encoding.MULTIPART,
        params=(
            shared.FREE_IMAGE,
            PROMPT,
            shared.STRENGTH,
            model_param(_BUT_V2),
            COUNT,
            *STYLING,
            *CONTROLS,
            SEED,
            IMAGE_FORMAT,
        ),
        image_models=_BUT_V2,
        default_image_model=image_models.DEFAULT,
        output=Output.MODEL,
        kind=Kind.EDIT,
        rules=_STYLE_RULES,
        not_offered=not_offered.TRANSFORM,
    ),
    Operation(
        slug="inpaint",
        label="Inpaint",
        summary="Repaint the masked part of a picture.",
        path="/images/inpaint",
        encoding=Encoding.MULTIPART,
        params=(IMAGE, MASK, *_V3_EDIT),
        image_models=_V3,
        default_image_model="recraftv3",
        output=Output.MODEL,
        kind=Kind.EDIT,
        rules=_STYLE_RULES,
        file_rules=(rules.MaskFits(),),
        not_offered=not_offered.MASKED_TRANSFORM,
    ),
    Operation(
        slug="outpaint",
        label="Outpaint",
        summary="Draw more of the scene around a picture.",
        path="/images/outpaint",
        encoding=Encoding.MULTIPART,
        params=(IMAGE, *shared.EXPANSION, shared.OUTPAINT_SIZE, shared.ZOOM_OUT, *_V3_EDIT),
        image_models=_V3,
        default_image_model="recraftv3",
        output=Output.MODEL,
        kind=Kind.EDIT,
        rules=(*_STYLE_RULES, rules.OutpaintGrows()),
        file_rules=(rules.OutpaintFits(),),
        not_offered=not_offered.TRANSFORM,
    ),
    Operation(
        slug="replace-background",
        label="Replace background",
        summary="Keep what is in front and draw another background.",
        path="/images/replaceBackground",
        encoding=Encoding.MULTIPART,
        params=(IMAGE, *_V3_EDIT),
        image_models=_V3,
        default_image_model="recraftv3",
        output=Output.MODEL,
        kind=Kind.EDIT,
        rules=_STYLE_RULES,
        not_offered=not_offered.TRANSFORM,
    ),
    Operation(
        slug="generate-background",
        label="Generate background",
        summary="Draw a background into the masked part of a picture.",
        path="/images/generateBackground",
        encoding=Encoding.MULTIPART,
        params=(IMAGE, MASK, *_V3_EDIT),
        image_models=_V3,
        default_image_model="recraftv3",
        output=Output.MODEL,
        kind=Kind.EDIT,
        rules=_STYLE_RULES,
        file_rules=(rules.MaskFits(),),
        not_offered=not_offered.MASKED_TRANSFORM,
    ),
    Operation(
        slug="erase-region",
        label="Erase",
        summary="Take out what is under the mask and fill in what was behind it.",
        path="/images/eraseRegion",
        encoding=Encoding.MULTIPART,
        params=(IMAGE, MASK, IMAGE_FORMAT),
        output=Output.INPUT,
        kind=Kind.EDIT,
        shape=Shape.PICTURE,
        file_rules=(rules.MaskFits(),),
        not_offered=not_offered.ERASE,
    ),
    Operation(
        slug="remix",
        label="Remix",
        summary="Draw variations of a picture, without a prompt, in any proportions.",
        path="/images/variateImage",
        encoding=Encoding.MULTIPART,
        # No list of models and no default is stated; the one that is sent decides what comes back.
        params=(IMAGE, shared.REMIX_SIZE, model_param(_ALL), COUNT, SEED, IMAGE_FORMAT),
        image_models=_ALL,
        default_image_model=image_models.DEFAULT,
        output=Output.MODEL,
        kind=Kind.EDIT,
        price_line="variate-image",
        not_offered=not_offered.REMIX,
    ),
)

_FINISH = (
    Operation(
        slug="remove-background",
        label="Remove background",
        summary="Cut out what is in front; the rest becomes transparent.",
        path="/images/removeBackground",
        encoding=Encoding.MULTIPART,
        params=(IMAGE, IMAGE_FORMAT),
        output=Output.INPUT,
        kind=Kind.FINISH,
        shape=Shape.PICTURE,
        not_offered=not_offered.PROCESS,
    ),
    Operation(
        slug="vectorize",
        label="Vectorize",
        summary="Turn a picture made of pixels into SVG.",
        path="/images/vectorize",
        encoding=Encoding.MULTIPART,
        params=(shared.RASTER_IMAGE, *shared.VECTORIZE_OPTIONS),
        output=Output.VECTOR,
        kind=Kind.FINISH,
        shape=Shape.PICTURE,
        rules=(
            rules.Needs("max_num_shapes", "limit_num_shapes", "The number counts when shapes are limited.", value="on"),
        ),
        not_offered=not_offered.VECTORIZE,
    ),
    Operation(
        slug="crisp-upscale",
        label="Crisp upscale",
        summary="Make a picture larger and sharper.",
        path="/images/crispUpscale",
        encoding=Encoding.MULTIPART,
        params=(shared.SMALL_IMAGE, IMAGE_FORMAT),
        output=Output.RASTER,
        kind=Kind.FINISH,
        shape=Shape.PICTURE,
        not_offered=not_offered.PROCESS,
    ),
    Operation(
        slug="creative-upscale",
        label="Creative upscale",
        summary="Make a picture larger and draw finer detail into it.",
        path="/images/creativeUpscale",
        encoding=Encoding.MULTIPART,
        params=(shared.RASTER_IMAGE, IMAGE_FORMAT),
        output=Output.RASTER,
        kind=Kind.FINISH,
        shape=Shape.PICTURE,
        not_offered=not_offered.PROCESS,
    ),
)

_HELP = (
    Operation(
        slug="create-style",
        label="Create style",
        summary="Make a custom style from references, or by mixing styles.",
        path="/styles",
        encoding=Encoding.MULTIPART,
        params=(
            shared.REFERENCES,
            shared.BASE_STYLE,
            model_param(_STYLED),
            shared.REFERENCE_WEIGHTS,
            shared.SOURCE_STYLES,
            shared.SOURCE_WEIGHTS,
            shared.MIX_POLICY,
            shared.STYLE_PROMPT,
            shared.STYLE_COLORS,
            shared.STYLE_BACKGROUND,
        ),
        image_models=_STYLED,
        default_image_model="recraftv3",
        output=Output.NONE,
        kind=Kind.STYLE,
        shape=Shape.STYLE,
        pictures=0,
        rules=(
            rules.OneOf(("images", "source_styles"), "A style is made from references, from other styles, or both."),
            rules.AsManyWeights("image_weights", "images", "reference"),
            rules.AsManyWeights("source_style_weights", "source_styles", "style"),
            rules.WeightsSum(),
            rules.Needs("background_color", "colors", "A background color goes with a palette."),
        ),
        not_offered=not_offered.STYLE,
    ),
    Operation(
        slug="enhance-prompt",
        label="Enhance prompt",
        summary="Turn a short prompt into a detailed one.",
        path="/prompts/enhance",
        encoding=Encoding.JSON,
        params=(shared.SHORT_PROMPT,),
        output=Output.NONE,
        kind=Kind.ASSIST,
        shape=Shape.TEXT,
        pictures=0,
        not_offered=not_offered.WALLET,
    ),
    Operation(
        slug="optimize-colors",
        label="Optimize colors",
        summary="Reduce many colors to a few that stand for them.",
        path="/colors/optimize",
        encoding=Encoding.JSON,
        params=(shared.COLORS_TO_OPTIMIZE, shared.COLORS_LIMIT),
        output=Output.NONE,
        kind=Kind.ASSIST,
        shape=Shape.COLORS,
        pictures=0,
        not_offered=not_offered.WALLET,
    ),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {operation.slug: operation for operation in (*_CREATE, *_EXPLORE, *_EDIT, *_FINISH, *_HELP)}
)
# What the composer can ask for: pictures from words alone.
COMPOSED: Mapping[str, Operation] = MappingProxyType(
    {slug: each for slug, each in OPERATIONS.items() if each.pictures and each.param("prompt") and not each.inputs}
)
NOT_OFFERED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {slug: operation.not_offered for slug, operation in OPERATIONS.items()}
)
