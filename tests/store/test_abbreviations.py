"""Pairs that digests put in brackets."""

from __future__ import annotations

import pytest

from store.abbreviations import find_pairs, terms_of_expression


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Sheep Counting Network (SCN) wins.", [("Sheep Counting Network", "SCN")]),
        ("我们使用数羊网络（SCN）。", [("数羊网络", "SCN")]),
        ("SCN（数羊网络）", [("SCN", "数羊网络")]),
        ("SCN (Sheep Counting Network)", [("SCN", "Sheep Counting Network")]),
        (
            "牧羊网（Sheep Herding Net，SHN）",
            [("牧羊网", "Sheep Herding Net"), ("牧羊网", "SHN"), ("Sheep Herding Net", "SHN")],
        ),
    ],
)
def test_a_short_form_and_what_it_stands_for_are_a_pair(text: str, pairs: list[tuple[str, str]]) -> None:
    assert sorted(find_pairs(text)) == sorted(pairs)


@pytest.mark.parametrize(
    "text",
    [
        "Sheep (see Table 2)",
        "90 sheep (in 2024)",
        "the farm (FBI) is big",
        "我们提出（SCN）",
        "SCN (GPT)",
        "羊（一种）",
    ],
)
def test_other_brackets_are_no_pair(text: str) -> None:
    assert list(find_pairs(text)) == []


def test_words_before_a_chinese_term_are_no_part_of_it() -> None:
    assert list(find_pairs("为此我们提出数羊网络（SCN）")) == [("数羊网络", "SCN")]


def test_an_expression_is_kept_as_its_terms_side_by_side() -> None:
    assert terms_of_expression("Counting Sheep Networks") == "count sheep network"
    assert terms_of_expression("强化学习") == "强化 学习"
