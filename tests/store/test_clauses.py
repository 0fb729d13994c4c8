"""Sentences into clauses."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.clauses import split_clauses


def clauses(sentence: str) -> list[str]:
    return [sentence[start:end] for start, end in split_clauses(sentence)]


def test_a_chinese_sentence_is_cut_after_its_commas() -> None:
    assert clauses("牧羊犬在夜里看守一百只绵羊，狼来的时候它会叫醒牧人。") == [
        "牧羊犬在夜里看守一百只绵羊，",
        "狼来的时候它会叫醒牧人。",
    ]


def test_an_english_sentence_is_cut_after_its_commas() -> None:
    assert clauses("The dog watches a hundred sheep, and it barks when the wolf comes.") == [
        "The dog watches a hundred sheep,",
        " and it barks when the wolf comes.",
    ]


def test_the_members_of_a_list_stay_together() -> None:
    assert clauses("It feeds sheep, goats, cows and hens.") == ["It feeds sheep, goats, cows and hens."]


def test_brackets_are_not_cut() -> None:
    sentence = "绵羊围栏（用木头、铁丝，或者别的材料做成的那一种）可以挡住狼群和狐狸。"
    assert clauses(sentence) == [sentence]


def test_a_bracket_that_is_never_closed_shelters_nothing() -> None:
    assert clauses("绵羊围栏（用木头做成的那一种，可以在夜里挡住狼群和狐狸。") == [
        "绵羊围栏（用木头做成的那一种，",
        "可以在夜里挡住狼群和狐狸。",
    ]


def test_a_number_is_not_cut() -> None:
    sentence = "The herd that we follow over the hills has 20,000 sheep and 3:1 odds."
    assert clauses(sentence) == [sentence]


@settings(max_examples=100)
@given(st.text(alphabet="ab 1，,。:（）() 羊——"))
def test_the_clauses_make_up_the_sentence(sentence: str) -> None:
    assert "".join(clauses(sentence)) == sentence
