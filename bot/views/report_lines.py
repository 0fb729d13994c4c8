"""The lines of a load's report: one for each file, warning and paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.views.base import Voice
from bot.views.file_problems import problem_text
from bot.views.html import Markup, code, join, length
from bot.views.text import fold, shorten
from store import Change, FileReport, LoadReport, LoadWarning

MAX_LINE = 300
MAX_NAME = 120
_MAX_REASON = 800  # what each layout needs is told whole
_NAMES_IN_LINE = 8
MAX_WARNINGS = 8  # of one file, in a message: the others would push out the other files
_MAX_CODED = 80  # file names in code entities; leaves room for the heading's


def report_lines(report: LoadReport, voice: Voice, *, warnings: int | None = None) -> Iterator[Markup]:
    """The report's lines; an empty one is a gap.

    Refused files come first; files without change are only counted or, where they have warnings, come last. Of each
    file so many ``warnings`` at most are told and the others counted; without a number, all.
    """
    news, unchanged = _news(report), _unchanged(report)
    for file in news:
        yield from file_lines(file, voice, warnings)
    if unchanged:
        yield voice.say("report.unchanged", count=len(unchanged))
    if report.changes:
        yield Markup("")
    for change in report.changes:
        yield change_line(change, voice)
    # What was told after an earlier load as well must not push out what is new.
    if warned := [file for file in unchanged if file.warnings]:
        yield Markup("")
        for file in warned:
            yield from file_lines(file, voice, warnings)


def count_lines(report: LoadReport) -> int:
    """How many lines of at most `MAX_WARNINGS` a file `report_lines` gives, gaps aside.

    They are counted without making them, as there can be very many.
    """
    news, unchanged = _news(report), _unchanged(report)
    told = [*news, *(file for file in unchanged if file.warnings)]
    return len(told) + sum(map(count_warning_lines, told)) + len(report.changes) + bool(unchanged)


def count_warning_lines(file: FileReport) -> int:
    """How many lines the warnings of a file take in a message."""
    return min(len(file.warnings), MAX_WARNINGS + 1)


def _news(report: LoadReport) -> list[FileReport]:
    """The files that are not as they were, refused ones first."""
    news = [file for file in report.files if file.status != "unchanged"]
    return sorted(news, key=lambda file: file.status != "refused")


def _unchanged(report: LoadReport) -> list[FileReport]:
    return [file for file in report.files if file.status == "unchanged"]


def file_lines(file: FileReport, voice: Voice, warnings: int | None = None) -> Iterator[Markup]:
    """A file with how many papers came, changed and went on its account, and its ``warnings``, so many at most."""
    signs = zip("+~−", file.papers, strict=True)
    counts = " ".join(f"{sign}{count}" for sign, count in signs if count)
    line = _file_line(file, voice)
    yield voice.say("report.file_papers", line=line, counts=counts) if counts else line
    yield from warning_lines(file, voice, warnings)


def warning_lines(file: FileReport, voice: Voice, most: int | None = None) -> Iterator[Markup]:
    """A file's warnings; those beyond ``most`` are only counted."""
    for warning in file.warnings[:most]:
        yield _warning_line(warning, voice)
    if most is not None and len(file.warnings) > most:
        yield voice.say("report.more_warnings", count=len(file.warnings) - most)


def _warning_line(warning: LoadWarning, voice: Voice) -> Markup:
    text = problem_text(warning.problem, warning.text, voice)
    return voice.say("report.warning", line=warning.line, text=shorten(fold(text), MAX_LINE))


def refused_lines(files: Iterable[FileReport], voice: Voice) -> Iterator[Markup]:
    """Files that cannot be used, those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for file in files:
        by_reason.setdefault(_reason(file, voice), []).append(file.name)
    separator = voice.plain("list.separator")
    for reason, names in by_reason.items():
        for start in range(0, len(names), _NAMES_IN_LINE):
            some = join(map(shown_name, names[start : start + _NAMES_IN_LINE]), separator)
            if start:
                yield voice.say("report.refused_too", file=some)
            else:
                yield voice.say("report.refused", file=some, reason=reason)


def _reason(file: FileReport, voice: Voice) -> str:
    return shorten(fold(problem_text(file.problem, file.error or "", voice)), _MAX_REASON)


def _file_line(file: FileReport, voice: Voice) -> Markup:
    name = shown_name(file.name)
    layout = shorten(fold(file.layout), 40)
    match file.status:
        case "refused":
            return voice.say("report.refused", file=name, reason=_reason(file, voice))
        case "removed":
            return voice.say("report.removed", file=name)
        case "changed":
            return voice.say("report.changed", file=name, layout=layout, count=file.entries)
        case "unchanged":
            return voice.say("report.as_it_was", file=name, layout=layout, count=file.entries)
        case _:
            return voice.say("report.added", file=name, layout=layout, count=file.entries)


def change_line(change: Change, voice: Voice) -> Markup:
    """A paper that came, changed or goes."""
    title = shorten(fold(change.title), MAX_LINE) or change.key
    match change.kind:
        case "added":
            return voice.say("report.paper_added", title=title)
        case "changed":
            return voice.say("report.paper_changed", title=title)
        case "removed":
            return voice.say("report.paper_removed", title=title)


def shown_name(name: str) -> Markup:
    """A file's name, to be copied at a tap."""
    return code(shorten(fold(name), MAX_NAME))


def as_many(lines: Iterable[Markup], room: int) -> tuple[Sequence[Markup], bool]:
    """The first of the ``lines`` that fit into ``room`` units, and whether these are all."""
    kept: list[Markup] = []
    coded = 0
    for line in lines:
        room -= length(line) + 1
        coded += line.count("<code>")
        if room < 0 or coded > _MAX_CODED:
            return kept, False
        kept.append(line)
    return kept, True
