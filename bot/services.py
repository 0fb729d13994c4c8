"""What the handlers work with: settings, the archive, the chats, the clock. Made once, at start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.chats import Chats
from bot.llm import Writer
from bot.news import News
from bot.settings import Settings
from bot.telling import Telling
from store import Archive

P = ParamSpec("P")
T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Services:
    """The archive and the chats are synchronous; handlers reach them through :meth:`archive` and :meth:`chats`, which
    work in a thread so that the event loop is never held up.

    ``now`` gives the time in UTC. ``writer`` puts answers into words, where a language model is set. ``delivers`` says
    whether this process sends digests by itself.
    """

    settings: Settings
    archive_: Archive
    chats_: Chats
    now: Callable[[], datetime] = utc_now
    writer: Writer | None = None
    delivers: bool = True
    news: News = field(default_factory=News)
    telling: Telling = field(default_factory=Telling)
    reloading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def archive(self, method: Callable[Concatenate[Archive, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``await services.archive(Archive.search, query, limit=5)``"""
        return await asyncio.to_thread(method, self.archive_, *args, **kwargs)

    async def chats(self, method: Callable[Concatenate[Chats, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``await services.chats(Chats.language, chat_id)``"""
        return await asyncio.to_thread(method, self.chats_, *args, **kwargs)
