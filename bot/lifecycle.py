"""An application's life as a process: started, answering until a signal comes, stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram.ext import Application

from bot.exits import Exit
from bot.polling import connect, fetch

log = logging.getLogger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def started(application: AnyApplication) -> AsyncIterator[None]:
    """The application started and, at the end, stopped, with all its hooks; messages being answered are finished."""
    try:
        async with application:
            if application.post_init:
                await application.post_init(application)
            await application.start()
            try:
                yield
            finally:
                await application.stop()
                if application.post_stop:
                    await application.post_stop(application)
    finally:
        if application.post_shutdown:
            await application.post_shutdown(application)


async def serve(application: AnyApplication) -> None:
    """Answer on Telegram until SIGINT or SIGTERM; a second one of them ends the process at once.

    Telegram out of reach is waited for, at start as later. The application must have been built without an updater:
    python-telegram-bot's own logs tracebacks of every failure, and goes deaf where a token is withdrawn.

    Raises:
        InvalidToken: Telegram does not know the bot's token, or does not any more.
    """
    _cancel_on_signals()
    try:
        await connect(application.bot)
        async with started(application):
            # All there is by now stays; going through it now and then, the collector would halt every answer meanwhile.
            gc.collect()
            gc.freeze()
            await fetch(application.bot, application.update_queue)
    except asyncio.CancelledError:
        log.info("Stopped")


def _cancel_on_signals() -> None:
    loop, main = asyncio.get_running_loop(), asyncio.current_task()
    if main is None:
        raise RuntimeError("only a task can be cancelled by a signal")

    def stop(number: int) -> None:
        if main.cancelling():
            # Whoever asks twice cannot wait for answers under way. Both databases bear the end at any moment.
            log.warning("Asked twice to stop: leaving at once")
            os._exit(Exit.SIGNALLED + number)
        log.info("Stopping; what is being answered is finished first")
        main.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
