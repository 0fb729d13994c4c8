"""The command line: ``digestbot run / chat / load``, and what :mod:`bot.asking` and :mod:`bot.upkeep` add.

JSON and results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bot import output
from bot.asking import ask, digest, paper, papers, search, topics
from bot.exits import Exit, NoArchive, WrongSetting
from bot.logs import configure_logging, writes_json
from bot.options import data_option, embedder_of, json_option, seeds_option, settings_with
from bot.output import echo_all, echo_json
from bot.settings import Settings
from bot.stopping import leave_on_signals
from bot.upkeep import backup, doctor, restore
from store import Embedder, LoadError, LoadReport, load

log = logging.getLogger(__name__)

LOG_LEVELS = ["debug", "info", "warning", "error"]


@click.group()
@click.option("--log-level", type=click.Choice(LOG_LEVELS), default="info", show_default=True)
@click.pass_context
def main(context: click.Context, log_level: str) -> None:
    """Ask digests of machine-learning papers, on Telegram or here."""
    context.obj = log_level


@main.command()
@data_option
@seeds_option
@click.option("--webhook", is_flag=True, help="Telegram brings messages to DIGESTBOT_WEBHOOK_URL.")
@click.pass_obj
def run(log_level: str, data: Path | None, seeds: Path | None, webhook: bool) -> None:
    """Run the bot on Telegram; without TELEGRAM_BOT_TOKEN, in the terminal.

    The seeds folder is loaded first, as far as its files are new or changed.
    """
    settings = settings_with(data, seeds)
    if webhook:
        _check_webhook(settings)
    if settings.token is None:
        _chat(settings, log_level)
        return
    # Imported here, as in _chat: python-telegram-bot takes half a second that `digestbot search` need not pay.
    from bot.hangup import ignore_hangups
    from bot.lock import lock
    from bot.running import run_on_telegram

    configure_logging(log_level.upper(), secrets=settings.secrets, log_format=settings.log_format)
    leave_on_signals()
    ignore_hangups()  # what one asks for, a load, is about to be done anyway
    # In the terminal nothing is sent by itself, so that there the folder need not be one's own.
    with lock(settings.data):
        embedder = embedder_of(settings)
        _load_before_start(settings, embedder)
        run_on_telegram(settings, settings.token.get_secret_value(), embedder, webhook=webhook)


@main.command()
@data_option
@seeds_option
@click.pass_obj
def chat(log_level: str, data: Path | None, seeds: Path | None) -> None:
    """The same bot in the terminal; where standard input is no terminal, a message a line."""
    _chat(settings_with(data, seeds), log_level)


def _chat(settings: Settings, log_level: str) -> None:
    from bot.running import run_in_terminal

    # In a conversation, the log of a bot at work would stand between question and answer.
    level = "WARNING" if log_level == "info" else log_level.upper()
    configure_logging(level, secrets=settings.secrets, log_format=settings.log_format)
    embedder = embedder_of(settings)
    _load_before_start(settings, embedder)
    sys.exit(run_in_terminal(settings, embedder))


def _check_webhook(settings: Settings) -> None:
    if settings.token is None:
        raise WrongSetting("A webhook is Telegram's: `run --webhook` needs TELEGRAM_BOT_TOKEN.")
    if settings.webhook_url is None:
        raise WrongSetting(
            "`run --webhook` needs DIGESTBOT_WEBHOOK_URL: the https address at which Telegram reaches the bot, such as "
            "https://bot.example.org/telegram."
        )


def _load_before_start(settings: Settings, embedder: Embedder | None) -> None:
    """Bring the archive up to date. What stands in the way of that does not stand in the way of an archive that is."""
    try:
        report = _load_with_progress(settings, embedder)
    except LoadError as error:
        if not (settings.data / "archive.db").exists():
            raise NoArchive(str(error)) from None
        _note([f"Digests were not loaded: {error}"], logging.WARNING)
        return
    failed = any(file.error for file in report.files)
    if report.changes or failed:
        lines = output.report_text(report.model_copy(update={"changes": ()}))
        _note(lines, logging.WARNING if failed else logging.INFO)


def _load_with_progress(settings: Settings, embedder: Embedder | None) -> LoadReport:
    """Load, with a progress bar where standard error is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        return load(settings.seeds, settings.data, embedder=embedder)
    columns = (TextColumn("Loading digests"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[name]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("load", total=None, name="")

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, name=name)

        return load(settings.seeds, settings.data, progress=show, embedder=embedder)


@main.command("load")
@data_option
@seeds_option
@json_option
def load_command(data: Path | None, seeds: Path | None, as_json: bool) -> None:
    """Load the seeds folder into the archive. Exit status 1 if a file could not be used."""
    settings = settings_with(data, seeds)
    embedder = embedder_of(settings)
    try:
        report = _load_with_progress(settings, embedder)
    except LoadError as error:
        raise NoArchive(str(error)) from None
    if as_json:
        echo_json(output.report_json(report))
    else:
        echo_all(output.report_text(report))
    sys.exit(Exit.FAILED if any(file.error for file in report.files) else Exit.FINE)


for _command in (search, ask, paper, papers, topics, digest, backup, restore, doctor):
    main.add_command(_command)


def _note(lines: Iterable[str], level: int) -> None:
    """Write to standard error, where a log that is JSON has nothing else between its lines."""
    for line in lines:
        if writes_json():
            log.log(level, "%s", line)
        else:
            click.echo(line, err=True)


if __name__ == "__main__":
    main()
