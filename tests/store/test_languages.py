"""Chinese or English."""

from __future__ import annotations

import pytest

from store.text.languages import (
    can_tell,
    count_han,
    count_letters,
    is_chinese,
    is_chinese_title,
    language_of,
    same_language,
)


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("我们让模型数羊。", True),
        ("We count sheep.", False),
        ("数羊羊", False),  # three characters are too few to tell
        ("数羊数羊", True),
        ("90.5% 12345 ——", False),
        ("", False),
        ("SheepBench 上的准确率达到 90.5%", True),
        ("We translate 数羊数羊 into English and back, which is harder than it sounds.", False),
        ("数羊数羊" + "a" * 16, True),  # exactly a fifth
        ("数羊数羊" + "a" * 17, False),
        ("ひらがなだけのぶんしょう", False),
    ],
)
def test_four_han_characters_and_a_fifth_of_the_letters_make_a_text_chinese(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese
    assert language_of(text) == ("zh" if chinese else "en")


@pytest.mark.parametrize(
    ("title", "chinese"),
    [
        ("数羊", True),
        ("SheepVL 报告", True),
        ("SheepVL-Technical-Report 技术报告", True),
        ("Counting Sheep", False),
        ("On the Character 羊 in Language Models", False),
        ("", False),
    ],
)
def test_a_title_is_chinese_with_fewer_characters(title: str, chinese: bool) -> None:
    assert is_chinese_title(title) is chinese


def test_a_short_text_goes_with_any_language() -> None:
    assert same_language("我们让模型", "数羊。")
    assert same_language("We reach", "53.6%")
    assert same_language("我们让模型数羊", "另一个模型睡觉")
    assert not same_language("我们让模型数羊", "we count sheep")
    assert not can_tell("数羊。")
    assert not can_tell("53.6%")
    assert can_tell("sheep")


def test_rare_characters_count_as_well() -> None:
    assert count_han("〇㐀豈𠀀羊") == 5
    assert count_letters("羊a1_é.") == 3
