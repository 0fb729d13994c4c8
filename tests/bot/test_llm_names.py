"""Words that look like names are found, and recognised in however a digest writes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.names import find_names, has_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Woolly shears sheep.", ["Woolly"]),
        ("The method shears sheep.", []),
        ("It beats GPT-4o and the Qwen2.5-7B of Alibaba.", ["GPT-4o", "Qwen2.5-7B", "Alibaba"]),
        ("A GRPO-based, non-English and fine-tuned flock", ["GRPO", "English"]),
        ("Two-stage training of LLMs", ["LLMs"]),
        ("R²GRPO by Rényi in version 2.5.1", ["R²GRPO", "Rényi", "2.5.1"]),
        ("and/or, e.g. sheep", []),
        ("Отара пасётся", ["Отара", "пасётся"]),
    ],
)
def test_names_in_english(text: str, names: list[str]) -> None:
    assert list(find_names(text, chinese=False)) == names


def test_in_chinese_every_word_in_letters_is_one() -> None:
    assert list(find_names("用pytorch训练的Woolly有n只羊和A组", chinese=True)) == ["pytorch", "Woolly", "A"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("we use qwen 2.5 7b here", "Qwen2.5-7B"),
        ("R1 Zero", "R1-Zero"),
        ("Woolly's sheep", "Woolly"),
        ("an LLM", "LLMs"),
        ("many LLMs", "LLM"),
        ("80gb of memory", "GB"),
        ("用GRPO训练", "GRPO"),
        ("she shears sheep", "Shearing"),
        ("training", "Train"),
        ("Qwen2.5-32B", "Qwen2.5"),
    ],
)
def test_a_name_is_recognised(text: str, name: str) -> None:
    assert has_name(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Woolly", "Woollen"),
        ("Woollybear", "Woolly"),
        ("Qwen2.5", "Qwen2"),
        ("Qwen2.5", "Qwen2.51"),
        ("Qwen2.5-32B", "Qwen2.5-7B"),
        ("DGRPO", "GRPO"),
        ("12.5.1", "2.5.1"),
        ("绵羊", "Sheep"),
        ("", "Woolly"),
    ],
)
def test_another_name_is_not(text: str, name: str) -> None:
    assert not has_name(text, name)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30))
def test_any_name_of_a_text_is_in_it(text: str) -> None:
    for chinese in (True, False):
        assert all(has_name(text, name) for name in find_names(text, chinese=chinese))
