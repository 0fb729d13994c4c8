"""Ranking papers for a query or a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from store.ranking import InvertedIndex
from store.snippets import join_spans, mark  # noqa: F401
from store.text.tokens import tokenize

# A list longer than this helps nobody; its tail has one common word in common with the query.
MAX_RESULTS = 100
# Characters of a query that are read; a longer text is no query.
MAX_QUERY = 256


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query in the archive's terms.

    ``own`` are the query's own terms with their weights in the ranking, 0 where no paper has the term. ``widened`` are
    terms that stand for the same in other words or in the other language, none of them in ``own``.
    ``corrected`` is the query as it was read where a mistyped name was taken for another one.
    """

    text: str
    own: Mapping[str, float]
    widened: Mapping[str, float] = field(default_factory=dict)
    corrected: str | None = None

    @property
    def weights(self) -> dict[str, float]:
        """All terms that some paper has, with their weights."""
        return {term: weight for term, weight in (self.widened | self.own).items() if weight > 0}


class Ranked(NamedTuple):
    """A paper of a ranking; scores of one ranking can be compared with each other only."""

    key: str
    score: float


class Ranking(NamedTuple):
    """Papers, best first, with the query they were ranked for."""

    query: ReadQuery
    papers: list[Ranked]


class Searcher:
    """Ranks the papers of one load's index."""

    def __init__(self, index: InvertedIndex) -> None:
        self._index = index

    def read(self, text: str) -> ReadQuery:
        """A query or question as it is looked for; its first 256 characters are read."""
        counts = Counter(tokenize(text[:MAX_QUERY]))
        return ReadQuery(text, {term: count * self._index.idf(term) for term, count in counts.items()})

    def rank(self, text: str, k: int, allowed: NDArray[np.bool_] | None = None) -> Ranking:
        """The k papers nearest to a query or question, best first, ties by key; fewer where fewer share a word.

        ``allowed`` is a mask of the index; papers outside it are left out.
        """
        query = self.read(text)
        counts = Counter(term for term in tokenize(text[:MAX_QUERY]) if self._index.document_frequency(term))
        return Ranking(query, [Ranked(*each) for each in self._index.top(dict(counts), k, allowed)])


def has_words(text: str) -> bool:
    """Whether a text holds a letter, a digit or a Han character: anything that could be looked for."""
    return any(character.isalnum() for character in text)
