"""What people told the bot, in a database of its own that no load ever touches: ``chats.db``."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self, get_args

from sqlite_utils import Database, Migrations

from bot.callbacks import LanguageChoice
from store import open_for_writing, writing

CHATS_FILE = "chats.db"

migrations = Migrations("chats")


class Chats:
    """What people told the bot. Synchronous and thread-safe; every method is one short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open ``data``/chats.db, making it where it is missing and bringing its schema up to date."""
        return cls(open_for_writing(data / CHATS_FILE, migrations))

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def language(self, chat_id: int) -> LanguageChoice | None:
        """The language chosen with /language; None where nothing was chosen."""
        with self._lock:
            rows = self._database.query("SELECT language FROM chats WHERE id = ?", [chat_id])
            chosen = next((row["language"] for row in rows), None)
        return chosen if chosen in get_args(LanguageChoice) else None

    def choose_language(self, chat_id: int, choice: LanguageChoice) -> None:
        with self._lock, writing(self._database):
            self._database.conn.execute(
                "INSERT INTO chats (id, language) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET language = excluded.language",
                [chat_id, choice],
            )

    def move(self, old_id: int, new_id: int) -> None:
        """A group became a supergroup and has a new id: what it told the bot goes with it."""
        with self._lock, writing(self._database):
            self._database.conn.execute("UPDATE OR REPLACE chats SET id = ? WHERE id = ?", [new_id, old_id])

    def may_notify(self, kind: str, now: datetime, pause: timedelta) -> bool:
        """Whether admins may be told of this kind of error again; if so, the time is noted."""
        since = (now - pause).astimezone(UTC).isoformat()
        with self._lock, writing(self._database):
            cursor = self._database.conn.execute(
                """INSERT INTO notices (kind, told_at) VALUES (?, ?)
                   ON CONFLICT (kind) DO UPDATE SET told_at = excluded.told_at WHERE told_at <= ?""",
                [kind, now.astimezone(UTC).isoformat(), since],
            )
            return cursor.rowcount > 0


@migrations()
def m001_create_chats(db: Database) -> None:
    db.conn.execute(
        """
        CREATE TABLE chats (
            id INTEGER PRIMARY KEY,     -- Telegram's chat id
            language TEXT               -- zh, en or both; NULL where nothing was chosen
        ) STRICT
        """
    )
    db.conn.execute(
        """
        CREATE TABLE notices (          -- when admins were last told of a kind of error
            kind TEXT PRIMARY KEY,
            told_at TEXT NOT NULL       -- UTC, ISO 8601
        ) STRICT
        """
    )
