"""Whether what people tell the bot will still be there after a restart."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlite_utils import Database

from bot.chats.kept import Kept
from store import file_identity

# Bytes: with less, the next write may be the one that fails.
_ROOM = 20_000_000


class Standing(Kept):
    """The file that the database was opened from, and the disk it lies on."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        [(_, _, name)] = database.conn.execute("PRAGMA database_list").fetchall()
        self._path = Path(name)
        self._file = file_identity(self._path)

    def danger(self) -> str | None:
        """Why what is told now may not be kept, in one line; None where it is.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        self._row("SELECT id FROM chats LIMIT 1")
        if file_identity(self._path) != self._file:
            return (
                f"{self._path.name} was deleted or replaced while the bot runs, and what it is told is lost when it "
                "ends: stop it and restore a backup"
            )
        free = shutil.disk_usage(self._path.parent).free
        if free < _ROOM:
            return f"the disk is full, or nearly so ({free // 1_000_000} MB are free): what is told may not be kept"
        return None
