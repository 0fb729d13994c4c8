"""What a load would make of each digest file, without loading: for whoever looks after an archive."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from store.database import ARCHIVE_FILE, connect
from store.filing import known_digests, refused
from store.layouts import UnreadableDigest, check_size, read_digest
from store.loading import digest_files
from store.models import FileReport
from store.problems import Problem


def examine_files(seeds: Path, data: Path) -> tuple[FileReport, ...]:
    """Every digest file of ``seeds`` and then of ``data``/digests, read and compared with the archive; last those that
    the archive has and no folder. Nothing is written. Where there is no readable archive, all files are ``added``.

    Raises:
        LoadError: the seeds folder is missing, a folder cannot be read, or neither holds a digest file.
    """
    paths = digest_files(seeds, data)
    known = _known(data)
    reports: list[FileReport] = []
    folders: dict[str, Path] = {}
    for path in paths:
        if (first := folders.setdefault(path.name, path.parent)) != path.parent:
            reports.append(refused(path.name, Problem.of("name_taken", folder=str(first))))
        else:
            reports.append(_examined(path, known))
    gone = sorted(name for name in known if name not in folders)
    return (*reports, *(FileReport(name=name, status="removed") for name in gone))


def _examined(path: Path, known: dict[str, str]) -> FileReport:
    try:
        check_size(path.stat().st_size)
        data = path.read_bytes()
        digest = read_digest(path.name, data)
    except UnreadableDigest as refusal:
        return refused(path.name, refusal.problem)
    except OSError as error:
        return refused(path.name, Problem.of("cannot_be_opened", error=str(error.strerror)))
    archived = known.get(path.name)
    return FileReport(
        name=path.name,
        layout=digest.layout,
        entries=len(digest.entries),
        warnings=digest.warnings,
        status="added" if archived is None else "unchanged" if archived == _sha256(data) else "changed",
    )


def _known(data: Path) -> dict[str, str]:
    """The archive's files with what tells their bytes; none where it cannot be read, which is told elsewhere."""
    if not (data / ARCHIVE_FILE).is_file():
        return {}
    try:
        with closing(connect(data / ARCHIVE_FILE)) as database:
            return {name: digest.sha256 for name, digest in known_digests(database).items()}
    except sqlite3.Error:
        return {}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
