"""Every sanitized file of the corpora is opened in a real browser, by itself and as a picture: nothing runs or fetches.

The same is done with the files as they came, so that the corpus is known to be dangerous where it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from studio import pictures
from tests.browser_for_tests import find_or_install
from tests.pictures.honest_svgs import HONEST
from tests.pictures.hostile_svgs import HARMLESS_AFTER

pytestmark = pytest.mark.browser

FILES = {name: make() for name, make in HARMLESS_AFTER.items()} | HONEST
RUN = ("script", "events", "foreignObject", "prefixed root", "comment tricks", "UTF-16", "latin-1")
FETCH = ("external picture", "external use", "import", "import behind an escape", "url in a style")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install())
        yield browser
        browser.close()


class Watched:
    """A page whose dialogs and requests for anything but the files themselves are written down."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.seen: set[str] = set()
        self._own = (folder.as_uri(), "data:image/png", "data:image/webp")
        self._opened = ""
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def open(self, path: Path) -> None:
        self._opened = path.stem
        self.page.goto(path.as_uri())
        self.page.mouse.click(20, 20)

    def _dialog(self, dialog: Dialog) -> None:
        self.seen.add(f"{self._opened} runs")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.seen.add(f"{self._opened} fetches")


def plain(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]+", "-", name)


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, source in files.items():
        (folder / f"{plain(name)}.svg").write_bytes(source)
    return sorted(folder.iterdir())


def test_sanitized_files_run_nothing_and_fetch_nothing(browser: Browser, tmp_path: Path) -> None:
    watched = Watched(browser.new_page(), tmp_path)
    paths = written(tmp_path, {name: pictures.sanitise(source) for name, source in FILES.items()})
    for path in paths:
        watched.open(path)
    gallery = tmp_path / "all.html"
    gallery.write_text("".join(f'<img src="{path.name}">' for path in paths))
    watched.open(gallery)
    watched.page.wait_for_load_state("networkidle")
    assert (
        watched.page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)") == []
    )
    assert watched.seen == set()


def test_the_same_files_are_dangerous_before(browser: Browser, tmp_path: Path) -> None:
    watched = Watched(browser.new_page(), tmp_path)
    for path in written(tmp_path, {name: FILES[name] for name in (*RUN, *FETCH)}):
        watched.open(path)
    expected = {f"{plain(name)} runs" for name in RUN} | {f"{plain(name)} fetches" for name in FETCH}
    assert watched.seen >= expected
