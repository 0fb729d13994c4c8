"""Plain text made fit to be shown: cleaned, measured, cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.text import fold, paragraphs, shorten, spread, units, whole_items


def test_units_are_those_of_utf_16() -> None:
    assert units("a中😀") == 4


def test_folding_puts_a_text_on_one_line() -> None:
    assert fold(" we\tcount\r\n\u2028 sheep\x00 ") == "we count sheep"


@pytest.mark.parametrize("text", [None, "", " \n", "\u200b", "\u202e\u2066", "\u3164", "\u0301"])
def test_what_cannot_be_seen_folds_to_nothing(text: str | None) -> None:
    assert fold(text) == ""


def test_emoji_made_of_several_characters_stay_whole() -> None:
    assert fold("👩‍🔬 ✔️") == "👩‍🔬 ✔️"


def test_paragraphs_lose_blank_lines() -> None:
    assert paragraphs("one \n\n two\nthree") == "one\ntwo\nthree"


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shorten("abc", 3) == "abc"


def test_english_is_cut_between_words() -> None:
    assert shorten("We count every sheep", 12) == "We count…"


def test_a_separator_before_the_cut_goes() -> None:
    assert shorten("We count, slowly, every sheep", 11) == "We count…"


def test_a_number_with_its_unit_is_a_word() -> None:
    assert shorten("accuracy 1,024.5% overall", 16) == "accuracy…"


def test_chinese_is_cut_at_punctuation_in_the_second_half() -> None:
    assert shorten("我们让模型数羊，准确率达到九成", 12) == "我们让模型数羊…"
    assert shorten("我们让模型数羊。准确率达到九成", 12) == "我们让模型数羊。…"


def test_chinese_without_punctuation_is_cut_between_characters() -> None:
    assert shorten("用语言模型数羊的一种新方法", 8) == "用语言模型数羊…"


def test_a_latin_word_in_chinese_stays_whole() -> None:
    assert shorten("准确率达到百分之九十的DeepSeek模型", 14) == "准确率达到百分之九十的…"


def test_a_bracket_is_not_left_open_at_the_cut() -> None:
    assert shorten("语言模型如何数羊（以及山羊和绵羊）", 11) == "语言模型如何数羊…"


def test_a_word_longer_than_the_room_is_cut_inside() -> None:
    assert shorten("a" * 50, 10) == "a" * 9 + "…"


def test_a_cut_inside_a_word_spares_what_is_drawn_as_one_character() -> None:
    assert shorten("👩‍🔬👩‍🔬👩‍🔬", 8) == "👩‍🔬…"
    assert shorten("🇨🇳🇩🇪", 7) == "🇨🇳…"
    assert shorten("👍🏽👍🏽", 7) == "👍🏽…"


@given(
    st.text(max_size=200) | st.text(alphabet="中文，。（） ab\u0301😀\u200d🏽🇨", max_size=200),
    st.integers(1, 100),
)
def test_a_shortened_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    shown = shorten(text, limit)
    assert units(shown) <= limit
    assert text.startswith(shown.removesuffix("…"))


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=8), max_size=30), st.integers(10, 80))
def test_words_are_never_broken_where_they_are_short(words: list[str], limit: int) -> None:
    text = " ".join(words)
    kept = shorten(text, limit).removesuffix("…").split()
    assert kept == words[: len(kept)]


def test_who_wants_little_gets_it_and_the_others_share_the_rest() -> None:
    assert spread([10, 500, 300], 210) == [10, 100, 100]
    assert spread([10, 20], 100) == [10, 20]
    assert spread([], 100) == []
    assert spread([5], -3) == [0]


@given(st.lists(st.integers(0, 1000), max_size=6), st.integers(0, 3000))
def test_shares_never_exceed_what_there_is_or_is_wanted(wanted: list[int], available: int) -> None:
    shares = spread(wanted, available)
    assert sum(shares) <= available
    assert all(share <= want for share, want in zip(shares, wanted, strict=True))
    assert sum(shares) >= min(sum(wanted), available) - len(wanted)


def test_items_are_kept_whole_and_the_first_always() -> None:
    assert list(whole_items(["Ada", "Bo", "Cy"], 9, ", ")) == ["Ada", "Bo"]
    assert list(whole_items(["Adalbert", "Bo"], 3, ", ")) == ["Adalbert"]
