"""A glossary that the archive gives of itself: words of one language and those that stand for them in the other.

It is mined from the papers that are told in both languages: a word and its translation are found in the same papers.
Beside it stand the pairs that digests put in brackets (see ``abbreviations``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from sqlite_utils import Database

from store.text.tokens import HAN

# Papers told in both languages that are looked at; more teach little new.
SAMPLE = 4000
# Words of each language that are paired, the most frequent ones of the sample.
_WORDS = 4000
# A pair has to be in this many papers, and to have this much of what perfect companions have (Dice's coefficient,
# one joint paper left out as chance): absolutely, and beside the best companion of either word.
_FEWEST = 2
_LEAST = 0.3
_OF_OWN_BEST = 0.7
_OF_OTHER_BEST = 0.5
_TRANSLATIONS = 2
# A Latin word that Chinese sentences hold in this share of its papers needs no translation: names, acronyms.
_USED_IN_CHINESE = 0.5
_LATIN = re.compile(r"[a-z]{2,}")
_CHINESE = re.compile(f"[{HAN}]{{2,}}")
# Pairs in brackets that one expression can have; the ones in most papers are taken.
_SYNONYMS = 3


class Told(NamedTuple):
    """The index terms of what is said of a paper, by language."""

    english: frozenset[str]
    chinese: frozenset[str]


class Translation(NamedTuple):
    """A term, one that stands for it in the other language, and how surely it does (0 to 1)."""

    term: str
    translation: str
    weight: float


def mine(papers: Iterable[Told]) -> list[Translation]:
    """Pair the words of papers told in both languages, both ways, of which the first 4,000 are looked at."""
    sample = list(islice(papers, SAMPLE))
    in_chinese = Counter(term for told in sample for term in told.chinese)
    in_english = Counter(term for told in sample for term in told.english)
    english = [term for term, count in _commonest(in_english, _LATIN) if in_chinese[term] < _USED_IN_CHINESE * count]
    chinese = [term for term, _ in _commonest(in_chinese, _CHINESE)]
    if not english or not chinese:
        return []
    has_english = _incidence([told.english for told in sample], english)
    has_chinese = _incidence([told.chinese for told in sample], chinese)
    together = has_english.T @ has_chinese
    each = has_english.sum(axis=0)[:, None] + has_chinese.sum(axis=0)[None, :]
    alike = np.where(together >= _FEWEST, (2 * together - 1) / np.maximum(each, 1), 0.0)
    best_of_english = alike.max(axis=1, keepdims=True)
    best_of_chinese = alike.max(axis=0, keepdims=True)
    kept = (
        _pairs(alike, best_of_english, best_of_chinese, english, chinese),
        _pairs(alike.T, best_of_chinese.T, best_of_english.T, chinese, english),
    )
    return [translation for pairs in kept for translation in pairs]


class Glossary:
    """The glossary of an archive, read inside one of its read transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def translations(self, terms: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
        """What stands for each of the terms in the other language, with weights; terms without any are left out."""
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        marks = ", ".join("?" * len(terms))
        query = f"SELECT term, translation, weight FROM glossary WHERE term IN ({marks}) ORDER BY term, weight DESC"
        for row in self._database.query(query, list(terms)):
            found[row["term"]].append((row["translation"], row["weight"]))
        return dict(found)

    def synonyms(self, expressions: Sequence[str]) -> dict[str, list[str]]:
        """What stands for each of the expressions (terms with blanks between) in brackets, the commonest first."""
        found: dict[str, list[str]] = defaultdict(list)
        marks = ", ".join("?" * len(expressions))
        query = f"""
            SELECT expression, synonym FROM synonyms WHERE expression IN ({marks})
            GROUP BY expression, synonym ORDER BY expression, count(*) DESC, synonym
        """
        for row in self._database.query(query, list(expressions)):
            if len(found[row["expression"]]) < _SYNONYMS:
                found[row["expression"]].append(row["synonym"])
        return dict(found)


def _commonest(counts: Mapping[str, int], pattern: re.Pattern[str]) -> list[tuple[str, int]]:
    words = [(term, count) for term, count in counts.items() if count >= _FEWEST and pattern.fullmatch(term)]
    return sorted(words, key=lambda item: (-item[1], item[0]))[:_WORDS]


def _incidence(
    papers: Sequence[frozenset[str]], words: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Which paper has which word, 1 or 0, (papers, words)."""
    place_of = {word: place for place, word in enumerate(words)}
    matrix = np.zeros((len(papers), len(words)), np.float32)
    for row, terms in enumerate(papers):
        matrix[row, [place_of[term] for term in terms if term in place_of]] = 1
    return matrix


def _pairs(
    alike: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    own_best: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    other_best: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    terms: Sequence[str],
    others: Sequence[str],
) -> Iterator[Translation]:
    """The best companions of each of ``terms`` (the rows of ``alike``)."""
    good = (alike >= _LEAST) & (alike >= _OF_OWN_BEST * own_best) & (alike >= _OF_OTHER_BEST * other_best)
    for row in np.flatnonzero(good.any(axis=1)).tolist():
        places = np.flatnonzero(good[row])
        best = places[np.argsort(-alike[row, places], kind="stable")][:_TRANSLATIONS]
        for place in best.tolist():
            yield Translation(terms[row], others[place], round(float(alike[row, place]), 3))
