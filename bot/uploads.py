"""Digest files that admins send: where they wait to be kept, and what keeping them would write.

What waits lies in ``data/uploads``, a folder for each upload, until it is kept (in ``data/digests``), discarded, or a
day old.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chats import Chats
from store import DIGEST_SUFFIXES, IncomingFile, Shelf

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

WAITING_FOLDER = "uploads"
# Files that come within this of each other are one upload.
TOGETHER = timedelta(seconds=10)
# So many files are read at the same time; more wait.
_READ_AT_ONCE = 2
# What nobody keeps or discards is deleted after this.
EXPIRY = timedelta(hours=24)


class Uploads:
    """The uploads' files, and who is at work on them. Methods that touch files block: call them in a thread."""

    def __init__(self, data: Path) -> None:
        self.shelf = Shelf(data)
        self._folder = data / WAITING_FOLDER
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[int] = Counter()
        # Held while a file is fetched and read. It takes memory and a thread, of which there are few; an album of ten
        # PDF files must not take those that readers are answered in.
        self.reading = asyncio.Semaphore(_READ_AT_ONCE)
        # Uploads that are being kept: nothing is added to them, and no second tap does anything.
        self.keeping: set[int] = set()

    def lock(self, chat_id: int) -> asyncio.Lock:
        """Held by whoever changes a chat's uploads."""
        return self._locks[chat_id]

    @contextmanager
    def turn(self, upload_id: int) -> Iterator[None]:
        """While a file of the upload, which was fetched, waits to be added and shown."""
        self._waiting[upload_id] += 1
        try:
            yield
        finally:
            self._waiting[upload_id] -= 1

    def more_wait(self, upload_id: int) -> bool:
        """Whether another file of the upload will be added at once, so that showing can be left to that one."""
        return self._waiting[upload_id] > 1

    def add(self, upload_id: int, files: Iterable[IncomingFile]) -> None:
        """Put files into an upload's folder. The same file twice is one; another of the same name gets a number."""
        shelf = self._shelf_of(upload_id)
        lying = self.files(upload_id)
        put: dict[str, bytes] = {}
        for file in files:
            if file.data not in (lying.get(file.name), put.get(file.name)):
                put[shelf.free_name(file.name, put)] = file.data
        shelf.put(put)

    def files(self, upload_id: int) -> dict[str, bytes]:
        """The files of an upload, by name."""
        shelf = self._shelf_of(upload_id)
        return {name: (shelf.folder / name).read_bytes() for name in shelf.names()}

    def drop_file(self, upload_id: int, name: str) -> None:
        """Delete one file of an upload."""
        self._shelf_of(upload_id).remove(name)

    def drop(self, upload_id: int) -> None:
        """Delete all files of an upload."""
        folder = self._folder / str(upload_id)
        if folder.is_symlink() or folder.is_file():
            folder.unlink()  # not ours, but in the way; what a link leads to stays
        elif folder.exists():
            shutil.rmtree(folder)

    def waiting(self) -> set[int]:
        """The uploads that have a folder."""
        if not self._folder.is_dir():
            return set()
        return {int(path.name) for path in self._folder.iterdir() if path.name.isdecimal()}

    def _shelf_of(self, upload_id: int) -> Shelf:
        return Shelf(self._folder / str(upload_id))


async def expire(services: Services) -> int:
    """Delete the uploads that nobody kept or discarded for a day, and folders of none; gives how many these were."""
    uploads, before = services.uploads, services.now() - EXPIRY
    # Folders first: an upload that begins meanwhile has its row before it has a folder.
    folders = await asyncio.to_thread(uploads.waiting)
    known = await services.chats(Chats.uploads)
    old = {each.id for each in known if each.changed_at < before} - uploads.keeping
    for upload_id in old:
        await services.chats(Chats.end_upload, upload_id)
    gone = old | (folders - {each.id for each in known})
    for upload_id in gone:
        try:
            await asyncio.to_thread(uploads.drop, upload_id)
        except OSError as error:
            # It must not keep the others; it is tried again within the hour.
            log.error("The files of upload %d could not be deleted: %s", upload_id, error.strerror or error)
    if gone:
        log.info("%d uploads that nobody kept were deleted", len(gone))
    return len(gone)


@dataclass(frozen=True)
class Plan:
    """What keeping an upload would write: ``files``, by the names they get.

    ``came_as`` are the names they came with, where another file has it; ``replaces`` the names that an uploaded
    file has; ``known`` are files that are there already, byte for byte, with the name they are there under.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    came_as: dict[str, str] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    known: dict[str, str] = field(default_factory=dict)


def plan_for(incoming: Mapping[str, bytes], seeds: Path, shelf: Shelf, *, both: bool = False) -> Plan:
    """How files would be kept: never over one of the seeds folder, and over an uploaded one unless ``both`` are wanted.

    Names that differ only in case are one name, as they are on some file systems.
    """
    there = _Folders(seeds, shelf)
    files: dict[str, bytes] = {}
    came_as: dict[str, str] = {}
    known: dict[str, str] = {}
    replaces: set[str] = set()
    for name, data in incoming.items():
        if same := there.same_file(data):
            known[name] = same
            continue
        kept = there.uploaded.get(name.casefold())
        if kept and kept not in files and name.casefold() not in there.seeds and not both:
            target = kept
            replaces.add(kept)
        else:
            target = shelf.free_name(name, {*there.seeds.values(), *files, *_others(incoming, name)})
        files[target] = data
        if target != name:
            came_as[target] = name
    return Plan(files, came_as, frozenset(replaces), known)


def _others(incoming: Mapping[str, bytes], name: str) -> set[str]:
    return {each for each in incoming if each != name}


class _Folders:
    """What the archive is made of, as far as names and sizes tell."""

    def __init__(self, seeds: Path, shelf: Shelf) -> None:
        paths = digest_paths(seeds)
        self.seeds = {path.name.casefold(): path.name for path in paths}
        self.uploaded = {name.casefold(): name for name in shelf.names()}
        self._by_size: defaultdict[int, list[Path]] = defaultdict(list)
        for path in [*paths, *digest_paths(shelf.folder)]:
            self._by_size[path.stat().st_size].append(path)

    def same_file(self, data: bytes) -> str | None:
        """The name of the file with exactly these bytes."""
        found = (path.name for path in self._by_size[len(data)] if path.read_bytes() == data)
        return next(found, None)


def tag(name: str) -> str:
    """What stands for a file's name in a button, which has no room for one: 16 hexadecimal digits."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def content_tag(data: bytes) -> str:
    """What stands in a button for what a file holds: 8 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:8]


def digest_paths(folder: Path) -> list[Path]:
    """The files of a folder that a load would look at; none where there is no folder."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in DIGEST_SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


class NameTaken(Exception):
    """A file that was not there when keeping was planned has the name of one that is to be kept."""


class PutFiles:
    """Keeping files: a change of the folder of uploaded digests, which overwrites the files it is told to, no other."""

    def __init__(self, shelf: Shelf, files: Mapping[str, bytes], replaces: Collection[str] = ()) -> None:
        self._shelf, self._files, self._replaces = shelf, files, replaces
        self._before: dict[str, bytes] | None = None

    def make(self) -> None:
        there = self._files.keys() & set(self._shelf.names())
        if not there <= set(self._replaces):
            raise NameTaken
        self._before = {name: (self._shelf.folder / name).read_bytes() for name in there}
        self._shelf.put(self._files)

    def undo(self) -> None:
        if self._before is None:
            return  # nothing was written yet
        # First what is too much, which makes room for the rest.
        for name in set(self._shelf.names()) & (self._files.keys() - self._before.keys()):
            self._shelf.remove(name)
        self._shelf.put(self._before)


class TakeAway:
    """Removing a file: a change of the folder of uploaded digests. One that has gone already is none."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf, self._name = shelf, name
        self._data: bytes | None = None

    def make(self) -> None:
        if self._name in self._shelf.names():
            self._data = (self._shelf.folder / self._name).read_bytes()
            self._shelf.remove(self._name)

    def undo(self) -> None:
        if self._data is not None:
            self._shelf.put({self._name: self._data})
