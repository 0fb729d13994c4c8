"""Which papers match words that somebody waits for.

Searching ranks whatever shares a word with the query; waiting wants only what has all of it: every word, or a concept
it speaks of in whichever language, every phrase and filter, and nothing that is excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from store.concepts import MARK, locate_terms, terms_of
from store.models import Paper
from store.query import Filter, QueryError, parse_query
from store.text.tokens import Token, normalize

MAX_WORDS = 256  # characters of what is waited for

# What says that papers are wanted, not which.
_PHRASING = frozenset("paper papers article articles new about 论文 文章 新 关于 有关 相关".split())


class Waited:
    """What somebody waits for, in the search language.

    Raises:
        QueryError: it cannot be understood.
    """

    def __init__(self, text: str) -> None:
        query = parse_query(text[:MAX_WORDS])
        terms = [token for token in locate_terms(query.words) if token.term not in _PHRASING]
        concepts = [token for token in terms if token.term.startswith(MARK)]
        # A word is there itself, or in a concept that an expression with it speaks of.
        self._wanted = [
            {token.term} | {concept.term for concept in concepts if _covers(concept, token)}
            for token in terms
            if token not in concepts
        ]
        self._phrases = [_spaced(phrase) for phrase in query.phrases]
        self._without = [_spaced(phrase) for phrase in query.without]
        self._filters = query.filters

    @property
    def says_something(self) -> bool:
        """Whether anything is left that a paper could have: "the" and "of" are not."""
        return bool(self._wanted or self._phrases or self._filters)

    def matches(self, paper: Paper) -> bool:
        """Whether a paper has all of it."""
        return self.fits(_Said(paper))

    def fits(self, said: _Said) -> bool:
        """Whether what is said of a paper has all of it."""
        return (
            self.says_something
            and all(not said.terms.isdisjoint(terms) for terms in self._wanted)
            and all(said.has(phrase) for phrase in self._phrases)
            and not any(said.has(phrase) for phrase in self._without)
            and all(said.fits(each) for each in self._filters)
        )


def match(waited: Iterable[str], papers: Sequence[Paper]) -> dict[str, list[Paper]]:
    """For each text that is waited for, the papers that match it, in their order; none for one that is not understood
    any more, since the topic it names has gone."""
    said = [(paper, _Said(paper)) for paper in papers]
    found: dict[str, list[Paper]] = {}
    for text in waited:
        try:
            wanted = Waited(text)
        except QueryError:
            found[text] = []
        else:
            found[text] = [paper for paper, each in said if wanted.fits(each)]
    return found


class _Said:
    """What the digests say of a paper, as it is compared."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        notes = (part for note in paper.notes for part in (note.heading, note.text))
        titles_and_texts = (paper.title_en, paper.title_zh, paper.summary_en, paper.summary_zh)
        texts = [text for text in (*titles_and_texts, *paper.points, *notes) if text]
        self.terms = frozenset(term for text in texts for term in terms_of(text))
        self._texts = [f" {_spaced(text)} " for text in texts]

    def has(self, phrase: str) -> bool:
        """Whether some text says the phrase, words whole; Chinese has no spaces around its words."""
        wanted = f" {phrase} " if phrase.isascii() else phrase
        return any(wanted in text for text in self._texts)

    def fits(self, condition: Filter) -> bool:
        """Whether the paper fits a filter; what is unknown of it fits none, wanted or not."""
        paper, value = self._paper, condition.value.casefold()
        match condition.field:
            case "topic":
                known, fitting = True, value in paper.topics
            case "from" | "to":
                published = paper.published or ""
                length = min(len(published), len(value))
                known, said = bool(published), published[:length]
                fitting = said >= value[:length] if condition.field == "from" else said <= value[:length]
            case "source":
                known, fitting = True, any(value in source.file.casefold() for source in paper.sources)
            case "author":
                known, fitting = True, any(value in author.casefold() for author in paper.authors)
            case "has":
                known, fitting = True, paper.code_url is not None
            case "id":
                known, fitting = paper.arxiv_id is not None, (paper.arxiv_id or "").startswith(value)
        return known and fitting is condition.wanted


def _covers(expression: Token, word: Token) -> bool:
    return expression.start <= word.start and word.end <= expression.end


def _spaced(text: str) -> str:
    """``text`` as phrases are compared: one form, words between single spaces, without what stands between them."""
    return " ".join("".join(char if char.isalnum() else " " for char in normalize(text)).split())
