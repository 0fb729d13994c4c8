"""BM25 over posting lists: the k best documents of a query without scoring every document.

The score of document d for a query is, as in rank-bm25's BM25Okapi, the sum over the query's terms of
``idf * (tf * (k1 + 1) / (tf + k1 * (1 - b + b * length(d) / average length)))``, each its impact on d.

Sparse lists are added up first. Terms with dense lists, the common ones, have a greatest impact (``_bound``): once
the k-th best score is known, a document that cannot reach it even with all of those is never looked at. Where that
leaves too many documents, all are scored roughly, in single precision, and those near the best ones exactly.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from store.ranking.segment import Frequencies
from store.ranking.statistics import K1

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NONE = np.zeros(0)

# Dense lists are added up in full in collections of up to this many documents.
_SMALL = 1 << 15
# Sums are gathered by document, not scanned, where there are less postings than one in this many documents.
_SCAN_SHARE = 4
# A second look goes to at most one document of this many; beyond that, to all of them.
_LOOK_SHARE = 32
# So few documents are not worth to be told apart before they are sorted.
_FEW = 48
# Sums are looked at in this many columns, whose greatest values give a bound for the k-th best.
_COLUMNS = 256
# Impacts of lists that were asked for are remembered: this many a document, and this many in any case.
_REMEMBERED_A_DOCUMENT = 32
_REMEMBERED = 1 << 21
# More than the relative error of adding up rounded numbers, in single and in double precision.
_SINGLE_ERROR = 1e-5
_DOUBLE_ERROR = 1e-11
# Scores are told apart by this many of the 53 bits they have.
_SCORE_BITS = 40
# Documents scored at a time where all are, so that the work stays in a processor's cache.
_CHUNK = 1 << 14


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

    ``name`` tells the list from all others of the index. ``impacts`` are those once asked for, of small segments.
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


WeightedTerm = tuple[float, TermLists]


class _Sums(NamedTuple):
    """What sparse lists add up to: ``values`` (n,) of ``numbers`` (n,), which may repeat, or of all documents.

    ``zeros`` (documents,) is room to work in, which is left as it was: all zeros.
    """

    values: Floats
    numbers: Numbers | None = None
    zeros: Floats = _NONE

    def at_least(self, cut: float) -> tuple[Numbers, Floats]:
        """The documents, each once, whose values reach ``cut``, or are positive where that is 0."""
        places = (self.values >= cut if cut > 0 else self.values > 0).nonzero()[0]
        if self.numbers is None:
            return places, self.values[places]
        # The place that is written last for a document is the one it keeps.
        numbers = self.numbers.take(places)
        self.zeros[numbers] = places
        once = np.flatnonzero(self.zeros.take(numbers) == places)
        self.zeros[numbers] = 0
        return numbers[once], self.values[places[once]]

    def of_all(self, documents: int) -> Floats:
        """The value of every document, (documents,)."""
        if self.numbers is None:
            return self.values
        values = np.zeros(documents)
        values[self.numbers] = self.values
        return values


class Scorer:
    """Scores documents by their ``norms`` (documents,), as ``statistics.length_norms`` gives them."""

    def __init__(self, norms: Floats) -> None:
        self._norms = norms
        self._single_norms: NDArray[np.float32] | None = None
        self._bounds: dict[tuple[int, int], float] = {}
        self._local = threading.local()
        self.forget()

    def forget(self) -> None:
        """Start to count remembered impacts anew, after the lists that hold them were let go."""
        self._room = max(_REMEMBERED, _REMEMBERED_A_DOCUMENT * len(self._norms))

    @property
    def is_full(self) -> bool:
        """Whether lists have to be let go before more impacts are remembered."""
        return self._room <= 0

    def scores(self, query: Sequence[WeightedTerm]) -> tuple[Floats, Mask]:
        """The score of every document, and which of them have a term of the query; both (documents,)."""
        sums = np.zeros(len(self._norms))
        touched = np.zeros(len(self._norms), np.bool_)
        for weight, lists in query:
            for sparse in lists.sparse:
                norms = self._norms[sparse.documents]
                sums[sparse.documents] += weight * _impacts(sparse.idf, sparse.frequencies, norms)
                touched[sparse.documents] = True
            for dense in lists.dense:
                part = slice(dense.first, dense.first + len(dense.frequencies))
                sums[part] += weight * _impacts(dense.idf, dense.frequencies, self._norms[part])
                touched[part] |= dense.frequencies > 0
        touched &= self._norms < np.inf
        return sums, touched

    def best(self, query: Sequence[WeightedTerm], k: int, allowed: Mask | None) -> tuple[Numbers, Floats]:
        """The numbers and scores of the k best documents, of all that tie with the last, and perhaps of a few others, in no order.

        Only documents with a term of the query, and of ``allowed`` (documents,) where given, count.
        """
        if min([lists.idf for _, lists in query], default=1) <= 0:
            # A document is then not told from an untouched one by its score, nor is it bounded by a sum of maxima.
            # It takes a small collection for a term to be worth nothing or less.
            sums, touched = self.scores(query)
            if allowed is not None:
                touched &= allowed
            found = np.flatnonzero(touched)
            return _greatest(found, sums[found], k)
        sums = self._take_zeros()
        numbers = self._add_sparse(query, sums)
        scan = len(numbers) * _SCAN_SHARE > len(sums)
        dense = [(weight, one) for weight, lists in query for one in lists.dense]
        if dense and len(sums) <= _SMALL:
            self._add_dense(dense, sums)
            dense, scan = [], True
        if scan:
            partial = sums if allowed is None else sums * allowed
            result = self._choose(dense, k, allowed, _Sums(partial))
            sums.fill(0)
        else:
            partial = sums.take(numbers)
            sums[numbers] = 0
            if allowed is not None:
                partial *= allowed.take(numbers)
            result = self._choose(dense, k, allowed, _Sums(partial, numbers, sums))
        # Given back only here: after an exception it may not be all zeros.
        self._local.zeros = sums
        return result

    def _take_zeros(self) -> Floats:
        zeros: Floats | None = getattr(self._local, "zeros", None)
        self._local.zeros = None
        return np.zeros(len(self._norms)) if zeros is None else zeros

    def _add_sparse(self, query: Sequence[WeightedTerm], sums: Floats) -> Numbers:
        """Add the sparse lists to ``sums``; the documents in them, some of them more than once."""
        numbers, impacts, unknown = [], [], []
        for weight, lists in query:
            for one in lists.sparse:
                if one.impacts is None:
                    unknown.append((weight, one))
                else:
                    numbers.append(one.documents)
                    impacts.append(one.impacts if weight == 1 else one.impacts * weight)
        if unknown:
            numbers += [one.documents for _, one in unknown]
            impacts += self._impacts_of(unknown)
        if not numbers:
            return np.zeros(0, np.int64)
        all_numbers = np.concatenate(numbers, dtype=np.int64)
        np.add.at(sums, all_numbers, np.concatenate(impacts))
        return all_numbers

    def _impacts_of(self, lists: Sequence[tuple[float, SparseList]]) -> list[Floats]:
        """The weighted impacts of each list; without the weights, they are remembered in the list, if there is room.

        All are worked out at once, because most lists are so short that the calls cost more than the work.
        """
        norms = self._norms.take(np.concatenate([one.documents for _, one in lists]))
        values = np.concatenate([one.frequencies for _, one in lists], dtype=np.float64)
        norms += values
        values /= norms
        remember = self._room > 0
        self._room -= len(values)
        impacts = []
        end = 0
        for weight, one in lists:
            start, end = end, end + len(one.documents)
            own = values[start:end]
            own *= one.idf * (K1 + 1)
            if remember:
                one.impacts = own
            impacts.append(own if weight == 1 else own * weight)
        return impacts

    def _add_dense(self, dense: Sequence[tuple[float, DenseList]], sums: Floats) -> None:
        for weight, one in dense:
            part = slice(one.first, one.first + len(one.frequencies))
            impacts = one.impacts
            if impacts is None:
                impacts = _impacts(one.idf, one.frequencies, self._norms[part])
                if self._room > 0:
                    self._room -= len(impacts)
                    one.impacts = impacts
            sums[part] += impacts if weight == 1 else impacts * weight

    def _choose(
        self,
        dense: Sequence[tuple[float, DenseList]],
        k: int,
        allowed: Mask | None,
        sums: _Sums,
    ) -> tuple[Numbers, Floats]:
        """The best documents, given the ``sums`` over sparse lists."""
        wanted = max(4 * k, 64) if dense else k if sums.numbers is None else 2 * k
        cut = _lower_bound(sums.values, wanted) * (1 - _DOUBLE_ERROR)
        found, scores = sums.at_least(cut)
        if len(found) < k and cut > 0:
            cut = 0.0
            found, scores = sums.at_least(cut)
        if not dense:
            return _greatest(found, scores, k)
        scores += self._dense_scores(dense, found)
        if len(scores) >= k:
            best = _nth_greatest(scores, k)
            more = sum(weight * one.idf * self._bound(one) for weight, one in dense)
            needed = best - more - _DOUBLE_ERROR * (best + more)
            if needed >= cut > 0:
                return _greatest(found, scores, k)
            if needed > 0:
                found, scores = sums.at_least(needed)
                if len(found) * _LOOK_SHARE < len(self._norms):
                    scores += self._dense_scores(dense, found)
                    return _greatest(found, scores, k)
        return self._choose_of_all(dense, k, allowed, sums.of_all(len(self._norms)))

    def _choose_of_all(
        self, dense: Sequence[tuple[float, DenseList]], k: int, allowed: Mask | None, partial: Floats
    ) -> tuple[Numbers, Floats]:
        """The best documents, after a look at all. ``partial`` (documents,) are sums over sparse lists."""
        if self._single_norms is None:
            self._single_norms = self._norms.astype(np.float32)
        rough = partial.astype(np.float32)
        values, divisors = np.empty(_CHUNK, np.float32), np.empty(_CHUNK, np.float32)
        for first, last, rows in _chunks(dense):
            norms, sums = self._single_norms[first:last], rough[first:last]
            impacts, divisor = values[: last - first], divisors[: last - first]
            for weight, frequencies in rows:
                np.add(norms, frequencies, out=divisor)
                np.multiply(frequencies, np.float32(weight * (K1 + 1)), out=impacts)
                impacts /= divisor
                sums += impacts
        if allowed is not None:
            rough *= allowed
        cut = _lower_bound(rough, k)
        numbers = np.flatnonzero(rough >= cut * (1 - _SINGLE_ERROR) if cut > 0 else rough > 0)
        return _greatest(numbers, partial[numbers] + self._dense_scores(dense, numbers), k)

    def _dense_scores(self, dense: Sequence[tuple[float, DenseList]], numbers: Numbers) -> Floats:
        """What dense lists add to the scores of ``numbers``; both (n,)."""
        frequencies = np.zeros((len(dense), len(numbers)))
        for place, (_, one) in enumerate(dense):
            if one.first == 0 and len(one.frequencies) == len(self._norms):
                frequencies[place] = one.frequencies[numbers]
            else:
                local = numbers - one.first
                inside = np.flatnonzero((local >= 0) & (local < len(one.frequencies)))
                frequencies[place, inside] = one.frequencies[local[inside]]
        impacts = frequencies * (K1 + 1)
        frequencies += self._norms[numbers]
        impacts /= frequencies
        impacts *= np.array([[weight * one.idf] for weight, one in dense])
        sums: Floats = impacts.sum(axis=0)
        return sums

    def _bound(self, dense: DenseList) -> float:
        """The greatest impact in a list, for an idf of 1."""
        known = self._bounds.get(dense.name)
        if known is None:
            norms = self._norms[dense.first : dense.first + len(dense.frequencies)]
            known = self._bounds[dense.name] = float(_impacts(1.0, dense.frequencies, norms).max(initial=0.0))
        return known


def _impacts(idf: float, frequencies: Frequencies, norms: Floats) -> Floats:
    """A term's impacts on documents with these frequencies and norms; all (n,)."""
    values = frequencies.astype(np.float64)
    impacts = values * (K1 + 1)
    impacts /= values + norms
    impacts *= idf
    return impacts


def _lower_bound(values: NDArray[np.floating[Any]], k: int) -> float:
    """A number that at least k of ``values`` reach, and few more; 0 if there are not k positive ones."""
    rows = len(values) // max(_COLUMNS, 4 * k)
    if rows > 3:
        columns = len(values) // rows
        values = values[: rows * columns].reshape(rows, columns).max(axis=0)
    return max(0.0, _nth_greatest(values, k)) if len(values) >= k else 0.0


def _nth_greatest(values: NDArray[np.floating[Any]], n: int) -> float:
    place = len(values) - n
    return float(np.partition(values, place)[place])


def _greatest(numbers: Numbers, scores: Floats, k: int) -> tuple[Numbers, Floats]:
    """Those with the k greatest scores, all that tie with the last of them, and perhaps a few others.

    Scores lose their last bits here: two that differ only by the order in which equal numbers were added are a tie.
    """
    mantissas, exponents = np.frexp(scores)
    scores = np.ldexp(np.rint(mantissas * 2.0**_SCORE_BITS), exponents - _SCORE_BITS)
    if len(scores) <= max(k, _FEW):
        return numbers, scores
    kept = np.flatnonzero(scores >= _nth_greatest(scores, k))
    return numbers[kept], scores[kept]


def _chunks(
    dense: Sequence[tuple[float, DenseList]],
) -> Iterator[tuple[int, int, list[tuple[float, Frequencies]]]]:
    """Pieces of the collection: first and last document, and each list's weight and frequencies between."""
    for begin in sorted({one.first for _, one in dense}):
        here = [(weight * one.idf, one.frequencies) for weight, one in dense if one.first == begin]
        length = len(here[0][1])
        for start in range(0, length, _CHUNK):
            end = min(start + _CHUNK, length)
            yield begin + start, begin + end, [(weight, row[start:end]) for weight, row in here]
