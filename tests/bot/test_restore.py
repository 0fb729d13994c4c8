"""`digestbot restore`: all of a backup or nothing, what was there is kept, and nothing is written elsewhere."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sqlite3
import stat
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chats import CHATS_FILE, Chats
from bot.cli import main
from bot.keeping import NotRestored, restore, save_to, staged, unpacking
from bot.lock import LOCK_FILE, lock
from store import MAX_DIGEST_BYTES, Shelf
from tests.conftest import ROOT

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
ASIDE = "before-restore-20250601-120000"


def make_data(folder: Path, language: str, digests: dict[str, bytes]) -> Path:
    """A data folder where chat 7 chose a language, with uploaded digests."""
    chats = Chats.open(folder)
    chats.choose_language(7, "zh" if language == "zh" else "en")
    chats.close()
    Shelf(folder).put(digests)
    return folder


def make_backup(*members: tuple[str, bytes] | tarfile.TarInfo, form: int = tarfile.GNU_FORMAT) -> bytes:
    """A tar file as anybody could make it."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz", format=form) as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                tar.addfile(info, io.BytesIO(member[1]))
    return target.getvalue()


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and what is in it; the lock's file apart."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK_FILE)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def bring_back(backup: bytes, data: Path) -> Path | None:
    with staged(io.BytesIO(backup), data) as found:
        return restore(found, data, NOW)


def language(data: Path) -> str | None:
    chats = Chats.open(data)
    try:
        return chats.language(7)
    finally:
        chats.close()


def digestbot(*arguments: object, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data", "zh", {"new.txt": b"new"})


@pytest.fixture
def backup(tmp_path: Path) -> bytes:
    """A backup from when chat 7 read English."""
    save_to(make_data(tmp_path / "then", "en", {"old.md": b"old", "旧.txt": b"old too"}), tmp_path / "then.tar.gz")
    return (tmp_path / "then.tar.gz").read_bytes()


@pytest.fixture
def chats_db(tmp_path: Path) -> bytes:
    """A sound chats.db."""
    return (make_data(tmp_path / "sound", "en", {}) / CHATS_FILE).read_bytes()


def test_a_backup_takes_the_place_of_what_is_there(data: Path, backup: bytes) -> None:
    before = snapshot(data)
    assert bring_back(backup, data) == data / ASIDE
    assert language(data) == "en"
    assert Shelf(data).names() == ("old.md", "旧.txt")
    kept = snapshot(data / ASIDE)
    assert kept["digests/new.txt"] == b"new"
    assert kept.keys() == before.keys()
    assert language(data / ASIDE) == "zh"


def test_into_an_empty_folder(tmp_path: Path, backup: bytes) -> None:
    (tmp_path / "empty").mkdir()
    assert bring_back(backup, tmp_path / "empty") is None
    assert sorted(snapshot(tmp_path / "empty")) == ["chats.db", "digests/old.md", "digests/旧.txt"]
    assert language(tmp_path / "empty") == "en"
    assert stat.S_IMODE((tmp_path / "empty" / CHATS_FILE).stat().st_mode) == 0o600


def test_there_and_back_again(data: Path, tmp_path: Path, backup: bytes) -> None:
    save_to(data, tmp_path / "now.tar.gz")
    bring_back(backup, data)
    with staged(io.BytesIO((tmp_path / "now.tar.gz").read_bytes()), data) as found:
        restore(found, data, datetime(2025, 6, 2, tzinfo=UTC))
    assert (language(data), Shelf(data).names()) == ("zh", ("new.txt",))


def test_uploads_that_wait_do_not_meet_those_of_a_later_time(data: Path, backup: bytes) -> None:
    (data / "uploads" / "3").mkdir(parents=True)
    (data / "uploads" / "3" / "waiting.txt").write_text("not kept yet")
    bring_back(backup, data)
    assert not (data / "uploads").exists()
    assert (data / ASIDE / "uploads" / "3" / "waiting.txt").read_text() == "not kept yet"


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((ROOT / "tests" / "chats_versions" / "2.sql").read_text(encoding="utf-8"))
    bring_back(make_backup((CHATS_FILE, old.read_bytes())), data)
    chats = Chats.open(data)
    assert len(chats.deliveries(7)) == 5
    chats.close()


def test_a_killed_bots_last_words_stay_with_its_database(data: Path, backup: bytes) -> None:
    """What a crash leaves in chats.db-wal belongs to the old chats.db; the new one would read it as its own."""
    chats = Chats.open(data)
    chats.choose_language(8, "both")
    left = {path.name: path.read_bytes() for path in data.glob("chats.db*")}
    chats.close()
    for name, content in left.items():
        (data / name).write_bytes(content)
    assert (data / "chats.db-wal").stat().st_size > 0
    bring_back(backup, data)
    assert sorted(path.name for path in data.glob("chats.db*")) == ["chats.db"]
    assert language(data) == "en"
    kept = Chats.open(data / ASIDE)
    assert kept.language(8) == "both"
    kept.close()


def test_a_damaged_chats_db_is_moved_aside_with_all_that_belongs_to_it(data: Path, backup: bytes) -> None:
    for name in ("chats.db", "chats.db-wal", "chats.db-shm"):
        (data / name).write_bytes(b"not a database" * 100)
    bring_back(backup, data)
    assert language(data) == "en"
    assert sorted(snapshot(data / ASIDE)) == ["chats.db", "chats.db-shm", "chats.db-wal", "digests/new.txt"]


def test_nothing_is_touched_while_chats_db_is_open(data: Path, backup: bytes) -> None:
    """A process that ends deletes chats.db-wal by its name, whosever that is by then."""
    chats = Chats.open(data)
    try:
        with pytest.raises(NotRestored, match="is in use: end every digestbot that works on it"):
            bring_back(backup, data)
        assert chats.language(7) == "zh"
    finally:
        chats.close()
    assert language(data) == "zh"
    assert Shelf(data).names() == ("new.txt",)
    assert not list(data.glob("before-*")) + list(data.glob(".restore-*"))


def test_what_a_killed_restore_left_is_deleted(data: Path, backup: bytes) -> None:
    (data / ".restore-killed").mkdir()
    (data / ".restore-killed" / CHATS_FILE).touch()
    bring_back(backup, data)
    assert not list(data.glob(".restore-*"))


@pytest.mark.parametrize(
    ("step", "works"), [("mkdir", 0), ("link", 0), ("rename", 0), ("rename", 1), ("replace", 0), ("fsync", 0)]
)
def test_a_failure_at_any_step_loses_nothing(
    data: Path, backup: bytes, step: str, works: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both chats.db and every digest are still somewhere, and a second try succeeds."""
    owner = os if step in ("link", "fsync") else Path
    original = getattr(owner, step)
    calls = iter([True] * works)

    def fails(*arguments: object, **options: object) -> object:
        if next(calls, False):
            return original(*arguments, **options)
        raise OSError(28, "No space left on device")

    with staged(io.BytesIO(backup), data) as found, monkeypatch.context() as patched:
        patched.setattr(owner, step, fails)
        if step == "link":
            patched.setattr(shutil, "copy2", fails)
        with pytest.raises(NotRestored, match="The disk failed half way"):
            restore(found, data, NOW)
    everything = [path.name for path in data.rglob("*") if path.is_file()]
    assert "new.txt" in everything
    # chats.db is in its place at every moment: the old one, or at last the new one.
    assert language(data) == ("en" if step == "fsync" else "zh")
    with staged(io.BytesIO(backup), data) as found:
        restore(found, data, datetime(2025, 6, 2, tzinfo=UTC))
    assert (language(data), Shelf(data).names()) == ("en", ("old.md", "旧.txt"))
    kept = [path for path in data.glob("before-*/**/chats.db") if language(path.parent) == "zh"]
    assert kept


# What is no backup


def refused(backup: bytes, folder: Path) -> str:
    """The reason; nothing was changed anywhere."""
    data = folder / "data"
    before = snapshot(folder)
    with pytest.raises(NotRestored) as error, staged(io.BytesIO(backup), data):
        pytest.fail("it was taken")
    assert snapshot(folder) == before
    assert str(error.value).endswith(" Nothing was changed.")
    return str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        "../chats.db",
        "/tmp/chats.db",
        "./chats.db",
        "chats.db/",
        "chats.db-wal",
        "archive.db",
        "digests",
        "digests/",
        "digests/../x.txt",
        "digests/a/b.txt",
        "digests//b.txt",
        "digests\\b.txt",
        "digests/.hidden.txt",
        "digests/notes.pdf",
        "digests/con.txt",
        "digests/a\u202etxt.txt",
        "digests/" + "x" * 300 + ".txt",
        "Digests/a.txt",
        "bot.lock",
        ".env",
        "",
    ],
)
def test_other_names_are_refused(data: Path, tmp_path: Path, chats_db: bytes, name: str) -> None:
    for form in (tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT):
        try:
            backup = make_backup((CHATS_FILE, chats_db), (name, b"x"), form=form)
        except ValueError:  # too long for the plain format
            continue
        assert "The backup holds" in refused(backup, tmp_path)


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.DIRTYPE,
        tarfile.CHRTYPE,
        tarfile.FIFOTYPE,
        tarfile.CONTTYPE,
        tarfile.GNUTYPE_SPARSE,
        tarfile.GNUTYPE_LONGLINK,
        b"?",
    ],
)
def test_only_plain_files_are_taken(data: Path, tmp_path: Path, chats_db: bytes, kind: bytes) -> None:
    member = tarfile.TarInfo("digests/a.txt")
    member.type, member.linkname = kind, "/etc/hostname"
    assert "which is no plain file" in refused(make_backup((CHATS_FILE, chats_db), member), tmp_path)
    assert "which is no plain file" in refused(make_backup(member, (CHATS_FILE, chats_db)), tmp_path)


def test_a_link_that_lies_where_a_digest_comes_is_not_followed(data: Path, tmp_path: Path, backup: bytes) -> None:
    (tmp_path / "outside").mkdir()
    (data / "digests" / "new.txt").unlink()
    (data / "digests").rmdir()
    (data / "digests").symlink_to(tmp_path / "outside")
    bring_back(backup, data)
    assert list((tmp_path / "outside").iterdir()) == []
    assert Shelf(data).names() == ("old.md", "旧.txt")


def test_a_cut_or_changed_backup_is_refused(data: Path, tmp_path: Path, backup: bytes) -> None:
    for length in (0, 1, 10, 100, len(backup) // 2, len(backup) - 9, len(backup) - 1):
        refused(backup[:length], tmp_path)
    for place in (0, 3, 40, len(backup) // 2, len(backup) - 6):
        changed = bytearray(backup)
        changed[place] ^= 0xFF
        refused(bytes(changed), tmp_path)


def test_a_damaged_header_is_not_taken_for_the_end(data: Path, tmp_path: Path, chats_db: bytes) -> None:
    plain = bytearray(gzip.decompress(make_backup((CHATS_FILE, chats_db), ("digests/a.txt", b"x"))))
    plain[plain.index(b"digests/a.txt")] ^= 1
    assert "is damaged" in refused(gzip.compress(bytes(plain)), tmp_path)


def test_something_after_the_end_is_refused(data: Path, tmp_path: Path, backup: bytes) -> None:
    for more in (b"x" * 20_000, b"\0" * 20_000 + b"x", b"\0" * 20_000_000):
        refused(gzip.compress(gzip.decompress(backup) + more), tmp_path)
    refused(backup + b"x" * 100, tmp_path)


def test_a_backup_without_the_end_mark_is_refused(data: Path, tmp_path: Path, chats_db: bytes) -> None:
    plain = gzip.decompress(make_backup((CHATS_FILE, chats_db)))
    refused(gzip.compress(plain[: 512 + len(chats_db)]), tmp_path)


def test_what_is_in_it_must_be_a_chats_db(data: Path, tmp_path: Path, chats_db: bytes) -> None:
    assert "holds no chats.db" in refused(make_backup(("digests/a.txt", b"x")), tmp_path)
    assert "holds no chats.db" in refused(make_backup(), tmp_path)
    assert "is damaged" in refused(make_backup((CHATS_FILE, b"not a database" * 100)), tmp_path)
    assert "is no database of digestbot's" in refused(make_backup((CHATS_FILE, b"")), tmp_path)
    damaged = bytearray(chats_db)
    damaged[4096:8192] = b"\xff" * 4096
    assert "is damaged" in refused(make_backup((CHATS_FILE, bytes(damaged))), tmp_path)
    assert "twice" in refused(make_backup((CHATS_FILE, chats_db), (CHATS_FILE, chats_db)), tmp_path)
    assert "twice" in refused(make_backup(("digests/a.txt", b""), ("digests/a.txt", b"")), tmp_path)


def test_another_database_is_refused(data: Path, tmp_path: Path, sheep: Path) -> None:
    archive = (sheep / "archive.db").read_bytes()
    assert "is no database of digestbot's" in refused(make_backup((CHATS_FILE, archive)), tmp_path)


def test_a_newer_version_is_refused(data: Path, tmp_path: Path, chats_db: bytes) -> None:
    newer = tmp_path / "newer.db"
    newer.write_bytes(chats_db)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('chats', 'm999_later', 'now')"
        )
        connection.commit()
    content = newer.read_bytes()
    newer.unlink()
    assert "is from a newer version of digestbot" in refused(make_backup((CHATS_FILE, content)), tmp_path)


def test_what_is_too_large_is_refused_before_it_is_written(
    data: Path, tmp_path: Path, chats_db: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tarfile.TarInfo("digests/large.txt")
    large.size = MAX_DIGEST_BYTES + 1
    header = large.tobuf(tarfile.GNU_FORMAT)
    plain = gzip.decompress(make_backup((CHATS_FILE, chats_db)))[: 512 + len(chats_db)]
    assert f"at most {MAX_DIGEST_BYTES} are taken" in refused(gzip.compress(plain + header), tmp_path)
    large.name, large.size = CHATS_FILE, 2**62
    assert "at most" in refused(gzip.compress(large.tobuf(tarfile.GNU_FORMAT)), tmp_path)
    monkeypatch.setattr(unpacking, "_RESERVE", 2**60)
    assert "does not fit on the disk" in refused(make_backup((CHATS_FILE, chats_db)), tmp_path)
    monkeypatch.setattr(unpacking, "MAX_DIGESTS", 1)
    monkeypatch.setattr(unpacking, "_RESERVE", 0)
    many = [(f"digests/{number}.txt", b"") for number in range(3)]
    assert "more than 1 files" in refused(make_backup((CHATS_FILE, chats_db), *many), tmp_path)


def test_an_endless_name_is_refused(data: Path, tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2**33
    assert "an endless name" in refused(gzip.compress(header.tobuf(tarfile.GNU_FORMAT)), tmp_path)


names = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["..", ".", "", "digests", "chats.db", "a.txt", "b.md", "~", "etc"]), max_size=5).map(
        "/".join
    ),
    st.text(max_size=20).map("digests/{}.txt".format),
)


@settings(max_examples=50, deadline=None)
@given(names=st.lists(names, max_size=4), links=st.lists(names, max_size=2), form=st.sampled_from([0, 1, 2]))
def test_whatever_it_holds_nothing_is_written_outside(names: Iterable[str], links: Iterable[str], form: int) -> None:
    members: list[tuple[str, bytes] | tarfile.TarInfo] = [(name, b"x") for name in names]
    for name in links:
        link = tarfile.TarInfo(name)
        link.type, link.linkname = tarfile.SYMTYPE, ".."
        members.insert(0, link)
    try:
        backup = make_backup(*members, form=form)
    except (ValueError, UnicodeEncodeError):  # no tar file can hold such names
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "neighbour.txt").write_text("untouched")
        with pytest.raises(NotRestored), staged(io.BytesIO(backup), folder / "data"):
            pytest.fail("there was no chats.db in it")
        assert snapshot(folder) == {"neighbour.txt": b"untouched"}


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=2000), compressed=st.booleans())
def test_any_bytes_are_refused_with_a_reason(content: bytes, compressed: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        source = io.BytesIO(gzip.compress(content) if compressed else content)
        with pytest.raises(NotRestored, match="Nothing was changed"), staged(source, data):
            pytest.fail("it was taken")
        assert list(data.iterdir()) == []


# The command


def test_the_command(data: Path, tmp_path: Path, backup: bytes) -> None:
    done = digestbot("restore", "--data", data, tmp_path / "then.tar.gz")
    assert (done.exit_code, done.stdout) == (0, "")
    restored, kept, load = done.stderr.splitlines()
    assert restored == "Restored: 1 chat, 0 of them subscribed, and 2 uploaded digests."
    [aside] = data.glob("before-restore-*")
    assert kept == f"What was there before is in {aside}; delete it when all is well."
    assert "`digestbot load`" in load
    assert language(data) == "en"


def test_from_standard_input(tmp_path: Path, backup: bytes) -> None:
    assert digestbot("restore", "--data", tmp_path / "elsewhere", "-", stdin=backup).exit_code == 0
    assert language(tmp_path / "elsewhere") == "en"


def test_a_running_bot_is_not_restored_under(data: Path, tmp_path: Path, backup: bytes) -> None:
    before = snapshot(data)
    with lock(data):
        done = digestbot("restore", "--data", data, tmp_path / "then.tar.gz")
    assert done.exit_code == 5
    assert "stop that one first" in done.stderr
    assert snapshot(data) == before


def test_at_a_terminal_it_asks(data: Path, tmp_path: Path, backup: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.keeping.commands._asks", lambda: True)
    done = digestbot("restore", "--data", data, tmp_path / "then.tar.gz", stdin=b"n\n")
    assert done.exit_code == 1
    assert f"There, in {data}: 1 chat, 0 of them subscribed, and 1 uploaded digest." in done.stderr
    assert "In the backup, of 20" in done.stderr
    assert language(data) == "zh"
    assert digestbot("restore", "--yes", "--data", data, tmp_path / "then.tar.gz").exit_code == 0
    assert language(data) == "en"


def test_what_is_no_backup(data: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>")
    done = digestbot("restore", "--data", data, tmp_path / "page.html")
    assert done.exit_code == 1
    assert done.stderr == "Error: The backup cannot be read (Not a gzipped file (b'<h')). Nothing was changed.\n"
