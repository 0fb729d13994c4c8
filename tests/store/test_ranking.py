"""The inverted index scores and ranks as rank-bm25 does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from store.ranking import Document, InvertedIndex

Texts = Sequence[Sequence[str]]

words = st.sampled_from(["agent", "bench", "cot", "data", "eval", "图", "模型", "推理", "无人提到"])
texts = st.lists(words, max_size=12)
collections = st.lists(texts, max_size=25)


def key_of(number: int) -> str:
    """Keys run against the ids, so that an order by key is none by id."""
    return f"key-{99999 - number}"


def make_index(texts: Texts) -> InvertedIndex:
    return InvertedIndex.build(Document(number, key_of(number), Counter(text)) for number, text in enumerate(texts))


def oracle_scores(texts: Texts, query: Sequence[str]) -> list[float]:
    """rank-bm25's scores; a collection without a word, which it cannot take, scores nothing."""
    if not any(texts):
        return [0.0] * len(texts)
    return [float(score) for score in BM25Okapi(texts).get_scores(query)]


def assert_ranked_as_by_oracle(
    top: Sequence[tuple[str, float]], texts: Texts, scores: Sequence[float], query: Sequence[str], k: int
) -> None:
    """The scores are the k greatest of matching documents, each its own document's, and equal ones go by key."""
    matching = {key_of(number): scores[number] for number, text in enumerate(texts) if set(text) & set(query)}
    greatest = sorted(matching.values(), reverse=True)[:k]
    assert [score for _, score in top] == pytest.approx(greatest, rel=1e-6, abs=1e-12)
    assert dict(top) == pytest.approx({key: matching[key] for key, _ in top}, rel=1e-6, abs=1e-12)
    assert list(top) == sorted(top, key=lambda one: (-one[1], one[0]))
    # Of documents that tie with the last one, those with the smallest keys are in.
    if top:
        tied = sorted(key for key, score in matching.items() if score == pytest.approx(top[-1][1], rel=1e-9))
        listed = [key for key, score in top if score == pytest.approx(top[-1][1], rel=1e-9)]
        assert listed == tied[: len(listed)]


@settings(max_examples=100, deadline=None)
@given(collections, texts)
def test_every_score_is_that_of_rank_bm25(texts: Texts, query: Sequence[str]) -> None:
    assert make_index(texts).scores(query).tolist() == pytest.approx(oracle_scores(texts, query), rel=1e-6, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(collections, texts, st.integers(1, 30))
def test_the_best_are_those_of_rank_bm25(texts: Texts, query: Sequence[str], k: int) -> None:
    top = make_index(texts).top(query, k)

    assert_ranked_as_by_oracle(top, texts, oracle_scores(texts, query), query, k)


@pytest.mark.parametrize("size", [3_000, 40_000])
def test_a_large_collection_is_ranked_by_the_same_scores(size: int) -> None:
    # Large enough for common words to get dense lists, and, the second, for documents to be passed over.
    random = np.random.default_rng(size)
    ranks = (random.pareto(0.6, (size, 10)) * 3).astype(np.int64) % 5000
    texts = [[f"w{rank}" for rank in row] for row in ranks.tolist()]
    index, oracle = make_index(texts), BM25Okapi(texts)
    queries = [["w0", "w1", "w2"], ["w0", "w40", "w41", "w900"], ["w3", "w700", "w701", "w0", "w3"], ["w4000"]]

    for query in queries:
        scores = oracle.get_scores(query).tolist()
        assert_ranked_as_by_oracle(index.top(query, 10), texts, scores, query, 10)
        assert index.scores(query).tolist() == pytest.approx(scores, rel=1e-6)


def test_an_empty_collection_ranks_nothing() -> None:
    index = make_index([])

    assert len(index) == 0
    assert index.top(["agent"], 3) == []
    assert index.scores(["agent"]).tolist() == []
    assert index.idf("agent") == 0.0


def test_documents_without_a_word_are_never_found() -> None:
    index = make_index([[], []])

    assert len(index) == 2
    assert index.top(["agent"], 3) == []
    assert index.scores(["agent"]).tolist() == [0.0, 0.0]


def test_a_document_is_found_though_its_score_is_negative() -> None:
    # In rank-bm25 the only document of a collection scores below zero.
    texts = [["agent", "data"]]
    [expected] = oracle_scores(texts, ["agent"])

    [(key, score)] = make_index(texts).top(["agent"], 3)

    assert expected < 0
    assert key == key_of(0)
    assert score == pytest.approx(expected)


def test_a_document_is_found_though_its_score_is_zero() -> None:
    # A term in exactly half of the documents weighs nothing.
    assert make_index([["agent"], ["data"]]).top(["agent"], 3) == [(key_of(0), 0.0)]


def test_a_term_of_every_document_finds_them_all() -> None:
    texts = [["model", "agent"], ["model"], ["model", "data", "data"]]

    top = make_index(texts).top(["model"], 5)

    assert_ranked_as_by_oracle(top, texts, oracle_scores(texts, ["model"]), ["model"], 5)
    assert len(top) == 3


def test_an_unknown_term_finds_nothing_and_changes_no_score() -> None:
    index = make_index([["agent"], ["data"], ["data"]])

    assert index.top(["nothing"], 3) == []
    assert index.top(["agent", "nothing"], 3) == index.top(["agent"], 3)


def test_a_term_asked_twice_counts_twice() -> None:
    index = make_index([["agent"], ["data"], ["cot"]])
    [(_, once)] = index.top(["agent"], 1)
    [(_, twice)] = index.top(["agent", "agent"], 1)

    assert twice == pytest.approx(2 * once)


def test_a_weight_multiplies_what_a_term_adds() -> None:
    index = make_index([["agent"], ["data", "data", "agent"], ["cot"], ["图"], ["图"]])

    weighted = index.scores({"agent": 0.5, "data": 2.0})

    assert weighted == pytest.approx(0.5 * index.scores(["agent"]) + 2 * index.scores(["data"]))
    assert dict(index.top({"agent": 0.5, "data": 2.0}, 2)) == pytest.approx(
        {key_of(1): weighted[1], key_of(0): weighted[0]}
    )


def test_only_allowed_documents_are_ranked() -> None:
    index = make_index([["agent"], ["agent"], ["agent", "data"], ["data"], ["cot"], ["cot"], ["图"]])

    top = index.top(["agent"], 5, allowed=index.mask([2, 0, 3, 77]))

    assert [key for key, _ in top] == [key_of(0), key_of(2)]


def test_equal_scores_go_by_key() -> None:
    index = make_index([["agent"], ["agent"], ["agent"], ["cot"], ["cot"], ["cot"], ["data"]])

    assert [key for key, _ in index.top(["agent"], 2)] == [key_of(2), key_of(1)]


def test_a_term_is_in_so_many_documents() -> None:
    index = make_index([["agent", "agent"], ["agent"], ["data"]])

    assert [index.document_frequency(term) for term in ("agent", "data", "cot")] == [2, 1, 0]


@pytest.mark.parametrize("term", ["", " ", "R²GRPO", "强化学习", "\ud800", "a\0b", "x" * 5000])
def test_any_text_can_be_a_term(term: str) -> None:
    index = make_index([[term, "agent"], ["agent"], ["data"], ["data"]])

    assert [key for key, _ in index.top([term], 5)] == [key_of(0)]


def test_idf_is_that_of_rank_bm25_with_its_floor() -> None:
    texts = [["model", "agent"], ["model"], ["model", "data"]]
    oracle = BM25Okapi(texts)
    index = make_index(texts)

    assert {term: index.idf(term) for term in oracle.idf} == pytest.approx(oracle.idf)


@pytest.mark.parametrize(
    "documents",
    [
        [Document(1, "a", {"x": 1}), Document(1, "b", {"y": 1})],
        [Document(1, "a" * 25, {"x": 1})],
        [Document(1, "键", {"x": 1})],
        [Document(1, "a", {"x": 0})],
    ],
)
def test_a_document_that_cannot_be_kept_is_an_error(documents: list[Document]) -> None:
    with pytest.raises(ValueError):
        InvertedIndex.build(documents)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("inf"), float("nan")])
def test_a_weight_that_means_nothing_is_an_error(weight: float) -> None:
    with pytest.raises(ValueError, match="weight of 'agent'"):
        make_index([["agent"]]).top({"agent": weight}, 3)


def test_a_text_is_no_query() -> None:
    with pytest.raises(TypeError, match="sequence of terms"):
        make_index([["agent"]]).top("agent", 3)


def test_less_than_one_document_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        make_index([["agent"]]).top(["agent"], 0)
