"""Which papers match words that somebody waits for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.watching import Waited
from tests.factories import make_paper

PAPER = make_paper(
    title_en="Woolly: Shearing Sheep with GRPO",
    title_zh="羊毛：用强化学习给绵羊剪毛",
    summary_en="A language model shears sheep gently.",
    summary_zh="语言模型温柔地给绵羊剪毛。",
    points=("剪毛成功率达到90.5%",),
    authors=("Ada Wong",),
    published="2025-05",
    topics=("rl-reasoning", "agents"),
)
GLOSSARY = {"reinforc": ["强化"], "goat": ["山羊"]}


def others(term: str) -> Iterable[str]:
    return GLOSSARY.get(term, ())


@pytest.mark.parametrize(
    "words",
    [
        "sheep",
        "shearing sheep",
        "绵羊 grpo",
        "剪毛",
        "SHEEP grpo -goats",
        '"language model"',
        "“language  Model” sheep",
        'sheep -"language modelling"',
        "topic:agents sheep",
        "author:wong sheep",
        "sheep from:2025-05",
        "sheep from:2025-04 to:2025-06",
        "sheep to:2025-05-30",
        "sheep has:code",
        "id:2505",
        "source:weekly 绵羊",
        "reinforcement sheep",
        "sheep -from:2025-06",
    ],
)
def test_a_paper_with_all_of_it_matches(words: str) -> None:
    assert Waited(words).matches(PAPER, others)


@pytest.mark.parametrize(
    "words",
    [
        "goats",
        "sheep goats",
        "sheep -grpo",
        "sheep -剪毛",
        '"model language"',
        'sheep -"language model"',
        "topic:video sheep",
        "author:kong sheep",
        "sheep from:2025-06",
        "sheep to:2025-04",
        "sheep has:data",
        "id:2504",
    ],
)
def test_a_paper_that_lacks_a_part_or_has_an_excluded_one_does_not(words: str) -> None:
    assert not Waited(words).matches(PAPER, others)


@pytest.mark.parametrize("words", ["", "-goats", "!!!", "-", '""', "的"])
def test_exclusions_and_signs_alone_match_nothing(words: str) -> None:
    assert not Waited(words).says_something
    assert not Waited(words).matches(PAPER, others)


@given(st.text(max_size=60))
def test_no_text_crashes_it(words: str) -> None:
    Waited(words).matches(PAPER, others)
