"""What one load's archive says and knows, as answers need it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlite_utils import Database

from store.evidence import Clause, Statement, Wanted, judge
from store.models import Hit, Language
from store.particulars import Particular
from store.questions import Question
from store.ranking import InvertedIndex
from store.refusal import Knowledge, Signs, read_signs
from store.rows import from_json
from store.search import Ranked, ReadQuery, Searcher
from store.sentences import IN_ORDER, MOST_READ, SENTENCES, from_column

MakeHit = Callable[[Ranked, dict[str, float], Language], Hit]
ReadStatements = Callable[[str], Sequence[Statement]]


def read_statements(database: Database, key: str) -> Sequence[Statement]:
    """What the digests say of a paper, in order, its first 1,000 sentences; empty for an unknown key."""
    rows = database.query(
        f"""SELECT sentences.field, sentences.language, sentences.text, sentences.terms, digests.name AS file
            FROM {SENTENCES} WHERE sentences.paper_id = (SELECT id FROM papers WHERE key = ?)
            ORDER BY {IN_ORDER} LIMIT ?""",
        [key, MOST_READ],
    )
    return tuple(Statement(**{**row, "terms": from_column(row["terms"])}) for row in rows)


class Study(NamedTuple):
    """What a paper says on a question: its statements, their clauses judged, and whether it may hold the answer."""

    statements: Sequence[Statement]
    clauses: list[Clause]
    signs: Signs


@dataclass
class Library:
    """Reads one load's archive, inside one read transaction."""

    database: Database
    index: InvertedIndex
    searcher: Searcher
    make_hit: MakeHit
    # See `read_statements`: an archive remembers the papers asked about of late.
    statements: ReadStatements
    # The words of one question are asked for again for every paper that is studied.
    _widened: dict[str, Collection[str]] = field(default_factory=dict)

    def study(self, question: Question, query: ReadQuery, key: str) -> Study:
        """Read a paper for the answer to a question; an unknown key is a paper of which nothing is said."""
        statements = self.statements(key)
        clauses = judge(self.wanted(question, query), statements)
        return Study(statements, clauses, read_signs(question, query, self.knowledge(), statements, clauses))

    def wanted(self, question: Question, query: ReadQuery) -> Wanted:
        return Wanted(question, query.own, query.widened, self.knowledge().rarity)

    def knowledge(self) -> Knowledge:
        return Knowledge(
            papers=len(self.index),
            frequency=self.index.document_frequency,
            others=self._others,
        )

    def _others(self, word: str) -> Collection[str]:
        """The terms that stand for the same as a word."""
        if word not in self._widened:
            self._widened[word] = self.searcher.read(word).widened.keys()
        return self._widened[word]

    def particular(self, key: str, field: Particular) -> Statement | None:
        """A field of a paper as text, with the first digest that gives it; None where no digest does."""
        rows = self.database.query(
            f"""SELECT papers.{field} AS value, digests.name AS file FROM papers
                JOIN entries ON entries.paper_id = papers.id JOIN digests ON digests.id = entries.digest_id
                WHERE papers.key = ? AND papers.{field} NOT IN ('', '[]')
                ORDER BY entries.{field} IS NULL, entries.{field} = '[]', digests.date, digests.name LIMIT 1""",
            [key],
        )
        row = next(iter(rows), None)
        if row is None:
            return None
        value = ", ".join(from_json(row["value"])) if field == "authors" else str(row["value"])
        return Statement(field, "en", value, row["file"], ())

    def keys_of_topic(self, slug: str) -> list[str]:
        """The keys of a topic's papers, newest first."""
        rows = self.database.query(
            """SELECT papers.key FROM papers JOIN paper_topics ON paper_topics.paper_id = papers.id
               JOIN topics ON topics.id = paper_topics.topic_id WHERE topics.slug = ?
               ORDER BY papers.published DESC, papers.key DESC""",
            [slug],
        )
        return [row["key"] for row in rows]

    def newest_first(self, keys: Sequence[str]) -> list[str]:
        """The same keys, the newest papers' first."""
        marks = ", ".join("?" * len(keys))
        rows = self.database.query(
            f"SELECT key FROM papers WHERE key IN ({marks}) ORDER BY published DESC, key DESC", list(keys)
        )
        return [row["key"] for row in rows]

    def ids(self, keys: Iterable[str]) -> list[int]:
        wanted = list(keys)
        marks = ", ".join("?" * len(wanted))
        return [row["id"] for row in self.database.query(f"SELECT id FROM papers WHERE key IN ({marks})", wanted)]
