"""A whole studio and a real Chromium, for what only a browser can say.

Every page that a test opens is watched: a script error, a message on the console or a violation of the content
security policy fails the test that caused it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser_for_tests import find_or_install
from tests.stories.drive import PASSWORD, DrivenStudio

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
EMAIL = "mara@example.com"
DESKTOP, PHONE = (1440, 900), (390, 844)
SECONDS = 30_000  # milliseconds a page may take; these machines are shared

# A refused form is a 422 and a sixth stream a 429 by design; Chromium reports every answer above 399 as an error.
EXPECTED = re.compile(r"status of 4(?:22|29)|htmx:(?:sendAbort|afterRequest)")


@dataclass
class Watched:
    """What a page complained about, and the page."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(f"console: {message.text}")


Open = Callable[..., Page]


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


@pytest.fixture(scope="session")
def owner(studio: DrivenStudio, browser: Browser) -> dict[str, Any]:
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


@pytest.fixture
def open_page(studio: DrivenStudio, browser: Browser, owner: dict[str, Any]) -> Iterator[Open]:
    """`open_page(path)`: a page of the owner's; options are those of a browser context, and `size`."""
    watched: list[Watched] = []
    contexts: list[BrowserContext] = []

    def opened(path: str = "/", *, size: tuple[int, int] = DESKTOP, signed_in: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=studio.url,
            storage_state=owner if signed_in else None,  # type: ignore[arg-type]
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            **options,
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


def generate(page: Page, prompt: str, **settings: str) -> str:
    """Draw something by the composer; the run's id. `n` and `model` may be given."""
    for name, value in settings.items():
        if name == "n" and page.locator("#n").input_value() == value:
            continue  # what the last run left in the draft
        if name == "n":
            with page.expect_response("**/fields/"):
                page.locator("#n").fill(value)
                page.locator("#n").blur()
        else:
            page.locator(f"[popovertarget=pop-{name}]").click()
            with page.expect_response("**/fields/"):
                page.locator(f"label:has(> [name={name}][value='{value}'])").click()
    page.locator("#prompt").fill(prompt)
    page.locator("#prompt").press("Control+Enter")
    run = page.locator("article.run", has_text=prompt).first
    run.wait_for()
    return str(run.get_attribute("id"))


def wait_until_drawn(page: Page, run: str) -> None:
    page.locator(f"#{run}[data-state=done]").wait_for(timeout=60_000)
    page.locator(f"#{run} .tile__img:not(.tile__blur)").first.wait_for()


def problems_by_axe(page: Page) -> list[str]:
    """What axe finds on the page as it is now."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {each['nodes'][0]['target']} {each['help']}" for each in found["violations"]]
