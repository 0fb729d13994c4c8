"""What the handlers work with: settings, the archive, the chats, the clock. Made once, at start."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.chats import Chats
from bot.fair_use import FairUse
from bot.llm import Writer
from bot.news import News
from bot.schedule import local_date
from bot.settings import Settings
from bot.stats import Stats
from bot.telling import Telling
from bot.turns import Turns
from bot.uploads import Uploads
from store import Archive

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

# The archive answers one question after the other anyway; in this line, whoever asks seldom comes first.
_AT_ONCE = 1


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Services:
    """The archive and the chats are synchronous; handlers reach them through :meth:`archive` and :meth:`chats`, which
    work in a thread so that the event loop is never held up.

    ``now`` gives the time in UTC. ``writer`` puts answers into words, where a language model is set. ``delivers`` says
    whether this process sends digests by itself. ``fair_use`` says which chats send too much; None where nobody can.
    ``stats`` counts what this process does.
    """

    settings: Settings
    archive_: Archive
    chats_: Chats
    now: Callable[[], datetime] = utc_now
    writer: Writer | None = None
    delivers: bool = True
    fair_use: FairUse | None = None
    stats: Stats = field(init=False)
    news: News = field(default_factory=News)
    telling: Telling = field(default_factory=Telling)
    uploads: Uploads = field(init=False)
    # Held while this process loads, so that a second load can be told that one is running.
    reloading: asyncio.Lock = field(default_factory=asyncio.Lock)
    # Held by whoever writes to the archive: a load, and for moments the preview of one.
    writing_archive: asyncio.Lock = field(default_factory=asyncio.Lock)
    # Set when the process is to end: a load under way is given up.
    stopping: threading.Event = field(default_factory=threading.Event)
    # The archive's generation after this process's last load.
    loaded_generation: int | None = None
    _turns: Turns = field(default_factory=lambda: Turns(_AT_ONCE))

    def __post_init__(self) -> None:
        self.stats = Stats(self.now())
        self.uploads = Uploads(self.settings.data)

    def today(self) -> date:
        """The date in the bot's time zone."""
        return local_date(self.now(), self.settings.timezone)

    async def archive(self, method: Callable[Concatenate[Archive, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``await services.archive(Archive.search, query, limit=5)``"""
        async with self._turns.turn():
            return await asyncio.to_thread(method, self.archive_, *args, **kwargs)

    async def chats(self, method: Callable[Concatenate[Chats, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``await services.chats(Chats.language, chat_id)``"""
        return await asyncio.to_thread(method, self.chats_, *args, **kwargs)

    async def note(self, method: Callable[Concatenate[Chats, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """As :meth:`chats`, for what an answer does not depend on: where the disk is full, or another process holds
        the database, that goes to the log and the answer to the reader. Gives None then."""
        try:
            return await self.chats(method, *args, **kwargs)
        except sqlite3.OperationalError as error:
            log.warning("An answer leaves no trace, since chats.db cannot be written: %s", error)
            return None
