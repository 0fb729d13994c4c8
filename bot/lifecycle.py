"""An application's life as a process: started, answering until it is cancelled, stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from telegram.ext import Application

from bot.contact import Contact
from bot.hangup import loading_on_hangup
from bot.ordering import InOrderPerChat

log = logging.getLogger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]

# Seconds for answers that were given up to come to their end.
_LEAVING = 0.7


class Updates(Protocol):
    """Where updates come from. ``contact`` is told whenever Telegram is heard of, ``pending`` is how many updates it
    holds back, None where that is not known."""

    contact: Contact
    pending: int | None

    async def connect(self) -> None:
        """Make ourselves known to Telegram, waiting for it as long as it takes. Raises InvalidToken."""

    async def fetch(self, queue: asyncio.Queue[object]) -> None:
        """Put updates into the queue until cancelled. Raises InvalidToken."""

    def fault(self) -> str | None:
        """Why no updates arrive, in one line; None while they do."""


@asynccontextmanager
async def started(application: AnyApplication, seconds_left: Callable[[], float] | None = None) -> AsyncIterator[None]:
    """The application started and, at the end, stopped, with all its hooks.

    Messages being answered are finished first, and what has not been when ``seconds_left`` have passed is given up;
    without it, they are waited for as long as it takes.
    """
    try:
        async with application:
            if application.post_init:
                await application.post_init(application)
            await application.start()
            try:
                yield
            finally:
                await _stop(application, seconds_left() if seconds_left else None)
                if application.post_stop:
                    await application.post_stop(application)
    finally:
        if application.post_shutdown:
            await application.post_shutdown(application)


async def _stop(application: AnyApplication, seconds: float | None) -> None:
    stopping = asyncio.create_task(application.stop())
    await asyncio.wait({stopping}, timeout=seconds)
    if not stopping.done():
        in_hand = application.update_processor
        if isinstance(in_hand, InOrderPerChat) and (given_up := in_hand.give_up()):
            log.warning("Stopping before all was answered; messages given up: %d", given_up)
        await asyncio.wait({stopping}, timeout=_LEAVING)
    if stopping.done():
        stopping.result()
    else:
        # Such as a digest that Telegram does not take: in the ledger it is one that nobody knows of.
        log.warning("Stopping with a job not done to its end")
        stopping.cancel()


async def serve(application: AnyApplication, updates: Updates, seconds_left: Callable[[], float]) -> None:
    """Answer on Telegram until cancelled; then finish what is in hand, for as long as there are ``seconds_left``.

    Telegram out of reach is waited for, at start as later. The application must have been built without an updater:
    python-telegram-bot's own logs tracebacks of every failure, and goes deaf where a token is withdrawn.

    Raises:
        InvalidToken: Telegram does not know the bot's token, or does not any more.
    """
    async with loading_on_hangup(application.bot_data.services):
        await updates.connect()
        async with started(application, seconds_left):
            # All there is by now stays; going through it now and then, the collector would halt every answer meanwhile.
            gc.collect()
            gc.freeze()
            await updates.fetch(application.update_queue)
