"""Checks of the machine: folders and rights, room on the disk, time zones."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.chats import CHATS_FILE
from bot.doctor.registry import Case, Finding, fault, ok, register, warning
from bot.lock import LOCK_FILE
from bot.zones import common_places, zone_of

_MEGABYTE = 1_000_000
FULL = 100 * _MEGABYTE
NEARLY_FULL = 500 * _MEGABYTE
FEW_FILES = 1_000
_FILES = (CHATS_FILE, "archive.db", LOCK_FILE)


@register("folder")
def folder(case: Case) -> Iterator[Finding]:
    data = case.settings.data
    if not data.is_dir():
        why = "is no folder" if data.exists() else "does not exist yet"
        yield fault(f"{data} {why}", "Run `digestbot load`, which makes it, or check DIGESTBOT_DATA.")
        return
    if os.statvfs(data).f_flag & os.ST_RDONLY:
        mounted = "Mount it for writing; a disk that fails is mounted so by itself, which `dmesg` tells."
        yield fault(f"{data} is on a file system that is mounted read-only", mounted)
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield fault(f"{data} cannot be written", f"Make it this user's: `chown -R {os.geteuid()} {data}`.")
        return
    yield ok(f"{data} can be written")
    owner = data.stat().st_uid
    for name in _FILES:
        path = data / name
        if not path.exists():
            continue
        if not os.access(path, os.R_OK | os.W_OK):
            yield fault(f"{path} cannot be written", f"Make it this user's: `chown {os.geteuid()} {path}`.")
        elif path.stat().st_uid != owner:
            yield warning(f"{path} is not of the same user as its folder", f"Run `chown {owner} {path}`.")
    if _for_others(data, stat.S_IXOTH) and _for_others(data / CHATS_FILE, stat.S_IROTH):
        yield warning(f"others on this machine may read {data / CHATS_FILE}", f"Run `chmod 700 {data}`.")


def _for_others(path: Path, right: int) -> bool:
    return path.exists() and bool(path.stat().st_mode & right)


@register("disk")
def disk(case: Case) -> Iterator[Finding]:
    folder = next(path for path in (case.settings.data, *case.settings.data.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    # A backup, a load and a change of the schema each want room for a while.
    if free < FULL:
        yield fault(f"{free // _MEGABYTE} MB are free for {case.settings.data}", "Make room: nothing can be kept soon.")
    elif free < NEARLY_FULL:
        yield warning(f"{free // _MEGABYTE} MB are free for {case.settings.data}", "Make room before it is full.")
    else:
        yield ok(f"{free / 1000 / _MEGABYTE:.1f} GB are free")
    counts = os.statvfs(folder)
    if counts.f_files and counts.f_favail < FEW_FILES:  # some file systems have no such limit, and say 0
        yield fault(f"the disk takes only {counts.f_favail} more files", "Delete what is made of many small files.")


@register("time zones")
def time_zones(case: Case) -> Iterator[Finding]:
    unknown = [place.zone for place in common_places() if zone_of(place.zone) is None]
    if unknown:
        some = ", ".join(unknown[:3])
        yield fault(f"{len(unknown)} are unknown here, such as {some}", "Install the Python package tzdata.")
    else:
        yield ok(f"known; readers who chose none have {case.settings.timezone.key}")
