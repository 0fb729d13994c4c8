"""Questions that compare two papers."""

from __future__ import annotations

import pytest

from store.comparing import Comparison, read_comparison


@pytest.mark.parametrize(
    ("question", "one", "other", "aspect"),
    [
        ("compare Woolly and the fence paper on night work", "Woolly", "the fence paper", "night work"),
        ("Please compare Woolly with Meadow.", "Woolly", "Meadow", ""),
        ("What is the difference between Woolly and Meadow?", "Woolly", "Meadow", ""),
        ("Woolly vs. Meadow on speed", "Woolly", "Meadow", "speed"),
        ("对比一下Woolly和草甸在剪毛速度上的差别", "Woolly", "草甸", "剪毛速度"),
        ("比较 Woolly 与 Meadow", "Woolly", "Meadow", ""),
        ("Woolly和Meadow有什么区别？", "Woolly", "Meadow", ""),
    ],
)
def test_both_sides_and_what_they_are_compared_on_are_read(question: str, one: str, other: str, aspect: str) -> None:
    assert read_comparison(question) == Comparison(one, other, aspect)


@pytest.mark.parametrize(
    "question", ["Woolly相比Meadow快了多少？", "How does Woolly compare?", "羊和狼住在哪里？", "compare", ""]
)
def test_other_questions_are_no_comparison(question: str) -> None:
    assert read_comparison(question) is None
