"""Time zones as readers name them: a city in either language, an IANA name, an offset, a place on the map."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from rapidfuzz import fuzz, process

from store import Language

_OFFSET = re.compile(r"(?:utc|gmt)?\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?00)?")
_POSIX_OFFSET = re.compile(r"Etc/GMT([+-]\d{1,2})")
_NEAR = 70.0  # rapidfuzz's ratio (0 to 100) from which a name counts as near


@dataclass(frozen=True)
class Place:
    """A time zone and the names its cities go by; the first of each list names it."""

    zone: str
    names: Mapping[Language, tuple[str, ...]]

    def name(self, language: Language) -> str:
        return self.names[language][0]


def zone_of(name: str) -> ZoneInfo | None:
    """The zone with this IANA name; None where the system knows none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_zone(text: str) -> str | None:
    """The IANA name of the zone that a reader's words name; None where they name none."""
    wanted = _key(text)
    if found := _names().get(wanted):
        return found
    offset = _OFFSET.fullmatch(unicodedata.normalize("NFKC", text).replace("−", "-").strip().casefold())
    if offset is None:
        return None
    # In POSIX's names the sign says how far UTC is from there, not the other way round.
    hours = int(offset["hours"]) * (-1 if offset["sign"] == "+" else 1)
    return f"Etc/GMT{hours:+d}" if hours and -14 <= hours <= 12 else "Etc/UTC" if not hours else None


def nearest_zones(text: str, limit: int = 3) -> list[str]:
    """IANA names of the zones whose names look most like what was typed, nearest first; none if nothing is near."""
    names = _names()
    found = process.extract(_key(text), list(names), scorer=fuzz.ratio, limit=10, score_cutoff=_NEAR)
    return list(dict.fromkeys(names[name] for name, _, _ in found))[:limit]


def zone_at(latitude: float, longitude: float) -> str | None:
    """The zone of a place, in degrees; None where there is none."""
    # The map takes a tenth of a second to unpack and 30 MB to keep: only for those who share where they are.
    from tzfpy import get_tz

    found = get_tz(longitude, latitude)
    return found if found and zone_of(found) else None


def zone_name(zone: str, language: Language) -> str:
    """What to call a zone: its best known city in the language, its offset, or the city of its IANA name."""
    for place in _places():
        if place.zone == zone:
            return place.name(language)
    if offset := _POSIX_OFFSET.fullmatch(zone):
        return f"UTC{int(offset[1]) * -1:+d}"
    return _city(zone)


@cache
def common_places() -> tuple[Place, ...]:
    """The zones to offer as buttons."""
    return tuple(_read("zones"))


@cache
def _places() -> tuple[Place, ...]:
    return (*common_places(), *_read("more"))


def _read(table: str) -> Iterator[Place]:
    text = resources.files("bot").joinpath("cities.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)[table]
    for row in rows:
        yield Place(row["zone"], {"en": tuple(row["en"]), "zh": tuple(row["zh"])})


@cache
def _names() -> dict[str, str]:
    """Every name that is understood, as compared, with its IANA zone."""
    names: dict[str, str] = {}
    # Sorted, so that of cities with one name the same is meant each time; our own list has the last word.
    for zone in sorted(available_timezones()):
        names[_key(zone)] = zone
        if zone.startswith(("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")):
            names.setdefault(_key(_city(zone)), zone)
    for place in _places():
        for each in (*place.names["en"], *place.names["zh"]):
            names[_key(each)] = place.zone
    return names


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _key(text: str) -> str:
    """``text`` as names are compared: without case, accents, spaces, and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char for char in decomposed if char.isalnum() or char in "/+-")
    return kept.removesuffix("市").removesuffix("时间") or kept
