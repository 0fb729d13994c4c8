"""What BM25 needs to know of the whole collection, counted over live documents only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.ranking.segment import Segment
from store.ranking.vocabulary import encode

# rank-bm25's BM25Okapi, with its default parameters.
K1 = 1.5
B = 0.75
EPSILON = 0.25


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of the live documents, those that were not replaced or removed since their segment was made.

    ``live`` (documents,) tells which they are. ``counts`` holds for each segment, (terms,), in how many of
    its live documents each of its terms is. ``average_idf`` is over all terms of live documents.
    """

    live: NDArray[np.bool_]
    counts: tuple[NDArray[np.uint32], ...]
    average_idf: float


def floored_idf(documents: int, frequency: int, average_idf: float) -> float:
    """BM25Okapi's idf of a term in ``frequency`` of ``documents``; for a negative one, a share of the average."""
    idf = raw_idf(documents, frequency)
    return idf if idf >= 0 else EPSILON * average_idf


def raw_idf(documents: int, frequency: int) -> float:
    """BM25Okapi's idf before its floor: below 0 for a term in more than half of the documents."""
    return math.log(documents - frequency + 0.5) - math.log(frequency + 0.5)


def make_statistics(
    segments: Sequence[Segment], live: NDArray[np.bool_], counts: Sequence[NDArray[np.uint32]]
) -> Statistics:
    """The statistics of ``segments``, given each one's document frequencies over the live documents."""
    totals = [own.astype(np.int64) for own in counts]
    for place in range(1, len(segments)):
        _move_counts(segments, totals, place)
    histogram = np.bincount(np.concatenate(totals)) if totals else np.zeros(1, np.int64)
    histogram[:1] = 0
    documents = int(np.count_nonzero(live))
    frequencies = np.flatnonzero(histogram)
    idfs = [
        int(terms) * raw_idf(documents, frequency)
        for frequency, terms in zip(frequencies.tolist(), histogram[frequencies].tolist(), strict=True)
    ]
    terms = int(histogram.sum())
    return Statistics(live, tuple(counts), math.fsum(idfs) / terms if terms else 0.0)


def _move_counts(segments: Sequence[Segment], totals: Sequence[NDArray[np.int64]], place: int) -> None:
    """Add the counts of a segment's terms to those of the first segment that has the term."""
    for number, term in enumerate(segments[place].vocabulary):
        text, digest = encode(term)
        for earlier in range(place):
            found = segments[earlier].vocabulary.find(text, digest)
            if found >= 0:
                totals[earlier][found] += totals[place][number]
                totals[place][number] = 0
                break


def length_norms(lengths: NDArray[np.int64], live: NDArray[np.bool_]) -> NDArray[np.float64]:
    """BM25's ``k1 * (1 - b + b * length / average length)`` of each document, (documents,).

    It is infinite for a document that is no longer live, which makes all its scores 0.
    """
    documents, total = int(np.count_nonzero(live)), int(lengths[live].sum())
    average = total / documents if total else 1.0
    norms = np.asarray(K1 * (1 - B + B * lengths / average), np.float64)
    norms[~live] = np.inf
    return norms
