"""Hard-wrapped lines, joined again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.lines import ends_sentence, join_lines, mend_numbers


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["我们让模", "型数羊。"], "我们让模型数羊。"),
        (["模型数羊", "SheepBench 上最好"], "模型数羊SheepBench 上最好"),
        (["准确率提高", "5 倍"], "准确率提高5 倍"),
        (["约 5", "倍；"], "约 5倍；"),
        (["提高 13% 和", "18%。"], "提高 13% 和18%。"),
        (["胜过 Sheep-4", "（35.6%）"], "胜过 Sheep-4（35.6%）"),
        (["他说“", "好”"], "他说“好”"),
        (["羊——", "Sheep"], "羊——Sheep"),
    ],
)
def test_a_wrapped_chinese_line_is_joined_without_a_space(lines: list[str], expected: str) -> None:
    assert join_lines(lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["We count", "sheep."], "We count sheep."),
        (["Stateful Sheep", "AIME"], "Stateful Sheep AIME"),
        (["（sleep-time", "compute）"], "（sleep-time compute）"),
        (["the end.", "The start"], "the end. The start"),
        (["many sheep", "- few fences - and"], "many sheep - few fences - and"),
        (["counting -", "and more"], "counting - and more"),
        (["see https://sheep.org/a/", "for more"], "see https://sheep.org/a/ for more"),
    ],
)
def test_a_wrapped_english_line_is_joined_with_a_space(lines: list[str], expected: str) -> None:
    assert join_lines(lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Multi-", "Sheep"], "Multi-Sheep"),
        (["state-of-", "the-art"], "state-of-the-art"),
        (["Sheep-", "2.5 counts"], "Sheep-2.5 counts"),
        (["end-", "to-end"], "end-to-end"),
        (["input/", "output"], "input/output"),
    ],
)
def test_a_word_wrapped_after_its_hyphen_stays_whole(lines: list[str], expected: str) -> None:
    assert join_lines(lines) == expected


def test_a_hyphen_that_stands_for_a_word_to_come_keeps_its_space() -> None:
    assert join_lines(["small-", "and large-scale"]) == "small- and large-scale"
    assert join_lines(["small-", "to medium-sized"]) == "small- to medium-sized"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("53. 6%", "53.6%"),
        ("（53. 6%）和 7. 25 %", "（53.6%）和 7.25%"),
        ("53 .6%", "53 .6%"),
        ("72.9 % of them", "72.9% of them"),
        ("in 2023. 6 models", "in 2023. 6 models"),
        ("100%", "100%"),
        ("no figures", "no figures"),
    ],
)
def test_percentages_torn_apart_are_mended(text: str, expected: str) -> None:
    assert mend_numbers(text) == expected


def test_a_percentage_torn_by_a_line_end_is_mended() -> None:
    assert join_lines(["胜率为 53.", "6%。"]) == "胜率为 53.6%。"
    assert join_lines(["It wins 53.", "6% of games."]) == "It wins 53.6% of games."


def test_white_space_and_empty_lines_are_folded() -> None:
    assert join_lines(["  We   count ", "", "\t sheep. "]) == "We count sheep."
    assert join_lines([]) == ""


@pytest.mark.parametrize("line", ["数羊。", "Done.", "He said “done.”", "如下：", "really?)", "end…", "**Done.**"])
def test_a_line_that_ends_a_sentence_was_not_wrapped_there(line: str) -> None:
    assert ends_sentence(line)


@pytest.mark.parametrize("line", ["数羊", "we count", "53", "a,", "数羊，", ""])
def test_a_line_that_stops_in_mid_sentence_goes_on(line: str) -> None:
    assert not ends_sentence(line)


@given(st.lists(st.text(max_size=40), max_size=10))
@settings(max_examples=100)
def test_joining_loses_and_adds_nothing_but_white_space(lines: list[str]) -> None:
    assert "".join(join_lines(lines).split()) == "".join("".join(line.split()) for line in lines)
