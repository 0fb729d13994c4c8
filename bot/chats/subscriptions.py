"""Who wants a digest, how, and when the next one is due."""

from __future__ import annotations

from datetime import date, datetime

from bot.chats.kept import Kept, know
from bot.chats.records import Subscription, subscription_of, to_json, to_text

_ALL = "SELECT subscriptions.*, chats.language FROM subscriptions JOIN chats ON chats.id = subscriptions.chat_id"
# As often in a row a chat may be gone before it is no longer written to.
MAX_STRIKES = 5


class Subscriptions(Kept):
    """The settings of a chat's digest. They are kept when the chat unsubscribes."""

    def subscription(self, chat_id: int) -> Subscription | None:
        """A chat's settings; None where it never had any."""
        row = self._row(f"{_ALL} WHERE chat_id = ?", [chat_id])
        return subscription_of(row) if row else None

    def keep_subscription(self, subscription: Subscription) -> None:
        """Write a chat's settings whole; its language is kept elsewhere."""
        row = {
            "chat_id": subscription.chat_id,
            "kind": subscription.kind,
            "ui": subscription.ui,
            "time": f"{subscription.time:%H:%M}",
            "zone": subscription.zone,
            "topics": to_json(subscription.topics),
            "count": subscription.count,
            "weekdays_only": int(subscription.weekdays_only),
            "paused_until": subscription.paused_until and to_text(subscription.paused_until),
            "next_due_at": subscription.next_due_at and to_text(subscription.next_due_at),
            "new_since": to_text(subscription.new_since),
            "quiet": int(subscription.quiet),
            "strikes": subscription.strikes,
        }
        updates = ", ".join(f"{column} = excluded.{column}" for column in row if column != "chat_id")
        with self._writing() as connection:
            know(connection, subscription.chat_id)
            connection.execute(
                f"""INSERT INTO subscriptions ({", ".join(row)}) VALUES ({", ".join("?" * len(row))})
                    ON CONFLICT (chat_id) DO UPDATE SET {updates}""",
                list(row.values()),
            )

    def due(self, now: datetime, limit: int, *, without: int | None = None) -> list[Subscription]:
        """The subscriptions whose digest is due, the longest waiting first; ``without`` is a chat to pass over."""
        rows = self._rows(
            f"""{_ALL} WHERE next_due_at <= ? AND next_due_at IS NOT NULL AND chat_id IS NOT ?
                ORDER BY next_due_at LIMIT ?""",
            [to_text(now), without, limit],
        )
        return [subscription_of(row) for row in rows]

    def strike(self, chat_id: int, paused_until: datetime, next_due_at: datetime) -> int:
        """A chat is gone or blocks the bot: it is paused, and at the last strike unsubscribed. Gives its strikes."""
        with self._writing() as connection:
            connection.execute(
                """UPDATE subscriptions SET strikes = strikes + 1, paused_until = ?,
                     next_due_at = iif(next_due_at IS NULL, NULL, ?) WHERE chat_id = ?""",
                [to_text(paused_until), to_text(next_due_at), chat_id],
            )
            row = connection.execute("SELECT strikes FROM subscriptions WHERE chat_id = ?", [chat_id]).fetchone()
            strikes = int(row[0]) if row else 0
            if strikes >= MAX_STRIKES:
                connection.execute(
                    "UPDATE subscriptions SET strikes = 0, paused_until = NULL, next_due_at = NULL WHERE chat_id = ?",
                    [chat_id],
                )
                connection.execute("UPDATE watches SET at_once = 0 WHERE chat_id = ?", [chat_id])
            return strikes

    def dates_taken(self, chat_id: int) -> set[date]:
        """The dates whose digest a chat has had, or is getting."""
        rows = self._rows(
            """SELECT local_date FROM deliveries
               WHERE chat_id = ? AND kind = 'digest' AND state IN ('planned', 'sending', 'sent', 'unknown')
               ORDER BY local_date DESC LIMIT 10""",
            [chat_id],
        )
        return {date.fromisoformat(row["local_date"]) for row in rows}

    def count_subscribed(self) -> int:
        row = self._row("SELECT count(*) AS count FROM subscriptions WHERE next_due_at IS NOT NULL")
        return int(row["count"]) if row else 0
