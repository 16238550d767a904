"""The mask lands on exactly the painted pixels, however the picture is shown while one paints."""

import numpy
import pytest

from tests.browser.editor_page import file_of
from tests.browser.mask_page import Opened

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("zooms", [0, 4, -2])
def test_a_rectangle_is_exactly_the_pixels_it_was_drawn_over(stage: Opened, ratio: int, zooms: int) -> None:
    shown = stage(device_scale_factor=ratio)
    for _ in range(abs(zooms)):
        shown.act("zoom-in" if zooms > 0 else "zoom-out")
    shown.tool("rectangle")
    corners = shown.drag((331, 300), (507, 411))
    assert numpy.array_equal(shown.mask(), shown.rectangle(*corners))


def test_a_rectangle_drawn_out_of_the_picture_ends_with_it(stage: Opened) -> None:
    shown = stage()
    shown.tool("rectangle")
    corners = shown.drag((600, 400), (890, 560))
    assert numpy.array_equal(shown.mask(), shown.rectangle(*corners))
    assert shown.mask()[-1, -1]


def test_after_wheel_and_pan_a_stroke_still_lands_where_the_pointer_was(stage: Opened) -> None:
    shown = stage(device_scale_factor=2)
    shown.page.mouse.move(500, 350)
    shown.page.mouse.wheel(0, -900)
    shown.page.keyboard.down(" ")
    shown.drag((500, 350), (420, 390))
    shown.page.keyboard.up(" ")
    shown.page.wait_for_timeout(100)
    shown.tool("rectangle")
    corners = shown.drag((300, 260), (610, 450))
    assert numpy.array_equal(shown.mask(), shown.rectangle(*corners))


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_dab_of_the_brush_is_a_disc(stage: Opened, ratio: int) -> None:
    shown = stage(device_scale_factor=ratio)
    shown.set("size", 150)
    ((x, y), *_) = shown.drag((420, 333), (420, 333))
    far, mask = shown.distance(x, y), shown.mask()
    assert mask[far <= 74].all()
    assert not mask[far >= 76].any()


def test_a_stroke_covers_all_that_the_brush_passes(stage: Opened) -> None:
    shown = stage()
    shown.set("size", 60)
    (ax, ay), (bx, by) = shown.drag((300, 250), (560, 430))
    rows, columns = numpy.mgrid[: shown.height, : shown.width]
    along = ((columns + 0.5 - ax) * (bx - ax) + (rows + 0.5 - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = numpy.clip(along, 0, 1)
    far = numpy.hypot(columns + 0.5 - ax - along * (bx - ax), rows + 0.5 - ay - along * (by - ay))
    # A mouse moves by whole pixels of the screen, here two of the picture's: off the line by one at the most.
    assert shown.mask()[far <= 28].all()
    assert not shown.mask()[far >= 32].any()


def test_a_soft_brush_takes_half_its_rim_at_first_and_more_when_it_goes_over_again(stage: Opened) -> None:
    shown = stage()
    shown.set("size", 200)
    shown.set("hardness", 0)
    ((x, y), *_) = shown.drag((450, 350), (450, 350))
    once = shown.mask()
    assert numpy.array_equal(once, shown.distance(x, y) <= 50) or abs(int(once.sum()) - numpy.pi * 50**2) < 160
    shown.drag((450, 350), (450, 350))
    assert shown.mask().sum() > 1.2 * once.sum()


def test_the_eraser_takes_away(stage: Opened) -> None:
    shown = stage()
    shown.tool("rectangle")
    corners = shown.drag((300, 250), (600, 450))
    shown.tool("eraser")
    shown.set("size", 100)
    ((x, y), *_) = shown.drag((450, 350), (450, 350))
    expected, far = shown.rectangle(*corners), shown.distance(x, y)
    expected[far <= 50] = False
    different = shown.mask() != expected
    assert not different[abs(far - 50) > 1].any()


def test_a_lasso_fills_what_it_goes_around(stage: Opened) -> None:
    shown = stage()
    shown.tool("lasso")
    a, b, c = shown.drag((300, 250), (600, 250), (300, 450))
    rows, columns = numpy.mgrid[: shown.height, : shown.width] + 0.5
    slope = (columns - a[0]) / (b[0] - a[0]) + (rows - a[1]) / (c[1] - a[1])
    inside = (columns > a[0]) & (rows > a[1]) & (slope < 1)
    different = shown.mask() != inside
    near = (abs(columns - a[0]) < 3) | (abs(rows - a[1]) < 3) | (abs(slope - 1) < 0.01)
    assert not different[~near].any()
    assert shown.mask().sum() == pytest.approx(inside.sum(), rel=0.01)


def test_a_shape_can_take_away(stage: Opened) -> None:
    shown = stage()
    shown.tool("rectangle")
    outer = shown.drag((300, 250), (600, 450))
    shown.act("take")
    inner = shown.drag((400, 300), (500, 400))
    assert numpy.array_equal(shown.mask(), shown.rectangle(*outer) & ~shown.rectangle(*inner))


def test_invert_undo_and_redo_are_exact(stage: Opened) -> None:
    shown = stage()
    shown.tool("rectangle")
    first = shown.rectangle(*shown.drag((300, 250), (400, 350)))
    both = first | shown.rectangle(*shown.drag((350, 300), (600, 450)))
    shown.page.keyboard.press("Shift+V")
    assert numpy.array_equal(shown.mask(), ~both)
    shown.page.keyboard.press("Control+z")
    assert numpy.array_equal(shown.mask(), both)
    shown.page.keyboard.press("Control+z")
    assert numpy.array_equal(shown.mask(), first)
    shown.page.keyboard.press("Control+z")
    assert file_of(shown.input) is None
    for expected in (first, both, ~both):
        shown.page.keyboard.press("Control+Shift+Z")
        assert numpy.array_equal(shown.mask(), expected)
    shown.act("clear")
    assert file_of(shown.input) is None
    shown.act("undo")
    assert numpy.array_equal(shown.mask(), ~both)
