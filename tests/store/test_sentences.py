"""Text into sentences."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.sentences import split_sentences


def test_chinese_sentences_end_with_chinese_signs() -> None:
    assert split_sentences("我们数羊。准确率90.5%！真的吗？是的") == ["我们数羊。", "准确率90.5%！", "真的吗？", "是的"]


def test_english_sentences_end_with_a_stop_and_a_space() -> None:
    assert split_sentences("We count sheep. It works! Does it? Yes.") == [
        "We count sheep.",
        "It works!",
        "Does it?",
        "Yes.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "It rises from 3.5 to 4.0 points.",
        "We use models, e.g. GPT-4, i.e. large ones.",
        "Wong et al. Count sheep as well.",
        "It wins 90.5 vs. 37.5 points.",
        "See Fig. 3 and Sec. IV for more.",
        "J. Wong counts sheep.",
        "Sheep (see above. And below.) sleep.",
        "The “Yes. No.” game is played.",
        "It needs: 1. data, 2. Rewards; 3. Sheep.",
        "1. Data comes first.",
        "版本 3.5 比 2.0 好。",
        "有（甲。乙。）的羊。",
        "他说“好！是吧？”的时候。",
        "See https://sheep.org/a.b?c=d for code.",
    ],
)
def test_these_are_one_sentence(sentence: str) -> None:
    assert split_sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It reaches 30. The rest sleeps.", ["It reaches 30.", "The rest sleeps."]),
        ("We use sheep, goats, etc. They sleep.", ["We use sheep, goats, etc.", "They sleep."]),
        ("The answer is no. We stop.", ["The answer is no.", "We stop."]),
        ("It works. vsSheep-2B is better.", ["It works.", "vsSheep-2B is better."]),
        ('He said "we count." Then he slept.', ['He said "we count."', "Then he slept."]),
        ("她说：“好。”然后睡了。", ["她说：“好。”", "然后睡了。"]),
        ("Open (bracket. And more.", ["Open (bracket.", "And more."]),
        ("Use Sheep-4.然后数羊。", ["Use Sheep-4.然后数羊。"]),
        ("It sleeps.然后数羊。", ["It sleeps.", "然后数羊。"]),
        ("Wait... Then count.", ["Wait...", "Then count."]),
    ],
)
def test_these_are_two(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


def test_a_line_end_always_ends_a_sentence() -> None:
    assert split_sentences("创新点1\n我们数羊\n\n  We (count\nsheep") == ["创新点1", "我们数羊", "We (count", "sheep"]


def test_nothing_has_no_sentences() -> None:
    assert split_sentences(" \n ") == []


@given(
    st.lists(
        st.sampled_from(["羊", "。", "a", "B", ".", " ", "1", "(", ")", "“", "”", '"', "\n", "?", "e.g.", "…", "["])
    )
)
@settings(max_examples=100)
def test_splitting_loses_nothing_but_white_space(parts: list[str]) -> None:
    text = "".join(parts)
    sentences = split_sentences(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() and sentence for sentence in sentences)


@pytest.mark.parametrize("unit", [". ", "a. ", '"', "(", "“。", "[a](", "。", "e.g. "])
def test_a_hostile_text_is_split_in_proportion_to_its_length(unit: str) -> None:
    started = time.process_time()
    split_sentences(unit * (500_000 // len(unit)))
    assert time.process_time() - started < 3
