"""Which papers a query of the search language allows, and in which order they are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlite_utils import Database

from store.query import Filter, Query
from store.ranking import InvertedIndex
from store.search import MAX_RESULTS, Ranked, Ranking, ReadQuery, Searcher
from store.text.tokens import HAN, normalize, tokenize

# So many of the papers that have a phrase's words are read through for the phrase itself, the nearest first.
_READ_THROUGH = 1000
_CHUNK = 100
# "Self-play" and "self play" are one phrase.
_HYPHEN = re.compile(r"(?<=\w)[-‐‑](?=\w)")
_NEAR_HAN = re.compile(rf"\s*([{HAN}])\s*")

_CONDITIONS = {
    "topic": """papers.id IN (SELECT paper_id FROM paper_topics JOIN topics ON topics.id = topic_id
                WHERE slug = :value)""",
    # A month and a day are compared by what both tell.
    "from": "substr(published, 1, length(:value)) >= substr(:value, 1, length(published))",
    "to": "substr(published, 1, length(:value)) <= substr(:value, 1, length(published))",
    "source": """papers.id IN (SELECT paper_id FROM entries JOIN digests ON digests.id = digest_id
                 WHERE name LIKE :part ESCAPE '\\' OR layout LIKE :part ESCAPE '\\')""",
    "author": "authors LIKE :part ESCAPE '\\'",
    "has": "code_url IS NOT NULL",
    "id": "arxiv_id LIKE :beginning ESCAPE '\\'",
}


class Selection:
    """Lists papers for queries from one load's archive, inside one read transaction."""

    def __init__(self, database: Database, index: InvertedIndex, searcher: Searcher) -> None:
        self._database = database
        self._index = index
        self._searcher = searcher

    def rank(self, query: Query) -> Ranking:
        """The papers that the query allows, nearest first, at most 100; newest first where no words rank them."""
        allowed = self._allowed(query)
        if not query.text:
            keys = self._newest(allowed) if allowed is not None else []
            return Ranking(ReadQuery("", {}), [Ranked(key, 0.0) for key in keys])
        mask = None if allowed is None else self._index.mask(allowed)
        if not (query.phrases or query.without):
            return self._searcher.rank(query.text, MAX_RESULTS, mask)
        read, ranked = self._searcher.rank(query.text, _READ_THROUGH, mask)
        return Ranking(read, list(islice(self._saying(query, ranked), MAX_RESULTS)))

    def _allowed(self, query: Query) -> set[int] | None:
        """The ids of the papers that filters and single words allow; None where they allow all."""
        allowed = self._fitting(query.filters) if query.filters else None
        for phrase in query.phrases:
            for term in set(tokenize(_comparable(phrase))):
                having = self._having(term)
                allowed = having if allowed is None else allowed & having
        for word in query.without:
            if len(terms := set(tokenize(word))) == 1:
                every = set(self._index.ids.tolist()) if allowed is None else allowed
                allowed = every - self._having(terms.pop())
        return allowed

    def _fitting(self, filters: Sequence[Filter]) -> set[int]:
        """The ids of the papers that fit all filters."""
        conditions: list[str] = []
        values: dict[str, str] = {}
        for number, (name, value, wanted) in enumerate(filters):
            condition = re.sub(r":(value|part|beginning)\b", rf":\g<1>{number}", _CONDITIONS[name])
            # What is unknown of a paper fits no filter, wanted or not.
            conditions.append(condition if wanted else f"NOT ({condition})")
            escaped = re.sub(r"([%_\\])", r"\\\1", value)
            values |= {f"value{number}": value, f"part{number}": f"%{escaped}%", f"beginning{number}": f"{escaped}%"}
        query = f"SELECT papers.id FROM papers WHERE {' AND '.join(conditions)}"
        return {row["id"] for row in self._database.query(query, values)}

    def _having(self, term: str) -> set[int]:
        """The ids of the papers that have a term."""
        if self._index.idf(term):
            return set(self._index.ids[self._index.scores({term: 1.0}) != 0].tolist())
        # A term in half of all papers scores nothing.
        keys = [key for key, _ in self._index.top({term: 1.0}, max(len(self._index), 1))]
        return {row["id"] for row in self._rows("SELECT id FROM papers WHERE key IN ({})", keys)}

    def _newest(self, allowed: set[int]) -> list[str]:
        rows = self._database.query("SELECT id, key FROM papers ORDER BY published DESC, key DESC")
        return list(islice((row["key"] for row in rows if row["id"] in allowed), MAX_RESULTS))

    def _saying(self, query: Query, ranked: Sequence[Ranked]) -> Iterator[Ranked]:
        """Those of the papers that say the wanted phrases and no unwanted one, in their order."""
        wanted = [_Phrase(phrase) for phrase in query.phrases]
        unwanted = [_Phrase(phrase) for phrase in query.without]
        for start in range(0, len(ranked), _CHUNK):
            chunk = ranked[start : start + _CHUNK]
            said: dict[str, list[tuple[str, str]]] = {each.key: [] for each in chunk}
            rows = self._rows(
                """SELECT papers.key, sentences.text, sentences.terms FROM sentences
                   JOIN papers ON papers.id = paper_id WHERE papers.key IN ({})""",
                list(said),
            )
            for row in rows:
                said[row["key"]].append((row["text"], row["terms"]))
            for each in chunk:
                sentences = said[each.key]
                if all(phrase.is_in(sentences) for phrase in wanted) and not any(
                    phrase.is_in(sentences) for phrase in unwanted
                ):
                    yield each

    def _rows(self, query: str, values: Sequence[str]) -> Iterator[dict[str, Any]]:
        for start in range(0, len(values), _CHUNK):
            chunk = list(values[start : start + _CHUNK])
            yield from self._database.query(query.format(", ".join("?" * len(chunk))), chunk)


class _Phrase:
    """A phrase as written, with Latin words and numbers whole."""

    def __init__(self, phrase: str) -> None:
        text = _comparable(phrase)
        self._terms = frozenset(tokenize(text))
        self._pattern = re.compile(
            rf"(?<![a-z0-9]){re.escape(text)}(?![a-z0-9])" if text.isascii() else re.escape(text)
        )

    def is_in(self, sentences: Sequence[tuple[str, str]]) -> bool:
        """Whether one of the sentences, given with their index terms, says it."""
        # Only a sentence that has all its terms can, and normalising every sentence would take long.
        return any(
            self._pattern.search(_comparable(text)) for text, terms in sentences if self._terms.issubset(terms.split())
        )


def _comparable(text: str) -> str:
    """A text for looking up phrases: normalised, hyphens as blanks, blanks made one and none beside Han characters."""
    return _NEAR_HAN.sub(r"\1", " ".join(_HYPHEN.sub(" ", normalize(text)).split()))
