"""The clauses that most likely answer, put together into an answer of at most 240 columns, and its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from store.evidence import Clause, Statement, new_figures, new_names
from store.models import Evidence, Hit
from store.questions import Question
from store.text.columns import width, widths
from store.text.figures import Figure, Name

MAX_COLUMNS = 240
MAX_PASSAGES = 3
# Between passages that do not follow each other in the digest.
BETWEEN = " … "
# Part of a sentence is quoted if it is at least this many columns wide; shorter ones are not understood alone.
_SHORTEST_PART = 30
# A whole sentence is preferred to a part that is this much likelier, and one passage to two.
_CUT = 0.005
_ANOTHER = 0.005
_LEAST_GAIN = 0.02
# Statements that are looked at, passages that are tried as the first, that are tried beside it, and of one sentence.
_STATEMENTS = 14
_FIRSTS = 6
_CANDIDATES = 24
_OF_ONE_SENTENCE = 3
_TRAILING = " ,，、;；:：—–-"


@dataclass(frozen=True)
class Passage:
    """Clauses of one statement, quoted: ``likelihood`` is that of the answer being among them (0 to 1)."""

    statement: int
    start: int
    end: int
    text: str
    likelihood: float
    whole: bool
    terms: frozenset[str]
    columns: int


def choose_passages(
    clauses: Sequence[Clause], statements: Sequence[Statement], columns: int = MAX_COLUMNS
) -> list[Passage]:
    """The passages that together most likely hold the answer and fit into ``columns``, likeliest first.

    A passage that says what another one says adds nothing; at most three are chosen.
    """
    candidates = _candidates(clauses, statements, columns)
    best: list[Passage] = []
    best_value = 0.0
    for first in candidates[:_FIRSTS]:
        chosen, value = _extend(first, candidates, columns)
        if value > best_value:
            best, best_value = chosen, value
    return sorted(best, key=lambda passage: -passage.likelihood)


def answer_text(passages: Sequence[Passage]) -> str:
    """The passages as one text."""
    return BETWEEN.join(passage.text for passage in passages)


def evidence_of(
    question: Question, passages: Sequence[Passage], statements: Sequence[Statement], hit: Hit
) -> tuple[Evidence, ...]:
    """The sentences that the passages come from, with the spans of what was asked for."""
    return tuple(
        make_evidence(hit, said, _asked_for(question, passage, said))
        for passage in passages
        for said in [statements[passage.statement]]
    )


def make_evidence(hit: Hit, said: Statement, matches: tuple[tuple[int, int], ...]) -> Evidence:
    """What is said of a paper as evidence; ``matches`` are the spans of what was asked for."""
    return Evidence(
        key=hit.key,
        arxiv_id=hit.arxiv_id,
        sentence=said.text,
        language=said.language,
        title_en=hit.title_en,
        title_zh=hit.title_zh,
        file=said.file,
        matches=matches,
    )


def _asked_for(question: Question, passage: Passage, statement: Statement) -> tuple[tuple[int, int], ...]:
    """The figures or names of a passage that the question may want, as spans of its sentence."""
    text = statement.text[passage.start : passage.end]
    found: Sequence[Figure | Name]
    if question.asks_figure:
        figures = new_figures(question, text)
        found = [figure for figure in figures if figure.unit in question.units] or figures
    else:
        found = new_names(question, text, statement.language)
    spans: list[tuple[int, int]] = []
    for each in found:
        start, end = passage.start + each.start, passage.start + each.end
        if spans and statement.text[spans[-1][1] : start] == " ":  # a name of several words
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _candidates(clauses: Sequence[Clause], statements: Sequence[Statement], columns: int) -> list[Passage]:
    """The likeliest runs of clauses that fit, a few of each sentence."""
    of_statement: dict[int, list[Clause]] = defaultdict(list)
    for clause in clauses:
        # What ends in a colon only announces what follows it.
        if statements[clause.statement].text[-1:] not in ("：", ":"):
            of_statement[clause.statement].append(clause)
    likeliest = sorted(
        of_statement, key=lambda number: max(clause.likelihood for clause in of_statement[number]), reverse=True
    )
    passages: list[Passage] = []
    for number in likeliest[:_STATEMENTS]:
        parts = of_statement[number]
        runs = sorted(_runs(parts, statements[number], columns), key=_worth, reverse=True)
        passages.extend(runs[:_OF_ONE_SENTENCE])
    passages.sort(key=_worth, reverse=True)
    return passages[:_CANDIDATES]


def _runs(parts: Sequence[Clause], statement: Statement, columns: int) -> list[Passage]:
    runs = []
    for first in range(len(parts)):
        missed = 1.0
        for last in range(first, len(parts)):
            missed *= 1 - parts[last].likelihood
            start, end = parts[first].start, parts[last].end
            whole = last - first + 1 == len(parts)
            text = statement.text[start:end].strip() if whole else statement.text[start:end].strip(_TRAILING)
            wide = width(text)
            if wide > columns:
                if last > first:
                    break
                text = _clipped(text, columns)
                wide, whole = width(text), False
            if whole or wide >= _SHORTEST_PART:
                terms = frozenset(term for terms in statement.terms[first : last + 1] for term in terms)
                runs.append(Passage(parts[0].statement, start, end, text, 1 - missed, whole, terms, wide))
    return runs


def _clipped(text: str, columns: int) -> str:
    """The beginning of a clause that is too long, up to the end of a word."""
    end = sum(total <= columns for total in accumulate(widths(text)))
    if text[end - 1 : end + 1].isascii() and " " in text[:end]:
        end = text.rindex(" ", 0, end)
    return text[:end].strip(_TRAILING)


def _worth(passage: Passage) -> float:
    return passage.likelihood - (0.0 if passage.whole else _CUT)


def _extend(first: Passage, candidates: Sequence[Passage], columns: int) -> tuple[list[Passage], float]:
    """The first passage with those that add the most to it; and what they are worth together."""
    chosen = [first]
    missed = 1 - first.likelihood
    value = _worth(first)
    left = columns - first.columns - width(BETWEEN)
    while len(chosen) < MAX_PASSAGES:
        best: Passage | None = None
        best_gain = 0.0
        for candidate in candidates:
            if any(candidate.statement == other.statement for other in chosen):
                continue
            likelihood = candidate.likelihood * (1 - max(_alike(candidate, other) for other in chosen))
            gain = missed * likelihood - _ANOTHER - (0.0 if candidate.whole else _CUT)
            if likelihood >= _LEAST_GAIN and gain > best_gain and candidate.columns <= left:
                best, best_gain = replace(candidate, likelihood=likelihood), gain
        if best is None:
            break
        chosen.append(best)
        missed *= 1 - best.likelihood
        value += best_gain
        left -= best.columns + width(BETWEEN)
    return chosen, value


def _alike(one: Passage, other: Passage) -> float:
    """The share of the shorter one's terms that the other one has as well."""
    shorter = min(len(one.terms), len(other.terms))
    return len(one.terms & other.terms) / shorter if shorter else 1.0
