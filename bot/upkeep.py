"""The commands for whoever keeps a bot running: ``digestbot backup / restore / doctor``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.options import data_option, json_option, seeds_option

_backup_file = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_kept_backup = click.Path(path_type=Path, dir_okay=False, allow_dash=True, exists=True)


@click.command()
@data_option
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@click.argument("file", type=_backup_file)
def backup(data: Path | None, force: bool, file: Path) -> None:
    """Save chats.db and the uploaded digests to FILE (.tar.gz); - is standard output.

    The bot may go on running. archive.db is not saved: `digestbot load` makes it of the digest files.
    """
    # What takes long to import is imported by who needs it, here and below.
    from bot.keeping.commands import back_up

    back_up(data, file, force=force)


@click.command()
@data_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.argument("file", type=_kept_backup)
def restore(data: Path | None, yes: bool, file: Path) -> None:
    """Bring back what `digestbot backup` saved to FILE; - is standard input.

    The bot must be stopped. What was there before is kept in a folder before-restore-….
    """
    from bot.keeping.commands import bring_back

    bring_back(data, file, yes=yes)


@click.command()
@data_option
@seeds_option
@json_option
@click.option("--offline", is_flag=True, help="Leave out what asks Telegram or another server.")
def doctor(data: Path | None, seeds: Path | None, as_json: bool, offline: bool) -> None:
    """Check settings, token, digests, databases, disk and clock, and say what to do about each fault.

    Nothing is changed. Exit status 1 if there is a fault.
    """
    from bot.doctor.commands import examine

    sys.exit(examine(data, seeds, as_json=as_json, offline=offline))
