"""Reading a backup: a tar file that may come from anywhere, of which nothing is believed."""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from bot.chats import CHATS_FILE
from store import DIGEST_SUFFIXES, MAX_DIGEST_BYTES, UPLOADS_FOLDER, safe_name

# Far more than a bot ever has; what is larger was not made by `digestbot backup`.
MAX_CHATS = 16 * 2**30
MAX_DIGESTS = 100_000
# Left free on the disk, whatever a backup holds.
_RESERVE = 50 * 2**20
_LONGEST_NAME = 1024
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE)
_CHUNK = 2**20
_LATEST = 2**32  # a time that every date can show
# What the libraries raise of bytes that are no compressed tar file.
_UNREADABLE = (
    tarfile.TarError,
    zlib.error,
    gzip.BadGzipFile,
    EOFError,
    RecursionError,
    ValueError,
    OverflowError,
)


class NotABackup(Exception):
    """The file is no backup, or a damaged one; the message completes "FILE …"."""


class Unpacked(NamedTuple):
    """What a backup held, in the folder it was unpacked to."""

    chats: Path
    digests: tuple[Path, ...]
    saved_at: int  # Unix time, as the backup says


class _Member(tarfile.TarInfo):
    """A header that is either a file's or announces a long name. All others are refused before they are acted upon:
    links, folders, devices, sparse files and extensions, some of which the library reads without any limit."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        if len(buf) == tarfile.BLOCKSIZE and not any(buf):
            return super().frombuf(buf, encoding, errors)  # the end of the archive
        try:
            member = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            # The library would take it for the end of the archive, and what follows would be lost in silence.
            raise NotABackup(f"is damaged ({error})") from None
        if member.type == tarfile.GNUTYPE_LONGNAME:
            if not 0 < member.size <= _LONGEST_NAME:
                raise NotABackup("holds a file with an endless name")
        elif member.type not in _FILES or member.size < 0:
            raise NotABackup(f"holds {member.name!r}, which is no plain file")
        return member


def unpack(source: BinaryIO, folder: Path) -> Unpacked:
    """Unpack a backup into an empty folder; nothing is ever written outside it.

    Raises:
        NotABackup: it holds anything but chats.db and digest files with safe names, is damaged, cut off or too large.
        OSError: the folder cannot be written.
    """
    digests = folder / UPLOADS_FOLDER
    digests.mkdir()
    found: dict[str, Path] = {}
    saved_at = 0
    compressed = gzip.GzipFile(fileobj=source, mode="rb")
    try:
        with tarfile.open(fileobj=compressed, mode="r|", tarinfo=_Member) as tar:
            for member in tar:
                place = folder / CHATS_FILE if member.name == CHATS_FILE else digests / _digest_name(member.name)
                if member.name in found:
                    raise NotABackup(f"holds {member.name!r} twice")
                if len(found) > MAX_DIGESTS:
                    raise NotABackup(f"holds more than {MAX_DIGESTS} files")
                _check_size(member, place)
                content = tar.extractfile(member)
                if content is None:
                    raise NotABackup(f"holds {member.name!r}, which is no plain file")
                place.touch(mode=0o600, exist_ok=False)
                with place.open("wb") as file:
                    shutil.copyfileobj(content, file, _CHUNK)
                    file.flush()
                    os.fsync(file.fileno())
                if place.stat().st_size != member.size:
                    raise NotABackup("is cut off")
                found[member.name] = place
                if member.name == CHATS_FILE:
                    saved_at = min(max(int(member.mtime), 0), _LATEST)
        _finish(compressed)
    except _UNREADABLE as error:
        raise NotABackup(f"cannot be read ({error})") from None
    except FileExistsError as error:
        raise NotABackup(f"holds a file twice ({error.filename})") from None
    chats = found.pop(CHATS_FILE, None)
    if chats is None:
        raise NotABackup(f"holds no {CHATS_FILE}")
    return Unpacked(chats, tuple(found.values()), saved_at)


def _digest_name(name: str) -> str:
    folder, slash, base = name.partition("/")
    if folder == UPLOADS_FOLDER and slash and base.endswith(DIGEST_SUFFIXES) and safe_name(base) == base:
        return base
    raise NotABackup(f"holds {name!r}, which `digestbot backup` never saves")


def _check_size(member: tarfile.TarInfo, place: Path) -> None:
    limit = MAX_CHATS if place.name == CHATS_FILE else MAX_DIGEST_BYTES
    if member.size > limit:
        raise NotABackup(f"holds {member.name!r} with {member.size} bytes, and at most {limit} are taken")
    if member.size + _RESERVE > shutil.disk_usage(place.parent).free:
        raise NotABackup(f"does not fit on the disk ({member.name!r} has {member.size} bytes)")


def _finish(compressed: gzip.GzipFile) -> None:
    """Read what follows the end of the archive, at which the checksum stands: only padding may."""
    for _ in range(16):
        rest = compressed.read(_CHUNK)
        if not rest:
            return
        if any(rest):
            break
    raise NotABackup("holds something after its end")
