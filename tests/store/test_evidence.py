"""How likely a clause is to answer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store.evidence import Features, Statement, describe, judge, new_figures, new_names
from store.questions import read_question
from tests.store.statements import make_statement, make_wanted


def likeliest(question: str, *texts: str) -> str:
    """The statement with the likeliest clause."""
    statements = [make_statement(text) for text in texts]
    best = max(judge(make_wanted(question), statements), key=lambda clause: clause.likelihood)
    return statements[best.statement].text


def features(question: str, *statements: Statement) -> list[Features]:
    return [each for *_, each in describe(make_wanted(question), statements)]


def test_a_clause_that_shares_the_question_s_words_is_likelier() -> None:
    assert likeliest("牧羊犬在哪里睡觉？", "绵羊在山坡上吃草。", "牧羊犬在草棚里睡觉。") == "牧羊犬在草棚里睡觉。"


def test_where_a_figure_is_asked_for_a_clause_with_one_is_likelier() -> None:
    said = ("Woolly提升了剪毛的成功率。", "Woolly把剪毛的成功率提升了12%。")
    assert likeliest("Woolly把剪毛的成功率提升了多少？", *said) == said[1]


def test_a_figure_in_the_unit_asked_for_is_likelier() -> None:
    said = ("Woolly的剪毛准确率来自1483只羊。", "Woolly的剪毛准确率到了90.5%。")
    assert likeliest("Woolly的剪毛准确率是多少？", *said) == said[1]


def test_where_a_name_is_asked_for_a_clause_with_a_new_one_is_likelier() -> None:
    said = ("Woolly在数据集上训练了很久。", "Woolly在数据集FleeceSet上训练。")
    assert likeliest("Woolly用的是哪个数据集？", *said) == said[1]


def test_a_title_is_less_likely_than_a_sentence() -> None:
    title, sentence = features(
        "WoolNet", make_statement("WoolNet shears", "title_en"), make_statement("WoolNet shears")
    )
    assert (title.title, sentence.title) == (1.0, 0.0)


def test_words_that_most_sentences_have_count_less() -> None:
    statements = [make_statement(text) for text in ("绵羊吃草。", "绵羊睡觉。", "绵羊爬山。")]
    covered = [each.covered for each in features("绵羊爬山", *statements)]
    assert covered[2] == 1.0
    assert covered[0] < 0.5


def test_the_asker_s_language_is_a_feature() -> None:
    chinese, english = features("牧羊犬", make_statement("牧羊犬在睡觉。"), make_statement("A dog sleeps."))
    assert (chinese.same_language, english.same_language) == (1.0, 0.0)


def test_figures_and_names_of_the_question_are_not_new() -> None:
    question = read_question("Woolly在90只羊上的准确率是多少？")
    assert [figure.key for figure in new_figures(question, "90只羊中的81%")] == ["81%"]
    assert [name.text for name in new_names(question, "Woolly用FleeceSet", "zh")] == ["FleeceSet"]


def test_nothing_said_is_nothing_judged() -> None:
    assert judge(make_wanted("羊？"), []) == []


@settings(max_examples=50)
@given(st.lists(st.text(alphabet="羊毛 wool9%，。.", min_size=1), max_size=4), st.text(alphabet="羊多少 Wool？"))
def test_likelihoods_are_probabilities_of_clauses_that_stand_in_their_statements(
    texts: list[str], question: str
) -> None:
    statements = [make_statement(text) for text in texts]
    for clause in judge(make_wanted(question), statements):
        assert 0 <= clause.likelihood <= 1
        assert 0 <= clause.start < clause.end <= len(statements[clause.statement].text)
