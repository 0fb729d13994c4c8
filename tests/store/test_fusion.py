"""Reciprocal rank fusion: exact scores, ties by key, what a weight does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.fusion import RANK_CONSTANT, WeightedRanking, reciprocal_rank_fusion

K = RANK_CONSTANT
KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


def test_a_score_is_the_sum_of_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion([WeightedRanking(["a", "b", "c"]), WeightedRanking(["c", "d"], 0.2)])
    assert fused == [
        ("c", 1 / (K + 3) + 0.2 / (K + 1)),
        ("a", 1 / (K + 1)),
        ("b", 1 / (K + 2)),
        ("d", 0.2 / (K + 2)),
    ]


def test_equal_scores_are_ordered_by_key() -> None:
    fused = reciprocal_rank_fusion([WeightedRanking(["b", "d"]), WeightedRanking(["a", "c"])])
    assert [key for key, _ in fused] == ["a", "b", "c", "d"]


def test_no_rankings_or_empty_ones_give_nothing() -> None:
    assert reciprocal_rank_fusion([]) == reciprocal_rank_fusion([WeightedRanking([])]) == []


@given(KEYS, KEYS, st.floats(0.01, 1))
def test_every_key_is_there_once_and_scores_fall(one: list[str], other: list[str], weight: float) -> None:
    fused = reciprocal_rank_fusion([WeightedRanking(one), WeightedRanking(other, weight)])
    keys, scores = [key for key, _ in fused], [score for _, score in fused]
    assert sorted(keys) == sorted({*one, *other})
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("weight", [0.2, 1.0])
@given(keys=KEYS)
def test_a_ranking_fused_with_itself_or_with_nothing_keeps_its_order(keys: list[str], weight: float) -> None:
    for other in (keys, []):
        fused = reciprocal_rank_fusion([WeightedRanking(keys), WeightedRanking(other, weight)])
        assert [key for key, _ in fused] == keys
