"""Ranking papers for a query or a question.

A query is read into index terms with weights: its own words, the concepts it speaks of, and what the archive's own
glossary and bracketed pairs say stands for them. The weights multiply BM25's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from store.concepts import concepts
from store.fusion import WeightedRanking, reciprocal_rank_fusion
from store.glossary import Glossary
from store.names import nearest_name, words_in
from store.ranking import InvertedIndex
from store.text.tokens import Form, Token, form_of, tokens_of
from store.vectors import Neighbours

# A list longer than this helps nobody; its tail has one common word in common with the query.
MAX_RESULTS = 100
# Characters of a query that are read; a longer text is no query.
MAX_QUERY = 256

# The weights below were chosen by what they do to the figures in docs/quality.md; all are flat around these values.
# A concept of the field and one that any text may speak of, and a word in an expression of a concept; other words: 1.
_FIELD_CONCEPT = 1.3
_PLAIN_CONCEPT = 1.0
_IN_CONCEPT = 0.5
# A word asked for n times counts n to this power, a word whose characters n words share n to minus this power, and an
# expression of n concepts speaks for each with n to minus this power.
_ROOT = 0.5
# What a translation from the glossary counts, times its own weight, and what a pair in brackets does.
_TRANSLATED = 0.3
_BRACKETED = 0.15
_LEAST_IDF = 0.01
# Words in a row that are looked up together, as an expression or as one name.
_LONGEST_EXPRESSION = 6
_LONGEST_NAME = 4
# Unknown words of a query that are compared with the archive's names.
_MOST_CORRECTED = 3
# Papers near by their vectors that take part in a ranking, and what their ranks count beside those by words. So little
# that a poor model does little harm: the nearest of all has to be third by words to come first.
_NEIGHBOURS = 20
_NEIGHBOURS_WEIGHT = 0.2

# What a question says of asking and of papers, whatever it is about.
_PHRASING = frozenset(
    """paper papers article articles someone anyone anything something looking look want find tell me please help
    想 想找 找 寻找 求 推荐 想要 想看 想知道 想问 有人 有无 哪篇 那篇 这篇 篇 论文 文章 叫 叫做 叫啥 名字 是不是 是否
    能不能 几个 几种 怎么办 咋 啥 请教 谢谢 大家 什么样 是多少""".split()
)


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query in the archive's terms.

    ``own`` are the query's own words with their weights in the ranking, 0 where no paper has the term. ``widened`` are
    terms that stand for the same: concepts, and words of the archive's glossary; none of them is in ``own``.
    ``corrected`` is the query as it was read where a mistyped name was taken for another one.
    """

    text: str
    own: Mapping[str, float]
    widened: Mapping[str, float] = field(default_factory=dict)
    corrected: str | None = None

    @property
    def weights(self) -> dict[str, float]:
        """All terms that some paper has, with their weights."""
        return {term: weight for term, weight in {**self.widened, **self.own}.items() if weight > 0}


class Ranked(NamedTuple):
    """A paper of a ranking; scores of one ranking can be compared with each other only."""

    key: str
    score: float


class Ranking(NamedTuple):
    """Papers, best first, with the query they were ranked for."""

    query: ReadQuery
    papers: list[Ranked]


class _Factors(NamedTuple):
    """By what BM25's weight of each term is multiplied."""

    own: dict[str, float]
    widened: dict[str, float]


class Searcher:
    """Ranks the papers of one load, inside one read transaction; by words, and by vectors too where there are any."""

    def __init__(self, index: InvertedIndex, database: Database, neighbours: Neighbours | None = None) -> None:
        self._index = index
        self._neighbours = neighbours
        self._database = database
        self._glossary = Glossary(database)

    def read(self, text: str) -> ReadQuery:
        """A query or question as it is looked for; its first 256 characters are read."""
        return self._read(text)[0]

    def rank(self, text: str, k: int, allowed: NDArray[np.bool_] | None = None) -> Ranking:
        """The k papers nearest to a query or question, best first, ties by key; fewer where fewer share a term or,
        with vectors, lie near.

        ``allowed`` is a mask of the index; papers outside it are left out.
        """
        query, factors = self._read(text)
        known = {term: factor for term, factor in (factors.widened | factors.own).items() if factor > 0}
        # A query that says nothing but that it asks is near to nothing.
        near = self._near(query, allowed) if factors.own else []
        if not near:
            return Ranking(query, [Ranked(*each) for each in self._index.top(known, k, allowed)])
        by_words = [key for key, _ in self._index.top(known, max(k, MAX_RESULTS), allowed)]
        mixed = reciprocal_rank_fusion([WeightedRanking(by_words), WeightedRanking(near, _NEIGHBOURS_WEIGHT)])
        return Ranking(query, [Ranked(*each) for each in mixed[:k]])

    def _near(self, query: ReadQuery, allowed: NDArray[np.bool_] | None) -> list[str]:
        """The papers nearest to a query by their vectors."""
        if self._neighbours is None:
            return []
        among = None if allowed is None else self._index.ids_in(allowed)
        return self._neighbours.nearest(query.corrected or query.text[:MAX_QUERY], _NEIGHBOURS, among)

    def _read(self, text: str) -> tuple[ReadQuery, _Factors]:
        form = form_of(text[:MAX_QUERY])
        corrected = self._corrected(form)
        if corrected:
            form = form_of(corrected)
        factors = self._factors(form)
        own, widened = ({term: factor * self._weight(term) for term, factor in each.items()} for each in factors)
        return ReadQuery(text, own, widened, corrected), factors

    def _weight(self, term: str) -> float:
        """A term's idf; a little where that is nothing (a term in half of a small archive), 0 where no paper has it."""
        return max(self._index.idf(term), _LEAST_IDF) if self._index.document_frequency(term) else 0.0

    def _factors(self, form: Form) -> _Factors:
        tokens = list(tokens_of(form))
        spoken = list(concepts().find(form, tokens))
        words = [token for token in tokens if token.term not in _PHRASING]
        own = _word_factors(words, spoken, len(form.text))
        own |= {name: 1.0 for name in self._joined_names(form) if name not in own}
        widened = _concept_factors(spoken)
        for term, factor in self._standing_for(own, words):
            if term not in own:
                widened[term] = max(factor, widened.get(term, 0.0))
        return _Factors(own, widened)

    def _standing_for(self, own: Mapping[str, float], words: Sequence[Token]) -> Iterator[tuple[str, float]]:
        """What the glossary and the digests' brackets say stands for the words and for several of them in a row."""
        for term, translations in self._glossary.translations(list(own)).items():
            for translation, weight in translations:
                yield translation, _TRANSLATED * own[term] * weight
        expressions = _expressions(words)
        for synonyms in self._glossary.synonyms(expressions).values():
            for synonym in synonyms:
                for term in synonym.split():
                    yield term, _BRACKETED

    def _joined_names(self, form: Form) -> Iterator[str]:
        """Names that the archive writes in one word and the query in several: ``qwen 2.5 7b``, ``evolve search``."""
        words = words_in(form)
        for start in range(len(words)):
            name = _letters_and_digits(words[start].term)
            for place in range(start + 1, min(start + _LONGEST_NAME, len(words))):
                if form.text[words[place - 1].end : words[place].start].strip(" -_"):
                    break
                name += _letters_and_digits(words[place].term)
                if self._index.document_frequency(name):
                    yield name

    def _corrected(self, form: Form) -> str | None:
        """The query with mistyped names set right; None where there are none."""
        text = form.text
        unknown = [word for word in words_in(form) if not self._is_known(word.term)]
        for word in reversed(unknown[:_MOST_CORRECTED]):
            if name := nearest_name(self._database, word.term):
                text = text[: word.start] + name + text[word.end :]
        return text if text != form.text else None

    def _is_known(self, word: str) -> bool:
        """Whether some paper has the word, or all its parts, or it is a word of the field."""
        form = form_of(word)
        tokens = list(tokens_of(form))
        whole = [token for token in tokens if (token.start, token.end) == (0, len(word))]
        parts = [token for token in tokens if token not in whole and token.term.isalpha()]
        return (
            any(self._index.document_frequency(token.term) for token in whole)
            or all(self._index.document_frequency(token.term) for token in parts or whole)
            or any(concepts().find(form, tokens))
        )


def has_words(text: str) -> bool:
    """Whether a text holds a letter, a digit or a Han character: anything that could be looked for."""
    return any(character.isalnum() for character in text)


def _word_factors(words: Sequence[Token], spoken: Sequence[Token], length: int) -> dict[str, float]:
    covering = [0] * length
    in_concept = [False] * length
    for token in words:
        for place in range(token.start, token.end):
            covering[place] += 1
    for token in spoken:
        for place in range(token.start, token.end):
            in_concept[place] = True
    factors: dict[str, float] = {}
    for token in words:
        size = token.end - token.start
        factor = (sum(covering[token.start : token.end]) / size) ** -_ROOT
        if 2 * sum(in_concept[token.start : token.end]) > size:
            factor *= _IN_CONCEPT
        factors[token.term] = max(factor, factors.get(token.term, 0.0))
    times = Counter(token.term for token in words)
    return {term: factor * times[term] ** _ROOT for term, factor in factors.items()}


def _concept_factors(spoken: Sequence[Token]) -> dict[str, float]:
    sharing = Counter((token.start, token.end) for token in spoken)
    times = Counter(token.term for token in spoken)
    is_plain = concepts().is_plain
    factors: dict[str, float] = defaultdict(float)
    for token in spoken:
        factor = _PLAIN_CONCEPT if is_plain(token.term) else _FIELD_CONCEPT
        factor *= (times[token.term] / sharing[token.start, token.end]) ** _ROOT
        factors[token.term] = max(factors[token.term], factor)
    return dict(factors)


def _expressions(words: Sequence[Token]) -> list[str]:
    """Up to six words in a row, as the archive keeps expressions: of overlapping words the longest."""
    chain: list[Token] = []
    for token in sorted(words, key=lambda token: (token.start, token.start - token.end)):
        if not chain or token.start >= chain[-1].end:
            chain.append(token)
    return [
        " ".join(token.term for token in chain[start:end])
        for start in range(len(chain))
        for end in range(start + 1, min(start + _LONGEST_EXPRESSION, len(chain)) + 1)
    ]


def _letters_and_digits(word: str) -> str:
    """A part of a name as the index has whole names: in lower case, without punctuation but the decimal point."""
    return re.sub(r"[^\w.]|_", "", word).casefold()
