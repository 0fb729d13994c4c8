"""The paper that an arXiv id, a link, a key or a title means, or else the nearest there are."""

from __future__ import annotations

from heapq import nlargest
from typing import Any

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from store.hits import Hits
from store.models import Hit
from store.search import Searcher
from store.text.titles import title_key

NEAREST = 5
# rapidfuzz's ratio (0 to 100) from which a title counts as the one meant despite typos, and as near it at all.
_SAME_TITLE = 85.0
_NEAR_TITLE = 55.0
# A title's beginning, the name before its colon, counts nearly whole if it is at least this long.
_SHORTEST_NAME = 4
_BEGINNING = 0.97
# A mistyped title is looked for among the papers nearest by words and those whose titles begin alike.
_NEAR_BY_WORDS = 60
_ALIKE_CHARACTERS = 3
_NEAR_BY_BEGINNING = 200
_ALL_IDS = "SELECT arxiv_id FROM papers WHERE arxiv_id IS NOT NULL"


class Finder:
    """Finds papers inside one of an archive's read transactions."""

    def __init__(self, database: Database, hits: Hits, searcher: Searcher) -> None:
        self._database = database
        self._hits = hits
        self._searcher = searcher

    def by_arxiv_id(self, arxiv_id: str) -> tuple[Hit, ...]:
        """Papers whose ids look most like one that there is not: a digit mistyped, or else the next numbers."""
        number = _number(arxiv_id)
        ids = [other for (other,) in self._database.conn.execute(_ALL_IDS)]
        [likeness] = process.cdist([arxiv_id], ids, scorer=fuzz.ratio)
        # Many are equally like it; all that may be among the nearest are put in order.
        least = min(nlargest(NEAREST, likeness.tolist()), default=0.0)
        alike = [
            (-like, abs(_number(other) - number), other)
            for other, like in zip(ids, likeness.tolist(), strict=True)
            if like >= least
        ]
        near = [other for _, _, other in sorted(alike)[:NEAREST]]
        marks = ", ".join("?" * len(near))
        rows = {row["arxiv_id"]: row for row in self._hits.rows(f"WHERE arxiv_id IN ({marks})", near)}
        return tuple(self._hits.listed(rows[other]) for other in near)

    def by_title(self, text: str) -> tuple[dict[str, Any] | None, tuple[Hit, ...]]:
        """The row of the paper with this title, typos allowed, or else the papers nearest to it."""
        wanted = title_key(text)
        if not wanted:
            return None, ()
        exact = self._hits.rows(
            """WHERE papers.id IN (SELECT paper_id FROM entries WHERE title_en_key = ? UNION ALL
               SELECT paper_id FROM entries WHERE title_zh_key = ?) LIMIT 1""",
            [wanted, wanted],
        )
        return (exact[0], ()) if exact else self._near_title(text, wanted)

    def _near_title(self, text: str, wanted: str) -> tuple[dict[str, Any] | None, tuple[Hit, ...]]:
        query, by_words = self._searcher.rank(text, _NEAR_BY_WORDS)
        rows = {row["key"]: row for row in self._candidates(wanted, [each.key for each in by_words])}
        likeness = {
            key: max(_likeness(wanted, title_key(row[name] or "")) for name in ("title_en", "title_zh"))
            for key, row in rows.items()
        }
        ranked = sorted(likeness, key=lambda key: (-likeness[key], key))
        best = likeness[ranked[0]] if ranked else 0.0
        if best >= _SAME_TITLE and all(likeness[key] < best for key in ranked[1:2]):
            return rows[ranked[0]], ()
        near = [key for key in ranked if likeness[key] >= _NEAR_TITLE]
        hits = [self._hits.listed(rows[key]) for key in near[:NEAREST]]
        found = [each for each in by_words if each.key not in near]
        hits.extend(self._hits.found(each, query.weights) for each in found[: NEAREST - len(hits)])
        return None, tuple(hits)

    def _candidates(self, wanted: str, keys: list[str]) -> list[dict[str, Any]]:
        """The papers with these keys, and those with a title that begins as the wanted one does."""
        begin = wanted[:_ALIKE_CHARACTERS]
        end = begin + "\U0010ffff"
        marks = ", ".join("?" * len(keys))
        return self._hits.rows(
            f"""WHERE papers.key IN ({marks}) OR papers.id IN (
                SELECT paper_id FROM entries WHERE title_en_key BETWEEN ? AND ? UNION ALL
                SELECT paper_id FROM entries WHERE title_zh_key BETWEEN ? AND ? LIMIT {_NEAR_BY_BEGINNING})""",
            [*keys, begin, end, begin, end],
        )


def _number(arxiv_id: str) -> int:
    return int("".join(character for character in arxiv_id if character.isdigit()) or "0")


def _likeness(wanted: str, title: str) -> float:
    """Likeness of two title keys, 0 to 100; a title's beginning counts nearly whole."""
    whole = fuzz.ratio(wanted, title)
    if _SHORTEST_NAME <= len(wanted) < len(title):
        return max(whole, _BEGINNING * fuzz.ratio(wanted, title[: len(wanted)]))
    return whole
