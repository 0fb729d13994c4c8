"""Days and times as a reader's calendar and clock show them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.views.base import Voice
from bot.zones import zone_name


def day(when: date, voice: Voice) -> str:
    """``Tuesday, 2025-06-03``"""
    weekday = voice.plain("moment.weekdays").split()[when.weekday()]
    return voice.plain("moment.day", weekday=weekday, date=when.isoformat())


def moment(at: datetime, zone: ZoneInfo, voice: Voice) -> str:
    """``Tuesday, 2025-06-03, 08:30 (Berlin time)``"""
    local = at.astimezone(zone)
    place = zone_name(zone.key, voice.ui)
    named = place if place.startswith("UTC") else voice.plain("moment.zone", place=place)
    return voice.plain("moment.at", day=day(local.date(), voice), time=f"{local:%H:%M}", zone=named)
