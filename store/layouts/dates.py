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
_LONGEST_FRONT_MATTER = 20_000


def stated_date(text: str) -> str | None:
    """The day or month that the text itself gives: a line ``2025-05-30 更新``, else ``date:`` in its front matter."""
    for match in _UPDATED.finditer(text):
        if (date := _iso(match)) is not None:
            return date
    stated = _FRONT_MATTER_DATE.search(front_matter(text))
    return _iso(stated) if stated else None


def updated_date(line: str) -> str | None:
    """The date of a line that is nothing but ``2025-05-30 更新``, with or without a heading's marks."""
    match = _UPDATED.match(line) if "更新" in line else None
    return _iso(match) if match else None


def front_matter(text: str) -> str:
    """What stands between two lines of ``---`` at the text's beginning; empty where there is none."""
    lead = text[:_LONGEST_FRONT_MATTER].lstrip()
    if not lead.startswith("---\n"):
        return ""
    end = lead.find("\n---", 3)
    return lead[4:end] if end != -1 else ""


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
