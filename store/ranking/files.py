"""Named arrays in one file: written whole or not at all, opened memory-mapped.

A file is an eight-byte mark, the header's length, a JSON header (name, type, shape and place of each array),
and the arrays, each at a multiple of 64 bytes. Nothing in it is executed when it is read.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

TEMPORARY_SUFFIX = ".tmp"

_MARK = b"digrank1"
_ALIGNMENT = 64
_LENGTH_BYTES = 8


class UnreadableIndex(ValueError):
    """An index file is damaged or of another format; the remedy is to build the index anew."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; only when that succeeded and is on the disk does it become ``path``."""
    temporary = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the renames in ``folder`` outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write ``arrays`` to ``path``, replacing it in one step."""
    contents = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    entries: dict[str, dict[str, object]] = {}
    place = 0
    for name, array in contents.items():
        entries[name] = {"type": array.dtype.str, "shape": array.shape, "place": place}
        place += _padded(array.nbytes)
    header = json.dumps({"arrays": entries, "bytes": place}).encode("ascii")
    start = _padded(len(_MARK) + _LENGTH_BYTES + len(header))
    header = header.ljust(start - len(_MARK) - _LENGTH_BYTES)
    with replacing(path) as file:
        file.write(_MARK + len(header).to_bytes(_LENGTH_BYTES, "little") + header)
        for array in contents.values():
            file.write(array.data)
            file.write(bytes(_padded(array.nbytes) - array.nbytes))


def open_arrays(path: Path) -> dict[str, Array]:
    """Map the arrays of ``path`` into memory, read-only.

    Raises FileNotFoundError where there is no such file and UnreadableIndex where it is cut short or foreign.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < len(_MARK) + _LENGTH_BYTES:
            raise UnreadableIndex(f"{path.name} is cut short")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    body = len(_MARK) + _LENGTH_BYTES
    if data[: len(_MARK)] != _MARK:
        raise UnreadableIndex(f"{path.name} is no index file of this version")
    start = body + int.from_bytes(data[len(_MARK) : body], "little")
    try:
        header = json.loads(data[body:start])
        if size != start + header["bytes"]:
            raise UnreadableIndex(f"{path.name} is {size} bytes long, not {start + header['bytes']}")
        return {
            name: np.ndarray(
                tuple(entry["shape"]),
                dtype=np.dtype(entry["type"]),
                buffer=data,
                offset=start + entry["place"],
            )
            for name, entry in header["arrays"].items()
        }
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise UnreadableIndex(f"{path.name} has no readable header") from error


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
