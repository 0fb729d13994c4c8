"""Fetching Telegram's updates: it is waited for as long as it takes, with one line in the log for each failure.

A webhook (:mod:`bot.web.webhook`) makes itself known to Telegram in the same way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

from telegram import Bot, Update
from telegram.constants import UpdateType
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.contact import Contact
from bot.incoming import UNREADABLE
from bot.logs import redact
from bot.tracebacks import describe
from bot.views.text import fold, shorten

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]

ALLOWED_UPDATES = [UpdateType.MESSAGE, UpdateType.CHANNEL_POST, UpdateType.CALLBACK_QUERY]
# How long Telegram holds a request for updates while there are none, in seconds.
_LONG_POLL = 30
_MAX_PAUSE = 30.0
# Three requests for updates in a row went without an answer.
_TOO_LONG = 90.0
# Seconds to say goodbye in: what is being answered has little time as well.
_GOODBYE = 2.0


class Polling:
    """Updates that are asked for. ``contact`` is told of each answer."""

    pending: int | None = None  # how many Telegram holds back for us is not known

    def __init__(self, bot: Bot, contact: Contact) -> None:
        self.contact = contact
        self._bot = bot

    async def connect(self) -> None:
        """Make ourselves known to Telegram. Raises InvalidToken."""
        await connect(self._bot)
        self.contact.note()

    async def fetch(self, queue: asyncio.Queue[object]) -> None:
        """Put updates into the queue until cancelled. Raises InvalidToken."""
        await fetch(self._bot, queue, self.contact)

    def fault(self) -> str | None:
        """Why no updates arrive, in one line; None while they do."""
        seconds = self.contact.seconds
        if seconds is None:
            return "Telegram was not reached yet"
        return f"Telegram has answered no request for updates for {seconds:.0f} s" if seconds > _TOO_LONG else None


async def connect(
    bot: Bot, register: Callable[[], Awaitable[object]] | None = None, *, sleep: Sleep = asyncio.sleep
) -> None:
    """Make ourselves known to Telegram, trying again until it can be reached.

    ``register`` sets a webhook; without it, one that is set is taken down.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    pauses = _pauses()
    while True:
        try:
            await bot.initialize()
            # Where a webhook is set, Telegram gives no updates to whoever asks for them.
            await (register or bot.delete_webhook)()
        except InvalidToken:
            raise
        except TelegramError as error:
            await sleep(tell(error, next(pauses), bot))
        else:
            return


async def fetch(
    bot: Bot, queue: asyncio.Queue[object], contact: Contact | None = None, *, sleep: Sleep = asyncio.sleep
) -> None:
    """Put Telegram's updates into the queue until cancelled; ``contact`` is told of each of its answers.

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
                await sleep(tell(error, next(pauses), bot))
                continue
            pauses = _pauses()
            if contact:
                contact.note()
            for update in updates:
                await queue.put(update)
                offset = update.update_id + 1
    finally:
        if offset:
            await _confirm(bot, offset)


async def _updates(bot: Bot, offset: int, timeout: int) -> tuple[Update, ...]:
    try:
        return await bot.get_updates(offset=offset, timeout=timeout, allowed_updates=ALLOWED_UPDATES)
    except UNREADABLE as error:
        # Whatever comes over the wire, the bot goes on; its text may hold what people wrote.
        log.error("An answer of Telegram's made no sense:\n%s", describe(error, texts=False))
        raise TelegramError("its answer made no sense") from None


async def _confirm(bot: Bot, offset: int) -> None:
    """Tell Telegram which updates we have, or it would send them again at the next start."""
    goodbye = asyncio.create_task(_updates(bot, offset, 0))
    done, _ = await asyncio.wait({goodbye}, timeout=_GOODBYE)
    if not done:
        goodbye.cancel()
        log.warning("Telegram was not told which messages are answered: it did not answer within %.0f s", _GOODBYE)
    elif isinstance(error := goodbye.exception(), TelegramError):
        log.warning("Telegram was not told which messages are answered: %s", told(error, bot))
    elif error:
        raise error


def _pauses() -> Iterator[float]:
    """Seconds to wait after the first failure, the second, and so on."""
    pause = 1.0
    while True:
        yield pause
        pause = min(1.5 * pause, _MAX_PAUSE)


def tell(error: TelegramError, pause: float, bot: Bot) -> float:
    """Log a failure in one line; gives the seconds to wait before another try."""
    match error:
        case Conflict():
            log.warning(
                "Another process fetches this bot's messages, so some never arrive here (%s). Only one bot may run "
                "with a token: stop the other one.",
                told(error, bot),
            )
        case RetryAfter(retry_after=wait):
            pause = wait.total_seconds() if isinstance(wait, timedelta) else wait
            log.warning("Telegram asks for a pause of %.0f s", pause)
        case BadRequest():
            log.warning("Telegram refuses this (%s); trying again in %.0f s", told(error, bot), pause)
        case TimedOut():
            log.info("Telegram did not answer in time; asking again")
            pause = 0.0
        case _:
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", told(error, bot), pause)
    return pause


def told(error: TelegramError, bot: Bot) -> str:
    """What Telegram says of a failure, on one line of bearable length."""
    return shorten(fold(redact(str(error), (bot.token,))), 200)
