"""The digest files that the archive is made of, by pages, and removing uploaded ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from bot.callbacks import AskRemove, FilesPage, RemoveFile
from bot.uploads import tag
from bot.views.base import View, Voice
from bot.views.file_problems import problem_text
from bot.views.html import MAX_MESSAGE, Markup, join, length
from bot.views.keyboard import PER_ROW, button, grid, keyboard, page_buttons
from bot.views.report_lines import as_many, change_line, shown_name
from bot.views.text import fold, shorten
from store import DigestInfo, LoadReport, Problem

PAGE_SIZE = 10
_ROOM_FOR_REST = 60


@dataclass(frozen=True)
class File:
    """A digest file. ``info`` is what the archive has of it, None where that is nothing; ``removable`` says that
    /remove takes it. ``missing`` says that it is in the archive but no longer in its folder."""

    name: str
    origin: Literal["uploaded", "seeds"]
    info: DigestInfo | None = None
    removable: bool = False
    missing: bool = False
    shadowed: bool = False  # an uploaded one that is not used, as a file of the seeds has its name


def files_page(files: Sequence[File], page: int, voice: Voice, *, in_terminal: bool = False) -> View:
    """A page of the files, uploaded ones first; those can be removed."""
    if not files:
        return View(voice.say("files.terminal" if in_terminal else "files.none"))
    pages = (len(files) - 1) // PAGE_SIZE + 1
    page = min(page, pages - 1)  # the list may have become shorter
    first = page * PAGE_SIZE
    shown = files[first : first + PAGE_SIZE]
    which = voice.say("pages.which", page=page + 1, pages=pages) if pages > 1 else ""
    head = join([voice.say("files.head", count=len(files)), which], " · ")
    removing = (
        button(voice.plain("files.remove_button", number=number), AskRemove(tag(file.name)))
        for number, file in enumerate(shown, first + 1)
        if file.removable
    )
    rows = [*grid(removing, PER_ROW), page_buttons(page, pages, FilesPage, voice)]
    body = join(_sections(shown, first, voice), "\n\n")
    hint = voice.say("files.terminal" if in_terminal else "files.hint")
    return View(join([head, body, hint], "\n\n"), keyboard(*rows))


def _sections(files: Sequence[File], first: int, voice: Voice) -> Iterator[Markup]:
    numbered = enumerate(files, first + 1)
    for origin, some in groupby(numbered, key=lambda item: item[1].origin):
        name = voice.say("files.uploaded" if origin == "uploaded" else "files.seeds")
        yield join([name, *(_row(number, file, voice) for number, file in some)], "\n")


def _row(number: int, file: File, voice: Voice) -> Markup:
    details = join(_details(file, voice), " · ")
    return voice.say("files.row", number=number, file=shown_name(file.name), details=details)


def _details(file: File, voice: Voice) -> Iterator[Markup]:
    info = file.info
    if info is not None:
        yield join([shorten(fold(info.layout), 40)])
        yield join([shorten(fold(info.date), 20)]) or voice.say("files.no_date")
        yield voice.say("files.papers", count=info.papers)
        if info.warnings:
            yield voice.say("files.warnings", count=info.warnings)
    if file.shadowed:
        yield voice.say("files.shadowed")
    elif info is None:
        yield voice.say("files.unused")
    elif file.missing:
        yield voice.say("files.missing")


def confirm_removal(name: str, content: str, report: LoadReport | None, problem: Problem | None, voice: Voice) -> View:
    """Asks whether to remove an uploaded file: what goes with it, or why that cannot be told (``problem``).

    Neither is given where the archive has nothing of the file. ``content`` is its content's tag.
    """
    head = [voice.say("remove.ask", file=shown_name(name))]
    if report and report.changed:
        head.append(voice.say("remove.changes", removed=report.removed, changed=report.changed))
    elif report:
        head.append(voice.say("remove.goes", removed=report.removed))
    elif problem:
        reason = shorten(fold(problem_text(problem, problem.text, voice)), 1000)
        head.append(voice.say("upload.cannot_tell", reason=reason))
    else:
        head.append(voice.say("remove.nothing"))
    top = join(head, "\n")
    changes = report.changes if report else ()
    lines, whole = as_many(
        (change_line(each, voice) for each in changes), MAX_MESSAGE - length(top) - 2 - _ROOM_FOR_REST
    )
    shown = list(lines)
    if not whole:
        shown.append(voice.say("upload.more", count=len(changes) - len(shown)))
    remove = button(voice.plain("remove.remove_button"), RemoveFile(tag(name), content, 1))
    leave = button(voice.plain("remove.leave_button"), RemoveFile(tag(name), content, 0))
    return View(join([top, Markup("\n".join(shown))], "\n\n"), keyboard([remove, leave]))


def last_file(name: str, voice: Voice) -> View:
    """The file cannot be removed: there is no other one that a load could be made of."""
    return View(voice.say("remove.last", file=shown_name(name)))


def left(name: str, voice: Voice) -> View:
    """A file was not removed, as was asked for."""
    return View(voice.say("remove.left", file=shown_name(name)))


def removal_failed(reason: Problem | str, voice: Voice) -> View:
    """Removing failed, and everything is as it was."""
    text = reason if isinstance(reason, str) else problem_text(reason, reason.text, voice)
    return View(voice.say("report.failed", reason=shorten(fold(text), 1000)))


def belongs_to_seeds(name: str, voice: Voice) -> View:
    """A file of the seeds folder was to be removed."""
    return View(voice.say("remove.of_seeds", file=shown_name(name)))


def unknown_file(name: str, nearest: Sequence[str], voice: Voice) -> View:
    """No uploaded file has this name; ``nearest`` are those that may be meant."""
    said = voice.say("remove.unknown", file=shown_name(name))
    if not nearest:
        return View(join([said, voice.say("remove.see_files")], "\n"))
    names = join(map(shown_name, nearest), voice.plain("list.separator"))
    rows = [
        [button(voice.plain("remove.this_button", file=shorten(fold(name), 60)), AskRemove(tag(name)))]
        for name in nearest
    ]
    return View(join([said, voice.say("remove.nearest", files=names)], "\n"), keyboard(*rows))


def remove_usage(voice: Voice) -> View:
    """How to use /remove."""
    return View(voice.say("usage.remove"))


def gone_note(voice: Voice) -> str:
    """The note for a tap on a file that is no longer there, or another one by now."""
    return voice.plain("remove.gone")
