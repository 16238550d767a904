"""The frame of an outpainting, before and after, and dropping files, in a real browser."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import Show, problems_by_axe
from tests.browser.editor_page import Fingers, Served, fragment

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 896, 1152
SIDES = ("left", "right", "top", "bottom")


def picture(color: str = "teal", size: tuple[int, int] = (WIDTH // 2, HEIGHT // 2)) -> Image.Image:
    return Image.new("RGB", size, color)


def frame(served: Served, width: int = WIDTH, height: int = HEIGHT) -> str:
    fields = "".join(
        f'<label>{side}<input type="number" name="expand_{side}" value="0" min="0" max="4096"></label>'
        for side in SIDES
    )
    sizes = '<label><input type="radio" name="size" value="" checked>Auto</label>'
    sizes += '<label><input type="radio" name="size" value="1:1">Square</label>'
    zoom = '<label>zoom<input type="number" name="zoom_out_percentage" value="0" step="any"></label>'
    return (
        f'<form id="f">{fields}{zoom}{sizes}</form><outpaint-frame data-width="{width}" data-height="{height}" '
        f'data-limit="4096" data-form="f"><img src="{served.picture("source", picture())}" alt="A picture">'
        f"{fragment('create/_outpaint_tools.html')}</outpaint-frame>"
    )


def numbers(page: Page) -> dict[str, int]:
    return {side: int(page.locator(f"[name=expand_{side}]").input_value()) for side in SIDES}


def after(page: Page) -> str:
    return str(page.locator("[data-say=size]").text_content()).replace("\N{MULTIPLICATION SIGN}", "x")


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, selector: str, dx: float, dy: float) -> None:
    x, y = middle(page, selector)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


def scale(page: Page) -> float:
    """CSS pixels per source pixel."""
    box = page.locator("outpaint-frame > img").bounding_box()
    assert box is not None
    return box["width"] / WIDTH


def test_a_handle_writes_the_pixels_it_was_dragged_over(show: Show, served: Served) -> None:
    page = show(frame(served))
    expected = round(40 / scale(page))
    drag(page, "[data-at=e]", 40, 7)
    assert numbers(page) == {"left": 0, "right": expected, "top": 0, "bottom": 0}
    assert after(page) == f"{WIDTH + expected} x {HEIGHT}"
    ratio = scale(page)
    drag(page, "[data-at=nw]", -30, -20)
    assert numbers(page) == {"left": round(30 / ratio), "right": expected, "top": round(20 / ratio), "bottom": 0}


def test_the_frame_moves_around_the_picture_without_growing(show: Show, served: Served) -> None:
    page = show(frame(served))
    page.locator("[name=expand_left]").fill("300")
    ratio = scale(page)
    drag(page, "[data-at=move]", 50, 0)
    shift = round(50 / ratio)
    assert numbers(page) == {"left": 300 - shift, "right": shift, "top": 0, "bottom": 0}
    drag(page, "[data-at=move]", 400, 0)
    assert numbers(page) == {"left": 0, "right": 300, "top": 0, "bottom": 0}


def test_typed_numbers_move_the_frame(show: Show, served: Served) -> None:
    page = show(frame(served))
    page.locator("[name=expand_top]").fill("576")
    page.wait_for_timeout(100)
    box, inner = page.locator(".frame").bounding_box(), page.locator("outpaint-frame > img").bounding_box()
    assert box is not None and inner is not None
    assert box["height"] / inner["height"] == pytest.approx(1.5, abs=0.01)
    assert inner["y"] - box["y"] == pytest.approx(box["height"] / 3, abs=1)
    assert after(page) == "896 x 1728"
    assert page.locator("[data-say=megapixels]").text_content() == "1.5 MP"


def test_arrows_move_an_edge_by_one_and_with_shift_by_ten(show: Show, served: Served) -> None:
    page = show(frame(served))
    page.evaluate("() => { window.told = 0; document.forms.f.addEventListener('change', () => (window.told += 1)); }")
    page.locator("[data-at=w]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert numbers(page)["left"] == 10
    assert page.locator("[data-at=w]").get_attribute("aria-label") == "Left edge, 10 px added"
    page.locator("[data-at=se]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert numbers(page) == {"left": 10, "right": 1, "top": 0, "bottom": 1}
    assert page.evaluate("told") >= 5, "the form was told of the changes"


def test_a_drag_tells_the_form_once(show: Show, served: Served) -> None:
    page = show(frame(served))
    page.evaluate("() => { window.told = 0; document.forms.f.addEventListener('change', () => (window.told += 1)); }")
    drag(page, "[data-at=s]", 0, 40)
    assert page.evaluate("told") == 1


@pytest.mark.parametrize(
    ("aspect", "size", "added"),
    [
        ("1:1", "1152 x 1152", {"left": 128, "right": 128, "top": 0, "bottom": 0}),
        ("16:9", "2048 x 1152", {"left": 576, "right": 576, "top": 0, "bottom": 0}),
        ("9:16", "896 x 1593", {"left": 0, "right": 0, "top": 220, "bottom": 221}),
    ],
)
def test_a_preset_grows_the_picture_on_both_sides(
    show: Show, served: Served, aspect: str, size: str, added: dict[str, int]
) -> None:
    page = show(frame(served))
    page.locator(f"[data-aspect='{aspect}']").click()
    assert (after(page), numbers(page)) == (size, added)
    assert page.locator(f"[data-aspect='{aspect}']").get_attribute("aria-pressed") == "true"
    page.locator("[data-aspect=none]").click()
    assert set(numbers(page).values()) == {0}


def test_the_frame_stops_at_the_limit_and_says_why(show: Show, served: Served) -> None:
    page = show(frame(served))
    page.locator("[name=expand_left]").fill("3000")
    page.locator("[name=expand_right]").fill("4000")
    assert "At most 4,096 px wide: 3,200 px can be added." in str(page.locator("[data-say=limit]").text_content())
    page.locator("[name=expand_right]").blur()
    assert numbers(page) == {"left": 3000, "right": 200, "top": 0, "bottom": 0}
    drag(page, "[data-at=e]", 300, 0)
    assert numbers(page)["right"] == 200
    assert after(page) == "4096 x 1152"
    assert page.locator("outpaint-frame").get_attribute("data-stopped") is not None
    drag(page, "[data-at=e]", -20, 0)
    assert page.locator("[data-say=limit]").text_content() == ""


def test_a_preset_beyond_the_limit_grows_as_far_as_it_may(show: Show, served: Served) -> None:
    page = show(frame(served, 1000, 3000))
    page.locator("[data-aspect='16:9']").click()
    assert numbers(page) == {"left": 1548, "right": 1548, "top": 0, "bottom": 0}
    assert "At most 4,096 px wide" in str(page.locator("[data-say=limit]").text_content())


def test_zoom_goes_both_ways(show: Show, served: Served) -> None:
    page = show(frame(served))
    whole = scale(page)
    page.locator("[data-zoom]").fill("25")
    assert page.locator("[name=zoom_out_percentage]").input_value() == "25"
    assert scale(page) == pytest.approx(whole * 0.75, rel=0.01)
    page.locator("[name=zoom_out_percentage]").fill("50")
    assert page.locator("[data-zoom]").input_value() == "50"
    assert after(page) == "896 x 1152", "zooming out changes no size"


def test_a_size_and_pixels_per_side_exclude_each_other(show: Show, served: Served) -> None:
    page = show(frame(served))
    page.get_by_label("Square").check()
    page.locator("[data-aspect='1:1']").click()
    assert page.get_by_label("Auto").is_checked()
    page.get_by_label("Square").check()
    assert set(numbers(page).values()) == {0}
    assert page.get_by_label("Square").is_checked()


def test_a_handle_follows_a_finger(show: Show, served: Served) -> None:
    page = show(frame(served), viewport=(390, 844), has_touch=True, is_mobile=True)
    page.locator("[data-at=s]").scroll_into_view_if_needed()
    x, y = middle(page, "[data-at=s]")
    ratio, fingers = scale(page), Fingers(page)
    fingers.send("Start", (x, y))
    fingers.send("Move", (x, y + 10))
    fingers.send("Move", (x, y + 30))
    fingers.send("End")
    assert numbers(page)["bottom"] == pytest.approx(30 / ratio, abs=1)


def compare(served: Served, attributes: str = "") -> str:
    old, new = served.picture("old", picture("red")), served.picture("new", picture("blue"))
    return f'<before-after {attributes}><img src="{old}" alt="Before"><img src="{new}" alt="After"></before-after>'


def seen(page: Page, x: float, y: float) -> str:
    """The color of the compared pictures at a part of their width and height."""
    box = page.locator(".before-after__box").bounding_box()
    assert box is not None
    shot = Image.open(io.BytesIO(page.screenshot()))
    at = (int(box["x"] + x * box["width"]), int(box["y"] + y * box["height"]))
    pixel = shot.convert("RGB").getpixel(at)
    return {(255, 0, 0): "before", (0, 0, 255): "after"}.get(pixel, str(pixel))  # type: ignore[arg-type]


def test_the_line_between_before_and_after_is_moved_by_keys_and_pointer(show: Show, served: Served) -> None:
    page = show(compare(served))
    page.locator(".before-after__range").wait_for()
    assert (seen(page, 0.4, 0.8), seen(page, 0.6, 0.8)) == ("before", "after")
    page.keyboard.press("Tab")
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    assert page.locator(".before-after__range").get_attribute("aria-valuetext") == "75 % before, 25 % after"
    assert (seen(page, 0.7, 0.8), seen(page, 0.8, 0.8)) == ("before", "after")
    page.keyboard.press("Home")
    assert seen(page, 0.1, 0.8) == "after"
    box = page.locator(".before-after__box").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 50)
    assert seen(page, 0.8, 0.8) == "before"


def test_what_was_before_lies_in_its_place_in_a_larger_picture(show: Show, served: Served) -> None:
    page = show(compare(served, 'data-place="25 0 50 100"'))
    page.locator(".before-after__range").fill("60")
    assert seen(page, 0.4, 0.35) == "before"
    assert seen(page, 0.57, 0.35) == "before"
    assert seen(page, 0.65, 0.35) == "after"
    assert seen(page, 0.1, 0.35) not in ("before", "after"), "the ground shows where there was no picture before"


DROP = """(names) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(["picture " + name], name, { type: "image/png" }));
  return data;
}"""


def region() -> str:
    form = fragment("create/_upload.html", upload_url="/uploads/")
    other = '<form id="other"><input type="file" name="mask" aria-label="Mask"></form>'
    return f'<file-drop data-url="/uploads/">{other}<label>Prompt<textarea></textarea></label>{form}</file-drop>'


def test_dropped_files_are_sent(show: Show, served: Served) -> None:
    page = show(region())
    served.posts.clear()
    data = page.evaluate_handle(DROP, ["one.png", "two.png"])
    page.dispatch_event("textarea", "dragenter", {"dataTransfer": data})
    assert page.locator(".drop__over").is_visible()
    page.dispatch_event("textarea", "drop", {"dataTransfer": data})
    page.locator("#upload-answer", has_text="Taken").wait_for()
    assert page.locator(".drop__over").is_hidden()
    assert [content for name, content in served.posts[0] if name == "file"] == [b"picture one.png", b"picture two.png"]
    assert page.locator("file-drop [data-say]").text_content() == "2 pictures sent"


def test_a_pasted_picture_is_sent_and_pasted_text_is_left_alone(show: Show, served: Served) -> None:
    page = show(region())
    served.posts.clear()
    paste = """([names, text]) => {
      const data = new DataTransfer();
      for (const name of names) data.items.add(new File(["pasted"], name, { type: "image/png" }));
      if (text) data.setData("text/plain", text);
      const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
      return document.querySelector("textarea").dispatchEvent(event);
    }"""
    assert page.evaluate(paste, [["cell.png"], "a cell"]) is True
    assert page.evaluate(paste, [[], "only text"]) is True
    assert page.evaluate(paste, [["image.png"], ""]) is False
    page.locator("#upload-answer", has_text="Taken").wait_for()
    assert [[content for name, content in post if name == "file"] for post in served.posts] == [[b"pasted"]]


def test_the_button_sends_what_was_chosen_and_can_be_used_again(show: Show, served: Served) -> None:
    page = show(region())
    served.posts.clear()
    for _ in range(2):
        with page.expect_response("**/uploads/"):
            page.locator("[name=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"chosen"})
        page.locator("file-drop [data-say]", has_text="1 picture sent").wait_for()
        assert page.locator("[name=file]").input_value() == ""
    assert len(served.posts) == 2


def test_a_drag_of_the_page_s_own_picture_is_left_alone(show: Show) -> None:
    page = show(region())
    page.dispatch_event("textarea", "dragstart", {})
    data = page.evaluate_handle(DROP, ["tile.png"])
    page.dispatch_event("textarea", "dragenter", {"dataTransfer": data})
    assert page.locator(".drop__over").is_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_all_of_them_are_for_everybody(show: Show, served: Served, theme: str, viewport: tuple[int, int]) -> None:
    page = show(frame(served), viewport=viewport, color_scheme=theme, reduced_motion="reduce")
    page.locator("[name=expand_left]").fill("4000")
    assert problems_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
    for body in (compare(served), region()):
        page = show(body, viewport=viewport, color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(200)
        assert problems_by_axe(page) == []
