"""What ``digestbot backup`` and ``digestbot restore`` do and say."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import BinaryIO, cast

import click

from bot.chats import CHATS_FILE
from bot.chats.examining import Contents, Damaged, examine, reading
from bot.exits import Exit
from bot.keeping import NotRestored, NotSaved, Saved, Staged, restore, save, save_to, staged
from bot.lock import lock
from bot.options import settings_with
from store import Shelf

_STREAM = Path("-")


def back_up(data: Path | None, path: Path, *, force: bool) -> None:
    """Save the data folder's chats.db and uploaded digests to a file, or to standard output."""
    folder = settings_with(data).data
    try:
        with _tidying_up():
            if path == _STREAM:
                _tell(_save_to_standard_output(folder), "standard output")
                return
            if path.exists() and not force:
                raise click.ClickException(f"{path} exists: name another file, or replace it with --force.")
            saved = save_to(folder, path)
    except NotSaved as error:
        raise click.ClickException(str(error)) from None
    _tell(saved, f"{path} ({_megabytes(path.stat().st_size)})")


@contextmanager
def _tidying_up() -> Iterator[None]:
    """At SIGTERM nothing half done stays behind: what was told to the bot must not lie about in copies."""

    def leave(number: int, frame: FrameType | None) -> None:
        # What is still to be written would wait, perhaps for ever, until somebody reads it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.SIGNALLED + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _save_to_standard_output(folder: Path) -> Saved:
    if sys.stdout.isatty():
        raise click.ClickException("A backup is no text for a terminal: redirect it into a file.")
    try:
        saved = save(folder, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise NotSaved(f"Standard output cannot be written ({error.strerror}).") from error
    return saved


def _tell(saved: Saved, where: str) -> None:
    click.echo(f"Saved to {where}: {_counted(saved.contents, saved.digests)}.", err=True)
    click.echo("archive.db is not in it: `digestbot load` makes it of the digest files.", err=True)
    for name in saved.left_out:
        click.echo(f"Left out is {name!r}: its name is not one that is safe everywhere, or it is over 20 MB.", err=True)


def bring_back(data: Path | None, path: Path, *, yes: bool) -> None:
    """Put a backup in the place of the data folder's chats.db and uploaded digests."""
    folder = settings_with(data).data
    try:
        with (
            _tidying_up(),
            lock(folder),
            click.open_file(str(path), "rb") as source,
            staged(cast(BinaryIO, source), folder) as backup,
        ):
            if not yes and path != _STREAM and _asks():
                _confirm(backup, folder)
            aside = restore(backup, folder, datetime.now(UTC).astimezone())
    except NotRestored as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Restored: {_counted(backup.contents, len(backup.unpacked.digests))}.", err=True)
    if aside:
        click.echo(f"What was there before is in {aside}; delete it when all is well.", err=True)
    click.echo("Now `digestbot load` brings the archive up to date, as every start of the bot does.", err=True)


def _asks() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def _confirm(backup: Staged, data: Path) -> None:
    saved_at = datetime.fromtimestamp(backup.unpacked.saved_at, UTC).astimezone()
    click.echo(f"There, in {data}: {_present(data)}.", err=True)
    held = _counted(backup.contents, len(backup.unpacked.digests))
    click.echo(f"In the backup, of {saved_at:%Y-%m-%d %H:%M}: {held}.", err=True)
    click.confirm("Put the backup in its place? What is there is kept aside", abort=True, err=True)


def _present(data: Path) -> str:
    """What would be moved aside, in words."""
    try:
        with reading(data / CHATS_FILE) as connection:
            contents = examine(connection, thorough=False)
    except Damaged as error:
        return f"a {CHATS_FILE} that {error}"
    except sqlite3.Error:
        return f"no {CHATS_FILE}" if not (data / CHATS_FILE).exists() else f"a {CHATS_FILE} that cannot be read"
    return _counted(contents, len(Shelf(data).names()))


def _counted(contents: Contents, digests: int) -> str:
    chats = "1 chat" if contents.chats == 1 else f"{contents.chats} chats"
    files = "1 uploaded digest" if digests == 1 else f"{digests} uploaded digests"
    return f"{chats}, {contents.subscriptions} of them subscribed, and {files}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
