"""SIGHUP, as service managers send it on a reload: the digest files are loaded, and the log has the report."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.loading import AlreadyLoading, LoadStopped, load_digests
from bot.services import Services
from bot.tracebacks import describe
from store import LoadError

log = logging.getLogger(__name__)


def ignore_hangups() -> None:
    """SIGHUP does nothing from here on, until the bot loads at one: it would end the process otherwise."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@asynccontextmanager
async def loading_on_hangup(services: Services) -> AsyncIterator[None]:
    """Inside, a SIGHUP loads the digest files. A load that is under way at the end is given up."""
    tasks: set[asyncio.Task[None]] = set()

    def hang_up() -> None:
        if services.stopping.is_set():
            return
        task = asyncio.create_task(load_on_hangup(services))
        tasks.add(task)
        task.add_done_callback(done)

    def done(task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("The load that a SIGHUP asked for failed\n%s", describe(error))

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, hang_up)
    try:
        yield
    finally:
        services.stopping.set()
        if tasks:
            await asyncio.wait(tasks)
        loop.remove_signal_handler(signal.SIGHUP)
        ignore_hangups()


async def load_on_hangup(services: Services) -> None:
    """Load; the log says what came of it, with every file that cannot be used."""
    try:
        report = await load_digests(services, "SIGHUP")
    except AlreadyLoading:
        log.warning("SIGHUP: a load is running already")
    except (LoadError, LoadStopped):
        return  # the log has it
    else:
        for file in report.files:
            if file.error:
                log.warning("%s cannot be used: %s", file.name, file.error)
