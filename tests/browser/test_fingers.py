"""The gallery under a finger, where nothing hovers and nothing is pressed that was not seen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Open
from tests.browser.gallery_page import some_pictures, tile

pytestmark = pytest.mark.browser

TOO_SMALL = """() => [...document.querySelectorAll("button, a.btn, a.chip, a.act, select, input[type=text], textarea")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((each) => getComputedStyle(each).pointerEvents !== "none")
  .filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < 40 && each.offsetWidth > 1)
  .map((each) => `${each.className} ${each.offsetWidth} x ${each.offsetHeight}: ${each.textContent.trim()}`)"""


def press_long(page: Page, where: Locator) -> None:
    """A finger that stays until the menu is there, and lifts."""
    where.scroll_into_view_if_needed()
    box = where.bounding_box()
    assert box
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    device = page.context.new_cdp_session(page)
    device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    page.get_by_role("menu", name="What to do with it").wait_for()
    device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def draw(page: Page, where: Locator, across: int) -> None:
    """One finger over the picture. It rests at its end, else the next tap would count as stopping it."""
    box = where.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    device = page.context.new_cdp_session(page)
    device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.2, 0.6, 0.98, 0.99, 1):
        page.wait_for_timeout(20)
        at = {"x": x + part * across, "y": y + part * 9}
        device.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    page.wait_for_timeout(20)
    device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_across_the_picture_turns_to_the_next_one(open_page: Open) -> None:
    some_pictures(open_page)
    phone = open_page("/gallery/", size=PHONE)
    first, second = (str(tile(phone, at).get_attribute("id")).removeprefix("tile-") for at in (0, 1))
    tile(phone, 0).tap(position={"x": 100, "y": 20})
    content, view = phone.locator("#lightbox-content"), phone.locator("#lightbox zoom-view")
    expect(content).to_have_attribute("data-asset", first)
    draw(phone, view, -90)
    expect(content).to_have_attribute("data-asset", second)
    draw(phone, view, 90)
    expect(content).to_have_attribute("data-asset", first)
    phone.locator("#lightbox [data-zoom=in]").tap()
    expect(view).to_have_attribute("data-large", "")
    draw(phone, view, -90)
    expect(view.locator("img")).not_to_have_css("--zoom-x", "0px")
    expect(content).to_have_attribute("data-asset", first)
    # On the picture's own page as well, in the list one came from.
    phone.goto(f"/assets/{first}/")
    draw(phone, phone.locator("zoom-view"), -90)
    phone.wait_for_url(f"**/assets/{second}/")


def test_a_finger_does_what_it_chooses_and_no_more(open_page: Open) -> None:
    some_pictures(open_page)
    phone = open_page("/gallery/", size=PHONE)
    menu = phone.get_by_role("menu", name="What to do with it")
    press_long(phone, tile(phone, 0))
    phone.wait_for_timeout(300)  # a lifted finger is taken for a tap a moment later
    expect(menu).to_be_visible()
    menu.get_by_role("menuitem", name="Select").tap()
    bar = phone.get_by_role("toolbar", name="What to do with the selection")
    expect(bar.locator("[data-count]")).to_have_text("1")
    for count, corner in (("2", {"x": 100, "y": 20}), ("1", {"x": 20, "y": 20})):
        tile(phone, 1).tap(position=corner)  # type: ignore[arg-type]
        expect(bar.locator("[data-count]")).to_have_text(count)
    assert phone.evaluate(TOO_SMALL) == []
    bar.get_by_role("button", name="Clear the selection").tap()
    tile(phone, 1).tap(position={"x": 100, "y": 20})
    details = phone.get_by_role("button", name="Details")
    expect(details).to_be_visible()
    box = details.bounding_box()
    assert box and box["x"] + box["width"] <= PHONE[0], "what leads to the stars is on the screen"
    details.tap()
    phone.locator(".rating__star").first.wait_for()
    assert phone.evaluate(TOO_SMALL) == []
    phone.locator("#lightbox summary", has_text="Pin").tap()
    shown, words = phone.locator("#lightbox zoom-view").bounding_box(), phone.locator("#lightbox-info").bounding_box()
    assert shown and words and shown["y"] + shown["height"] <= words["y"] + 1, "a pin is placed anywhere on the picture"
    expect(phone.locator("#lightbox summary", has_text="Pin")).to_be_in_viewport()
    expect(phone.locator(".toast")).to_have_count(0)
