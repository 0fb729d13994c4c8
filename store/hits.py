"""Papers as they stand in lists: rows of archive.db to hits, each with the passage that shows why it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from store.models import Hit, Language, Results
from store.search import Ranked
from store.sentences import IN_ORDER, MOST_READ, SENTENCES
from store.snippets import Snippet, best_of, opening

# All of a paper that a list shows; its texts would be read in vain.
_COLUMNS = "papers.id, papers.key, papers.arxiv_id, papers.title_en, papers.title_zh"


class Hits:
    """Makes hits inside one of an archive's read transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, clause: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """The papers that a clause after ``FROM papers`` picks: their ids, keys, arXiv ids and titles."""
        return list(self._database.query(f"SELECT {_COLUMNS} FROM papers {clause}", list(values)))

    def found(self, ranked: Ranked, weights: Mapping[str, float], language: Language | None = None) -> Hit:
        """A paper of a ranking, with its passage nearest to the query, of equals one in the wanted language; the
        beginning where no words made it."""
        row = self.rows("WHERE papers.key = ?", [ranked.key])[0]
        if not weights:
            return self.listed(row, language)
        sentences = self._database.conn.execute(
            f"""SELECT text, terms FROM {SENTENCES} WHERE sentences.paper_id = ?
                ORDER BY language IS NOT ?, {IN_ORDER} LIMIT ?""",
            [row["id"], language, MOST_READ],
        )
        return _hit(row, ranked.score, best_of(((text, terms.split()) for text, terms in sentences), weights))

    def listed(self, row: dict[str, Any], language: Language | None = None) -> Hit:
        """A paper in a list that no query made: its passage is the beginning of what is said of it, in the wanted
        language if it is said in that."""
        sentences = self._database.conn.execute(
            f"""SELECT text FROM {SENTENCES} WHERE sentences.paper_id = ? AND field NOT IN ('title_en', 'title_zh')
                ORDER BY language IS NOT ?, {IN_ORDER} LIMIT 1""",
            [row["id"], language],
        )
        return _hit(row, 0.0, opening(next((text for (text,) in sentences), "")))

    def page(
        self,
        query: str,
        rows: Sequence[dict[str, Any]],
        limit: int,
        offset: int,
        language: Language | None = None,
    ) -> Results:
        """One page of a list of papers."""
        hits = tuple(self.listed(row, language) for row in rows[offset : offset + limit])
        return Results(query=query, total=len(rows), offset=offset, hits=hits)


def _hit(row: dict[str, Any], score: float, snippet: Snippet) -> Hit:
    return Hit(
        key=row["key"],
        arxiv_id=row["arxiv_id"],
        title_en=row["title_en"],
        title_zh=row["title_zh"],
        score=score,
        snippet=snippet.text,
        matches=snippet.matches,
    )
