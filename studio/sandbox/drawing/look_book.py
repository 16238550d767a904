"""
The book of looks: what each style and each family of models does differently.

Style names and substyles come from the facts in `recraft.styles`; which of them share a look is this sandbox's choice.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.recraft.image_models import Family
from studio.sandbox.drawing import cameras, inks, recolor, restyle
from studio.sandbox.drawing.inks import Ink
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.plates import PLATES
from studio.sandbox.drawing.restyle import Restyle
from studio.sandbox.drawing.scenes import SCENES


@dataclass(frozen=True)
class Look:
    """`likes` is plates, scenes or single names; `ink` remakes the picture; `drawn` remakes a vector scene."""

    likes: str = ""
    mood: str | None = None
    natural: bool = False  # keep a plate's own colors, or close to them
    calm: bool = False  # keep close to the whole plate, even light
    shadows: bool = True
    contrast: float = 1.0
    chroma: float = 1.0
    lift: float = 0.0
    light: float = 0.16
    bloom: float = 0.0
    sharp: int = 50
    grain: float = 2.5
    grain_kind: str = "fine"
    tint: Callable[[Palette], recolor.Change] | None = None
    ink: Ink | None = None
    drawn: Restyle | None = None

    def prefers(self, names: Sequence[str]) -> list[str]:
        """The names this look likes, or all when it likes none of them."""
        if self.likes == "plates":
            liked = [name for name in names if name in PLATES]
        elif self.likes == "scenes":
            liked = [name for name in names if name in SCENES]
        elif self.likes:
            liked = self.likes.split()
        else:
            return list(names)
        return liked or list(names)


def _split(
    shadows: tuple[int, int, int], lights: tuple[int, int, int], strength: float = 0.3
) -> Callable[[Palette], recolor.Change]:
    return lambda _palette: recolor.split_tone(shadows, lights, strength)


def _gray(contrast: float = 1.0) -> Callable[[Palette], recolor.Change]:
    return lambda _palette: recolor.turned(0, 0.0, contrast)


FAMILIES = {
    Family.V4_1: Look(bloom=0.12, contrast=1.05, chroma=1.06, light=0.16, grain=2.0),
    Family.V4_1_UTILITY: Look(natural=True, calm=True, light=0.0, lift=10, contrast=0.96, grain=0.0, sharp=70),
    Family.V4: Look(light=0.24, grain=4.5, tint=_split((30, 70, 110), (255, 214, 160), 0.16), sharp=30),
    Family.V3: Look(contrast=0.97, chroma=0.9, lift=8, light=0.12, grain=5.0, grain_kind="paper", sharp=20),
    Family.V2: Look(natural=True, contrast=1.08, light=0.28, grain=4.0, grain_kind="paper", ink=cameras.soft, sharp=0),
}

_PHOTO = Look(likes="plates", natural=True, light=0.14, bloom=0.08, grain=3.0)
_FLAT = Look(likes="scenes", light=0.05, grain=4.0, grain_kind="paper")

LOOKS: dict[str, Look] = {
    "photo": _PHOTO,
    "studio": Look(likes="plates", natural=True, calm=True, light=0.22, contrast=1.06, grain=1.5, sharp=80),
    "enterprise": Look(
        likes="plates",
        natural=True,
        calm=True,
        light=0.05,
        lift=12,
        chroma=0.88,
        grain=1.0,
        tint=_split((40, 80, 130), (230, 240, 255), 0.2),
    ),
    "hdr": Look(
        likes="plates", natural=True, contrast=1.12, chroma=1.35, light=0.1, grain=1.5, ink=cameras.local_contrast
    ),
    "flash": Look(
        likes="plates", natural=True, calm=True, contrast=1.22, light=0.0, bloom=0.22, grain=4.0, ink=cameras.flash
    ),
    "motion": Look(likes="plates", natural=True, light=0.16, grain=3.0, ink=cameras.motion, sharp=0),
    "gray": Look(likes="plates", mood="gray", contrast=1.1, light=0.24, grain=6.0, tint=_gray(1.08)),
    "noir": Look(mood="night", contrast=1.35, light=0.5, grain=7.0, tint=_gray(1.15), ink=cameras.window_shade),
    "evening": Look(
        likes="plates",
        natural=True,
        mood="sunset",
        contrast=1.05,
        light=0.3,
        bloom=0.2,
        tint=_split((60, 40, 120), (255, 170, 90), 0.42),
    ),
    "faded": Look(
        natural=True,
        contrast=0.82,
        chroma=0.72,
        lift=34,
        light=0.1,
        grain=7.0,
        tint=_split((70, 90, 110), (255, 226, 180), 0.3),
    ),
    "green": Look(
        likes="plates",
        natural=True,
        mood="nature",
        contrast=1.02,
        chroma=0.95,
        light=0.22,
        tint=_split((20, 70, 50), (214, 226, 150), 0.4),
    ),
    "mystic": Look(
        likes="plates",
        mood="dawn",
        contrast=0.94,
        light=0.3,
        bloom=0.35,
        lift=14,
        tint=_split((70, 70, 140), (250, 214, 226), 0.36),
    ),
    "urban": Look(
        likes="plates",
        mood="night",
        contrast=1.2,
        light=0.34,
        grain=5.0,
        tint=_split((10, 80, 110), (255, 176, 110), 0.42),
    ),
    "folk": Look(
        likes="plates",
        natural=True,
        mood="autumn",
        contrast=1.0,
        light=0.2,
        grain=4.0,
        tint=_split((110, 60, 40), (255, 214, 150), 0.36),
    ),
    "illustration": Look(light=0.06, grain=5.0, grain_kind="paper", chroma=1.05),
    "flat": _FLAT,
    "grain": Look(likes="scenes", shadows=False, light=0.3, grain=10.0, grain_kind="clumps", ink=inks.stipple, sharp=0),
    "sketch": Look(light=0.0, grain=3.0, grain_kind="paper", ink=inks.pencil, sharp=0, drawn=restyle.line_art),
    "wash": Look(mood="pastel", light=0.0, grain=4.0, grain_kind="paper", ink=inks.color_pencil, sharp=0),
    "watercolor": Look(mood="spring", shadows=False, light=0.0, grain=0.0, ink=inks.watercolor, sharp=0),
    "oil": Look(contrast=1.05, chroma=1.1, light=0.14, grain=3.0, ink=inks.oil, sharp=30),
    "engraving": Look(
        shadows=False, light=0.0, grain=3.0, grain_kind="paper", ink=inks.engraving, sharp=0, drawn=restyle.engraving
    ),
    "color engraving": Look(
        shadows=False, mood="retro", light=0.0, grain=4.0, grain_kind="paper", ink=inks.color_engraving, sharp=0
    ),
    "crosshatch": Look(shadows=False, light=0.0, grain=3.0, grain_kind="paper", ink=inks.crosshatch, sharp=0),
    "riso": Look(shadows=False, mood="bold", light=0.0, grain=4.0, grain_kind="paper", ink=inks.risograph, sharp=0),
    "pop": Look(mood="bold", shadows=False, light=0.0, grain=2.0, ink=inks.pop, sharp=0),
    "comic": Look(mood="bold", shadows=False, light=0.0, grain=2.0, ink=inks.comic, sharp=0, drawn=restyle.outlined),
    "stencil": Look(
        shadows=False, light=0.0, grain=4.0, grain_kind="paper", ink=inks.stencil, sharp=0, drawn=restyle.three_tone
    ),
    "lino": Look(
        shadows=False, light=0.0, grain=3.0, grain_kind="paper", ink=inks.linocut, sharp=0, drawn=restyle.two_tone
    ),
    "pixel": Look(light=0.1, contrast=1.08, chroma=1.15, grain=0.0, ink=inks.pixel, sharp=0),
    "voxel": Look(light=0.12, chroma=1.15, grain=0.0, ink=inks.voxel, sharp=0),
    "neon": Look(mood="neon", shadows=False, light=0.0, grain=3.0, ink=inks.neon, sharp=0),
    "pastel": Look(mood="pastel", contrast=0.85, chroma=0.9, lift=36, light=0.0, grain=5.0, grain_kind="paper"),
    "gradient": Look(
        mood="pastel", shadows=False, light=0.0, grain=6.0, ink=inks.gradient_wash, sharp=0, drawn=restyle.gradients
    ),
    "psychedelic": Look(mood="neon", shadows=False, light=0.0, grain=2.0, ink=inks.psychedelic, sharp=0),
    "clay": Look(likes="plates", mood="earth", contrast=0.96, light=0.26, grain=4.0, grain_kind="clumps", sharp=20),
    "kawaii": Look(likes="scenes", mood="pastel", light=0.0, lift=10, chroma=1.1, grain=1.0, drawn=restyle.outlined),
    "mark": Look(likes="badge", shadows=False, light=0.0, grain=4.0, grain_kind="paper"),
    "stamp": Look(likes="badge", shadows=False, light=0.0, grain=3.0, grain_kind="clumps", ink=inks.linocut, sharp=0),
    "cover": Look(mood="retro", contrast=1.1, chroma=1.1, light=0.3, grain=6.0, grain_kind="paper"),
    "line": Look(likes="scenes", drawn=restyle.line_art),
    "thin": Look(likes="scenes", drawn=restyle.thin),
    "bold line": Look(likes="scenes", drawn=restyle.outlined),
    "blobs": Look(likes="scenes", drawn=restyle.offset_fill),
    "cutout": Look(likes="scenes", drawn=restyle.paper_cut),
    "mosaic": Look(likes="scenes", drawn=restyle.mosaic),
    "dark": Look(likes="scenes", mood="night"),
    "muted": Look(likes="scenes", mood="winter", drawn=restyle.muted),
    "vivid": Look(likes="scenes", mood="bold", drawn=restyle.vivid),
    "pattern": Look(likes="lemons terrazzo truchet seigaiha arcs cutouts", light=0.0, grain=3.0, grain_kind="paper"),
    "icon": Look(likes="icons"),
    "icon line": Look(likes="icons", drawn=restyle.line_art),
    "icon color line": Look(likes="icons", drawn=restyle.outlined),
    "icon broken": Look(likes="icons", drawn=restyle.thin),
    "icon gradient": Look(likes="icons", drawn=restyle.gradients),
    "icon offset": Look(likes="icons", drawn=restyle.offset_fill),
    "icon two": Look(likes="icons", drawn=restyle.two_tone),
}

# look: style names and substyles that share it
_SAME = {
    "photo": ("photorealism realistic_image natural_light real_life_glow natural_tones retro_realism"),
    "studio": "studio_photo studio_portrait product_photo",
    "enterprise": "enterprise",
    "hdr": "hdr",
    "flash": "hard_flash",
    "motion": "motion_blur",
    "gray": "black_and_white b_and_w black_white",
    "noir": "noir",
    "evening": "evening_light urban_glow glow",
    "faded": "faded_nostalgia retro_snapshot nostalgic_pastel",
    "green": "forest_life organic_calm",
    "mystic": "mystic_naturalism",
    "urban": "urban_drama",
    "folk": "village_realism warm_folk modern_folk",
    "illustration": "illustration digital_illustration any",
    "grain": "grain grain_20",
    "sketch": ("pencil_sketch tablet_sketch bold_sketch freehand_details hand_drawn_outline infantile_sketch"),
    "wash": "hand_drawn urban_sketching child_book pastel_sketch outline_details",
    "watercolor": "watercolor",
    "oil": "expressionism bold_fantasy pop_renaissance",
    "engraving": "digital_engraving engraving antiquarian",
    "color engraving": "color_engraving engraving_color",
    "crosshatch": "crosshatch",
    "riso": "risograph 2d_art_poster 2d_art_poster_2",
    "pop": "pop_art retro_pop emblem_pop_art",
    "comic": "hard_comics graphic_intensity cartoon",
    "stencil": "street_art colored_stencil emblem_graffiti punk_graphic emblem_punk",
    "lino": "linocut sharp_contrast",
    "pixel": "pixel_art",
    "voxel": "voxel_art voxel",
    "neon": "neon_calm 80_s 80s",
    "pastel": "young_adult_book_2",
    "gradient": "pastel_gradient multicolor roundish_flat vector_photo",
    "psychedelic": "psychedelic",
    "clay": "clay plastic handmade_3d 3d 3d_render",
    "kawaii": "kawaii vector_kawaii",
    "mark": "prestige_emblem pop_graphic vintage_emblem emblem_vintage logo_raster",
    "stamp": "stamp emblem_stamp",
    "cover": "cover young_adult_book long_shadow",
    "flat": "vector_art vector_illustration flat_2 flat_20 editorial emotional_flat naivector",
    "line": "line_art doodle_line_art line_circuit chemistry",
    "thin": "thin",
    "bold line": "bold_stroke marker_outline",
    "blobs": "color_blobs",
    "cutout": "cutout",
    "mosaic": "mosaic segmented_colors",
    "dark": "cosmics",
    "muted": "depressive",
    "vivid": "vivid_shapes",
    "pattern": "seamless seamless_digital seamless_vector",
    "icon": "icon colored_shape colored_shapes",
    "icon line": "outline doodle",
    "icon color line": "colored_outline doodle_fill",
    "icon broken": "broken_line",
    "icon gradient": "gradient_outline outline_gradient gradient_shape colored_shapes_gradient",
    "icon offset": "offset_doodle doodle_offset_fill offset_fill",
    "icon two": "pictogram",
}


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


BY_NAME = {plain(name): LOOKS[look] for look, names in _SAME.items() for name in names.split()}
