"""Questions to answers over a small archive."""

from __future__ import annotations

import pytest

from store import Archive
from store.passages import MAX_COLUMNS
from store.text.columns import width
from tests import flock
from tests.digests import weekly_digest, weekly_entry
from tests.store.conftest import MakeArchive

FARM = {
    "2025-05-weekly.md": weekly_digest(
        weekly_entry(
            "Woolly: Shearing Sheep with Language Models",
            "羊毛：用语言模型给绵羊剪毛",
            "2505.00001",
            "Woolly让语言模型学会给绵羊剪毛。Woolly在FleeceBench上的剪毛成功率达到90.5%，训练只用了8块GPU。\n\n"
            "Woolly teaches a language model to shear sheep. On FleeceBench it reaches a shearing rate of 90.5%.\n\n"
            "代码：https://github.com/example/woolly",
        ),
        weekly_entry(
            "Bellwether: Leading Sheep Home at Dusk",
            "领头羊：黄昏带绵羊回家",
            "2505.00002",
            "Bellwether用群羊优化（Group Sheep Optimization，GSO）带绵羊回家。它在FleeceBench上的准确率是98%。",
        ),
        weekly_entry(
            "A Survey of Fences for Sheep", "绵羊围栏综述", "2506.00003", "本文综述了各种绵羊围栏，包括木头和铁丝的。"
        ),
        weekly_entry(
            "Meadow: Where Sheep Graze", "草甸：绵羊吃草的地方", "2504.00004", "Meadow告诉绵羊去哪里吃草，草长得很慢。"
        ),
    )
}


@pytest.fixture
def farm(make_archive: MakeArchive) -> Archive:
    return make_archive(FARM)


def test_a_figure_is_answered_with_its_sentence_and_marked(farm: Archive) -> None:
    answer = farm.ask("Woolly在FleeceBench上的剪毛成功率是多少？")
    assert (answer.answered, answer.kind, answer.papers[0].key) == (True, "fact", "2505-00001")
    assert "90.5%" in answer.answer
    first = answer.evidence[0]
    assert (first.key, first.file, first.language) == ("2505-00001", "2025-05-weekly.md", "zh")
    assert "90.5%" in [first.sentence[start:end] for start, end in first.matches]


def test_the_sentence_in_the_asker_s_language_leads(farm: Archive) -> None:
    answer = farm.ask("What shearing rate does Woolly reach on FleeceBench?")
    assert answer.evidence[0].language == "en"
    assert "90.5%" in answer.evidence[0].sentence


def test_papers_are_shown_with_what_is_said_in_the_asker_s_language(farm: Archive) -> None:
    assert farm.ask("What shearing rate does Woolly reach on FleeceBench?").papers[0].snippet == (
        "On FleeceBench it reaches a shearing rate of 90.5%."
    )
    assert farm.ask("Woolly在FleeceBench上的剪毛成功率是多少？").papers[0].snippet == (
        "Woolly在FleeceBench上的剪毛成功率达到90.5%，训练只用了8块GPU。"
    )


def test_an_english_question_is_answered_from_a_chinese_digest(farm: Archive) -> None:
    answer = farm.ask("What accuracy does Bellwether reach on FleeceBench?")
    assert answer.papers[0].key == "2505-00002"
    assert "98%" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "GrazeNet在ImageNet上的准确率是多少？",
        "How many tokens was ChinChilla-9 trained on?",
        "推荐一家上海好吃的火锅店",
    ],
)
def test_what_nobody_mentions_is_refused(farm: Archive, question: str) -> None:
    answer = farm.ask(question)
    assert (answer.question, answer.answered, answer.answer, answer.evidence) == (question, False, "", ())


def test_a_refusal_names_the_nearest_papers(farm: Archive) -> None:
    answer = farm.ask("GrazeNet给多少只绵羊吃草？")
    assert not answer.answered
    assert "2504-00004" in [hit.key for hit in answer.papers]


def test_who_uses_a_benchmark_is_a_list_with_what_puts_each_paper_there(farm: Archive) -> None:
    answer = farm.ask("哪些论文用了FleeceBench？")
    assert (answer.kind, answer.total) == ("list", 2)
    assert {hit.key for hit in answer.papers} == {"2505-00001", "2505-00002"}
    assert all("FleeceBench" in each.sentence for each in answer.evidence)
    assert answer.answer.count("; ") == 1


def test_the_newest_of_a_list_come_first(farm: Archive) -> None:
    keys = [hit.key for hit in farm.ask("最近关于绵羊的论文").papers]
    assert keys == sorted(keys, reverse=True)
    assert keys[0] == "2506-00003"


def test_surveys_are_listed(farm: Archive) -> None:
    answer = farm.ask("有哪些综述？")
    assert (answer.kind, [hit.key for hit in answer.papers]) == ("list", ["2506-00003"])
    assert answer.answer == "绵羊围栏综述"


def test_a_comparison_quotes_both_papers(farm: Archive) -> None:
    answer = farm.ask("对比Woolly和Bellwether在FleeceBench上的结果")
    assert answer.kind == "comparison"
    assert [hit.key for hit in answer.papers] == ["2505-00001", "2505-00002"]
    assert {each.key for each in answer.evidence} == {"2505-00001", "2505-00002"}


def test_a_follow_up_is_about_the_paper_spoken_of(farm: Archive) -> None:
    assert farm.ask("它用了多少块GPU？", about="2505-00001").papers[0].key == "2505-00001"
    assert "8块GPU" in farm.ask("它用了多少块GPU？", about="2505-00001").answer


def test_a_question_with_its_own_subject_is_not_about_the_paper_spoken_of(farm: Archive) -> None:
    assert farm.ask("Meadow让绵羊去哪里？", about="2505-00001").papers[0].key == "2504-00004"


def test_of_a_paper_that_is_gone_a_question_is_read_as_any_other(farm: Archive) -> None:
    question = "它用了什么数据集？"
    assert farm.ask(question, about="2401-99999") == farm.ask(question)


def test_the_meaning_of_a_term_is_told_where_a_digest_spells_it_out(farm: Archive) -> None:
    answer = farm.ask("GSO是什么？")
    assert answer.papers[0].key == "2505-00002"
    assert "群羊优化" in answer.answer


def test_where_the_code_is_is_told_where_a_digest_gives_it(farm: Archive) -> None:
    assert farm.ask("Woolly的代码在哪里？").answer == "https://github.com/example/woolly"
    assert not farm.ask("Bellwether的代码在哪里？").answered


def test_authors_are_told(make_archive: MakeArchive) -> None:
    answer = make_archive(flock.files()).ask("Nightwatch的作者是谁？")
    assert answer.answer == "Ada Wong, Bo Li"
    assert answer.evidence[0].file == flock.FRIDAY


@pytest.mark.parametrize("question", ["", " ", "？？？", "的", "a" * 4000, "Woolly" * 300, "\x00"])
def test_odd_questions_are_no_error_and_answers_fit(farm: Archive, question: str) -> None:
    answer = farm.ask(question)
    assert answer.question == question
    assert width(answer.answer) <= MAX_COLUMNS
