"""Titles made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.titles import title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Counting Sheep", "counting sheep"),
        ("Counting Sheep: A Survey", "Counting-Sheep — a survey."),
        ("Counting   Sheep", "CountingSheep"),
        ("R$^2$GRPO", "R²GRPO"),
        ("R$^2$GRPO", "R2GRPO"),
        ("O$^2$-Sheep", "o²sheep"),
        (r"\textbf{Sheep}RL", "SheepRL"),
        (r"$\alpha$Sheep", "αSheep"),
        ("Naïve Sheep", r"Na\"ive Sheep"),
        ("Naïve Sheep", "Naive Sheep"),
        ("数羊：大模型的能力？", "数羊大模型的能力"),
        ("Ｓｈｅｅｐ２", "sheep2"),
    ],
)
def test_spellings_of_one_title_share_a_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_different_titles_have_different_keys() -> None:
    assert title_key("Counting Sheep 2") != title_key("Counting Sheep 3")


def test_a_key_is_letters_and_digits() -> None:
    assert title_key("GPT-4o: 90.5% of Sheep? 数羊！") == "gpt4o905ofsheep数羊"


def test_a_title_of_signs_is_not_equal_to_every_other_one() -> None:
    assert title_key("?!") != title_key("...")


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_a_key_is_its_own_key(title: str) -> None:
    key = title_key(title)
    assert title_key(key) == key or not any(ch.isalnum() for ch in title)
