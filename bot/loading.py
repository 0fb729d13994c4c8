"""Loading the digest files while the bot answers: one load at a time, in a thread, and stoppable.

Readers are answered from the old archive until the load commits, and from the new one, whole, from then on.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bot.chats import Chats
from bot.services import Services
from store import Archive, LoadError, LoadReport, Progress, load, preview

log = logging.getLogger(__name__)


class AlreadyLoading(Exception):
    """This process is at a load already."""


class LoadStopped(Exception):
    """The bot is stopping, so the load was given up; the archive is as it was."""


class FolderChange(Protocol):
    """Something that is done to the folder of uploaded digests right before a load, and undone where that fails."""

    def make(self) -> None:
        """Change the folder. Raises OSError where it cannot be written, or an error of its own where it must not be."""

    def undo(self) -> None:
        """Put it back as it was. Raises OSError where it cannot be written."""


async def load_digests(
    services: Services, by: str, *, progress: Progress | None = None, change: FolderChange | None = None
) -> LoadReport:
    """Bring the archive up to date with the digest files, and get it ready for the next reader.

    ``by`` says in the log who asked for it. ``progress`` is called in another thread. Where the load fails, what
    ``change`` did is undone.

    Raises:
        AlreadyLoading: one is under way.
        LoadError: the load could not be done.
        LoadStopped: the bot is stopping.
        OSError: ``change`` could not be made.
    """
    if services.reloading.locked():
        raise AlreadyLoading
    async with services.reloading:
        async with services.writing_archive:
            try:
                with _collector_paused():
                    report = await asyncio.to_thread(_load, services, progress, change)
            except (LoadError, OSError) as error:
                await _note_failure(services, by, error)
                raise
            except LoadStopped:
                services.stats.loaded("failed")
                log.info("A load was given up, since the bot is stopping; the archive is as it was")
                raise
        services.stats.loaded("done")
        log.info("%s loaded: %s", by, _summary(report))
        services.loaded_generation = await asyncio.to_thread(warm_up, services.archive_)
        return report


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A load makes objects by the hundred thousand and hardly a cycle of them. Going through them all again and again,
    the collector would halt every answer meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def _note_failure(services: Services, by: str, error: LoadError | OSError) -> None:
    """Keep for /status that a load failed; that another process was loading is nothing wrong."""
    services.stats.loaded("failed")
    reference = secrets.token_hex(4)
    log.warning("%s loaded in vain: %s (reference %s)", by, error, reference)
    if not (isinstance(error, LoadError) and error.problem.kind == "another_load"):
        await services.chats(Chats.note_failure, f"{type(error).__name__} in load", reference, services.today())


async def preview_load(services: Services, *, put: dict[str, bytes] | None = None, without: str = "") -> LoadReport:
    """What a load would change if these files were there, or the one called ``without`` were not.

    Waits for a load that is under way. Raises LoadError.
    """
    async with services.writing_archive:
        return await asyncio.to_thread(
            preview, services.settings.data, put=put or {}, without=[without] if without else []
        )


def warm_up(archive: Archive) -> int:
    """Open the newest load's index, for which the next reader would otherwise wait; gives its generation."""
    archive.warm_up()
    return archive.generation


def _load(services: Services, progress: Progress | None, change: FolderChange | None) -> LoadReport:
    settings = services.settings

    def go_on(done: int, total: int, name: str) -> None:
        if services.stopping.is_set():
            raise LoadStopped
        if progress:
            progress(done, total, name)

    try:
        if change:
            change.make()
        return load(settings.seeds, settings.data, progress=go_on, embedder=services.archive_.embedder)
    except BaseException:
        if change:
            change.undo()
        raise


def _summary(report: LoadReport) -> str:
    refused = sum(file.error is not None for file in report.files)
    return (
        f"{report.papers} papers, {report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{refused} of {len(report.files)} files refused, {report.seconds:.1f} s"
    )
