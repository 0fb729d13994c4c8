"""The terms of a segment as a hash table in arrays, so that opening an index builds no dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from store.ranking.files import Array


def encode(term: str) -> tuple[bytes, int]:
    """A term's bytes and its hash, the same in every process (Python's own ``hash`` is not)."""
    text = term.encode("utf-8", "surrogatepass")
    return text, crc32(text)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms numbered from 0, in the order of their hash buckets.

    ``text`` holds all terms' bytes; term t is ``text[ends[t]:ends[t + 1]]``. The terms of bucket b are
    numbered from ``buckets[b]`` to ``buckets[b + 1]``; there are a power of two buckets, about one a term.
    """

    text: memoryview
    ends: memoryview
    buckets: memoryview

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __iter__(self) -> Iterator[str]:
        text, ends = bytes(self.text), self.ends.tolist()
        for start, end in pairwise(ends):
            yield text[start:end].decode("utf-8", "surrogatepass")

    def find(self, term: bytes, digest: int) -> int:
        """The number of a term given as ``encode`` gives it; -1 where the segment lacks it."""
        buckets, ends, text = self.buckets, self.ends, self.text
        bucket = digest & (len(buckets) - 2)
        for number in range(buckets[bucket], buckets[bucket + 1]):
            if text[ends[number] : ends[number + 1]] == term:
                return number
        return -1

    def arrays(self) -> dict[str, Array]:
        """What a file keeps of it; ``from_arrays`` reads it back."""
        return {
            "vocabulary_text": np.asarray(self.text),
            "vocabulary_ends": np.asarray(self.ends),
            "vocabulary_buckets": np.asarray(self.buckets),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> Vocabulary:
        return cls(
            arrays["vocabulary_text"].data,
            arrays["vocabulary_ends"].data,
            arrays["vocabulary_buckets"].data,
        )


def make_vocabulary(terms: Sequence[str]) -> tuple[Vocabulary, NDArray[np.int64]]:
    """Make a vocabulary of distinct terms.

    Returns it and, for each of ``terms``, its number in the vocabulary.
    """
    encoded = [encode(term) for term in terms]
    # One bucket more than a power of two, so that the last one has an end; the mask is then len(buckets) - 2.
    count = 1 << max(0, len(terms) - 1).bit_length()
    bucket_of = np.fromiter((digest & (count - 1) for _, digest in encoded), np.int64, len(terms))
    order = np.argsort(bucket_of, kind="stable")
    numbers = np.empty(len(terms), np.int64)
    numbers[order] = np.arange(len(terms))
    sorted_texts = [encoded[place][0] for place in order.tolist()]
    ends = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, sorted_texts), np.int64, len(terms)), out=ends[1:])
    buckets = np.zeros(count + 1, np.uint32)
    np.cumsum(np.bincount(bucket_of, minlength=count), out=buckets[1:])
    text = np.frombuffer(b"".join(sorted_texts), np.uint8)
    return Vocabulary(text.data, narrowed(ends).data, buckets.data), numbers


def narrowed(numbers: NDArray[np.int64]) -> NDArray[np.uint32] | NDArray[np.int64]:
    """Ascending numbers in half the room, where they allow it."""
    return numbers.astype(np.uint32) if numbers[-1] < 1 << 32 else numbers
