"""Answers that readers found good or bad."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from bot.chats.kept import Kept, know


class Marks(NamedTuple):
    """How many answers were found good, and how many bad."""

    good: int
    bad: int


class MarkedAnswers(Kept):
    """Thumbs up and down. An answer has one mark: the last tap wins."""

    def mark(self, chat_id: int, message_id: int, *, good: bool, today: date) -> None:
        with self._writing() as connection:
            know(connection, chat_id)
            connection.execute(
                """INSERT INTO marks (chat_id, message_id, good, marked_on) VALUES (?, ?, ?, ?)
                   ON CONFLICT (chat_id, message_id) DO UPDATE
                   SET good = excluded.good, marked_on = excluded.marked_on""",
                [chat_id, message_id, int(good), today.isoformat()],
            )

    def marks_after(self, day: date) -> Marks:
        """The marks of the days later than this one."""
        row = self._row(
            """SELECT count(*) FILTER (WHERE good = 1) AS good, count(*) FILTER (WHERE good = 0) AS bad
               FROM marks WHERE marked_on > ?""",
            [day.isoformat()],
        )
        return Marks(**row) if row else Marks(0, 0)
