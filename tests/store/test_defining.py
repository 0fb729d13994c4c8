"""Questions for what a term means."""

from __future__ import annotations

import pytest

from store.defining import read_defined, tells_meaning


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("GSO 是什么？", "GSO"),
        ("什么是群羊优化？", "群羊优化"),
        ("GSO的全称是什么", "GSO"),
        ("What is GSO?", "GSO"),
        ("what does GSO stand for?", "GSO"),
    ],
)
def test_the_term_is_read(question: str, term: str) -> None:
    assert read_defined(question) == term


@pytest.mark.parametrize(
    "question", ["Woolly的奖励是什么？", "What is the accuracy of Woolly on WoolBench at night?", "羊在哪里？"]
)
def test_a_question_for_part_of_a_paper_asks_no_meaning(question: str) -> None:
    assert read_defined(question) is None


@pytest.mark.parametrize(
    "text",
    [
        "本文提出群羊优化（GSO），用来赶羊。",
        "We introduce group sheep optimization (GSO) for herding.",
        "GSO（group sheep optimization）用来赶羊。",
        "GSO是一种赶羊的方法。",
        "GSO is a way of herding.",
    ],
)
def test_a_long_form_or_an_is_a_tells_the_meaning(text: str) -> None:
    assert tells_meaning("GSO", text)


@pytest.mark.parametrize("text", ["GSO比牧羊犬快。", "We use GSO at night.", "GSO-2 (on hills) is a dog."])
def test_a_mention_does_not(text: str) -> None:
    assert not tells_meaning("GSO", text)
