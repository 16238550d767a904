"""Where a day, a week or a month begins and ends, for people in a time zone.

Their boundaries are the midnights of that zone, and are kept as instants: a day may have 23 hours or 25. A midnight
that the clocks skip is the instant at which they do; of one that comes twice, the first counts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from studio.models import Budget

Window = Budget.Window
PERIODS = (Window.MONTH, Window.WEEK, Window.DAY)
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Period:
    """From an instant to another, the second not included; both in UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def key(self) -> str:
        # Not the local date: after a change of the time zone two periods may begin on the same one.
        return f"{self.starts_at:%Y-%m-%dT%H:%MZ}"


def containing(window: str, at: datetime, zone: ZoneInfo) -> Period:
    """The day, week or month that an instant lies in."""
    first = _first(window, at.astimezone(zone).date())
    return Period(_midnight(first, zone), _midnight(_next(window, first), zone))


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of that name, if this machine knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def in_words(at: datetime, zone_name: str) -> str:
    """Sunday 22 November, 00:00, by the clock on the wall of that zone."""
    local = at.astimezone(zone_of(zone_name) or UTC_ZONE)
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


def _first(window: str, day: date) -> date:
    if window == Window.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if window == Window.MONTH else day


def _next(window: str, first: date) -> date:
    if window == Window.MONTH:
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if window == Window.WEEK else 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
