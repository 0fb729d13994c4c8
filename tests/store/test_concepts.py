"""Concepts: what means the same in other words or in the other language."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from store.concepts import MARK, Concepts, locate_terms, terms_of
from store.text.tokens import form_of, tokens_of
from tests.store.conftest import MakeArchive

CONCEPTS = Concepts(
    {"sheep counting": ["数羊", "counting sheep"], "herd": ["羊群", "flock", "KL 牧场"], "shearing": ["剪毛"]},
    {"no dog": ["without a dog", "不用狗"]},
)


def found(text: str) -> list[str]:
    form = form_of(text)
    return [token.term for token in CONCEPTS.find(form, list(tokens_of(form)))]


@pytest.mark.parametrize("text", ["我们数羊", "She was counting the sheep", "Counted Sheep", "sheep counting", "數羊"])
def test_a_concept_is_found_in_either_language_and_in_any_form(text: str) -> None:
    assert found(text) == ["§sheep-counting"]


def test_blanks_between_chinese_and_latin_letters_do_not_matter() -> None:
    assert found("在KL牧场") == found("在 KL 牧场") == ["§herd"]


def test_short_words_are_found_only_where_words_begin_and_end() -> None:
    assert found("这是羊群") == ["§herd"]
    # 剪毛 stands in 修剪|毛羊, across two words.
    assert found("修剪毛羊") == []


def test_negations_are_part_of_an_expression() -> None:
    assert found("without the dog") == ["§no-dog"]
    assert found("with the dog") == []


def test_an_expression_that_the_text_breaks_off_is_not_found() -> None:
    assert found("we were counting") == []


def test_plain_concepts_are_told_from_those_of_the_field() -> None:
    assert CONCEPTS.is_plain("§no-dog")
    assert not CONCEPTS.is_plain("§herd")


def test_concepts_stand_beside_the_words_and_can_be_located() -> None:
    text = "模型想得太多"
    assert [term for term in terms_of(text) if term.startswith(MARK)] == ["§overthinking"]
    assert [text[token.start : token.end] for token in locate_terms(text) if token.term == "§overthinking"] == [
        "想得太多"
    ]


def test_no_concept_is_defined_twice_and_none_says_a_thing_twice() -> None:
    parts = tomllib.loads(resources.files("store").joinpath("concepts.toml").read_text("utf-8"))
    lines = [line for part in parts.values() for section in part.values() for line in section.items()]
    assert [name for name, count in Counter(name for name, _ in lines).items() if count > 1] == []
    said = {name: Counter(way.casefold() for way in (name, *ways)) for name, ways in lines}
    assert {name: ways.most_common(1) for name, ways in said.items() if max(ways.values()) > 1} == {}


def test_a_question_in_one_language_finds_a_paper_in_the_other(make_archive: MakeArchive, tmp_path: Path) -> None:
    files = {
        "a.md": "## X\n[绵羊的语音识别](https://arxiv.org/abs/2505.00001)\n\n我们识别绵羊的叫声。\n\n"
        "## Y\n[山羊的蒸馏](https://arxiv.org/abs/2505.00002)\n\n我们用知识蒸馏训练山羊。\n\n"
        "## Z\n[奶牛](https://arxiv.org/abs/2505.00003)\n\n我们挤奶。\n"
    }
    archive = make_archive(files)
    assert archive.search("speech recognition").hits[0].key == "2505-00001"
    assert archive.search("learn from a stronger model").hits[0].key == "2505-00002"
