"""The names in a question, and which of them a paper's digests mention."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from store.evidence import Statement
from store.questions import Question
from store.text.figures import Name, find_names
from store.text.tokens import HAN, STOP_WORDS, normalize, tokenize

# rapidfuzz's ratio (0 to 100) from which a name of some length counts as another one mistyped.
_SAME_NAME = 88.0
_LONG_NAME = 6
# A name that this many statements of a paper have is the paper's own.
_OFTEN = 6
# The share of a question's words that begin with a capital from which capitals no longer mark names.
_SHOUTED = 0.6
# English words that begin questions and sentences; with a capital they are still no names.
_OPENERS = frozenset(
    "how what which who whom whose when where why is are was were do does did can could should would will has have"
    " had give tell list name find show explain describe compare according besides in on of for to with under the a an"
    " i".split()
)


def names_of(question: Question) -> list[Name]:
    """The names in a question: words with a digit or a capital, unless most words have a capital."""
    words = question.text.split()
    shouted = sum(word[:1].isupper() for word in words) > _SHOUTED * len(words)
    return [
        name
        for name in find_names(question.text, chinese=question.language == "zh")
        if len(name.key) > 1
        and not (name.text.islower() and name.text.isalpha())
        and name.text.lower() not in _OPENERS | STOP_WORDS
        and not (shouted and question.language == "en" and name.text.istitle())
    ]


class PaperWords:
    """What is said of a paper, made ready for looking up names."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.terms = {term for each in statements for terms in each.terms for term in terms}
        self._statements = statements

    @cached_property
    def _texts(self) -> list[str]:
        return _squashed("|".join(each.text.replace("|", " ") for each in self._statements)).split("|")

    @cached_property
    def _names(self) -> set[str]:
        return {name.key for each in self._statements for name in find_names(each.text, chinese=True)}

    def mentions(self, name: Name) -> bool:
        """Whether the paper's digests have the name in any spelling, whole or as the beginning of a longer one."""
        if any(self._having(name)):
            return True
        if len(name.key) < _LONG_NAME:
            return False
        # A mistyped letter makes no other name, but another number does.
        alike = (each for each in self._names if _digits(each) == _digits(name.key))
        return process.extractOne(name.key, alike, scorer=fuzz.ratio, score_cutoff=_SAME_NAME) is not None

    def ownership(self, name: Name) -> float:
        """How much a name is the paper's own, 0 to 1: it stands in the title, or many statements have it."""
        having = self._having(name)
        if any(has for has, statement in zip(having, self._statements, strict=True) if statement.is_title):
            return 1.0
        return min(sum(having) / _OFTEN, 1.0)

    def _having(self, name: Name) -> list[bool]:
        """For each statement whether it has the name, letter by letter."""
        if len(name.key) < _LONG_NAME and name.key.isalpha():
            # So short a name stands inside many words.
            terms = frozenset(tokenize(name.text))
            return [not terms.isdisjoint(each.all_terms) for each in self._statements]
        # A number goes on in neither direction: GPT-4 is not in GPT-41, nor 7B in 17B.
        before = r"(?<!\d)" if name.key[0].isdigit() else ""
        after = r"(?!\d)" if name.key[-1].isdigit() else ""
        pattern = re.compile(before + re.escape(name.key) + after)
        return [pattern.search(text) is not None for text in self._texts]


def has_digit(key: str) -> bool:
    return any(character.isdigit() for character in key)


def _digits(key: str) -> str:
    return "".join(character for character in key if character.isdigit())


def _squashed(text: str) -> str:
    return re.sub(rf"[^a-z0-9|{HAN}]", "", normalize(text))
