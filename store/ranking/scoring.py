"""BM25 over posting lists: the k best documents of a query without scoring every document.

Sparse lists are added up first. Terms with dense lists, the common ones, have a greatest impact: once the k-th best
score is known, a document that cannot reach it even with all of those is never looked at. Where that leaves too many
documents, all are scored roughly, in single precision, and those near the best ones exactly.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from store.ranking.postings import DenseList, Floats, SparseList, TermLists, impacts_of
from store.ranking.segment import Frequencies
from store.ranking.selection import Numbers, Sums, greatest, kth_greatest, lower_bound
from store.ranking.statistics import K1

Mask = NDArray[np.bool_]
WeightedTerm = tuple[float, TermLists]
# The weighted dense lists of a query, by the first document of their segment.
_Dense = dict[int, list[tuple[float, DenseList]]]

# Dense lists are added up in full in collections of up to this many documents.
_SMALL = 1 << 15
# Sums are gathered by document, not scanned, where there are less postings than one in this many documents.
_SCAN_SHARE = 4
# A second look goes to at most one document of this many; beyond that, to all of them.
_LOOK_SHARE = 32
# Impacts of lists that were asked for are remembered: this many a document, and this many in any case.
_REMEMBERED_A_DOCUMENT = 32
_REMEMBERED = 1 << 20
# More than the relative error of a sum of rounded numbers: in double precision, and for each term in single precision.
_DOUBLE_ERROR = 1e-11
_SINGLE_ERROR = 2.0**-21
# Documents scored at a time where all are, so that the work stays in a processor's cache.
_CHUNK = 1 << 14


class Scorer:
    """Scores documents by their ``norms`` (documents,), as ``statistics.length_norms`` gives them."""

    def __init__(self, norms: Floats) -> None:
        self._norms = norms
        self._single_norms: NDArray[np.float32] | None = None
        self._greatest_impacts: dict[tuple[int, int], float] = {}
        self._local = threading.local()
        self.forget()

    def forget(self) -> None:
        """Start to count remembered impacts anew, after the lists that hold them were let go."""
        self._room = max(_REMEMBERED, _REMEMBERED_A_DOCUMENT * len(self._norms))

    def scores(self, query: Sequence[WeightedTerm]) -> tuple[Floats, Mask]:
        """The score of every document, and which of them have a term of the query; both (documents,)."""
        sums = np.zeros(len(self._norms))
        touched = np.zeros(len(self._norms), np.bool_)
        for weight, lists in query:
            for sparse in lists.sparse:
                norms = self._norms[sparse.documents]
                sums[sparse.documents] += weight * impacts_of(sparse.idf, sparse.frequencies, norms)
                touched[sparse.documents] = True
            for dense in lists.dense:
                part = slice(dense.first, dense.first + len(dense.frequencies))
                sums[part] += weight * impacts_of(dense.idf, dense.frequencies, self._norms[part])
                touched[part] |= dense.frequencies > 0
        touched &= self._norms < np.inf
        return sums, touched

    def best(self, query: Sequence[WeightedTerm], k: int, allowed: Mask | None) -> tuple[Numbers, Floats]:
        """The numbers and scores of the k best documents, in no order, with all that tie with the last of them.

        There may be a few others. Only documents with a term of the query, and of ``allowed`` (documents,) where
        given, count.
        """
        numbers: list[NDArray[np.uint32]] = []
        impacts: list[Floats] = []
        unknown: list[tuple[float, SparseList]] = []
        dense: _Dense = {}
        for weight, lists in query:
            if lists.idf <= 0:
                return self._best_of_any(query, k, allowed)
            for sparse in lists.sparse:
                if sparse.impacts is None:
                    unknown.append((weight, sparse))
                else:
                    numbers.append(sparse.documents)
                    impacts.append(sparse.impacts if weight == 1 else sparse.impacts * weight)
            for one in lists.dense:
                dense.setdefault(one.first, []).append((weight, one))
        if unknown:
            numbers += [sparse.documents for _, sparse in unknown]
            impacts += self._new_impacts(unknown)
        return self._best(numbers, impacts, dense, k, allowed)

    def _best_of_any(self, query: Sequence[WeightedTerm], k: int, allowed: Mask | None) -> tuple[Numbers, Floats]:
        """The best documents where a term is worth nothing or less, as it takes a small collection to be.

        A document is then not told from an untouched one by its score, nor is that bounded by a sum of maxima.
        """
        sums, touched = self.scores(query)
        if allowed is not None:
            touched &= allowed
        numbers = np.flatnonzero(touched)
        return greatest(numbers, sums[numbers], k)

    def _best(
        self,
        lists: Sequence[NDArray[np.uint32]],
        impacts: Sequence[Floats],
        dense: _Dense,
        k: int,
        allowed: Mask | None,
    ) -> tuple[Numbers, Floats]:
        """The best documents, given the sparse lists' documents and their impacts, and the dense lists."""
        sums = self._take_zeros()
        numbers = np.concatenate(lists, dtype=np.int64) if lists else np.zeros(0, np.int64)
        if lists:
            np.add.at(sums, numbers, np.concatenate(impacts))
        scan = len(numbers) * _SCAN_SHARE > len(sums)
        if dense and len(sums) <= _SMALL:
            self._add_dense(dense, sums)
            dense, scan = {}, True
        if scan:
            partial = sums if allowed is None else sums * allowed
            result = self._choose(dense, k, allowed, Sums(partial))
            sums.fill(0)
        else:
            partial = sums.take(numbers)
            sums[numbers] = 0
            if allowed is not None:
                partial *= allowed.take(numbers)
            result = self._choose(dense, k, allowed, Sums(partial, numbers, sums))
        # Given back only here: after an exception it may not be all zeros.
        self._local.zeros = sums
        return result

    def _take_zeros(self) -> Floats:
        zeros: Floats | None = getattr(self._local, "zeros", None)
        self._local.zeros = None
        return np.zeros(len(self._norms)) if zeros is None else zeros

    def _new_impacts(self, lists: Sequence[tuple[float, SparseList]]) -> list[Floats]:
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

    def _add_dense(self, dense: _Dense, sums: Floats) -> None:
        for first, weighted in dense.items():
            for weight, one in weighted:
                part = slice(first, first + len(one.frequencies))
                impacts = one.impacts
                if impacts is None:
                    impacts = impacts_of(one.idf, one.frequencies, self._norms[part])
                    if self._room > 0:
                        self._room -= len(impacts)
                        one.impacts = impacts
                sums[part] += impacts if weight == 1 else impacts * weight

    def _choose(self, dense: _Dense, k: int, allowed: Mask | None, sums: Sums) -> tuple[Numbers, Floats]:
        """The best documents, given the ``sums`` over sparse lists."""
        wanted = max(4 * k, 64) if dense else k if sums.numbers is None else 2 * k
        cut = lower_bound(sums.values, wanted) * (1 - _DOUBLE_ERROR)
        found, scores = sums.at_least(cut)
        if len(found) < k and cut > 0:
            cut = 0.0
            found, scores = sums.at_least(cut)
        if not dense:
            return greatest(found, scores, k)
        scores += self._dense_scores(dense, found)
        if len(scores) >= k:
            best = kth_greatest(scores, k)
            more = self._bound(dense)
            needed = best - more - _DOUBLE_ERROR * (best + more)
            if needed >= cut > 0:
                return greatest(found, scores, k)
            if needed > 0:
                found, scores = sums.at_least(needed)
                if len(found) * _LOOK_SHARE < len(self._norms):
                    scores += self._dense_scores(dense, found)
                    return greatest(found, scores, k)
        return self._choose_of_all(dense, k, allowed, sums.of_all(len(self._norms)))

    def _choose_of_all(self, dense: _Dense, k: int, allowed: Mask | None, partial: Floats) -> tuple[Numbers, Floats]:
        """The best documents, after a look at all. ``partial`` (documents,) are sums over sparse lists."""
        rough = partial.astype(np.float32)
        all_norms = self._rough_norms()
        values, divisors = np.empty(_CHUNK, np.float32), np.empty(_CHUNK, np.float32)
        for first, last, rows in _chunks(dense):
            norms, sums = all_norms[first:last], rough[first:last]
            impacts, divisor = values[: last - first], divisors[: last - first]
            for weight, frequencies in rows:
                np.add(norms, frequencies, out=divisor)
                np.multiply(frequencies, np.float32(weight * (K1 + 1)), out=impacts)
                impacts /= divisor
                sums += impacts
        if allowed is not None:
            rough *= allowed
        terms = sum(len(weighted) for weighted in dense.values()) + 1
        cut = lower_bound(rough, k) * (1 - _SINGLE_ERROR * terms)
        numbers = np.flatnonzero(rough >= cut if cut > 0 else rough > 0)
        return greatest(numbers, partial[numbers] + self._dense_scores(dense, numbers), k)

    def _dense_scores(self, dense: _Dense, numbers: Numbers) -> Floats:
        """What dense lists add to the scores of ``numbers``; both (n,)."""
        sums = np.zeros(len(numbers))
        for first, weighted in dense.items():
            here: slice | Numbers = slice(None)
            local = numbers
            length = len(weighted[0][1].frequencies)
            if length < len(self._norms):
                here = np.flatnonzero((numbers >= first) & (numbers < first + length))
                local = numbers[here]
            frequencies = np.empty((len(weighted), len(local)))
            norms = self._norms.take(local)
            local = local - first
            for place, (_, one) in enumerate(weighted):
                frequencies[place] = one.frequencies.take(local)
            impacts = frequencies * (K1 + 1)
            frequencies += norms
            impacts /= frequencies
            impacts *= np.array([[weight * one.idf] for weight, one in weighted])
            sums[here] = impacts.sum(axis=0)
        return sums

    def _bound(self, dense: _Dense) -> float:
        """The most that dense lists can add to a score."""
        most = 0.0
        for first, weighted in dense.items():
            most = max(most, sum(weight * self._greatest_impact(first, one) for weight, one in weighted))
        return most

    def _greatest_impact(self, first: int, dense: DenseList) -> float:
        known = self._greatest_impacts.get(dense.name)
        if known is None:
            # An impact grows with tf / norm, of which one pass finds the greatest.
            norms = self._rough_norms()[first : first + len(dense.frequencies)]
            ratio = float((dense.frequencies / norms).max(initial=0)) * (1 + _SINGLE_ERROR)
            known = self._greatest_impacts[dense.name] = dense.idf * (K1 + 1) * ratio / (ratio + 1)
        return known

    def _rough_norms(self) -> NDArray[np.float32]:
        if self._single_norms is None:
            self._single_norms = self._norms.astype(np.float32)
        return self._single_norms


def _chunks(dense: _Dense) -> Iterator[tuple[int, int, list[tuple[float, Frequencies]]]]:
    """Pieces of the collection: first and last document, and each list's weight and frequencies between."""
    for begin, weighted in dense.items():
        lists = [(weight * one.idf, one.frequencies) for weight, one in weighted]
        length = len(lists[0][1])
        for start in range(0, length, _CHUNK):
            end = min(start + _CHUNK, length)
            yield begin + start, begin + end, [(weight, row[start:end]) for weight, row in lists]
