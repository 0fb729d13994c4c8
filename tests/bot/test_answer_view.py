"""Answers: quoted with their sources, or honestly none."""

from __future__ import annotations

from bot.views.answers import Written, answer
from bot.views.base import Voice
from store import Answer
from tests.bot.delivered import deliver
from tests.factories import make_evidence, make_hit

ZH = Voice("zh", "both")
EN = Voice("en", "both")
THUMBS = [("👍", "h:1"), ("👎", "h:0")]


def make_answer(**overrides: object) -> Answer:
    values = {
        "question": "How many sheep does the model count?",
        "answered": True,
        "answer": "The model counts 90.5% of them.",
        "evidence": (make_evidence(),),
        "papers": (make_hit(), make_hit(key="2505-00002", title_en="Counting Goats", title_zh="数山羊")),
    }
    return Answer.model_validate(values | overrides)


def test_the_sentence_is_quoted_with_what_was_asked_for_in_bold_and_its_source() -> None:
    view = deliver(answer(make_answer(papers=()), EN))
    assert view.text == (
        "The model counts 90.5% of them.\n1. Counting Sheep with Language Models\nin 2025-05-weekly.md"
    )
    assert view.marked("blockquote") == ["The model counts 90.5% of them."]
    assert view.marked("bold") == ["90.5%"]
    assert view.marked("code") == ["2025-05-weekly.md"]
    assert view.links() == {"Counting Sheep with Language Models": "https://arxiv.org/abs/2505.00001"}
    assert view.buttons == [[("1", "p:2505-00001")], THUMBS]


def test_other_papers_follow_with_the_next_numbers() -> None:
    view = deliver(answer(make_answer(), ZH))
    assert view.text == (
        "The model counts 90.5% of them.\n1. 用语言模型数羊\n出自 2025-05-weekly.md\n\n相关论文\n2. 数山羊"
    )
    assert view.links()["数山羊"] == "https://arxiv.org/abs/2505.00001"
    assert view.buttons == [[("1", "p:2505-00001"), ("2", "p:2505-00002")], THUMBS]


def test_two_sentences_of_one_source_share_a_quotation() -> None:
    evidence = (make_evidence(), make_evidence(sentence="Ninety of them.", matches=((0, 6),)))
    view = deliver(answer(make_answer(evidence=evidence, papers=()), EN))
    assert view.marked("blockquote") == ["The model counts 90.5% of them.\nNinety of them."]
    assert view.marked("bold") == ["90.5%", "Ninety"]
    assert view.text.count("in 2025-05-weekly.md") == 1


def test_two_digests_on_one_paper_share_its_number() -> None:
    evidence = (make_evidence(), make_evidence(sentence="Ninety of them.", file="b.md", matches=()))
    view = deliver(answer(make_answer(evidence=evidence, papers=()), EN))
    assert "Ninety of them.\n1. Counting Sheep with Language Models\nin b.md" in view.text
    assert view.buttons == [[("1", "p:2505-00001")], THUMBS]


def test_a_source_without_an_id_links_to_a_search_for_its_title() -> None:
    view = deliver(answer(make_answer(evidence=(make_evidence(arxiv_id=None),), papers=()), EN))
    assert view.links() == {
        "Counting Sheep with Language Models": (
            "https://arxiv.org/search/?query=Counting+Sheep+with+Language+Models&searchtype=title"
        )
    }


def test_a_statement_and_its_translation_are_quoted_once_in_the_askers_language() -> None:
    evidence = (make_evidence(), make_evidence(sentence="准确率为90.5%。", language="zh", matches=((4, 9),)))
    in_english = deliver(answer(make_answer(evidence=evidence, papers=()), EN))
    assert in_english.marked("blockquote") == ["The model counts 90.5% of them."]
    in_chinese = deliver(answer(make_answer(question="模型数出了多少只羊？", evidence=evidence, papers=()), EN))
    assert in_chinese.marked("blockquote") == ["准确率为90.5%。"]


def test_a_figure_that_only_the_other_language_has_is_quoted_as_well() -> None:
    evidence = (make_evidence(sentence="It counts most of them.", matches=()), make_evidence(file="b.md"))
    chinese = make_evidence(sentence="它数了三遍。", language="zh", matches=())
    shown = deliver(answer(make_answer(question="数出了多少只羊？", evidence=(*evidence, chinese), papers=()), ZH))
    assert shown.marked("blockquote") == ["The model counts 90.5% of them.", "它数了三遍。"]


def test_both_papers_of_a_comparison_are_quoted_each_in_what_it_is_told_in() -> None:
    goats = make_evidence(key="2505-00002", arxiv_id="2505.00002", sentence="数山羊更难。", language="zh", matches=())
    view = deliver(answer(make_answer(evidence=(make_evidence(), goats), kind="comparison", papers=()), EN))
    assert view.marked("blockquote") == ["The model counts 90.5% of them.", "数山羊更难。"]


def test_a_question_for_papers_gets_their_list_and_its_count() -> None:
    papers = tuple(make_hit(key=f"2505-000{number}") for number in range(10, 20))
    view = deliver(answer(make_answer(kind="list", total=12, papers=papers), ZH))
    assert view.text.startswith("论文库里符合的共有 12 篇，先列出 10 篇：\n\n1. 用语言模型数羊\n")
    assert [label for row in view.buttons[:-1] for label, _ in row] == [str(number) for number in range(1, 11)]
    assert view.marked("blockquote") == []


def test_a_list_that_is_whole_says_only_its_count() -> None:
    view = deliver(answer(make_answer(kind="list", total=1, papers=(make_hit(),)), EN))
    assert view.text.startswith("1 paper in the archive fits\n\n1. Counting Sheep with Language Models\n")


def test_papers_near_to_a_description_are_said_to_be_near() -> None:
    view = deliver(answer(make_answer(kind="nearest"), EN))
    assert view.text.startswith("Nearest to what you describe\n\n1. Counting Sheep with Language Models\n")
    assert view.marked("blockquote") == []


def test_a_need_is_answered_with_the_papers_that_fit() -> None:
    view = deliver(answer(make_answer(answer="", evidence=()), EN))
    assert view.text.startswith("These papers fit\n\n1. Counting Sheep with Language Models\n")
    assert view.buttons == [[("1", "p:2505-00001"), ("2", "p:2505-00002")], THUMBS]


def test_where_the_archive_has_nothing_it_says_so_and_what_may_help() -> None:
    view = deliver(answer(make_answer(answered=False, answer="", evidence=(), papers=()), EN))
    assert view.text == (
        "I found no answer to this in the archive.\n"
        "Try naming a model, method or data set, or look for words with /search. What is newest: /digest latest"
    )
    assert view.buttons == [THUMBS]


def test_an_answer_without_anything_in_it_is_none() -> None:
    view = deliver(answer(make_answer(answer="", evidence=(), papers=()), ZH))
    assert view.text.startswith("论文库里没有找到这个问题的答案。")


def test_the_nearest_papers_of_a_refusal_are_not_passed_off_as_an_answer() -> None:
    view = deliver(answer(make_answer(answered=False, answer="", evidence=()), ZH))
    assert view.text.startswith("论文库里没有找到这个问题的答案。\n")
    assert "\n\n离问题最近的论文（未必有答案）\n\n1. 用语言模型数羊\n" in view.text


def test_at_most_two_other_papers_are_named_beside_an_answer() -> None:
    papers = tuple(make_hit(key=f"2505-000{number}") for number in range(10, 20))
    view = deliver(answer(make_answer(papers=papers), EN))
    assert [label for row in view.buttons[:-1] for label, _ in row] == ["1", "2", "3"]


def test_at_most_five_papers_near_to_a_description_are_shown() -> None:
    papers = tuple(make_hit(key=f"2505-000{number}") for number in range(10, 20))
    view = deliver(answer(make_answer(kind="nearest", answer="", evidence=(), papers=papers), EN))
    assert [label for row in view.buttons[:-1] for label, _ in row] == ["1", "2", "3", "4", "5"]


def test_what_a_model_wrote_stands_above_the_quotations_it_names() -> None:
    written = Written("The model counts <90.5%>. [1]\nIt is quick. [1]")
    view = deliver(answer(make_answer(papers=()), EN, written))
    assert view.text == (
        "The model counts <90.5%>. [1]\n"
        "It is quick. [1]\n"
        "Written by a language model from the quotations below; the numbers are theirs.\n"
        "\n"
        "The model counts 90.5% of them.\n1. Counting Sheep with Language Models\nin 2025-05-weekly.md"
    )


def test_an_unfinished_text_says_so() -> None:
    view = deliver(answer(make_answer(papers=()), ZH, Written("数了 90.5%。[1]", complete=False)))
    assert view.text.startswith("数了 90.5%。[1]\n正在写……\n\n")
