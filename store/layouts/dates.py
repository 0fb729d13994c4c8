"""The date of a digest: stated by its text, else by its file's name, else guessed from its newest paper."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from store.arxiv import month
from store.models import Entry

_DAY = r"(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})(?:\s?[-/.月]\s?(?P<day>\d{1,2})日?)?(?!\d)月?"
_UPDATED = re.compile(rf"^[^\w\n]{{0,8}}{_DAY}\s{{0,4}}更新\s{{0,4}}[^\w\n]{{0,8}}$", re.MULTILINE)
_FRONT_MATTER_DATE = re.compile(rf"^(?:date|日期)\s{{0,4}}[:：]\s{{0,4}}[\"']?{_DAY}", re.MULTILINE | re.IGNORECASE)
_FILE_NAME = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?(?!\d)")
_LONGEST_FRONT_MATTER = 200  # lines
_FRONT_MATTER_SAMPLE = 50_000  # characters


def stated_date(text: str) -> str | None:
    """The day or month that the text itself gives: a line ``2025-05-30 更新``, else ``date:`` in its front matter."""
    for match in _UPDATED.finditer(text):
        if (date := _iso(match)) is not None:
            return date
    lines = text[:_FRONT_MATTER_SAMPLE].split("\n")
    stated = _FRONT_MATTER_DATE.search("\n".join(lines[: front_matter_length(lines)]))
    return _iso(stated) if stated else None


def updated_date(line: str) -> str | None:
    """The date of a line that is nothing but ``2025-05-30 更新``, with or without a heading's marks."""
    match = _UPDATED.match(line) if "更新" in line else None
    return _iso(match) if match else None


def front_matter_length(lines: list[str]) -> int:
    """How many lines the block between two lines of ``---`` at the beginning takes, these and blank ones before
    them included; 0 where there is none."""
    opening = next((number for number, line in enumerate(lines[:20]) if line.strip()), 0)
    if lines[opening].strip() != "---":
        return 0
    limit = opening + _LONGEST_FRONT_MATTER
    closing = (number for number, line in enumerate(lines[:limit]) if number > opening and line.strip() == "---")
    return next(closing, -1) + 1


def file_name_date(name: str) -> str | None:
    """``YYYY-MM`` or ``YYYY-MM-DD`` at the start of a file's name, where it is a date of the calendar."""
    match = _FILE_NAME.match(name)
    return _iso(match) if match else None


def newest_month(entries: Iterable[Entry]) -> str | None:
    """The month of the newest arXiv id among the entries; None where none has an id."""
    return max((month(entry.arxiv_id) for entry in entries if entry.arxiv_id), default=None)


def _iso(match: re.Match[str]) -> str | None:
    year, month_, day = int(match["year"]), int(match["month"]), int(match["day"] or 1)
    try:
        date = datetime.date(year, month_, day)
    except ValueError:
        return None
    return date.isoformat() if match["day"] else date.isoformat()[:7]
