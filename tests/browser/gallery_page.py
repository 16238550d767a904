"""The gallery with a few pictures, for what is done with them by hand, by key or by a finger."""

from playwright.sync_api import Locator, Page

from tests.browser.conftest import Open, generate, wait_until_drawn

PROMPT = "Four lamps on a shelf"


def some_pictures(open_page: Open) -> Page:
    """The gallery with at least four pictures, none of them rated."""
    page = open_page("/create/generate/?start=podium")
    if not page.locator("article.run", has_text=PROMPT).count():
        wait_until_drawn(page, generate(page, PROMPT, n="4"))
    page.goto("/gallery/")
    page.locator(".tile__hit").nth(3).wait_for()
    return page


def tile(page: Page, at: int) -> Locator:
    return page.locator(".grid .tile").nth(at)


def rating(page: Page, at: int) -> Locator:
    return tile(page, at).locator(".tile__mark--made")
