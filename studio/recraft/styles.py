"""
Styles of V2 and V3: the curated ones by their display name, the legacy ones as style and substyle.

The API's `style` takes either a curated name exactly as shown ("Photorealism") or a legacy id
("realistic_image"); only a legacy style has substyles. V4 models have no styles and answer one with 400.

Sources: Recraft docs, Styles page (curated names); the parameter tables of Recraft's own MCP server and the
OpenAPI document's ImageSubStyle (legacy ids).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LEGACY_GROUP = "Legacy"


@dataclass(frozen=True, slots=True)
class Style:
    """One value of the API's `style`. `vector` says what it draws; `substyles` is empty for a curated style."""

    name: str
    label: str
    group: str
    vector: bool
    substyles: tuple[str, ...]
    legacy: bool

    @property
    def slug(self) -> str:
        """Its name in an address or a file's name: "Black & white" is "black-white", the legacy "icon" is other."""
        words = f"legacy {self.name}" if self.legacy else self.name
        return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _curated(group: str, names: str, *, vector: bool = False) -> tuple[Style, ...]:
    return tuple(
        Style(name=name, label=name, group=group, vector=vector, substyles=(), legacy=False)
        for name in (part.strip() for part in names.split(","))
    )


def _legacy(name: str, substyles: str) -> Style:
    return Style(
        name=name,
        label=name.replace("_", " ").capitalize(),
        group=LEGACY_GROUP,
        vector=name in VECTOR_LEGACY,
        substyles=tuple(substyles.split()),
        legacy=True,
    )


# With the plain ids recraftv3 and recraftv2 the server lets these two decide for SVG (Recraft's own MCP server and
# ComfyUI nodes rely on it). Here they belong to the vector models only, so that an id says what it draws.
VECTOR_LEGACY = frozenset({"vector_illustration", "icon"})

_V3 = (
    *_curated(
        "Photorealism",
        "Photorealism, Enterprise, Natural light, Studio photo, HDR, Hard flash, Motion blur, Black & white,"
        "Evening light, Faded Nostalgia, Forest life, Mystic Naturalism, Natural Tones, Organic Calm, Real-Life Glow,"
        "Retro Realism, Retro Snapshot, Urban Drama, Village Realism, Warm Folk, Product photo",
    ),
    *_curated(
        "Illustration",
        "Illustration, Hand-drawn, Grain, Bold Sketch, Pencil sketch, Retro Pop, Clay, Risograph, Color engraving,"
        "Pixel art, Antiquarian, Bold fantasy, Child book, Cover, Crosshatch, Digital engraving, Expressionism,"
        "Freehand details, Grain 2.0, Graphic intensity, Hard Comics, Long shadow, Modern Folk, Multicolor, Neon Calm,"
        "Noir, Nostalgic pastel, Outline details, Pastel gradient, Pastel sketch, Pop art, Pop renaissance, Street art,"
        "Tablet sketch, Urban Glow, Urban sketching, Young adult book, Young adult book 2, Seamless Digital",
    ),
    *_curated("Logo", "Prestige Emblem, Pop Graphic, Stamp, Punk Graphic, Vintage Emblem"),
    _legacy(
        "realistic_image",
        "b_and_w enterprise evening_light faded_nostalgia forest_life hard_flash hdr motion_blur mystic_naturalism "
        "natural_light natural_tones organic_calm real_life_glow retro_realism retro_snapshot studio_portrait "
        "urban_drama village_realism warm_folk",
    ),
    _legacy(
        "digital_illustration",
        "2d_art_poster 2d_art_poster_2 antiquarian bold_fantasy child_book cover crosshatch digital_engraving "
        "engraving_color expressionism freehand_details grain grain_20 graphic_intensity hand_drawn "
        "hand_drawn_outline handmade_3d hard_comics infantile_sketch long_shadow modern_folk multicolor neon_calm "
        "noir nostalgic_pastel outline_details pastel_gradient pastel_sketch pixel_art plastic pop_art "
        "pop_renaissance seamless street_art tablet_sketch urban_glow urban_sketching young_adult_book "
        "young_adult_book_2",
    ),
    _legacy("logo_raster", "emblem_graffiti emblem_pop_art emblem_punk emblem_stamp emblem_vintage"),
)

_V3_VECTOR = (
    *_curated(
        "Vector art",
        "Vector art, Line art, Linocut, Color blobs, Engraving, Bold stroke, Chemistry, Colored stencil, Cosmics,"
        "Cutout, Depressive, Editorial, Emotional flat, Marker outline, Mosaic, Naivector, Roundish flat,"
        "Segmented Colors, Sharp contrast, Thin, Vector Photo, Vivid shapes, Seamless Vector",
        vector=True,
    ),
    _legacy(
        "vector_illustration",
        "bold_stroke chemistry colored_stencil cosmics cutout depressive editorial emotional_flat engraving line_art "
        "line_circuit linocut marker_outline mosaic naivector roundish_flat seamless segmented_colors "
        "sharp_contrast thin vector_photo vivid_shapes",
    ),
)

_V2 = (
    *_curated(
        "Photorealism",
        "Photorealism, Enterprise, Natural light, Studio photo, HDR, Hard flash, Motion blur, Black & white,"
        "Product photo",
    ),
    *_curated(
        "Illustration",
        "Illustration, 3D render, Glow, Watercolor, Hand-drawn, Kawaii, Grain, Bold Sketch, Pencil sketch, Retro Pop,"
        "Clay, Risograph, Psychedelic, Seamless Digital, Color engraving, Pixel art, 80's, Voxel art",
    ),
    _legacy("realistic_image", "b_and_w enterprise hard_flash hdr motion_blur natural_light studio_portrait"),
    _legacy(
        "digital_illustration",
        "2d_art_poster 2d_art_poster_2 3d 80s engraving_color glow grain hand_drawn hand_drawn_outline handmade_3d "
        "infantile_sketch kawaii pixel_art plastic psychedelic seamless voxel watercolor",
    ),
)

_V2_VECTOR = (
    *_curated(
        "Vector art",
        "Vector art, Line art, Linocut, Cartoon, Flat 2.0, Color blobs, Vector Kawaii, Doodle Line art,"
        "Seamless Vector, Engraving",
        vector=True,
    ),
    *_curated(
        "Icon",
        "Icon, Outline, Pictogram, Colored outline, Doodle, Colored shape, Gradient outline, Offset doodle,"
        "Gradient shape, Broken line, Offset fill",
        vector=True,
    ),
    _legacy(
        "vector_illustration", "cartoon doodle_line_art engraving flat_2 kawaii line_art line_circuit linocut seamless"
    ),
    _legacy(
        "icon",
        "broken_line colored_outline colored_shapes colored_shapes_gradient doodle_fill doodle_offset_fill "
        "offset_fill outline outline_gradient pictogram",
    ),
)

STYLES: Mapping[str, tuple[Style, ...]] = MappingProxyType(
    {"recraftv3": _V3, "recraftv3_vector": _V3_VECTOR, "recraftv2": _V2, "recraftv2_vector": _V2_VECTOR}
)
# What the server draws when no style is sent. Source: Recraft docs, Styles page. "Recraft V3 Raw" is a name for
# "no style", not a value to send.
DEFAULT_LOOK: Mapping[str, str] = MappingProxyType(
    {
        "recraftv3": "Recraft V3 Raw",
        "recraftv3_vector": "Vector art",
        "recraftv2": "Photorealism",
        "recraftv2_vector": "Vector art",
    }
)


def styles_for(image_model_id: str) -> tuple[Style, ...]:
    """The styles of an image model: curated groups first, then the legacy ones. Empty for V4 models."""
    return STYLES.get(image_model_id, ())


def find(image_model_id: str, name: str) -> Style | None:
    """The style of this exact name on this image model; names are case-sensitive, as in the API."""
    return next((style for style in styles_for(image_model_id) if style.name == name), None)


def substyle_label(substyle: str) -> str:
    """What a page calls a legacy substyle id such as "hard_flash"."""
    return substyle.replace("_", " ").capitalize()
