"""What a tap on a button does: from callback data to the note and the view that answer it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from telegram import Message

from bot import callbacks
from bot.callbacks import Callback
from bot.calls import Call
from bot.handlers import (
    daily,
    digests,
    files,
    language,
    papers,
    privacy,
    saved,
    subscribing,
    thumbs,
    topics,
    uploads,
    watches,
)
from bot.rights import may_change
from bot.views import problems, reports
from bot.views import settings as settings_views
from bot.views.base import View
from bot.views.keyboard import callbacks_of
from bot.views.lists import read_query

log = logging.getLogger(__name__)

# These change what holds for a chat, or show what only who may change it needs.
_FOR_CHAT_ADMINS = (
    callbacks.SetLanguage, callbacks.ShowSettings, callbacks.ChangeSetting,
    callbacks.WatchList, callbacks.DropWatch, callbacks.TellAtOnce, callbacks.ForgetChat,
)  # fmt: skip

# These change what everybody's archive is made of, or show files that admins sent.
FOR_ADMINS = (
    callbacks.KeepUpload, callbacks.DiscardUpload,
    callbacks.FilesPage, callbacks.AskRemove, callbacks.RemoveFile,
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a tap leads to: a note, or a view, shown in the place of the tapped message or anew.

    ``work`` takes its time, and is done when the tap has been answered.
    """

    note: str | None = None
    view: View | None = None
    in_place: bool = True
    work: Callable[[], Awaitable[None]] | None = None


async def press(call: Call, data: str | None) -> Outcome:
    """Do what the button says; a note for the reader where that is not possible."""
    callback = callbacks.parse(data)
    if callback is None:
        return Outcome(problems.unknown_button(call.voice))
    if isinstance(callback, _FOR_CHAT_ADMINS) and not await may_change(call, None):
        return Outcome(settings_views.chat_admins_only_note(call.voice))
    if isinstance(callback, FOR_ADMINS):
        if not (call.is_admin and call.is_private):
            log.warning("User %s tapped a button that is for admins", call.user.id if call.user else None)
            return Outcome(reports.admins_only_note(call.voice))
        return await _administration(call, callback) or Outcome(problems.outdated_button(call.voice))
    outcome = await _papers(call, callback) or await _digest(call, callback) or await _chat(call, callback)
    if outcome is None or (
        outcome.view is None and outcome.note is None and not isinstance(callback, callbacks.MoreToday)
    ):
        return Outcome(problems.outdated_button(call.voice))
    return outcome


async def _papers(call: Call, callback: Callback) -> Outcome | None:
    """The buttons of cards and lists; None for any other."""
    match callback:
        case callbacks.OpenPaper(key):
            return Outcome(view=await papers.open_paper(call, key), in_place=False)
        case callbacks.Bibtex(key):
            return Outcome(view=await papers.bibtex(call, key), in_place=False)
        case callbacks.RelatedPage(key, page):
            # A card stays where it is; the list of related papers turns its own pages.
            view = await papers.related_page(call, key, page)
            return Outcome(view=view, in_place=not _offers(call.message, callbacks.Bibtex))
        case callbacks.SearchPage(page):
            searched = read_query(call.message)
            return Outcome(view=await papers.search_page(call, searched, page) if searched else None)
        case callbacks.TopicList():
            return Outcome(view=await topics.topic_list(call))
        case callbacks.TopicPage(slug, page):
            return Outcome(view=await topics.topic_page(call, slug, page))
        case callbacks.DigestPage(when, page):
            return Outcome(view=await digests.digest_page(call, when, page))
        case callbacks.SavePaper(key):
            return Outcome(note=await saved.save(call, key))
        case callbacks.DropSaved(key, page):
            return Outcome(view=await saved.drop(call, key, page))
        case callbacks.SavedPage(page):
            return Outcome(view=await saved.saved_page(call, page))
        case _:
            return None


async def _digest(call: Call, callback: Callback) -> Outcome | None:
    """The buttons of the daily digest, its settings and the watches; None for any other."""
    # A digest stays where it is, whatever its buttons lead to.
    in_place = not _offers(call.message, callbacks.OpenPaper)
    match callback:
        case callbacks.SetLanguage(choice):
            return Outcome(view=await language.choose(call, choice))
        case callbacks.MoreToday():
            return Outcome(note=await daily.more(call))
        case callbacks.ShowSettings(which):
            return Outcome(view=await subscribing.show(call, which), in_place=in_place)
        case callbacks.ChangeSetting(setting, value):
            return Outcome(view=await subscribing.change(call, setting, value))
        case callbacks.WatchList():
            return Outcome(view=await watches.watches(call), in_place=in_place)
        case callbacks.DropWatch(number):
            return Outcome(view=await watches.drop(call, number))
        case callbacks.TellAtOnce(number, at_once):
            return Outcome(view=await watches.tell_at_once(call, number, bool(at_once)))
        case _:
            return None


async def _chat(call: Call, callback: Callback) -> Outcome | None:
    """The buttons by which a chat marks an answer or has itself forgotten; None for any other."""
    match callback:
        case callbacks.MarkAnswer(good):
            return Outcome(note=await thumbs.mark(call, bool(good)))
        case callbacks.ForgetChat(sure):
            if sure and not await privacy.is_anything_kept(call):
                return Outcome(note=privacy.nothing_kept_note(call))
            if not _offers(call.message, callbacks.ForgetChat):
                return None
            if not sure:
                return Outcome(view=privacy.keep(call))
            if privacy.is_old(call):
                return Outcome(view=await privacy.forget(call), in_place=False)
            return Outcome(view=await privacy.delete(call))
        case _:
            return None


async def _administration(call: Call, callback: Callback) -> Outcome | None:
    """The buttons of uploads and of the list of files; None where there is nothing any more to do it to."""
    match callback:
        case callbacks.KeepUpload(number, how):
            note = await uploads.begin_keeping(call, number)
            return Outcome(note) if note else Outcome(work=partial(uploads.keep, call, number, how))
        case callbacks.DiscardUpload(number):
            done = await uploads.discard(call, number)
            return Outcome(done) if isinstance(done, str) else Outcome(view=done)
        case callbacks.FilesPage(page):
            return Outcome(view=await files.files_page(call, page))
        case callbacks.AskRemove(file):
            asked = await files.ask_removal(call, file)
            return Outcome(view=asked, in_place=False) if asked else Outcome(files.gone_note(call))
        case callbacks.RemoveFile(file, content, remove):
            name = await files.check_removal(call, file, content)
            if name is None:
                return Outcome(files.gone_note(call))
            if not remove:
                return Outcome(view=files.left(call, name))
            if call.services.reloading.locked():
                return Outcome(reports.reload_running_note(call.voice))
            return Outcome(work=partial(files.take_away, call, name))
        case _:
            return None


def _offers(message: Message | None, kind: type[Callback]) -> bool:
    """Whether a message has a button of this kind: only a card offers BibTeX, only lists and digests open papers."""
    return any(isinstance(each, kind) for each in callbacks_of(message))
