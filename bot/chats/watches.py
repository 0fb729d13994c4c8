"""Words that chats wait for, and the new papers that match them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.chats.kept import Kept, know
from bot.chats.records import Find, Row, Watch, to_text, watch_of

MAX_WATCHES = 20
_FINDS = "SELECT finds.*, watches.* FROM finds JOIN watches ON watches.id = finds.watch_id"
# What was found for a watch that is dropped counts as new.
_WITHOUT_WORDS = """
    UPDATE deliveries SET papers = (
        SELECT json_group_array(json(
            iif(json_extract(value, '$.watch') = :words, json_set(json_remove(value, '$.watch'), '$.why', 'new'), value)
        )) FROM json_each(papers)
    )
    WHERE chat_id = :chat_id
      AND EXISTS (SELECT 1 FROM json_each(papers) WHERE json_extract(value, '$.watch') = :words)
"""


class TooManyWatches(Exception):
    """The chat has as many watches as a chat may have."""


class Watches(Kept):
    """Each chat's watches, and what they found that the chat was not told of yet."""

    def watches(self, chat_id: int) -> list[Watch]:
        """A chat's watches, in the order it added them."""
        return [watch_of(row) for row in self._rows("SELECT * FROM watches WHERE chat_id = ? ORDER BY id", [chat_id])]

    def add_watch(self, chat_id: int, words: str, *, at_once: bool, now: datetime) -> Watch:
        """A watch for these words; the one there is where they are watched already.

        Raises:
            TooManyWatches: the chat has 20.
        """
        with self._writing() as connection:
            know(connection, chat_id)
            known = "SELECT * FROM watches WHERE chat_id = ? AND words = ?"
            rows = self._rows(known, [chat_id, words])
            if not rows:
                [count] = connection.execute("SELECT count(*) FROM watches WHERE chat_id = ?", [chat_id]).fetchone()
                if count >= MAX_WATCHES:
                    raise TooManyWatches
                connection.execute(
                    "INSERT INTO watches (chat_id, words, at_once, added_at) VALUES (?, ?, ?, ?)",
                    [chat_id, words, int(at_once), to_text(now)],
                )
                rows = self._rows(known, [chat_id, words])
            return watch_of(rows[0])

    def drop_watch(self, chat_id: int, watch_id: int) -> bool:
        """Drop a chat's watch; False where it has none with this number. Its words leave the ledger as well."""
        with self._writing() as connection:
            dropped = connection.execute(
                "DELETE FROM watches WHERE id = ? AND chat_id = ? RETURNING words", [watch_id, chat_id]
            ).fetchall()
            for [words] in dropped:
                connection.execute(_WITHOUT_WORDS, {"words": words, "chat_id": chat_id})
            return bool(dropped)

    def set_at_once(self, chat_id: int, watch_id: int, *, at_once: bool) -> bool:
        """Choose when a chat is told of a watch's finds; False where it has no such watch."""
        with self._writing() as connection:
            cursor = connection.execute(
                "UPDATE watches SET at_once = ? WHERE id = ? AND chat_id = ?", [int(at_once), watch_id, chat_id]
            )
            return cursor.rowcount > 0

    def all_watches(self) -> list[Watch]:
        return [watch_of(row) for row in self._rows("SELECT * FROM watches ORDER BY id")]

    def finds(self, chat_id: int) -> list[Find]:
        """What a chat's watches found that it was not told of yet, in the order it was found."""
        rows = self._rows(
            f"{_FINDS} WHERE watches.chat_id = ? AND told = 0 ORDER BY found_at, watch_id, key", [chat_id]
        )
        return [_find_of(row) for row in rows]

    def mark_told(self, finds: Iterable[Find]) -> None:
        """There is nothing to tell of these any more."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE finds SET told = 1 WHERE watch_id = ? AND key = ?",
                [[find.watch.id, find.key] for find in finds],
            )

    def chats_to_tell(self, now: datetime, *, without: int | None = None) -> Sequence[int]:
        """Chats that want to be told at once of what a watch found, and may be: neither paused nor out of reach."""
        rows = self._rows(
            # In this order, since what is untold is little and watches are many.
            """SELECT DISTINCT watches.chat_id FROM finds INDEXED BY finds_untold
               CROSS JOIN watches ON watches.id = finds.watch_id
               JOIN subscriptions ON subscriptions.chat_id = watches.chat_id
               WHERE told = 0 AND at_once = 1 AND watches.chat_id IS NOT ?
                 AND coalesce(paused_until, '') <= ? ORDER BY watches.chat_id""",
            [without, to_text(now)],
        )
        return [row["chat_id"] for row in rows]


def _find_of(row: Row) -> Find:
    return Find(watch_of(row), row["key"], row["arxiv_id"], row["title"])
