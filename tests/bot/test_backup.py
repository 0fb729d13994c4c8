"""`digestbot backup`: chats.db as it is at one moment, also while the bot writes, and the uploaded digests."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.chats import CHATS_FILE, Chats, SavedPaper, Subscription
from bot.cli import main
from bot.keeping import NotSaved, save, save_to
from store import MAX_DIGEST_BYTES, UPLOADS_FOLDER, Shelf
from tests.conftest import ROOT

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
DIGESTS = {"2025-05-weekly.md": b"# one\n", "每周论文-2.txt": "两篇\n".encode()}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two chats, one of them subscribed, and two uploaded digests."""
    folder = tmp_path / "data"
    chats = Chats.open(folder)
    chats.choose_language(7, "en")
    chats.keep_subscription(
        Subscription(
            chat_id=8, kind="private", ui="zh", time=NOW.time(), zone="Asia/Shanghai", new_since=NOW, next_due_at=NOW
        )
    )
    chats.close()
    Shelf(folder).put(DIGESTS)
    return folder


def digestbot(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def members(backup: Path | bytes) -> dict[str, bytes]:
    source = io.BytesIO(backup if isinstance(backup, bytes) else backup.read_bytes())
    with tarfile.open(fileobj=source, mode="r:gz") as tar:
        found = {}
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            found[member.name] = content.read()
        return found


def database(backup: Path | bytes, folder: Path) -> sqlite3.Connection:
    path = folder / "copy.db"
    path.write_bytes(members(backup)[CHATS_FILE])
    return sqlite3.connect(path)


def test_what_is_saved(data: Path, tmp_path: Path) -> None:
    (data / "archive.db").write_bytes(b"derived")
    saved = save_to(data, tmp_path / "a.tar.gz")
    assert (saved.contents.chats, saved.contents.subscriptions, saved.digests, saved.left_out) == (2, 1, 2, ())
    found = members(tmp_path / "a.tar.gz")
    assert list(found) == ["chats.db", "digests/2025-05-weekly.md", "digests/每周论文-2.txt"]
    assert [found[f"{UPLOADS_FOLDER}/{name}"] for name in DIGESTS] == list(DIGESTS.values())
    with closing(database(tmp_path / "a.tar.gz", tmp_path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT id, language FROM chats").fetchall() == [(7, "en"), (8, None)]


def test_nobody_else_may_read_it_and_nothing_else_is_left(data: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in data.iterdir())
    save_to(data, tmp_path / "a.tar.gz")
    assert stat.S_IMODE((tmp_path / "a.tar.gz").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar.gz", "data"]
    assert sorted(path.name for path in data.iterdir()) == before


def test_no_digests_were_uploaded(tmp_path: Path) -> None:
    Chats.open(tmp_path).close()
    assert save_to(tmp_path, tmp_path / "a.tar.gz").digests == 0
    assert list(members(tmp_path / "a.tar.gz")) == ["chats.db"]


def test_what_the_bot_has_not_moved_into_the_database_yet_is_saved(data: Path, tmp_path: Path) -> None:
    chats = Chats.open(data)
    chats.choose_language(9, "zh")
    assert (data / "chats.db-wal").stat().st_size > 0
    save_to(data, tmp_path / "a.tar.gz")
    chats.close()
    with closing(database(tmp_path / "a.tar.gz", tmp_path)) as copy:
        assert copy.execute("SELECT language FROM chats WHERE id = 9").fetchall() == [("zh",)]


def test_a_backup_taken_while_the_bot_writes_is_of_one_moment(data: Path, tmp_path: Path) -> None:
    chats = Chats.open(data)
    # More pages than are copied at a time.
    with chats._writing() as connection:
        connection.execute("INSERT INTO notices (kind, told_at) VALUES ('large', ?)", ["x" * 8_000_000])
    stopping, writing = threading.Event(), threading.Event()
    written: list[int] = []

    def write() -> None:
        number = 100
        while not stopping.is_set():
            # A chat and the paper it keeps are written in one transaction.
            chats.save(number, SavedPaper(f"key-{number}", None, "Sheep"), NOW)
            written.append(number)
            number += 1
            writing.set()

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        assert writing.wait(30)
        for number in range(3):
            began = len(written)
            backup = io.BytesIO()
            save(data, backup)
            with closing(database(backup.getvalue(), tmp_path)) as copy:
                kept = [row[0] for row in copy.execute("SELECT id FROM chats WHERE id >= 100 ORDER BY id")]
                papers = [row[0] for row in copy.execute("SELECT chat_id FROM saved ORDER BY chat_id")]
            assert kept == papers == list(range(100, 100 + len(kept)))
            assert len(kept) >= began
            counts.append(len(kept))
            assert not stopping.is_set(), number
    finally:
        stopping.set()
        writer.join()
        chats.close()
    # The writer went on meanwhile.
    assert counts == sorted(set(counts))


def test_files_that_could_not_be_restored_are_named(data: Path, tmp_path: Path) -> None:
    (data / UPLOADS_FOLDER / " odd:name.txt").write_text("by hand")
    (data / UPLOADS_FOLDER / ".hidden.txt").write_text("not a digest")
    (data / UPLOADS_FOLDER / "notes.pdf").write_text("not a digest")
    with (data / UPLOADS_FOLDER / "large.txt").open("wb") as file:
        file.truncate(MAX_DIGEST_BYTES + 1)
    (data / UPLOADS_FOLDER / "link.txt").symlink_to(tmp_path / "elsewhere")
    saved = save_to(data, tmp_path / "a.tar.gz")
    assert (saved.digests, saved.left_out) == (2, (" odd:name.txt", "large.txt", "link.txt"))


def test_a_copy_that_a_killed_backup_left_is_deleted_a_day_later(data: Path, tmp_path: Path) -> None:
    for name in (".backup-old", ".backup-new"):
        (data / name).mkdir()
        (data / name / CHATS_FILE).touch()
    os.utime(data / ".backup-old", (0, 0))
    save_to(data, tmp_path / "a.tar.gz")
    assert [path.name for path in data.glob(".backup-*")] == [".backup-new"]


def test_a_damaged_chats_db_replaces_no_sound_backup(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.tar.gz"
    save_to(data, target)
    sound = target.read_bytes()
    with (data / CHATS_FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(NotSaved, match=r"chats\.db is damaged .*: `digestbot restore` puts back a backup of it"):
        save_to(data, target)
    (data / CHATS_FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(NotSaved, match="is damaged"):
        save_to(data, target)
    assert target.read_bytes() == sound
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar.gz", "data"]


def test_the_command(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.tar.gz"
    done = digestbot("backup", "--data", data, target)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        f"Saved to {target} (0.0 MB): 2 chats, 1 of them subscribed, and 2 uploaded digests.",
        "archive.db is not in it: `digestbot load` makes it of the digest files.",
    ]


def test_a_file_that_exists_is_replaced_only_by_force(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.tar.gz"
    target.write_text("precious")
    refused = digestbot("backup", "--data", data, target)
    assert (refused.exit_code, target.read_text()) == (1, "precious")
    assert refused.stderr == f"Error: {target} exists: name another file, or replace it with --force.\n"
    assert digestbot("backup", "--data", data, "--force", target).exit_code == 0
    assert CHATS_FILE in members(target)


def test_standard_output(data: Path) -> None:
    done = digestbot("backup", "--data", data, "-")
    assert done.exit_code == 0
    assert list(members(done.stdout_bytes)) == ["chats.db", "digests/2025-05-weekly.md", "digests/每周论文-2.txt"]
    assert done.stderr.startswith("Saved to standard output: 2 chats")


def test_a_backup_that_is_stopped_leaves_nothing_behind(data: Path, tmp_path: Path) -> None:
    chats = Chats.open(data)
    with chats._writing() as connection:  # more than a pipe that nobody empties takes
        connection.execute("INSERT INTO notices (kind, told_at) VALUES ('large', ?)", [os.urandom(500_000).hex()])
    chats.close()
    before = sorted(path.name for path in data.iterdir())
    command = [sys.executable, "-m", "bot.cli", "backup", "--data", str(data), "-"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)  # the copy is made by now
        assert list(data.glob(".backup-*"))
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    assert sorted(path.name for path in data.iterdir()) == before


def test_nothing_to_save(tmp_path: Path) -> None:
    done = digestbot("backup", "--data", tmp_path / "data", tmp_path / "a.tar.gz")
    assert done.exit_code == 1
    assert done.stderr == f"Error: There is no chats.db in {tmp_path / 'data'}: nothing was told to a bot there yet.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(data: Path, tmp_path: Path) -> None:
    done = digestbot("backup", "--data", data, tmp_path / "none" / "a.tar.gz")
    assert done.exit_code == 1
    assert "a.tar.gz could not be written (No such file or directory)" in done.stderr
