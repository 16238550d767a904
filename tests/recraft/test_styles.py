import re
from itertools import pairwise

import pytest

from studio.recraft import styles
from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.styles import find, styles_for

# Source: the API's OpenAPI document, schema ImageSubStyle.
_SUBSTYLES = """
    2d_art_poster 3d 80s glow grain hand_drawn infantile_sketch kawaii pixel_art psychedelic seamless voxel watercolor
    broken_line colored_outline colored_shapes colored_shapes_gradient doodle_fill doodle_offset_fill offset_fill
    outline outline_gradient cartoon doodle_line_art engraving flat_2 line_art linocut b_and_w enterprise hard_flash
    hdr motion_blur natural_light studio_portrait line_circuit 2d_art_poster_2 engraving_color hand_drawn_outline
    handmade_3d plastic pictogram antiquarian bold_fantasy child_book cover crosshatch digital_engraving expressionism
    freehand_details grain_20 graphic_intensity hard_comics long_shadow modern_folk multicolor neon_calm noir
    nostalgic_pastel outline_details pastel_gradient pastel_sketch pop_art pop_renaissance street_art tablet_sketch
    urban_glow urban_sketching young_adult_book young_adult_book_2 evening_light faded_nostalgia forest_life
    mystic_naturalism natural_tones organic_calm real_life_glow retro_realism retro_snapshot urban_drama
    village_realism warm_folk bold_stroke chemistry colored_stencil cosmics cutout depressive editorial emotional_flat
    marker_outline mosaic naivector roundish_flat segmented_colors sharp_contrast thin vector_photo vivid_shapes
    emblem_graffiti emblem_pop_art emblem_punk emblem_stamp emblem_vintage
"""
SUBSTYLES = set(_SUBSTYLES.split())
STYLED = ["recraftv3", "recraftv3_vector", "recraftv2", "recraftv2_vector"]


def test_only_v2_and_v3_have_styles():
    assert [id for id in IMAGE_MODELS if styles_for(id)] == STYLED


def test_the_legacy_tables_hold_every_substyle_the_api_knows_and_no_other():
    assert len(SUBSTYLES) == 104
    assert {id for model in STYLED for style in styles_for(model) for id in style.substyles} == SUBSTYLES


@pytest.mark.parametrize(
    ("image_model", "curated", "legacy"),
    [
        ("recraftv3", 65, {"realistic_image": 19, "digital_illustration": 39, "logo_raster": 5}),
        ("recraftv3_vector", 23, {"vector_illustration": 22}),
        ("recraftv2", 27, {"realistic_image": 7, "digital_illustration": 18}),
        ("recraftv2_vector", 21, {"vector_illustration": 9, "icon": 10}),
    ],
)
def test_each_model_lists_its_curated_and_legacy_styles(image_model, curated, legacy):
    found = styles_for(image_model)
    assert sum(not style.legacy for style in found) == curated
    assert {style.name: len(style.substyles) for style in found if style.legacy} == legacy


@pytest.mark.parametrize("image_model", STYLED)
def test_names_are_distinct_curated_come_first_and_groups_stay_together(image_model):
    found = styles_for(image_model)
    assert len({style.name for style in found}) == len(found)
    groups = [style.group for style in found]
    assert sum(a != b for a, b in pairwise(groups)) == len(set(groups)) - 1
    assert [style.legacy for style in found] == sorted(style.legacy for style in found)


@pytest.mark.parametrize("image_model", STYLED)
def test_a_model_lists_only_styles_that_draw_what_it_draws(image_model):
    assert {style.vector for style in styles_for(image_model)} == {IMAGE_MODELS[image_model].vector}


def test_curated_styles_have_no_substyles():
    assert not any(style.substyles for id in STYLED for style in styles_for(id) if not style.legacy)


def test_names_are_found_exactly_as_the_api_writes_them():
    assert find("recraftv3", "Black & white").group == "Photorealism"
    assert find("recraftv2", "80's").group == "Illustration"
    assert find("recraftv2_vector", "Icon").vector
    assert find("recraftv3", "realistic_image").label == "Realistic image"
    assert find("recraftv3", "photorealism") is None
    assert find("recraftv3", "Watercolor") is None
    assert find("recraftv4_1", "Photorealism") is None


def test_default_looks_are_named_for_every_model_with_styles():
    assert set(styles.DEFAULT_LOOK) == set(STYLED)
    assert all(find(id, look) for id, look in styles.DEFAULT_LOOK.items() if id != "recraftv3")


def test_every_style_has_a_slug_of_its_own():
    slugs = {(style.name, style.legacy): style.slug for id in STYLED for style in styles_for(id)}
    assert len(set(slugs.values())) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs.values())
    assert slugs["Black & white", False] == "black-white"
    assert slugs["icon", True] != slugs["Icon", False]
