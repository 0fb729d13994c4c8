"""What an entry says, a sentence at a time: the evidence of answers and snippets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from store.models import Entry, Language
from store.text.languages import language_of
from store.text.sentences import split_sentences


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
