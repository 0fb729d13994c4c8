"""Whether a question is about something the archive lacks.

No score can tell that: an unanswerable question shares as many words with some paper as a vague one does. What tells it
is what the archive lacks: names that nobody mentions, or not the paper that is nearest otherwise, and rare words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.concepts import MARK
from store.evidence import Clause, Statement
from store.mentions import PaperWords, has_digit, names_of
from store.questions import Question
from store.search import ReadQuery
from store.text.tokens import HAN, commonness, tokenize

_MANY_CONCEPTS = 8
# As many rare words, if the paper has them, make a question wholly known.
_MUCH = 4
# What a word counts for which the paper only has others.
_IN_OTHER_WORDS = 0.6
# A name in more papers than this rarity stands for is nobody's own.
_COMMON = 0.5
# The log odds from which a question is refused: a reader who gets the nearest papers in vain is worse off than one who
# gets them with a refusal, but better off than one whose answer is withheld.
DOUBTFUL = 0.4
# A name of other papers this rare, or more than this share of unknown words, is something that the archive lacks.
_ELSEWHERE, _UNKNOWN = 0.3, 0.02
_HAN = re.compile(f"[{HAN}]")
_VERSION = re.compile(r"[\d.]+|[a-z]|v?\d+[a-z]{0,2}")
# A Chinese word that is missing says nothing if it is this common (see ``commonness``), and the most if this rare.
_EVERYDAY, _RARE = -3.5, -5.5
# An English word that no paper has says less: an archive in Chinese has few of them.
_ENGLISH_WORD = 0.6


@dataclass(frozen=True)
class Knowledge:
    """What the archive knows of words: in how many of its ``papers`` a term is, and which terms stand for the same as a
    word."""

    papers: int
    frequency: Callable[[str], int]
    others: Callable[[str], Iterable[str]]

    def rarity(self, term: str) -> float:
        """1 for a term that at most one paper has, 0 for one that all have."""
        return 1 - math.log(max(self.frequency(term), 1)) / math.log(self.papers + 1)


class Signs(NamedTuple):
    """What speaks for and against the archive's having the answer, most of them 0 to 1; as weights they are log odds of
    its not having it."""

    certain: float  # 1 for every question
    nameless: float  # a name that no paper mentions
    elsewhere: float  # a name that the nearest paper does not mention: how rare it is in the archive
    own_name: float  # a rare name that the nearest paper goes by
    unknown: float  # share of the question's words that no paper has
    uncovered: float  # share of the question's words that the nearest paper lacks
    known: float  # how much the nearest paper has of the question, rare words counting most
    specific: float  # it asks for a figure
    familiar: float  # how many of the field's concepts it speaks of that the archive has, none to eight
    concepts: float  # share of the concepts it speaks of that the nearest paper has
    likely: float  # of the nearest paper's clauses the one that answers most likely


# Fitted to answerable and unanswerable questions by tests/bench/fit_answers.py (see docs/quality.md).
WEIGHTS = Signs(
    certain=1.62,
    nameless=1.78,
    elsewhere=1.37,
    own_name=-1.39,
    unknown=1.81,
    uncovered=1.52,
    known=-1.96,
    specific=1.36,
    familiar=-2.82,
    concepts=-1.02,
    likely=-0.88,
)


def is_lacking(signs: Signs) -> bool:
    """Whether the archive has no answer to the question with these signs."""
    return doubt(signs) > DOUBTFUL


def lacks_nothing(signs: Signs) -> bool:
    """Whether the archive knows every name and word of a question that asks for no figure, and an idea it speaks of.

    A short question can be doubtful for having little that could be known; refusing it would say that the archive has
    nothing on what it is about.
    """
    missing = signs.nameless or signs.specific or signs.elsewhere > _ELSEWHERE or signs.unknown > _UNKNOWN
    return not missing and signs.familiar > 0


def doubt(signs: Signs) -> float:
    """The log odds of the archive's not having the answer."""
    return float(sum(weight * value for weight, value in zip(WEIGHTS, signs, strict=True)))


def read_signs(
    question: Question,
    query: ReadQuery,
    knowledge: Knowledge,
    statements: Sequence[Statement],
    clauses: Sequence[Clause],
) -> Signs:
    """Compare a question with what is said of the paper nearest to it.

    Args:
        query: the question in the archive's terms.
        statements: everything that is said of that paper.
        clauses: the clauses of these, as they were judged.
    """
    paper = PaperWords(statements)
    nameless = elsewhere = own_name = 0.0
    named: set[str] = set()
    for name in names_of(question):
        terms = tokenize(name.text)
        if not terms:
            continue
        named.update(terms)
        if paper.mentions(name) or (not has_digit(name.key) and _any_of(knowledge.others(name.text), paper)):
            rare = max(knowledge.rarity(terms[0]) - _COMMON, 0.0) / (1 - _COMMON)
            own_name = max(own_name, rare * paper.ownership(name))
        elif not any(knowledge.frequency(term) for term in _telling(terms)):
            nameless = 1.0
        else:
            elsewhere = max(elsewhere, knowledge.rarity(terms[0]))
    weights = {term: _weight(term, value, knowledge, term in named) for term, value in query.own.items()}
    total = sum(weights.values()) or 1.0
    covered = known = 0.0
    for term, weight in weights.items():
        if term in paper.terms:
            covered += weight
            known += knowledge.rarity(term)
        elif _any_of(knowledge.others(term), paper):
            covered += _IN_OTHER_WORDS * weight
            known += _IN_OTHER_WORDS / 2
    concepts = [term for term in query.widened if term.startswith(MARK)]
    unknown = sum(weight for term, weight in weights.items() if not query.own[term] and term not in paper.terms)
    return Signs(
        certain=1.0,
        nameless=nameless,
        elsewhere=elsewhere,
        own_name=own_name,
        unknown=unknown / total,
        uncovered=1 - covered / total,
        known=min(known / _MUCH, 1.0),
        specific=float(question.asks_figure),
        familiar=min(sum(query.widened[term] > 0 for term in concepts) / _MANY_CONCEPTS, 1.0),
        concepts=sum(term in paper.terms for term in concepts) / len(concepts) if concepts else 0.0,
        likely=max((clause.likelihood for clause in clauses), default=0.0),
    )


def _any_of(terms: Iterable[str], paper: PaperWords) -> bool:
    return any(term in paper.terms for term in terms)


def _telling(terms: Sequence[str]) -> list[str]:
    """The parts of a name that are more than a number or a letter; else all of it."""
    return [term for term in terms if not _VERSION.fullmatch(term)] or list(terms[:1])


def _weight(term: str, value: float, knowledge: Knowledge, named: bool) -> float:
    """How much of a question a term is: 0 for a word that says nothing, 1 for a name or a rare word."""
    if value:
        return knowledge.rarity(term)
    if named:
        return 1.0
    if _HAN.search(term):
        return min(max((_EVERYDAY - commonness(term)) / (_EVERYDAY - _RARE), 0.0), 1.0)
    return _ENGLISH_WORD
