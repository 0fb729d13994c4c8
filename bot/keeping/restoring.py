"""Bringing a backup back: checked whole before anything is touched, and what was there before is moved aside.

The order, so that a crash at any moment loses nothing and the same command can be given again:

1. the backup is unpacked beside the data and checked, and its chats.db is brought up to date;
2. the present chats.db becomes one file, without those that SQLite lays beside it, and nobody else has it open;
3. it is linked into the folder ``before-restore-…``, where it stays;
4. the uploaded digests are moved there, and those of the backup take their place;
5. the backup's chats.db takes the place of the present one, in one step.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bot.chats import CHATS_FILE, Chats, ChatsUnusable
from bot.chats.examining import Contents, Damaged, examine, reading
from bot.keeping.unpacking import NotABackup, Unpacked, unpack
from bot.uploads import WAITING_FOLDER
from store import UPLOADS_FOLDER, sync_folder

ASIDE = "before-restore-"
_STAGE_PREFIX = ".restore-"
# What SQLite lays beside a database; a new one must not find those of another.
_COMPANIONS = ("-wal", "-shm", "-journal")
_MAGIC = b"SQLite format 3\0"


class NotRestored(Exception):
    """The backup was not brought back. The message says why, and where nothing was changed."""


class Staged(NamedTuple):
    """A backup that was unpacked beside the data and found sound."""

    folder: Path
    unpacked: Unpacked
    contents: Contents


@contextmanager
def staged(source: BinaryIO, data: Path) -> Iterator[Staged]:
    """A backup unpacked and checked, in a folder in ``data`` that is deleted at the end. Nothing else is touched.

    The caller holds the lock of ``data``.

    Raises:
        NotRestored: it is no sound backup, is of a newer version, or there is no room for it.
    """
    if os.geteuid() == 0 and data.exists() and data.stat().st_uid != 0:
        raise NotRestored(
            f"{data} belongs to {data.owner()}: do this as that user, or the bot could not use the files."
        )
    try:
        for leftover in data.glob(f"{_STAGE_PREFIX}*"):
            shutil.rmtree(leftover)  # of a restore that was killed
        folder = Path(tempfile.mkdtemp(prefix=_STAGE_PREFIX, dir=data))
    except OSError as error:
        raise _cannot_write(data, error) from error
    try:
        yield _stage(source, folder, data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stage(source: BinaryIO, folder: Path, data: Path) -> Staged:
    try:
        unpacked = unpack(source, folder)
        return Staged(folder, unpacked, _checked(unpacked.chats))
    except NotABackup as error:
        raise NotRestored(f"The backup {error}. Nothing was changed.") from None
    except OSError as error:
        raise _cannot_write(data, error) from error


def _checked(chats: Path) -> Contents:
    """Check the database of a backup and bring it up to date.

    Raises:
        NotABackup: it cannot be used.
    """
    try:
        with reading(chats) as connection:
            contents = examine(connection, thorough=True)
    except Damaged as error:
        raise NotABackup(f"holds a {CHATS_FILE} that {error}") from None
    except sqlite3.Error as error:
        raise NotABackup(f"holds a {CHATS_FILE} that cannot be read ({error})") from None
    if contents.newer:
        raise NotABackup("is from a newer version of digestbot: restore it with that one")
    try:
        Chats.open(chats.parent).close()
    except ChatsUnusable:
        raise NotABackup(f"holds a {CHATS_FILE} that cannot be brought up to date") from None
    return contents


def restore(backup: Staged, data: Path, now: datetime) -> Path | None:
    """Put a staged backup in the place of what is in ``data``, whose lock the caller holds.

    Gives the folder with what was there before; None where nothing was.

    Raises:
        NotRestored: another process has chats.db open, or the disk failed.
    """
    chats, digests = data / CHATS_FILE, data / UPLOADS_FOLDER
    _close_off(chats)
    aside = data / f"{ASIDE}{now:%Y%m%d-%H%M%S}"
    try:
        aside.mkdir(mode=0o700)
        _keep(chats, aside)
        # Uploads that wait to be kept have numbers, which the backup's chats.db may give again.
        for folder in (digests, data / WAITING_FOLDER):
            if folder.exists():
                folder.rename(aside / folder.name)
        (backup.folder / UPLOADS_FOLDER).rename(digests)
        backup.unpacked.chats.replace(chats)
        for folder in (aside, data):
            sync_folder(folder)
        if any(aside.iterdir()):
            return aside
        aside.rmdir()
    except OSError as error:
        raise NotRestored(
            f"The disk failed half way ({error}). Nothing is lost: what is no longer in {data} is in {aside}. "
            "Set right what is wrong and restore again."
        ) from error
    return None


def _close_off(chats: Path) -> None:
    """Make the present chats.db one file that nobody has open.

    Whoever had it open would at its end delete the companions of the new one, which has its name.
    """
    try:
        # A damaged one, which may be why a backup is wanted, is moved aside as it is with all that belongs to it: to
        # open a file without SQLite's head would delete what lies beside it.
        if not chats.is_file() or not _begins_well(chats):
            return
        with closing(sqlite3.connect(chats, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            why = "is in use: end every digestbot that works on it, also `digestbot chat`"
        else:
            why = f"cannot be opened ({error}): check its rights"
        raise NotRestored(f"{chats} {why}. Nothing was changed.") from None
    except sqlite3.DatabaseError:
        return
    except OSError as error:
        raise NotRestored(f"{chats} cannot be opened ({error}): check its rights. Nothing was changed.") from None


def _keep(chats: Path, aside: Path) -> None:
    """Keep the present chats.db, which stays in its place as well until the new one takes it."""
    for companion in _COMPANIONS:
        path = chats.with_name(chats.name + companion)
        if path.exists():
            path.rename(aside / path.name)
    if not chats.exists():
        return
    try:
        os.link(chats, aside / chats.name)
    except OSError:  # a file system without links
        shutil.copy2(chats, aside / chats.name)


def _cannot_write(data: Path, error: OSError) -> NotRestored:
    return NotRestored(f"{data} cannot be written ({error.strerror}): check its rights and room. Nothing was changed.")


def _begins_well(chats: Path) -> bool:
    with chats.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC
