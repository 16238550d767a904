"""What must hold between params: each rule kept and broken."""

import pytest

from studio.recraft import rules
from studio.recraft.catalogue import OPERATIONS, InvalidValues
from tests.recraft.samples import COLORS, OTHER_UUID, UUID, file, least_values

OUTPAINT, CREATE, VECTORIZE = (OPERATIONS[slug] for slug in ("outpaint", "create-style", "vectorize"))
STYLED = {"style": "any", "images": ["a", "b"]}


def wrong(operation, values):
    with pytest.raises(InvalidValues) as caught:
        operation.validate(values)
    return caught.value.errors


def outpaint(**values):
    return {"image": "a", "prompt": "a wood", **values}


@pytest.mark.parametrize(
    "values",
    [
        {"expand_left": 1},
        {"expand_left": 4096, "expand_bottom": 4096},
        {"expand_top": 10, "zoom_out_percentage": 0.5},
        {"size": "16:9"},
        {"size": "16:9", "zoom_out_percentage": 99.9},
        {"size": "16:9", "expand_left": 0, "expand_top": 0},
        {"zoom_out_percentage": 0.01},
    ],
)
def test_outpaint_grows_by_a_size_by_pixels_or_by_a_zoom(values):
    OUTPAINT.validate(outpaint(**values))


@pytest.mark.parametrize(
    "values", [{}, {"expand_left": 0}, {"zoom_out_percentage": 0}, {"size": None, "expand_top": 0}]
)
def test_outpaint_that_does_not_grow_is_refused(values):
    assert wrong(OUTPAINT, outpaint(**values)) == {"size": "Say how far to go: a size, pixels on a side, or a zoom."}


def test_outpaint_takes_a_size_or_pixels_not_both():
    for side in rules.EXPANSIONS:
        assert wrong(OUTPAINT, outpaint(size="1:1", **{side: 1})) == {
            "size": "Choose a size or pixels per side, not both."
        }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("expand_left", -1),
        ("expand_right", 4097),
        ("expand_top", 1.5),
        ("zoom_out_percentage", 100),
        ("zoom_out_percentage", -0.1),
        ("zoom_out_percentage", "25"),
        ("size", "5:7"),
    ],
)
def test_what_is_outside_the_limits_of_outpaint_is_named(name, value):
    assert wrong(OUTPAINT, outpaint(**{"zoom_out_percentage": 10, name: value})).keys() == {name}


def test_a_side_that_does_not_grow_is_not_sent():
    body = OUTPAINT.body(outpaint(expand_left=0, expand_top=5, zoom_out_percentage=0))
    assert {name: body[name] for name in body if "expand" in name or "zoom" in name} == {"expand_top": 5}
    assert OUTPAINT.body(outpaint(size="4:5"))["size"] == "1024x1280"
    assert OUTPAINT.body(outpaint(size="4:5", model="recraftv3_vector"))["size"] == "4:5"


def test_the_result_of_outpaint_is_at_most_4096_pixels_a_side():
    picture = {"image": (file(width=1000, height=3000),)}
    fits = outpaint(expand_left=3000, expand_right=96, expand_top=1000, expand_bottom=96)
    OUTPAINT.check_inputs(fits, picture)
    assert rules.expanded(fits, 1000, 3000) == (4096, 4096)
    for name, over in (("expand_left", "wide"), ("expand_top", "high")):
        with pytest.raises(InvalidValues) as caught:
            OUTPAINT.check_inputs({**fits, name: fits[name] + 1}, picture)
        assert caught.value.errors == {name: f"The result would be 4,097 px {over}; at most 4,096: take 1 px off."}


@pytest.mark.parametrize(("strength", "fine"), [(0, True), (1, True), (0.5, True), (-0.01, False), (1.01, False)])
def test_strength_lies_between_zero_and_one(strength, fine):
    values = {**least_values(OPERATIONS["image-to-image"]), "strength": strength}
    if fine:
        assert OPERATIONS["image-to-image"].body(values)["strength"] == strength
        OPERATIONS["image-to-image"].validate(values)
    else:
        assert wrong(OPERATIONS["image-to-image"], values).keys() == {"strength"}


@pytest.mark.parametrize(("similarity", "fine"), [(1, True), (5, True), (0, False), (6, False), (2.5, False)])
def test_similarity_is_one_of_five_steps(similarity, fine):
    values = {"source_image_id": UUID, "similarity": similarity}
    if fine:
        OPERATIONS["explore-similar"].validate(values)
    else:
        assert wrong(OPERATIONS["explore-similar"], values).keys() == {"similarity"}


def test_similar_starts_from_a_picture_that_recraft_knows():
    similar = OPERATIONS["explore-similar"]
    assert wrong(similar, {"similarity": 1}) == {"source_image_id": "Explored picture is needed."}
    assert "looks like" in wrong(similar, {"similarity": 1, "source_image_id": "Zk3vBq8m"})["source_image_id"]
    assert similar.param("source_image_id").made_by == ("explore", "explore-similar")


@pytest.mark.parametrize(("length", "fine"), [(1, True), (2000, True), (2001, False), (0, False)])
def test_a_prompt_to_enhance_has_at_most_two_thousand_characters(length, fine):
    if fine:
        OPERATIONS["enhance-prompt"].validate({"prompt": "x" * length})
    else:
        assert wrong(OPERATIONS["enhance-prompt"], {"prompt": "x" * length}).keys() == {"prompt"}


def test_an_edit_of_v3_takes_a_thousand_characters():
    values = least_values(OPERATIONS["inpaint"])
    OPERATIONS["inpaint"].validate({**values, "prompt": "x" * 1000})
    assert wrong(OPERATIONS["inpaint"], {**values, "prompt": "x" * 1001}).keys() == {"prompt"}


@pytest.mark.parametrize("slug", ["inpaint", "outpaint", "replace-background", "generate-background"])
def test_edits_belong_to_v3(slug):
    assert OPERATIONS[slug].image_models == ("recraftv3", "recraftv3_vector")
    refused = wrong(OPERATIONS[slug], {**least_values(OPERATIONS[slug]), "model": "recraftv4_1"})
    assert refused == {"model": f"{OPERATIONS[slug].label} works with V3 models, not with V4.1."}


def test_image_to_image_is_for_all_but_v2():
    values = least_values(OPERATIONS["image-to-image"])
    assert len(OPERATIONS["image-to-image"].image_models) == 14
    assert wrong(OPERATIONS["image-to-image"], {**values, "model": "recraftv2_vector"}) == {
        "model": "Image to image works with V4.1, V4.1 Utility, V4 and V3 models, not with V2 Vector."
    }


def test_explore_leaves_the_utility_models_out():
    assert set(OPERATIONS["explore"].image_models) == {
        f"recraft{family}{size}{kind}" for family in ("v4_1", "v4") for size in ("", "_pro") for kind in ("", "_vector")
    }


def test_a_model_is_no_param_of_an_operation_without_one():
    assert wrong(VECTORIZE, {"image": "a", "model": "recraftv3"}) == {"model": "There is no such parameter."}


def test_a_number_of_shapes_needs_its_switch():
    VECTORIZE.validate({"image": "a", "limit_num_shapes": "on", "max_num_shapes": 1})
    for switch in ({}, {"limit_num_shapes": "off"}):
        assert wrong(VECTORIZE, {"image": "a", "max_num_shapes": 1, **switch}).keys() == {"max_num_shapes"}


def test_a_strict_palette_goes_as_bare_numbers_and_has_no_weights():
    palette = {"image": "a", "strict_color_palette": [{"rgb": [1, 2, 3]}, {"rgb": [4, 5, 6], "weight": None}]}
    VECTORIZE.validate(palette)
    assert VECTORIZE.body(palette)["strict_color_palette"] == [[1, 2, 3], [4, 5, 6]]
    assert wrong(VECTORIZE, {"image": "a", "strict_color_palette": COLORS}).keys() == {"strict_color_palette"}


def test_colors_to_optimize_go_as_hex():
    values = {"colors": [{"rgb": [0, 255, 16], "weight": 0.4}, {"rgb": [1, 2, 3]}], "num_colors_limit": 1}
    OPERATIONS["optimize-colors"].validate(values)
    assert OPERATIONS["optimize-colors"].body(values) == {
        "colors": [{"hex": "#00ff10", "weight": 0.4}, {"hex": "#010203"}],
        "num_colors_limit": 1,
    }


def test_a_style_is_made_from_references_or_styles_or_both():
    for sources in ({"images": ["a"]}, {"source_styles": [UUID]}, {"images": ["a"], "source_styles": [UUID]}):
        CREATE.validate({"style": "any", **sources})
    assert wrong(CREATE, {"style": "any"}) == {"images": "A style is made from references, from other styles, or both."}
    assert wrong(CREATE, {"images": ["a"]}) == {"style": "Base style is needed."}


def test_there_are_as_many_weights_as_members_or_none():
    CREATE.validate({**STYLED, "image_weights": [1, 0.5]})
    CREATE.validate({**STYLED, "source_styles": [UUID], "source_style_weights": [1]})
    for weights in ([1], [1, 1, 1]):
        assert wrong(CREATE, {**STYLED, "image_weights": weights}) == {
            "image_weights": f"{len(weights)} weights for 2. One weight for each reference, or none at all."
        }
    assert wrong(CREATE, {**STYLED, "source_style_weights": [1]}).keys() == {"source_style_weights"}


@pytest.mark.parametrize("weights", [[1.01, 1], [-0.01, 1], [0, 0], ["1", 1], [True, 1], 1, {"a": 1}])
def test_weights_are_numbers_from_zero_to_one_and_not_all_zero(weights):
    assert wrong(CREATE, {**STYLED, "image_weights": weights}).keys() == {"image_weights"}


def test_at_most_five_styles_are_mixed_by_id():
    CREATE.validate({"style": "any", "source_styles": [UUID] * 4 + [OTHER_UUID]})
    for styles in ([UUID] * 6, ["Noir"], UUID, [5]):
        assert wrong(CREATE, {"style": "any", "source_styles": styles}).keys() == {"source_styles"}


def test_a_base_style_belongs_to_its_model():
    for model, style in (("recraftv3", "realistic_image"), ("recraftv2_vector", "icon"), ("recraftv3_vector", "any")):
        CREATE.validate({**STYLED, "model": model, "style": style})
    assert wrong(CREATE, {**STYLED, "model": "recraftv3", "style": "icon"}).keys() == {"style"}
    assert wrong(CREATE, {**STYLED, "model": "recraftv4_1"}).keys() == {"model"}


def test_the_background_of_a_style_goes_with_its_palette():
    background = {"rgb": [1, 2, 3]}
    CREATE.validate({**STYLED, "colors": COLORS, "background_color": background})
    assert wrong(CREATE, {**STYLED, "background_color": background}).keys() == {"background_color"}
    assert CREATE.body({**STYLED, "colors": COLORS, "background_color": background})["palette"] == {
        "colors": COLORS,
        "background_color": background,
    }


def test_a_style_or_a_custom_style_in_every_operation_that_takes_both():
    for slug in ("image-to-image", "inpaint", "outpaint", "replace-background", "generate-background"):
        values = {**least_values(OPERATIONS[slug]), "model": "recraftv3"}
        OPERATIONS[slug].validate({**values, "style": "Noir"})
        OPERATIONS[slug].validate({**values, "style_id": UUID})
        assert wrong(OPERATIONS[slug], {**values, "style": "Noir", "style_id": UUID}).keys() == {"style_id"}


def test_what_comes_back_is_told_from_the_values_and_the_source():
    assert OPERATIONS["inpaint"].draws_vector({"model": "recraftv3_vector"}) is True
    assert OPERATIONS["inpaint"].draws_vector({}) is False
    assert VECTORIZE.draws_vector({}) is True
    assert OPERATIONS["crisp-upscale"].draws_vector({}) is False
    assert OPERATIONS["remove-background"].draws_vector({}, "image/svg+xml") is True
    assert OPERATIONS["remove-background"].draws_vector({}, "image/png") is False
    assert OPERATIONS["explore-similar"].draws_vector({}) is None
    assert OPERATIONS["enhance-prompt"].draws_vector({}) is None
