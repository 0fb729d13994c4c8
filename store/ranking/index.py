"""The index as the rest of the store sees it: built, changed, written, opened, asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.ranking import storage
from store.ranking.building import build_segment
from store.ranking.documents import Document
from store.ranking.files import Array
from store.ranking.lookup import Lookup
from store.ranking.scoring import Scorer, WeightedTerm
from store.ranking.segment import Segment, merge_segments
from store.ranking.statistics import Statistics, length_norms, make_statistics

Query = Mapping[str, float] | Sequence[str]

# Changes since the last full merge may be this share of the collection before everything is merged again.
_CHANGED_SHARE = 5
# A newer segment is merged with the one before it while that is at most this many times as large.
_GROWTH = 4
# A first segment smaller than this is merged rather than kept.
_SMALL = 1024


class InvertedIndex:
    """Posting lists of a collection, in segments of which all but the first are small.

    An index never changes: ``apply`` makes another one, which shares what did not change. A document that was
    replaced or removed stays in its segment, marked as not live, until segments are merged. Every score
    follows from the live documents alone, as if the index had just been built from them.
    """

    def __init__(self, segments: Sequence[Segment], statistics: Statistics) -> None:
        """Use ``build`` or ``open``."""
        self.segments = tuple(segments)
        self.statistics = statistics
        self._size = int(np.count_nonzero(statistics.live))
        self._all_ids = _joined([segment.ids for segment in segments])
        self._keys = _joined([segment.keys for segment in segments])
        lengths = _joined([segment.lengths for segment in segments])
        self._scorer = Scorer(length_norms(lengths, statistics.live))
        self._lookup = Lookup(segments, statistics, self._size, self._scorer)

    @classmethod
    def build(cls, documents: Iterable[Document]) -> InvertedIndex:
        """An index of ``documents`` in memory.

        Raises ValueError for an id given twice, a key too long or not ASCII, or a frequency below 1.
        """
        segment = build_segment(documents)
        live = np.ones(len(segment), np.bool_)
        counts = [segment.document_frequencies(live)]
        return cls([segment], make_statistics([segment], live, counts))

    def __len__(self) -> int:
        """How many live documents there are."""
        return self._size

    @property
    def ids(self) -> NDArray[np.int64]:
        """The live documents' ids, in the order that ``scores`` has."""
        return self._all_ids[self.statistics.live]

    def apply(self, changed: Iterable[Document], removed: Iterable[int] = ()) -> InvertedIndex:
        """The index with ``changed`` documents added or replaced (by id) and ``removed`` ids gone.

        An unknown id in ``removed`` is no error. Posting lists of unchanged documents are shared, not copied,
        except where segments are merged: small ones, and all once a fifth of the collection has changed.
        """
        newest = build_segment(changed, first=len(self._all_ids))
        gone = np.union1d(newest.ids, np.fromiter(removed, np.int64))
        live = self.statistics.live & ~self.mask(gone.tolist())
        parts = [(segment, self._part(live, segment)) for segment in self.segments]
        counts = list(self.statistics.counts)
        for place, (segment, part) in enumerate(parts):
            if np.count_nonzero(part) != np.count_nonzero(self._part(self.statistics.live, segment)):
                counts[place] = segment.document_frequencies(part)
        if len(newest):
            everything = np.ones(len(newest), np.bool_)
            parts.append((newest, everything))
            counts.append(newest.document_frequencies(everything))
        kept = _segments_to_keep(parts)
        if kept < len(parts) and not (kept == len(parts) - 1 and parts[-1][1].all()):
            merged = merge_segments(parts[kept:])
            everything = np.ones(len(merged), np.bool_)
            parts[kept:] = [(merged, everything)]
            counts[kept:] = [merged.document_frequencies(everything)]
        segments = [segment for segment, _ in parts]
        live = np.concatenate([part for _, part in parts])
        return InvertedIndex(segments, make_statistics(segments, live, counts))

    def write(self, folder: Path, generation: int) -> InvertedIndex:
        """Write the index beside its database, as ``generation``; the same index, now mapped from its files.

        Segments that are in ``folder`` already are not written again. The generation can be opened only once
        this has returned; a crash before that leaves files that ``remove_unused`` deletes.
        """
        storage.write_generation(folder, generation, self.segments, self.statistics)
        return self.open(folder, generation)

    @classmethod
    def open(cls, folder: Path, generation: int) -> InvertedIndex:
        """Open a generation memory-mapped.

        Raises FileNotFoundError where one of its files is missing and UnreadableIndex where one is damaged.
        """
        return cls(*storage.open_generation(folder, generation))

    def document_frequency(self, term: str) -> int:
        """In how many live documents ``term`` is."""
        return self._lookup.document_frequency(term)

    def idf(self, term: str) -> float:
        """BM25Okapi's weight of ``term``, its floor included; 0 where no live document has it."""
        lists = self._lookup.find(term)
        return lists.idf if lists else 0.0

    def mask(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        """Which documents have one of ``ids``: a mask for ``top``. Unknown ids are left out."""
        wanted = np.fromiter(ids, np.int64)
        mask = np.zeros(len(self._all_ids), np.bool_)
        if len(self._all_ids):
            places = np.searchsorted(self._all_ids, wanted, sorter=self._by_id, side="right") - 1
            numbers = self._by_id[np.maximum(places, 0)]
            mask[numbers[self._all_ids[numbers] == wanted]] = True
        return mask & self.statistics.live

    def ids_in(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The ids of the documents in a mask that ``mask`` made."""
        return self._all_ids[mask]

    @cached_property
    def _by_id(self) -> NDArray[np.int64]:
        """Document numbers by id; of those with the same id the live one last."""
        return np.lexsort((self.statistics.live, self._all_ids))

    def scores(self, query: Query) -> NDArray[np.float64]:
        """The score of every live document, (documents,), in the order of ``ids``; 0 where no term matches."""
        return self._scorer.scores(self._weighted(query))[0][self.statistics.live]

    def top(self, query: Query, k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[str, float]]:
        """The k best documents with a term of ``query``, best first, ties by key; fewer where fewer have one.

        ``query`` is terms, each as often as it was asked, or a positive weight for each term, by which its
        share of the scores is multiplied. ``allowed`` is a mask that ``mask`` made; documents outside it are
        left out.
        """
        if isinstance(query, str):
            raise TypeError("a query is a sequence of terms, not a text")
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        numbers, scores = self._scorer.best(self._weighted(query), k, allowed)
        keys = self._keys[numbers]
        order = np.lexsort((keys, -scores))[:k]
        return [
            (key.decode("ascii"), score)
            for key, score in zip(keys[order].tolist(), scores[order].tolist(), strict=True)
        ]

    def _weighted(self, query: Query) -> list[WeightedTerm]:
        weighted = []
        find = self._lookup.find
        for term, weight in query.items() if isinstance(query, Mapping) else [(term, 1.0) for term in query]:
            if not 0 < weight < math.inf:
                raise ValueError(f"the weight of {term!r} must be positive and finite, not {weight}")
            lists = find(term)
            if lists is not None:
                weighted.append((weight, lists))
        return weighted

    @staticmethod
    def _part(mask: NDArray[np.bool_], segment: Segment) -> NDArray[np.bool_]:
        return mask[segment.first : segment.first + len(segment)]


def _segments_to_keep(parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> int:
    """How many of the first segments stay as they are; the rest are to become one."""
    live = [int(np.count_nonzero(part)) for _, part in parts]
    changed = sum(live[1:]) + sum(len(segment) for segment, _ in parts) - sum(live)
    if len(parts[0][0]) < _SMALL or changed * _CHANGED_SHARE > sum(live):
        return 0
    kept = len(parts) - 1
    while kept > 1 and live[kept - 1] <= _GROWTH * sum(live[kept:]):
        kept -= 1
    return max(kept, 1)


def _joined(arrays: Sequence[Array]) -> Array:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
