"""Who goes first where only a few may go at a time: whoever asked for least of late."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from heapq import heappop, heappush

_asked_lately: ContextVar[int] = ContextVar("asked_lately", default=0)


def note_asked_lately(count: int) -> None:
    """The running task answers a chat that asked so much of late; others' tasks pass it."""
    _asked_lately.set(count)


def asked_lately() -> int:
    """How much the chat asked for that the running task answers; 0 where nothing is known of it."""
    return _asked_lately.get()


class Turns:
    """So many ``places``. Of those who wait for one, the task whose chat asked for least of late comes first, then
    who has waited longest: chats that flood the bot do not stand before the reader who asks once.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        if self._free:
            self._free -= 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._give_back()

    async def _wait(self) -> None:
        come = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (asked_lately(), next(self._numbers), come))
        try:
            await come
        except asyncio.CancelledError:
            if come.done() and not come.cancelled():
                self._give_back()  # it was given the place just before
            raise

    def _give_back(self) -> None:
        while self._waiting:
            *_, come = heappop(self._waiting)
            if not come.done():
                come.set_result(None)
                return
        self._free += 1
