"""From a term to its posting lists in all segments."""

from __future__ import annotations

from collections.abc import Sequence

from store.ranking.postings import DenseList, SparseList, TermLists
from store.ranking.scoring import Scorer
from store.ranking.segment import Segment
from store.ranking.statistics import Statistics, floored_idf
from store.ranking.vocabulary import encode

# Terms looked up once are remembered, as many as bear a fair share of the memory that the index takes.
_FEWEST_REMEMBERED = 1 << 12
_MOST_REMEMBERED = 1 << 14


class _Places:
    """A segment's arrays as a look-up wants them: memoryviews, which give single numbers faster than numpy does."""

    def __init__(self, place: int, segment: Segment, counts: memoryview) -> None:
        self.place = place
        self.segment = segment
        self.find = segment.vocabulary.find
        self.counts = counts
        self.starts = segment.starts.data
        self.rows = {term: row for row, term in enumerate(segment.dense_terms.tolist())}


class Lookup:
    """Posting lists by term. ``scorer`` may put what it works out into the lists, while they are remembered."""

    def __init__(self, segments: Sequence[Segment], statistics: Statistics, size: int, scorer: Scorer) -> None:
        self._segments = [
            _Places(place, segment, counts.data)
            for place, (segment, counts) in enumerate(zip(segments, statistics.counts, strict=True))
        ]
        self._size = size
        self._average_idf = statistics.average_idf
        self._scorer = scorer
        self._room = min(max(size // 4, _FEWEST_REMEMBERED), _MOST_REMEMBERED)
        self._remembered: dict[str, TermLists | None] = {}

    def find(self, term: str) -> TermLists | None:
        """A term's posting lists; None where no live document has it."""
        remembered = self._remembered
        # One look where it is there, two where there is nothing to find.
        lists = remembered.get(term)
        if lists is not None or term in remembered:
            return lists
        lists = self._find(term)
        if len(remembered) >= self._room:
            remembered.clear()
            self._scorer.forget()
        remembered[term] = lists
        return lists

    def document_frequency(self, term: str) -> int:
        """In how many live documents a term is."""
        text, digest = encode(term)
        numbers = ((one.counts, one.find(text, digest)) for one in self._segments)
        return sum(counts[number] for counts, number in numbers if number >= 0)

    def _find(self, term: str) -> TermLists | None:
        text, digest = encode(term)
        found = []
        frequency = 0
        for one in self._segments:
            number = one.find(text, digest)
            if number >= 0 and (live := one.counts[number]):
                frequency += live
                found.append((one, number))
        if not frequency:
            return None
        idf = floored_idf(self._size, frequency, self._average_idf)
        lists = TermLists(idf, [], [])
        for one, number in found:
            segment = one.segment
            row = one.rows.get(number)
            if row is None:
                start, end = one.starts[number], one.starts[number + 1]
                lists.sparse.append(SparseList(segment.documents[start:end], segment.frequencies[start:end], idf))
            else:
                lists.dense.append(DenseList(segment.first, segment.dense[row], idf, (one.place, row)))
        return lists
