"""An application's life: started, stopped, and on Telegram the fetching of updates in between."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.constants import UpdateType
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.ext import Application

from bot.exits import Exit
from bot.logs import redact

log = logging.getLogger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]
Sleep = Callable[[float], Awaitable[None]]

ALLOWED_UPDATES = [UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY]
# How long Telegram holds a request for updates while there are none, in seconds.
_LONG_POLL = 30
_MAX_PAUSE = 30.0


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
            await fetch(application.bot, application.update_queue)
    except asyncio.CancelledError:
        log.info("Stopped")


async def connect(bot: Bot, *, sleep: Sleep = asyncio.sleep) -> None:
    """Make ourselves known to Telegram, trying again until it can be reached."""
    pauses = _pauses()
    while True:
        try:
            await bot.initialize()
            # Where a webhook is set, Telegram gives no updates to whoever asks for them.
            await bot.delete_webhook()
        except InvalidToken:
            raise
        except TelegramError as error:
            await sleep(_tell(error, next(pauses), bot))
        else:
            return


async def fetch(bot: Bot, queue: asyncio.Queue[object], *, sleep: Sleep = asyncio.sleep) -> None:
    """Put Telegram's updates into the queue until cancelled.

    Raises:
        InvalidToken: the token was withdrawn.
    """
    offset = 0
    pauses = _pauses()
    try:
        while True:
            try:
                updates = await _updates(bot, offset, _LONG_POLL)
            except InvalidToken:
                raise
            except TelegramError as error:
                await sleep(_tell(error, next(pauses), bot))
                continue
            pauses = _pauses()
            for update in updates:
                await queue.put(update)
                offset = update.update_id + 1
    finally:
        if offset:
            await _confirm(bot, offset)


async def _updates(bot: Bot, offset: int, timeout: int) -> tuple[Update, ...]:
    return await bot.get_updates(offset=offset, timeout=timeout, allowed_updates=ALLOWED_UPDATES)


async def _confirm(bot: Bot, offset: int) -> None:
    """Tell Telegram which updates we have, or it would send them again at the next start."""
    try:
        await _updates(bot, offset, 0)
    except TelegramError as error:
        log.warning("Telegram was not told which messages are answered: %s", _told(error, bot))


def _pauses() -> Iterator[float]:
    """Seconds to wait after the first failure, the second, and so on."""
    pause = 1.0
    while True:
        yield pause
        pause = min(1.5 * pause, _MAX_PAUSE)


def _tell(error: TelegramError, pause: float, bot: Bot) -> float:
    """Log a failure in one line; gives the seconds to wait."""
    match error:
        case Conflict():
            log.warning(
                "Another process fetches this bot's messages, so some never arrive here (%s). Only one bot may run "
                "with a token: stop the other one.",
                _told(error, bot),
            )
        case RetryAfter(retry_after=wait):
            pause = wait.total_seconds() if isinstance(wait, timedelta) else wait
            log.warning("Telegram asks for a pause of %.0f s", pause)
        case TimedOut():
            log.info("Telegram did not answer in time; asking again")
            pause = 0.0
        case _:
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", _told(error, bot), pause)
    return pause


def _told(error: TelegramError, bot: Bot) -> str:
    return redact(str(error), (bot.token,))


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
