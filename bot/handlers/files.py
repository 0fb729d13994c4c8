"""The digest files that the archive is made of: /files, /remove and their buttons."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.calls import Call
from bot.handlers.loads import load_in, show_report
from bot.loading import AlreadyLoading, LoadStopped, preview_load
from bot.services import Services
from bot.terminal_request import TERMINAL_USER_ID
from bot.uploads import TakeAway, content_tag, digest_paths, tag
from bot.views import files as views
from bot.views import reports
from bot.views.base import View
from bot.views.files import File
from bot.views.uploads import cannot_write
from store import Archive, LoadError

log = logging.getLogger(__name__)

# rapidfuzz's ratio (0 to 100) from which a file's name counts as near to what was typed.
_NEAR = 60.0
_SHOWN = 3


async def files(call: Call) -> View:
    """``/files``"""
    return await files_page(call, 0)


async def files_page(call: Call, page: int) -> View:
    listed = await asyncio.to_thread(_list, call.services)
    return views.files_page(listed, page, call.voice, in_terminal=call.chat.id == TERMINAL_USER_ID)


def _list(services: Services) -> list[File]:
    """What the archive is made of, and what lies in the folders besides: uploaded files first, newest first."""
    shelf = services.uploads.shelf
    return [*_of("uploaded", shelf.folder, services), *_of("seeds", services.settings.seeds, services)]


def count_unused(services: Services) -> int:
    """How many files lie in the folders that the archive has nothing of; of a folder that cannot be read, none."""
    try:
        return sum(file.info is None for file in _list(services))
    except OSError as error:
        log.warning("The digest files cannot be listed: %s", error)
        return 0


def _of(origin: str, folder: Path, services: Services) -> Iterator[File]:
    in_archive = {info.name: info for info in services.archive_.digests()}
    of_seeds = {path.name for path in digest_paths(services.settings.seeds)}
    there = {path.name for path in digest_paths(folder)}
    if origin == "uploaded":
        removable = set(services.uploads.shelf.names())
        for name in sorted(there - in_archive.keys()) + sorted(there & of_seeds & in_archive.keys()):
            yield File(name, "uploaded", removable=name in removable, shadowed=name in of_seeds)
        for name, info in in_archive.items():
            if name in there - of_seeds:
                yield File(name, "uploaded", info, removable=name in removable)
        return
    for name in sorted(there - in_archive.keys()):
        yield File(name, "seeds")
    uploaded = {path.name for path in digest_paths(services.uploads.shelf.folder)}
    for name, info in in_archive.items():
        if name in there or name not in uploaded:
            yield File(name, "seeds", info, missing=name not in there)


async def remove(call: Call) -> View:
    """``/remove FILE``: asks whether to."""
    if not call.text:
        return views.remove_usage(call.voice)
    shelf, seeds = call.services.uploads.shelf, call.services.settings.seeds
    names = await asyncio.to_thread(shelf.names)
    wanted = call.text.strip()
    same = [wanted] if wanted in names else [name for name in names if _is_called(name, wanted)]
    if len(same) == 1 and (view := await _confirm(call, same[0])):
        return view
    if wanted in {path.name for path in await asyncio.to_thread(digest_paths, seeds)}:
        return views.belongs_to_seeds(wanted, call.voice)
    parts = [name for name in names if wanted.casefold() in name.casefold()]
    found = process.extract(wanted.casefold(), names, scorer=fuzz.WRatio, limit=_SHOWN, score_cutoff=_NEAR)
    return views.unknown_file(wanted, parts[:_SHOWN] or [name for name, _, _ in found], call.voice)


def _is_called(name: str, wanted: str) -> bool:
    """Whether a file may be meant by what was typed: case and the suffix may be left out."""
    return wanted.casefold() in (name.casefold(), name.casefold().rpartition(".")[0])


async def ask_removal(call: Call, file: str) -> View | None:
    """Ask whether to remove the uploaded file whose name has this tag; None where there is none."""
    name = await _named(call, file)
    return await _confirm(call, name) if name else None


async def _confirm(call: Call, name: str) -> View | None:
    content = await _content(call, name)
    if content is None:
        return None
    if await asyncio.to_thread(_is_last, call.services):
        return views.last_file(name, call.voice)
    report, problem = None, None
    if await _is_used(call, name):
        try:
            report = await preview_load(call.services, without=name)
        except LoadError as error:
            problem = error.problem
    return await asyncio.to_thread(views.confirm_removal, name, content, report, problem, call.voice)


def _is_last(services: Services) -> bool:
    """Whether there is but one uploaded file and no other: a load refuses to empty the archive."""
    return not digest_paths(services.settings.seeds) and len(digest_paths(services.uploads.shelf.folder)) == 1


async def _is_used(call: Call, name: str) -> bool:
    """Whether the archive has something of an uploaded file: it was not refused, and no seed has its name."""
    of_seeds = await asyncio.to_thread(digest_paths, call.services.settings.seeds)
    known = await call.services.archive(Archive.digests)
    return name in {info.name for info in known} and name not in {path.name for path in of_seeds}


async def check_removal(call: Call, file: str, content: str) -> str | None:
    """The name of the file that a button is about; None where it has gone, or is another one by now."""
    name = await _named(call, file)
    return name if name and await _content(call, name) == content else None


def gone_note(call: Call) -> str:
    return views.gone_note(call.voice)


def left(call: Call, name: str) -> View:
    return views.left(name, call.voice)


async def take_away(call: Call, name: str) -> None:
    """Remove an uploaded file, and load; where the load fails, the file stays."""
    message = call.message or await call.send(reports.load_progress(0, 0, call.voice))
    await call.edit(message, reports.load_progress(0, 0, call.voice))
    try:
        report = await load_in(call, message, TakeAway(call.services.uploads.shelf, name))
    except AlreadyLoading:
        await call.edit(message, reports.reload_running(call.voice))
    except LoadStopped:
        await call.edit(message, reports.load_stopped(call.voice))
    except LoadError as error:
        await call.edit(message, views.removal_failed(error.problem, call.voice))
    except OSError as error:
        await call.edit(message, views.removal_failed(cannot_write(error, call.voice), call.voice))
    else:
        await show_report(call, message, report)


async def _named(call: Call, file: str) -> str | None:
    names = await asyncio.to_thread(call.services.uploads.shelf.names)
    return next((name for name in names if tag(name) == file), None)


async def _content(call: Call, name: str) -> str | None:
    """The tag of a file's content; None where it has just gone."""
    path = call.services.uploads.shelf.folder / name
    try:
        return content_tag(await asyncio.to_thread(path.read_bytes))
    except FileNotFoundError:
        return None
