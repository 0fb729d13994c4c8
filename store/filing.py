"""One digest file into the archive's rows: its entries and warnings, and only what changed of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import NamedTuple

from sqlite_utils import Database

from store.layouts import UnreadableDigest, read_digest
from store.models import Digest, Entry, FileReport
from store.problems import Problem
from store.rows import entry_of, entry_row, warning_of, warning_row
from store.updating import Updates


class Known(NamedTuple):
    """A digest file that is in the archive already."""

    id: int
    sha256: str
    layout: str
    date: str | None


def known_digests(database: Database) -> dict[str, Known]:
    """The digest files in the archive, by name."""
    return {
        row["name"]: Known(row["id"], row["sha256"], row["layout"], row["date"])
        for row in database.query("SELECT id, name, sha256, layout, date FROM digests")
    }


def file_digest(database: Database, name: str, data: bytes, known: Known | None, updates: Updates) -> FileReport:
    """Read one file and write its entries, unless it is unchanged or cannot be used."""
    sha256 = hashlib.sha256(data).hexdigest()
    if known and known.sha256 == sha256 and not updates.everything:
        return _unchanged(database, name, known)
    try:
        digest = read_digest(name, data)
    except UnreadableDigest as refusal:
        return refused(name, refusal.problem)
    digest_id = _write_digest(database, digest, sha256, known)
    _write_entries(database, digest_id, digest, known, updates)
    return FileReport(
        name=digest.name,
        layout=digest.layout,
        entries=len(digest.entries),
        warnings=digest.warnings,
        status="changed" if known else "added",
    )


def refused(name: str, problem: Problem) -> FileReport:
    """The report of a file that is not used."""
    return FileReport(name=name, error=problem.text, problem=problem, status="refused")


def remove_digest(database: Database, name: str, known: Known, updates: Updates) -> FileReport:
    """Take a file's entries out of the archive."""
    updates.forget(database, _entry_ids(database, known.id))
    database.conn.execute("DELETE FROM digests WHERE id = ?", [known.id])
    return FileReport(name=name, layout=known.layout, status="removed")


def _unchanged(database: Database, name: str, known: Known) -> FileReport:
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


def _write_digest(database: Database, digest: Digest, sha256: str, known: Known | None) -> int:
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


def _write_entries(database: Database, digest_id: int, digest: Digest, known: Known | None, updates: Updates) -> None:
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
