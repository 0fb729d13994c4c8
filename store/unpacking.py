"""Zip files, unpacked without trusting them: bombs, lying headers, paths, names in a Chinese Windows's encoding."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import NamedTuple

from store.filenames import DIGEST_SUFFIXES
from store.layouts import UnreadableDigest
from store.layouts.decoding import MAX_DIGEST_BYTES
from store.problems import Problem

MAX_MEMBERS = 500
MAX_UNPACKED = 60_000_000
# Digests compress to a third or a tenth. Small files of one repeated line are no harm, whatever their ratio.
MAX_RATIO = 100
_HARMLESS = 1_000_000

_CHUNK = 1 << 16
_READ = (*DIGEST_SUFFIXES, ".pdf")
_ENTRY_MARK = b"PK\x01\x02"
_ENCRYPTED, _UTF8 = 0x1, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others can ask for gigabytes of memory
# What the standard library raises for damaged and forged files.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)


class Member(NamedTuple):
    """A file out of a zip file, or the problem with it. Its name is as found: it can be a path."""

    name: str
    data: bytes = b""
    problem: Problem | None = None


class _OverLimit(Exception):
    """A member has more bytes than a file may have."""


class _Room:
    """What may still be unpacked. What is read of members that turn out to be of no use counts too: a small file can
    name the same 20 MB five hundred times."""

    def __init__(self) -> None:
        self._left = MAX_UNPACKED

    def take(self, size: int) -> None:
        """Raises UnreadableDigest where there is not so much left."""
        self._left -= size
        if self._left < 0:
            raise UnreadableDigest("zip_too_large", limit=MAX_UNPACKED // 1_000_000)


def unpack(data: bytes) -> list[Member]:
    """The files in a zip file. Folders, links, hidden files and what macOS adds are left out; files that are no
    digests are not read.

    Raises:
        UnreadableDigest: it is no zip file, or a bomb: of too many files or bytes, or of too high a ratio.
    """
    # Each entry of the directory costs memory when it is opened: a file of nothing else would cost a hundredfold.
    if data.count(_ENTRY_MARK) > 10 * MAX_MEMBERS:
        raise UnreadableDigest("zip_too_many", limit=MAX_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(archive, len(data))
    except UnreadableDigest:
        raise
    except _DAMAGE as error:
        raise UnreadableDigest("zip_damaged") from error


def _members(archive: zipfile.ZipFile, packed: int) -> list[Member]:
    listed = [(_name(info), info) for info in archive.infolist()]
    listed = [(name, info) for name, info in listed if _is_file(info) and not _is_hidden(name)]
    if len(listed) > MAX_MEMBERS:
        raise UnreadableDigest("zip_too_many", limit=MAX_MEMBERS)
    room = _Room()
    return [_member(archive, name, info, packed, room) for name, info in listed]


def _member(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo, packed: int, room: _Room) -> Member:
    if not name.lower().endswith(_READ):
        return Member(name, problem=Problem.of("member_nested" if name.lower().endswith(".zip") else "wrong_kind"))
    if info.flag_bits & _ENCRYPTED:
        return Member(name, problem=Problem.of("member_encrypted"))
    if info.compress_type not in _METHODS:
        return Member(name, problem=Problem.of("member_method"))
    try:
        return Member(name, _read(archive, info, min(info.compress_size, packed), room))
    except _OverLimit:
        return Member(name, problem=Problem.of("over_limit", limit=MAX_DIGEST_BYTES // 1_000_000))
    except UnreadableDigest:
        raise
    except _DAMAGE:
        return Member(name, problem=Problem.of("member_damaged"))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, packed: int, room: _Room) -> bytes:
    """The content of a member, given up as soon as it is too much."""
    content = bytearray()
    with archive.open(info) as file:
        while chunk := file.read(_CHUNK):
            content += chunk
            if len(content) > max(_HARMLESS, packed * MAX_RATIO):
                raise UnreadableDigest("zip_bomb", limit=MAX_RATIO)
            room.take(len(chunk))
            if len(content) > MAX_DIGEST_BYTES:
                raise _OverLimit
    return bytes(content)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path as it was meant.

    Without the flag for UTF-8 the standard says code page 437; what is written is UTF-8 all the same (by macOS), or the
    encoding of its maker's Windows, which for digests is a Chinese one.
    """
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    raw = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Whether the member is neither a folder nor a link nor anything else that Unix knows."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    return not info.filename.endswith(("/", "\\")) and kind in (0, stat.S_IFREG)


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or any(part.startswith(".") and part.strip(".") for part in parts)
