"""An index that was changed piece by piece is the index of what is left in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.ranking import Document, InvertedIndex

words = st.sampled_from(["agent", "bench", "cot", "data", "eval", "推理"])
texts = st.dictionaries(st.integers(0, 12), st.lists(words, max_size=8), max_size=8)
changes = st.lists(st.tuples(texts, st.lists(st.integers(0, 14), max_size=4)), min_size=1, max_size=4)


def documents(texts: Mapping[int, Sequence[str]]) -> list[Document]:
    return [Document(number, f"key-{99999 - number}", Counter(text)) for number, text in texts.items()]


def random_texts(numbers: Sequence[int], seed: int) -> dict[int, list[str]]:
    random = np.random.default_rng(seed)
    ranks = (random.pareto(0.8, (len(numbers), 12)) * 2).astype(np.int64) % 700
    return {number: [f"w{rank}" for rank in row] for number, row in zip(numbers, ranks.tolist(), strict=True)}


def assert_same(index: InvertedIndex, expected: InvertedIndex, query: Sequence[str]) -> None:
    assert len(index) == len(expected)
    assert dict(zip(index.ids.tolist(), index.scores(query).tolist(), strict=True)) == pytest.approx(
        dict(zip(expected.ids.tolist(), expected.scores(query).tolist(), strict=True))
    )
    top, expected_top = index.top(query, 8), expected.top(query, 8)
    assert [score for _, score in top] == pytest.approx([score for _, score in expected_top])
    assert {term: index.document_frequency(term) for term in query} == {
        term: expected.document_frequency(term) for term in query
    }


@settings(max_examples=60, deadline=None)
@given(texts, changes, st.lists(words, min_size=1, max_size=4))
def test_any_changes_end_in_the_index_of_what_is_left(
    first: dict[int, list[str]],
    changes: list[tuple[dict[int, list[str]], list[int]]],
    query: list[str],
) -> None:
    left = dict(first)
    index = InvertedIndex.build(documents(first))
    for changed, removed in changes:
        gone = set(removed) - set(changed)
        index = index.apply(documents(changed), gone)
        left = {number: text for number, text in {**left, **changed}.items() if number not in gone}

    assert_same(index, InvertedIndex.build(documents(left)), query)


def test_small_changes_to_a_large_collection_end_in_the_index_of_what_is_left() -> None:
    left = random_texts(range(5000), seed=1)
    index = InvertedIndex.build(documents(left))
    for step in range(2, 7):
        changed = random_texts(range(step * 100, step * 100 + 60), seed=step)
        removed = range(step * 200 + 1000, step * 200 + 1020)
        index = index.apply(documents(changed), removed)
        left = {number: text for number, text in {**left, **changed}.items() if number not in removed}

        expected = InvertedIndex.build(documents(left))
        for query in (["w0", "w1", "w5"], ["w0", "w60", "w61", "w300"], ["w400", "w401"]):
            assert_same(index, expected, query)


def test_a_small_change_leaves_the_postings_of_the_rest_alone() -> None:
    index = InvertedIndex.build(documents(random_texts(range(3000), seed=1)))

    changed = index.apply(documents(random_texts(range(30), seed=2)))

    assert changed.segments[0] is index.segments[0]
    assert len(changed.segments[1]) == 30


def test_many_small_changes_are_merged_into_one_segment_in_the_end() -> None:
    index = InvertedIndex.build(documents(random_texts(range(3000), seed=1)))
    for step in range(40):
        index = index.apply(documents(random_texts(range(step * 30, step * 30 + 30), seed=step)))
        assert len(index.segments) <= 5
        assert sum(len(segment) for segment in index.segments) <= 1.25 * len(index)


def test_the_index_before_a_change_stays_as_it_was() -> None:
    index = InvertedIndex.build(documents({1: ["agent"], 2: ["data"], 3: ["cot"]}))

    index.apply(documents({1: ["bench"]}), [2])

    assert [key for key, _ in index.top(["agent", "data"], 5)] == ["key-99997", "key-99998"]


def test_an_unknown_document_can_be_removed() -> None:
    index = InvertedIndex.build(documents({1: ["agent"]}))

    assert index.apply([], [5]).ids.tolist() == [1]


def test_everything_can_be_removed_and_come_again() -> None:
    index = InvertedIndex.build(documents({1: ["agent"], 2: ["data"]})).apply([], [1, 2])
    assert index.top(["agent"], 3) == []

    index = index.apply(documents({2: ["agent"], 3: ["cot"], 4: ["cot"]}))
    assert [key for key, _ in index.top(["agent"], 3)] == ["key-99997"]


def test_a_document_changed_twice_at_once_is_an_error() -> None:
    index = InvertedIndex.build(documents({1: ["agent"]}))

    with pytest.raises(ValueError, match="same id"):
        index.apply(documents({2: ["agent"]}) + documents({2: ["data"]}))
