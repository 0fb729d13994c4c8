"""When the next digest is due: clock changes, leap days, pauses, a change of zone on the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import Due, latest_due, next_due

BERLIN, NEW_YORK, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
LORD_HOWE, LOS_ANGELES = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Los_Angeles")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "clock", "zone", "due", "on"),
    [
        ("2025-06-02 00:00", "08:30", "Asia/Shanghai", "2025-06-02 00:30", "2025-06-02"),
        ("2025-06-02 00:30", "08:30", "Asia/Shanghai", "2025-06-03 00:30", "2025-06-03"),
        # Kiritimati is fourteen hours ahead of UTC: its date is the next one for most of the day.
        ("2025-06-02 20:00", "08:30", "Pacific/Kiritimati", "2025-06-03 18:30", "2025-06-04"),
        ("2025-06-02 04:00", "20:00", "Pacific/Honolulu", "2025-06-02 06:00", "2025-06-01"),
        # Spring: 02:30 is skipped, and the clocks show 03:00 next (Lord Howe moves by half an hour, to 02:30).
        ("2025-03-29 12:00", "02:30", "Europe/Berlin", "2025-03-30 01:00", "2025-03-30"),
        ("2025-03-08 12:00", "02:15", "America/New_York", "2025-03-09 07:00", "2025-03-09"),
        ("2025-10-04 12:00", "02:10", "Australia/Lord_Howe", "2025-10-04 15:30", "2025-10-05"),
        # In Nuuk the hour before midnight is skipped: the next valid minute is the first of Sunday.
        ("2025-03-29 12:00", "23:30", "America/Nuuk", "2025-03-30 01:00", "2025-03-29"),
        # Autumn: the time comes twice, and the first counts.
        ("2025-10-25 12:00", "02:30", "Europe/Berlin", "2025-10-26 00:30", "2025-10-26"),
        ("2025-10-26 00:30", "02:30", "Europe/Berlin", "2025-10-27 01:30", "2025-10-27"),
        ("2025-11-02 05:30", "01:30", "America/New_York", "2025-11-03 06:30", "2025-11-03"),
        ("2025-04-05 14:45", "01:45", "Australia/Lord_Howe", "2025-04-06 15:15", "2025-04-07"),
        # A leap day, and none.
        ("2024-02-28 20:00", "08:30", "America/New_York", "2024-02-29 13:30", "2024-02-29"),
        ("2025-02-28 20:00", "08:30", "America/New_York", "2025-03-01 13:30", "2025-03-01"),
        # Samoa went over the date line: 30 December 2011 never came.
        ("2011-12-29 20:00", "08:30", "Pacific/Apia", "2011-12-30 18:30", "2011-12-31"),
    ],
)
def test_it_is_due_when_the_readers_clock_shows_the_time(after: str, clock: str, zone: str, due: str, on: str) -> None:
    expected = Due(utc(due), date.fromisoformat(on))
    assert next_due(utc(after), time.fromisoformat(clock), ZoneInfo(zone)) == expected


def test_weekends_are_left_out_where_asked() -> None:
    friday = utc("2025-06-06 01:00")
    assert next_due(friday, time(8, 30), SHANGHAI, weekdays_only=True).date == date(2025, 6, 9)


def test_a_weekend_is_the_readers_weekend() -> None:
    # It is Sunday afternoon in Los Angeles and Monday morning in Shanghai.
    moment = utc("2025-06-08 23:00")
    assert next_due(moment, time(8), SHANGHAI, weekdays_only=True) == Due(utc("2025-06-09 00:00"), date(2025, 6, 9))
    assert next_due(moment, time(17), LOS_ANGELES, weekdays_only=True).date == date(2025, 6, 9)


def test_nothing_is_due_before_a_pause_ends() -> None:
    pause = utc("2025-06-09 00:30")
    assert next_due(utc("2025-06-02 00:00"), time(8, 30), SHANGHAI, not_before=pause).at == pause
    later = pause + timedelta(seconds=1)
    assert next_due(utc("2025-06-02 00:00"), time(8, 30), SHANGHAI, not_before=later).date == date(2025, 6, 10)


def test_who_changes_zone_on_the_day_gets_one_digest_a_date() -> None:
    had = {date(2025, 6, 3)}
    # Delivered in Shanghai on the 3rd; it is still the 2nd in New York.
    moment = utc("2025-06-03 00:31")
    assert next_due(moment, time(8, 30), NEW_YORK, taken=had) == Due(utc("2025-06-04 12:30"), date(2025, 6, 4))
    # Delivered in Los Angeles on the 3rd, then off to Shanghai, where the 4th has begun.
    moment = utc("2025-06-03 23:00")
    assert next_due(moment, time(8, 30), SHANGHAI, taken=had) == Due(utc("2025-06-04 00:30"), date(2025, 6, 4))


def test_an_hour_changed_after_todays_digest_waits_for_tomorrow() -> None:
    moment = utc("2025-06-03 01:00")
    assert next_due(moment, time(20), SHANGHAI, taken={date(2025, 6, 3)}).date == date(2025, 6, 4)
    assert next_due(moment, time(20), SHANGHAI).date == date(2025, 6, 3)


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Nuuk", "Asia/Kathmandu"]
).map(ZoneInfo)
moments = st.integers(1_300_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(moments, clocks, zones, st.booleans())
def test_due_times_follow_each_other_a_day_each_and_none_is_between(
    after: datetime, clock: time, zone: ZoneInfo, weekdays_only: bool
) -> None:
    first = next_due(after, clock, zone, weekdays_only=weekdays_only)
    second = next_due(first.at, clock, zone, weekdays_only=weekdays_only)
    assert after < first.at < second.at
    assert first.date < second.date
    assert latest_due(second.at - timedelta(seconds=1), clock, zone, weekdays_only=weekdays_only) == first
    assert second.at - first.at <= timedelta(days=4 if weekdays_only else 2, hours=2)
