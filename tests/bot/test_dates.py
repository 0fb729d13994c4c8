"""Dates as readers type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import NoSuchDate, parse_when


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("latest", "latest"),
        (" Latest ", "latest"),
        ("最新", "latest"),
        ("2025-05-30", "2025-05-30"),
        ("2025-5-3", "2025-05-03"),
        ("2025/05/30", "2025-05-30"),
        ("2025.05.30", "2025-05-30"),
        ("20250530", "2025-05-30"),
        ("2025年5月30日", "2025-05-30"),
        ("2025年5月3", "2025-05-03"),
        ("２０２５－０５", "2025-05"),
        ("2025-05", "2025-05"),
        ("2025-5", "2025-05"),
        ("202505", "2025-05"),
        ("2025年5月", "2025-05"),
        ("0001-01", "0001-01"),
        ("", None),
        ("2025", None),
        ("5月30日", None),
        ("tomorrow", None),
        ("2025-05-30 and more", None),
        ("99999-05", None),
    ],
)
def test_what_was_typed_means(typed: str, meant: str | None) -> None:
    assert parse_when(typed) == meant


@pytest.mark.parametrize(
    "typed", ["2025-02-30", "2025-13", "2025-00", "2025-05-00", "2025-05-32", "0000-01", "20251301"]
)
def test_a_date_the_calendar_does_not_have(typed: str) -> None:
    with pytest.raises(NoSuchDate):
        parse_when(typed)


@given(st.dates())
def test_every_day_is_read_back(day: date) -> None:
    assert parse_when(day.isoformat()) == day.isoformat()
    assert parse_when(day.isoformat()[:7]) == day.isoformat()[:7]
