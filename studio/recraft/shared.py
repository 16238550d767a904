"""
The params that operations are made of, each described once and used wherever the API takes it.

What the same wire field means differs here and there (a size is needed for a remix, and left to Recraft elsewhere):
then the difference stands here too, beside its sibling.
"""

from dataclasses import replace

from studio.recraft import amounts, inputs, params, styles
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.recraft.inputs import PictureLimits
from studio.recraft.params import Choices


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


# Source of the fields and limits: Recraft docs, Endpoints page, the tables of each endpoint, Controls and Text layout;
# fields the page leaves out (substyle, image_format, creativity, the options of vectorize, palette) from the OpenAPI
# document of the API.
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
REMIX_SIZE = replace(SIZE, required=True, help="The remixes may have other proportions than the picture.")
OUTPAINT_SIZE = replace(SIZE, help="The picture is placed inside a result of this size.")
EXPLORE_SIZE = replace(SIZE, help="Left open, the pictures are square.")
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


def model_param(ids: tuple[str, ...]) -> params.Choice:
    return params.Choice(name="model", label="Model", path="model", choices=_model_choices(ids))


# What every operation that draws with a prompt takes beside it.
STYLING = (STYLE, SUBSTYLE, STYLE_ID, NEGATIVE_PROMPT)
CONTROLS = (COLORS, BACKGROUND, ARTISTIC_LEVEL, NO_TEXT, TEXT_LAYOUT, CREATIVITY)

IMAGE = inputs.Image(
    name="image", label="Picture", path="image", required=True, limits=PictureLimits(media_types=inputs.RASTER_OR_SVG)
)
# No least side is stated for image to image.
FREE_IMAGE = replace(IMAGE, limits=PictureLimits(media_types=inputs.RASTER_OR_SVG, min_side=1))
# The docs call this file part `file`; the OpenAPI document and Recraft's own clients call it `image`.
RASTER_IMAGE = replace(IMAGE, limits=PictureLimits())
SMALL_IMAGE = replace(IMAGE, limits=PictureLimits(min_side=32))
# PNG alone, though the server takes lossy formats too: one that was compressed holds more than black and white.
MASK = inputs.Mask(
    name="mask",
    label="Mask",
    path="mask",
    required=True,
    limits=PictureLimits(media_types=(inputs.PNG,), min_side=1),
    help="White may change, black stays.",
)
STRENGTH = amounts.Fraction(
    name="strength",
    label="Strength",
    path="strength",
    required=True,
    low="almost identical",
    high="barely similar",
    help="How far the result may be from the picture.",
)
EXPANSION = tuple(
    amounts.Expansion(
        name=f"expand_{side}", label=f"Expand {side}", path=f"expand_{side}", min=0, max=4096, side=side, help="Pixels."
    )
    for side in ("left", "right", "top", "bottom")
)
ZOOM_OUT = amounts.Percentage(
    name="zoom_out_percentage",
    label="Zoom out",
    path="zoom_out_percentage",
    help="How much smaller the picture becomes inside the result, in percent.",
)


def _switch(name: str, label: str, help: str = "") -> params.Choice:
    return params.Choice(name=name, label=label, path=name, choices=(("on", "On"), ("off", "Off")), help=help)


# In the OpenAPI document by name and type alone: what they do is read from their names.
VECTORIZE_OPTIONS = (
    _switch("color_reduction", "Reduce colors"),
    params.ExactPalette(
        name="strict_color_palette",
        label="Only these colors",
        path="strict_color_palette",
        help="The vector is made of these colors alone.",
    ),
    _switch("limit_num_shapes", "Limit shapes"),
    params.Integer(
        name="max_num_shapes", label="Most shapes", path="max_num_shapes", min=1, max=2**32 - 1, help="When limited."
    ),
    _switch("small_shape_filter", "Drop small shapes"),
    params.Choice(
        name="shape_stacking",
        label="Shapes",
        path="shape_stacking",
        choices=(("cut_out", "Cut out of each other"), ("hierarchical", "Stacked")),
    ),
    _switch("return_gradients", "Gradients"),
    _switch("svg_compression", "Compress the file"),
)

# Source: Recraft docs, Endpoints page, Explore similar.
SIMILARITY = amounts.Scale(
    name="similarity",
    label="Similarity",
    path="similarity",
    required=True,
    min=1,
    max=5,
    steps=("A little bit similar", "Moderately similar", "Quite similar", "Very similar", "Extremely similar"),
)
EXPLORED = params.SourceId(
    name="source_image_id",
    label="Explored picture",
    path="source_image_id",
    required=True,
    max_length=36,
    made_by=("explore", "explore-similar"),
)
SHORT_PROMPT = replace(PROMPT, max_length=2000)

# Source: Recraft docs, Endpoints page, Create style.
BASE_STYLE = params.Choice(
    name="style", label="Base style", path="style", required=True, by_model=lambda model: _base_styles(model)
)
REFERENCES = inputs.References(
    name="images", label="References", path="images", limits=PictureLimits(min_side=1), max_total=5_000_000
)
REFERENCE_WEIGHTS = amounts.Weights(
    name="image_weights", label="Weights of the references", path="image_weights", of="images"
)
SOURCE_STYLES = params.StyleIds(name="source_styles", label="Styles to mix", path="source_styles")
SOURCE_WEIGHTS = amounts.Weights(
    name="source_style_weights", label="Weights of the styles", path="source_style_weights", of="source_styles"
)
MIX_POLICY = params.Choice(
    name="mix_policy",
    label="How to mix",
    path="mix_policy",
    choices=(("PaletteMatch", "Match the palettes"), ("MaxWeight", "The heaviest wins")),
)
STYLE_PROMPT = replace(PROMPT, required=False)
STYLE_COLORS = replace(COLORS, path="palette.colors")
STYLE_BACKGROUND = replace(BACKGROUND, path="palette.background_color")

# An illustration has more colors than a palette a person types.
MANY_COLORS = 256
COLORS_TO_OPTIMIZE = params.HexPalette(
    name="colors", label="Colors", path="colors", required=True, max_colors=MANY_COLORS, help="Weights are optional."
)
COLORS_LIMIT = params.Integer(
    name="num_colors_limit", label="Most colors", path="num_colors_limit", required=True, min=1, max=MANY_COLORS
)


def _base_styles(image_model: ImageModel) -> Choices:
    """The legacy styles, which are the base of a custom one, and `any`."""
    legacy = ((style.name, style.label) for style in styles.styles_for(image_model.id) if style.legacy)
    return (("any", "Any"), *legacy)
