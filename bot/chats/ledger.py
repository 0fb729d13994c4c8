"""The ledger of deliveries: what is to be sent, what is being sent, and what became of it.

planned -> sending -> sent, failed or unknown; or planned -> skipped. A row is written before anything is sent, and
is in `sending` from just before the request until its outcome is known. So after a crash a planned row was certainly
not sent, and one in `sending` perhaps: that becomes unknown and is not sent again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from bot.chats.kept import Kept
from bot.chats.records import Delivery, DeliveryKind, Items, Plan, State, delivery_of, items_to_json, to_text
from bot.reasons import AWAY, ENDED

_MARK_SEEN = """INSERT OR IGNORE INTO seen (chat_id, key)
    SELECT chat_id, json_extract(value, '$.key') FROM deliveries, json_each(papers) WHERE deliveries.id = ?"""
_MARK_TOLD = """UPDATE finds SET told = ?
    WHERE watch_id IN (SELECT watches.id FROM watches JOIN deliveries USING (chat_id) WHERE deliveries.id = ?)
      AND key IN (SELECT json_extract(value, '$.key') FROM deliveries, json_each(papers) WHERE deliveries.id = ?)"""
_ADD = """INSERT INTO deliveries (chat_id, kind, local_date, due_at, state, papers, reason, tries, try_at, changed_at)
    SELECT :chat_id, :kind, :local_date, :due_at, :state, :papers, :reason, 0, :due_at, :now
    WHERE EXISTS (SELECT 1 FROM subscriptions WHERE chat_id = :chat_id)"""  # it may have been forgotten meanwhile
# A date's digest that came to nothing may be planned again, for who chose a later hour or came back.
_OR_AGAIN = """ON CONFLICT (chat_id, local_date) WHERE kind = 'digest' DO UPDATE SET
    state = excluded.state, papers = excluded.papers, due_at = excluded.due_at, try_at = excluded.try_at,
    reason = excluded.reason, tries = 0, changed_at = excluded.changed_at
    WHERE state IN ('failed', 'skipped') AND excluded.state = 'planned' RETURNING id"""


class Ledger(Kept):
    """Deliveries. A chat has one digest a date, however often it is planned."""

    def plan(self, plans: Sequence[Plan], now: datetime) -> None:
        """Write what due chats are to get, and when they are due again, in one transaction."""
        with self._writing() as connection:
            for plan in plans:
                for day, due_at in plan.missed:
                    self._add(connection, plan.chat_id, day, due_at, "skipped", (), now)
                planned = plan.items is not None and self._add(
                    connection, plan.chat_id, plan.local_date, plan.due_at, "planned", plan.items, now
                )
                connection.execute(
                    "UPDATE subscriptions SET next_due_at = ? WHERE chat_id = ? AND next_due_at IS NOT NULL",
                    [to_text(plan.next_due_at), plan.chat_id],
                )
                if planned:
                    connection.execute(
                        "UPDATE subscriptions SET new_since = ?, quiet = ? WHERE chat_id = ?",
                        [to_text(now), int(not plan.items), plan.chat_id],
                    )

    def _add(
        self,
        connection: sqlite3.Connection,
        chat_id: int,
        day: date,
        due_at: datetime,
        state: State,
        items: Items,
        now: datetime,
    ) -> bool:
        """Write a digest's row; False where the date has had its digest."""
        values = {
            "chat_id": chat_id,
            "kind": "digest",
            "local_date": day.isoformat(),
            "due_at": to_text(due_at),
            "state": state,
            "papers": items_to_json(items),
            "reason": AWAY if state == "skipped" else None,
            "now": to_text(now),
        }
        row = connection.execute(f"{_ADD} {_OR_AGAIN}", values).fetchone()
        if row and items:
            connection.execute(_MARK_TOLD, [1, row[0], row[0]])
        return row is not None

    def plan_find(self, chat_id: int, day: date, items: Items, now: datetime) -> None:
        """Write a message that tells a chat at once of what its watches found."""
        values = {
            "chat_id": chat_id,
            "kind": "find",
            "local_date": day.isoformat(),
            "due_at": to_text(now),
            "state": "planned",
            "papers": items_to_json(items),
            "reason": None,
            "now": to_text(now),
        }
        with self._writing() as connection:
            if row := connection.execute(f"{_ADD} RETURNING id", values).fetchone():
                connection.execute(_MARK_TOLD, [1, row[0], row[0]])

    def planned(self, now: datetime, limit: int, *, after: int = 0, without: int | None = None) -> list[Delivery]:
        """Deliveries that may be sent now and have an id above ``after``, in the order they were planned."""
        rows = self._rows(
            # Left to itself, SQLite would go through all deliveries there ever were by their ids.
            """SELECT * FROM deliveries INDEXED BY deliveries_planned
               WHERE state = 'planned' AND try_at <= ? AND id > ? AND chat_id IS NOT ? ORDER BY id LIMIT ?""",
            [to_text(now), after, without, limit],
        )
        return [delivery_of(row) for row in rows]

    def begin(self, delivery_id: int, now: datetime) -> bool:
        """Note that a planned delivery is about to be sent; False where it is not planned, or not yet to be tried."""
        with self._writing() as connection:
            cursor = connection.execute(
                """UPDATE deliveries SET state = 'sending', tries = tries + 1, changed_at = ?
                   WHERE id = ? AND state = 'planned' AND try_at <= ?""",
                [to_text(now), delivery_id, to_text(now)],
            )
            return cursor.rowcount > 0

    def was_sent(self, delivery_id: int, message_id: int, now: datetime) -> None:
        """Telegram took it: its papers are had, and the chat is within reach."""
        with self._writing() as connection:
            self._set(connection, delivery_id, "sent", now, message_id=message_id)
            connection.execute(_MARK_SEEN, [delivery_id])
            connection.execute(
                """UPDATE subscriptions SET strikes = 0
                   WHERE strikes > 0 AND chat_id = (SELECT chat_id FROM deliveries WHERE id = ?)""",
                [delivery_id],
            )

    def is_unknown(self, delivery_id: int, reason: str, now: datetime) -> None:
        """Nobody knows whether Telegram took it: its papers count as had, and it is not sent again."""
        with self._writing() as connection:
            self._set(connection, delivery_id, "unknown", now, reason=reason)
            connection.execute(_MARK_SEEN, [delivery_id])

    def will_not_go(
        self, delivery_id: int, state: State, reason: str, now: datetime, *, tell_again: bool = True
    ) -> None:
        """It failed, or is too late (skipped): its papers were not had.

        What watches had found for it waits to be told again, unless that would fail the same way at once.
        """
        with self._writing() as connection:
            self._set(connection, delivery_id, state, now, reason=reason)
            if tell_again:
                connection.execute(_MARK_TOLD, [0, delivery_id, delivery_id])

    def try_again(self, delivery_id: int, at: datetime, reason: str, now: datetime) -> None:
        """It was proven not to be sent, and is planned again."""
        with self._writing() as connection:
            self._set(connection, delivery_id, "planned", now, reason=reason)
            connection.execute("UPDATE deliveries SET try_at = ? WHERE id = ?", [to_text(at), delivery_id])

    def recover(self, now: datetime) -> int:
        """After a crash: what was being sent becomes unknown. Gives how many these are.

        Must be called while nothing is being sent.
        """
        with self._writing() as connection:
            rows = connection.execute("SELECT id FROM deliveries WHERE state = 'sending'").fetchall()
            for (delivery_id,) in rows:
                self._set(connection, delivery_id, "unknown", now, reason=ENDED)
                connection.execute(_MARK_SEEN, [delivery_id])
            return len(rows)

    def digest_of(self, chat_id: int, day: date) -> Delivery | None:
        """A chat's digest of a date; None where none was planned."""
        row = self._row(
            "SELECT * FROM deliveries WHERE chat_id = ? AND local_date = ? AND kind = 'digest'",
            [chat_id, day.isoformat()],
        )
        return delivery_of(row) if row else None

    def deliveries(self, chat_id: int, kind: DeliveryKind = "digest") -> list[Delivery]:
        """All that went out to a chat by itself, oldest first."""
        rows = self._rows("SELECT * FROM deliveries WHERE chat_id = ? AND kind = ? ORDER BY id", [chat_id, kind])
        return [delivery_of(row) for row in rows]

    @staticmethod
    def _set(
        connection: sqlite3.Connection,
        delivery_id: int,
        state: State,
        now: datetime,
        *,
        message_id: int | None = None,
        reason: str | None = None,
    ) -> None:
        connection.execute(
            """UPDATE deliveries SET state = ?, message_id = ?, reason = ?, changed_at = ? WHERE id = ?""",
            [state, message_id, reason, to_text(now), delivery_id],
        )
