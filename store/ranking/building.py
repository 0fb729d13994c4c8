"""Documents to a segment."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from store.ranking.documents import KEY_LENGTH, Document
from store.ranking.segment import Run, Segment, group, make_segment

# Postings are sorted in runs of this many, to bound the memory it takes.
_RUN_POSTINGS = 1 << 21


def build_segment(documents: Iterable[Document], first: int = 0) -> Segment:
    """Make a segment of ``documents``, numbered from ``first`` in the order given.

    Raises ValueError for an id given twice, a key that is too long or not ASCII, or a frequency below 1.
    """
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    ids: list[int] = []
    keys: list[bytes] = []
    lengths: list[int] = []
    runs: list[Run] = []
    terms, frequencies, sizes = array("I"), array("I"), array("I")
    run_first = first
    for document in documents:
        key = document.key.encode("ascii")
        if len(key) > KEY_LENGTH:
            raise ValueError(f"the key {document.key!r} is longer than {KEY_LENGTH} characters")
        if min(document.frequencies.values(), default=1) < 1:
            raise ValueError(f"{document.key} has a term with a frequency below 1")
        ids.append(document.id)
        keys.append(key)
        lengths.append(sum(document.frequencies.values()))
        terms.extend([known[term] for term in document.frequencies])
        frequencies.extend(document.frequencies.values())
        sizes.append(len(document.frequencies))
        if len(terms) >= _RUN_POSTINGS:
            runs.append(_sorted_run(terms, frequencies, sizes, run_first))
            terms, frequencies, sizes = array("I"), array("I"), array("I")
            run_first = first + len(ids)
    runs.append(_sorted_run(terms, frequencies, sizes, run_first))
    if len(set(ids)) != len(ids):
        raise ValueError("two documents have the same id")
    return make_segment(
        first,
        np.array(ids, np.int64),
        np.array(keys, f"S{KEY_LENGTH}"),
        np.array(lengths, np.int64),
        list(known),
        runs,
    )


def _sorted_run(terms: array[int], frequencies: array[int], sizes: array[int], first: int) -> Run:
    term_of = np.array(terms, np.int64)
    # Sorting (term, place) pairs packed into numbers is much faster than a stable sort of the terms.
    shift = max(len(terms), 1).bit_length()
    packed = np.sort((term_of << shift) | np.arange(len(terms)))
    order = packed & ((1 << shift) - 1)
    documents = np.repeat(np.arange(first, first + len(sizes), dtype=np.uint32), np.array(sizes, np.int64))
    counts_of = np.array(frequencies, np.uint32)
    narrow = np.min_scalar_type(int(counts_of.max(initial=0)))
    present, counts = group(packed >> shift)
    return Run(present, counts, documents[order], counts_of[order].astype(narrow))
