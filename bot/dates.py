"""The dates readers type: ``2025-05-30``, ``2025-05``, ``2025/5/30``, ``2025年5月``, ``latest``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

LATEST = ("latest", "newest", "最新", "最近")
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")


class NoSuchDate(ValueError):
    """The text is written like a date, but the calendar has none such."""


def parse_when(text: str) -> str | None:
    """``latest``, ``YYYY-MM`` or ``YYYY-MM-DD`` for what a reader typed; None if it is no date at all.

    Raises:
        NoSuchDate: it is written like a date that does not exist (2025-02-30).
    """
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    if text in LATEST:
        return "latest"
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        found = date(int(year), int(month), int(day) if day else 1)
    except ValueError as error:
        raise NoSuchDate(text) from error
    return found.isoformat() if day else found.isoformat()[: len("YYYY-MM")]
