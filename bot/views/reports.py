"""What admins are told of a load, and what anyone is told when something went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.views.base import View, Voice
from bot.views.file_problems import problem_text
from bot.views.html import MAX_MESSAGE, Markup, code, join, length
from bot.views.text import fold, shorten
from store import Change, FileReport, LoadReport, LoadWarning, Problem

_MAX_LINE = 300
_MAX_REASON = 800  # what each layout needs is told whole
_MAX_CODED = 80  # file names in code entities; leaves room for the heading's


def load_report(report: LoadReport, voice: Voice) -> View:
    """What a load did: every file with what it gave, its warnings and errors, then the papers it changed.

    Refused files come first, files without change are only counted, or, where they have warnings, come last; of a
    long report the end is left out, said as such.
    """
    head = join(
        [
            voice.say("report.head", seconds=f"{report.seconds:.1f}", count=report.papers),
            voice.say("report.changes", added=report.added, changed=report.changed, removed=report.removed),
        ],
        "\n",
    )
    body = _as_many(_lines(report, voice), _count_lines(report), MAX_MESSAGE - length(head) - 2, voice)
    return View(join([head, body], "\n\n"))


def load_progress(done: int, total: int, voice: Voice) -> View:
    """How far a load is: ``done`` of ``total`` files, 0 of 0 before they are counted."""
    if not total:
        return View(voice.say("report.started"))
    return View(voice.say("report.progress", done=done, total=total))


def load_failed(problem: Problem, voice: Voice) -> View:
    """A load came to nothing; the archive is as it was."""
    reason = problem_text(problem, problem.text, voice)
    return View(voice.say("report.failed", reason=shorten(fold(reason), 1000)))


def reload_running(voice: Voice) -> View:
    """A second reload was asked for while the first is at work."""
    return View(voice.say("report.running"))


def admins_only(voice: Voice) -> View:
    """The command is for admins, and the reader is none."""
    return View(voice.say("report.admins_only"))


def error(reference: str, voice: Voice) -> View:
    """Something failed on our side; the log has it under ``reference``."""
    return View(voice.say("error.reader", reference=code(shorten(fold(reference), 64))))


def admin_alert(reference: str, kind: str, voice: Voice) -> View:
    """Tells an admin of an error of this ``kind`` (an exception's name), never what people wrote."""
    reference, kind = shorten(fold(reference), 64), shorten(fold(kind), 200)
    return View(voice.say("error.admin", reference=code(reference), kind=code(kind)))


def _lines(report: LoadReport, voice: Voice) -> Iterator[Markup]:
    """The report's lines; an empty one is a gap."""
    news, unchanged = _news(report), _unchanged(report)
    yield from _file_lines(news, voice)
    if unchanged:
        yield voice.say("report.unchanged", count=len(unchanged))
    if report.changes:
        yield Markup("")
    for change in report.changes:
        yield _change_line(change, shorten(fold(change.title), _MAX_LINE) or change.key, voice)
    # What was told after an earlier load as well must not push out what is new.
    if warned := [file for file in unchanged if file.warnings]:
        yield Markup("")
        yield from _file_lines(warned, voice)


def _count_lines(report: LoadReport) -> int:
    """How many lines `_lines` gives, gaps aside; counted without making them, as there can be very many."""
    news, unchanged = _news(report), _unchanged(report)
    told = [*news, *(file for file in unchanged if file.warnings)]
    return len(told) + sum(len(file.warnings) for file in told) + len(report.changes) + bool(unchanged)


def _news(report: LoadReport) -> list[FileReport]:
    """The files that are not as they were, refused ones first."""
    news = [file for file in report.files if file.status != "unchanged"]
    return sorted(news, key=lambda file: file.status != "refused")


def _unchanged(report: LoadReport) -> list[FileReport]:
    return [file for file in report.files if file.status == "unchanged"]


def _file_lines(files: Iterable[FileReport], voice: Voice) -> Iterator[Markup]:
    for file in files:
        yield _file_line(file, voice)
        for warning in file.warnings:
            yield _warning_line(warning, voice)


def _warning_line(warning: LoadWarning, voice: Voice) -> Markup:
    text = problem_text(warning.problem, warning.text, voice)
    return voice.say("report.warning", line=warning.line, text=shorten(fold(text), _MAX_LINE))


def _file_line(file: FileReport, voice: Voice) -> Markup:
    name = code(shorten(fold(file.name), 120))
    layout = shorten(fold(file.layout), 40)
    match file.status:
        case "refused":
            reason = problem_text(file.problem, file.error or "", voice)
            return voice.say("report.refused", file=name, reason=shorten(fold(reason), _MAX_REASON))
        case "removed":
            return voice.say("report.removed", file=name)
        case "changed":
            return voice.say("report.changed", file=name, layout=layout, count=file.entries)
        case "unchanged":
            return voice.say("report.as_it_was", file=name, layout=layout, count=file.entries)
        case _:
            return voice.say("report.added", file=name, layout=layout, count=file.entries)


def _change_line(change: Change, title: str, voice: Voice) -> Markup:
    match change.kind:
        case "added":
            return voice.say("report.paper_added", title=title)
        case "changed":
            return voice.say("report.paper_changed", title=title)
        case "removed":
            return voice.say("report.paper_removed", title=title)


def _as_many(lines: Iterable[Markup], total: int, room: int, voice: Voice) -> Markup:
    """As many of the ``total`` lines as fit into ``room`` units, and how many are left out."""
    kept: list[Markup] = []
    coded = 0
    room -= 60  # for the line that says how many are left out
    for line in lines:
        room -= length(line) + 1
        coded += "<code>" in line
        if room < 0 or coded > _MAX_CODED:
            left_out = total - sum(map(bool, kept))
            return Markup("\n".join([*kept, voice.say("report.more", count=left_out)]))
        kept.append(line)
    return Markup("\n".join(kept))
