"""How likely each clause of a paper's digests is to hold the answer to a question.

A clause is judged by a logistic model over a dozen features that can be read off it: what it shares with the question,
whether it holds the kind of thing asked for and whether it says anything new.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rank_bm25 import BM25Okapi

from store.models import Language
from store.questions import Question
from store.sentences import Terms
from store.text.clauses import split_clauses
from store.text.figures import Figure, Name, find_figures, find_names
from store.text.tokens import tokenize

# Words in a web address are no names.
_LINK = re.compile(r"https?://\S+")
# What a word counts that does not stand in the part of the question that asks.
_OUT_OF_FOCUS = 0.3
# Of a paper that has hardly a word of the question, no clause counts as covering it: this share has to be there.
_LEAST_COVERED = 0.2


@dataclass(frozen=True)
class Statement:
    """A sentence that a digest says of a paper; ``terms`` are its index terms, a tuple for each of its clauses."""

    field: str
    language: Language
    text: str
    file: str
    terms: Terms

    @property
    def is_title(self) -> bool:
        return self.field in ("title_en", "title_zh")

    @cached_property
    def all_terms(self) -> frozenset[str]:
        return frozenset(term for clause in self.terms for term in clause)


class Features(NamedTuple):
    """What a clause is judged by. All are 0 to 1 (``certain`` is the intercept); as weights they are log odds."""

    certain: float  # 1 for every clause
    covered: float  # of the question's weight, words rare in the paper counting most; 1 is the best sentence's
    focused: float  # the same, the words that do not stand in the part of the question that asks counting little
    bm25: float  # its sentence's score; the best sentence of the paper has 1
    told: float  # share of what is asked for whose telling words it has
    right_figure: float  # a figure is asked for, and it has one in a unit that fits
    no_figure: float  # a figure is asked for, and it has none
    rare_name: float  # no figure is asked for, and it has a name: how rare that is in the archive
    common_name: float  # no figure is asked for, and it has a name: how often the paper says it
    far: float  # clauses between it and the one of its sentence that covers most of the question
    same_language: float
    title: float
    first: float  # it opens a summary or a note


# Fitted to questions with known answers by tests/bench/fit_answers.py (see docs/quality.md).
WEIGHTS = Features(
    certain=-4.08,
    covered=1.40,
    focused=2.16,
    bm25=0.16,
    told=1.73,
    right_figure=1.80,
    no_figure=-2.45,
    rare_name=1.80,
    common_name=-0.44,
    far=-0.45,
    same_language=0.25,
    title=-2.22,
    first=-0.80,
)


class Clause(NamedTuple):
    """A clause of the statement at ``statement``: its (start, end) characters, and how likely it answers (0 to 1)."""

    statement: int
    start: int
    end: int
    likelihood: float


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the question as read, its terms' weights, and how rare a term is in the archive (0 to 1)."""

    question: Question
    own: Mapping[str, float]
    widened: Mapping[str, float]
    rarity: Callable[[str], float]


def judge(wanted: Wanted, statements: Sequence[Statement]) -> list[Clause]:
    """Every clause of one paper's statements with its likelihood, in order."""
    return [
        Clause(statement, start, end, _likelihood(features))
        for statement, start, end, features in describe(wanted, statements)
    ]


def describe(wanted: Wanted, statements: Sequence[Statement]) -> list[tuple[int, int, int, Features]]:
    """Every clause of one paper's statements: the number of its statement, its span there and its features."""
    paper = _Paper(wanted, statements)
    return [
        (number, start, end, paper.features(number, clause, start, end))
        for number, statement in enumerate(statements)
        for clause, (start, end) in enumerate(split_clauses(statement.text))
    ]


def new_figures(question: Question, text: str) -> list[Figure]:
    """The figures of a text that the question does not state itself."""
    return [figure for figure in find_figures(text) if figure.key not in question.figures]


def new_names(question: Question, text: str, language: Language) -> list[Name]:
    """The names of a text that the question does not state itself."""
    names = find_names(_LINK.sub(lambda link: " " * len(link[0]), text), chinese=language == "zh")
    return [name for name in names if name.key not in question.names and name.key not in question.name_text]


class _Paper:
    """What the features of all clauses of one paper have in common."""

    def __init__(self, wanted: Wanted, statements: Sequence[Statement]) -> None:
        self.wanted = wanted
        self.statements = statements
        clauses = [[frozenset(terms) for terms in statement.terms] for statement in statements]
        self.clauses = clauses
        sentences = [statement.all_terms for statement in statements]
        frequency = Counter(term for terms in sentences for term in terms)
        most = math.log(len(statements) + 1)
        # A word that most sentences of the paper have tells none of them from the others.
        self.weights = {
            term: weight * math.log((len(statements) + 1) / (frequency[term] + 0.5)) / most
            for term, weight in {**wanted.widened, **wanted.own}.items()
            if term in frequency and weight > 0
        }
        self.shared = frozenset(self.weights)
        self.focused = {
            term: weight if term in wanted.question.focus else _OUT_OF_FOCUS * weight
            for term, weight in self.weights.items()
        }
        self.coverage = [[self._weight(terms, self.weights) for terms in parts] for parts in clauses]
        self.best_clauses = [_places_of_greatest(values) for values in self.coverage]
        least = _LEAST_COVERED * sum(max(weight, 0.0) for weight in {**wanted.widened, **wanted.own}.values()) or 1.0
        self.most_covered = max((self._weight(terms, self.weights) for terms in sentences), default=0.0)
        self.most_covered = max(self.most_covered, least)
        self.most_focused = max((self._weight(terms, self.focused) for terms in sentences), default=0.0)
        self.most_focused = max(self.most_focused, least)
        self.bm25 = _bm25(wanted.own, statements)
        question = wanted.question
        self.names = [
            [] if question.asks_figure else new_names(question, each.text, each.language) for each in statements
        ]
        self.rarities = {name.text: self._rarity(name.text) for names in self.names for name in names}
        self.name_counts = Counter(key for names in self.names for key in {name.key for name in names})

    def features(self, number: int, clause: int, start: int, end: int) -> Features:
        question = self.wanted.question
        statement = self.statements[number]
        text = statement.text[start:end]
        terms = self.clauses[number][clause]
        figures = new_figures(question, text) if question.asks_figure else []
        names = [name for name in self.names[number] if start <= name.start < end]
        nearest = min(abs(clause - best) for best in self.best_clauses[number])
        told = sum(words.search(text) is not None for words in question.evidence_words)
        return Features(
            certain=1.0,
            covered=self.coverage[number][clause] / self.most_covered,
            focused=self._weight(terms, self.focused) / self.most_focused,
            bm25=self.bm25[number],
            told=told / len(question.evidence_words) if told else 0.0,
            right_figure=float(any(figure.unit in question.units for figure in figures)),
            no_figure=float(question.asks_figure and not figures),
            rare_name=max((self.rarities[name.text] for name in names), default=0.0),
            common_name=max((min(self.name_counts[name.key] / 5, 1.0) for name in names), default=0.0),
            far=min(nearest / 4, 1.0),
            same_language=float(statement.language == question.language),
            title=float(statement.is_title),
            first=float(number > 0 and self.statements[number - 1].field != statement.field),
        )

    def _weight(self, terms: frozenset[str], weights: Mapping[str, float]) -> float:
        """What the terms weigh by ``self.weights`` or ``self.focused``."""
        # Exact, since a set has its terms in any order and the answer must not depend on it.
        return math.fsum(map(weights.__getitem__, terms & self.shared))

    def _rarity(self, name: str) -> float:
        return max((self.wanted.rarity(term) for term in tokenize(name)), default=0.0)


def _places_of_greatest(values: Sequence[float]) -> list[int]:
    greatest = max(values)
    return [place for place, value in enumerate(values) if value == greatest]


def _bm25(own: Mapping[str, float], statements: Sequence[Statement]) -> list[float]:
    """Each sentence's BM25 score for the question among the paper's sentences, the best one's being 1."""
    # rank-bm25 divides by the mean length: no sentence may be empty for all to be.
    corpus = [[term for terms in statement.terms for term in terms] or [""] for statement in statements]
    if not corpus:
        return []
    scores = [max(float(score), 0.0) for score in BM25Okapi(corpus).get_scores(list(own))]
    best = max(scores) or 1.0
    return [score / best for score in scores]


def _likelihood(features: Features) -> float:
    odds = sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-odds))
