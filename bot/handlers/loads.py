"""A load as an admin follows it: its progress in one message, then its report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import Message
from telegram.error import TelegramError

from bot.calls import Call
from bot.loading import FolderChange, load_digests
from bot.views import reports
from store import LoadReport, Progress

log = logging.getLogger(__name__)

REPORT_FILE = "reload-report.txt"
# Seconds between two edits of the progress: Telegram allows about one message a second in a chat.
_BETWEEN_EDITS = 2.0

_Steps = asyncio.Queue[tuple[int, int] | None]


async def load_in(call: Call, message: Message | int, change: FolderChange | None = None) -> LoadReport:
    """Load, showing the progress in the place of ``message``. Raises what `load_digests` does."""
    by = f"User {call.user.id if call.user else None}"
    async with _progress_shown(call, message) as progress:
        return await load_digests(call.services, by, progress=progress, change=change)


async def show_report(call: Call, message: Message | int, report: LoadReport) -> None:
    """Put a load's report in the place of ``message``; one that does not fit comes as a file as well."""
    # Of a large load there is much to put together.
    view = await asyncio.to_thread(reports.load_report, report, call.voice)
    whole = await asyncio.to_thread(reports.whole_report, report, call.voice)
    await call.edit(message, view)
    if whole is None:
        return
    try:
        await call.send_document(REPORT_FILE, whole.encode("utf-8", "replace"))
    except TelegramError as error:
        log.warning("The report of a load could not be sent as a file: %s", error)


@asynccontextmanager
async def _progress_shown(call: Call, message: Message | int) -> AsyncIterator[Progress]:
    """Gives what a load in a thread may report its progress to; it is shown in the place of ``message``."""
    loop = asyncio.get_running_loop()
    steps: _Steps = asyncio.Queue()

    def report(done: int, total: int, name: str) -> None:
        loop.call_soon_threadsafe(steps.put_nowait, (done, total))

    shower = asyncio.create_task(_show(steps, call, message, loop.time))
    try:
        yield report
    finally:
        steps.put_nowait(None)
        await shower


async def _show(steps: _Steps, call: Call, message: Message | int, clock: Callable[[], float]) -> None:
    """Show the steps (files done, files in all) as they come, as often as Telegram allows, until None comes."""
    due = clock()
    while (step := await steps.get()) is not None:
        if clock() < due:
            continue
        due = clock() + _BETWEEN_EDITS
        try:
            await call.edit(message, reports.load_progress(*step, call.voice), or_send=False)
        except TelegramError as error:
            log.warning("The progress of a load could not be shown: %s", error)
