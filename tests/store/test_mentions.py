"""Names in a question, and whether a paper's digests mention them."""

from __future__ import annotations

import pytest

from store.mentions import PaperWords, names_of
from store.questions import read_question
from store.text.figures import Name, name_key
from tests.store.statements import make_statement


def name(text: str) -> Name:
    return Name(name_key(text), text, 0, len(text))


def names(question: str) -> list[str]:
    return [each.text for each in names_of(read_question(question))]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Woolly在WoolBench-2上的准确率？", ["Woolly", "WoolBench-2"]),
        ("How tall is Bellwether in Wales?", ["Bellwether", "Wales"]),
        ("用backbone做shearing", []),
        ("Who Counts the Sheep in the Dark Meadow", []),
        ("WHO COUNTS", ["COUNTS"]),
    ],
)
def test_words_with_a_digit_or_a_capital_are_names(question: str, expected: list[str]) -> None:
    assert names(question) == expected


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("我们提出Sheep2.5-7B-Instruct。", "sheep 2.5 7b"),
        ("We train R²Wool.", "R2Wool"),
        ("We train Bellwether.", "Belwether"),
        ("GSO is fast.", "gso"),
    ],
)
def test_a_name_is_mentioned_in_any_spelling(said: str, asked: str) -> None:
    assert PaperWords([make_statement(said)]).mentions(name(asked))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("We train Sheep-41.", "Sheep-4"),
        ("We train Sheep-17B.", "7B"),
        ("Bellwether2 leads.", "Bellwether3"),
        ("The world is theirs.", "RL"),
    ],
)
def test_another_number_or_a_longer_word_is_another_name(said: str, asked: str) -> None:
    assert not PaperWords([make_statement(said)]).mentions(name(asked))


def test_a_name_in_the_title_is_the_paper_s_own() -> None:
    paper = PaperWords([make_statement("Woolly Shears", "title_en"), make_statement("It beats Bellwether.")])
    assert paper.ownership(name("Woolly")) == 1.0
    assert 0 < paper.ownership(name("Bellwether")) < 0.5
    assert paper.ownership(name("Meadow")) == 0.0
