"""One bot for each data folder: ``bot.lock`` there is held by the process that sends digests from it.

The lock is the kernel's, and goes with the process however that ends: a file left behind by a killed one locks nothing.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.exits import Locked, NoChats

LOCK_FILE = "bot.lock"
# Seconds until a second try: :func:`holder` touches the lock for an instant.
_PAUSE = 0.1


@contextmanager
def lock(data: Path) -> Iterator[None]:
    """Hold the lock of the folder ``data``, which is made where it is missing.

    Raises:
        Locked: another process holds it.
        NoChats: the folder or the file cannot be written, or its file system has no locks.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise NoChats(_why_not(data, error)) from None
    try:
        _acquire(descriptor, data)
        if os.geteuid() == 0:
            # What root left behind must not keep the folder's owner out.
            owner = data.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        # For people only: what counts is the lock, not what stands in its file.
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(data: Path) -> str | None:
    """Who holds the lock of the folder ``data``, such as ``process 4711``; None where nobody does. Changes nothing.

    Raises:
        OSError: the lock file cannot be read.
    """
    try:
        descriptor = os.open(data / LOCK_FILE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return None if _locked(descriptor, fcntl.LOCK_SH) else _named(descriptor)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, data: Path) -> None:
    try:
        if _locked(descriptor, fcntl.LOCK_EX):
            return
        time.sleep(_PAUSE)
        if _locked(descriptor, fcntl.LOCK_EX):
            return
    except OSError as error:
        raise NoChats(_why_not(data, error)) from None
    raise Locked(f"A digestbot is at work on {data} already ({_named(descriptor)}): stop that one first.")


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(descriptor: int) -> str:
    """The process that the file names."""
    process, _, host = os.pread(descriptor, 300, 0).decode("utf-8", "replace").strip().partition(" ")
    if not process.isdecimal():
        return "another process"  # it has only just locked it
    # In containers a process id says little: each counts its own.
    return f"process {process}" if host == socket.gethostname() else f"process {process} on {host}"


def _why_not(data: Path, error: OSError) -> str:
    return f"The folder {data} cannot be used ({error.strerror}): check its rights, its disk and DIGESTBOT_DATA."
