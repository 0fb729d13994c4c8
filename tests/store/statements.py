"""Statements and what is wanted of them, for tests of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from store.evidence import Statement, Wanted
from store.questions import read_question
from store.refusal import Knowledge
from store.sentences import split_terms
from store.text.languages import language_of
from store.text.tokens import tokenize


def make_statement(text: str, field: str = "summary_zh") -> Statement:
    return Statement(field, language_of(text), text, "2025-05-weekly.md", split_terms(text))


def make_wanted(question: str, rarity: Callable[[str], float] = lambda term: 1.0) -> Wanted:
    """What a question wants of an archive that has all its words, none more often than another."""
    return Wanted(read_question(question), dict.fromkeys(tokenize(question), 1.0), {}, rarity)


def make_knowledge(
    papers: int = 100,
    *,
    frequencies: dict[str, int] | None = None,
    others: Callable[[str], Iterable[str]] = lambda word: (),
) -> Knowledge:
    """An archive of ``papers`` in which terms are as often as ``frequencies`` says, others nowhere."""
    counts = frequencies or {}
    return Knowledge(papers, lambda term: counts.get(term, 0), others)
