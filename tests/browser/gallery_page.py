"""The gallery with a few pictures, for what is done with them by hand, by key or by a finger."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, generate, wait_until_drawn

PROMPT = "Four lamps on a shelf"


# Whether the first four of the list are of that prompt and nobody has rated them.
FRESH = """(tiles, prompt) => tiles.slice(0, 4).filter((tile) => tile.textContent.includes(prompt)
  && tile.querySelector(".tile__mark--made[data-rating='0']")).length === 4"""


def some_pictures(open_page: Open) -> Page:
    """The gallery, its first four pictures of this prompt and none of them rated, whatever was done there before."""
    page = open_page("/gallery/")
    if not page.locator(".grid .tile").evaluate_all(FRESH, PROMPT):
        page.goto("/create/generate/?start=podium")
        wait_until_drawn(page, generate(page, PROMPT, n="4"))
        page.goto("/gallery/")
    expect(tile(page, 3).locator(".tile__hit")).to_be_visible()
    assert page.locator(".grid .tile").evaluate_all(FRESH, PROMPT)
    return page


def tile(page: Page, at: int) -> Locator:
    return page.locator(".grid .tile").nth(at)


def rating(page: Page, at: int) -> Locator:
    return tile(page, at).locator(".tile__mark--made")
