"""The folder of uploaded digest files: written one whole file at a time, and never outside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from store.filenames import DIGEST_SUFFIXES, is_safe, numbered
from store.ranking.files import sync_folder

# The folder, in the data folder, whose digest files are loaded after the seeds.
UPLOADS_FOLDER = "digests"


class Shelf:
    """The uploaded digest files of one data folder. Their names are safe ones that end in .txt or .md.

    Files with other names, put there by hand, are loaded as well, but are neither listed nor touched here.
    """

    def __init__(self, data: Path) -> None:
        self.folder = data / UPLOADS_FOLDER

    def names(self) -> tuple[str, ...]:
        """The names of the files, sorted; none where the folder is not there yet. Links and folders are no files.

        Raises:
            OSError: the folder cannot be read.
        """
        if not self.folder.is_dir():
            return ()
        with os.scandir(self.folder) as found:
            return tuple(
                sorted(each.name for each in found if _is_kept(each.name) and each.is_file(follow_symlinks=False))
            )

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write the files; those of the same names are replaced, each in one step.

        All are on the disk before the first takes its place: where there is no room for one, nothing has changed.

        Raises:
            ValueError: a name is not safe; nothing was written.
            OSError: the folder cannot be written, or something other than a file has one of the names.
        """
        _check(files)
        self.folder.mkdir(parents=True, exist_ok=True)
        written: dict[str, Path] = {}
        try:
            for name, data in files.items():
                # A name nobody can foresee, and "x": whatever lies there already is never written through.
                temporary = self.folder / f".{secrets.token_hex(8)}.tmp"
                written[name] = temporary
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            for name, temporary in written.items():
                temporary.replace(self.folder / name)  # of a link, the link itself
        finally:
            for temporary in written.values():
                temporary.unlink(missing_ok=True)
        sync_folder(self.folder)

    def remove(self, name: str) -> None:
        """Delete a file; of a link, the link.

        Raises:
            ValueError: the name is not safe.
            OSError: there is no such file, or it cannot be deleted.
        """
        _check([name])
        (self.folder / name).unlink()
        sync_folder(self.folder)

    def free_name(self, name: str, taken: Collection[str] = ()) -> str:
        """The name, or the first of ``a-2.txt``, ``a-3.txt``, … that nothing here has and that is not ``taken``.

        Raises:
            ValueError: the name is not safe.
            OSError: the folder cannot be read.
        """
        _check([name])
        lying = {path.name for path in self.folder.iterdir()} if self.folder.is_dir() else set()
        return numbered(name, lying | set(taken))


def _is_kept(name: str) -> bool:
    return is_safe(name) and name.endswith(DIGEST_SUFFIXES)


def _check(names: Iterable[str]) -> None:
    for name in names:
        if not _is_kept(name):
            raise ValueError(f"{name!r} is no safe name of a digest file")
