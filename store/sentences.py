"""What an entry says, a sentence at a time: the evidence of answers and snippets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from store.concepts import terms_of
from store.models import Entry, Language
from store.text.clauses import split_clauses
from store.text.languages import language_of
from store.text.sentences import split_sentences

# The index terms of a sentence, a tuple for each of its clauses.
Terms = tuple[tuple[str, ...], ...]

# Sentences of a paper that are read for an answer or a snippet: many entries may tell of one paper.
MOST_READ = 1_000
# Where they are read from, and their order: that of the paper's digests, whichever of these was loaded first.
SENTENCES = "sentences JOIN entries ON entries.id = sentences.entry_id JOIN digests ON digests.id = entries.digest_id"
IN_ORDER = "digests.date, digests.name, entries.line, sentences.id"
_LONGEST_SENTENCE = 1_000  # characters
_MOST_QUOTED = 50_000  # characters of an entry
_LEAST_COUNTED = 50  # as many characters does a shorter sentence count for: ten thousand of one word are as slow


# Of a list in running text: quoted alone, an item has no mark.
_LIST_MARK = re.compile(r"^[-*•·]\s+")


class Sentence(NamedTuple):
    """A sentence of an entry; ``field`` is the entry's field, or for a note its heading."""

    field: str
    language: Language
    text: str


def sentences_of(entry: Entry) -> Iterator[Sentence]:
    """Titles, summaries, key points and notes of an entry, in that order. A title or a key point is one sentence.

    What would make a question wait is cut: a sentence of more than 1,000 characters into pieces, and what comes after
    the entry's first 50,000 is found by its words but not quoted. Real entries have a tenth of that.
    """
    left = _MOST_QUOTED
    for field, text in _parts(entry):
        for piece in _pieces(text):
            left -= max(len(piece), _LEAST_COUNTED)
            if left < 0:
                return
            yield Sentence(field, language_of(piece), piece)


def _parts(entry: Entry) -> Iterator[tuple[str, str]]:
    for field in ("title_en", "title_zh"):
        if text := getattr(entry, field):
            yield field, text
    for field in ("summary_en", "summary_zh"):
        for text in split_sentences(getattr(entry, field) or ""):
            yield field, _LIST_MARK.sub("", text)
    for point in entry.points:
        yield "points", point
    for note in entry.notes:
        for text in split_sentences(note.text):
            yield note.heading, _LIST_MARK.sub("", text)


def _pieces(text: str) -> Iterator[str]:
    while len(text) > _LONGEST_SENTENCE:
        cut = max(text.rfind(mark, 1, _LONGEST_SENTENCE) for mark in "，；,; ") + 1 or _LONGEST_SENTENCE
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text


def split_terms(sentence: str) -> Terms:
    """The index terms of a sentence, a tuple for each clause of ``split_clauses``."""
    return tuple(tuple(terms_of(sentence[start:end])) for start, end in split_clauses(sentence))


def to_column(terms: Terms) -> str:
    """Terms as archive.db keeps them: a clause a line, a space between terms (no term holds either)."""
    return "\n".join(" ".join(clause) for clause in terms)


def from_column(column: str) -> Terms:
    return tuple(tuple(clause.split(" ")) if clause else () for clause in column.split("\n"))
