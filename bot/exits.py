"""How ``digestbot`` ends: its exit statuses, and the failures that lead to them.

A failure ends the command with its one sentence on standard error. 1 is click's own for any other failure, 2 also for
a command called wrongly.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import click

from store import ArchiveMissing


class Exit(IntEnum):
    """Exit statuses."""

    FINE = 0
    FAILED = 1  # a file could not be used; there is no such paper
    SETTINGS = 2  # a setting is wrong: starting again will not help
    ARCHIVE = 3  # there is no archive that could be read, and no digests to make one of
    CHATS = 4  # chats.db, which holds what people told the bot, cannot be used
    SIGNALLED = 128  # and the number of the signal: ended without tidying up


class WrongSetting(click.ClickException):
    exit_code = Exit.SETTINGS


class NoArchive(click.ClickException):
    exit_code = Exit.ARCHIVE


class NoChats(click.ClickException):
    exit_code = Exit.CHATS


@contextmanager
def archive_failures(data: Path) -> Iterator[None]:
    """Ends the command where the archive in the folder ``data`` is missing or cannot be read."""
    try:
        yield
    except ArchiveMissing as error:
        raise NoArchive(str(error)) from None
    except sqlite3.Error as error:
        raise NoArchive(
            f"The archive in {data} cannot be read ({error}). It is made of the digest files alone: delete archive.db "
            "there and run `digestbot load`."
        ) from None
