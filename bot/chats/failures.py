"""Failures of ours, by day, so that a restart does not hide them; and when admins were last told of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.chats.kept import Kept
from bot.chats.records import to_text


@dataclass(frozen=True)
class Failure:
    """A kind of error, how often it came, and what the log has the last one under."""

    kind: str
    count: int
    reference: str


class Failures(Kept):
    """What went wrong on our side."""

    def note_failure(self, kind: str, reference: str, today: date) -> None:
        with self._writing() as connection:
            connection.execute(
                """INSERT INTO errors (failed_on, kind, count, reference) VALUES (?, ?, 1, ?)
                   ON CONFLICT (failed_on, kind) DO UPDATE SET count = count + 1, reference = excluded.reference""",
                [today.isoformat(), kind, reference],
            )

    def failures(self, day: date) -> list[Failure]:
        """The failures of a day, the most frequent first."""
        rows = self._rows(
            "SELECT kind, count, reference FROM errors WHERE failed_on = ? ORDER BY count DESC, kind",
            [day.isoformat()],
        )
        return [Failure(**row) for row in rows]

    def may_notify(self, kind: str, now: datetime, pause: timedelta) -> bool:
        """Whether admins may be told of this kind of error again; if so, the time is noted."""
        with self._writing() as connection:
            cursor = connection.execute(
                """INSERT INTO notices (kind, told_at) VALUES (?, ?)
                   ON CONFLICT (kind) DO UPDATE SET told_at = excluded.told_at WHERE told_at <= ?""",
                [kind, to_text(now), to_text(now - pause)],
            )
            return cursor.rowcount > 0
