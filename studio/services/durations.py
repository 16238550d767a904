"""Every duration of the pipeline, in one place.

`STUDIO_TIME_SCALE` divides them, so that a test lives through a day in a minute; it is refused with a real
token. The provider's rate windows are not here: they are never scaled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone


def _scaled(**parts: float) -> timedelta:
    return timedelta(**parts) / settings.STUDIO_TIME_SCALE


CALL_DEADLINE = _scaled(seconds=240)  # one paid call, from connect to the last byte
FETCH_DEADLINE = _scaled(seconds=120)  # one download
URL_LIFE = _scaled(hours=23)  # result URLs die after 24 h; an hour is kept as a margin
QUEUE_LIFE = _scaled(hours=24)
HELD_LIFE = _scaled(days=7)  # an approver may be away for a weekend
LEASE = _scaled(seconds=10)  # a download that shows no sign of life for this long may be taken over
FINISH_LEASE = _scaled(seconds=60)  # longer than any recipe takes, so that nobody does it twice
FINISH_UNRUNG_AFTER = _scaled(seconds=5)
GONE_SPACING = _scaled(minutes=10)
UNRENDERED_AFTER = _scaled(seconds=20)
HOST_SILENT_AFTER = _scaled(minutes=2)
PROVIDER_PROBE = _scaled(minutes=1)
BALANCE_SETTLES = _scaled(seconds=5)  # after a call, until its price can be seen in the balance
CHECKPOINT_SPACING = _scaled(hours=1)  # between two that say the same
UNKNOWN_BEFORE_BARRIER = _scaled(minutes=10)
BARRIER = _scaled(minutes=2)  # the longest that claiming is held back for a look at the balance
BARRIER_SPACING = _scaled(minutes=10)
TEMPORARY_LIFE = _scaled(hours=1)
REFUSED_HOLD = _scaled(seconds=2)
UNDO_LIFE = _scaled(hours=24)
TRASH_LIFE = _scaled(days=30)
BLOB_SETTLES = _scaled(hours=1)  # a file may be stored this long before a row names it
ACTION_UNRUNG_AFTER = _scaled(seconds=5)
# After each failed try of a webhook; after the last one nobody tries any more. Two days in all.
WEBHOOK_WAITS = tuple(_scaled(seconds=each) for each in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
NOTICE_LIFE = _scaled(days=180)  # of what people were told, and of messages to webhooks
WEBHOOK_LEASE = _scaled(seconds=60)
LINK_LIFE = timedelta(days=7)
FIRST_LINK_LIFE = timedelta(hours=24)


def after_letter(tries: int) -> timedelta:
    """How long to wait with a letter that could not be sent: 1, 4, 16 ... minutes."""
    return _scaled(minutes=4.0**tries)


def after_try(tries: int, *, longest: float = 300.0) -> timedelta:
    """How long to wait after the n-th try: 0, 1, 2, 4 ... `longest` seconds."""
    return _scaled(seconds=min(longest, 2.0 ** max(0, min(tries, 12) - 2)) if tries > 1 else 0.0)


_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta(0))


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Live at another time, as far as budgets and the ledger go: a demonstration's last month, a test's next one."""
    token = _shift.set(by)
    try:
        yield
    finally:
        _shift.reset(token)


def database_now() -> datetime:
    """The database's clock, so that hosts whose clocks differ agree on leases, deadlines and periods."""
    if connection.vendor != "postgresql":
        # SQLite lives on this machine and has no clock of its own.
        return timezone.now() + _shift.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now + _shift.get()


def page_now() -> datetime:
    """This machine's clock, for what is only shown: it saves asking the database."""
    return timezone.now() + _shift.get()


def now_in_sql() -> tuple[str, list[Any]]:
    """The same clock as an expression with its parameters, for a statement that would else have to wait for another."""
    if connection.vendor != "postgresql":
        return "%s", [connection.ops.adapt_datetimefield_value(database_now())]
    shift = _shift.get()
    return ("(statement_timestamp() + %s)", [shift]) if shift else ("statement_timestamp()", [])
