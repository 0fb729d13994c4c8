"""What people told the bot, in a database of its own that no load ever touches: ``chats.db``."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

from sqlite_utils import Database

from bot.chats.ledger import Ledger
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
from bot.chats.subscriptions import MAX_STRIKES, Subscriptions
from bot.chats.watches import MAX_WATCHES, TooManyWatches, Watches
from store import open_for_writing

__all__ = [
    "CHATS_FILE",
    "MAX_COUNT",
    "MAX_STRIKES",
    "MAX_WATCHES",
    "ChatKind",
    "Chats",
    "ChatsUnusable",
    "Delivery",
    "Find",
    "Item",
    "Items",
    "KnownPaper",
    "Plan",
    "SavedPaper",
    "State",
    "Subscription",
    "TooManyWatches",
    "Watch",
    "Why",
]

CHATS_FILE = "chats.db"


class ChatsUnusable(Exception):
    """chats.db cannot be used; the message is one sentence that says why and what to do."""


class Chats(ChatSettings, SpokenOf, Subscriptions, Watches, KeptPapers, Ledger):
    """What people told the bot. Synchronous and thread-safe; every method is one short transaction."""

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
            unknown = {each.name for each in migrations.applied(database)} - _known_migrations()
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


def _known_migrations() -> set[str]:
    with Database(memory=True) as empty:
        return {each.name for each in migrations.pending(empty)}


def _why_unusable(path: Path, error: sqlite3.Error | OSError) -> str:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"{path} is locked: another process is writing to it. Stop that one and try again."
    if isinstance(error, sqlite3.OperationalError | OSError):
        return f"{path} cannot be opened ({error}): check the folder's rights and free space."
    return f"{path} is damaged ({error}): put back a copy of it. It holds what people told the bot."
