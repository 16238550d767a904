"""A Chromium for the browser tests: found, or else installed; `python -m tests.browser_for_tests` prints where.

Looked for in this order: `$CHROMIUM`, Debian's build of it without a window, the names it goes by on PATH,
Playwright's own. The first of these is the same engine at half the processor time: what is saved is the drawing of a
window that nobody looks at. So it is installed where it can be, even beside another. Browser tests are never left out
for want of a browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

HEADLESS = "chromium-headless-shell"
NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SENTENCE = (
    "The browser tests need Chromium: none was found and none could be installed. "
    "Install one, or set CHROMIUM to the path of its program."
)


def find() -> Path | None:
    """The first browser that starts."""
    return next((path for path in _candidates() if _starts(path)), None)


def find_or_install() -> Path:
    """Raises SystemExit with a sentence when there is no way to a browser."""
    given = os.environ.get("CHROMIUM")
    if given and not _starts(Path(given)):
        raise SystemExit(f"CHROMIUM is {given}, which can't be started.")
    found = find()
    if found is None:
        _install()
        found = find()
    if found is None:
        raise SystemExit(SENTENCE)
    return found


def _candidates() -> Iterator[Path]:
    given = os.environ.get("CHROMIUM")
    if given:
        yield Path(given)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _starts(path: Path) -> bool:
    try:
        # Some systems have a script of this name that only says where to get the real one.
        done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _install() -> None:
    sys.stderr.write("No Chromium was found; installing one for the browser tests ...\n")
    _install_by_apt("chromium")
    if find() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _install_by_apt(package: str) -> None:
    """Where there is such a thing, and we may; nothing is said if it fails."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        told = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", package]):
            subprocess.run(command, env=told, **quiet)  # type: ignore[call-overload]


if __name__ == "__main__":
    if "CHROMIUM" not in os.environ and shutil.which(HEADLESS) is None:
        _install_by_apt(HEADLESS)
    sys.stdout.write(f"{find_or_install()}\n")
