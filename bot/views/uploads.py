"""What admins are told of digest files they send: what keeping these would change, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.callbacks import DiscardUpload, KeepUpload
from bot.uploads import Plan
from bot.views.base import View, Voice
from bot.views.file_problems import problem_text
from bot.views.html import MAX_MESSAGE, Markup, join, length
from bot.views.keyboard import Row, button, keyboard
from bot.views.report_lines import (
    MAX_WARNINGS,
    as_many,
    change_line,
    count_warning_lines,
    refused_lines,
    shown_name,
    warning_lines,
)
from bot.views.text import fold, shorten
from store import FileReport, LoadReport, Problem

_ROOM_FOR_REST = 60  # for the line that says how much is left out
_MAX_REASON = 1000


@dataclass(frozen=True)
class Outlook:
    """An upload as its admin sees it: what keeping it would write and ``report`` to change; ``problem`` is why that
    cannot be told. ``refused`` are files that cannot be used."""

    upload_id: int
    plan: Plan
    refused: tuple[FileReport, ...] = ()
    report: LoadReport | None = None
    problem: Problem | None = None


def reading(name: str, voice: Voice) -> View:
    """A file is being fetched and read."""
    return View(voice.say("upload.reading", file=shown_name(name)))


def upload(outlook: Outlook, voice: Voice) -> View:
    """What keeping the files would change, with the buttons to decide; none where there is nothing to keep."""
    head = join(_head(outlook, voice), "\n")
    kept, whole = as_many(_lines(outlook, voice), MAX_MESSAGE - length(head) - 2 - _ROOM_FOR_REST)
    lines = list(kept)
    if not whole:
        lines.append(voice.say("upload.more", count=_count_lines(outlook, voice) - sum(map(bool, kept))))
    return View(join([head, Markup("\n".join(lines).strip("\n"))], "\n\n"), keyboard(*_buttons(outlook, voice)))


def not_kept(reason: Problem | str, outlook: Outlook, voice: Voice) -> View:
    """Keeping failed, and everything is as it was; it may be tried again."""
    text = reason if isinstance(reason, str) else problem_text(reason, reason.text, voice)
    said = voice.say("report.failed", reason=shorten(fold(text), _MAX_REASON))
    return View(join([said, voice.say("upload.try_again")], "\n"), keyboard(*_buttons(outlook, voice)))


def interrupted(outlook: Outlook, voice: Voice) -> View:
    """The bot is stopping before the files were kept; the buttons work again afterwards."""
    said = join([voice.say("report.stopped"), voice.say("upload.try_again")], "\n")
    return View(said, keyboard(*_buttons(outlook, voice)))


def discarded(voice: Voice) -> View:
    """The files are deleted, as was asked for."""
    return View(voice.say("upload.discarded"))


def admins_only(voice: Voice) -> View:
    """Somebody who is no admin sent a file."""
    return View(voice.say("upload.admins_only"))


def over_note(voice: Voice) -> str:
    """The note for a tap on an upload that was decided on, or expired."""
    return voice.plain("upload.over")


def not_fetched(voice: Voice) -> str:
    """Why a file is missing that Telegram did not give."""
    return voice.plain("upload.not_fetched")


def cannot_write(error: OSError, voice: Voice) -> str:
    """Why nothing could be kept or removed."""
    return voice.plain("upload.cannot_write", error=error.strerror or type(error).__name__)


def _head(outlook: Outlook, voice: Voice) -> Iterator[Markup]:
    if not outlook.plan.files:
        yield voice.say("upload.nothing")
        return
    yield voice.say("upload.head", count=len(outlook.plan.files))
    if outlook.report:
        added, changed, removed = outlook.report.added, outlook.report.changed, outlook.report.removed
        # Keeping both, which can be chosen too, changes something else.
        if outlook.plan.replaces:
            yield voice.say("upload.replacing", added=added, changed=changed, removed=removed)
        else:
            yield voice.say("upload.changes", added=added, changed=changed, removed=removed)
    if outlook.problem:
        reason = problem_text(outlook.problem, outlook.problem.text, voice)
        yield voice.say("upload.cannot_tell", reason=shorten(fold(reason), _MAX_REASON))


def _lines(outlook: Outlook, voice: Voice) -> Iterator[Markup]:
    yield from refused_lines(outlook.refused, voice)
    for name, other in outlook.plan.known.items():
        if name == other:
            yield voice.say("upload.known", file=shown_name(name))
        else:
            yield voice.say("upload.known_as", file=shown_name(name), other=shown_name(other))
    for file in _kept_files(outlook):
        yield _file_line(file, outlook.plan, voice)
        if came_as := outlook.plan.came_as.get(file.name):
            yield voice.say("upload.renamed", file=shown_name(came_as))
        yield from warning_lines(file, voice, MAX_WARNINGS)
    changes = outlook.report.changes if outlook.report else ()
    if changes:
        yield Markup("")
    for change in changes:
        yield change_line(change, voice)


def _count_lines(outlook: Outlook, voice: Voice) -> int:
    files = _kept_files(outlook)
    renamed = sum(file.name in outlook.plan.came_as for file in files)
    changes = outlook.report.changes if outlook.report else ()
    told = sum(1 for _ in refused_lines(outlook.refused, voice)) + len(outlook.plan.known) + len(files) + renamed
    return told + sum(map(count_warning_lines, files)) + len(changes)


def _kept_files(outlook: Outlook) -> tuple[FileReport, ...]:
    """The files that would be kept; where nothing more is known, by their names."""
    if outlook.report:
        return outlook.report.files
    return tuple(FileReport(name=name) for name in outlook.plan.files)


def _file_line(file: FileReport, plan: Plan, voice: Voice) -> Markup:
    name, layout = shown_name(file.name), shorten(fold(file.layout), 40)
    if not layout:
        return name
    if file.name in plan.replaces:
        return voice.say("upload.replaces", file=name, layout=layout, count=file.entries)
    return voice.say("upload.added", file=name, layout=layout, count=file.entries)


def _buttons(outlook: Outlook, voice: Voice) -> list[Row]:
    number = outlook.upload_id
    discard = button(voice.plain("upload.discard_button"), DiscardUpload(number))
    if not outlook.plan.files:
        return []
    if not outlook.plan.replaces:
        return [[button(voice.plain("upload.keep_button"), KeepUpload(number, "new")), discard]]
    replace = button(voice.plain("upload.replace_button"), KeepUpload(number, "replace"))
    return [[replace, button(voice.plain("upload.both_button"), KeepUpload(number, "both"))], [discard]]
