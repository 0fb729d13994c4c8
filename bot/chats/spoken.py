"""The paper a chat spoke of last, for half an hour: a question without a subject of its own is about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chats.kept import Kept, know
from bot.chats.records import to_text

MEMORY = timedelta(minutes=30)


class SpokenOf(Kept):
    """What conversations are about."""

    def remember_paper(self, chat_id: int, key: str, now: datetime) -> None:
        """The chat speaks of this paper now. What other chats spoke of too long ago is forgotten with that."""
        with self._writing() as connection:
            know(connection, chat_id)
            connection.execute("DELETE FROM spoken_of WHERE at < ?", [to_text(now - MEMORY)])
            connection.execute(
                """INSERT INTO spoken_of (chat_id, key, at) VALUES (?, ?, ?)
                   ON CONFLICT (chat_id) DO UPDATE SET key = excluded.key, at = excluded.at""",
                [chat_id, key, to_text(now)],
            )

    def paper_spoken_of(self, chat_id: int, now: datetime) -> str | None:
        """The key of the paper the chat spoke of within the last half hour."""
        row = self._row("SELECT key FROM spoken_of WHERE chat_id = ? AND at >= ?", [chat_id, to_text(now - MEMORY)])
        return row["key"] if row else None
