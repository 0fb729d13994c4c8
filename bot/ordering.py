"""Many chats at once, but what one chat says in its own order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# An answer that takes longer, such as a load, lets the chat's next message pass.
PATIENCE = 2.0


class InOrderPerChat(BaseUpdateProcessor):
    """Handles up to ``max_concurrent_updates`` updates at once, those of one chat one after the other.

    Otherwise a question sent right after ``/language en`` might be answered before the choice is kept. An update that
    is not done after ``patience`` seconds is waited for no longer.
    """

    __slots__ = ("_latest", "_patience")

    def __init__(self, max_concurrent_updates: int, patience: float = PATIENCE) -> None:
        super().__init__(max_concurrent_updates)
        self._patience = patience
        self._latest: dict[int, asyncio.Event] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            await coroutine
            return
        done = asyncio.Event()
        before = self._latest.get(chat.id)
        self._latest[chat.id] = done
        try:
            if before is not None:
                await self._wait(before)
            await coroutine
        finally:
            done.set()
            if self._latest.get(chat.id) is done:
                del self._latest[chat.id]

    async def _wait(self, before: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(before.wait(), self._patience)
        except TimeoutError:
            return

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""
