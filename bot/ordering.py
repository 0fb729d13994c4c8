"""Many chats at once, but what one chat says in its own order."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# An answer that takes longer, such as a load, lets the chat's next message pass.
PATIENCE = 2.0


class InOrderPerChat(BaseUpdateProcessor):
    """Handles up to ``places`` updates at once, those of one chat one after the other.

    Otherwise a question sent right after ``/language en`` might be answered before the choice is kept. An update that
    is not done ``patience`` seconds after its turn came is waited for no longer. One that waits for its turn takes no
    place: whoever sends hundreds of messages keeps nobody else waiting.
    """

    __slots__ = ("_latest", "_patience", "_places")

    def __init__(self, places: int, patience: float = PATIENCE) -> None:
        super().__init__(sys.maxsize)  # the library's own limit would also count those that wait for their turn
        self._places = asyncio.Semaphore(places)
        self._patience = patience
        self._latest: dict[int, asyncio.Event] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
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
