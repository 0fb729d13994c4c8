"""Posting lists as a query meets them, and what they add to the scores.

As in rank-bm25's BM25Okapi, a term's impact on a document d, what it adds to its score, is
``idf * (tf * (k1 + 1) / (tf + k1 * (1 - b + b * length(d) / average length)))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from store.ranking.segment import Frequencies
from store.ranking.statistics import K1

Floats = NDArray[np.float64]


@dataclass(slots=True)
class SparseList:
    """A term's documents in one segment and its frequencies there; its ``impacts`` once they were asked for."""

    documents: NDArray[np.uint32]
    frequencies: Frequencies
    idf: float
    impacts: Floats | None = None


@dataclass(slots=True)
class DenseList:
    """A term's frequency in every document of the segment that begins at document ``first``.

    ``name`` tells the list from all others of the index. ``impacts`` are those once asked for, in small collections.
    """

    first: int
    frequencies: Frequencies
    idf: float
    name: tuple[int, int]
    impacts: Floats | None = None


class TermLists(NamedTuple):
    """Everything a query needs to know of a term: its idf and its posting lists in all segments."""

    idf: float
    sparse: list[SparseList]
    dense: list[DenseList]


def impacts_of(idf: float, frequencies: Frequencies, norms: Floats) -> Floats:
    """A term's impacts on documents with these frequencies and norms; all (n,)."""
    values = frequencies.astype(np.float64)
    impacts = values * (K1 + 1)
    impacts /= values + norms
    impacts *= idf
    return impacts
