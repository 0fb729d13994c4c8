"""Synthetic papers for benchmarks: words by Zipf's law, as many in a paper as a digest gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VOCABULARY = 200_000
WORDS_A_PAPER = 180
QUERY_WORDS = 8

_BLOCK = 5000
# A word of rank r has a share in proportion to 1 / (r + this), which flattens the head as in real texts.
_FLATTENING = 2.7


@dataclass(frozen=True)
class Corpus:
    """``papers`` synthetic papers, the same ones each time they are iterated over."""

    papers: int
    seed: int = 1

    def __iter__(self) -> Iterator[list[str]]:
        """The words of each paper."""
        names = [f"w{rank}" for rank in range(VOCABULARY)]
        for block in self.blocks():
            for paper in block:
                yield [names[rank] for rank in paper.tolist()]

    def blocks(self) -> Iterator[list[NDArray[np.int64]]]:
        """The papers as arrays of word numbers, some thousands at a time."""
        shares = np.cumsum(1 / (np.arange(VOCABULARY) + 1 + _FLATTENING))
        for number, start in enumerate(range(0, self.papers, _BLOCK)):
            random = np.random.default_rng([self.seed, number])
            count = min(_BLOCK, self.papers - start)
            lengths = np.maximum(random.normal(WORDS_A_PAPER, WORDS_A_PAPER / 4, count).astype(np.int64), 10)
            words = np.searchsorted(shares, random.random(int(lengths.sum())) * shares[-1])
            yield np.split(words, np.cumsum(lengths)[:-1])

    def queries(self, kind: str, count: int) -> list[list[str]]:
        """Queries of eight words: ``running`` words as they come in texts, ``distinct`` words of one paper, or
        ``rare`` words."""
        random = np.random.default_rng([self.seed, 2**31])
        papers = next(self.blocks())
        words = np.concatenate(papers)
        queries = []
        for _ in range(count):
            if kind == "running":
                query = random.choice(words, QUERY_WORDS)
            elif kind == "distinct":
                paper = np.unique(papers[int(random.integers(len(papers)))])
                query = random.choice(paper, min(QUERY_WORDS, len(paper)), replace=False)
            else:
                query = random.integers(VOCABULARY // 500, VOCABULARY, QUERY_WORDS)
            queries.append([f"w{rank}" for rank in query.tolist()])
        return queries
