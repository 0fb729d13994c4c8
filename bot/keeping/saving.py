"""Saving chats.db and the uploaded digests to one compressed tar file, also while the bot works with them.

The archive is not in it: the digest files make it anew.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bot.chats import CHATS_FILE
from bot.chats.examining import Contents, Damaged, examine, reading
from store import DIGEST_SUFFIXES, MAX_DIGEST_BYTES, UPLOADS_FOLDER, Shelf

# Pages copied at a time. Between two times a signal can end the copying.
_STEP = 1000
_COPY_PREFIX = ".backup-"
_OLD = 24 * 3600.0  # seconds


class NotSaved(Exception):
    """Nothing was saved; the message is one sentence that says why and what to do."""


class Saved(NamedTuple):
    """What is in a backup. ``left_out`` are digest files too large to be loaded, or with names that are not safe."""

    contents: Contents
    digests: int
    left_out: tuple[str, ...]


def save_to(data: Path, path: Path) -> Saved:
    """Write a backup of the folder ``data`` to a file that only its owner may read; it is whole or not there.

    Raises:
        NotSaved: there is no chats.db, it is damaged, or a folder cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            saved = save(data, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return saved


def save(data: Path, target: BinaryIO) -> Saved:
    """Write a backup of the folder ``data`` to ``target``, as a compressed tar file.

    chats.db is copied as it is at one moment, and checked, before the first byte is written. It takes as much free room
    in ``data`` meanwhile as chats.db does.

    Raises:
        NotSaved: there is no chats.db, it is damaged, or the copy could not be made.
        OSError: ``target`` cannot be written.
    """
    source = data / CHATS_FILE
    if not source.is_file():
        raise NotSaved(f"There is no {CHATS_FILE} in {data}: nothing was told to a bot there yet.")
    try:
        _remove_leftovers(data)
        folder = Path(tempfile.mkdtemp(prefix=_COPY_PREFIX, dir=data))
    except OSError as error:
        raise _cannot_copy(source, error) from error
    try:
        copy = folder / CHATS_FILE
        contents = _copy(source, copy)
        return _write(data, target, copy, contents)
    finally:
        shutil.rmtree(folder)


def _copy(source: Path, copy: Path) -> Contents:
    """Copy a database as it is at one moment; a writer is never held up."""
    try:
        with closing(sqlite3.connect(copy)) as target:
            with reading(source) as connection:
                # What is read first decides the moment; else, each write between two steps would begin the copy anew.
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                connection.backup(target, pages=_STEP)
            return examine(target, thorough=True)
    except Damaged as error:
        raise NotSaved(f"{source} {error}: `digestbot restore` puts back a backup of it.") from None
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            raise NotSaved(f"{source} is damaged ({error}): `digestbot restore` puts back a backup of it.") from error
        raise _cannot_copy(source, error) from error


def _write(data: Path, target: BinaryIO, copy: Path, contents: Contents) -> Saved:
    shelf = Shelf(data)
    try:
        names = shelf.names()
        lying = {path.name for path in shelf.folder.iterdir()} if shelf.folder.is_dir() else set()
    except OSError as error:
        raise NotSaved(f"{shelf.folder} cannot be read ({error.strerror}): check its rights.") from error
    left_out = {name for name in lying - set(names) if name.endswith(DIGEST_SUFFIXES) and not name.startswith(".")}
    digests = 0
    # GNU's format is the one that is read back: each further feature of tar is one more way to be fooled by a file.
    with tarfile.open(fileobj=target, mode="w|gz", format=tarfile.GNU_FORMAT) as tar:
        with copy.open("rb") as file:
            tar.addfile(_member(CHATS_FILE, copy.stat().st_size, time.time()), file)
        for name in names:
            path = shelf.folder / name
            try:
                if path.stat().st_size > MAX_DIGEST_BYTES:
                    left_out.add(name)
                    continue
                text, changed = path.read_bytes(), path.stat().st_mtime
            except FileNotFoundError:
                continue  # an admin has just removed it
            tar.addfile(_member(f"{UPLOADS_FOLDER}/{name}", len(text), changed), io.BytesIO(text))
            digests += 1
    return Saved(contents, digests, tuple(sorted(left_out)))


def _member(name: str, size: int, changed: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(changed), 0o600
    return member


def _remove_leftovers(data: Path) -> None:
    """Delete the copies of backups that were killed: they hold what people told the bot."""
    for folder in data.glob(f"{_COPY_PREFIX}*"):
        if time.time() - folder.stat().st_mtime > _OLD:
            shutil.rmtree(folder, ignore_errors=True)


def _cannot_copy(source: Path, error: Exception) -> NotSaved:
    return NotSaved(f"{source} could not be copied ({error}): check the rights and free space of its folder.")


def _cannot_write(path: Path, error: OSError) -> NotSaved:
    return NotSaved(f"{path} could not be written ({error.strerror}): check the folder's rights and free space.")
