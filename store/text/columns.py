"""The width of text in columns, as a terminal or a narrow screen counts them."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Columns a text takes: two for each East Asian wide or full-width character, one for any other."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
