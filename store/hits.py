"""Papers as they stand in lists: rows of archive.db to hits, each with the passage that shows why it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from store.models import Hit, Language, Results
from store.search import Ranked
from store.snippets import Snippet, best_of, opening


class Hits:
    """Makes hits inside one of an archive's read transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, clause: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """The rows of the papers that a clause after ``FROM papers`` picks."""
        return list(self._database.query(f"SELECT papers.* FROM papers {clause}", list(values)))

    def found(self, ranked: Ranked, weights: Mapping[str, float]) -> Hit:
        """A paper of a ranking, with its passage nearest to the query; the beginning where no words made it."""
        row = self.rows("WHERE papers.key = ?", [ranked.key])[0]
        if not weights:
            return self.listed(row)
        said = ((sentence["text"], sentence["terms"].split()) for sentence in self._sentences(row["id"]))
        return _hit(row, ranked.score, best_of(said, weights))

    def listed(self, row: dict[str, Any], language: Language | None = None) -> Hit:
        """A paper in a list that no query made: its passage is the beginning of what is said of it, in the wanted
        language if it is said in that."""
        said = [each for each in self._sentences(row["id"]) if not each["field"].startswith("title")]
        wanted = [each for each in said if each["language"] == language] or said
        return _hit(row, 0.0, opening(wanted[0]["text"] if wanted else ""))

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

    def _sentences(self, paper_id: int) -> list[dict[str, Any]]:
        query = "SELECT field, language, text, terms FROM sentences WHERE paper_id = ? ORDER BY id"
        return list(self._database.query(query, [paper_id]))


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
