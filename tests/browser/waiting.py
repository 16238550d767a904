"""Waiting until something is so, where nothing on the page says it; never for a while and hoping."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import SECONDS

LISTENS = "() => document.querySelector('live-stream').source?.readyState === EventSource.OPEN"


def until(page: Page, true: Callable[[], object], what: str) -> None:
    """What a test's own handlers note counts as well: they run while the page is waited for."""
    deadline = time.monotonic() + SECONDS / 1000
    while not true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        page.wait_for_timeout(20)


def until_it_listens(page: Page) -> None:
    """From here on the page hears what happens elsewhere."""
    page.wait_for_function(LISTENS)


def until_nothing_runs(page: Page) -> None:
    """What the tests before have begun has ended: the title of Create counts it."""
    expect(page).to_have_title("Create · Atelier", timeout=2 * SECONDS)
