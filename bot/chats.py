"""What people told the bot, in a database of its own that no load ever touches: ``chats.db``."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self, get_args

from sqlite_utils import Database, Migrations

from bot.callbacks import LanguageChoice
from store import open_for_writing, writing

CHATS_FILE = "chats.db"

migrations = Migrations("chats")


class ChatsUnusable(Exception):
    """chats.db cannot be used; the message is one sentence that says why and what to do."""


class Chats:
    """What people told the bot. Synchronous and thread-safe; every method is one short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open ``data``/chats.db, making it where it is missing and bringing its schema up to date.

        Raises:
            ChatsUnusable: it is damaged, locked, of a newer version, or may not be written.
        """
        path = data / CHATS_FILE
        try:
            database = open_for_writing(path, migrations)
            unknown = {each.name for each in migrations.applied(database)} - _known_migrations()
        except (sqlite3.Error, OSError) as error:
            raise ChatsUnusable(_why_unusable(path, error)) from error
        if unknown:
            database.close()
            raise ChatsUnusable(
                f"{path} is from a newer version of digestbot: run that one, or put back a copy from before it."
            )
        return cls(database)

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
                """INSERT INTO chats (id, language) VALUES (?, ?)
                   ON CONFLICT (id) DO UPDATE SET language = excluded.language""",
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


def _known_migrations() -> set[str]:
    with Database(memory=True) as empty:
        return {each.name for each in migrations.pending(empty)}


def _why_unusable(path: Path, error: sqlite3.Error | OSError) -> str:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"{path} is locked: another process is writing to it. Stop that one and try again."
    if isinstance(error, sqlite3.OperationalError | OSError):
        return f"{path} cannot be opened ({error}): check the folder's rights and free space."
    return f"{path} is damaged ({error}): put back a copy of it. It holds what people told the bot."


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
