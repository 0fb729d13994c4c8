"""A chats.db looked at without being changed: whether it is whole, of which version, and how much is in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from bot.chats.schema import migrations


class Damaged(Exception):
    """It is no sound chats.db; the message completes "chats.db …"."""


class Contents(NamedTuple):
    """What a sound chats.db holds."""

    chats: int
    subscriptions: int  # chats that get a digest
    outdated: bool  # of an earlier version: brought up to date where it is opened for use
    newer: bool  # of a version that this one does not know


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that never makes the file, and finds it as it stands from the first query to the end.

    Raises:
        sqlite3.Error: it is missing, or cannot be read.
    """
    # Not read-only: that could not tidy up the files that SQLite lays beside it. In WAL mode nobody is held up.
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        # Where the file came from outside, nothing in its schema may call what has effects.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("BEGIN")
        yield connection


def examine(connection: sqlite3.Connection, *, thorough: bool) -> Contents:
    """Check the database; ``thorough`` compares every index with its table as well, which takes longer.

    Raises:
        Damaged: it is not sound, or not a chats.db at all.
        sqlite3.Error: it cannot be read.
    """
    try:
        [(verdict, *_), *_] = connection.execute("PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(1)")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise Damaged(f"is damaged ({error})") from None
    if verdict != "ok":
        raise Damaged(f"is damaged ({str(verdict).splitlines()[-1]})")
    known, applied = known_migrations(), _applied(connection)
    if not known & applied:
        raise Damaged("is no database of digestbot's")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    [(chats,)] = connection.execute("SELECT count(*) FROM chats")
    subscriptions = 0
    if "subscriptions" in tables:
        query = "SELECT count(*) FROM subscriptions WHERE next_due_at IS NOT NULL"
        [(subscriptions,)] = connection.execute(query)
    return Contents(chats, subscriptions, outdated=bool(known - applied), newer=bool(applied - known))


def known_migrations() -> set[str]:
    """Names of all migrations of today's version."""
    with Database(memory=True) as empty:
        return {each.name for each in migrations.pending(empty)}


def _applied(connection: sqlite3.Connection) -> set[str]:
    try:
        return {each.name for each in migrations.applied(Database(connection))}
    except sqlite3.OperationalError:
        return set()
