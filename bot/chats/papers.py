"""Papers as chats know them: had, saved, and since when the archive holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.chats.kept import Kept, know
from bot.chats.records import Find, KnownPaper, to_text


class SavedPaper(NamedTuple):
    """A paper a chat keeps, with its names for when the archive no longer has it."""

    key: str
    arxiv_id: str | None
    title: str


class KeptPapers(Kept):
    """Which papers each chat has had and saved, and which the archive ever held."""

    def seen(self, chat_id: int) -> set[str]:
        """Keys of the papers that a chat has had, or that are on their way to it."""
        rows = self._rows(
            """SELECT key FROM seen WHERE chat_id = ?
               UNION SELECT json_extract(value, '$.key') FROM deliveries, json_each(papers)
               WHERE chat_id = ? AND state IN ('planned', 'sending')""",
            [chat_id, chat_id],
        )
        return {row["key"] for row in rows}

    def mark_seen(self, chat_id: int, keys: Iterable[str]) -> None:
        with self._writing() as connection:
            know(connection, chat_id)
            rows = [[chat_id, key] for key in keys]
            connection.executemany("INSERT OR IGNORE INTO seen (chat_id, key) VALUES (?, ?)", rows)
            connection.executemany(
                """UPDATE finds SET told = 1
                   WHERE watch_id IN (SELECT id FROM watches WHERE chat_id = ?) AND key = ?""",
                rows,
            )

    def save(self, chat_id: int, paper: SavedPaper, now: datetime) -> bool:
        """Keep a paper for a chat; False where it was kept already."""
        with self._writing() as connection:
            know(connection, chat_id)
            cursor = connection.execute(
                "INSERT OR IGNORE INTO saved (chat_id, key, arxiv_id, title, saved_at) VALUES (?, ?, ?, ?, ?)",
                [chat_id, *paper, to_text(now)],
            )
            return cursor.rowcount > 0

    def unsave(self, chat_id: int, key: str) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM saved WHERE chat_id = ? AND key = ?", [chat_id, key])

    def saved(self, chat_id: int) -> list[SavedPaper]:
        """The papers a chat keeps, the last saved first."""
        rows = self._rows(
            "SELECT key, arxiv_id, title FROM saved WHERE chat_id = ? ORDER BY saved_at DESC, key", [chat_id]
        )
        return [SavedPaper(row["key"], row["arxiv_id"], row["title"]) for row in rows]

    def known_papers(self) -> list[KnownPaper]:
        """Every paper the archive holds or once held."""
        return [
            KnownPaper(row["key"], row["arxiv_id"], row["title"], datetime.fromisoformat(row["seen_at"]))
            for row in self._rows("SELECT * FROM first_seen")
        ]

    def record_news(self, papers: Sequence[KnownPaper], finds: Sequence[Find], now: datetime) -> None:
        """Papers that came into the archive, and which watches they match; what is recorded already stays so."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO first_seen (key, arxiv_id, title, seen_at) VALUES (?, ?, ?, ?)",
                [[paper.key, paper.arxiv_id, paper.title, to_text(paper.seen_at)] for paper in papers],
            )
            # A watch may have been dropped meanwhile.
            connection.executemany(
                """INSERT OR IGNORE INTO finds (watch_id, key, arxiv_id, title, found_at, told)
                   SELECT id, ?, ?, ?, ?, 0 FROM watches WHERE id = ?""",
                [[find.key, find.arxiv_id, find.title, to_text(now), find.watch.id] for find in finds],
            )
