"""The reading side of the archive: what the bot holds and asks."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from store.answers import answer_question
from store.arxiv import parse_arxiv
from store.briefs import Brief, read_briefs
from store.concepts import concepts
from store.database import ARCHIVE_FILE, connect, file_identity, migrations
from store.finding import Finder
from store.hits import Hits
from store.indexing import open_index
from store.library import Library, ReadStatements, read_statements
from store.models import Answer, DigestInfo, Language, LoadSummary, Lookup, Paper, Results, Source, Topic
from store.query import parse_query
from store.ranking import InvertedIndex
from store.rows import from_json, paper_of
from store.search import MAX_QUERY, Searcher, has_words
from store.selection import Selection
from store.semantic import Embedder
from store.text.tokens import warm_up
from store.vectors import Neighbours, open_vectors
from store.watching import match

_TRIES = 3
# Papers whose sentences are kept in memory, about 100 kB each: questions come back to the same few.
_REMEMBERED = 256
_NEWEST_FIRST = "ORDER BY papers.published DESC, papers.key DESC"


class ArchiveMissing(Exception):
    """There is no archive in the folder yet, or one from another version; the message says how to make it."""


class Archive:
    """What the digests say, for one process: thread-safe, and always the archive of the newest load, whole.

    Every method is synchronous and takes its own read transaction.
    """

    def __init__(self, database: Database, folder: Path, embedder: Embedder | None = None) -> None:
        self._database = database
        self._folder = folder
        self._embedder = embedder
        # One connection serves all threads in turn: a query takes a few milliseconds.
        self._lock = threading.RLock()
        self._file = file_identity(folder / ARCHIVE_FILE)
        self._hits = Hits(database)
        self._index: InvertedIndex | None = None
        self._neighbours: Neighbours | None = None
        self._generation = -1
        self._earlier = 0  # generations of files that another one took the place of
        self._statements = self._remembering_statements()

    @classmethod
    def open(cls, data: Path, embedder: Embedder | None = None) -> Self:
        """Open the archive in the folder ``data``.

        Where it was loaded with the same ``embedder``, papers are ranked by their vectors as well as by their words.

        Raises:
            ArchiveMissing: no digests have been loaded into it, or not by this version.
        """
        path = data / ARCHIVE_FILE
        if not path.is_file():
            raise ArchiveMissing(f"There is no archive in {data} yet: run `digestbot load` first.")
        database = connect(path)
        if migrations.pending(database):
            database.close()
            raise ArchiveMissing(
                f"The archive in {data} is from another version: run `digestbot load` to bring it up to date."
            )
        return cls(database, data, embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; the archive cannot be asked afterwards."""
        with self._lock:
            self._database.close()

    def warm_up(self) -> None:
        """Load what the first question would otherwise wait for: jieba's dictionary, the concepts and the index."""
        warm_up()
        concepts()
        with self._reading():
            pass

    @property
    def embedder(self) -> Embedder | None:
        """What papers and questions are embedded with: a load of this archive has to use it too."""
        return self._embedder

    @property
    def generation(self) -> int:
        """The number of the newest load: another one means that the archive has changed. It only ever grows."""
        with self._reading():
            return self._earlier + self._generation

    def count(self) -> int:
        """How many papers the archive holds."""
        with self._reading():
            return int(self._database.table("papers").count)

    def last_load(self) -> LoadSummary | None:
        """The newest load that changed something; None where there was none yet."""
        query = """SELECT finished_at, papers, added, changed, removed, seconds FROM loads ORDER BY id DESC LIMIT 1"""
        with self._lock:
            row = next(iter(self._database.query(query)), None)
        return LoadSummary.model_validate(row) if row else None

    # Papers

    def paper(self, key: str) -> Paper | None:
        """The paper with this key, or that once had it."""
        with self._reading():
            return self._paper(key)

    def papers(self) -> Iterator[Paper]:
        """Every paper, newest first."""
        with self._reading():
            keys = [row["key"] for row in self._database.query(f"SELECT key FROM papers {_NEWEST_FIRST}")]
        for key in keys:
            if paper := self.paper(key):
                yield paper

    def briefs(self) -> tuple[Brief, ...]:
        """Every paper in a few words, newest first."""
        with self._reading():
            return read_briefs(self._database)

    def matching(self, waited: Iterable[str], keys: Iterable[str]) -> dict[str, list[Paper]]:
        """For each text that somebody waits for, in the search language, those of the papers ``keys`` that have all
        of it."""
        # Comparing takes long where a load brought many papers: readers must not wait for it.
        papers = [paper for key in keys if (paper := self.paper(key))]
        return match(waited, papers)

    def find(self, text: str) -> Lookup:
        """The paper meant by an arXiv id, a link, a key or a title (typos allowed), or else the nearest there are."""
        text = _storable(text)
        if not has_words(text):
            return Lookup(kind="title", wanted=text)
        with self._reading() as index:
            if parsed := parse_arxiv(text):
                paper = self._paper_of_arxiv_id(parsed.id)
                nearest = () if paper else self._finder(index).by_arxiv_id(parsed.id)
                return Lookup(kind="arxiv_id", wanted=parsed.id, paper=paper, nearest=nearest)
            if paper := self._paper(text.strip()):
                return Lookup(kind="key", wanted=text.strip(), paper=paper)
            row, nearest = self._finder(index).by_title(text)
            return Lookup(kind="title", wanted=text, paper=self._whole(row["id"]) if row else None, nearest=nearest)

    def related(self, key: str, limit: int = 10, offset: int = 0, language: Language | None = None) -> Results:
        """The papers nearest to a paper, nearest first."""
        with self._reading():
            paper_id = self._paper_id(key)
            rows = self._hits.rows(
                "JOIN related ON related.related_id = papers.id WHERE related.paper_id = ? ORDER BY related.position",
                [paper_id],
            )
            return self._hits.page(key, rows, limit, offset, language)

    # Search and answers

    def search(self, query: str, limit: int = 10, offset: int = 0, language: Language | None = None) -> Results:
        """Papers for a query of the search language, best first (equal ones by key); at most 100 are counted.

        Of passages that fit equally well, one in ``language`` is shown.

        Raises:
            QueryError: the query cannot be understood.
        """
        parsed = parse_query(_storable(query[:MAX_QUERY]))
        with self._reading() as index:
            searcher = self._searcher(index)
            read, ranked = Selection(self._database, index, searcher).rank(parsed)
            page = ranked[offset : offset + limit]
            hits = tuple(self._hits.found(each, read.weights, language) for each in page)
            return Results(query=query, total=len(ranked), offset=offset, hits=hits, corrected=read.corrected)

    def ask(self, question: str, about: str | None = None) -> Answer:
        """The answer, the sentences it rests on, and the papers nearest to the question.

        ``about`` is the key of the paper spoken of last: a question without a subject of its own is about it.
        """
        with self.library() as library:
            return answer_question(library, question, about)

    @contextmanager
    def library(self) -> Iterator[Library]:
        """What answers rest on, for as long as one read transaction lasts."""
        with self._reading() as index:
            yield Library(self._database, index, self._searcher(index), self._hits.found, self._statements)

    # Topics

    def topics(self) -> tuple[Topic, ...]:
        """All topics in their own order, with their papers' keys, newest first."""
        with self._reading():
            topics = self._database.query("SELECT id, slug, name_en, name_zh FROM topics ORDER BY position")
            return tuple(
                Topic(
                    slug=t["slug"],
                    name_en=t["name_en"],
                    name_zh=t["name_zh"],
                    papers=self._keys_of_topic(t["id"]),
                )
                for t in list(topics)
            )

    def topic_papers(self, slug: str, limit: int = 10, offset: int = 0, language: Language | None = None) -> Results:
        """A topic's papers, newest first; none for an unknown slug."""
        with self._reading():
            rows = self._hits.rows(
                f"""JOIN paper_topics ON paper_topics.paper_id = papers.id
                    JOIN topics ON topics.id = paper_topics.topic_id WHERE topics.slug = ? {_NEWEST_FIRST}""",
                [slug],
            )
            return self._hits.page(slug, rows, limit, offset, language)

    # Digests

    def digests(self) -> tuple[DigestInfo, ...]:
        """The digest files in the archive, newest first."""
        with self._reading():
            rows = self._database.query(
                """SELECT name, layout, date, date_inferred,
                     (SELECT count(DISTINCT paper_id) FROM entries WHERE digest_id = digests.id) AS papers,
                     (SELECT count(*) FROM entries WHERE digest_id = digests.id) AS entries,
                     (SELECT count(*) FROM warnings WHERE digest_id = digests.id) AS warnings
                   FROM digests ORDER BY date DESC, name"""
            )
            return tuple(DigestInfo(**{**row, "date_inferred": bool(row["date_inferred"])}) for row in rows)

    def digest_papers(self, when: str, limit: int = 10, offset: int = 0, language: Language | None = None) -> Results:
        """What the digests of a day, a month (``YYYY-MM``) or the ``latest`` date held, in their order."""
        with self._reading():
            if when == "latest":
                newest = next(iter(self._database.query("SELECT max(date) AS date FROM digests")))["date"]
                when = newest or ""
            rows = self._hits.rows(
                """JOIN entries ON entries.paper_id = papers.id JOIN digests ON digests.id = entries.digest_id
                   WHERE digests.date = ? OR digests.date LIKE ? GROUP BY papers.id
                   ORDER BY max(digests.date) DESC, min(digests.name), min(entries.line)""",
                [when, f"{when}-%"],
            )
            return self._hits.page(when, rows, limit, offset, language)

    # Inside a read transaction

    @contextmanager
    def _reading(self) -> Iterator[InvertedIndex]:
        """One load's archive, and the index of that same load."""
        with self._lock:
            if self._database.conn.in_transaction and self._index is not None:
                # One reading method called another: both see the same load.
                yield self._index
                return
            self._follow()
            index = self._open_index()
            try:
                yield index
            finally:
                self._database.rollback()

    def _follow(self) -> None:
        """Go over to another archive.db that has taken the place of ours, as where somebody deleted a damaged one and
        loaded again; until a load has committed to it, ours is all there is."""
        path = self._folder / ARCHIVE_FILE
        file = file_identity(path)
        if file is None or file == self._file:
            return
        database = connect(path)
        try:
            if migrations.pending(database) or not database.table("loads").count:
                raise sqlite3.OperationalError("nothing was loaded yet")
        except sqlite3.Error:
            database.close()
            return
        self._database.close()
        self._database, self._file, self._hits, self._index = database, file, Hits(database), None
        self._earlier += max(self._generation, 0)

    def _open_index(self) -> InvertedIndex:
        """Begin a read transaction, and give the index of the load that it sees."""
        # Two loads may commit between the transaction's begin and the opening of the index, and the second deletes the
        # files of the load before the first; then the transaction is begun anew.
        for _ in range(_TRIES):
            self._database.conn.execute("BEGIN")
            newest = int(next(iter(self._database.query("SELECT max(id) AS id FROM loads")))["id"] or 0)
            if self._index is not None and newest == self._generation:
                return self._index
            self._index, self._generation = open_index(self._folder, newest), newest
            self._statements = self._remembering_statements()
            if self._index is not None:
                self._neighbours = self._open_neighbours(newest)
                return self._index
            self._database.rollback()
        raise ArchiveMissing(f"The index of the archive in {self._folder} is missing: run `digestbot load` to make it.")

    def _remembering_statements(self) -> ReadStatements:
        """Reads what the digests say of a paper, and remembers the papers that answers looked at last."""
        return lru_cache(maxsize=_REMEMBERED)(partial(read_statements, self._database))

    def _open_neighbours(self, generation: int) -> Neighbours | None:
        # Where two loads commit just now, the second deletes the vectors before they are opened. That costs this one
        # transaction its neighbours: the next one sees the newer load.
        if self._embedder is None:
            return None
        vectors = open_vectors(self._folder, generation, self._embedder.fingerprint)
        return Neighbours(self._embedder, vectors) if vectors is not None else None

    def _searcher(self, index: InvertedIndex) -> Searcher:
        return Searcher(index, self._database, self._neighbours)

    def _finder(self, index: InvertedIndex) -> Finder:
        return Finder(self._database, self._hits, self._searcher(index))

    def _paper(self, key: str) -> Paper | None:
        rows = self._hits.rows("WHERE papers.key = ?", [key]) or self._hits.rows(
            "JOIN aliases ON aliases.key = papers.key WHERE aliases.alias = ?", [key]
        )
        return self._whole(rows[0]["id"]) if rows else None

    def _paper_of_arxiv_id(self, arxiv_id: str) -> Paper | None:
        rows = self._hits.rows("WHERE papers.arxiv_id = ?", [arxiv_id])
        return self._whole(rows[0]["id"]) if rows else None

    def _paper_id(self, key: str) -> int | None:
        query = "SELECT id FROM papers WHERE key = ? OR key = (SELECT key FROM aliases WHERE alias = ?)"
        return next((row["id"] for row in self._database.query(query, [key, key])), None)

    def _whole(self, paper_id: int) -> Paper:
        row = next(iter(self._database.query("SELECT * FROM papers WHERE id = ?", [paper_id])))
        topics = self._database.query(
            """SELECT slug FROM topics JOIN paper_topics ON topic_id = topics.id
               WHERE paper_id = ? ORDER BY paper_topics.position""",
            [paper_id],
        )
        sources = self._database.query(
            """SELECT digests.name AS file, entries.line, digests.date, entries.fields
               FROM entries JOIN digests ON digests.id = entries.digest_id
               WHERE entries.paper_id = ? ORDER BY digests.date, digests.name, entries.line""",
            [paper_id],
        )
        return paper_of(
            row,
            [topic["slug"] for topic in topics],
            [Source.model_validate({**source, "fields": from_json(source["fields"])}) for source in sources],
        )

    def _keys_of_topic(self, topic_id: int) -> tuple[str, ...]:
        rows = self._database.query(
            f"""SELECT papers.key FROM papers JOIN paper_topics ON paper_topics.paper_id = papers.id
                WHERE paper_topics.topic_id = ? {_NEWEST_FIRST}""",
            [topic_id],
        )
        return tuple(row["key"] for row in rows)


def _storable(text: str) -> str:
    """The text without what no database takes: a terminal gives half a character for a byte that is not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
