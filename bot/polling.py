"""Fetching Telegram's updates: it is waited for as long as it takes, with one line in the log for each failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

from telegram import Bot, Update
from telegram.constants import UpdateType
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.logs import redact
from bot.tracebacks import describe
from bot.views.text import fold, shorten

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]

ALLOWED_UPDATES = [UpdateType.MESSAGE, UpdateType.CHANNEL_POST, UpdateType.CALLBACK_QUERY]
# How long Telegram holds a request for updates while there are none, in seconds.
_LONG_POLL = 30
_MAX_PAUSE = 30.0


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
    try:
        return await bot.get_updates(offset=offset, timeout=timeout, allowed_updates=ALLOWED_UPDATES)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        # Whatever comes over the wire, the bot goes on; its text may hold what people wrote.
        log.error("An answer of Telegram's made no sense:\n%s", describe(error, texts=False))
        raise TelegramError("its answer made no sense") from None


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
    return shorten(fold(redact(str(error), (bot.token,))), 200)
