"""Folders of digest files into archive.db: all or nothing, and only what changed is done again.

A load is one write transaction. Readers see the archive of the load before until it commits, also when the process is
killed half way. A file that cannot be used is reported and leaves what it had given before untouched.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from sqlite_utils import Database

from store.database import ARCHIVE_FILE, in_memory, migrations, open_for_writing, trying, writing
from store.deriving import derive, is_derived, next_generation
from store.filenames import DIGEST_SUFFIXES
from store.filing import Known, file_digest, known_digests, refused, remove_digest
from store.layouts import UnreadableDigest, check_size
from store.models import ChangeCounts, ChangeKind, FileReport, LoadReport
from store.problems import Problem, ProblemError
from store.semantic import Embedder
from store.shelf import UPLOADS_FOLDER
from store.updating import Outcome, Updates, rules, update_papers

# Called with (files done, files in all, name of the file that comes next): before each file, and with an empty name
# now and then afterwards. What it raises ends the load and undoes it.
Progress = Callable[[int, int, str], None]


class LoadError(ProblemError):
    """The load could not be done; nothing was changed. The message is one sentence a person can act on."""


def load(seeds: Path, data: Path, *, progress: Progress | None = None, embedder: Embedder | None = None) -> LoadReport:
    """Bring ``data``/archive.db up to date with the digest files in ``seeds`` and then in ``data``/digests.

    Files are those ending in .txt or .md and not starting with a dot. Unchanged ones (by SHA-256) are skipped; a file
    gone from its folder takes its entries with it; one whose name a file of the seeds has as well is refused. With an
    ``embedder``, the papers' vectors are brought up to date as well; without one, an archive that changes has none.

    Raises:
        LoadError: the seeds folder is missing, a folder cannot be read or neither holds a digest file, another load is
            under way, or the archive cannot be written.
    """
    started = time.perf_counter()
    paths = digest_files(seeds, data)
    with _opened(data, throw_away=False) as database:
        return _load(database, data, paths, progress or _ignore, embedder, started)


def preview(data: Path, *, put: Mapping[str, bytes] | None = None, without: Collection[str] = ()) -> LoadReport:
    """What a load would change if the files ``put`` (name to content) were there, and those of the names ``without``
    were gone. Nothing is written, and readers are not disturbed.

    Only these files are looked at: all others count as they are in the archive. One that the archive has under that
    name is ``changed`` or ``unchanged``; names that it does not have are left out of what is gone.

    Raises:
        LoadError: a load is under way, or the archive cannot be used.
    """
    started = time.perf_counter()
    with _opened(data, throw_away=True) as database:
        known = known_digests(database)
        updates = Updates(preview=True)
        files = [file_digest(database, name, data, known.get(name), updates) for name, data in (put or {}).items()]
        gone = [name for name in sorted(set(without)) if name in known]
        files += [remove_digest(database, name, known[name], updates) for name in gone]
        return _report(database, files, update_papers(database, updates), started)


def digest_files(seeds: Path, data: Path) -> list[Path]:
    """The digest files of the two folders: the seeds by name, then the uploaded ones by name.

    A folder that is there and cannot be read ends the load: left out, its digests would count as gone.
    """
    uploads = data / UPLOADS_FOLDER
    paths = _files_in(seeds)
    if os.path.lexists(uploads):
        paths += _files_in(uploads)
    if not paths:
        raise LoadError("no_files", folder=str(seeds))
    return paths


def _files_in(folder: Path) -> list[Path]:
    try:
        paths = [
            path
            for path in folder.iterdir()
            if path.suffix in DIGEST_SUFFIXES and not path.name.startswith(".") and path.is_file()
        ]
    except FileNotFoundError as error:
        raise LoadError("no_folder", folder=str(folder)) from error
    except OSError as error:
        raise LoadError("folder_not_readable", folder=str(folder), error=str(error.strerror)) from error
    return sorted(paths, key=lambda path: path.name)


@contextmanager
def _opened(data: Path, *, throw_away: bool) -> Iterator[Database]:
    """The archive, in one transaction. Where it is thrown away in the end, no archive is made that was not there."""
    try:
        if throw_away and not (data / ARCHIVE_FILE).exists():
            database = in_memory(migrations)
        else:
            database = open_for_writing(data / ARCHIVE_FILE, migrations)
    except (sqlite3.DatabaseError, OSError) as error:
        raise _cannot_write(data, error) from error
    try:
        with trying(database) if throw_away else writing(database):
            yield database
    except (sqlite3.DatabaseError, OSError) as error:
        raise _cannot_write(data, error) from error
    finally:
        database.close()


def _cannot_write(data: Path, error: sqlite3.DatabaseError | OSError) -> LoadError:
    if "locked" in str(error):
        return LoadError("another_load")
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        # It is made of the digest files alone, so nothing is lost with it.
        return LoadError("archive_damaged", folder=str(data), error=str(error))
    return LoadError("archive_not_writable", folder=str(data), error=str(error))


def _load(
    database: Database,
    data: Path,
    paths: list[Path],
    progress: Progress,
    embedder: Embedder | None,
    started: float,
) -> LoadReport:
    known = known_digests(database)
    last = next(iter(database.query("SELECT id, rules FROM loads ORDER BY id DESC LIMIT 1")), None)
    total = len(paths)
    updates = Updates(everything=last is None or last["rules"] != rules(), pulse=lambda: progress(total, total, ""))
    files: list[FileReport] = []
    names: dict[str, Path] = {}
    for done, path in enumerate(paths):
        progress(done, total, path.name)
        if (first := names.setdefault(path.name, path)) != path:
            files.append(refused(path.name, Problem.of("name_taken", folder=str(first.parent))))
        else:
            files.append(_load_file(database, path, known.get(path.name), updates))
    for name, digest in known.items():
        if name not in names:
            files.append(remove_digest(database, name, digest, updates))
    outcome = update_papers(database, updates)
    written = updates.everything or any(file.status in ("added", "changed", "removed") for file in files)
    if last is not None and not written and not is_derived(data, last["id"], embedder):
        written = True  # the index was lost, or another model is used: a load that changes nothing else makes it anew
    if written:
        generation = next_generation(database)
        derive(database, data, generation, outcome, updates, embedder=embedder)
    report = _report(database, files, outcome, started)
    if written:
        _write_load(database, generation, report)
    progress(total, total, "")
    return report


def _load_file(database: Database, path: Path, known: Known | None, updates: Updates) -> FileReport:
    try:
        check_size(path.stat().st_size)
        data = path.read_bytes()
    except UnreadableDigest as refusal:
        return refused(path.name, refusal.problem)
    except OSError as error:
        return refused(path.name, Problem.of("cannot_be_opened", error=str(error.strerror)))
    return file_digest(database, path.name, data, known, updates)


def _report(database: Database, files: list[FileReport], outcome: Outcome, started: float) -> LoadReport:
    kinds = Counter(change.kind for change in outcome.changes)
    by_file = Counter((name, change.kind) for change in outcome.changes for name in change.files)

    def with_papers(file: FileReport) -> FileReport:
        if file.status == "refused":
            return file
        counts = (by_file[file.name, kind] for kind in get_args(ChangeKind))
        return file.model_copy(update={"papers": ChangeCounts(*counts)})

    return LoadReport(
        files=tuple(map(with_papers, files)),
        papers=database["papers"].count,
        added=kinds["added"],
        changed=kinds["changed"],
        removed=kinds["removed"],
        seconds=round(time.perf_counter() - started, 3),
        changes=tuple(outcome.changes),
    )


def _write_load(database: Database, generation: int, report: LoadReport) -> None:
    """Give the archive its next generation."""
    database.table("loads").insert(
        {
            "id": generation,
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rules": rules(),
            **report.model_dump(include={"papers", "added", "changed", "removed", "seconds"}),
        }
    )


def _ignore(done: int, total: int, name: str) -> None:
    """No progress is wanted."""
