"""The width of text in columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.text.columns import width, widths


def test_chinese_and_full_width_characters_take_two_columns() -> None:
    assert [width(text) for text in ("", "abc", "数羊", "Ａ，a", "90.5%", "“羊”")] == [0, 3, 4, 5, 5, 4]


@given(st.text())
def test_a_text_is_as_wide_as_its_characters_together(text: str) -> None:
    assert (sum(widths(text)), len(widths(text))) == (width(text), len(text))
    assert [width(character) for character in text] == widths(text)
