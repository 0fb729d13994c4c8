"""What an entry says, a sentence at a time: the evidence of answers and snippets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from store.concepts import terms_of
from store.models import Entry, Language
from store.text.clauses import split_clauses
from store.text.languages import language_of
from store.text.sentences import split_sentences

# The index terms of a sentence, a tuple for each of its clauses.
Terms = tuple[tuple[str, ...], ...]


class Sentence(NamedTuple):
    """A sentence of an entry; ``field`` is the entry's field, or for a note its heading."""

    field: str
    language: Language
    text: str


def sentences_of(entry: Entry) -> Iterator[Sentence]:
    """Titles, summaries, key points and notes of an entry, in that order. A title or a key point is one sentence."""
    for field in ("title_en", "title_zh"):
        if text := getattr(entry, field):
            yield Sentence(field, language_of(text), text)
    for field in ("summary_en", "summary_zh"):
        for text in split_sentences(getattr(entry, field) or ""):
            yield Sentence(field, language_of(text), text)
    for point in entry.points:
        yield Sentence("points", language_of(point), point)
    for note in entry.notes:
        for text in split_sentences(note.text):
            yield Sentence(note.heading, language_of(text), text)


def split_terms(sentence: str) -> Terms:
    """The index terms of a sentence, a tuple for each clause of ``split_clauses``."""
    return tuple(tuple(terms_of(sentence[start:end])) for start, end in split_clauses(sentence))


def to_column(terms: Terms) -> str:
    """Terms as archive.db keeps them: a clause a line, a space between terms (no term holds either)."""
    return "\n".join(" ".join(clause) for clause in terms)


def from_column(column: str) -> Terms:
    return tuple(tuple(clause.split(" ")) if clause else () for clause in column.split("\n"))
