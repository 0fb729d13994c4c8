"""The inverted index gives rank-bm25's scores, however it came to its documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from store.ranking import Document, InvertedIndex

words = st.sampled_from(["agent", "bench", "cot", "data", "eval", "图", "模型", "推理"])
texts = st.lists(words, max_size=12)
collections = st.lists(texts, max_size=25)


def make_document(number: int, terms: Sequence[str]) -> Document:
    # Keys run against the ids, so that a test tells an order by key from an order by id.
    return Document(id=number, key=f"key-{999 - number}", frequencies=Counter(terms))


def make_index(*texts: str) -> InvertedIndex:
    return InvertedIndex.build(make_document(number, text.split()) for number, text in enumerate(texts))


def expected_scores(texts: Sequence[Sequence[str]], query: Sequence[str]) -> list[float]:
    """rank-bm25's scores; it cannot take a collection without any word."""
    if not any(texts):
        return [0.0] * len(texts)
    return [float(score) for score in BM25Okapi(texts).get_scores(query)]


def expected_ranking(
    texts: Sequence[Sequence[str]], query: Sequence[str], numbers: Sequence[int]
) -> list[tuple[str, float]]:
    """Documents with a term of the query by rank-bm25's scores, which are rounded so that ties are ties."""
    scored = [
        (make_document(number, text).key, round(score, 9) + 0.0)
        for number, text, score in zip(numbers, texts, expected_scores(texts, query), strict=True)
        if set(text) & set(query)
    ]
    return sorted(scored, key=lambda one: (-one[1], one[0]))


@settings(max_examples=100, deadline=None)
@given(collections, texts)
def test_every_score_is_that_of_rank_bm25(texts: list[list[str]], query: list[str]) -> None:
    index = InvertedIndex.build(make_document(number, text) for number, text in enumerate(texts))

    assert index.scores(query).tolist() == pytest.approx(expected_scores(texts, query), rel=1e-6, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(collections, texts, st.integers(1, 30))
def test_the_best_are_those_of_rank_bm25_and_ties_go_by_key(
    texts: list[list[str]], query: list[str], k: int
) -> None:
    index = InvertedIndex.build(make_document(number, text) for number, text in enumerate(texts))

    top = [(key, round(score, 9) + 0.0) for key, score in index.top(query, k)]

    ranking = expected_ranking(texts, query, range(len(texts)))
    assert [score for _, score in top] == pytest.approx([score for _, score in ranking[:k]])
    assert set(top) <= {pytest.approx(one) if False else one for one in ranking}
