"""What a question asks for."""

from __future__ import annotations

import pytest

from store.questions import read_question


@pytest.mark.parametrize(
    "text",
    [
        "Woolly剪毛的成功率是多少？",
        "牧羊犬分几步数羊？",
        "草甸有多大",
        "羊圈里每晚少了百分之几的羊",
        "Woolly 夜间准确率",
        "How many sheep does the dog count?",
        "What accuracy does Woolly reach?",
        "by how much does the fence cut losses",
    ],
)
def test_a_figure_is_asked_for(text: str) -> None:
    assert read_question(text).asks_figure


@pytest.mark.parametrize(
    "text",
    ["Woolly用的是哪个数据集？", "谁训练了牧羊犬？", "准确率是在什么时候测的？", "Which farm does the dog guard?"],
)
def test_something_else_than_a_figure_is_asked_for(text: str) -> None:
    assert not read_question(text).asks_figure


@pytest.mark.parametrize(("text", "language"), [("羊群 size", "zh"), ("What is 羊?", "en"), ("How big?", "en")])
def test_two_chinese_characters_make_a_question_chinese(text: str, language: str) -> None:
    assert read_question(text).language == language


def test_the_unit_follows_from_what_is_measured() -> None:
    assert "percent" in read_question("剪毛的成功率提升了多少？").units
    assert "multiple" in read_question("How many times faster is the dog?").units
    assert "size" in read_question("模型的参数量是多少？").units


def test_the_focus_is_the_part_that_asks() -> None:
    question = read_question("那个让牧羊犬在夜里数绵羊的方法，在山坡上的准确率是多少？")
    assert {"山坡", "准确率"} <= question.focus
    assert "牧羊犬" not in question.focus


def test_the_focus_is_the_whole_question_where_the_part_that_asks_says_too_little() -> None:
    assert "shepherd" in read_question("In the shepherd's account, why?").focus


def test_traditional_characters_are_read_as_simplified_and_names_keep_their_capitals() -> None:
    assert read_question("Woolly用的是哪個數據集？").text == "Woolly用的是哪个数据集?"


def test_a_question_knows_the_names_and_figures_it_states_itself() -> None:
    question = read_question("Woolly数90只羊时的准确率是多少？")
    assert question.names == {"woolly"}
    assert question.figures == {"90"}


def test_words_that_tell_what_is_asked_for_are_known_in_both_languages() -> None:
    (words,) = read_question("which benchmark?").evidence_words
    assert words.search("在三个基准上") is not None
    assert words.search("We evaluated it at night.") is not None
    assert words.search("绵羊在吃草") is None
