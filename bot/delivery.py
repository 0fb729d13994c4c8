"""Sending what is due: never twice, never lost, and readers' own questions first.

A tick finds who is due with one indexed query, writes what they are to get into the ledger, and sends it, at most five
messages at a time and at Telegram's pace. ``docs/delivery.md`` tells what the ledger's states mean.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import pace
from bot.chats import Chats, Delivery
from bot.errors import admin_voice
from bot.logs import redact
from bot.plans import TOO_LATE, next_attempt, plan_find, plan_for
from bot.readers import strike
from bot.reasons import LATE, UNWRITTEN, is_out_of_reach
from bot.rendering import render
from bot.services import Services
from bot.terminal_request import TERMINAL_USER_ID
from bot.transport import NotSent
from bot.views import daily

log = logging.getLogger(__name__)

TICK = 20.0  # seconds between two looks at who is due
IN_FLIGHT = 5  # so many deliveries are unknown at most when the process is killed
_BATCH = 50
# How long Telegram may take, in seconds: what it did not confirm by then is unknown.
_PATIENCE = 10.0


class _NotPlanned(Exception):
    """A delivery is not to be sent any more."""


@dataclass
class _Run:
    """One run of sending: what came of it, and what went wrong on our side."""

    outcomes: Counter[str] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)


class Deliveries:
    """Sends to subscribed chats. Only one object, in one process, may work on a chats.db at a time.

    ``goes_on`` tells whether to begin another message; what is being sent is always finished.
    """

    def __init__(self, bot: ExtBot[pace.Delivery], services: Services, goes_on: Callable[[], bool]) -> None:
        self._bot = bot
        self._services = services
        self._goes_on = goes_on
        self._busy = asyncio.Lock()

    async def tick(self) -> None:
        """Send all that is due; returns at once while an earlier tick is at it.

        Raises what went wrong on our side, when everything else has been sent.
        """
        if self._busy.locked():
            return
        async with self._busy:
            await self._recover()
            await self._services.news.catalog(self._services)
            run = _Run()
            while await self._send_all(run):
                pass  # what was put off for a moment may go by now
        if run.outcomes:
            said = ", ".join(f"{count} {state}" for state, count in sorted(run.outcomes.items()))
            log.info("Deliveries: %s", said)
        if run.errors:
            raise run.errors[0]

    async def _recover(self) -> None:
        """What a crash left half sent is perhaps sent, so it is not sent again; admins see how many these are."""
        unknown = await self._services.chats(Chats.recover, self._services.now())
        if not unknown:
            return
        self._services.stats.delivered("unknown", unknown)
        log.warning("Of %d deliveries nobody knows whether they arrived; they are not sent again", unknown)
        for admin in sorted(self._services.settings.admins):
            voice = await admin_voice(admin, self._services)
            try:
                await self._bot.send_message(admin, daily.recovered(unknown, voice).html)
            except TelegramError as error:
                log.warning("An admin was not told of unknown deliveries: %s", self._redacted(error))

    async def _send_all(self, run: _Run) -> bool:
        """Send what may be sent now, and what becomes due meanwhile; whether there was anything."""
        before = run.outcomes.total()
        slots = asyncio.Semaphore(IN_FLIGHT)
        tasks: set[asyncio.Task[None]] = set()

        def done(task: asyncio.Task[None]) -> None:
            slots.release()
            tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                run.errors.append(error)

        try:
            async with aclosing(self._planned()) as planned:
                async for delivery in planned:
                    await slots.acquire()
                    if not self._goes_on():
                        break
                    task = asyncio.create_task(self._deliver(delivery, run))
                    tasks.add(task)
                    task.add_done_callback(done)
        finally:
            if tasks:
                await asyncio.wait(tasks)
        return run.outcomes.total() > before and not run.errors and self._goes_on()

    async def _planned(self) -> AsyncGenerator[Delivery, None]:
        """What is planned and may be sent now, with what becomes due meanwhile, in batches."""
        last = 0
        while True:
            now = self._services.now()
            batch = await self._services.chats(Chats.planned, now, _BATCH, after=last, without=TERMINAL_USER_ID)
            for delivery in batch:
                last = delivery.id
                yield delivery
            if not batch and not await self._plan(now):
                return

    async def _plan(self, now: datetime) -> bool:
        """Write into the ledger what the next chats that are due are to get; whether there were any."""
        services = self._services
        catalog = await services.news.catalog(services)
        due = await services.chats(Chats.due, now, _BATCH, without=TERMINAL_USER_ID)
        if due:
            plans = await asyncio.to_thread(
                lambda: [plan_for(each, catalog, services.chats_, services.settings, now) for each in due]
            )
            await services.chats(Chats.plan, plans, now)
            return True
        found = False
        for chat_id in await services.chats(Chats.chats_to_tell, now, without=TERMINAL_USER_ID):
            found |= await asyncio.to_thread(plan_find, chat_id, catalog, services.chats_, services.settings, now)
        return found

    async def _deliver(self, delivery: Delivery, run: _Run) -> None:
        """Send one message and write what became of it."""
        services, now = self._services, self._services.now
        if now() - delivery.due_at > TOO_LATE:
            await services.chats(Chats.will_not_go, delivery.id, "skipped", LATE, now())
            self._came_to("skipped", run)
            return
        try:
            view = await render(delivery, services, self._bot.username)
        except sqlite3.Error:
            raise
        except Exception as error:
            # It would fail again at every tick.
            reason = f"{UNWRITTEN}: {type(error).__name__}"
            await services.chats(Chats.will_not_go, delivery.id, "failed", reason, now(), tell_again=False)
            self._came_to("failed", run)
            raise

        async def begin() -> None:
            # Only now, so that whatever waits for its turn when the process is killed was certainly not sent.
            if not await services.chats(Chats.begin, delivery.id, now()):
                raise _NotPlanned

        try:
            message = await self._bot.send_message(
                delivery.chat_id,
                view.html,
                reply_markup=view.keyboard,
                read_timeout=_PATIENCE,
                rate_limit_args=pace.Delivery(begin),
            )
        except _NotPlanned:
            return  # forgotten, or begun meanwhile
        except TelegramError as error:
            self._came_to(await self._not_sent(delivery, error), run)
        else:
            await services.chats(Chats.was_sent, delivery.id, message.message_id, now())
            self._came_to("sent", run)

    def _came_to(self, outcome: str, run: _Run) -> None:
        run.outcomes[outcome] += 1
        self._services.stats.delivered(outcome)

    async def _not_sent(self, delivery: Delivery, error: TelegramError) -> str:
        """Write what a failure means for a delivery; gives a word for it."""
        services, now = self._services, self._services.now()
        reason = self._redacted(error)
        match error:
            case RetryAfter():
                await self._again(delivery, timedelta(seconds=pace.seconds(error)), reason)
                return "put off"
            case NotSent() | InvalidToken():
                await self._again(delivery, next_attempt(delivery.tries), reason)
                return "put off"
            case ChatMigrated(new_chat_id=new_id):
                await services.chats(Chats.move, delivery.chat_id, new_id)
                await self._again(delivery, timedelta(0), reason)
                return "put off"
            case Forbidden() | BadRequest() if _is_out_of_reach(error):
                await services.chats(Chats.will_not_go, delivery.id, "failed", reason, now)
                await asyncio.to_thread(strike, delivery.chat_id, services.chats_, services.settings, now)
                return "failed"
            case BadRequest():
                log.error("Telegram refused delivery %d: %s", delivery.id, reason)
                await services.chats(Chats.will_not_go, delivery.id, "failed", reason, now, tell_again=False)
                return "failed"
            case _:
                log.warning("Nobody knows whether delivery %d arrived: %s", delivery.id, reason)
                await services.chats(Chats.is_unknown, delivery.id, reason, now)
                return "unknown"

    async def _again(self, delivery: Delivery, wait: timedelta, reason: str) -> None:
        now = self._services.now()
        await self._services.chats(Chats.try_again, delivery.id, now + wait, reason, now)

    def _redacted(self, error: TelegramError) -> str:
        return redact(str(error), self._services.settings.secrets)


def _is_out_of_reach(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or is_out_of_reach(str(error))
