"""What an open page shows when its picture, or what is selected, becomes another thing under one's hands."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BUSY, Open
from tests.browser.gallery_page import rating, some_pictures, tile

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: Open) -> Page:
    return some_pictures(open_page)


def test_a_picture_that_is_thrown_away_on_its_page_offers_what_can_be_done(page: Page, open_page: Open) -> None:
    page.goto(str(tile(page, 0).locator(".tile__hit").get_attribute("href")))
    other = open_page(page.url)
    said, tools = other.get_by_label("Add a comment"), other.get_by_role("heading", name="Next")
    said.fill("I am still wri")
    page.keyboard.press("Delete")
    for each in (page, other):
        expect(each.get_by_text("In the trash", exact=True)).to_be_visible()
        expect(each.get_by_role("heading", name="Next")).to_be_hidden()
        expect(each.get_by_label("Add a comment")).to_be_hidden()
    page.locator("zoom-view").press("m")
    items = page.get_by_role("menu", name="What to do with it").get_by_role("menuitem")
    assert [each.inner_text().partition("\n")[0] for each in items.all()] == ["Restore", "Undo what you did last"]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("In the trash", exact=True)).to_be_hidden()
    expect(tools).to_be_visible()
    expect(said).to_have_value("I am still wri")


def test_what_others_do_is_asked_for_once(page: Page, open_page: Open) -> None:
    """A picture's page hears of all that happens to pictures, and asks for what it shows with one question."""
    other = open_page(str(tile(page, 0).locator(".tile__hit").get_attribute("href")))
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)
    with other.expect_response("**/act/marks/**"):
        tile(page, 1).locator(".tile__hit").press("3")
    other.wait_for_timeout(500)
    assert len(asked) == 1, asked
    page.keyboard.press("0")


def test_the_picture_in_the_lightbox_is_selected_as_in_the_grid(page: Page) -> None:
    tile(page, 0).locator(".tile__hit").focus()
    page.keyboard.press(" ")
    button = page.locator("#lightbox-content [data-pick-large]")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("s")
    expect(page.locator("#lightbox .toast").last).to_contain_text("Selected. 1 in all.")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    page.keyboard.press("ArrowRight")
    expect(button).to_have_attribute("aria-pressed", "false")
    for said in ("Selected. 3 in all.", "Selected no more. 2 in all."):
        page.keyboard.press("s")
        expect(page.locator("#lightbox .toast").last).to_contain_text(said)
    page.keyboard.press("Escape")
    for at, picked in enumerate(("true", "true", "false")):
        expect(tile(page, at).locator("[data-pick]")).to_have_attribute("aria-pressed", picked)
    expect(page.get_by_role("toolbar", name="What to do with the selection")).to_contain_text("2 selected")
    first, _, third = (str(rating(page, at).get_attribute("data-rating")) for at in range(3))
    given = "1" if first == "2" else "2"
    page.keyboard.press(given)
    for at, stars in enumerate((given, given, third)):
        expect(rating(page, at)).to_have_attribute("data-rating", stars)
    page.keyboard.press("u")
    expect(rating(page, 0)).to_have_attribute("data-rating", first)


def test_a_day_says_how_many_pictures_it_has_now(page: Page, open_page: Open) -> None:
    other = open_page("/gallery/")
    count = other.locator(".grid-day span").first
    before = count.inner_text()
    tile(page, 0).locator(".tile__hit").press("Delete")
    for each in (count, page.locator(".grid-day span").first):
        expect(each).not_to_have_text(before)
    page.keyboard.press("u")
    expect(count).to_have_text(before)


def withdraw(page: Page, note: str) -> Locator:
    return page.locator("form[hx-post*=withdraw] button", has_text=note)


def test_the_focus_goes_on_to_the_next_thing(page: Page) -> None:
    """To the same button of the next row, to what took the place of the one pressed, and at the end to the heading."""
    page.goto("/members/")
    for note in ("First", "Second", "Third"):
        page.get_by_label("Note").fill(note)
        page.get_by_role("button", name="Invite").click()
        withdraw(page, note).wait_for()
        expect(page.locator(BUSY)).to_have_count(0)  # before that it is a plain form
    withdraw(page, "Second").focus()
    for left in ("Third", "First"):
        page.keyboard.press("Enter")
        expect(withdraw(page, left)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Invite somebody")).to_be_focused()
    page.goto("/monitor/")
    edit = page.locator("#budgets [hx-get*='/monitor/budgets/']").first
    edit.press("Enter")
    expect(page.locator(".limit-form input:not([type=hidden])")).to_be_focused()
    page.locator(".limit-form a").press("Enter")
    expect(edit).to_be_focused()
    page.goto("/gallery/")
    hit = tile(page, 0).locator(".tile__hit")
    for button in ("Undo", "Dismiss"):
        hit.press("4" if button == "Undo" else "0")
        page.locator(".toast").get_by_role("button", name=button).last.press("Enter")
        expect(hit).to_be_focused()
    page.goto(str(hit.get_attribute("href")))
    for now, then in (("Make private", "Share"), ("Share", "Make private")):
        page.get_by_role("button", name=now, exact=True).press("Enter")
        expect(page.get_by_role("button", name=then, exact=True)).to_be_focused()


def test_who_left_a_field_is_not_taken_back_into_it(page: Page) -> None:
    """As with the key of a phone that puts its keyboard away; what is swapped later brings nobody back."""
    address = page.locator("#library").get_attribute("hx-get")
    how = "{source: '#library', target: '#library', swap: 'morph:outerHTML'}"
    again = f"htmx.ajax('GET', '{address}', {how})"
    link = page.locator("#library a").first
    link.focus()
    page.evaluate(again)
    page.wait_for_timeout(200)
    expect(link).to_be_focused()
    link.evaluate("(link) => link.blur()")
    page.evaluate(again)
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement === document.body")
