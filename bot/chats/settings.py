"""The language a chat chose, and a chat's new id."""

from __future__ import annotations

from typing import get_args

from bot.callbacks import LanguageChoice
from bot.chats.kept import Kept
from bot.chats.records import Row


class ChatSettings(Kept):
    """What holds for a chat as a whole."""

    def language(self, chat_id: int) -> LanguageChoice | None:
        """The language chosen with /language; None where nothing was chosen."""
        return language_of(self._row("SELECT language FROM chats WHERE id = ?", [chat_id]))

    def choose_language(self, chat_id: int, choice: LanguageChoice) -> None:
        with self._writing() as connection:
            connection.execute(
                """INSERT INTO chats (id, language) VALUES (?, ?)
                   ON CONFLICT (id) DO UPDATE SET language = excluded.language""",
                [chat_id, choice],
            )

    def move(self, old_id: int, new_id: int) -> None:
        """A group became a supergroup and has a new id: all that is kept of it goes with it.

        Telegram says so more than once; what is kept under the new id by then stays, unless there is still something
        under the old one.
        """
        with self._writing() as connection:
            if connection.execute("SELECT 1 FROM chats WHERE id = ?", [old_id]).fetchone() is None:
                return
            connection.execute("DELETE FROM chats WHERE id = ?", [new_id])
            connection.execute("UPDATE chats SET id = ? WHERE id = ?", [new_id, old_id])
            connection.execute("UPDATE subscriptions SET kind = 'supergroup' WHERE chat_id = ?", [new_id])


def language_of(row: Row | None) -> LanguageChoice | None:
    """The choice in a row of ``chats``; None where there is none, or none that is known."""
    return row["language"] if row and row["language"] in get_args(LanguageChoice) else None
