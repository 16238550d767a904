"""What a page complains about while a test uses it."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page

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
