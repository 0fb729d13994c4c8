"""What admins do: /reload."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import Message
from telegram.error import TelegramError

from bot.calls import Call
from bot.views import reports
from bot.views.base import View
from store import LoadError, LoadReport, Progress, load

log = logging.getLogger(__name__)

# Seconds between two edits of the progress: Telegram allows about one message a second in a chat.
_BETWEEN_EDITS = 2.0


async def reload(call: Call) -> View | None:
    """``/reload``: load the seeds folder in a thread, showing progress in one message and the report in the end.

    Questions go on being answered from the old archive until the load commits.
    """
    reloading = call.services.reloading
    if reloading.locked():
        return reports.reload_running(call.voice)
    async with reloading:
        message = await call.send(reports.load_progress(0, 0, call.voice))
        try:
            report = await _load(call, message)
        except LoadError as error:
            log.warning("User %s reloaded in vain: %s", call.user.id if call.user else None, error)
            await call.edit(message, reports.load_failed(error.problem, call.voice))
            return None
        log.info("User %s reloaded: %s", call.user.id if call.user else None, _summary(report))
        await call.edit(message, reports.load_report(report, call.voice))
        return None


async def _load(call: Call, message: Message) -> LoadReport:
    settings, embedder = call.services.settings, call.services.archive_.embedder
    async with _progress_shown(call, message) as progress:
        return await asyncio.to_thread(load, settings.seeds, settings.data, progress=progress, embedder=embedder)


@asynccontextmanager
async def _progress_shown(call: Call, message: Message) -> AsyncIterator[Progress]:
    """Gives what a load in a thread may report its progress to; it is shown in the place of ``message``."""
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()

    def report(done: int, total: int, name: str) -> None:
        loop.call_soon_threadsafe(steps.put_nowait, (done, total))

    shower = asyncio.create_task(_show(steps, call, message, loop.time))
    try:
        yield report
    finally:
        steps.put_nowait(None)
        await shower


async def _show(
    steps: asyncio.Queue[tuple[int, int] | None], call: Call, message: Message, clock: Callable[[], float]
) -> None:
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


def _summary(report: LoadReport) -> str:
    refused = sum(file.error is not None for file in report.files)
    return (
        f"{report.papers} papers, {report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{refused} of {len(report.files)} files refused, {report.seconds:.1f} s"
    )
