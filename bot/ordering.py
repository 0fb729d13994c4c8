"""Many chats at once, but what one chat says in its own order."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Coroutine
from contextvars import ContextVar
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# An answer that takes longer, such as a load, lets the chat's next message pass.
PATIENCE = 2.0


_arrived: ContextVar[float] = ContextVar("arrived")


def waited() -> float:
    """Seconds since the update arrived that the running task answers; 0 where nothing noted its arrival."""
    now = asyncio.get_running_loop().time()
    return now - _arrived.get(now)


class InOrderPerChat(BaseUpdateProcessor):
    """Handles up to ``places`` updates at once, those of one chat one after the other.

    Otherwise a question sent right after ``/language en`` might be answered before the choice is kept. An update that
    is not done ``patience`` seconds after its turn came is waited for no longer. One that waits for its turn takes no
    place: whoever sends hundreds of messages keeps nobody else waiting.
    """

    __slots__ = ("_in_hand", "_latest", "_patience", "_places")

    def __init__(self, places: int, patience: float = PATIENCE) -> None:
        super().__init__(sys.maxsize)  # the library's own limit would also count those that wait for their turn
        self._places = asyncio.Semaphore(places)
        self._patience = patience
        self._latest: dict[int, asyncio.Event] = {}
        self._in_hand: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        _arrived.set(asyncio.get_running_loop().time())
        if task := asyncio.current_task():
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        try:
            await self._in_turn(update, coroutine)
        finally:
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # Python would complain of one that was given up before its turn came

    def give_up(self) -> int:
        """Cancel what is being answered or waits for its turn; gives how many updates that are."""
        for task in self._in_hand:
            task.cancel()
        return len(self._in_hand)

    async def _in_turn(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            async with self._places:
                await coroutine
            return
        before = self._latest.get(chat.id)
        self._latest[chat.id] = over = asyncio.Event()
        try:
            if before is not None:
                await before.wait()
            async with self._places:
                timer = asyncio.get_running_loop().call_later(self._patience, over.set)
                try:
                    await coroutine
                finally:
                    timer.cancel()
        finally:
            over.set()
            if self._latest.get(chat.id) is over:
                del self._latest[chat.id]

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""
