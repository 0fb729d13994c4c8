"""Talking to an `Application` in process, one step at a time, and noticing what went wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import Application

from tests.telegram.people import Chat, Person
from tests.telegram.replies import Button, Reply, buttons_of, find_button, replies_from

if TYPE_CHECKING:
    from tests.telegram.stand_in import StandIn

PATIENCE = 10.0


class Driver:
    """An application that runs, and everything it did wrong so far.

    `conversation` gives the person's side. Each step of one ends when the bot has done all that the update
    made it do, background tasks included.
    """

    def __init__(self, app: Application[Any, Any, Any, Any, Any, Any], stand_in: StandIn) -> None:
        self.app = app
        self.stand_in = stand_in
        self.api = stand_in.api
        self.errors: list[BaseException] = []
        self._log = _ErrorLog()
        self._seen = len(self.api.refusals)

    def conversation(self, person: Person, chat: Chat | None = None) -> Conversation:
        """What this person says in their private chat, or in the given one."""
        return Conversation(self, person, chat or person)

    async def process(self, update: dict[str, Any], *, expect_error: type[BaseException] | None = None) -> list[Reply]:
        """Hands an update to the application; the replies to it, in whatever chats, in order.

        Raises an ExceptionGroup of what handlers raised, unless exactly one error of the type
        `expect_error` was to come; AssertionError for a button left unanswered, for a request that no
        well-made bot sends (even where the bot swallowed the refusal), for an error handler that broke.
        """
        mark = len(self.api.calls)
        parsed = Update.de_json(update, self.app.bot)
        await self._settled(lambda: self.app.process_update(parsed))
        self.check(expect_error)
        return self.replies_since(mark)

    async def run_job(self, job: Any, *, expect_error: type[BaseException] | None = None) -> list[Reply]:
        """Runs a job of the job queue now; otherwise as `process`."""
        mark = len(self.api.calls)
        await self._settled(lambda: job.run(self.app))
        self.check(expect_error)
        return self.replies_since(mark)

    def replies_since(self, mark: int) -> list[Reply]:
        """The replies among the requests from number `mark` on."""
        chats = {callback.id: callback.chat_id for callback in self.api.callbacks.values()}
        return replies_from(self.api.calls[mark:], chats)

    async def _settled(self, step: Callable[[], Any]) -> None:
        before = asyncio.all_tasks()
        await step()
        while started := asyncio.all_tasks() - before:
            _, pending = await asyncio.wait(started, timeout=PATIENCE)
            if pending:
                raise TimeoutError(f"still running after {PATIENCE} s: {pending}")

    def check(self, expect_error: type[BaseException] | None = None) -> None:
        """Raises for whatever went wrong since the last check."""
        errors, self.errors[:] = list(self.errors), []
        broken, self._log.lines[:] = list(self._log.lines), []
        refusals, self._seen = self.api.refusals[self._seen :], len(self.api.refusals)
        unanswered = [callback for callback in self.api.open_callbacks if not callback.answered]
        for callback in unanswered:
            callback.answered = True
        if expect_error is not None:
            assert [type(error) for error in errors] == [expect_error], f"expected {expect_error}, got {errors}"
        elif errors:
            raise BaseExceptionGroup("handlers raised", errors)
        wrong = [] if expect_error else [refusal for refusal in refusals if refusal.malformed]
        assert not wrong, f"requests Telegram refuses: {[str(refusal) for refusal in wrong]}"
        assert not unanswered, f"buttons left unanswered: {[callback.data for callback in unanswered]}"
        assert not broken, f"python-telegram-bot logged: {broken}"

    def _install(self) -> None:
        async def collect(update: object, context: Any) -> None:
            self.errors.append(context.error)

        # First in the list: an error handler of the application may end the round.
        others = dict(self.app.error_handlers)
        self.app.error_handlers.clear()
        self.app.add_error_handler(collect)
        self.app.error_handlers.update(others)
        logging.getLogger("telegram.ext").addHandler(self._log)

    def _uninstall(self) -> None:
        logging.getLogger("telegram.ext").removeHandler(self._log)


@asynccontextmanager
async def running(app: Application[Any, Any, Any, Any, Any, Any], stand_in: StandIn) -> AsyncIterator[Driver]:
    """Takes an application through its whole life, `post_init` and the rest included, as `run_polling` does,
    but for the polling; updates come from the driver."""
    driver = Driver(app, stand_in)
    async with app:
        if app.post_init:
            await app.post_init(app)
        driver._install()
        await app.start()
        try:
            yield driver
            driver.check()
        finally:
            await app.stop()
            if app.post_stop:
                await app.post_stop(app)
            driver._uninstall()
    if app.post_shutdown:
        await app.post_shutdown(app)


class Conversation:
    """One person in one chat with the bot."""

    def __init__(self, driver: Driver, person: Person, chat: Chat) -> None:
        self.driver = driver
        self.person = person
        self.chat = chat
        self.replies: list[Reply] = []

    async def say(
        self,
        text: str,
        *,
        reply_to: Reply | dict[str, Any] | None = None,
        expect_error: type[BaseException] | None = None,
        **fields: Any,
    ) -> list[Reply]:
        """Writes to the bot. The replies are all that came of it, in other chats too."""
        message = reply_to.message if isinstance(reply_to, Reply) else reply_to
        update = self.driver.stand_in.updates.message(self.person, text, chat=self.chat, reply_to=message, **fields)
        return await self.process(update, expect_error=expect_error)

    async def press(
        self,
        button: Button | str,
        *,
        on: Reply | None = None,
        expect_error: type[BaseException] | None = None,
        inaccessible: bool = False,
    ) -> list[Reply]:
        """Presses a button: an object from an earlier reply (also one since edited away), or the text, or
        a part of it, of one under `on`, else under the newest message of this chat that has buttons."""
        if isinstance(button, str):
            rows = self._current(on)
            button = find_button([each for row in rows for each in row], button)
        if button.data is None:
            raise ValueError(f"{button} sends nothing to the bot")
        return await self.press_data(
            button.data, on=button.message, expect_error=expect_error, inaccessible=inaccessible
        )

    async def press_data(
        self,
        data: str,
        *,
        on: Reply | dict[str, Any],
        expect_error: type[BaseException] | None = None,
        inaccessible: bool = False,
    ) -> list[Reply]:
        """Sends any callback data, as a tampered client may, under a message."""
        message = on.message if isinstance(on, Reply) else on
        update = self.driver.stand_in.updates.press(self.person, message, data, inaccessible=inaccessible)
        return await self.process(update, expect_error=expect_error)

    async def process(self, update: dict[str, Any], *, expect_error: type[BaseException] | None = None) -> list[Reply]:
        """Hands over any update made with `stand_in.updates`."""
        replies = await self.driver.process(update, expect_error=expect_error)
        self.replies += replies
        return replies

    @property
    def last(self) -> Reply:
        """The newest reply."""
        return self.replies[-1]

    def _current(self, on: Reply | None) -> list[list[Button]]:
        messages = self.driver.api.messages
        if on is not None:
            return buttons_of(messages.get((on.chat_id, on.message_id), on.message))
        here = [message for (chat, _), message in messages.items() if chat == self.chat.id]
        return next((rows for message in reversed(here) if (rows := buttons_of(message))), [])


class _ErrorLog(logging.Handler):
    """What the library itself complains of: an error handler that raised, for one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # "No error handlers are registered" cannot come: the driver has one.
        self.lines.append(record.getMessage())
