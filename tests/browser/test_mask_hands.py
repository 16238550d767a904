"""The mask under keys, fingers and forms, and what becomes of it when the page around it changes."""

import io

import numpy
import pytest
from PIL import Image

from tests.browser.conftest import problems_by_axe
from tests.browser.editor_page import Fingers, Served, file_of
from tests.browser.mask_page import HEIGHT, WIDTH, Opened

pytestmark = pytest.mark.browser


def test_undo_is_bounded_by_what_it_weighs(stage: Opened) -> None:
    shown = stage(2000, 2000)
    kept = shown.page.evaluate(
        """() => {
          const { pixels } = document.querySelector("mask-canvas");
          const shape = { left: 0, top: 0, right: 2000, bottom: 2000 };
          for (let step = 0; step < 20; step += 1) {
            pixels.begin(step % 2 === 1);
            pixels.cover({ ...shape, at: (x, y) => (Math.floor(x * y + step) % 7 ? 90 : 30) });
            pixels.end();
          }
          return pixels.history.done.length;
        }"""
    )
    assert 5 < kept < 15


def test_by_keys_alone_a_rectangle_can_be_marked(stage: Opened) -> None:
    shown = stage()
    page = shown.page
    page.get_by_role("button", name="By numbers").focus()
    page.keyboard.press("Enter")
    for name, value in (("Left", "100"), ("Top", "200"), ("Width", "301"), ("Height", "40")):
        page.get_by_label(name).focus()
        page.keyboard.type(value)
    page.get_by_role("button", name="Add rectangle").press("Enter")
    assert numpy.array_equal(shown.mask(), shown.rectangle((100, 200), (401, 240)))
    assert page.locator("[data-say=part]").text_content() == "1 % of the picture will change"
    page.get_by_label("Left").fill("390")
    page.get_by_label("Width").fill("9000")
    page.get_by_role("button", name="Remove rectangle").press("Enter")
    assert numpy.array_equal(shown.mask(), shown.rectangle((100, 200), (390, 240)))


def test_a_missing_number_is_asked_for(stage: Opened) -> None:
    shown = stage()
    shown.page.get_by_role("button", name="By numbers").click()
    shown.page.get_by_label("Left").fill("5")
    shown.page.get_by_role("button", name="Add rectangle").click()
    assert shown.page.evaluate("document.activeElement.dataset.rect") == "top"
    assert file_of(shown.input) is None


def test_keys_choose_tools_and_sizes_but_not_while_one_types(stage: Opened) -> None:
    shown = stage()
    page = shown.page
    for key, tool in (("e", "eraser"), ("l", "lasso"), ("u", "rectangle"), ("h", "pan"), ("b", "brush")):
        page.keyboard.press(key)
        assert page.locator("[data-tool][aria-pressed=true]").get_attribute("data-tool") == tool
    before = int(page.locator("[data-set=size]").input_value())
    page.keyboard.press("]")
    assert int(page.locator("[data-set=size]").input_value()) > before
    page.keyboard.press("[")
    page.keyboard.press("[")
    assert int(page.locator("[data-set=size]").input_value()) < before
    page.get_by_label("Prompt").focus()
    page.keyboard.press("End")
    page.keyboard.type(" eel+")
    assert page.get_by_label("Prompt").input_value() == "A fox eel+"
    assert page.locator("[data-tool][aria-pressed=true]").get_attribute("data-tool") == "brush"


def test_zoom_keys_and_fit(stage: Opened) -> None:
    shown = stage()
    fitted = shown.page.locator("[data-say=zoom]").text_content()
    shown.page.keyboard.press("+")
    assert shown.page.locator("[data-say=zoom]").text_content() != fitted
    shown.page.keyboard.press("0")
    assert shown.page.locator("[data-say=zoom]").text_content() == fitted


def test_tools_are_one_stop_for_tab(stage: Opened) -> None:
    page = stage().page
    page.locator("canvas").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.tool") == "brush"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.tool") == "eraser"
    page.keyboard.press("Space")
    assert page.locator("[data-tool=eraser]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.set") == "size"


def test_one_finger_paints_and_two_move_the_picture(stage: Opened) -> None:
    shown = stage(has_touch=True, is_mobile=True, viewport=(390, 700))
    page, fingers = shown.page, Fingers(shown.page)
    shown.set("size", 100)
    fingers.send("Start", (150, 250))
    fingers.send("Move", (240, 300))
    fingers.send("End")
    one = shown.mask()
    (ax, ay), (bx, by) = shown.at(150, 250), shown.at(240, 300)
    assert one[round(ay), round(ax)] and one[round(by), round(bx)] and one[round((ay + by) / 2), round((ax + bx) / 2)]
    scale = page.locator("mask-canvas > img").bounding_box()["width"]  # type: ignore[index]
    left = shown.at(150, 300)
    fingers.send("Start", (150, 300))
    fingers.send("Start", (150, 300), (200, 300))
    fingers.send("Move", (110, 330), (260, 330))
    fingers.send("End")
    assert numpy.array_equal(shown.mask(), one), "the first of two fingers painted"
    assert page.locator("mask-canvas > img").bounding_box()["width"] == pytest.approx(scale * 3, rel=0.01)  # type: ignore[index]
    assert shown.at(110, 330) == pytest.approx(left, abs=3)


def test_a_pen_that_is_pressed_less_draws_thinner(stage: Opened) -> None:
    shown = stage()
    shown.set("size", 200)
    session = shown.page.context.new_cdp_session(shown.page)
    pen = {"x": 450, "y": 350, "button": "left", "pointerType": "pen", "force": 0.5, "clickCount": 1}
    session.send("Input.dispatchMouseEvent", {**pen, "type": "mousePressed", "buttons": 1})
    session.send("Input.dispatchMouseEvent", {**pen, "type": "mouseReleased"})
    far = shown.distance(*shown.at(450, 350))
    assert shown.mask()[far <= 49].all()
    assert not shown.mask()[far >= 51].any()


def test_a_submit_waits_for_the_mask(stage: Opened, served: Served) -> None:
    shown = stage()
    served.posts.clear()
    shown.tool("rectangle")
    shown.page.mouse.move(300, 250)
    shown.page.mouse.down()
    shown.page.mouse.move(500, 400)
    # In one task, so that no time is left for the encoder.
    send = "() => document.forms.f.requestSubmit()"
    shown.page.evaluate(
        f"() => document.querySelector('canvas').addEventListener('pointerup', () => setTimeout({send}))"
    )
    shown.page.mouse.up()
    shown.page.locator("#answer", has_text="Taken").wait_for()
    assert [[name for name, _ in post] for post in served.posts] == [["prompt", "mask"]]
    (sent,) = [content for name, content in served.posts[0] if name == "mask"]
    image = Image.open(io.BytesIO(sent))
    assert (image.mode, image.size) == ("L", (WIDTH, HEIGHT))
    assert numpy.array_equal(numpy.asarray(image) == 255, shown.mask())
    with shown.page.expect_response("**/taken"):
        shown.page.get_by_role("button", name="Send").click()
    assert len(served.posts) == 2, "a mask that did not change is not held up, and sent once"


def test_a_morph_of_the_page_around_it_keeps_the_mask(stage: Opened) -> None:
    shown = stage()
    shown.tool("rectangle")
    corners = shown.drag((300, 250), (600, 450))
    before = shown.mask()
    shown.page.evaluate(
        """async () => {
          const host = document.querySelector("mask-canvas");
          const fresh = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
          Idiomorph.morph(host, fresh.querySelector("mask-canvas").outerHTML);
          document.body.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true }));
        }"""
    )
    assert numpy.array_equal(shown.mask(), before)
    assert numpy.array_equal(before, shown.rectangle(*corners))
    assert shown.page.locator("[data-tool=rectangle]").get_attribute("aria-pressed") == "true"
    shown.act("undo")
    assert file_of(shown.input) is None


def test_another_picture_begins_anew(stage: Opened) -> None:
    shown = stage()
    shown.tool("rectangle")
    shown.drag((300, 250), (600, 450))
    assert shown.mask().any()
    shown.page.evaluate("document.querySelector('mask-canvas').dataset.width = 800")
    shown.page.wait_for_timeout(100)
    assert file_of(shown.input) is None
    shown.width = 800
    shown.page.keyboard.press("Shift+V")
    assert shown.mask().all()


def test_the_largest_picture_stays_usable(stage: Opened) -> None:
    shown = stage(4096, 4096)
    shown.set("size", 400)
    shown.drag((350, 250), (500, 400), (420, 200))
    shown.page.keyboard.press("Shift+V")
    # Generous: these machines are shared. A stroke of 24 moves over 400 px wide takes well under a second alone.
    spent = shown.page.evaluate(
        """async () => {
          const host = document.querySelector("mask-canvas");
          const start = performance.now();
          await host.encode();
          return performance.now() - start;
        }"""
    )
    assert spent < 4000
    assert shown.mask()[0, 0]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_the_mask_is_for_everybody(stage: Opened, theme: str, viewport: tuple[int, int]) -> None:
    shown = stage(color_scheme=theme, viewport=viewport, reduced_motion="reduce")
    shown.tool("rectangle")
    assert problems_by_axe(shown.page) == []
    shown.page.get_by_role("button", name="By numbers").click()
    assert problems_by_axe(shown.page) == []
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
