"""The archive's database: connections, schema, migrations.

``archive.db`` is derived from digest files and explains itself: plain columns, lists as JSON text, comments in the
schema (``.schema`` in the sqlite3 shell shows them).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlite_utils import Database, Migrations

ARCHIVE_FILE = "archive.db"
# How long a writer waits for another one, in seconds. Readers never wait (WAL).
WRITE_TIMEOUT = 5.0

migrations = Migrations("archive")


def connect(path: Path | Literal[":memory:"]) -> Database:
    """Open a database file for any one thread at a time, with foreign keys enforced.

    Raises:
        sqlite3.OperationalError: the folder is missing or not writable.
    """
    connection = sqlite3.connect(path, check_same_thread=False, timeout=WRITE_TIMEOUT)
    connection.execute("PRAGMA foreign_keys = ON")
    return Database(connection, strict=True)


def file_identity(path: Path) -> tuple[int, int] | None:
    """Which file lies there: another one after it was replaced. None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def open_for_writing(path: Path, schema: Migrations) -> Database:
    """Open, making the folder (for its owner alone) and the file and bringing its schema up to date; journal in WAL
    mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = connect(path)
    try:
        database.enable_wal()
        # SQLite's advice for WAL: a commit survives a crash of the process, and the file is never damaged.
        database.conn.execute("PRAGMA synchronous = NORMAL")
        schema.apply(database)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """One write transaction, holding the write lock from its start; rolled back whole on any exception.

    A deferred transaction that reads first would fail at once ("database is locked") beside another writer; an
    immediate one waits its turn.
    """
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.rollback()
        raise
    database.conn.execute("COMMIT")


@contextmanager
def trying(database: Database) -> Iterator[None]:
    """A write transaction that is always rolled back: to see what would come of it."""
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.rollback()


def in_memory(schema: Migrations) -> Database:
    """An empty database of that schema that no file is made for."""
    database = connect(":memory:")
    schema.apply(database)
    return database


@migrations()
def m001_create_archive(db: Database) -> None:
    for statement in _SCHEMA:
        db.conn.execute(statement)


_SCHEMA = (
    """
    CREATE TABLE loads (            -- one row a load that changed something; the newest is the archive's generation
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        finished_at TEXT NOT NULL,  -- UTC, ISO 8601
        rules TEXT NOT NULL,        -- version of the rules that read, merged and sorted the papers
        papers INTEGER NOT NULL,    -- in the archive afterwards
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL,
        seconds REAL NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE digests (          -- the digest files whose entries are in the archive
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,  -- of the file, without its folder
        sha256 TEXT NOT NULL,       -- of the bytes that were read
        layout TEXT NOT NULL,
        date TEXT,                  -- YYYY-MM-DD or YYYY-MM
        date_inferred INTEGER NOT NULL  -- 1 where the date is only its newest paper's month
    ) STRICT
    """,
    """
    CREATE TABLE warnings (         -- what a person should look at in a digest file
        id INTEGER PRIMARY KEY,
        digest_id INTEGER NOT NULL REFERENCES digests(id) ON DELETE CASCADE,
        line INTEGER NOT NULL,
        text TEXT NOT NULL,         -- in English
        kind TEXT,                  -- of the problem, for saying it in another language; NULL where it has none
        details TEXT NOT NULL       -- JSON object: the problem's values by name
    ) STRICT
    """,
    """
    CREATE TABLE papers (           -- one row a paper, merged from all its entries
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,   -- arXiv id with - for . and /, else t and 12 hex digits of the title
        arxiv_id TEXT UNIQUE,
        version INTEGER,
        title_en TEXT,
        title_zh TEXT,
        authors TEXT NOT NULL,      -- JSON list
        published TEXT,             -- YYYY-MM (month of the arXiv id), else the date of its digest
        summary_en TEXT,
        summary_zh TEXT,
        points TEXT NOT NULL,       -- JSON list
        notes TEXT NOT NULL,        -- JSON list of {heading, text}
        code_url TEXT,
        links TEXT NOT NULL         -- JSON list
    ) STRICT
    """,
    "CREATE INDEX papers_published ON papers (published DESC, key DESC)",
    """
    CREATE TABLE entries (          -- one row an entry of a digest: what that digest says of one paper
        id INTEGER PRIMARY KEY,
        digest_id INTEGER NOT NULL REFERENCES digests(id) ON DELETE CASCADE,
        paper_id INTEGER REFERENCES papers(id),
        line INTEGER NOT NULL,      -- where it begins in the file
        arxiv_id TEXT,
        version INTEGER,
        title_en TEXT,
        title_zh TEXT,
        title_en_key TEXT NOT NULL, -- titles as compared: without case, punctuation and LaTeX
        title_zh_key TEXT NOT NULL,
        authors TEXT NOT NULL,
        published TEXT,
        summary_en TEXT,
        summary_zh TEXT,
        points TEXT NOT NULL,
        notes TEXT NOT NULL,
        code_url TEXT,
        links TEXT NOT NULL,
        fields TEXT NOT NULL        -- JSON list of the paper's fields that this entry gave
    ) STRICT
    """,
    "CREATE INDEX entries_digest ON entries (digest_id)",
    "CREATE INDEX entries_paper ON entries (paper_id)",
    "CREATE INDEX entries_arxiv_id ON entries (arxiv_id)",
    "CREATE INDEX entries_title_en ON entries (title_en_key)",
    "CREATE INDEX entries_title_zh ON entries (title_zh_key)",
    """
    CREATE TABLE aliases (          -- keys a paper had before, or could have had: they go on resolving
        alias TEXT PRIMARY KEY,
        key TEXT NOT NULL           -- no foreign key on purpose: it outlives a paper that may come back
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sentences (        -- what the digests say, a sentence a row: the evidence of answers and snippets
        id INTEGER PRIMARY KEY,
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
        field TEXT NOT NULL,        -- title_en, title_zh, summary_en, summary_zh, points, or a note's heading
        language TEXT NOT NULL,     -- zh or en
        text TEXT NOT NULL,
        terms TEXT NOT NULL         -- the index terms of text, a line for each of its clauses
    ) STRICT
    """,
    "CREATE INDEX sentences_paper ON sentences (paper_id)",
    "CREATE INDEX sentences_entry ON sentences (entry_id)",
    """
    CREATE TABLE topics (           -- the topic list in its own order
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,
        position INTEGER NOT NULL,
        name_en TEXT NOT NULL,
        name_zh TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE paper_topics (
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        topic_id INTEGER NOT NULL REFERENCES topics(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- 0 is the most fitting
        PRIMARY KEY (paper_id, topic_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX paper_topics_topic ON paper_topics (topic_id)",
    """
    CREATE TABLE related (          -- the nearest other papers
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- 0 is the nearest
        related_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        PRIMARY KEY (paper_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX related_related ON related (related_id)",
    """
    CREATE TABLE names (            -- names in papers' titles: what a mistyped name may have been meant to be
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        key TEXT NOT NULL,          -- its letters and digits in lower case
        name TEXT NOT NULL,         -- as the title has it
        PRIMARY KEY (key, paper_id, name)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX names_paper ON names (paper_id)",
    """
    CREATE TABLE synonyms (         -- what a digest gives in brackets as the same: 强化学习（RL）; each pair both ways
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        expression TEXT NOT NULL,   -- index terms side by side, a blank between them
        synonym TEXT NOT NULL,      -- likewise
        PRIMARY KEY (expression, synonym, paper_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX synonyms_paper ON synonyms (paper_id)",
    """
    CREATE TABLE glossary (         -- which term stands for which in the other language, mined from the papers
        term TEXT NOT NULL,         -- an index term
        translation TEXT NOT NULL,  -- likewise
        weight REAL NOT NULL,       -- how surely, 0 to 1
        PRIMARY KEY (term, translation)
    ) STRICT, WITHOUT ROWID
    """,
)
