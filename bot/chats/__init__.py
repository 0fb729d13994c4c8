"""What people told the bot, in a database of its own that no load ever touches: ``chats.db``."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

from bot.chats.activity import WEEK, Activity, Readers
from bot.chats.counts import Counts, ReasonCount
from bot.chats.examining import known_migrations
from bot.chats.failures import Failure, Failures
from bot.chats.forgetting import Forgetting, KeptOfChat
from bot.chats.ledger import Ledger
from bot.chats.marks import MarkedAnswers, Marks
from bot.chats.papers import KeptPapers, SavedPaper
from bot.chats.records import (
    MAX_COUNT,
    ChatKind,
    Delivery,
    Find,
    Item,
    Items,
    KnownPaper,
    Plan,
    State,
    Subscription,
    Watch,
    Why,
)
from bot.chats.schema import migrations
from bot.chats.settings import ChatSettings
from bot.chats.spoken import SpokenOf
from bot.chats.standing import Standing
from bot.chats.subscriptions import MAX_STRIKES, Subscriptions
from bot.chats.unanswered import Unanswered, UnansweredQuestion
from bot.chats.uploads import KeptUploads, Upload
from bot.chats.watches import MAX_WATCHES, TooManyWatches, Watches
from store import open_for_writing

__all__ = [
    "CHATS_FILE",
    "MAX_COUNT",
    "MAX_STRIKES",
    "MAX_WATCHES",
    "WEEK",
    "ChatKind",
    "Chats",
    "ChatsUnusable",
    "Delivery",
    "Failure",
    "Find",
    "Item",
    "Items",
    "KeptOfChat",
    "KnownPaper",
    "Marks",
    "Plan",
    "Readers",
    "ReasonCount",
    "SavedPaper",
    "State",
    "Subscription",
    "TooManyWatches",
    "UnansweredQuestion",
    "Upload",
    "Watch",
    "Why",
]

CHATS_FILE = "chats.db"


class ChatsUnusable(Exception):
    """chats.db cannot be used; the message is one sentence that says why and what to do."""


class Chats(
    ChatSettings,
    Activity,
    SpokenOf,
    Subscriptions,
    Watches,
    KeptPapers,
    Ledger,
    Counts,
    MarkedAnswers,
    Unanswered,
    Failures,
    KeptUploads,
    Forgetting,
    Standing,
):
    """What people told the bot. Synchronous and thread-safe; every method is one short transaction, or several."""

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open ``data``/chats.db, making it where it is missing and bringing its schema up to date.

        Raises:
            ChatsUnusable: it is damaged, locked, of a newer version, or may not be written.
        """
        path = data / CHATS_FILE
        try:
            database = open_for_writing(path, migrations)
            # What was told to be sent must not be forgotten when the power fails, or it would be sent again.
            database.conn.execute("PRAGMA synchronous = FULL")
            # What is forgotten is overwritten, not only no longer found.
            database.conn.execute("PRAGMA secure_delete = ON")
            unknown = {each.name for each in migrations.applied(database)} - known_migrations()
        except (sqlite3.Error, OSError) as error:
            raise ChatsUnusable(_why_unusable(path, error)) from error
        if unknown:
            database.close()
            raise ChatsUnusable(
                f"{path} is from a newer version of digestbot: run that one, or put back a copy from before it."
            )
        return cls(database)

    def close(self) -> None:
        with self._lock:
            self._database.close()


def _why_unusable(path: Path, error: sqlite3.Error | OSError) -> str:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"{path} is locked: another process is writing to it. Stop that one and try again."
    if isinstance(error, sqlite3.OperationalError | OSError):
        return f"{path} cannot be opened ({error}): check the folder's rights and free space."
    return f"{path} is damaged ({error}): put back a copy of it. It holds what people told the bot."
