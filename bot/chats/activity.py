"""Which chats spoke to the bot, by day and never more exactly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from bot.callbacks import LanguageChoice
from bot.chats.kept import Kept
from bot.chats.settings import language_of

WEEK = timedelta(days=7)


class Readers(NamedTuple):
    """How many chats there are, and how many of them spoke to the bot on a day and in the seven days up to it.

    Telegram gives persons positive ids, groups and channels negative ones.
    """

    people: int
    people_today: int
    people_week: int
    groups: int
    groups_week: int


class Activity(Kept):
    """The day each chat was last seen, in the bot's time zone."""

    def came(self, chat_id: int, today: date) -> LanguageChoice | None:
        """A chat speaks to the bot: gives the language it chose, and notes the day where that is not noted yet."""
        row = self._row("SELECT language, last_seen FROM chats WHERE id = ?", [chat_id])
        if row is None or row["last_seen"] != today.isoformat():
            with self._writing() as connection:
                connection.execute(
                    """INSERT INTO chats (id, last_seen) VALUES (?, ?)
                       ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen""",
                    [chat_id, today.isoformat()],
                )
        return language_of(row)

    def readers(self, today: date) -> Readers:
        row = self._row(
            """SELECT count(*) FILTER (WHERE id > 0) AS people,
                      count(*) FILTER (WHERE id > 0 AND last_seen = :today) AS people_today,
                      count(*) FILTER (WHERE id > 0 AND last_seen > :week) AS people_week,
                      count(*) FILTER (WHERE id < 0) AS groups,
                      count(*) FILTER (WHERE id < 0 AND last_seen > :week) AS groups_week
               FROM chats""",
            {"today": today.isoformat(), "week": (today - WEEK).isoformat()},
        )
        return Readers(**row) if row else Readers(0, 0, 0, 0, 0)
