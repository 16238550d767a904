"""Every duration of the pipeline, in one place.

`STUDIO_TIME_SCALE` divides them, so that a test lives through a day in a minute; it is refused with a real
token. The provider's rate windows are not here: they are never scaled.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone


def _scaled(**parts: float) -> timedelta:
    return timedelta(**parts) / settings.STUDIO_TIME_SCALE


CALL_DEADLINE = _scaled(seconds=240)  # one paid call, from connect to the last byte
FETCH_DEADLINE = _scaled(seconds=120)  # one download
URL_LIFE = _scaled(hours=23)  # result URLs die after 24 h; an hour is kept as a margin
QUEUE_LIFE = _scaled(hours=24)
LEASE = _scaled(seconds=10)  # a download that shows no sign of life for this long may be taken over
FINISH_LEASE = _scaled(seconds=60)  # longer than any recipe takes, so that nobody does it twice
FINISH_UNRUNG_AFTER = _scaled(seconds=5)
GONE_SPACING = _scaled(minutes=10)
UNRENDERED_AFTER = _scaled(seconds=20)
HOST_SILENT_AFTER = _scaled(minutes=2)
PROVIDER_PROBE = _scaled(minutes=1)
TEMPORARY_LIFE = _scaled(hours=1)
REFUSED_HOLD = _scaled(seconds=2)
LINK_LIFE = timedelta(days=7)
FIRST_LINK_LIFE = timedelta(hours=24)


def after_try(tries: int, *, longest: float = 300.0) -> timedelta:
    """How long to wait after the n-th try: 0, 1, 2, 4 ... `longest` seconds."""
    return _scaled(seconds=min(longest, 2.0 ** max(0, min(tries, 12) - 2)) if tries > 1 else 0.0)


def database_now() -> datetime:
    """The database's clock, so that hosts whose clocks differ agree on leases and deadlines."""
    if connection.vendor != "postgresql":
        return timezone.now()  # SQLite lives on this machine and has no clock of its own
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
