"""Digest files of a folder into archive.db: all or nothing, and only what changed is done again.

A load is one write transaction. Readers see the archive of the load before until it commits, also when the process is
killed half way. A file that cannot be used is reported and leaves what it had given before untouched.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from store.database import ARCHIVE_FILE, migrations, open_for_writing, writing
from store.deriving import derive, is_derived, next_generation
from store.layouts import UnreadableDigest, check_size, read_digest
from store.models import Digest, Entry, FileReport, LoadReport
from store.problems import Problem, ProblemError
from store.rows import entry_of, entry_row, warning_of, warning_row
from store.semantic import Embedder
from store.updating import Updates, rules, update_papers

SUFFIXES = (".txt", ".md")

# Called with (files done, files in all, name of the file that comes next).
Progress = Callable[[int, int, str], None]


class LoadError(ProblemError):
    """The load could not be done; nothing was changed. The message is one sentence a person can act on."""


def load(seeds: Path, data: Path, *, progress: Progress | None = None, embedder: Embedder | None = None) -> LoadReport:
    """Bring ``data``/archive.db up to date with the digest files in ``seeds``.

    Files are those ending in .txt or .md and not starting with a dot. Unchanged ones (by SHA-256) are skipped; a file
    gone from the folder takes its entries with it. With an ``embedder``, the papers' vectors are brought up to date
    as well; without one, an archive that changes has none.

    Raises:
        LoadError: the folder is missing or holds no digest file, another load is under way, or the archive cannot be
            written.
    """
    started = time.perf_counter()
    paths = digest_files(seeds)
    try:
        database = open_for_writing(data / ARCHIVE_FILE, migrations)
    except (sqlite3.DatabaseError, OSError) as error:
        raise _cannot_write(data, error) from error
    try:
        with writing(database):
            return _load(database, data, paths, progress, embedder, started)
    except (sqlite3.DatabaseError, OSError) as error:
        raise _cannot_write(data, error) from error
    finally:
        database.close()


def digest_files(folder: Path) -> list[Path]:
    """The digest files of a folder, by name.

    Raises:
        LoadError: there is no such folder, or no digest file in it.
    """
    if not folder.is_dir():
        raise LoadError("no_folder", folder=str(folder))
    paths = [p for p in folder.iterdir() if p.suffix in SUFFIXES and not p.name.startswith(".") and p.is_file()]
    if not paths:
        raise LoadError("no_files", folder=str(folder))
    return sorted(paths, key=lambda path: path.name)


def _cannot_write(data: Path, error: sqlite3.DatabaseError | OSError) -> LoadError:
    if "locked" in str(error):
        return LoadError("another_load")
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        # It is made of the digest files alone, so nothing is lost with it.
        return LoadError("archive_damaged", folder=str(data), error=str(error))
    return LoadError("archive_not_writable", folder=str(data), error=str(error))


class _Known(NamedTuple):
    """A digest file that is in the archive already."""

    id: int
    sha256: str
    layout: str
    date: str | None


def _load(
    database: Database,
    data: Path,
    paths: list[Path],
    progress: Progress | None,
    embedder: Embedder | None,
    started: float,
) -> LoadReport:
    known = {
        row["name"]: _Known(row["id"], row["sha256"], row["layout"], row["date"])
        for row in database.query("SELECT id, name, sha256, layout, date FROM digests")
    }
    last = next(iter(database.query("SELECT id, rules FROM loads ORDER BY id DESC LIMIT 1")), None)
    updates = Updates(everything=last is None or last["rules"] != rules())
    files: list[FileReport] = []
    for done, path in enumerate(paths):
        if progress:
            progress(done, len(paths), path.name)
        files.append(_load_file(database, path, known.get(path.name), updates))
    names = {path.name for path in paths}
    for name, digest in known.items():
        if name not in names:
            updates.forget(database, _entry_ids(database, digest.id))
            database.conn.execute("DELETE FROM digests WHERE id = ?", [digest.id])
            files.append(FileReport(name=name, layout=digest.layout, status="removed"))
    outcome = update_papers(database, updates)
    written = updates.everything or any(file.status in ("added", "changed", "removed") for file in files)
    if last is not None and not written and not is_derived(data, last["id"], embedder):
        written = True  # the index was lost, or another model is used: a load that changes nothing else makes it anew
    if written:
        generation = next_generation(database)
        derive(database, data, generation, outcome, everything=updates.everything, embedder=embedder)
    counts = {kind: sum(change.kind == kind for change in outcome.changes) for kind in ("added", "changed", "removed")}
    report = LoadReport(
        files=tuple(files),
        papers=database["papers"].count,
        **counts,
        seconds=round(time.perf_counter() - started, 3),
        changes=tuple(outcome.changes),
    )
    if written:
        _write_load(database, generation, report)
    if progress:
        progress(len(paths), len(paths), "")
    return report


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


def _load_file(database: Database, path: Path, known: _Known | None, updates: Updates) -> FileReport:
    """Read one file and write its entries, unless it is unchanged or cannot be used."""
    try:
        check_size(path.stat().st_size)
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        if known and known.sha256 == sha256 and not updates.everything:
            return _unchanged(database, path.name, known)
        digest = read_digest(path.name, data)
    except UnreadableDigest as refusal:
        return _refused(path.name, refusal.problem)
    except OSError as error:
        return _refused(path.name, Problem.of("cannot_be_opened", error=str(error.strerror)))
    digest_id = _write_digest(database, digest, sha256, known)
    _write_entries(database, digest_id, digest, known, updates)
    return FileReport(
        name=digest.name,
        layout=digest.layout,
        entries=len(digest.entries),
        warnings=digest.warnings,
        status="changed" if known else "added",
    )


def _refused(name: str, problem: Problem) -> FileReport:
    return FileReport(name=name, error=problem.text, problem=problem, status="refused")


def _unchanged(database: Database, name: str, known: _Known) -> FileReport:
    warnings = database.query("SELECT * FROM warnings WHERE digest_id = ? ORDER BY id", [known.id])
    return FileReport(
        name=name,
        layout=known.layout,
        entries=len(_entry_ids(database, known.id)),
        warnings=tuple(map(warning_of, warnings)),
        status="unchanged",
    )


def _entry_ids(database: Database, digest_id: int) -> list[int]:
    return [row["id"] for row in database.query("SELECT id FROM entries WHERE digest_id = ?", [digest_id])]


def _write_digest(database: Database, digest: Digest, sha256: str, known: _Known | None) -> int:
    row = {
        "name": digest.name,
        "sha256": sha256,
        "layout": digest.layout,
        "date": digest.date,
        "date_inferred": int(digest.date_inferred),
    }
    if known:
        database.table("digests").update(known.id, row)
        digest_id = known.id
    else:
        digest_id = int(database.table("digests").insert(row).last_pk or 0)
    database.conn.execute("DELETE FROM warnings WHERE digest_id = ?", [digest_id])
    database.table("warnings").insert_all({"digest_id": digest_id, **warning_row(w)} for w in digest.warnings)
    return digest_id


def _write_entries(database: Database, digest_id: int, digest: Digest, known: _Known | None, updates: Updates) -> None:
    """Write the entries that are new in the file, drop those gone from it, leave the others in place.

    An entry that only moved keeps its row (and so its paper); its line is brought up to date.
    """
    standing: dict[Entry, list[int]] = defaultdict(list)
    for row in database.query("SELECT * FROM entries WHERE digest_id = ? ORDER BY id DESC", [digest_id]):
        standing[_without_line(entry_of(row))].append(row["id"])
    if known and known.date != digest.date:
        # The date decides which digest speaks first, so every paper of the file is merged anew.
        updates.papers.update(_papers_of(database, digest_id))
    # So does the line, among several entries of one paper.
    updates.papers.update(_papers_of(database, digest_id, at_least=2))
    for entry in digest.entries:
        if ids := standing.get(_without_line(entry)):
            database.conn.execute("UPDATE entries SET line = ? WHERE id = ?", [entry.line, ids.pop()])
        else:
            row = {"digest_id": digest_id, "fields": "[]", **entry_row(entry)}
            updates.new_entries.append(int(database.table("entries").insert(row).last_pk or 0))
    gone = [entry_id for ids in standing.values() for entry_id in ids]
    updates.forget(database, gone)
    database.conn.executemany("DELETE FROM entries WHERE id = ?", [[entry_id] for entry_id in gone])


def _papers_of(database: Database, digest_id: int, at_least: int = 1) -> set[int]:
    """The papers that a digest tells of, in ``at_least`` so many entries."""
    rows = database.query(
        """SELECT paper_id FROM entries WHERE digest_id = ? AND paper_id IS NOT NULL
           GROUP BY paper_id HAVING count(*) >= ?""",
        [digest_id, at_least],
    )
    return {row["paper_id"] for row in rows}


def _without_line(entry: Entry) -> Entry:
    return entry.model_copy(update={"line": 0})
