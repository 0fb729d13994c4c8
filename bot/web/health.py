"""Whether all is well: updates arrive, both databases answer, and what is told is kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.chats import Chats
from bot.lifecycle import Updates
from bot.services import Services
from store import Archive

T = TypeVar("T")

# Seconds in which a database answers a question that takes it a millisecond.
PATIENCE = 2.0


class NoAnswer(Exception):
    """A database did not answer, or keeps nothing; the text says why, in one line."""


class Databases:
    """Both databases, asked for what an operator wants to know, and never waited for any longer than ``patience``.

    Each has a thread of its own: readers may keep all others busy, and one that hangs must not hang both.
    """

    def __init__(self, services: Services, patience: float = PATIENCE) -> None:
        self._services = services
        self._patience = patience
        self._threads = {name: ThreadPoolExecutor(1, f"monitor-{name}") for name in ("archive", "chats")}

    async def archive(self, ask: Callable[[Archive], T]) -> T:
        """Raises NoAnswer."""
        return await self._asked("archive", lambda: ask(self._services.archive_))

    async def chats(self, ask: Callable[[Chats], T]) -> T:
        """Raises NoAnswer."""
        return await self._asked("chats", lambda: ask(self._services.chats_))

    def close(self) -> None:
        """Let the threads end when they will."""
        for thread in self._threads.values():
            thread.shutdown(wait=False, cancel_futures=True)

    async def _asked(self, name: str, ask: Callable[[], T]) -> T:
        answer = asyncio.get_running_loop().run_in_executor(self._threads[name], ask)
        try:
            return await asyncio.wait_for(answer, self._patience)
        except TimeoutError:
            raise NoAnswer(f"{name}.db did not answer within {self._patience:g} s") from None
        except (sqlite3.Error, OSError) as error:
            raise NoAnswer(f"{name}.db cannot be read: {error}") from None


class Health:
    """Answers for the bot, to whoever asks whether it should be restarted."""

    def __init__(self, updates: Updates, databases: Databases) -> None:
        self._updates = updates
        self._databases = databases

    async def faults(self) -> Mapping[str, str | None]:
        """What is wrong with each part, in one line; None where it is well."""
        archive, chats = await asyncio.gather(
            _fault(self._databases.archive(Archive.count)),
            _fault(self._databases.chats(_in_danger)),
        )
        return {"telegram": self._updates.fault(), "archive": archive, "chats": chats}


def _in_danger(chats: Chats) -> None:
    if danger := chats.danger():
        raise NoAnswer(danger)


async def _fault(asked: Awaitable[object]) -> str | None:
    try:
        await asked
    except NoAnswer as error:
        return str(error)
    return None
