"""Rankings by different scores into one, by rank alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# The greater it is, the less the first ranks stand out. At the usual 60 a paper that is tenth in two rankings beats the
# first of one. That suits rankings that are equally good; here one of them knows the rare names that most questions
# turn on, and its first place has to mean something.
RANK_CONSTANT = 10


class WeightedRanking(NamedTuple):
    """Keys, best first, each once, and what their ranks count."""

    keys: Sequence[str]
    weight: float = 1.0


def reciprocal_rank_fusion(rankings: Iterable[WeightedRanking]) -> list[tuple[str, float]]:
    """The keys of all rankings with their scores, best first, ties by key.

    A key's score is the sum of ``weight / (RANK_CONSTANT + rank)`` over the rankings that have it, the first at rank 1.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for keys, weight in rankings:
        for rank, key in enumerate(keys, 1):
            scores[key] += weight / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
