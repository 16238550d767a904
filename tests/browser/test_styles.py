"""A style from its references to a picture drawn in it, by keys alone, and its end."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open, answered, generate, problems_in_either_theme, wait_until_drawn

pytestmark = pytest.mark.browser

NAME = "Chalk dust"


def test_a_style_is_made_used_and_deleted(open_page: Open) -> None:
    page = open_page("/")
    wait_until_drawn(page, generate(page, "A jar of chalk", n="2"))
    go_by_keys(page)
    choose_an_image_model(page)
    mark_two_references_by_keys(page)
    page.get_by_role("button", name="Make the style").click()
    page.wait_for_url("**/styles/")
    # Nothing is reloaded: the page hears of it.
    page.locator(".own-style", has_text=NAME).wait_for()
    looks_fine_in_every_size(page)
    find_and_keep_a_built_in_one(page)
    draw_with_it(page)
    leave_it_for_a_built_in_one(page)
    find_its_picture(page)
    delete(page)


def go_by_keys(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/styles/")
    page.get_by_role("link", name="New style").first.click()


def choose_an_image_model(page: Page) -> None:
    page.get_by_label("Name").fill(NAME)
    with answered(page, "**/styles/new/fields/"):
        page.get_by_label("Image model").select_option("recraftv3_vector")
    page.locator("#style option[value=vector_illustration]").wait_for(state="attached")
    with answered(page, "**/styles/new/fields/"):
        page.get_by_label("Image model").select_option("recraftv3")


def mark_two_references_by_keys(page: Page) -> None:
    references = page.locator("input[name=images]")
    for at in (0, 1):
        references.nth(at).focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("50")
    assert page.locator("input[name=images]:checked").count() == 2


def looks_fine_in_every_size(page: Page) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert problems_in_either_theme(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def find_and_keep_a_built_in_one(page: Page) -> None:
    page.get_by_label("Find a style").fill("linoc")
    page.locator("#look-recraftv2_vector-linocut").wait_for()
    expect(page.get_by_role("link", name="Use Linocut", exact=True)).to_have_count(2)
    heart = page.get_by_role("button", name="Favorite: Linocut, V3 Vector")
    heart.focus()
    page.keyboard.press("Enter")
    page.locator("#heart-recraftv3_vector-linocut[aria-pressed=true]").wait_for()
    assert page.evaluate("document.activeElement.id") == "heart-recraftv3_vector-linocut"
    page.get_by_role("link", name="Favorites").click()
    expect(page.locator("#shelf .look")).to_have_count(1)
    expect(page.locator("#shelf .look")).to_contain_text("Linocut")


def draw_with_it(page: Page) -> None:
    page.locator(".own-style", has_text=NAME).get_by_role("link", name="Use it").click()
    page.wait_for_selector("#composer")
    assert style_on_the_button(page).endswith(NAME)
    run = generate(page, "A heron in chalk", n="1")
    wait_until_drawn(page, run)
    assert NAME in page.locator(f"#{run} .run__params").inner_text()


def leave_it_for_a_built_in_one(page: Page) -> None:
    page.locator("[popovertarget=pop-style]").click()
    with answered(page):
        page.locator("#pop-style .style-card", has_text="Noir").click()
    assert style_on_the_button(page).endswith("Noir")


def style_on_the_button(page: Page) -> str:
    return page.locator("[popovertarget=pop-style]").inner_text().strip()


def find_its_picture(page: Page) -> None:
    page.goto("/styles/")
    page.locator(".own-style", has_text=NAME).get_by_role("link", name="1 picture").click()
    page.locator(".tile__hit").wait_for()
    assert page.locator(".tile__hit").count() == 1


def delete(page: Page) -> None:
    page.goto("/styles/")
    page.locator(".own-style", has_text=NAME).get_by_role("button", name=f"Delete {NAME}").click()
    page.get_by_role("button", name="Delete the style").click()
    page.get_by_text("No style of your own yet").wait_for()
