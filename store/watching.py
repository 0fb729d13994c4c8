"""Which papers match words that somebody waits for.

Searching ranks whatever shares a word with the query; waiting wants only what has all of it: every word or something
that stands for the same, every phrase, and nothing that is excluded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from store.models import Paper
from store.text.tokens import normalize, tokenize

MAX_WORDS = 256  # characters of what is waited for

_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
_FIELD = re.compile(r"(?P<name>topic|from|to|source|author|has|id):(?P<value>.+)", re.IGNORECASE)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "－": "-", "–": "-", "—": "-"})

# The terms that stand for the same as a term, in other words or in the other language.
Others = Callable[[str], Iterable[str]]


def match(waited: Iterable[str], papers: Sequence[Paper], others: Others) -> dict[str, list[Paper]]:
    """For each text that is waited for, the papers that match it, in their order."""
    texts = [(paper, _Texts(paper)) for paper in papers]
    return {words: [paper for paper, said in texts if Waited(words).fits(said, others)] for words in waited}


@dataclass(frozen=True)
class _Condition:
    """One part of what is waited for."""

    terms: tuple[str, ...] = ()
    phrase: str | None = None
    field: str | None = None
    value: str = ""
    wanted: bool = True


class Waited:
    """Words that somebody waits for, in the search language: words, ``"phrases"``, ``-without``, ``field:value``."""

    def __init__(self, text: str) -> None:
        self.conditions = tuple(_conditions(text[:MAX_WORDS]))

    @property
    def says_something(self) -> bool:
        """Whether it asks for anything at all: exclusions alone would match nearly every paper."""
        return any(condition.wanted for condition in self.conditions)

    def matches(self, paper: Paper, others: Others) -> bool:
        """Whether a paper has all of it."""
        return self.fits(_Texts(paper), others)

    def fits(self, said: _Texts, others: Others) -> bool:
        """Whether what is said of a paper has all of it."""
        return self.says_something and all(
            said.meets(condition, others) is condition.wanted for condition in self.conditions
        )


class _Texts:
    """What the digests say of a paper, as it is compared."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        notes = (part for note in paper.notes for part in (note.heading, note.text))
        said: Sequence[str | None] = (
            paper.title_en, paper.title_zh, paper.summary_en, paper.summary_zh, *paper.points, *notes,
        )  # fmt: skip
        self._said = [text for text in said if text]
        self._terms = {term for text in self._said for term in tokenize(text)}

    def meets(self, condition: _Condition, others: Others) -> bool:
        if condition.field:
            return self._field(condition.field, condition.value)
        if condition.phrase is not None:
            return any(condition.phrase in _spaced(text) for text in self._said)
        return all(term in self._terms or self._stands_for(term, others) for term in condition.terms)

    def _stands_for(self, term: str, others: Others) -> bool:
        return not self._terms.isdisjoint(others(term))

    def _field(self, name: str, value: str) -> bool:
        paper, value = self._paper, value.casefold()
        published = paper.published or ""
        match name:
            case "topic":
                return value in paper.topics
            case "from":
                return published >= value[: len(published)] and bool(published)
            case "to":
                return published[: len(value)] <= value and bool(published)
            case "source":
                return any(value in source.file.casefold() for source in paper.sources)
            case "author":
                return any(value in normalize(author) for author in paper.authors)
            case "has":
                return value == "code" and paper.code_url is not None
            case _:
                return (paper.arxiv_id or "").startswith(value)


def _conditions(text: str) -> Iterable[_Condition]:
    for match in _TERM.finditer(unicodedata.normalize("NFKC", text).translate(_QUOTES)):
        wanted = match["minus"] is None
        if match["phrase"] is not None:
            if phrase := _spaced(match["phrase"]).strip():
                yield _Condition(phrase=phrase, wanted=wanted)
        elif field := _FIELD.fullmatch(match["word"]):
            yield _Condition(field=field["name"].casefold(), value=field["value"].strip('"'), wanted=wanted)
        elif terms := tuple(dict.fromkeys(tokenize(match["word"]))):
            yield _Condition(terms=terms, wanted=wanted)


def _spaced(text: str) -> str:
    """``text`` as phrases are compared: one form, single spaces."""
    return " ".join(normalize(text).split())
