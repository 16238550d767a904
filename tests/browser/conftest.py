"""A whole studio and a real Chromium, for what only a browser can say.

Every page that a test opens is watched: a script error, a message on the console or a violation of the content
security policy fails the test that caused it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.editor_page import Served, serving
from tests.browser.mask_page import Opened, stages
from tests.browser.watched import Watched
from tests.browser_for_tests import find_or_install
from tests.stories.drive import PASSWORD, DrivenStudio

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
EMAIL = "mara@example.com"
DESKTOP, PHONE = (1440, 900), (390, 844)
SECONDS = 30_000  # milliseconds a page may take; these machines are shared
expect.set_options(timeout=SECONDS)
# Where something is asked, or an answer is being put in.
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
# Even the shortest transition shows the color before until the next frame is drawn.
SETTLED = """() => new Promise(requestAnimationFrame).then(
  () => Promise.allSettled(document.getAnimations().map((each) => each.finished)))"""

Open = Callable[..., Page]
Show = Callable[..., Page]


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrivenStudio]:
    # Slow enough to see a run being drawn.
    with DrivenStudio(tmp_path_factory.mktemp("browser") / "var", STUDIO_SANDBOX_LATENCY="2.0") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_or_install(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


def first_owner(studio: DrivenStudio, browser: Browser) -> dict[str, Any]:
    """The first owner's session: in by the printed link, with a name and a password taken."""
    context = browser.new_context(base_url=studio.url)
    page = context.new_page()
    page.goto(studio.ready_line)
    page.get_by_role("button", name="Sign in as the owner").click()
    page.get_by_label("Name").fill("Mara Lind")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Open the studio").click()
    page.wait_for_selector("#composer")
    state: dict[str, Any] = context.storage_state()  # type: ignore[assignment]
    context.close()
    return state


@pytest.fixture(scope="session")
def owner(studio: DrivenStudio, browser: Browser) -> dict[str, Any]:
    return first_owner(studio, browser)


@pytest.fixture
def open_page(studio: DrivenStudio, browser: Browser, owner: dict[str, Any]) -> Iterator[Open]:
    """`open_page(path)`: a page of the owner's; options are those of a browser context, and `size`.

    Nothing moves on it unless `reduced_motion="no-preference"` is given: without a graphics card, one picture that
    develops takes a third of a processor for as long as it is drawn. The composer is as for somebody who has just come:
    a draft that another test left may name a style that is gone, or an image model whose pictures are no references.
    """
    with closing(sqlite3.connect(studio.var / "studio.sqlite3", timeout=SECONDS / 1000)) as database, database:
        database.execute("DELETE FROM studio_draft")
    watched: list[Watched] = []
    contexts: list[BrowserContext] = []

    def opened(path: str = "/", *, size: tuple[int, int] = DESKTOP, signed_in: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=studio.url,
            storage_state=owner if signed_in else None,  # type: ignore[arg-type]
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            **{"reduced_motion": "reduce", **options},
        )
        context.set_default_timeout(SECONDS)
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page))
        page.goto(path)
        return page

    yield opened
    complaints = [complaint for each in watched for complaint in each.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """A server for pages with one custom element each."""
    with serving() as running:
        yield running


@pytest.fixture
def show(served: Served, browser: Browser) -> Iterator[Show]:
    """`show(body)`: a page with this body; options are those of a browser context, and `viewport`."""
    watched: list[Watched] = []

    def opened(body: str, *, viewport: tuple[int, int] = (1000, 900), **options: Any) -> Page:
        context = browser.new_context(viewport={"width": viewport[0], "height": viewport[1]}, **options)
        context.set_default_timeout(SECONDS)
        page = context.new_page()
        watched.append(Watched(page))
        page.goto(served.page(body))
        for element in ("file-drop", "palette-editor"):
            page.evaluate("name => customElements.whenDefined(name).then(() => true)", element)
        # A stage takes the height of what it stands in.
        stages = "document.querySelectorAll('outpaint-frame, before-after, crop-frame')"
        page.evaluate(f"for (const stage of {stages}) stage.style.blockSize = '560px'")
        return page

    yield opened
    complaints = [complaint for each in watched for complaint in each.complaints]
    for each in watched:
        each.page.context.close()
    assert complaints == []


@pytest.fixture
def stage(served: Served, browser: Browser) -> Iterator[Opened]:
    """`stage(width, height)`: a mask on a page of its own."""
    with stages(served, browser) as opened:
        yield opened


@contextmanager
def answered(page: Page, address: str = "**/fields/") -> Iterator[None]:
    """What is done in it is asked of this address, and the answer stands on the page after it."""
    expect(page.locator(BUSY)).to_have_count(0)  # what was asked for before is not the answer
    with page.expect_response(address):
        yield
    expect(page.locator(BUSY)).to_have_count(0)


def generate(page: Page, prompt: str, **settings: str) -> str:
    """Draw something by the composer; the run's id. `n` and `model` may be given."""
    for name, value in settings.items():
        if name == "n" and page.locator("#n").input_value() == value:
            continue  # what the last run left in the draft
        if name == "n":
            with answered(page):
                page.locator("#n").fill(value)
                page.locator("#n").blur()
        else:
            page.locator(f"[popovertarget=pop-{name}]").click()
            with answered(page):
                page.locator(f"label:has(> [name={name}][value='{value}'])").click()
    page.locator("#prompt").fill(prompt)
    run = page.locator("article.run", has_text=prompt).first
    earlier = run.get_attribute("id") if run.count() else ""
    page.locator("#prompt").press("Control+Enter")
    expect(run).not_to_have_attribute("id", str(earlier))
    return str(run.get_attribute("id"))


def wait_until_drawn(page: Page, run: str) -> None:
    page.locator(f"#{run}[data-state=done]").wait_for(timeout=60_000)
    page.locator(f"#{run} .tile__img:not(.tile__blur)").first.wait_for()
    # A picture is in the gallery from when its tile has been made.
    originals = page.locator(f"#{run} .tile__img:not(.tile__blur, [src*='/tile'])")
    expect(originals).to_have_count(0, timeout=60_000)


def problems_by_axe(page: Page, within: str = "html", only: str = "") -> list[str]:
    """What axe finds on the page as it is now, or in a part of it; by all of its rules or by one."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    return named(page.evaluate("([within, options]) => axe.run(within, options)", [within, options]))


def named(found: dict[str, Any] | None) -> list[str]:
    """Each thing that axe found, with the first place where it is so."""
    return (
        []
        if found is None
        else [f"{each['id']}: {each['nodes'][0]['target']} {each['help']}" for each in found["violations"]]
    )


def problems_in_either_theme(page: Page, within: str = "html") -> list[str]:
    """What axe finds in the light and in the dark. Of its rules one alone looks at colors, and only they change."""
    look_at(page, "light")
    light = problems_by_axe(page, within)
    look_at(page, "dark")
    dark = problems_by_axe(page, within, only="color-contrast")
    look_at(page, "light")
    return [*light, *(f"in the dark: {each}" for each in dark)]


def look_at(page: Page, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(SETTLED)
