"""Collections, links and boards by hand: keys, dragging, and pages that everybody can read."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open, generate, problems_in_either_theme

pytestmark = pytest.mark.browser


def filled(open_page: Open, **options: object) -> Page:
    """A new collection with the pictures of a run, put there by a key."""
    page = open_page("/", **options)
    run = generate(page, "A row of lighthouses", n="3")
    # A picture is in the gallery from when its tile has been made.
    expect(page.locator(f"#{run} .tile__img[src*='/tile']")).to_have_count(3, timeout=60_000)
    page.goto("/gallery/")
    for at in range(3):
        page.locator(".tile__hit").nth(at).focus()
        page.keyboard.press("b")
        dialog = page.locator("#collect[open]")
        if at == 0:
            dialog.get_by_label("Name of a new collection").fill("Lighthouses")
            dialog.get_by_role("button", name="Make and add").click()
        else:
            dialog.get_by_role("button", name=re.compile("Lighthouses")).first.click()
        expect(page.locator("#collect[open]")).to_have_count(0)
    page.goto("/collections/")
    page.get_by_role("link", name=re.compile("Lighthouses")).first.click()
    expect(page.locator("li[data-item]")).to_have_count(3)
    return page


def order(page: Page) -> list[str]:
    return [str(each.get_attribute("data-item")) for each in page.locator("li[data-item]").all()]


def test_pictures_are_collected_and_ordered_by_keys_and_by_hand(open_page: Open) -> None:
    page = filled(open_page)
    first, second, third = order(page)
    page.locator(f"[data-item='{first}'] .tile__hit").focus()
    with page.expect_response("**/move/"):
        page.keyboard.press("Alt+ArrowRight")
    assert order(page) == [second, first, third]
    expect(page.locator(f"[data-item='{first}'] .tile__hit")).to_be_focused()
    with page.expect_response("**/move/"):
        page.locator(f"[data-item='{third}'] .tile__hit").drag_to(
            page.locator(f"[data-item='{second}'] .tile__hit"), target_position={"x": 8, "y": 40}
        )
    assert order(page) == [third, second, first]
    page.reload()
    assert order(page) == [third, second, first], "the server has it so, too"
    page.locator(f"[data-item='{second}'] .tile__hit").focus()
    with page.expect_response("**/remove/"):
        page.keyboard.press("Delete")
    page.reload()
    assert order(page) == [third, first]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_every_page_around_collections_is_fine(open_page: Open, size: tuple[int, int]) -> None:
    page = filled(open_page)
    here = page.url
    page.get_by_role("button", name="Review board").click()
    board = page.url
    page.goto(f"{here.replace('/collections/', '/shares/new/?collection=').rstrip('/')}")
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#link-text").inner_text()
    page.goto(board)
    page.get_by_role("button", name=re.compile("ink for reviewers")).click()
    review = page.locator("#link-text").inner_text()
    member = open_page("/collections/", size=size)
    new = f"/exports/new/?collection={here.rstrip('/').rpartition('/')[2]}"
    for path in ("/collections/", here, f"{here}settings/", "/shares/", "/exports/", new, "/boards/", board):
        member.goto(path)
        assert problems_in_either_theme(member) == [], path
        assert member.evaluate("document.documentElement.scrollWidth") <= size[0], path
    guest = open_page(link, size=size, signed_in=False)
    assert problems_in_either_theme(guest) == []
    guest.goto(review)
    guest.get_by_label("Your name").fill("Ines")
    guest.get_by_role("button", name="Begin").click()
    assert problems_in_either_theme(guest) == []
    for key in ("ArrowLeft", "ArrowRight", " "):
        with guest.expect_navigation():
            guest.keyboard.press(key)
    expect(guest.get_by_role("heading", name="That was all")).to_be_visible()
