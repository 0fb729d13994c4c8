"""Clauses into an answer of at most 240 columns."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store.evidence import Clause, Statement
from store.passages import BETWEEN, MAX_COLUMNS, answer_text, choose_passages, evidence_of
from store.questions import read_question
from store.text.clauses import split_clauses
from store.text.columns import width
from tests.factories import make_hit
from tests.store.statements import make_statement


def clauses_of(statements: list[Statement], likelihoods: dict[str, float]) -> list[Clause]:
    """All clauses; one is as likely as the first of the given texts that it holds, else hardly."""
    clauses = []
    for number, statement in enumerate(statements):
        for start, end in split_clauses(statement.text):
            text = statement.text[start:end]
            likelihood = next((value for part, value in likelihoods.items() if part in text), 0.001)
            clauses.append(Clause(number, start, end, likelihood))
    return clauses


def answer(texts: list[str], likelihoods: dict[str, float]) -> str:
    statements = [make_statement(text) for text in texts]
    return answer_text(choose_passages(clauses_of(statements, likelihoods), statements))


def test_the_likeliest_sentence_comes_first_and_whole() -> None:
    texts = ["绵羊在山坡上吃草。", "牧羊犬在草棚里睡觉，狼不敢来。"]
    assert answer(texts, {"牧羊犬": 0.9, "绵羊": 0.1}) == BETWEEN.join(reversed(texts))


def test_an_unlikely_sentence_is_left_out() -> None:
    assert answer(["绵羊在山坡上吃草。", "牧羊犬在草棚里睡觉。"], {"牧羊犬": 0.9}) == "牧羊犬在草棚里睡觉。"


def test_a_sentence_that_says_the_same_is_left_out() -> None:
    texts = ["牧羊犬在草棚里睡觉。", "牧羊犬每天在草棚里睡觉。", "绵羊在山坡上吃草。"]
    assert answer(texts, {"牧羊犬": 0.6, "绵羊": 0.3}) == BETWEEN.join([texts[0], texts[2]])


def test_of_a_sentence_that_is_too_long_the_likeliest_clauses_are_quoted() -> None:
    filler = "山坡上的绵羊慢慢地吃着草，" * 12
    assert answer([f"{filler}牧羊犬在草棚里睡觉打鼾，狼群就不敢来。"], {"牧羊犬": 0.9}).endswith(
        "牧羊犬在草棚里睡觉打鼾，狼群就不敢来。"
    )


def test_a_clause_that_is_too_long_is_quoted_from_its_beginning_up_to_the_end_of_a_word() -> None:
    text = answer(["sheep " * 60], {"sheep": 0.9})
    assert text == " ".join(["sheep"] * 40)
    assert width(text) <= MAX_COLUMNS


def test_what_ends_in_a_colon_is_no_answer() -> None:
    assert answer(["牧羊犬有以下优点：", "绵羊在山坡上吃草。"], {"牧羊犬": 0.9, "绵羊": 0.1}) == "绵羊在山坡上吃草。"


def test_nothing_said_is_no_answer() -> None:
    assert answer([], {}) == ""


@settings(max_examples=60)
@given(
    st.lists(st.text(alphabet="羊毛 wool，。. ", min_size=1, max_size=300), min_size=1, max_size=5),
    st.floats(0.01, 0.99),
)
def test_an_answer_fits_and_every_passage_stands_in_its_sentence(texts: list[str], likelihood: float) -> None:
    statements = [make_statement(text) for text in texts]
    passages = choose_passages(clauses_of(statements, {"羊": likelihood}), statements)
    assert width(answer_text(passages)) <= MAX_COLUMNS
    assert all(passage.text in statements[passage.statement].text for passage in passages)


def test_the_evidence_is_the_whole_sentence_with_the_figure_asked_for() -> None:
    statements = [make_statement("牧羊犬数了1483只羊，准确率到了90.5%。")]
    passages = choose_passages(clauses_of(statements, {"准确率": 0.9}), statements)
    (evidence,) = evidence_of(read_question("牧羊犬的准确率是多少？"), passages, statements, make_hit())
    assert (evidence.sentence, evidence.file, evidence.language) == (
        statements[0].text,
        "2025-05-weekly.md",
        "zh",
    )
    assert [evidence.sentence[start:end] for start, end in evidence.matches] == ["90.5%"]


def test_a_name_of_several_words_is_one_match() -> None:
    statements = [make_statement("我们提出Group Sheep Optimization来赶羊。")]
    passages = choose_passages(clauses_of(statements, {"提出": 0.9}), statements)
    (evidence,) = evidence_of(read_question("赶羊的算法叫什么？"), passages, statements, make_hit())
    assert [evidence.sentence[start:end] for start, end in evidence.matches] == ["Group Sheep Optimization"]
