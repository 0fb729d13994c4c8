"""When a reader's next digest is due: wall-clock time in their zone to UTC, across clock changes."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_SATURDAY = 5


class Due(NamedTuple):
    """A digest's moment in UTC, and the reader's date it is the digest of."""

    at: datetime
    date: date


def next_due(
    after: datetime,
    clock: time,
    zone: ZoneInfo,
    *,
    weekdays_only: bool = False,
    not_before: datetime | None = None,
    taken: Container[date] = (),
) -> Due:
    """The first moment later than ``after`` at which it is ``clock`` in ``zone``.

    A time that clocks skip moves to the first minute they show again; one that they show twice is taken the first
    time. ``not_before`` is the end of a pause; the dates in ``taken`` had their digest. Moments have a time zone.
    """
    earliest = max(after, not_before - timedelta(microseconds=1)) if not_before else after
    # Half a day's offset and more may lie between the dates of UTC and of the zone.
    day = earliest.astimezone(zone).date() - _DAY
    while True:
        day += _DAY
        if day in taken or (weekdays_only and day.weekday() >= _SATURDAY):
            continue
        moment = _moment(day, clock, zone)
        if moment is not None and moment > earliest:
            return Due(moment, day)


def latest_due(before: datetime, clock: time, zone: ZoneInfo, *, weekdays_only: bool = False) -> Due:
    """The last moment up to ``before`` at which it was ``clock`` in ``zone``."""
    day = before.astimezone(zone).date() + _DAY
    while True:
        day -= _DAY
        if weekdays_only and day.weekday() >= _SATURDAY:
            continue
        moment = _moment(day, clock, zone)
        if moment is not None and moment <= before:
            return Due(moment, day)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """When it is ``clock`` on ``day``; None where the zone's calendar has no such day."""
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    if not any(_shown(datetime.combine(day, edge), zone) for edge in (wall.time(), time.min, time(23, 59))):
        return None  # Samoa had no 30 December 2011
    while not _shown(wall, zone):
        wall += _MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _shown(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in the zone ever show this date and time."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == wall
