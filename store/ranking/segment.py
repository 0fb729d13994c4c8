"""An immutable part of the index: documents, the terms in them, and a posting list for each term.

A posting list is kept in one of two forms. A sparse list holds the numbers of the documents with the term,
ascending, and the term's frequency in each. A term in a good part of the documents has a dense list instead:
its frequency in every document, mostly a byte each, which can be read at any document without a search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.ranking.files import open_arrays, write_arrays
from store.ranking.vocabulary import Vocabulary, make_vocabulary, narrowed

# A term in more than one document of this many gets a dense list, in segments of this many documents or more.
DENSE_SHARE = 4
DENSE_FROM = 2048

_SLICE_POSTINGS = 1 << 21

Frequencies = NDArray[Any]  # unsigned, as narrow as the largest frequency allows


@dataclass(frozen=True, slots=True)
class Run:
    """Postings grouped by term: ``counts[i]`` of term ``terms[i]``, then those of ``terms[i + 1]``.

    Shapes: ``terms`` and ``counts`` (terms,), ``documents`` and ``frequencies`` (postings,). Documents of one
    term ascend, and its documents in a later run all come after those in an earlier one.
    """

    terms: NDArray[np.int64]
    counts: NDArray[np.int64]
    documents: NDArray[np.uint32]
    frequencies: Frequencies


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents ``first`` to ``first + len(ids)`` of the index, numbered there from 0, with their postings.

    Shapes: ``ids``, ``keys`` (ASCII bytes) and ``lengths`` (documents,); ``starts`` (terms + 1,), the sparse
    list of term t being ``documents[starts[t]:starts[t + 1]]`` and the same of ``frequencies``; ``dense``
    (dense terms, documents) and ``dense_terms`` (dense terms,), ascending, the term of each of its rows.
    Posted document numbers are those of the index, not of the segment. ``path`` is the file the segment is
    mapped from, None if it is in memory.
    """

    first: int
    ids: NDArray[np.int64]
    keys: NDArray[np.bytes_]
    lengths: NDArray[np.int64]
    vocabulary: Vocabulary
    starts: NDArray[np.uint32] | NDArray[np.int64]
    documents: NDArray[np.uint32]
    frequencies: Frequencies
    dense_terms: NDArray[np.int64]
    dense: Frequencies
    path: Path | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def document_frequencies(self, live: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """In how many live documents each term is. ``live`` (documents,), the result (terms,)."""
        counts = np.diff(self.starts).astype(np.int64)
        if not live.all():
            for start, part in _slices(self.documents):
                gone = np.flatnonzero(~live[part - np.uint32(self.first)])
                counts -= np.bincount(self._terms_at(gone + start), minlength=len(counts))
        for row, term in enumerate(self.dense_terms.tolist()):
            counts[term] = np.count_nonzero(self.dense[row][live])
        return counts.astype(np.uint32)

    def runs(self, live: NDArray[np.bool_], numbers: NDArray[np.uint32], terms: NDArray[np.int64]) -> Iterator[Run]:
        """The postings of live documents under other numbers, in runs of bounded size.

        ``live`` and ``numbers`` (documents,): which documents to keep, and the new number of each. ``terms``
        (terms,): the new number of each term.
        """
        for row, term in enumerate(self.dense_terms.tolist()):
            places = np.flatnonzero((self.dense[row] > 0) & live)
            if len(places):
                yield Run(terms[[term]], np.array([len(places)]), numbers[places], self.dense[row][places])
        for start, part in _slices(self.documents):
            local = part - np.uint32(self.first)
            kept = np.flatnonzero(live[local])
            present, counts = group(self._terms_at(kept + start))
            yield Run(terms[present], counts, numbers[local[kept]], self.frequencies[kept + start])

    def _terms_at(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The terms whose sparse lists have these places."""
        return np.asarray(np.searchsorted(self.starts, places, side="right") - 1, np.int64)

    def write(self, path: Path) -> None:
        """Write the segment to ``path``, in one step."""
        write_arrays(
            path,
            {
                "first": np.array([self.first], np.int64),
                "ids": self.ids,
                "keys": self.keys,
                "lengths": self.lengths,
                "starts": self.starts,
                "documents": self.documents,
                "frequencies": self.frequencies,
                "dense_terms": self.dense_terms,
                "dense": self.dense,
                **self.vocabulary.arrays(),
            },
        )

    @classmethod
    def open(cls, path: Path) -> Segment:
        """Map a segment's file into memory."""
        arrays = open_arrays(path)
        return cls(
            first=int(arrays["first"][0]),
            ids=arrays["ids"],
            keys=arrays["keys"],
            lengths=arrays["lengths"],
            vocabulary=Vocabulary.from_arrays(arrays),
            starts=arrays["starts"],
            documents=arrays["documents"],
            frequencies=arrays["frequencies"],
            dense_terms=arrays["dense_terms"],
            dense=arrays["dense"],
            path=path,
        )


def make_segment(
    first: int,
    ids: NDArray[np.int64],
    keys: NDArray[np.bytes_],
    lengths: NDArray[np.int64],
    terms: Sequence[str],
    runs: Sequence[Run],
) -> Segment:
    """Lay the postings of ``runs`` out by term. The runs' term numbers are places in ``terms``."""
    vocabulary, numbers = make_vocabulary(terms)
    counts = np.zeros(len(terms), np.int64)
    for run in runs:
        counts[numbers[run.terms]] += run.counts
    share = len(ids) // DENSE_SHARE if len(ids) >= DENSE_FROM else len(ids)
    dense_terms = np.flatnonzero(counts > share)
    row_of = np.full(len(terms), -1)
    row_of[dense_terms] = np.arange(len(dense_terms))
    starts = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(np.where(row_of < 0, counts, 0), out=starts[1:])
    largest = max((int(run.frequencies.max(initial=0)) for run in runs), default=0)
    kind = np.min_scalar_type(largest)
    documents = np.empty(starts[-1], np.uint32)
    frequencies = np.empty(starts[-1], kind)
    dense = np.zeros((len(dense_terms), len(ids)), kind)
    free = starts[:-1].copy()
    for run in runs:
        run_terms = numbers[run.terms]
        rows = np.repeat(row_of[run_terms], run.counts)
        in_dense = np.flatnonzero(rows >= 0)
        dense[rows[in_dense], run.documents[in_dense] - np.uint32(first)] = run.frequencies[in_dense]
        before = np.cumsum(run.counts) - run.counts
        places = np.repeat(free[run_terms] - before, run.counts) + np.arange(len(run.documents))
        sparse = np.flatnonzero(rows < 0)
        documents[places[sparse]] = run.documents[sparse]
        frequencies[places[sparse]] = run.frequencies[sparse]
        free[run_terms] += run.counts
    return Segment(first, ids, keys, lengths, vocabulary, narrowed(starts), documents, frequencies, dense_terms, dense)


def merge_segments(parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
    """One segment in place of adjoining ones, with the live documents of each (segment, live mask)."""
    first = parts[0][0].first
    known: dict[str, int] = {}
    runs: list[Run] = []
    next_number = first
    for segment, live in parts:
        terms = np.fromiter((known.setdefault(term, len(known)) for term in segment.vocabulary), np.int64)
        numbers = (np.cumsum(live) - 1 + next_number).astype(np.uint32)
        runs.extend(segment.runs(live, numbers, terms))
        next_number += int(np.count_nonzero(live))
    used = np.zeros(len(known), np.bool_)
    for run in runs:
        used[run.terms] = True
    renumbered = np.cumsum(used) - 1
    return make_segment(
        first,
        np.concatenate([segment.ids[live] for segment, live in parts]),
        np.concatenate([segment.keys[live] for segment, live in parts]),
        np.concatenate([segment.lengths[live] for segment, live in parts]),
        [term for term, is_used in zip(known, used.tolist(), strict=True) if is_used],
        [Run(renumbered[run.terms], run.counts, run.documents, run.frequencies) for run in runs],
    )


def group(ascending: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct values of an ascending array, and how often each is in it."""
    starts = np.flatnonzero(np.diff(ascending, prepend=-1))
    return ascending[starts], np.diff(starts, append=len(ascending))


def _slices(documents: NDArray[np.uint32]) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """Pieces of all postings, each with its place, to bound the memory that working on them takes."""
    for start in range(0, len(documents), _SLICE_POSTINGS):
        yield start, documents[start : start + _SLICE_POSTINGS]
