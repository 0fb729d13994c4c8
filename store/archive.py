"""The reading side of the archive: what the bot holds and asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from store.answers import Asker
from store.arxiv import parse_arxiv
from store.database import ARCHIVE_FILE, connect, migrations
from store.indexing import open_index
from store.models import Answer, DigestInfo, Hit, Language, Lookup, Paper, Results, Source, Topic
from store.ranking import InvertedIndex
from store.rows import from_json, paper_of
from store.search import MAX_RESULTS, Ranked, Searcher, has_words
from store.snippets import best_of, best_passage
from store.text.titles import title_key
from store.text.tokens import warm_up

NEAREST = 5
# rapidfuzz's ratio (0 to 100) from which a title counts as the one meant despite typos, and as near it at all.
_SAME_TITLE = 85.0
_NEAR_TITLE = 55.0
_TRIES = 3
_NEWEST_FIRST = "ORDER BY papers.published DESC, papers.key DESC"


class ArchiveMissing(Exception):
    """There is no archive in the folder yet, or one from another version; the message says how to make it."""


class Archive:
    """What the digests say, for one process: thread-safe, and always the archive of the newest load, whole.

    Every method is synchronous and takes its own read transaction.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        # One connection serves all threads in turn: a query takes a few milliseconds.
        self._lock = threading.RLock()
        self._index: InvertedIndex | None = None
        self._generation = -1

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open the archive in the folder ``data``.

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
        return cls(database, data)

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
        """Load what the first question would otherwise wait for: jieba's dictionary and the index."""
        warm_up()
        with self._reading():
            pass

    @property
    def generation(self) -> int:
        """The number of the newest load: another one means that the archive has changed."""
        with self._reading():
            return self._generation

    def count(self) -> int:
        """How many papers the archive holds."""
        with self._reading():
            return int(self._database.table("papers").count)

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

    def find(self, text: str) -> Lookup:
        """The paper meant by an arXiv id, a link, a key or a title (typos allowed), or else the nearest there are."""
        if not has_words(text):
            return Lookup(kind="title", wanted=text)
        with self._reading():
            if parsed := parse_arxiv(text):
                paper = self._paper_of_arxiv_id(parsed.id)
                nearest = () if paper else self._nearest_ids(parsed.id)
                return Lookup(kind="arxiv_id", wanted=parsed.id, paper=paper, nearest=nearest)
            if paper := self._paper(text.strip()):
                return Lookup(kind="key", wanted=text.strip(), paper=paper)
            return self._find_title(text)

    def related(
        self, key: str, limit: int = 10, offset: int = 0, language: Language | None = None
    ) -> Results:
        """The papers nearest to a paper, nearest first."""
        with self._reading():
            paper_id = self._paper_id(key)
            rows = self._rows(
                "JOIN related ON related.related_id = papers.id WHERE related.paper_id = ? ORDER BY related.position",
                [paper_id],
            )
            return self._results(key, rows, limit, offset, language)

    # Search and answers

    def search(self, query: str, limit: int = 10, offset: int = 0) -> Results:
        """Papers by BM25 score, best first (equal ones by key); at most 100 are counted."""
        with self._reading() as index:
            read, ranked = Searcher(index).rank(query, MAX_RESULTS)
            hits = tuple(self._hit(each, read.weights) for each in ranked[offset : offset + limit])
            return Results(query=query, total=len(ranked), offset=offset, hits=hits)

    def ask(self, question: str, about: str | None = None) -> Answer:
        """The answer, the sentences it rests on, and the papers nearest to the question.

        ``about`` is the key of the paper spoken of last: a question without a subject of its own is about it.
        """
        with self.asking() as asker:
            return asker.ask(question, about)

    @contextmanager
    def asking(self) -> Iterator[Asker]:
        """What answers questions, for as long as one read transaction lasts: several of one load, or parts of an answer."""
        with self._reading() as index:
            yield Asker(self._database, index, Searcher(index), self._hit)

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

    def topic_papers(
        self, slug: str, limit: int = 10, offset: int = 0, language: Language | None = None
    ) -> Results:
        """A topic's papers, newest first; none for an unknown slug."""
        with self._reading():
            rows = self._rows(
                f"""JOIN paper_topics ON paper_topics.paper_id = papers.id
                    JOIN topics ON topics.id = paper_topics.topic_id WHERE topics.slug = ? {_NEWEST_FIRST}""",
                [slug],
            )
            return self._results(slug, rows, limit, offset, language)

    # Digests

    def digests(self) -> tuple[DigestInfo, ...]:
        """The digest files in the archive, newest first."""
        with self._reading():
            rows = self._database.query(
                """SELECT name, layout, date, date_inferred,
                     (SELECT count(DISTINCT paper_id) FROM entries WHERE digest_id = digests.id) AS papers
                   FROM digests ORDER BY date DESC, name"""
            )
            return tuple(DigestInfo(**{**row, "date_inferred": bool(row["date_inferred"])}) for row in rows)

    def digest_papers(
        self, when: str, limit: int = 10, offset: int = 0, language: Language | None = None
    ) -> Results:
        """What the digests of a day (``YYYY-MM-DD``), a month (``YYYY-MM``) or the ``latest`` date held, in their order."""
        with self._reading():
            if when == "latest":
                newest = next(iter(self._database.query("SELECT max(date) AS date FROM digests")))["date"]
                when = newest or ""
            rows = self._rows(
                """JOIN entries ON entries.paper_id = papers.id JOIN digests ON digests.id = entries.digest_id
                   WHERE digests.date = ? OR digests.date LIKE ? GROUP BY papers.id
                   ORDER BY max(digests.date) DESC, min(digests.name), min(entries.line)""",
                [when, f"{when}-%"],
            )
            return self._results(when, rows, limit, offset, language)

    # Inside a read transaction

    @contextmanager
    def _reading(self) -> Iterator[InvertedIndex]:
        """One load's archive, and the index of that same load."""
        with self._lock:
            if self._database.conn.in_transaction and self._index is not None:
                # One reading method called another: both see the same load.
                yield self._index
                return
            index = self._open_index()
            try:
                yield index
            finally:
                self._database.rollback()

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
            if self._index is not None:
                return self._index
            self._database.rollback()
        raise ArchiveMissing(f"The index of the archive in {self._folder} is missing: run `digestbot load` to make it.")

    def _paper(self, key: str) -> Paper | None:
        rows = self._rows("WHERE papers.key = ?", [key]) or self._rows(
            "JOIN aliases ON aliases.key = papers.key WHERE aliases.alias = ?", [key]
        )
        return self._whole(rows[0]) if rows else None

    def _paper_of_arxiv_id(self, arxiv_id: str) -> Paper | None:
        rows = self._rows("WHERE papers.arxiv_id = ?", [arxiv_id])
        return self._whole(rows[0]) if rows else None

    def _paper_id(self, key: str) -> int | None:
        query = "SELECT id FROM papers WHERE key = ? OR key = (SELECT key FROM aliases WHERE alias = ?)"
        return next((row["id"] for row in self._database.query(query, [key, key])), None)

    def _rows(self, clause: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        return list(self._database.query(f"SELECT papers.* FROM papers {clause}", list(values)))

    def _whole(self, row: dict[str, Any]) -> Paper:
        topics = self._database.query(
            """SELECT slug FROM topics JOIN paper_topics ON topic_id = topics.id
               WHERE paper_id = ? ORDER BY paper_topics.position""",
            [row["id"]],
        )
        sources = self._database.query(
            """SELECT digests.name AS file, entries.line, digests.date, entries.fields
               FROM entries JOIN digests ON digests.id = entries.digest_id
               WHERE entries.paper_id = ? ORDER BY digests.date, digests.name, entries.line""",
            [row["id"]],
        )
        return paper_of(
            row,
            [topic["slug"] for topic in topics],
            [Source.model_validate({**source, "fields": from_json(source["fields"])}) for source in sources],
        )

    def _results(
        self, query: str, rows: Sequence[dict[str, Any]], limit: int, offset: int, language: Language | None
    ) -> Results:
        hits = tuple(self._plain_hit(row, language) for row in rows[offset : offset + limit])
        return Results(query=query, total=len(rows), offset=offset, hits=hits)

    def _plain_hit(self, row: dict[str, Any], language: Language | None = None) -> Hit:
        """A paper in a list that no query made: its snippet is the beginning of what is said of it, in the wanted
        language if it is said in that."""
        said = [each for each in self._sentences(row["id"]) if not each["field"].startswith("title")]
        wanted = [each["text"] for each in said if each["language"] == language] or [
            each["text"] for each in said
        ]
        return _hit(row, 0.0, best_passage(wanted, {}))

    def _hit(self, ranked: Ranked, weights: dict[str, float]) -> Hit:
        row = self._rows("WHERE papers.key = ?", [ranked.key])[0]
        said = ((sentence["text"], sentence["terms"].split()) for sentence in self._sentences(row["id"]))
        return _hit(row, ranked.score, best_of(said, weights))

    def _sentences(self, paper_id: int) -> list[dict[str, Any]]:
        return list(
            self._database.query(
                """SELECT sentences.field, sentences.language, sentences.text, sentences.terms, digests.name AS file
                   FROM sentences JOIN entries ON entries.id = sentences.entry_id
                   JOIN digests ON digests.id = entries.digest_id WHERE sentences.paper_id = ? ORDER BY sentences.id""",
                [paper_id],
            )
        )

    def _keys_of_topic(self, topic_id: int) -> tuple[str, ...]:
        rows = self._database.query(
            f"""SELECT papers.key FROM papers JOIN paper_topics ON paper_topics.paper_id = papers.id
                WHERE paper_topics.topic_id = ? {_NEWEST_FIRST}""",
            [topic_id],
        )
        return tuple(row["key"] for row in rows)

    def _find_title(self, text: str) -> Lookup:
        wanted = title_key(text)
        rows = self._rows(
            "JOIN entries ON entries.paper_id = papers.id WHERE ? <> '' AND ? IN (title_en_key, title_zh_key) LIMIT 1",
            [wanted, wanted],
        )
        if rows:
            return Lookup(kind="title", wanted=text, paper=self._whole(rows[0]))
        titles = [
            (row["paper_id"], title)
            for row in self._database.query(
                "SELECT paper_id, title_en_key, title_zh_key FROM entries ORDER BY id"
            )
            for title in (row["title_en_key"], row["title_zh_key"])
            if title
        ]
        return self._nearest_title(text, wanted, titles)

    def _nearest_title(self, text: str, wanted: str, titles: Sequence[tuple[int, str]]) -> Lookup:
        """Read a title that no entry has: as a mistyped one, as the name before a title's colon, or as words."""
        if not wanted:
            return Lookup(kind="title", wanted=text)
        scored = process.extract(
            wanted, [title for _, title in titles], scorer=_title_ratio, limit=40, score_cutoff=_NEAR_TITLE
        )
        best: dict[int, float] = {}
        for _, score, position in scored:
            paper_id = titles[position][0]
            best[paper_id] = max(score, best.get(paper_id, 0.0))
        ranked = sorted(best, key=lambda paper_id: -best[paper_id])
        papers = {
            row["id"]: row for row in self._rows(f"WHERE id IN ({', '.join('?' * len(ranked))})", ranked)
        }
        if (
            ranked
            and best[ranked[0]] >= _SAME_TITLE
            and all(best[other] < best[ranked[0]] for other in ranked[1:])
        ):
            return Lookup(kind="title", wanted=text, paper=self._whole(papers[ranked[0]]))
        nearest = [self._plain_hit(papers[paper_id]) for paper_id in ranked]
        known = {hit.key for hit in nearest}
        by_words = self.search(text, NEAREST).hits
        nearest.extend(hit for hit in by_words if hit.key not in known)
        return Lookup(kind="title", wanted=text, nearest=tuple(nearest[:NEAREST]))

    def _nearest_ids(self, arxiv_id: str) -> tuple[Hit, ...]:
        """Papers whose ids look most like this one: a digit mistyped, or else the next numbers."""
        rows = self._rows("WHERE arxiv_id IS NOT NULL", [])
        number = _number(arxiv_id)
        rows.sort(
            key=lambda row: (-fuzz.ratio(arxiv_id, row["arxiv_id"]), abs(_number(row["arxiv_id"]) - number))
        )
        return tuple(self._plain_hit(row) for row in rows[:NEAREST])


def _hit(row: dict[str, Any], score: float, passage: tuple[str, tuple[tuple[int, int], ...]]) -> Hit:
    text, matches = passage
    return Hit(
        key=row["key"],
        arxiv_id=row["arxiv_id"],
        title_en=row["title_en"],
        title_zh=row["title_zh"],
        score=score,
        snippet=text,
        matches=matches,
    )


def _number(arxiv_id: str) -> int:
    return int("".join(character for character in arxiv_id if character.isdigit()) or "0")


def _title_ratio(wanted: str, title: str, *, score_cutoff: float | None = None, **_: object) -> float:
    """Likeness of two title keys, 0 to 100; a title's beginning (the name before its colon) counts nearly whole."""
    whole = fuzz.ratio(wanted, title)
    if len(wanted) < len(title) and len(wanted) >= 4:
        whole = max(whole, 0.97 * fuzz.ratio(wanted, title[: len(wanted)]))
    return whole
