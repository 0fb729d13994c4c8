"""What every part of chats.db is built on: one connection, used by one thread at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlite_utils import Database

from bot.chats.records import Row
from store import writing

# Of a statement: those of its ? in order, or of its :names.
Values: TypeAlias = Sequence[Any] | Mapping[str, Any]


class Kept:
    """A part of chats.db. Every method is one short transaction, and any thread may call it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()

    def _rows(self, query: str, values: Values = ()) -> list[Row]:
        with self._lock:
            return list(self._database.query(query, dict(values) if isinstance(values, Mapping) else list(values)))

    def _row(self, query: str, values: Values = ()) -> Row | None:
        return next(iter(self._rows(query, values)), None)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction, rolled back whole on any exception."""
        with self._lock, writing(self._database):
            yield self._database.conn


def know(connection: sqlite3.Connection, chat_id: int) -> None:
    """Make sure that a chat has its row, on which all that is kept of it hangs."""
    connection.execute("INSERT INTO chats (id) VALUES (?) ON CONFLICT (id) DO NOTHING", [chat_id])
