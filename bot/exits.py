"""How ``digestbot`` ends: its exit statuses, and the failures that lead to them.

A failure ends the command with its one sentence on standard error. 1 is click's own for any other failure, 2 also for
a command called wrongly.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import IO, Any

import click

from bot.logs import writes_json
from store import ArchiveMissing

log = logging.getLogger(__name__)


class Exit(IntEnum):
    """Exit statuses."""

    FINE = 0
    FAILED = 1  # a file could not be used; there is no such paper
    SETTINGS = 2  # a setting is wrong: starting again will not help
    ARCHIVE = 3  # there is no archive that could be read, and no digests to make one of
    CHATS = 4  # chats.db, which holds what people told the bot, cannot be used
    LOCKED = 5  # another process works on the same data folder
    ADDRESS = 6  # an address to listen at is taken, or not this machine's
    SIGNALLED = 128  # and the number of the signal: ended without tidying up


class Failure(click.ClickException):
    """Ends the command with its exit status; its sentence goes to standard error, as JSON where the log is."""

    def show(self, file: IO[Any] | None = None) -> None:
        if writes_json():
            log.critical(self.format_message())
        else:
            super().show(file)


class WrongSetting(Failure):
    exit_code = Exit.SETTINGS


class NoArchive(Failure):
    exit_code = Exit.ARCHIVE


class NoChats(Failure):
    exit_code = Exit.CHATS


class Locked(Failure):
    exit_code = Exit.LOCKED


class NoAddress(Failure):
    exit_code = Exit.ADDRESS


@contextmanager
def archive_failures(data: Path) -> Iterator[None]:
    """Ends the command where the archive in the folder ``data`` is missing or cannot be read."""
    try:
        yield
    except ArchiveMissing as error:
        raise NoArchive(str(error)) from None
    except sqlite3.OperationalError as error:  # it may be sound, and cannot be opened
        raise NoArchive(
            f"The archive in {data} cannot be read ({error}): check the rights of the folder and of archive.db."
        ) from None
    except sqlite3.Error as error:
        raise NoArchive(
            f"The archive in {data} cannot be read ({error}). It is made of the digest files alone: delete archive.db "
            "there and run `digestbot load`."
        ) from None
