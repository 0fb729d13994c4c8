"""Noticing loads: another process, such as ``digestbot load``, may bring the archive up to date at any time.

Readers' questions see a new archive at once, whoever loaded it. This is for what nobody asks for: that its index is
open before somebody asks, and that those who watch for its papers are told.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from bot.loading import warm_up
from bot.services import Services
from store import Archive, ArchiveMissing

log = logging.getLogger(__name__)

LOOK = 3.0  # seconds between two looks


class Noticing:
    """Looks whether the archive is another one than at the last look. ``tell`` is called where it is."""

    def __init__(self, services: Services, tell: Callable[[], object]) -> None:
        self._services = services
        self._tell = tell
        self._seen: int | None = None
        self._busy = asyncio.Lock()
        self._readable = True

    async def look(self) -> None:
        """Look once; returns at once while an earlier look or a load of our own is under way."""
        if self._busy.locked() or self._services.reloading.locked():
            return
        async with self._busy:
            try:
                await self._look()
            except (sqlite3.Error, ArchiveMissing) as error:
                # Whoever asks something is told so by then; the log needs it once.
                if self._readable:
                    log.warning("The archive cannot be read: %s", error)
                self._readable = False
            else:
                self._readable = True

    async def _look(self) -> None:
        services = self._services
        generation = await services.archive(lambda archive: archive.generation)
        if generation == self._seen:
            return
        first, self._seen = self._seen is None, generation
        if first:
            return  # the archive that the bot began with
        if generation != services.loaded_generation:
            papers = await services.archive(Archive.count)
            log.info("Another process loaded: %d papers, generation %d", papers, generation)
            await asyncio.to_thread(warm_up, services.archive_)
        self._tell()
