"""Finding the greatest of many scores without sorting them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

# So few documents are not worth telling apart before they are sorted.
_FEW = 48
# Scores are looked at in this many columns, whose greatest values give a bound for the k-th best.
_COLUMNS = 256
# So many of the 52 bits after a score's first one are noise from the order in which numbers were added.
_NOISY_BITS = 12

_NONE = np.zeros(0)


class Sums(NamedTuple):
    """Scores so far: ``values`` (n,) of the documents ``numbers`` (n,), which may repeat, or of all documents.

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


def lower_bound(values: NDArray[np.floating[Any]], k: int) -> float:
    """A number that at least k of ``values`` reach, and few more; 0 if there are not k positive ones."""
    rows = len(values) // max(_COLUMNS, 4 * k)
    if rows > 3:
        columns = len(values) // rows
        values = values[: rows * columns].reshape(rows, columns).max(axis=0)
    return max(0.0, kth_greatest(values, k)) if len(values) >= k else 0.0


def kth_greatest(values: NDArray[np.floating[Any]], k: int) -> float:
    """The k-th greatest of ``values`` (at least k,)."""
    values = values.copy()
    values.partition(len(values) - k)
    return float(values[len(values) - k])


def greatest(numbers: Numbers, scores: Floats, k: int) -> tuple[Numbers, Floats]:
    """Those with the k greatest scores, all that tie with the last of them, and perhaps a few others.

    Scores lose their last bits here: two that differ only by the order in which equal numbers were added are a tie.
    """
    bits = scores.view(np.int64) + (1 << _NOISY_BITS >> 1)
    scores = (bits & -(1 << _NOISY_BITS)).view(np.float64)
    if len(scores) <= max(k, _FEW):
        return numbers, scores
    kept = np.flatnonzero(scores >= kth_greatest(scores, k))
    return numbers[kept], scores[kept]
