"""The papers' words into the inverted index, once per changed paper, and into files tied to the load's commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from store.ranking import Document, InvertedIndex, UnreadableIndex
from store.ranking.storage import remove_unused
from store.text.tokens import tokenize

# A word of a title counts this many times: names and subjects are what papers are asked for by.
TITLE_WEIGHT = 2


class Said(NamedTuple):
    """A sentence that a digest says of a paper, with its index terms and the entry's field that it is from."""

    field: str
    language: str
    text: str
    terms: Sequence[str]

    @property
    def is_title(self) -> bool:
        return self.field in ("title_en", "title_zh")


def document(paper_id: int, key: str, authors: Iterable[str], said: Iterable[Said]) -> Document:
    """A paper as the index takes it: the terms of everything that all its digests say of it, and its authors' names."""
    frequencies = Counter(term for author in authors for term in tokenize(author))
    for sentence in said:
        for _ in range(TITLE_WEIGHT if sentence.is_title else 1):
            frequencies.update(sentence.terms)
    return Document(paper_id, key, frequencies)


def open_index(folder: Path, generation: int) -> InvertedIndex | None:
    """The index of a load; None where its files are missing or damaged, so that it has to be built anew."""
    try:
        return InvertedIndex.open(folder, generation)
    except (FileNotFoundError, UnreadableIndex):
        return None


def write_index(folder: Path, generation: int, index: InvertedIndex) -> None:
    """Write an index so that it can be opened once the archive's commit names its generation.

    Files of the generation before stay: readers go on using them until that commit. Older ones are deleted, and
    damaged ones, which nobody can use.
    """
    index.write(folder, generation)
    remove_unused(folder, keep={each for each in (generation, generation - 1) if open_index(folder, each) is not None})
