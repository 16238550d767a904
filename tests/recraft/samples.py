"""One good value for every param there is, and files that fit: what a test asks of any operation."""

import io

from studio.recraft.catalogue import OPERATIONS
from studio.recraft.inputs import PNG, InputFile, Mask

BOX = [[0.3, 0.45], [0.6, 0.45], [0.6, 0.55], [0.3, 0.55]]
UUID = "229b2a75-05e4-4580-85f9-b47ee521a00d"
OTHER_UUID = "0a1b2c3d-0000-4000-8000-000000000001"
PICTURE_ID = "Zk3vBq8mN1xY7tRd"
COLORS = [{"rgb": [0, 255, 0], "weight": 0.4}, {"rgb": [255, 0, 0]}]
# A new param without a sample fails the tests of every entry that has it.
SAMPLES = {
    "prompt": "race car on a track",
    "n": 2,
    "size": "16:9",
    "style_id": UUID,
    "negative_prompt": "people",
    "random_seed": 2**32 - 1,
    "image_format": "png",
    "colors": COLORS,
    "background_color": {"rgb": [255, 255, 255]},
    "artistic_level": 5,
    "no_text": True,
    "text_layout": [{"text": "AI", "bbox": BOX}],
    "creativity": "eccentric",
    "image": PICTURE_ID,
    "mask": "Mask000000000000",
    "strength": 0.2,
    "expand_left": 100,
    "expand_right": 4,
    "expand_top": 0,
    "expand_bottom": 4096 - 1024,
    "zoom_out_percentage": 25.0,
    "color_reduction": "on",
    "strict_color_palette": [{"rgb": [1, 2, 3]}, {"rgb": [4, 5, 6]}],
    "limit_num_shapes": "on",
    "max_num_shapes": 40,
    "small_shape_filter": "off",
    "shape_stacking": "cut_out",
    "return_gradients": "off",
    "svg_compression": "on",
    "source_image_id": UUID,
    "similarity": 5,
    "images": [PICTURE_ID, "aaaaaaaaaaaaaaaa"],
    "image_weights": [0.5, 1],
    "source_styles": [UUID, OTHER_UUID],
    "source_style_weights": [1, 0],
    "mix_policy": "PaletteMatch",
    "num_colors_limit": 2,
}
# Excluded by others of the same operation, or of a meaning that depends on it.
LEFT_OUT = {"style", "substyle"}
EXCLUDED = {("outpaint", "size")}
INSTEAD = {("create-style", "style"): "any"}
PAIRS = [(operation, id) for operation in OPERATIONS.values() for id in operation.image_models or ("",)]


def name_of(value):
    """Ids for parametrised tests."""
    return getattr(value, "slug", None) or str(value or "-")


def full_values(operation, image_model):
    """All that an operation takes at once with an image model; "" for one that has none."""
    names = [param.name for param in operation.params_for(image_model) if param.name != "model"]
    values = {"model": image_model} if image_model else {}
    for name in names:
        if (operation.slug, name) in INSTEAD:
            values[name] = INSTEAD[operation.slug, name]
        elif name not in LEFT_OUT and (operation.slug, name) not in EXCLUDED:
            values[name] = SAMPLES[name]
    return values


def least_values(operation, image_model=""):
    """Only what is needed."""
    values = full_values(operation, image_model or operation.default_image_model)
    needed = {param.name for param in operation.params if param.required} | {"model"}
    extra = {"outpaint": {"zoom_out_percentage"}, "create-style": {"images"}}.get(operation.slug, set())
    return {name: value for name, value in values.items() if name in needed | extra}


def file(content=b"\x89PNG\r\n\x1a\n", **facts):
    """An input file in memory, as large as any operation takes it."""
    known = {"media_type": PNG, "width": 1024, "height": 1024, "size": len(content)}
    return InputFile(open=lambda: io.BytesIO(content), **{**known, **facts})


def mask(content=b"\x89PNG\r\n\x1a\nmask", **facts):
    return file(content, **{"mode": "L", "levels": frozenset({0, 255}), **facts})


def files_for(operation, values):
    """Files that fit the values."""
    made = {True: mask, False: file}
    return {
        param.name: tuple(
            made[isinstance(param, Mask)](f"bytes of {id}".encode()) for id in param.ids(values[param.name])
        )
        for param in operation.inputs
        if values.get(param.name)
    }
