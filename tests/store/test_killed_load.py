"""A load killed at any moment leaves the archive of the load before, whole; the next load does it all."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store import Archive, load
from tests.digests import weekly_digest, weekly_entry

# Loads, and ends itself without a chance to clean up when SQLite is about to run the given statement.
LOADER = """
import itertools, os, signal, sys
from pathlib import Path
import store.loading
open_for_writing = store.loading.open_for_writing
point = sys.argv[3]
counter = itertools.count(1)

def open_traced(*arguments):
    database = open_for_writing(*arguments)
    def about_to_run(statement):
        if str(next(counter)) == point or statement.startswith(point):
            os.kill(os.getpid(), signal.SIGKILL)
    database.conn.set_trace_callback(about_to_run)
    return database

store.loading.open_for_writing = open_traced
store.loading.load(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "point", ["1", "5", "20", "DELETE FROM papers", "INSERT INTO sentences", 'INSERT INTO "loads"', "COMMIT"]
)
def test_readers_see_the_old_archive_whole_after_a_kill(tmp_path: Path, point: str) -> None:
    seeds, data = tmp_path / "seeds", tmp_path / "data"
    seeds.mkdir()
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    (seeds / "b.md").write_text(weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")), encoding="utf-8")
    load(seeds, data)
    with Archive.open(data) as archive:
        before = (list(archive.papers()), archive.search("数羊"), archive.generation)
    (seeds / "b.md").unlink()
    (seeds / "c.md").write_text(weekly_digest(weekly_entry("Cows", "数奶牛", "2505.00003")), encoding="utf-8")

    killed = subprocess.run(
        [sys.executable, "-c", LOADER, str(seeds), str(data), point],
        capture_output=True,
        text=True,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with Archive.open(data) as archive:
        assert (list(archive.papers()), archive.search("数羊"), archive.generation) == before
    assert {(change.kind, change.key) for change in load(seeds, data).changes} == {
        ("removed", "2505-00002"),
        ("added", "2505-00003"),
    }
    with sqlite3.connect(data / "archive.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
