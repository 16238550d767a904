"""Doing things with pictures by hand and by key: in the grid, in the lightbox, on their page, side by side."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, problems_by_axe
from tests.browser.gallery_page import PROMPT, rating, some_pictures, tile
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: Open) -> Page:
    return some_pictures(open_page)


BROUGHT = """(tile) => {
  const dataTransfer = new DataTransfer();
  tile.dispatchEvent(new DragEvent("dragstart", { dataTransfer, bubbles: true }));
  return dataTransfer.getData("application/x-atelier-assets");
}"""


# Letter by letter in one go: on a busy machine somebody who types by keys may seem to have stopped between two.
TYPED = """(field, text) => {
  field.value = "";
  for (const letter of text) {
    field.value += letter;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}"""


def notice(page: Page, text: str) -> None:
    page.locator(".toast", has_text=text).last.wait_for()


def test_the_grid_is_worked_by_keys_alone(page: Page) -> None:
    first = tile(page, 0).locator(".tile__hit")
    first.focus()
    page.keyboard.press("4")
    expect(rating(page, 0)).to_have_attribute("data-rating", "4")
    page.keyboard.press("u")
    expect(rating(page, 0)).to_have_attribute("data-rating", "0")
    for stars in "54":
        page.keyboard.press(stars)
        notice(page, f"1 picture rated {stars} stars.")
    assert page.locator(".toast [data-undo]:not([hidden])").count() == 1, "it takes back what was done last, only that"
    page.keyboard.press("0")
    expect(rating(page, 0)).to_have_attribute("data-rating", "0")
    quick_keys_do_what_slow_ones_do(page)
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+S")
    bar = page.get_by_role("toolbar", name="What to do with the selection")
    expect(bar).to_contain_text("3 selected")
    expect(page.locator("picture-selection [data-say]")).to_have_text("3 selected.")
    assert len(json.loads(tile(page, 1).evaluate(BROUGHT))["ids"]) == 3, "what is selected is dragged along"
    page.keyboard.press("2")
    for at in range(3):
        expect(rating(page, at)).to_have_attribute("data-rating", "2")
    assert problems_by_axe(page) == []
    page.keyboard.press("t")
    page.keyboard.type("lamp, shelf")
    page.keyboard.press("Enter")
    notice(page, "3 pictures tagged “lamp”, “shelf”.")
    for _ in range(2):
        page.keyboard.press("u")
        notice(page, "Undone: 3 pictures put back.")
        page.locator(".toast button[data-dismiss]").last.click()
        first.focus()
    expect(rating(page, 0)).to_have_attribute("data-rating", "0")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()


def quick_keys_do_what_slow_ones_do(page: Page) -> None:
    """However late the first answer comes, the second press is about what it made."""

    def hold(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/act/", hold, times=1)
    for key in "4u":
        page.keyboard.press(key)
    notice(page, "Undone: 1 picture put back.")
    expect(rating(page, 0)).to_have_attribute("data-rating", "0")
    page.route("**/act/", hold, times=1)
    for key in "ff3":
        page.keyboard.press(key)
    expect(rating(page, 0)).to_have_attribute("data-rating", "3")
    expect(rating(page, 0)).not_to_have_attribute("data-favorite", "")
    page.keyboard.press("0")
    expect(rating(page, 0)).to_have_attribute("data-rating", "0")


def test_one_tab_stop_for_the_grid(page: Page) -> None:
    tile(page, 2).locator(".tile__hit").focus()
    assert page.locator(".grid .tile__hit[tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.tile').id") == tile(page, 2).get_attribute("id")


def test_the_trash_takes_a_picture_out_of_the_list_and_gives_it_back(page: Page) -> None:
    name = str(tile(page, 0).get_attribute("id"))
    page.locator(f"#{name} .tile__hit").focus()
    page.keyboard.press("Delete")
    expect(page.locator(f"#{name}")).to_be_hidden()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#{name}")).to_be_visible()
    second = str(tile(page, 1).get_attribute("id"))
    page.locator(f"#{name} .tile__hit").focus()
    for _ in range(2):
        page.keyboard.press("Delete")
    for each in (name, second):
        expect(page.locator(f"#{each}")).to_be_hidden()
    page.keyboard.press("s")
    page.keyboard.press("Delete")
    expect(page.get_by_role("toolbar", name="What to do with the selection")).to_be_hidden()
    for key in "uuu":
        page.keyboard.press(key)
    for each in (name, second):
        expect(page.locator(f"#{each}")).to_be_visible()


def test_what_is_done_in_one_tab_is_seen_in_the_other(page: Page, open_page: Open) -> None:
    other = open_page("/gallery/")
    first, second = (tile(page, at).get_attribute("id") for at in (0, 1))
    hidden = other.locator("#library .coll", has_text="Trash").locator(".coll__count")
    before = hidden.inner_text()
    tile(page, 1).locator(".tile__hit").focus()
    page.keyboard.press("5")
    expect(other.locator(f"#{second} .tile__mark--made")).to_have_attribute("data-rating", "5")
    other.locator(f"#{second} .tile__hit").press(" ")
    expect(other.locator("#lightbox-content .rating__star[aria-pressed=true]")).to_have_count(5)
    page.keyboard.press("0")
    expect(other.locator("#lightbox-content .rating__star[aria-pressed=true]")).to_have_count(0)
    tile(page, 0).locator(".tile__hit").press("Delete")
    expect(other.locator(f"#{first}")).to_be_hidden()
    expect(hidden).not_to_have_text(before)
    expect(page.locator("#library .coll", has_text="Trash").locator(".coll__count")).not_to_have_text(before)
    page.keyboard.press("u")
    expect(hidden).to_have_text(before)


def test_a_search_is_answered_while_one_types(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/gallery/?" in request.url else None)
    before = page.url
    field, said = page.locator("#q"), page.locator("#found")
    page.get_by_label("Picture size").focus()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    field.evaluate(TYPED, "nothing of that")
    expect(said).to_have_text("No picture matches.")
    field.evaluate(TYPED, "lamps")
    expect(said).to_contain_text("pictures")
    expect(field).to_be_focused()
    assert page.url.endswith("?q=lamps")
    assert page.locator("#filters .chip--on").inner_text().startswith("lamps")
    page.keyboard.type(" ")
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert len(asked) == 2, "once for each time that one stopped, and not for what changes nothing"
    tile(page, 0).locator(".tile__hit").press("s")
    expect(page.get_by_role("toolbar", name="What to do with the selection")).to_contain_text("1 selected")
    page.go_back()
    page.wait_for_url(before)
    expect(field).to_have_value("")


def test_the_menu_is_one_for_mouse_and_keys(page: Page) -> None:
    tile(page, 1).click(button="right")
    menu = page.get_by_role("menu", name="What to do with it")
    expect(menu.get_by_role("menuitem", name="Open its page")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(tile(page, 1).locator(".tile__hit")).to_be_focused()
    page.get_by_role("button", name="Rating", exact=True).click()
    page.locator("#pop-rating a").first.wait_for()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#pop-rating a").last).to_be_focused()
    for key in "gl":
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Rating", exact=True)).to_be_focused()
    tile(page, 1).locator(".tile__hit").focus()
    page.keyboard.press("m")
    page.keyboard.press("End")
    expect(menu.get_by_role("menuitem").last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Select")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert problems_by_axe(page) == []
    page.keyboard.press("Enter")
    expect(rating(page, 1)).to_have_attribute("data-rating", "1")
    expect(tile(page, 1).locator(".tile__hit")).to_be_focused()
    page.keyboard.press("0")
    expect(rating(page, 1)).to_have_attribute("data-rating", "0")


# What a finger can't be sure to hit: buttons below 40 pixels, but for those that stand in words.
def test_the_lightbox_has_the_same_keys_and_looks_closer(page: Page) -> None:
    tile(page, 0).locator(".tile__hit").focus()
    page.keyboard.press(" ")
    content = page.locator("#lightbox-content[data-asset]")
    content.wait_for()
    what_is_turned_to_is_what_is_meant(page)
    page.keyboard.press("3")
    expect(content.locator(".rating__star[aria-pressed=true]")).to_have_count(3)
    page.keyboard.press("z")
    expect(content.locator("zoom-view")).to_have_attribute("data-large", "")
    expect(content.locator("[data-scale]")).to_have_text(re.compile(r"\d+ %"))
    page.keyboard.press("z")
    assert problems_by_axe(page) == []
    page.keyboard.press("0")
    expect(content.locator(".rating__star[aria-pressed=true]")).to_have_count(0)
    comment = content.get_by_label("Add a comment")
    comment.focus()
    page.keyboard.type("Dim x")
    page.keyboard.press("ArrowLeft")
    expect(comment).to_have_value("Dim x")
    page.keyboard.press("Escape")
    expect(content.locator("zoom-view")).to_be_focused()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    before = rating(page, 3).get_attribute("data-rating")
    page.keyboard.press("5" if before == "1" else "1")
    page.wait_for_timeout(200)
    expect(rating(page, 3)).to_have_attribute("data-rating", str(before))
    for said in ("Favorite", "Reject", "Select", "Zoom in"):
        expect(sheet.get_by_text(said, exact=True)).to_be_visible()


def what_is_turned_to_is_what_is_meant(page: Page) -> None:
    """Also while the next picture's story is still on its way."""
    late: list[Route] = []
    page.route("**/lightbox/", lambda route: late.append(route), times=1)
    with page.expect_request("**/lightbox/"):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("2")
    expect(rating(page, 1)).to_have_attribute("data-rating", "2")
    expect(rating(page, 0)).to_have_attribute("data-rating", "0")
    until(page, lambda: late, "the question is held")
    late[0].continue_()
    stars = page.locator("#lightbox-content .rating__star[aria-pressed=true]")
    expect(stars).to_have_count(2)
    page.keyboard.press("0")
    expect(stars).to_have_count(0)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    name = str(tile(page, 3).get_attribute("id")).removeprefix("tile-")
    expect(page.locator("#lightbox-content")).to_have_attribute("data-asset", name)


def test_a_comment_is_pinned_by_mouse_or_by_numbers(page: Page, open_page: Open) -> None:
    page.goto(str(tile(page, 0).locator(".tile__hit").get_attribute("href")))
    other = open_page(page.url)
    other.get_by_label("Add a comment").fill("I am still wri")
    page.locator(".pin-place summary").click()
    box = page.locator("zoom-view").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_label("Left")).to_have_value("50.0")
    page.get_by_label("Top").fill("25")
    page.get_by_label("Add a comment").fill("Brighter here, @Mar")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Add a comment")).to_have_value("Brighter here, @Mara Lind ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment__text").last).to_have_text("Brighter here, @Mara Lind")
    expect(page.get_by_label("Add a comment")).to_be_focused()
    expect(page.locator("pin-layer .pin").last).to_have_attribute("data-y", "0.2500")
    # Who looks at it reads it at once, and goes on writing.
    expect(other.locator(".comment__text").last).to_have_text("Brighter here, @Mara Lind")
    expect(other.locator("pin-layer .pin").last).to_have_attribute("data-y", "0.2500")
    expect(other.get_by_label("Add a comment")).to_have_value("I am still wri")
    assert problems_by_axe(page) == []
    tags_are_typed_one_after_the_other(page)
    with page.expect_download():
        page.locator("zoom-view").press("d")


def tags_are_typed_one_after_the_other(page: Page) -> None:
    """What is typed while the last one is on its way is kept, and so is a note that is not sent yet."""
    page.locator(".judge__more summary").click()
    page.get_by_label("Note").fill("Not yet")
    page.get_by_label("Add a tag").focus()
    for key in ("amber", "Enter", "brass", "Enter"):
        if key == "Enter":
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
    page.keyboard.type("cop")
    for tag in ("amber", "brass"):
        expect(page.locator(".chip--tag", has_text=tag)).to_have_count(1)
    expect(page.get_by_label("Add a tag")).to_have_value("cop")
    expect(page.get_by_label("Note")).to_have_value("Not yet")
    page.get_by_label("Title").fill("Four lamps")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Four lamps")
    expect(page.locator("#prompt-text")).to_have_text(PROMPT)


def test_pictures_are_compared_with_one_zoom(page: Page) -> None:
    for at in range(3):
        tile(page, at).locator(".tile__hit").click(modifiers=["Control"])
    page.keyboard.press("c")
    page.wait_for_url("**/compare/**")
    views = page.locator("zoom-view")
    expect(views).to_have_count(3)
    page.keyboard.press("+")
    for at in range(3):
        expect(views.nth(at)).to_have_attribute("data-large", "")
    assert problems_by_axe(page) == []
    page.get_by_role("link", name="Flicker").click()
    shown = page.locator("[data-shown]")
    expect(shown).to_have_text("A")
    page.keyboard.press("v")
    expect(shown).to_have_text("B")
    assert problems_by_axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("zoom-view img").first.evaluate(STRETCH)
    box = page.locator("zoom-view").first.bounding_box()
    assert box and box["height"] < 844, "however tall a picture is, all of it is seen"


STRETCH = """(img) => {
  img.removeAttribute("width");
  img.removeAttribute("height");
  img.src = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='10' height='90'/>";
  return img.decode();
}"""


def test_the_palette_finds_pages_and_what_can_be_done(page: Page) -> None:
    tile(page, 0).locator(".tile__hit").focus()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find anything")
    expect(palette.get_by_role("option", name="Rate 5 stars")).to_be_visible()
    page.keyboard.type("favorite")
    assert problems_by_axe(page) == []
    page.keyboard.press("Enter")
    expect(rating(page, 0)).to_have_attribute("data-favorite", "")
    page.keyboard.press("f")
    expect(rating(page, 0)).not_to_have_attribute("data-favorite", "")
    page.keyboard.press("Control+k")
    page.keyboard.type("queue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/")
