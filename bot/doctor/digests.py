"""Checks of the digest files and of the archive that is made of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bot.doctor.registry import Case, Finding, fault, ok, register, warning
from bot.views.text import fold, shorten
from store import UPLOADS_FOLDER, Archive, ArchiveMissing, FileReport, LoadError, Shelf, examine_files

_LOAD = "Run `digestbot load`, or send the bot /reload."


@register("digests")
def digest_files(case: Case) -> Iterator[Finding]:
    try:
        files = examine_files(case.settings.seeds, case.settings.data)
    except LoadError as error:
        yield fault("they cannot be read", str(error))
        return
    for file in files:
        yield from _of_file(file)
    used = [file for file in files if file.layout]
    entries = sum(file.entries for file in used)
    yield ok(f"files: {len(used)}, entries: {entries}, in {case.settings.seeds} and uploaded")


def _of_file(file: FileReport) -> Iterator[Finding]:
    name = shorten(fold(file.name), 80)
    if file.problem:
        yield fault(f"{name} is not used", shorten(fold(file.problem.text), 400))
    elif file.warnings:
        first = file.warnings[0]
        lines = "a line" if len(file.warnings) == 1 else f"{len(file.warnings)} lines"
        yield warning(
            f"{name} has {lines} to look at", f"The first is line {first.line}: {shorten(fold(first.text), 200)}"
        )


@register("uploads")
def uploads(case: Case) -> Iterator[Finding]:
    shelf = Shelf(case.settings.data)
    try:
        count = len(shelf.names())
    except OSError as error:
        yield fault(f"{shelf.folder} cannot be read ({error.strerror})", "Set its rights right.")
        return
    yield ok(f"digests: {count}, in {case.settings.data / UPLOADS_FOLDER}")


@register("archive")
def archive(case: Case) -> Iterator[Finding]:
    data = case.settings.data
    try:
        with Archive.open(data) as opened:
            papers, summary = opened.count(), opened.last_load()
    except ArchiveMissing as error:
        yield fault("it cannot be asked", str(error))
        return
    except sqlite3.OperationalError as error:  # it may be sound, and cannot be opened
        yield fault(f"archive.db in {data} cannot be read ({error})", "Check the rights of the file and of its folder.")
        return
    except sqlite3.Error as error:
        again = "It is made of the digest files alone: delete archive.db there and run `digestbot load`."
        yield fault(f"archive.db in {data} cannot be read ({error})", again)
        return
    loaded = f", loaded {summary.finished_at:%Y-%m-%d %H:%M} UTC" if summary else ""
    yield ok(f"papers: {papers}{loaded}")
    try:
        files = examine_files(case.settings.seeds, data)
    except LoadError:
        return  # told with the digests
    for status, what in (("added", "not in it yet"), ("changed", "changed since"), ("removed", "gone since")):
        if count := sum(file.status == status for file in files):
            yield warning(f"{count} digest file{'' if count == 1 else 's'} {what}", _LOAD)
