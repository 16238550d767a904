from studio.recraft.image_models import (
    ASPECTS,
    DEFAULT,
    DEFAULT_VECTOR,
    IMAGE_MODELS,
    MODEL_DEPENDENT,
    RASTER,
    VECTOR,
    Family,
    who_takes,
)

# Source: Recraft docs, Appendix, "List of supported image sizes", column by column.
APPENDIX = """
1:1   1024x1024 2048x2048 1024x1024
2:1   1536x768  3072x1536 2048x1024
1:2   768x1536  1536x3072 1024x2048
3:2   1280x832  2560x1664 1536x1024
2:3   832x1280  1664x2560 1024x1536
4:3   1216x896  2432x1792 1365x1024
3:4   896x1216  1792x2432 1024x1365
5:4   1152x896  2304x1792 1280x1024
4:5   896x1152  1792x2304 1024x1280
6:10  832x1344  1664x2688 1024x1707
14:10 1280x896  2560x1792 1434x1024
10:14 896x1280  1792x2560 1024x1434
16:9  1344x768  2688x1536 1820x1024
9:16  768x1344  1536x2688 1024x1820
"""
ROWS = [line.split() for line in APPENDIX.strip().splitlines()]
# Source: Recraft docs, Endpoints page, parameter `model`.
_IDS = """
recraftv4_1 recraftv4_1_vector recraftv4_1_pro recraftv4_1_pro_vector recraftv4_1_utility recraftv4_1_utility_vector
recraftv4_1_utility_pro recraftv4_1_utility_pro_vector recraftv4 recraftv4_vector recraftv4_pro recraftv4_pro_vector
recraftv3 recraftv3_vector recraftv2 recraftv2_vector
"""
IDS = _IDS.split()


def test_the_sixteen_image_models_of_the_docs_are_described():
    assert set(IMAGE_MODELS) == set(IDS)
    assert len(IMAGE_MODELS) == 16
    assert all(IMAGE_MODELS[id].id == id for id in IMAGE_MODELS)


def test_every_size_is_the_one_of_the_appendix():
    for model in IMAGE_MODELS.values():
        column = 3 if model.family in (Family.V2, Family.V3) else 2 if model.pro else 1
        sizes = {aspect: "{}x{}".format(*pixels) for aspect, pixels in model.sizes.items()}
        assert sizes == {row[0]: row[column] for row in ROWS}, model.id


def test_every_model_lists_the_fourteen_aspects_in_the_documents_order():
    assert [row[0] for row in ROWS] == list(ASPECTS)
    assert all(tuple(model.sizes) == ASPECTS for model in IMAGE_MODELS.values())


def test_an_id_says_what_it_draws():
    assert all(model.vector == id.endswith("_vector") for id, model in IMAGE_MODELS.items())
    assert len(RASTER) == len(VECTOR) == 8
    assert set(RASTER) | set(VECTOR) == set(IMAGE_MODELS)


def test_prompts_are_short_on_v2_and_v3_and_long_elsewhere():
    short = {id for id, model in IMAGE_MODELS.items() if model.prompt_limit == 1_000}
    assert short == {"recraftv2", "recraftv2_vector", "recraftv3", "recraftv3_vector"}
    assert {IMAGE_MODELS[id].prompt_limit for id in IMAGE_MODELS.keys() - short} == {10_000}


def test_labels_are_distinct_and_read_as_people_say_them():
    labels = [model.label for model in IMAGE_MODELS.values()]
    assert len(set(labels)) == 16
    assert IMAGE_MODELS["recraftv4_1_utility_pro_vector"].label == "V4.1 Utility Pro Vector"
    assert all(model.note for model in IMAGE_MODELS.values())


def test_the_defaults_draw_what_they_are_defaults_for():
    assert not IMAGE_MODELS[DEFAULT].vector
    assert IMAGE_MODELS[DEFAULT_VECTOR].vector


def test_styles_belong_to_v2_and_v3_and_text_layout_to_v3():
    takers = {param: {id for id, model in IMAGE_MODELS.items() if model.accepts(param)} for param in MODEL_DEPENDENT}
    v3, v2 = {"recraftv3", "recraftv3_vector"}, {"recraftv2", "recraftv2_vector"}
    assert takers["style"] == takers["style_id"] == takers["substyle"] == takers["negative_prompt"] == v3 | v2
    assert takers["text_layout"] == takers["artistic_level"] == takers["no_text"] == v3
    assert takers["image_format"] == set(RASTER)


def test_a_page_can_say_who_takes_a_param():
    assert who_takes("negative_prompt") == "V2 and V3"
    assert who_takes("text_layout") == "V3"
    assert who_takes("image_format") == "raster models"


def test_pixels_of_an_aspect_depend_on_the_model():
    assert IMAGE_MODELS["recraftv4_1"].pixels("4:5") == (896, 1152)
    assert IMAGE_MODELS["recraftv4_1_pro"].pixels("4:5") == (1792, 2304)
    assert IMAGE_MODELS["recraftv3"].pixels("4:5") == (1024, 1280)
