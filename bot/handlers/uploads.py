"""Digest files that an admin sends: fetched, read, shown with what they would change, then kept or discarded."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import Sequence

from telegram import Document
from telegram.constants import FileSizeLimit
from telegram.error import TelegramError

from bot.callbacks import KeepHow
from bot.calls import Call
from bot.chats import Chats, Upload
from bot.handlers.loads import load_in, show_report
from bot.loading import AlreadyLoading, LoadStopped, preview_load
from bot.logs import redact
from bot.uploads import TOGETHER, NameTaken, Plan, PutFiles, plan_for
from bot.views import reports
from bot.views import uploads as views
from bot.views.base import View
from bot.views.uploads import Outlook
from store import FileReport, IncomingFile, LoadError, LoadReport, Problem, safe_name, take_in

log = logging.getLogger(__name__)

_MEGABYTE = 1_000_000
# Seconds that Telegram may be silent while it gives a file.
_PATIENCE = 30.0


async def receive(call: Call, document: Document) -> None:
    """A file came: add it to the upload it belongs to, and show what keeping that would change.

    Files of one album, and those sent within ten seconds of each other, are one upload with one message.
    """
    uploads = call.services.uploads
    name = _name(document)
    async with uploads.lock(call.chat.id):
        begun = await _upload_for(call)
        if begun.message_id is None:
            message = await call.send(views.reading(name, call.voice))
            await call.services.chats(Chats.show_upload, begun.id, message.message_id)
    files, refused = await _read(call, document, name)
    with uploads.turn(begun.id):
        async with uploads.lock(call.chat.id):
            upload = await _upload_for(call, begun.id)  # another one where that was decided on meanwhile
            try:
                await asyncio.to_thread(uploads.add, upload.id, files)
            except OSError as error:
                log.error("An uploaded file could not be kept: %s", error)
                refused = [*refused, _refusal(name, views.cannot_write(error, call.voice))]
            await _refuse(call, upload, refused)
            if not uploads.more_wait(begun.id):
                await _show(call, upload.id)


def for_admins(call: Call) -> View:
    """A file came from somebody who is no admin: it is not even fetched."""
    return views.admins_only(call.voice)


async def _upload_for(call: Call, begun: int | None = None) -> Upload:
    """The upload that what just came belongs to: the one it has ``begun``, another one there is, or a new one."""
    services, now = call.services, call.services.now()
    group = call.message.media_group_id if call.message else None
    known = await services.chats(Chats.uploads, call.chat.id)
    # Reading a file can take longer than the time within which files belong together.
    for upload in sorted(known, key=lambda each: each.id != begun):
        is_same = upload.id == begun or (group is not None and upload.media_group == group)
        if upload.id not in services.uploads.keeping and (is_same or now - upload.changed_at <= TOGETHER):
            await services.chats(Chats.touch_upload, upload.id, now)
            return upload
    return await services.chats(Chats.begin_upload, call.chat.id, group, now)


async def _read(call: Call, document: Document, name: str) -> tuple[Sequence[IncomingFile], list[FileReport]]:
    """The digest files in what was sent, and what cannot be used of it."""
    async with call.services.uploads.reading:
        data = await _fetch(call, document)
        if not isinstance(data, bytearray):
            return (), [_refusal(name, data)]
        intake = await asyncio.to_thread(lambda: take_in(name, bytes(data)))
    return intake.files, [_refusal(each.name, each.problem) for each in intake.refused]


def _name(document: Document) -> str:
    """What a file is called, safe to write and to show; what it is where Telegram gives it no name."""
    return safe_name(document.file_name or f"digest{mimetypes.guess_extension(document.mime_type or '') or ''}")


async def _fetch(call: Call, document: Document) -> bytearray | Problem | str:
    """A file's content, or why it could not be had."""
    limit = FileSizeLimit.FILESIZE_DOWNLOAD
    too_large = Problem.of("over_limit", limit=limit // _MEGABYTE)
    if (document.file_size or 0) > limit:
        return too_large
    try:
        file = await call.bot.get_file(document.file_id, read_timeout=_PATIENCE)
        data = await file.download_as_bytearray(read_timeout=_PATIENCE)
    except (TelegramError, OSError, RuntimeError) as error:
        # A server of one's own in local mode names a file on its disk, which may not be ours to read; and
        # python-telegram-bot raises a bare RuntimeError where Telegram names no file at all.
        log.warning("An uploaded file could not be fetched: %s", redact(str(error), call.services.settings.secrets))
        return views.not_fetched(call.voice)
    return too_large if len(data) > limit else data


def _refusal(name: str, reason: Problem | str) -> FileReport:
    if isinstance(reason, str):
        return FileReport(name=name, error=reason, status="refused")
    return FileReport(name=name, error=reason.text, problem=reason, status="refused")


async def _refuse(call: Call, upload: Upload, refused: Sequence[FileReport]) -> None:
    fresh = [each for each in refused if each not in upload.refused]
    if fresh:
        await call.services.chats(Chats.refuse_files, upload.id, [*upload.refused, *fresh])


async def _show(call: Call, upload_id: int) -> None:
    """Show an upload as it is now, in its message."""
    upload = await call.services.chats(Chats.upload, upload_id)
    if upload is None:
        return
    outlook = await _outlook(call, upload)
    await call.services.chats(Chats.touch_upload, upload.id, call.services.now())
    view = await asyncio.to_thread(views.upload, outlook, call.voice)
    await _put(call, upload, view)


async def _put(call: Call, upload: Upload, view: View) -> None:
    message = await (call.edit(upload.message_id, view) if upload.message_id else call.send(view))
    if message is not None:
        await call.services.chats(Chats.show_upload, upload.id, message.message_id)


async def _outlook(call: Call, upload: Upload) -> Outlook:
    """What keeping an upload would change. Its files that turn out to be of no use are deleted."""
    services = call.services
    plan = await _plan(call, upload.id)
    report, problem, refused = None, None, upload.refused
    if plan.files:
        try:
            report = await preview_load(services, put=plan.files)
        except LoadError as error:
            problem = error.problem
    if report:
        useless = [file for file in report.files if file.status == "refused"]
        named = [file.model_copy(update={"name": plan.came_as.get(file.name, file.name)}) for file in useless]
        for file in named:
            await asyncio.to_thread(services.uploads.drop_file, upload.id, file.name)
        await _refuse(call, upload, named)
        refused = (*refused, *named)
        report, plan = _without(report, plan, {file.name for file in useless})
    return Outlook(upload.id, plan, refused, report, problem)


async def _plan(call: Call, upload_id: int, *, both: bool = False) -> Plan:
    uploads, seeds = call.services.uploads, call.services.settings.seeds
    return await asyncio.to_thread(lambda: plan_for(uploads.files(upload_id), seeds, uploads.shelf, both=both))


def _without(report: LoadReport, plan: Plan, names: set[str]) -> tuple[LoadReport, Plan]:
    files = tuple(file for file in report.files if file.name not in names)
    kept = {name: data for name, data in plan.files.items() if name not in names}
    return report.model_copy(update={"files": files}), Plan(kept, plan.came_as, plan.replaces - names, plan.known)


async def begin_keeping(call: Call, number: int) -> str | None:
    """Take an upload to be kept; a note where that cannot be. Where there is none, :func:`keep` has to follow."""
    services = call.services
    if services.reloading.locked():
        return reports.reload_running_note(call.voice)
    async with services.uploads.lock(call.chat.id):
        if not await _is_open(call, number):
            return views.over_note(call.voice)
        if number in services.uploads.keeping:
            return reports.reload_running_note(call.voice)
        services.uploads.keeping.add(number)
        return None


async def keep(call: Call, number: int, how: KeepHow) -> None:
    """Put an upload's files among the digests, and load; where the load fails, everything stays as it was."""
    try:
        await _keep(call, number, how)
    finally:
        call.services.uploads.keeping.discard(number)


async def _keep(call: Call, number: int, how: KeepHow) -> None:
    services, uploads = call.services, call.services.uploads
    upload = await services.chats(Chats.upload, number)
    if upload is None:
        return
    plan = await _plan(call, number, both=how == "both")
    if not plan.files or (plan.replaces and how == "new"):
        # Meanwhile others kept the same, or files of these names: let the admin decide anew.
        await _show(call, number)
        return
    outlook = Outlook(number, plan if how == "new" else await _plan(call, number))
    await _put(call, upload, reports.load_progress(0, 0, call.voice))
    upload = await services.chats(Chats.upload, number) or upload
    place = upload.message_id or 0
    try:
        report = await load_in(call, place, PutFiles(uploads.shelf, plan.files, plan.replaces))
    except (AlreadyLoading, NameTaken):
        await _show(call, number)
    except LoadStopped:
        await _put(call, upload, views.interrupted(outlook, call.voice))
    except LoadError as error:
        await _put(call, upload, views.not_kept(error.problem, outlook, call.voice))
    except OSError as error:
        await _put(call, upload, views.not_kept(views.cannot_write(error, call.voice), outlook, call.voice))
    else:
        await _end(call, number)
        await show_report(call, place, report)


async def discard(call: Call, number: int) -> View | str:
    """Delete an upload; a note where that cannot be."""
    async with call.services.uploads.lock(call.chat.id):
        if not await _is_open(call, number):
            return views.over_note(call.voice)
        if number in call.services.uploads.keeping:
            return reports.reload_running_note(call.voice)
        await _end(call, number)
    log.info("User %s discarded uploaded files", call.user.id if call.user else None)
    return views.discarded(call.voice)


async def _is_open(call: Call, number: int) -> bool:
    upload = await call.services.chats(Chats.upload, number)
    return upload is not None and upload.chat_id == call.chat.id


async def _end(call: Call, number: int) -> None:
    # The row first: what is left of a folder without one is deleted within the hour.
    await call.services.chats(Chats.end_upload, number)
    await asyncio.to_thread(call.services.uploads.drop, number)
