"""Collections by hand: keys, dragging, and the order that comes of it."""

import json
import re

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.conftest import Open, generate
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


def filled(open_page: Open, **options: object) -> Page:
    """A new collection with the pictures of a run, put there by a key."""
    page = open_page("/", **options)
    run = generate(page, "A row of lighthouses", n="3")
    # A picture is in the gallery from when its tile has been made.
    expect(page.locator(f"#{run} .tile__img[src*='/tile']")).to_have_count(3, timeout=60_000)
    # Looked for by their prompt: what another test has begun may end meanwhile, and would be the newest.
    page.goto("/gallery/?q=lighthouses")
    expect(page.locator(".tile__hit")).to_have_count(3)
    for at in range(3):
        page.locator(".tile__hit").nth(at).focus()
        page.keyboard.press("b")
        dialog = page.locator("#collect[open]")
        expect(dialog.get_by_role("textbox")).to_be_focused()
        if at == 0:
            dialog.get_by_role("textbox").fill("Lighthouses")
            dialog.get_by_role("button", name="Make and add").click()
        else:
            found_by_name(page, dialog, by_arrows=at == 1)
        expect(page.locator("#collect[open]")).to_have_count(0)
    page.goto("/collections/")
    page.get_by_role("link", name=re.compile("Lighthouses")).first.click()
    expect(page.locator("li[data-item]")).to_have_count(3)
    return page


def found_by_name(page: Page, dialog: Locator, *, by_arrows: bool) -> None:
    there = dialog.get_by_role("button", name=re.compile("Lighthouses"))
    page.keyboard.type("kites")
    expect(there).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.type("house" if by_arrows else "lighthouses")
    expect(there).to_be_visible()
    if by_arrows:
        page.keyboard.press("ArrowDown")
        expect(there).to_be_focused()
    page.keyboard.press("Enter")


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
    a_list_that_comes_late_moves_nothing(page, third)
    assert order(page) == [second, third, first]
    chosen(page, first, "To the front")
    assert order(page) == [first, second, third]
    chosen(page, first, "One place later")
    chosen(page, first, "One place later")
    assert order(page) == [second, third, first]
    chosen(page, first, "Make it the cover", "**/cover/")
    page.locator(f"[data-item='{second}'] .tile__hit").focus()
    with page.expect_response("**/remove/"):
        page.keyboard.press("Delete")
    told = page.locator(".toast", has_text="1 picture taken out of the collection.")
    expect(told.get_by_role("button", name="Undo")).to_be_visible()
    page.reload()
    assert order(page) == [third, first]
    page.goto("/collections/")
    expect(page.locator(".shelf__cover", has=page.locator(f"img[src*='{first}']"))).to_have_count(1)
    dropped_on_the_list(page, "Lighthouses", "q=lighthouses")


def chosen(page: Page, asset: str, act: str, address: str = "**/move/") -> None:
    """One of the acts of a picture's menu, which is there for a finger as well."""
    page.locator(f"[data-item='{asset}'] .tile__hit").click(button="right")
    with page.expect_response(address):
        page.get_by_role("menuitem", name=act).click()


def a_list_that_comes_late_moves_nothing(page: Page, asset: str) -> None:
    """What was asked for before a picture was moved, and is answered after it, has the order of before."""
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if "hx-request" in route.request.headers:
            late.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(page.url, hold)
    page.locator(f"[data-item='{asset}'] .tile__hit").focus()
    with page.expect_request(lambda request: request.url == page.url):
        page.keyboard.press("4")
    with page.expect_response("**/move/"):
        page.keyboard.press("Alt+ArrowRight")
    now = order(page)
    until(page, lambda: late, "the list has been asked for")
    route, answer = late[0]
    with page.expect_response(lambda response: response.request == route.request):
        route.fulfill(response=answer)
    page.wait_for_timeout(300)
    assert order(page) == now
    page.unroute(page.url)
    page.reload()
    page.evaluate("for (const each of document.querySelectorAll('li[data-item]')) each.wasThere = true")
    with page.expect_response(page.url):
        page.locator(f"[data-item='{asset}'] .tile__hit").press("5")
    page.wait_for_timeout(300)
    assert page.evaluate("[...document.querySelectorAll('li[data-item]')].every((each) => each.wasThere)"), "drawn anew"


def dropped_on_the_list(page: Page, name: str, search: str) -> None:
    """All that a search matches comes from another window: in the background, seen to its end, and taken back."""
    page.goto("/collections/")
    shelf = page.get_by_role("link", name=re.compile(name)).first
    expect(shelf).to_contain_text("2 pictures")
    shelf.evaluate(DROP, ["application/x-atelier-assets", json.dumps({"ids": ["gone"], "search": search})])
    notice = page.locator("#doings .doing")
    expect(notice).to_contain_text("1 picture put into")
    expect(shelf).to_contain_text("3 pictures")
    page.get_by_role("button", name="Undo").click()
    page.goto("/collections/")
    expect(shelf).to_contain_text("2 pictures")


DROP = """(place, [type, data]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData(type, data);
  dataTransfer.setData("application/x-atelier-asset", "gone");
  const told = { dataTransfer, bubbles: true, cancelable: true };
  for (const name of ["dragover", "drop"]) place.dispatchEvent(new DragEvent(name, told));
}"""
