"""Text to index terms: one spelling for what is written in many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.tokens import STOP_WORDS, form_of, locate, normalize, tokenize

TEXTS = st.text(st.sampled_from("aB7.-_@ ²①ﬁＡ数学習模型，。LLMs13亿万kb\n⊗+%"), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("强化學習", "强化学习"),
        ("ＧＰＴ－４", "GPT-4"),
        ("R²GRPO", "R2-GRPO"),
        ("R1Zero", "r1-zero"),
        ("GPT4o", "gpt-4o"),
        ("Long⊗Short", "long-short"),
        ("20.7FPS", "20.7 fps"),
        ("LLMs", "llms"),
        ("GPUs", "GPU"),
        ("counting sheep", "count sheeps"),
    ],
)
def test_spellings_of_one_thing_share_a_term(one: str, other: str) -> None:
    assert set(tokenize(one)) & set(tokenize(other))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("13 亿参数", "#1300000000"),
        ("1.3B", "#1300000000"),
        ("1.3 billion", "#1300000000"),
        ("8 万条", "#80000"),
        ("80k", "#80000"),
        ("80,000 items", "#80000"),
        ("80000", "#80000"),
        ("达到2百万次", "#2000000"),
        ("2M", "#2000000"),
    ],
)
def test_a_large_number_has_one_term_in_all_its_spellings(text: str, term: str) -> None:
    assert term in tokenize(text)


@pytest.mark.parametrize("text", ["2024 年", "5 tasks", "12 months", "7-gram", "v1.5.3", "90.5%"])
def test_years_and_small_counts_are_no_large_numbers(text: str) -> None:
    assert not [term for term in tokenize(text) if term.startswith("#")]


@pytest.mark.parametrize("name", ["SHEEPING", "SheepIng"])
def test_a_name_in_capitals_keeps_a_term_of_its_own_beside_its_stem(name: str) -> None:
    assert tokenize(name) == ["sheep", "sheeping"]
    assert tokenize(name.lower()) == ["sheep"]


def test_a_joined_name_gives_the_whole_and_its_parts() -> None:
    assert tokenize("Sheep2.5-Wool") == ["sheep2.5wool", "sheep2.5", "sheep", "2.5", "wool"]


def test_stop_words_are_left_out() -> None:
    assert tokenize("the sheep of 我们 的羊") == ["sheep", "羊"]


def test_spans_are_those_of_the_text_as_written() -> None:
    text = "ﬁne Ｗool ②隻綿羊"
    assert [text[token.start : token.end] for token in locate(text)] == ["ﬁne", "Ｗool", "②", "隻", "綿羊"]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_locating_gives_the_same_terms_with_spans_inside_the_text(text: str) -> None:
    located = locate(text)
    assert [token.term for token in located] == tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) for token in located)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_terms_are_whole_words_that_carry_meaning(text: str) -> None:
    for term in tokenize(text):
        assert term
        assert not any(character.isspace() for character in term)
        assert term not in STOP_WORDS


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


def test_a_form_keeps_capitals() -> None:
    assert form_of("ＧＰＴ 學習").text == "GPT 学习"
