"""What admins do: /reload."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import TelegramError

from bot.calls import Call
from bot.views import reports
from bot.views.base import View
from store import LoadError, load

log = logging.getLogger(__name__)


async def reload(call: Call) -> View | None:
    """``/reload``: load the seeds folder in a thread, showing progress in one message and the report in the end.

    Questions go on being answered from the old archive until the load commits.
    """
    reloading = call.services.reloading
    if reloading.locked():
        return reports.reload_running(call.voice)
    async with reloading:
        settings = call.services.settings
        message = await call.send(reports.load_progress(0, 0, call.voice))
        progress: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def report_progress(done: int, total: int, name: str) -> None:
            loop.call_soon_threadsafe(progress.put_nowait, (done, total))

        async def show_progress() -> None:
            while (step := await progress.get()) is not None:
                while not progress.empty() and (later := progress.get_nowait()) is not None:
                    step = later  # only the newest is worth an edit
                try:
                    await call.edit(message, reports.load_progress(*step, call.voice))
                except TelegramError as error:
                    log.warning("Load progress could not be shown: %s", error)

        shower = asyncio.create_task(show_progress())
        try:
            report = await asyncio.to_thread(load, settings.seeds, settings.data, progress=report_progress)
            view = reports.load_report(report, call.voice)
        except LoadError as error:
            view = reports.load_failed(str(error), call.voice)
        finally:
            progress.put_nowait(None)
            await shower
        await call.edit(message, view)
        return None
