"""The command line: ``digestbot run / chat / load / search / ask / paper / papers / topics / digest``, and what
:mod:`bot.upkeep` adds.

JSON and results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bot import output
from bot.dates import NoSuchDate, parse_when
from bot.embeddings import make_embedder
from bot.exits import Exit, NoArchive, WrongSetting, archive_failures
from bot.logs import configure_logging, writes_json
from bot.options import data_option, json_option, seeds_option, settings_with
from bot.settings import Settings, SettingsError
from bot.stopping import leave_on_sigterm
from bot.upkeep import backup, doctor, restore
from store import Archive, Embedder, LoadError, LoadReport, QueryError, Results, load

log = logging.getLogger(__name__)

LOG_LEVELS = ["debug", "info", "warning", "error"]

count_option = click.option("-k", "count", type=click.IntRange(1, 100), default=10, show_default=True, help="Papers.")


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
    leave_on_sigterm()
    ignore_hangups()  # what one asks for, a load, is about to be done anyway
    # In the terminal nothing is sent by itself, so that there the folder need not be one's own.
    with lock(settings.data):
        embedder = _embedder(settings)
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
    embedder = _embedder(settings)
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


def _embedder(settings: Settings) -> Embedder | None:
    try:
        return make_embedder(settings)
    except SettingsError as error:
        raise WrongSetting(str(error)) from None


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
    embedder = _embedder(settings)
    try:
        report = _load_with_progress(settings, embedder)
    except LoadError as error:
        raise NoArchive(str(error)) from None
    if as_json:
        _echo_json(output.report_json(report))
    else:
        _echo_all(output.report_text(report))
    sys.exit(Exit.FAILED if any(file.error for file in report.files) else Exit.FINE)


@main.command()
@data_option
@json_option
@count_option
@click.argument("query", nargs=-1)
def search(data: Path | None, as_json: bool, count: int, query: tuple[str, ...]) -> None:
    """Papers for a query. Without words, one query a line is read from standard input."""
    with _archive(data, ranks=True) as archive:
        for line in _words_or_lines(query):
            results = _search(archive, line, count)
            if as_json:
                _echo_json(output.results_json(results))
            else:
                _echo_all(output.hit_text(number, hit) for number, hit in enumerate(results.hits, 1))


def _search(archive: Archive, query: str, count: int) -> Results:
    """The results; none, and a sentence on standard error, for a query that cannot be understood."""
    try:
        return archive.search(query, limit=count)
    except QueryError as error:
        from bot.views.base import Voice
        from bot.views.html import Markup, plain_text
        from bot.views.problems import query_error

        click.echo(plain_text(Markup(query_error(error, Voice("en", "both")).html)), err=True)
        return Results(query=query, total=0)


@main.command()
@data_option
@json_option
@click.argument("question", nargs=-1)
def ask(data: Path | None, as_json: bool, question: tuple[str, ...]) -> None:
    """The answer to a question. Without words, one question a line is read from standard input."""
    with _archive(data, ranks=True) as archive:
        for line in _words_or_lines(question):
            answer = archive.ask(line)
            if as_json:
                _echo_json(output.answer_json(answer))
            else:
                _echo_all(output.answer_text(answer))


@main.command()
@data_option
@json_option
@click.argument("wanted", nargs=-1, required=True)
def paper(data: Path | None, as_json: bool, wanted: tuple[str, ...]) -> None:
    """One paper, by arXiv id, link, key or title."""
    with _archive(data, ranks=True) as archive:
        lookup = archive.find(" ".join(wanted))
    if lookup.paper is None:
        nearest = "".join(f"\n  {hit.key}  {hit.title_en or hit.title_zh}" for hit in lookup.nearest)
        said = f"There is no paper {lookup.wanted!r}."
        raise click.ClickException(f"{said} The nearest are:{nearest}" if nearest else said)
    if as_json:
        _echo_json(output.paper_json(lookup.paper))
    else:
        _echo_all(output.paper_text(lookup.paper))


@main.command()
@data_option
@json_option
def papers(data: Path | None, as_json: bool) -> None:
    """Every paper, newest first."""
    with _archive(data) as archive:
        for each in archive.papers():
            if as_json:
                _echo_json(output.paper_json(each))
            else:
                click.echo(f"{each.key}  {each.published or ''}  {each.title_zh or each.title_en}")


@main.command()
@data_option
@json_option
def topics(data: Path | None, as_json: bool) -> None:
    """Every topic with its papers."""
    with _archive(data) as archive:
        for topic in archive.topics():
            if as_json:
                _echo_json(output.topic_json(topic))
            else:
                click.echo(f"{topic.slug}  {topic.name_zh}  {topic.name_en}  {len(topic.papers)}")


@main.command()
@data_option
@json_option
@click.argument("when", default="latest")
def digest(data: Path | None, as_json: bool, when: str) -> None:
    """What the digests of a day (YYYY-MM-DD), a month (YYYY-MM) or the latest date held."""
    try:
        date = parse_when(when)
    except NoSuchDate:
        raise click.BadParameter(f"there is no date {when}", param_hint="WHEN") from None
    if date is None:
        wanted = "latest, a day such as 2025-05-30 or a month such as 2025-05"
        raise click.BadParameter(f"{when!r} is not {wanted}", param_hint="WHEN")
    with _archive(data) as archive:
        results = archive.digest_papers(date, limit=1000)
    if as_json:
        _echo_json(output.results_json(results))
    else:
        _echo_all(output.hit_text(number, hit) for number, hit in enumerate(results.hits, 1))


for _command in (backup, restore, doctor):
    main.add_command(_command)


@contextmanager
def _archive(data: Path | None, *, ranks: bool = False) -> Iterator[Archive]:
    """The archive, closed at the end; where it cannot be read, the command ends with one sentence.

    Only a command that ``ranks`` papers waits for the embedding model, if there is one.
    """
    settings = settings_with(data)
    embedder = _embedder(settings) if ranks else None
    with archive_failures(settings.data), Archive.open(settings.data, embedder) as archive:
        yield archive


def _words_or_lines(words: tuple[str, ...]) -> Iterator[str]:
    """The words as one text, else the lines of standard input, blank ones too; bytes that are no text become `�`."""
    if words:
        yield " ".join(words).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return
    # Read as bytes: whatever the locale, a line is UTF-8 and ends where a line feed is.
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _echo_json(value: dict[str, Any]) -> None:
    click.echo(output.to_line(value).encode())


def _echo_all(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _note(lines: Iterable[str], level: int) -> None:
    """Write to standard error, where a log that is JSON has nothing else between its lines."""
    for line in lines:
        if writes_json():
            log.log(level, "%s", line)
        else:
            click.echo(line, err=True)


if __name__ == "__main__":
    main()
