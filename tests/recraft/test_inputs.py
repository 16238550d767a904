"""Which pictures can be sent: every limit just inside and just outside, and the way out of each."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.recraft.catalogue import OPERATIONS, InvalidValues
from studio.recraft.inputs import JPG, PNG, SVG, WEBP, Fix, Mask, PictureLimits
from tests.recraft.samples import PICTURE_ID, file, files_for, full_values, least_values, mask, name_of

TAKING = [operation for operation in OPERATIONS.values() if operation.inputs]
MASKED = [operation for operation in TAKING if any(isinstance(param, Mask) for param in operation.inputs)]
VECTORIZE, CRISP, INPAINT = (OPERATIONS[slug] for slug in ("vectorize", "crisp-upscale", "inpaint"))
# Source: Recraft docs, Endpoints page, the request body of each endpoint.
TAKES_SVG = {
    "image-to-image",
    "inpaint",
    "outpaint",
    "replace-background",
    "generate-background",
    "remove-background",
    "erase-region",
    "remix",
}
LEAST_SIDE = {"crisp-upscale": 32, "image-to-image": 1, "create-style": 1}


def words(obstacles):
    return [str(obstacle) for obstacle in obstacles]


def wrong(operation, files, **values):
    with pytest.raises(InvalidValues) as caught:
        operation.check_inputs({**least_values(operation), **values}, files)
    return caught.value.errors


@pytest.mark.parametrize("operation", TAKING, ids=name_of)
def test_files_that_fit_are_taken(operation):
    for values in (least_values(operation), full_values(operation, operation.default_image_model)):
        operation.check_inputs(values, files_for(operation, values))


@pytest.mark.parametrize("operation", TAKING, ids=name_of)
@pytest.mark.parametrize("media_type", [PNG, JPG, WEBP, SVG, "image/gif", "image/avif", ""])
def test_an_operation_takes_the_formats_its_endpoint_names(operation, media_type):
    taken = media_type in (PNG, JPG, WEBP) or (media_type == SVG and operation.slug in TAKES_SVG)
    obstacles = operation.takes(media_type, 1024, 1024, 1000)
    assert bool(obstacles) != taken
    if not taken:
        assert obstacles[0].fix is Fix.CONVERT
        assert operation.takes(obstacles[0].media_type, *obstacles[0].pixels) == ()


@pytest.mark.parametrize("operation", TAKING, ids=name_of)
def test_the_sides_are_limited_on_both_ends(operation):
    least = LEAST_SIDE.get(operation.slug, 256)
    for width, height in ((4096, least), (least, 4096), (4000, 4000), (least, least)):
        assert operation.takes(PNG, width, height) == ()
    outside = [(4097, 1000), (1000, 4097), (4001, 4000), (4096, 3907)]
    if least > 1:
        outside += [(least - 1, 1000), (1000, least - 1)]
    for width, height in outside:
        (obstacle,) = operation.takes(PNG, width, height)
        assert operation.takes(obstacle.media_type, *obstacle.pixels) == ()


@pytest.mark.parametrize("operation", TAKING, ids=name_of)
def test_ten_megabytes_are_taken_and_a_byte_more_is_not(operation):
    assert operation.takes(PNG, 1024, 1024, 10_000_000) == ()
    (obstacle,) = operation.takes(PNG, 1024, 1024, 10_000_001)
    assert (obstacle.message, obstacle.fix) == ("10.1 MB is over 10 MB: save it as WebP, for 0 units.", Fix.CONVERT)


def test_a_picture_too_heavy_in_every_format_is_helped_too():
    limits = PictureLimits(media_types=(PNG, WEBP, SVG))
    (webp,) = limits.obstacles("X", WEBP, 3000, 2000, 12_345_678)
    assert (webp.message, webp.fix, webp.pixels) == (
        "12.4 MB is over 10 MB: scale it down, for 0 units.",
        Fix.SHRINK,
        (1500, 1000),
    )
    (svg,) = limits.obstacles("X", SVG, 1000, 1000, 10_000_001)
    assert (svg.fix, svg.media_type) == (Fix.CONVERT, PNG)


def test_the_way_out_is_said_in_plain_words():
    assert words(CRISP.takes(SVG, 800, 600)) == [
        "Crisp upscale takes PNG, JPG or WebP, not SVG: make a PNG of it first, for 0 units."
    ]
    assert words(VECTORIZE.takes("image/gif", 800, 600)) == [
        "Vectorize takes PNG, JPG or WebP, not this kind of file: make a PNG of it first, for 0 units."
    ]
    assert words(INPAINT.takes(PNG, 4147, 4147)) == [
        "17.2 MP is over 16 MP: scale it down to 4000 x 4000, for 0 units."
    ]
    assert words(INPAINT.takes(JPG, 8192, 1024)) == [
        "8,192 px is over 4,096 px a side: scale it down to 4096 x 512, for 0 units."
    ]
    assert words(INPAINT.takes(PNG, 100, 255)) == [
        "100 px is under 256 px a side: enlarge it to 256 x 653, for 0 units."
    ]
    assert words(CRISP.takes(PNG, 31, 64)) == ["31 px is under 32 px a side: enlarge it to 32 x 66, for 0 units."]


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.sampled_from([1, 32, 256]))
@example(8193, 512, 256)
@example(12_286, 1, 1)
@example(4096, 255, 256)
@example(1, 20_000, 256)
def test_the_way_out_always_leads_out(width, height, least):
    limits = PictureLimits(min_side=least)
    fix, pixels = limits.fitted(width, height)
    assert limits.obstacles("X", PNG, *pixels, 0) == ()
    if fix is Fix.SHRINK:
        assert pixels <= (width, height)
    if fix is not Fix.PAD:
        # Each side is within a pixel of what the proportions ask for.
        assert abs(pixels[0] * height - pixels[1] * width) <= width + height
    if not limits.obstacles("X", PNG, width, height, 0):
        assert (fix, pixels) == (Fix.SHRINK, (width, height))


def test_a_strip_that_no_scale_fits_is_padded():
    for width, height in ((8000, 100), (10, 4000)):
        for obstacle in INPAINT.takes(PNG, width, height):
            assert obstacle.fix is Fix.PAD
            assert INPAINT.takes(PNG, *obstacle.pixels) == ()


def test_a_small_svg_is_scaled_up_by_the_server():
    assert INPAINT.takes(SVG, 24, 24) == ()
    assert [each.fix for each in INPAINT.takes(SVG, 5000, 5000)] == [Fix.SHRINK]


def test_everything_that_is_wrong_is_said_at_once():
    assert len(INPAINT.takes(PNG, 5000, 200, 11_000_000)) == 3


def test_an_operation_without_a_picture_says_so():
    (obstacle,) = OPERATIONS["generate"].takes(PNG, 1024, 1024)
    assert (obstacle.message, obstacle.fix) == ("Generate starts from no picture.", None)


@pytest.mark.parametrize("operation", TAKING, ids=name_of)
def test_a_picture_over_the_limits_is_refused_with_the_way_out(operation):
    values = least_values(operation)
    name = operation.picture.name
    files = {**files_for(operation, values)}
    files[name] = tuple(file(width=5000, height=5000) for _ in files[name])
    assert wrong(operation, files)[name] == "25.0 MP is over 16 MP: scale it down to 4000 x 4000, for 0 units."


@pytest.mark.parametrize("operation", TAKING, ids=name_of)
def test_a_missing_or_unasked_file_is_named(operation):
    values = least_values(operation)
    files = files_for(operation, values)
    name = operation.picture.name
    assert name in wrong(operation, {**files, name: ()})
    assert name in wrong(operation, {**files, name: (*files[name], file())})
    assert wrong(operation, {**files, "style": (file(),)}) == {"style": "This is no picture."}


@pytest.mark.parametrize("operation", MASKED, ids=name_of)
def test_a_mask_is_a_greyscale_png_of_black_and_white(operation):
    picture = {"image": (file(),)}
    for good in (mask(), mask(levels=frozenset({255}))):
        operation.check_inputs(least_values(operation), {**picture, "mask": (good,)})
    bad = {
        "The mask must be a greyscale PNG with 8 bits and no alpha channel.": [
            {"mode": mode} for mode in ("RGB", "RGBA", "LA", "1", "P", "I;16", "")
        ],
        "A mask is pure black and white; this one also holds grey 1.": [{"levels": frozenset({0, 1, 255})}],
        "A mask is pure black and white; this one also holds grey 254.": [{"levels": frozenset({0, 254, 255})}],
        "The mask is empty: paint over what may change.": [{"levels": frozenset({0})}, {"levels": frozenset()}],
    }
    for message, flaws in bad.items():
        for flaw in flaws:
            assert wrong(operation, {**picture, "mask": (mask(**flaw),)}) == {"mask": message}
    for media_type in (JPG, WEBP, SVG):
        assert "mask" in wrong(operation, {**picture, "mask": (mask(media_type=media_type),)})


@pytest.mark.parametrize("operation", MASKED, ids=name_of)
def test_a_mask_has_the_pixels_of_its_picture(operation):
    files = {"image": (file(width=1000, height=600),), "mask": (mask(width=1000, height=600),)}
    operation.check_inputs(least_values(operation), files)
    for width, height in ((600, 1000), (999, 600), (1000, 601)):
        assert wrong(operation, {**files, "mask": (mask(width=width, height=height),)}) == {
            "mask": f"The mask is {width} x {height}, the picture 1000 x 600: they must be the same."
        }


def test_the_mask_of_a_picture_that_is_wrong_itself_is_not_compared():
    assert wrong(INPAINT, {"image": (file(width=5000, height=300),), "mask": (mask(),)}).keys() == {"image"}


@pytest.mark.parametrize("id", ["", "a b", "../x", "x" * 65, 5, None, ["a"]])
def test_a_pictures_id_is_an_id(id):
    with pytest.raises(InvalidValues) as caught:
        VECTORIZE.validate({"image": id})
    assert caught.value.errors.keys() == {"image"}
    VECTORIZE.validate({"image": PICTURE_ID})


@pytest.mark.parametrize("images", ["abc", [""], ["a"] * 6, [5], [["a"]], {"a": "b"}])
def test_references_are_at_most_five_ids(images):
    create = OPERATIONS["create-style"]
    with pytest.raises(InvalidValues) as caught:
        create.validate({"style": "any", "images": images})
    assert caught.value.errors.keys() == {"images"}
    create.validate({"style": "any", "images": ["a"] * 5})


def test_references_weigh_at_most_five_megabytes_together():
    create = OPERATIONS["create-style"]
    values = {"style": "any", "images": ["a", "b"]}
    create.check_inputs(values, {"images": (file(size=2_500_000), file(size=2_500_000))})
    with pytest.raises(InvalidValues) as caught:
        create.check_inputs(values, {"images": (file(size=2_500_000), file(size=2_500_001))})
    assert caught.value.errors == {"images": "5.1 MB together is over 5 MB: save them as WebP, or take fewer."}
    create.check_inputs({"style": "any", "source_styles": ["x"]}, {})
