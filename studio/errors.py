"""
What a person can cause and a page can explain. `message` is the text shown.

* StudioError
  x InvalidRequest    the values don't fit the operation; `errors` names the field
  x OverBudget        a budget has no room; names the binding one
  x NeedsApproval     above a soft limit; the job is parked until somebody approves it
  x Stopped           somebody has stopped all spending of the workspace
  x NoPriceKnown      the price book has no price; refused, never free
  x PriceRose         what was asked for costs more by now than was shown
  x KeyReused         the same idempotency key came with another request
  x TooManyWaiting    the queue of one person is full
  x LinkSpent         a sign-in or invitation link was used, is too old, or never was
  x NotAllowed        the role doesn't permit it
  x Frozen            the picture is approved, and stays as it is until that is withdrawn
  x BadUpload         a file that can't become a picture of the studio
  x WouldShare        it would let the workspace see somebody's private pictures; ask them first
"""

from collections.abc import Mapping
from datetime import datetime


class StudioError(Exception):
    """Base class."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidRequest(StudioError):
    """Values that don't fit the operation. `errors`: param name -> sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class OverBudget(StudioError):
    """A budget has no room for the quote, or a run may not cost as much.

    `scope` and `window` say which limit decides, as a cap would; `left` is what it has, in units; it starts again at
    `resets_at`, or never by itself.
    """

    def __init__(self, message: str, *, scope: str, window: str, left: int, resets_at: datetime | None = None) -> None:
        super().__init__(message)
        self.scope, self.window, self.left, self.resets_at = scope, window, left, resets_at

    @property
    def asks(self) -> str:
        """The limit, as the form that asks for more names it."""
        return f"{self.scope}.{self.window}"


class NeedsApproval(StudioError):
    """A soft limit or a ceiling is in the way. The message is the reason that the parked job shows."""

    def __init__(self, message: str, *, scope: str, window: str, operation: str = "") -> None:
        super().__init__(message)
        self.scope, self.window, self.operation = scope, window, operation


class Stopped(StudioError):
    """The workspace's emergency stop: nothing is taken on."""


class NoPriceKnown(StudioError):
    """No price, no call."""


class PriceRose(StudioError):
    """A price that somebody agreed to is not the price any more."""


class KeyReused(StudioError):
    """An idempotency key names one request, forever."""


class TooManyWaiting(StudioError):
    """A person has more jobs waiting than the queue takes."""


class LinkSpent(StudioError):
    """One text for used, expired and unknown links, so that nothing can be learned by trying."""


class NotAllowed(StudioError):
    """The person's role doesn't permit this."""


class Frozen(StudioError):
    """The picture is approved; what was approved is what will be used."""


class BadUpload(StudioError):
    """The file is no picture, or one that the studio does not keep; the message says why."""


class WouldShare(StudioError):
    """Own private pictures would be seen by the whole workspace. `count` is how many."""

    def __init__(self, count: int) -> None:
        pictures = "One of these pictures is" if count == 1 else f"{count:,} of these pictures are"
        super().__init__(f"{pictures} private. In this collection everybody in the workspace sees them.")
        self.count = count
