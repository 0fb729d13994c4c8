"""What admins are told of a load, and what anyone is told when something went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.base import View, Voice
from bot.views.file_problems import problem_text
from bot.views.html import MAX_MESSAGE, Markup, code, join, length, plain_text
from bot.views.report_lines import MAX_WARNINGS, as_many, count_lines, report_lines
from bot.views.text import fold, shorten
from store import LoadReport, Problem

_ROOM_FOR_REST = 100  # for the line that says how much is left out


def load_report(report: LoadReport, voice: Voice) -> View:
    """What a load did: every file with what it gave, its warnings and errors, then the papers it changed.

    Of a file with many warnings the first are told, and of a long report the end is left out, both said as such:
    :func:`whole_report` has all.
    """
    kept, whole = _shown_lines(report, voice)
    if not whole:
        left_out = count_lines(report) - sum(map(bool, kept))
        kept = [*kept, voice.say("report.more", count=left_out)]
    elif _has_many_warnings(report):
        kept = [*kept, Markup(""), voice.say("report.whole")]
    return View(join([*_head(report, voice), Markup("\n".join(["", *kept]))], "\n").rstrip())


def whole_report(report: LoadReport, voice: Voice) -> str | None:
    """A report that does not fit into a message, as plain text; None where it fits."""
    if _shown_lines(report, voice)[1] and not _has_many_warnings(report):
        return None
    lines = [*_head(report, voice), Markup(""), *report_lines(report, voice)]
    return "".join(f"{plain_text(line)}\n" for line in lines)


def _shown_lines(report: LoadReport, voice: Voice) -> tuple[Sequence[Markup], bool]:
    """The lines below the head that a message has room for, and whether no other line is left out."""
    head = join(_head(report, voice), "\n")
    lines = report_lines(report, voice, warnings=MAX_WARNINGS)
    return as_many(lines, MAX_MESSAGE - length(head) - 2 - _ROOM_FOR_REST)


def _has_many_warnings(report: LoadReport) -> bool:
    """Whether a file has more warnings than a message tells."""
    return any(len(file.warnings) > MAX_WARNINGS for file in report.files)


def _head(report: LoadReport, voice: Voice) -> list[Markup]:
    return [
        voice.say("report.head", seconds=f"{report.seconds:.1f}", count=report.papers),
        voice.say("report.changes", added=report.added, changed=report.changed, removed=report.removed),
    ]


def load_progress(done: int, total: int, voice: Voice) -> View:
    """How far a load is: ``done`` of ``total`` files, 0 of 0 before they are counted."""
    if not total:
        return View(voice.say("report.started"))
    if done == total:
        return View(voice.say("report.finishing"))
    return View(voice.say("report.progress", done=done, total=total))


def load_failed(problem: Problem, voice: Voice) -> View:
    """A load came to nothing; the archive is as it was."""
    reason = problem_text(problem, problem.text, voice)
    return View(voice.say("report.failed", reason=shorten(fold(reason), 1000)))


def load_stopped(voice: Voice) -> View:
    """The bot is stopping, so a load was given up."""
    return View(voice.say("report.stopped"))


def reload_running(voice: Voice) -> View:
    """A second load was asked for while the first is at work."""
    return View(voice.say("report.running"))


def reload_running_note(voice: Voice) -> str:
    """The same, as the note (plain text) for a tap."""
    return voice.plain("report.running")


def admins_only_note(voice: Voice) -> str:
    """The note for a tap on what is for admins."""
    return voice.plain("report.admins_only")


def admins_only(voice: Voice) -> View:
    """The command is for admins, and the reader is none."""
    return View(voice.say("report.admins_only"))


def admins_in_private(voice: Voice) -> View:
    """The command is for admins, and an admin gave it before others."""
    return View(voice.say("report.admins_in_private"))


def error(reference: str, voice: Voice) -> View:
    """Something failed on our side; the log has it under ``reference``."""
    return View(voice.say("error.reader", reference=code(shorten(fold(reference), 64))))


def admin_alert(reference: str, kind: str, voice: Voice) -> View:
    """Tells an admin of an error of this ``kind`` (an exception's name), never what people wrote."""
    reference, kind = shorten(fold(reference), 64), shorten(fold(kind), 200)
    return View(voice.say("error.admin", reference=code(reference), kind=code(kind)))
