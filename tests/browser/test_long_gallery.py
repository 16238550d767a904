"""A list of many thousand pictures in a real browser: never more tiles than a screen needs, and no long frames."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SECONDS, first_owner
from tests.browser.waiting import until
from tests.sandbox_process import ROOT
from tests.stories.drive import DrivenStudio

pytestmark = pytest.mark.browser

# 20,000 take ten minutes on two cores; what is asked of every stretch of tiles is the same.
PICTURES = int(os.environ.get("GALLERY_TILES", "2000"))
MOST_TILES = 660  # ten stretches of sixty, and one that arrives before another goes
FRAME = 0.05  # seconds of processor time that a stretch may take of the main thread, all its frames together

TO_THE_END = """
async () => {
  const scroller = document.querySelector("#pictures");
  let most = 0;
  let still = 0;
  while (still < 600) {
    const before = scroller.scrollHeight;
    scroller.scrollTop = scroller.scrollHeight;
    await new Promise((done) => setTimeout(done, 16));
    most = Math.max(most, document.querySelectorAll(".tile").length);
    still = scroller.scrollHeight === before ? still + 1 : 0;
    if (!scroller.querySelector("#more") && still > 5) break;
  }
  const stretches = document.querySelectorAll(".stretch").length;
  return { most, stretches, more: Boolean(scroller.querySelector("#more")) };
}
"""

# The pictures of the gallery in their order, as page after page tells them.
IN_ORDER = """
async (most) => {
  const found = [];
  for (let address = "/gallery/"; address && found.length < most; ) {
    const headers = { "HX-Request": "true", "X-Workspace": document.body.dataset.workspace };
    const answer = await fetch(address, { headers });
    const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
    found.push(...[...body.querySelectorAll(".tile__hit")].map((hit) => hit.id));
    address = body.querySelector("#more a")?.getAttribute("hx-get");
  }
  return found.slice(0, most);
}
"""


@pytest.fixture(scope="module")
def full_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrivenStudio]:
    var: Path = tmp_path_factory.mktemp("full") / "var"
    var.mkdir()
    environment = {**os.environ, "STUDIO_VAR": str(var), "DATABASE_URL": ""}
    for command in (["migrate", "-v0"], ["seed_gallery", f"--pictures={PICTURES}"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    with DrivenStudio(var) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(full_studio: DrivenStudio, browser: Browser) -> dict[str, Any]:
    return first_owner(full_studio, browser)


@pytest.fixture
def page(full_studio: DrivenStudio, browser: Browser, signed_in: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(
        base_url=full_studio.url,
        viewport={"width": 1440, "height": 900},
        storage_state=signed_in,  # type: ignore[arg-type]
    )
    context.set_default_timeout(SECONDS)
    yield context.new_page()
    context.close()


def busy(page: Page) -> float:
    """Seconds that the main thread has worked, by the processor's clock: a busy machine is no fault of the page."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def test_many_thousand_pictures_are_scrolled_with_few_tiles(page: Page) -> None:
    page.goto("/gallery/")
    page.set_default_timeout(600_000)
    before = busy(page)
    told: dict[str, Any] = page.evaluate(TO_THE_END)
    page.set_default_timeout(SECONDS)
    assert not told["more"]
    assert told["stretches"] > PICTURES // 60 * 0.8
    assert told["most"] <= MOST_TILES
    assert busy(page) - before <= FRAME * told["stretches"]

    # What was emptied comes back where it was.
    page.locator("#pictures").evaluate("(list) => { list.scrollTop = list.scrollHeight / 2 }")
    in_the_middle = page.locator(".stretch:not([data-height]) .tile__hit")
    page.wait_for_timeout(1500)
    seen = page.evaluate(
        "[...document.querySelectorAll('.tile__hit')].filter((each) => { const { top } = each.getBoundingClientRect();"
        " return top > 200 && top < 700 }).map((each) => each.id)"
    )
    assert seen
    assert in_the_middle.count() <= MOST_TILES

    # Back finds the place, and what was loaded.
    top = page.evaluate("document.querySelector('#pictures').scrollTop")
    page.goto(str(page.locator(f"#{seen[0]}").get_attribute("href")))
    page.go_back()
    expect(page.locator(f"#{seen[0]}")).to_be_in_viewport()
    assert abs(page.evaluate("document.querySelector('#pictures').scrollTop") - top) < 50


def test_the_lightbox_leafs_through_more_than_the_page_holds(page: Page) -> None:
    page.goto("/gallery/")
    page.locator("picture-window").evaluate("(list) => { list.most = 2 }")  # so that it is over after 120, not 600
    there = 140
    order: list[str] = page.evaluate(IN_ORDER, there)
    page.locator(".tile__hit").first.press(" ")
    page.locator("#lightbox-content[data-asset]").wait_for()
    box = page.locator("light-box")
    for key, whole in (("ArrowRight", order), ("ArrowLeft", order[::-1])):
        seen: list[str] = []
        for _ in range(there * 20):
            now = str(box.evaluate("(box) => box.shown"))
            seen += [now] if not seen or seen[-1] != now else []
            if now == whole[-1]:
                break
            page.keyboard.press(key)
        assert seen == whole, "each picture once, none left out"
    assert page.locator(".tile").count() <= 5 * 60
    page.keyboard.press("Escape")
    expect(page.locator(f"#{order[0]}")).to_be_focused()


def test_a_stretch_that_could_not_be_fetched_comes_once_the_studio_is_there_again(page: Page) -> None:
    page.goto("/gallery/")
    page.locator("picture-window").evaluate("(list) => { list.most = 2 }")
    first, scroll = page.locator(".stretch").first, page.locator("#pictures")
    for _ in range(200):
        if first.get_attribute("data-height"):
            break
        scroll.evaluate("(list) => { list.scrollTop = list.scrollHeight }")
        page.wait_for_timeout(50)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.route("**/gallery/?*", lambda route: route.abort())
    scroll.evaluate("(list) => { list.scrollTop = 0 }")
    until(page, lambda: failed, "a stretch is asked for in vain")
    page.unroute("**/gallery/?*")
    expect(first.locator(".tile").first).to_be_visible()


def test_the_arrows_walk_on_where_the_next_page_begins(page: Page) -> None:
    page.goto("/gallery/")
    order: list[str] = page.evaluate(IN_ORDER, 400)
    page.locator(".tile__hit").first.focus()
    seen = [order[0]]
    for _ in range(len(order) * 20):
        page.keyboard.press("ArrowRight")
        now = page.evaluate("document.activeElement.id")
        seen += [now] if seen[-1] != now else []
        if now == order[-1]:
            break
    assert seen == order


def in_the_middle(page: Page, pictures: int) -> None:
    """Scroll on until the list has this many; the earliest of them have been given up."""
    page.evaluate(
        """async (pictures) => {
          const scroller = document.querySelector(".gallery__scroll");
          const count = (what) => scroller.querySelectorAll(what).length;
          const has = () => Math.max(count(".stretch") * 60, count(".tile"));
          while (has() < pictures) {
            scroller.scrollTop = scroller.scrollHeight;
            await new Promise((done) => setTimeout(done, 16));
          }
        }""",
        pictures,
    )


def test_shift_takes_what_lies_between_though_the_page_gave_it_up(page: Page) -> None:
    page.goto("/gallery/")
    page.locator("picture-window").evaluate("(list) => { list.most = 2 }")
    order: list[str] = page.evaluate(IN_ORDER, 300)
    page.locator(f"#{order[0]}").press("s")
    in_the_middle(page, 300)
    page.locator(".stretch[data-height]").nth(1).wait_for(state="attached")
    page.locator(f"#{order[290]}").click(modifiers=["Shift"])
    taken = page.locator("picture-selection").evaluate("(selection) => [...selection.ids]")
    assert [f"open-{each}" for each in taken] == order[:291]


def test_back_finds_the_way_up_where_it_was(page: Page) -> None:
    page.goto("/gallery/")
    month = page.locator("a[href*='?from=']").nth(5).get_attribute("href")
    page.goto(f"/gallery/{month}")
    before = page.locator("[data-before]")
    for _ in range(2):
        page.locator("#pictures").evaluate("(list) => { list.scrollTop = 0 }")
        page.wait_for_timeout(700)  # for as long as it is near, it goes on
    way = str(before.get_attribute("data-before")) if before.count() else None
    page.goto(str(page.locator(".tile__hit").first.get_attribute("href")))
    page.go_back()
    page.locator(".tile__hit").first.wait_for()
    assert (str(before.get_attribute("data-before")) if before.count() else None) == way


def test_a_press_far_down_a_collection_sends_nobody_back(page: Page) -> None:
    page.goto("/gallery/")
    order: list[str] = page.evaluate(IN_ORDER, 200)
    page.evaluate(
        """async (assets) => {
          const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
          const body = new URLSearchParams({ name: "Long", visibility: "private", assets, csrfmiddlewaretoken });
          await fetch("/collections/new/", { method: "POST", body });
        }""",
        ",".join(each.removeprefix("open-") for each in order),
    )
    page.goto("/collections/")
    page.get_by_role("link", name="Long").first.click()
    page.locator("li[data-item]").first.wait_for()
    in_the_middle(page, 180)
    here = page.locator(f"#{order[150]}")
    here.focus()
    page.keyboard.press("f")
    expect(page.locator(".toast").last).to_contain_text("among your favorites")
    page.wait_for_timeout(300)  # what was wrong came after the words
    expect(here).to_be_focused()
    page.keyboard.press("Shift+B")
    expect(here).to_have_count(0)
    page.keyboard.press("u")
    expect(here).to_have_count(1)
    expect(here).to_be_in_viewport()
    assert page.locator("li[data-item]").count() > 170


def test_what_is_looked_at_stays_when_tiles_or_windows_change(page: Page) -> None:
    page.goto("/gallery/")
    in_the_middle(page, 240)
    page.locator("#pictures").evaluate("(list) => { list.scrollTop = list.scrollHeight / 2 }")
    page.wait_for_timeout(500)
    seen = page.evaluate(
        "[...document.querySelectorAll('.tile__hit')].find((each) => each.getBoundingClientRect().top"
        " >= document.querySelector('#pictures').getBoundingClientRect().top).id"
    )
    for size in (1, 5):
        page.locator("tile-size [name=tile]").fill(str(size))
        page.wait_for_timeout(300)
        expect(page.locator(f"#{seen}")).to_be_in_viewport()
    page.set_viewport_size({"width": 820, "height": 1180})
    page.wait_for_timeout(300)
    expect(page.locator(f"#{seen}")).to_be_in_viewport()
