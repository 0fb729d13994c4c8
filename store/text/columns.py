"""The width of text in columns, as a terminal or a narrow screen counts them."""

from __future__ import annotations

from unicodedata import east_asian_width


def width(text: str) -> int:
    """Columns a text takes: two for each East Asian wide or full-width character, one for any other."""
    if text.isascii():
        return len(text)
    kinds = list(map(east_asian_width, text))
    return len(text) + kinds.count("W") + kinds.count("F")


def widths(text: str) -> list[int]:
    """The columns of each character of a text."""
    if text.isascii():
        return [1] * len(text)
    return [2 if kind in ("W", "F") else 1 for kind in map(east_asian_width, text)]
