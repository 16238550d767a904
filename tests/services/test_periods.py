"""Days, weeks and months as people in a time zone live them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.services import periods
from studio.services.periods import PERIODS, containing

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # its clocks skip and repeat midnight
    "America/Asuncion",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Auckland",
    "Pacific/Apia",  # a day that never was
)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "zone", "at", "starts_at", "ends_at"),
    [
        ("day", "UTC", "2026-11-21T12:00", "2026-11-21T00:00", "2026-11-22T00:00"),
        ("day", "Europe/Berlin", "2026-11-21T23:30", "2026-11-21T23:00", "2026-11-22T23:00"),
        ("day", "Europe/Berlin", "2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),  # 23 hours
        ("day", "Europe/Berlin", "2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),  # 25 hours
        ("day", "Africa/Cairo", "2026-04-24T12:00", "2026-04-23T22:00", "2026-04-24T21:00"),  # begins at 01:00
        ("day", "America/Havana", "2026-11-01T04:30", "2026-11-01T04:00", "2026-11-02T05:00"),  # has two midnights
        ("day", "Pacific/Apia", "2011-12-30T05:00", "2011-12-29T10:00", "2011-12-30T10:00"),
        ("day", "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00", "2011-12-31T10:00"),  # the 31st follows
        ("week", "UTC", "2026-11-22T23:59", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("month", "America/New_York", "2026-12-01T04:59", "2026-11-01T04:00", "2026-12-01T05:00"),
        ("month", "UTC", "2028-02-29T12:00", "2028-02-01T00:00", "2028-03-01T00:00"),
    ],
)
def test_a_period_begins_and_ends_at_local_midnights(
    window: str, zone: str, at: str, starts_at: str, ends_at: str
) -> None:
    period = containing(window, instant(at), ZoneInfo(zone))
    assert (period.starts_at, period.ends_at) == (instant(starts_at), instant(ends_at))


@given(
    window=st.sampled_from(PERIODS),
    zone=st.sampled_from(ZONES),
    at=st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC)),
)
def test_every_instant_lies_in_one_period_and_the_next_begins_where_it_ends(
    window: str, zone: str, at: datetime
) -> None:
    period = containing(window, at, ZoneInfo(zone))
    assert period.starts_at <= at < period.ends_at
    after = containing(window, period.ends_at, ZoneInfo(zone))
    assert after.starts_at == period.ends_at
    assert containing(window, period.ends_at - timedelta(seconds=1), ZoneInfo(zone)) == period
    assert after.key != period.key


def test_a_name_that_is_no_time_zone_is_none() -> None:
    assert [periods.zone_of(name) for name in ("", "Berlin/Europe", "../etc/passwd")] == [None] * 3


def test_an_instant_in_words_is_told_by_the_wall_clock() -> None:
    assert periods.in_words(instant("2026-11-21T23:00"), "Europe/Berlin") == "Sunday 22 November, 00:00"
