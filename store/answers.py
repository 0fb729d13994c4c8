"""A question to the sentence that answers it, or to an honest "not in the archive"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rank_bm25 import BM25Okapi

from store.models import Answer, Evidence, Hit, Language
from store.search import join_spans, mark
from store.text.columns import width
from store.text.languages import is_chinese
from store.text.tokens import tokenize

MAX_COLUMNS = 240
MAX_EVIDENCE = 3
# How much a paper's place among the hits counts beside its sentence's own score.
_PLACE = 0.15
# A figure in the sentence when the question asks for one.
_FIGURE_ASKED = re.compile(r"多少|几|百分|how (?:much|many|long|large|big|fast)|what (?:percent|accuracy|score)", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*[%％]?")
_OTHER_LANGUAGE = 0.8


class Candidate(NamedTuple):
    """A sentence that may answer, with the paper it speaks of (a hit of the question) and the digest that says it."""

    hit: Hit
    field: str
    language: Language
    text: str
    file: str


def answer_question(
    question: str, weights: Mapping[str, float], hits: Sequence[Hit], candidates: Sequence[Candidate]
) -> Answer:
    """Choose the evidence among the candidates.

    Args:
        weights: question term to inverse document frequency in the archive.
        hits: the papers nearest to the question, nearest first.
        candidates: the sentences of these papers.
    """
    if not hits or not candidates:
        return Answer(question=question, answered=False)
    language: Language = "zh" if is_chinese(question) else "en"
    ranked = _ranked(question, language, hits, candidates)
    best = _unique(ranked)[:MAX_EVIDENCE]
    evidence = tuple(_evidence(candidate, weights) for candidate in best)
    return Answer(
        question=question,
        answered=True,
        answer=clip(best[0].text, weights),
        evidence=evidence,
        papers=tuple(hits),
    )


def clip(sentence: str, weights: Mapping[str, float]) -> str:
    """The sentence, or the part of a long one that holds the most of the question: at most 240 columns."""
    if width(sentence) <= MAX_COLUMNS:
        return sentence
    # Two columns for an ellipsis at either end.
    return mark(sentence, weights.keys(), MAX_COLUMNS - 4).text


def _ranked(
    question: str, language: Language, hits: Sequence[Hit], candidates: Sequence[Candidate]
) -> list[Candidate]:
    """Best first: BM25 among the candidate sentences, the paper's own score, the asker's language, a figure asked for."""
    tokens = [tokenize(candidate.text) for candidate in candidates]
    if not any(tokens):
        return []
    by_words = BM25Okapi(tokens).get_scores(tokenize(question))
    place = {hit.key: hit.score / (hits[0].score or 1.0) for hit in hits}
    asks_figure = _FIGURE_ASKED.search(question) is not None

    def score(number: int) -> float:
        candidate = candidates[number]
        value = float(by_words[number]) * (1 - _PLACE + _PLACE * place[candidate.hit.key]) * place[candidate.hit.key]
        if candidate.language != language:
            value *= _OTHER_LANGUAGE
        if candidate.field.startswith("title"):
            value *= 0.5
        if asks_figure and not _FIGURE.search(candidate.text):
            value *= 0.6
        return value

    order = sorted(range(len(candidates)), key=lambda number: (-score(number), number))
    return [candidates[number] for number in order]


def _unique(candidates: Sequence[Candidate]) -> list[Candidate]:
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(" ".join(tokenize(candidate.text)), candidate)
    return list(first.values())


def _evidence(candidate: Candidate, weights: Mapping[str, float]) -> Evidence:
    figures = ((match.start(), match.end()) for match in _FIGURE.finditer(candidate.text))
    return Evidence(
        key=candidate.hit.key,
        arxiv_id=candidate.hit.arxiv_id,
        sentence=candidate.text,
        language=candidate.language,
        title_en=candidate.hit.title_en,
        title_zh=candidate.hit.title_zh,
        file=candidate.file,
        matches=join_spans(figures),
    )
