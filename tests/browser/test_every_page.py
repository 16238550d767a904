"""Every page in both themes, wide and narrow: readable by everybody, within the screen, quiet on the console."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Open, generate, problems_in_either_theme, wait_until_drawn

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
EDITORS = ("inpaint", "outpaint", "image-to-image", "vectorize", "explore-similar", "finish")
POPOVERS = ("history", "model", "style", "palette", "size", "seed", "more", "units", "account")


@pytest.fixture
def drawn(open_page: Open) -> str:
    """A run with pictures."""
    page = open_page("/")
    shown = page.locator("article.run[data-state=done]").first
    if shown.count():
        return str(shown.get_attribute("id"))
    run = generate(page, "Something to look at", n="2")
    wait_until_drawn(page, run)
    return run


def is_fine(page: Page, size: tuple[int, int], within: str = "html") -> None:
    assert problems_in_either_theme(page, within) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@SIZES
def test_every_page_is_fine(open_page: Open, drawn: str, size: tuple[int, int]) -> None:
    page = open_page("/gallery/", size=size)
    asset = str(page.locator(".tile__hit").first.get_attribute("href"))
    names = [str(tile.get_attribute("id")).removeprefix("tile-") for tile in page.locator(".tile").all()[:2]]
    compare = f"/compare/?pictures={','.join(names)}"
    nothing = "/gallery/?kind=vector&model=recraftv2_vector"
    tools = [asset.replace("/assets/", "/edit/") + f"{slug}/" for slug in EDITORS]
    pages = ("/gallery/", nothing, "/", "/?who=everyone", "/queue/", "/members/", "/password/", asset)
    steering = ("/notices/", "/notices/settings/", "/alerts/", "/monitor/prices/")
    for path in (
        *pages,
        *tools,
        *steering,
        "/trash/",
        compare,
        "/reference/",
        "/reference/inpaint/",
        "/styles/",
        "/styles/?q=e",
        "/styles/new/",
    ):
        page.goto(path)
        is_fine(page, size)
    outside = open_page("/sign-in/", size=size, signed_in=False)
    is_fine(outside, size)


@SIZES
def test_everything_that_opens_is_fine(open_page: Open, drawn: str, size: tuple[int, int]) -> None:
    page = open_page("/", size=size, reduced_motion="reduce")
    for model in ("recraftv4_1", "recraftv3"):
        page.locator("[popovertarget=pop-model]").click()
        page.locator(f"label:has(#model-{model})").click()
        page.wait_for_timeout(400)
        for name in opened(page):
            is_fine(page, size, within=f"#pop-{name}")
            is_on_the_screen(page, size)
    page.locator(f"#{drawn} .tile__hit").first.click()
    page.locator("#panel[data-asset]").wait_for()
    is_fine(page, size)
    page.get_by_role("button", name="Show large").click()
    page.locator("#lightbox-content[data-asset]").wait_for()
    is_fine(page, size)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    is_fine(page, size)


def is_on_the_screen(page: Page, size: tuple[int, int]) -> None:
    box = page.locator(":popover-open").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size[1]


def opened(page: Page) -> Iterator[str]:
    """Each popover of the page in turn, open."""
    for name in POPOVERS:
        page.locator(f"[popovertarget=pop-{name}]").click()
        page.locator(f"#pop-{name}:popover-open").wait_for()
        yield name
        page.keyboard.press("Escape")


def test_a_change_of_model_drops_what_does_not_fit_and_says_so(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#prompt").fill("A fox")
    page.locator("[popovertarget=pop-model]").click()
    page.locator("label:has(#model-recraftv3)").click()
    page.locator("[popovertarget=pop-style]").get_by_text("Style", exact=False).wait_for()
    page.wait_for_timeout(400)
    page.locator("[popovertarget=pop-style]").click()
    page.get_by_placeholder("Find a style").fill("noir")
    page.locator("#pop-style .style-card:visible", has_text="Noir").click()
    page.locator("[popovertarget=pop-style]", has_text="Noir").wait_for()
    page.keyboard.press("Escape")
    page.locator("[popovertarget=pop-model]").click()
    page.locator("label:has(#model-recraftv4_1)").click()
    page.get_by_text("Style dropped: V2 and V3 only.").wait_for()
    assert page.locator("#prompt").input_value() == "A fox"


def test_hostile_text_is_only_text(open_page: Open) -> None:
    page = open_page("/")
    for payload in PAYLOADS:
        generate(page, payload)
    page.goto("/gallery/")
    page.goto("/queue/")
    page.goto("/")
    assert page.locator("article.run", has_text="alert(1)").count() >= len(PAYLOADS) - 1
    assert page.evaluate("window.hacked") is None


PAYLOADS = (
    "<script>window.hacked = alert(1)</script>",
    '"><img src=x onerror="window.hacked = alert(1)">',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "{{ alert(1) }}{% load x %}",
    '<div hx-get="/sign-out/" hx-trigger="load">alert(1)</div>',
    "<a href='javascript:alert(1)'>x</a>",
    "<base href=//evil.test/>alert(1)",
)
