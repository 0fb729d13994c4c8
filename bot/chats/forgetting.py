"""What is kept of a chat, forgetting it, and forgetting what has been kept for long enough."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.chats.kept import Kept
from bot.chats.records import to_text
from bot.chats.spoken import MEMORY

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
# So many rows at most go in one transaction: whoever wants to write meanwhile waits for milliseconds.
BATCH = 200


@dataclass(frozen=True)
class KeptOfChat:
    """How much is kept of a chat, beside the day it was last seen."""

    subscribed: int
    settings: int  # 1 where a language or settings of the digest are kept
    watches: int
    saved: int
    had: int
    deliveries: int
    marks: int
    spoken_of: int
    uploads: int  # those neither kept nor discarded yet

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


class _Old(NamedTuple):
    """Rows of a table that have been kept for long enough: those where ``condition`` holds."""

    table: str
    key: str
    condition: str
    values: tuple[Any, ...] = ()


class Forgetting(Kept):
    """Deleting, on demand and by age."""

    def kept_of(self, chat_id: int) -> KeptOfChat:
        row = self._row(
            """SELECT (SELECT count(*) FROM subscriptions
                       WHERE chat_id = :id AND next_due_at IS NOT NULL) AS subscribed,
                      (SELECT count(*) FROM chats LEFT JOIN subscriptions ON chat_id = id
                       WHERE id = :id AND (language IS NOT NULL OR chat_id IS NOT NULL)) AS settings,
                      (SELECT count(*) FROM watches WHERE chat_id = :id) AS watches,
                      (SELECT count(*) FROM saved WHERE chat_id = :id) AS saved,
                      (SELECT count(*) FROM seen WHERE chat_id = :id) AS had,
                      (SELECT count(*) FROM deliveries WHERE chat_id = :id) AS deliveries,
                      (SELECT count(*) FROM marks WHERE chat_id = :id) AS marks,
                      (SELECT count(*) FROM spoken_of WHERE chat_id = :id) AS spoken_of,
                      (SELECT count(*) FROM uploads WHERE chat_id = :id) AS uploads""",
            {"id": chat_id},
        )
        if row is None:
            raise RuntimeError("a query without FROM always gives one row")
        return KeptOfChat(**row)

    def forget(self, chat_id: int) -> bool:
        """Delete all that is kept of a chat; False where there was nothing. What hangs on its row goes with it."""
        with self._writing() as connection:
            uploads = connection.execute("DELETE FROM uploads WHERE chat_id = ?", [chat_id]).rowcount
            chats = connection.execute("DELETE FROM chats WHERE id = ?", [chat_id]).rowcount
        if chats + uploads:
            self._overwrite()
        return chats + uploads > 0

    def prune(self, now: datetime, *, keep_unanswered: bool = True) -> int:
        """Delete what has been kept for long enough, a batch at a time; gives how many rows these were.

        ``now`` is in the bot's time zone, in which days are kept. Without ``keep_unanswered``, no question is kept.
        """
        deleted = sum(map(self._delete, _old(now, keep_unanswered)))
        self._overwrite()  # also where nothing was deleted: what was dropped by hand within the hour goes with it
        return deleted

    def _overwrite(self) -> None:
        """Bring what was deleted to the database file and empty the log beside it, where it would stand for long yet.

        Where that is not possible, since another process is reading (a backup, say), it is left for the next time;
        nobody waits for it.
        """
        connection = self._database.conn
        with self._lock, suppress(sqlite3.OperationalError):
            [patience] = connection.execute("PRAGMA busy_timeout").fetchone()
            connection.execute("PRAGMA busy_timeout = 0")
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {patience}")

    def _delete(self, old: _Old) -> int:
        deleted = 0
        while batch := self._delete_batch(old):
            deleted += batch
        return deleted

    def _delete_batch(self, old: _Old) -> int:
        with self._writing() as connection:
            return connection.execute(
                f"""DELETE FROM {old.table} WHERE ({old.key}) IN
                    (SELECT {old.key} FROM {old.table} WHERE {old.condition} LIMIT {BATCH})""",
                old.values,
            ).rowcount


def _old(now: datetime, keep_unanswered: bool) -> Iterator[_Old]:
    year, month = now - YEAR, now - MONTH
    # A delivery that is still to be sent, or being sent, stays however old it is.
    sent = "changed_at <= ? AND state NOT IN ('planned', 'sending')"
    yield _Old("deliveries", "id", sent, (to_text(year),))
    yield _Old("marks", "chat_id, message_id", "marked_on <= ?", (year.date().isoformat(),))
    yield _Old("errors", "failed_on, kind", "failed_on <= ?", (month.date().isoformat(),))
    yield _Old("notices", "kind", "told_at <= ?", (to_text(month),))
    yield _Old("spoken_of", "chat_id", "at < ?", (to_text(now - MEMORY),))
    if keep_unanswered:
        yield _Old("unanswered", "asked_on, folded", "asked_on <= ?", (month.date().isoformat(),))
    else:
        yield _Old("unanswered", "asked_on, folded", "true")
