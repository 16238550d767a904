"""What edits promise about pixels: what changes, what stays to the bit, and how much."""

import io
from dataclasses import replace

import numpy as np
import pytest
import pyvips
from PIL import Image

from studio.sandbox.drawing import DrawRequest
from studio.sandbox.editing import cutout, enlarging, erasing, masked, outpainting, recomposing, tracing
from studio.sandbox.editing.outpainting import Frame
from studio.sandbox.editing.tracing import Options
from tests.sandbox import pictures
from tests.sandbox.pictures import BALL, SIDE
from tests.sandbox.test_drawing_measures import gray, ssim

VASES = pictures.source(pictures.vases())
ON_WALL = pictures.source(pictures.ball())
FOX = pictures.svg_source()
HOLE = pictures.source(pictures.mask((60, 60, 150, 150)))
BALL_HOLE = pictures.source(pictures.mask((BALL[0] - 6, BALL[1] - 6, BALL[2] + 6, BALL[3] + 6)))
OUTSIDE = ~np.asarray(pictures.mask((60, 60, 150, 150)), bool)


def request(prompt: str, model: str = "recraftv3", image_format: str = "webp", **more: object) -> DrawRequest:
    plain = DrawRequest(
        prompt,
        None,
        1,
        0,
        model,
        None,
        None,
        SIDE,
        SIDE,
        (),
        None,
        image_format,
        False,
        None,  # type: ignore[arg-type]
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def vector(prompt: str, size: int = 320) -> DrawRequest:
    return request(prompt, "recraftv3_vector", "svg", width=size, height=size)


def rendered(data: bytes) -> np.ndarray:
    made = pyvips.Image.svgload_buffer(data).write_to_buffer(".png")
    with Image.open(io.BytesIO(made)) as picture:
        return np.asarray(picture.convert("RGBA"), np.int16)


# -- Masks --


@pytest.mark.parametrize("image_format", ["webp", "png"])
@pytest.mark.parametrize("prompt", ["a cactus", "misty mountains"])
def test_inpainting_changes_masked_pixels_only(prompt: str, image_format: str) -> None:
    made = pictures.pixels(masked.inpaint(request(prompt, image_format=image_format), VASES, HOLE).data)
    before = pictures.pixels(VASES.data)
    assert (made[OUTSIDE] == before[OUTSIDE]).all()
    assert (np.abs(made[~OUTSIDE].astype(int) - before[~OUTSIDE]).max(-1) > 12).mean() > 0.5


def test_inpainting_keeps_transparency_where_nothing_was_masked() -> None:
    glass = pictures.vases().convert("RGBA")
    glass.putalpha(Image.linear_gradient("L").resize(glass.size))
    made = pictures.decoded(masked.inpaint(request("a cactus"), pictures.source(glass), HOLE).data)
    assert (np.asarray(made)[OUTSIDE] == np.asarray(glass)[OUTSIDE]).all()


def test_an_empty_mask_changes_nothing() -> None:
    nothing = pictures.source(Image.new("L", (SIDE, SIDE)))
    assert (
        pictures.pixels(masked.inpaint(request("a fox"), VASES, nothing).data) == np.asarray(pictures.vases())
    ).all()


def test_another_prompt_and_another_seed_paint_something_else() -> None:
    made = {
        masked.inpaint(each, VASES, HOLE).data
        for each in (request("hills"), request("a forest"), request("hills", seed=2), request("hills", index=1))
    }
    assert len(made) == 4


def test_a_background_is_generated_where_the_mask_says_so() -> None:
    mask = pictures.mask((0, 0, SIDE, 100))
    made = pictures.pixels(masked.generate_background(request("desert dunes"), VASES, pictures.source(mask)).data)
    kept = ~np.asarray(mask, bool)
    assert (made[kept] == np.asarray(pictures.vases())[kept]).all()
    assert (made[~kept] != np.asarray(pictures.vases())[~kept]).mean() > 0.9


def test_a_replaced_background_leaves_the_subject_to_the_bit() -> None:
    alpha = np.asarray(cutout.subject(pictures.ball()))
    made = pictures.pixels(masked.replace_background(request("desert dunes"), ON_WALL).data)
    before = np.asarray(pictures.ball())
    assert (made[alpha == 255] == before[alpha == 255]).all()
    assert (made[alpha == 0] != before[alpha == 0]).any(-1).mean() > 0.9


# -- Background and erasing --


def test_removing_the_background_finds_the_ball() -> None:
    made = pictures.decoded(cutout.remove_background(ON_WALL, "png").data)
    alpha = np.asarray(made.getchannel("A"))
    wanted = np.asarray(pictures.ball().convert("HSV"))[..., 1] > 150
    assert alpha[wanted].mean() > 240
    assert alpha[~wanted].mean() < 12


def test_edges_of_a_cutout_are_soft() -> None:
    alpha = np.asarray(pictures.decoded(cutout.remove_background(VASES, "png").data).getchannel("A"))
    assert ((alpha > 20) & (alpha < 235)).mean() > 0.005


def test_what_was_transparent_stays_transparent() -> None:
    cut = pictures.ball().convert("RGBA")
    cut.paste((0, 0, 0, 0), (0, 0, 256, 100))
    made = pictures.decoded(cutout.remove_background(pictures.source(cut), "webp").data)
    assert np.asarray(made.getchannel("A"))[:99].max() == 0


def test_an_svg_without_its_background_is_an_svg_of_the_subject() -> None:
    made = cutout.remove_background(FOX, "webp")
    seen = rendered(made.data)
    assert made.media_type == "image/svg+xml"
    assert seen[5, 5, 3] == seen[300, 160, 3] == 0
    assert seen[160, 180].tolist() == [208, 64, 32, 255]


def test_erasing_fills_from_the_surroundings() -> None:
    made = pictures.pixels(erasing.erase_region(ON_WALL, BALL_HOLE, "png").data).astype(int)
    hole = np.asarray(pictures.mask((BALL[0] - 6, BALL[1] - 6, BALL[2] + 6, BALL[3] + 6)), bool)
    assert (made[~hole] == np.asarray(pictures.ball())[~hole]).all()
    wall = np.asarray(pictures.ball()).astype(int)[:, :1]
    assert np.abs(made - wall)[hole].mean() < 14, "nothing of the ball is left"


def test_erasing_everything_or_nothing_is_survived() -> None:
    everything, nothing = Image.new("L", (SIDE, SIDE), 255), Image.new("L", (SIDE, SIDE))
    assert erasing.erased(pictures.ball(), everything).size == (SIDE, SIDE)
    assert (np.asarray(erasing.erased(pictures.ball(), nothing)) == np.asarray(pictures.ball())).all()


def test_erasing_in_an_svg_takes_shapes_away_and_leaves_the_ground() -> None:
    mask = pictures.source(pictures.mask((80, 80, 160, 240), (320, 320)))
    seen = rendered(erasing.erase_region(FOX, mask, "webp").data)
    assert seen[160, 110].tolist() == [244, 232, 208, 255]
    assert seen[160, 200].tolist() == [208, 64, 32, 255]


# -- Outpainting --

FRAME = Frame(384, 320, 96, 40, SIDE, SIDE)


@pytest.mark.parametrize("image_format", ["webp", "png"])
def test_an_outpainted_source_lies_untouched_in_its_place(image_format: str) -> None:
    drawn = outpainting.outpaint(request("a landscape", width=384, height=320, image_format=image_format), VASES, FRAME)
    made = pictures.pixels(drawn.data)
    assert made.shape == (320, 384, 3)
    assert (made[40 : 40 + SIDE, 96 : 96 + SIDE] == np.asarray(pictures.vases())).all()
    seam = np.abs(made[40 : 40 + SIDE, 95].astype(int) - made[40 : 40 + SIDE, 96]).mean()
    assert seam < 30, "what is around goes on from the edge"
    assert made[:, :90].std() > 4, "something is drawn there"


def test_a_zoomed_out_source_is_smaller_in_the_middle() -> None:
    frame = Frame(SIDE, SIDE, 64, 64, 128, 128)
    made = pictures.decoded(outpainting.outpaint(request("a room"), VASES, frame).data).convert("RGB")
    wanted = pictures.vases().resize((128, 128), Image.Resampling.LANCZOS)
    assert (np.asarray(made.crop(frame.box)) == np.asarray(wanted)).all()


# -- Image to image --


def test_strength_leads_from_the_source_to_something_new() -> None:
    before = gray(VASES.data)
    likeness = [
        ssim(before, gray(recomposing.image_to_image(request("winter forest"), VASES, strength).data))
        for strength in (0, 0.2, 0.5, 0.8, 1)
    ]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] > 0.9 > likeness[2] > likeness[4]


def test_a_style_changes_the_hand_of_image_to_image() -> None:
    made = {recomposing.image_to_image(request("vases", style=s), VASES, 0.3).data for s in (None, "Noir", "Risograph")}
    assert len(made) == 3


# -- Upscales --


def test_crisp_doubles_keeps_to_the_source_and_sharpens() -> None:
    soft = pictures.vases(128)
    made = pictures.decoded(enlarging.crisp(pictures.source(soft), "png").data)
    plain = soft.resize((256, 256), Image.Resampling.BICUBIC)
    assert made.size == (256, 256)
    back = np.asarray(made.resize(soft.size, Image.Resampling.BOX), int) - np.asarray(soft, int)
    assert np.abs(back).mean() < 6
    assert sharpness(made) > 1.2 * sharpness(plain)


def test_creative_makes_four_times_as_much_with_detail_of_its_own() -> None:
    small = pictures.source(pictures.vases(128))
    made = pictures.decoded(enlarging.creative(small, "png").data)
    assert made.size == (512, 512)
    plain = pictures.vases(128).resize(made.size, Image.Resampling.BICUBIC)
    assert sharpness(made) > 1.5 * sharpness(plain)


def sharpness(picture: Image.Image) -> float:
    seen = np.asarray(picture.convert("L"), np.float32)
    return float(np.abs(np.diff(seen, axis=0)).mean() + np.abs(np.diff(seen, axis=1)).mean())


@pytest.mark.parametrize(
    ("size", "factor", "enlarged"),
    [((1000, 500), 2, (2000, 1000)), ((1000, 1000), 4, (4000, 4000)), ((4000, 4000), 2, (5656, 5656))],
)
def test_upscales_stop_at_the_cap(size: tuple[int, int], factor: float, enlarged: tuple[int, int]) -> None:
    assert enlarging.enlarged_size(size, factor) == enlarged


def test_upscales_keep_transparency() -> None:
    glass = pictures.vases(128).convert("RGBA")
    glass.putalpha(Image.linear_gradient("L").resize(glass.size))
    for edit in (enlarging.crisp, enlarging.creative):
        assert pictures.decoded(edit(pictures.source(glass), "png").data).mode == "RGBA"


# -- Tracing --


def traced(**options: object) -> bytes:
    return tracing.vectorize(VASES, Options(**options)).data  # type: ignore[arg-type]


def shapes(data: bytes) -> int:
    return data.count(b"<path")


def test_tracing_looks_like_the_picture() -> None:
    seen = rendered(traced())[..., :3]
    assert np.abs(seen - np.asarray(pictures.vases(), int)).mean() < 22


def test_every_option_of_tracing_does_what_it_says() -> None:
    plain = traced()
    assert shapes(traced(most_shapes=9)) == 9
    assert shapes(traced(without_small=True)) < shapes(plain)
    assert b"linearGradient" in traced(gradients=True)
    assert b"linearGradient" not in plain
    assert fills(traced(few_colors=True)) < fills(plain)
    assert len(traced(compressed=True)) < len(plain)
    assert traced(cut_out=True) != plain


def fills(data: bytes) -> int:
    return len(set(data.decode().split('fill="')[1:]) and {part[:7] for part in data.decode().split('fill="#')[1:]})


def test_a_strict_palette_is_kept_strictly() -> None:
    palette = ((20, 30, 60), (240, 120, 60), (250, 240, 220))
    used = {part[:6] for part in traced(palette=palette).decode().split('fill="#')[1:]}
    assert used <= {"141e3c", "f0783c", "faf0dc"}
    assert len(used) > 1


# -- Vectors --


@pytest.mark.parametrize("source", [FOX, VASES], ids=["svg", "raster"])
def test_vector_models_give_real_shapes_from_any_source(source: pictures.Source) -> None:
    size = source.width
    mask = pictures.source(pictures.mask((60, 60, 150, 150), source.size))
    frame = Frame(size + 64, size, 32, 0, size, size)
    for drawn in (
        masked.inpaint(vector("a cat", size), source, mask),
        masked.generate_background(vector("desert", size), source, mask),
        masked.replace_background(vector("desert", size), source),
        outpainting.outpaint(replace(vector("hills", size), width=frame.width), source, frame),
        recomposing.image_to_image(vector("night", size), source, 0.5),
    ):
        assert drawn.media_type == "image/svg+xml"
        assert shapes(drawn.data) > 3
        assert b"<image" not in drawn.data
        assert rendered(drawn.data).shape[:2] == (drawn.height, drawn.width)


def test_a_vector_inpainting_keeps_the_shapes_outside_of_the_mask() -> None:
    mask = pictures.source(pictures.mask((180, 60, 300, 200), (320, 320)))
    seen = rendered(masked.inpaint(vector("a cat"), FOX, mask).data)
    kept = rendered(FOX.data)
    assert (np.abs(seen - kept)[:, :176].max(-1) > 8).mean() < 0.02
    assert (np.abs(seen - kept)[70:190, 190:290].max(-1) > 8).mean() > 0.2
