"""Which papers match words that somebody waits for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import QueryError
from store.watching import Waited, match
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


@pytest.mark.parametrize(
    "words",
    [
        "sheep",
        "shearing sheep",
        "papers about sheep",
        "绵羊 grpo",
        "剪毛",
        "SHEEP grpo -goats",
        '"language model"',
        "“language  Model” sheep",
        '"给绵羊剪毛"',
        'sheep -"language modelling"',
        "topic:agents sheep",
        "author:wong sheep",
        "sheep from:2025-05",
        "sheep from:2025-04 to:2025-06",
        "sheep to:2025-05-30",
        "sheep has:code",
        "id:2505",
        "source:weekly 绵羊",
        "topic:agents",
    ],
)
def test_a_paper_with_all_of_it_matches(words: str) -> None:
    assert Waited(words).matches(PAPER)


def test_a_concept_matches_in_the_other_language() -> None:
    chinese = make_paper(
        title_en=None, title_zh="绵羊的强化学习", summary_en=None, summary_zh="本文讲绵羊。", points=()
    )
    assert Waited("reinforcement learning").matches(chinese)
    assert Waited("reinforcement learning 绵羊").matches(chinese)
    assert not Waited("reinforcement learning goats").matches(chinese)


@pytest.mark.parametrize(
    "words",
    [
        "goats",
        "sheep goats",
        "sheep -grpo",
        "sheep -剪毛",
        '"model language"',
        '"age model"',
        'sheep -"language model"',
        "topic:speech sheep",
        "-topic:agents sheep",
        "author:kong sheep",
        "sheep from:2025-06",
        "sheep to:2025-04",
        "id:2504",
    ],
)
def test_a_paper_that_lacks_a_part_or_has_an_excluded_one_does_not(words: str) -> None:
    assert not Waited(words).matches(PAPER)


@pytest.mark.parametrize("words", ["", "!!!", "的", "the of"])
def test_words_that_say_nothing_match_nothing(words: str) -> None:
    assert not Waited(words).says_something
    assert not Waited(words).matches(PAPER)


@pytest.mark.parametrize("words", ["-goats", "topic:nonsense", "from:tomorrow", "has:data"])
def test_what_search_does_not_understand_is_not_waited_for(words: str) -> None:
    with pytest.raises(QueryError):
        Waited(words)


def test_many_are_matched_at_once_and_one_that_is_no_longer_understood_matches_nothing() -> None:
    other = make_paper(key="2505-00002", title_en="Goats", title_zh="山羊", summary_en="Goats.", summary_zh="山羊。")
    found = match(["goats", "topic:gone", "has:code"], [PAPER, other])
    assert {words: [paper.key for paper in papers] for words, papers in found.items()} == {
        "goats": ["2505-00002"],
        "topic:gone": [],
        "has:code": ["2505-00001", "2505-00002"],
    }


@given(st.text(max_size=60))
def test_no_text_crashes_it(words: str) -> None:
    try:
        Waited(words).matches(PAPER)
    except QueryError as error:
        assert error.kind
