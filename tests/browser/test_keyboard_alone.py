"""The main work with pictures, without a pointer: found, selected, judged, filed, compared and shared by keys alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, generate, wait_until_drawn

pytestmark = pytest.mark.browser

PROMPT = "Three kites over a beach"
MOST_STOPS = 60  # of the Tab key, on the way to anything
# What has the focus, if it can be seen there, and seen to have it.
FOCUSED = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const style = getComputedStyle(at);
  const tile = at.closest(".tile"); // which has the ring of what fills it
  const shadows = [style.boxShadow, tile ? getComputedStyle(tile, "::after").boxShadow : "none"];
  const ringed = style.outlineStyle !== "none" || shadows.some((each) => each !== "none") || at.matches("input");
  return at !== document.body && at.checkVisibility() && inside && ringed ? "" : at.outerHTML.slice(0, 160);
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it is there; every stop on the way can be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) == "", "the focus is lost from sight"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} in {MOST_STOPS} stops")


def test_pictures_are_found_judged_filed_compared_and_shared_by_keys_alone(open_page: Open) -> None:
    page = open_page("/", reduced_motion="reduce")
    wait_until_drawn(page, generate(page, PROMPT, n="3"))
    page.goto("/gallery/")
    keys = page.keyboard
    tab_to(page, "[data-search-key]")
    keys.type("kites")
    keys.press("Enter")
    page.wait_for_url("**q=kites**")
    expect(page.locator(".grid .tile")).to_have_count(3)
    tab_to(page, ".tile__hit")
    keys.press("s")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.press("Shift+S")
    expect(page.get_by_role("toolbar", name="What to do with the selection")).to_contain_text("3 selected")
    keys.press("5")
    for at in range(3):
        expect(page.locator(".tile__mark--made").nth(at)).to_have_attribute("data-rating", "5")
    keys.press("b")
    expect(page.locator("#pick-new")).to_be_focused()
    keys.type("Kites")
    keys.press("Enter")
    expect(page.locator("#collect[open]")).to_have_count(0)
    keys.press("c")
    page.wait_for_url("**/compare/**")
    tab_to(page, "zoom-view")
    keys.press("+")
    expect(page.locator("zoom-view[data-large]")).to_have_count(3)
    keys.press("g")
    keys.press("l")
    page.wait_for_url("**/collections/")
    tab_to(page, ".shelf__hit")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/collections/[\w-]+/$"))
    tab_to(page, ".tile__hit")
    first = page.locator("li[data-item]").first.get_attribute("data-item")
    with page.expect_response("**/move/"):
        keys.press("Alt+ArrowRight")
    assert page.locator("li[data-item]").nth(1).get_attribute("data-item") == first
    keys.press("Control+a")
    keys.press("l")
    page.wait_for_url("**/shares/new/**")
    expect(page.get_by_role("button", name="Make the link")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#link-text")).to_contain_text("/s/")
