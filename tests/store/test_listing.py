"""Questions that want a list of papers."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from store.listing import find_reason, read_list, spans_of
from store.questions import read_question
from tests.store.statements import make_statement


def no_others(word: str) -> Iterable[str]:
    return ()


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("which papers use WoolBench 2024?", "WoolBench 2024"),
        ("哪些论文用了WoolBench？", "WoolBench"),
        ("最近关于绵羊的论文", "绵羊"),
        ("推荐一些关于绵羊的文章", "绵羊"),
        ("列出所有关于牧羊犬的工作", "牧羊犬"),
        ("papers on fences", "fences"),
        ("papers from Wales", "Wales"),
        ("牧羊犬的论文", "牧羊犬"),
        ("有没有关于牧羊犬的论文？", "牧羊犬"),
        ("show me recent papers about shearing", "shearing"),
    ],
)
def test_the_subject_of_a_list_is_what_is_left_of_the_question(question: str, subject: str) -> None:
    request = read_list(read_question(question))
    assert request is not None
    assert request.subject == subject


@pytest.mark.parametrize(
    "question",
    [
        "Woolly用了哪些数据集？",
        "有没有让绵羊自己数自己的论文？",
        "有没有让绵羊数数的论文？",
        "想找那篇说牧羊犬会数数的文章",
        "a paper on sheep that count themselves",
        "哪些论文研究怎样在没有月亮的夜里让一条老牧羊犬带着一百只羊翻过三座山再回到山谷里",
    ],
)
def test_other_questions_want_no_list(question: str) -> None:
    assert read_list(read_question(question)) is None


def test_a_list_can_be_of_surveys_and_newest_first() -> None:
    request = read_list(read_question("最近有哪些综述？"))
    assert request is not None
    assert (request.subject, request.surveys, request.newest_first) == ("", True, True)


@pytest.mark.parametrize("question", ["有没有综述", "有综述吗？", "are there any surveys?"])
def test_asking_whether_there_are_surveys_asks_for_them(question: str) -> None:
    request = read_list(read_question(question))
    assert request is not None
    assert (request.subject, request.surveys) == ("", True)


def test_a_paper_is_listed_for_the_statement_with_all_the_words() -> None:
    request = read_list(read_question("哪些论文研究绵羊围栏？"))
    assert request is not None
    fences = make_statement("绵羊围栏挡住了狼。", "title_zh")
    apart = [make_statement("绵羊在吃草。"), make_statement("围栏是木头做的。")]
    assert find_reason(request, [*apart, fences], no_others) == fences
    assert find_reason(request, apart, no_others) is None


def test_a_word_may_stand_in_the_other_language() -> None:
    request = read_list(read_question("papers on fences"))
    assert request is not None
    statement = make_statement("围栏挡住了狼。", "title_zh")
    assert find_reason(request, [statement], lambda word: ["围栏"]) == statement


def test_a_mention_is_enough_for_who_uses_something_and_not_for_what_is_about_it() -> None:
    said = [make_statement(text) for text in ("绵羊戴上铃铛。", *["绵羊在山坡上吃草。"] * 20)]
    using, about = (read_list(read_question(text)) for text in ("哪些论文用了铃铛？", "关于铃铛的论文"))
    assert using is not None
    assert about is not None
    assert find_reason(using, said, no_others) == said[0]
    assert find_reason(about, said, no_others) is None


def test_the_sentence_in_the_asker_s_language_is_the_reason() -> None:
    request = read_list(read_question("which papers use WoolBench?"))
    assert request is not None
    said = [make_statement("在WoolBench上测试。"), make_statement("We test on WoolBench.", "summary_en")]
    assert find_reason(request, said, no_others) == said[1]


def test_a_name_must_be_mentioned_in_any_spelling() -> None:
    request = read_list(read_question("which papers use WoolBench2.0?"))
    assert request is not None
    assert find_reason(request, [make_statement("在Wool-Bench 2.0上测试。")], no_others) is not None
    assert find_reason(request, [make_statement("在WoolBench 3.0上测试。")], no_others) is None


def test_a_survey_is_known_by_its_title() -> None:
    request = read_list(read_question("有哪些综述？"))
    assert request is not None
    assert find_reason(request, [make_statement("绵羊围栏综述", "title_zh")], no_others) is not None
    assert find_reason(request, [make_statement("我们读了一篇综述。")], no_others) is None


def test_the_words_of_the_subject_are_marked() -> None:
    request = read_list(read_question("哪些论文用了WoolBench？"))
    assert request is not None
    assert spans_of(request, "在WoolBench上测试。") == ((1, 10),)
