"""The papers' words into the inverted index, once per changed paper, and into files tied to the load's commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from store.merge import SourcedEntry
from store.models import Entry
from store.ranking import Document, InvertedIndex, UnreadableIndex
from store.ranking.storage import remove_unused
from store.text.tokens import tokenize


def document(paper_id: int, key: str, entries: Iterable[SourcedEntry]) -> Document:
    """A paper as the index takes it: the words of everything that all its digests say of it."""
    frequencies = Counter(term for each in entries for text in _texts(each.entry) for term in tokenize(text))
    return Document(paper_id, key, frequencies)


def open_index(folder: Path, generation: int) -> InvertedIndex | None:
    """The index of a load; None where its files are missing or damaged, so that it has to be built anew."""
    try:
        return InvertedIndex.open(folder, generation)
    except (FileNotFoundError, UnreadableIndex):
        return None


def write_index(folder: Path, generation: int, index: InvertedIndex) -> None:
    """Write an index so that it can be opened once the archive's commit names its generation.

    Files of the generation before stay: readers go on using them until that commit. Older ones are deleted.
    """
    index.write(folder, generation)
    remove_unused(folder, keep={generation, generation - 1})


def _texts(entry: Entry) -> Iterator[str]:
    for text in (entry.title_en, entry.title_zh, entry.summary_en, entry.summary_zh):
        if text:
            yield text
    yield from entry.authors
    yield from entry.points
    for note in entry.notes:
        yield note.text
