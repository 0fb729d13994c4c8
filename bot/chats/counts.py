"""What /status tells of deliveries, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.chats.kept import Kept
from bot.chats.records import State, to_text


@dataclass(frozen=True)
class ReasonCount:
    """Why deliveries came to nothing, or to nobody knows what, and how many did."""

    state: State
    reason: str
    count: int


class Counts(Kept):
    """Deliveries counted. Each query reads what an index finds, however many years the ledger holds."""

    def count_deliveries(self, since: datetime) -> Mapping[State, int]:
        """How many deliveries wait or are being sent, and how many came to each outcome since a moment."""
        rows = self._rows(
            """SELECT state, count(*) AS count FROM deliveries INDEXED BY deliveries_changed
               WHERE changed_at >= :since AND state NOT IN ('planned', 'sending') GROUP BY state
               UNION ALL
               SELECT 'planned', count(*) FROM deliveries INDEXED BY deliveries_planned WHERE state = 'planned'
               UNION ALL
               SELECT 'sending', count(*) FROM deliveries INDEXED BY deliveries_sending WHERE state = 'sending'""",
            {"since": to_text(since)},
        )
        return {row["state"]: row["count"] for row in rows if row["count"]}

    def count_reasons(self, since: datetime) -> list[ReasonCount]:
        """Why deliveries did not arrive, or not for certain, since a moment; the commonest reasons first."""
        rows = self._rows(
            """SELECT state, coalesce(reason, '') AS reason, count(*) AS count
               FROM deliveries INDEXED BY deliveries_changed
               WHERE changed_at >= ? AND state IN ('failed', 'unknown', 'skipped')
               GROUP BY state, reason ORDER BY count DESC, state, reason""",
            [to_text(since)],
        )
        return [ReasonCount(**row) for row in rows]

    def count_overdue(self, before: datetime, *, without: int | None = None) -> int:
        """How many deliveries were due before a moment and were not begun; ``without`` is a chat to pass over."""
        row = self._row(
            """SELECT (SELECT count(*) FROM deliveries INDEXED BY deliveries_planned
                       WHERE state = 'planned' AND due_at < :before AND chat_id IS NOT :without)
                    + (SELECT count(*) FROM subscriptions
                       WHERE next_due_at IS NOT NULL AND next_due_at < :before AND chat_id IS NOT :without) AS count""",
            {"before": to_text(before), "without": without},
        )
        return int(row["count"]) if row else 0

    def count_due(self, after: datetime, before: datetime, *, without: int | None = None) -> int:
        """How many chats have their next digest due between two moments; ``without`` is a chat to pass over."""
        row = self._row(
            """SELECT count(*) AS count FROM subscriptions WHERE next_due_at IS NOT NULL
               AND next_due_at > :after AND next_due_at < :before AND chat_id IS NOT :without""",
            {"after": to_text(after), "before": to_text(before), "without": without},
        )
        return int(row["count"]) if row else 0
