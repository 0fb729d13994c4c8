"""The commands that ask the archive: ``digestbot search / ask / paper / papers / topics / digest``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot import output
from bot.dates import NoSuchDate, parse_when
from bot.exits import archive_failures
from bot.options import data_option, embedder_of, json_option, settings_with
from bot.output import echo_all, echo_json
from store import Archive, QueryError, Results

count_option = click.option("-k", "count", type=click.IntRange(1, 100), default=10, show_default=True, help="Papers.")


@click.command()
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
                echo_json(output.results_json(results))
            else:
                echo_all(output.hit_text(number, hit) for number, hit in enumerate(results.hits, 1))


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


@click.command()
@data_option
@json_option
@click.argument("question", nargs=-1)
def ask(data: Path | None, as_json: bool, question: tuple[str, ...]) -> None:
    """The answer to a question. Without words, one question a line is read from standard input."""
    with _archive(data, ranks=True) as archive:
        for line in _words_or_lines(question):
            answer = archive.ask(line)
            if as_json:
                echo_json(output.answer_json(answer))
            else:
                echo_all(output.answer_text(answer))


@click.command()
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
        echo_json(output.paper_json(lookup.paper))
    else:
        echo_all(output.paper_text(lookup.paper))


@click.command()
@data_option
@json_option
def papers(data: Path | None, as_json: bool) -> None:
    """Every paper, newest first."""
    with _archive(data) as archive:
        for each in archive.papers():
            if as_json:
                echo_json(output.paper_json(each))
            else:
                click.echo(f"{each.key}  {each.published or ''}  {each.title_zh or each.title_en}")


@click.command()
@data_option
@json_option
def topics(data: Path | None, as_json: bool) -> None:
    """Every topic with its papers."""
    with _archive(data) as archive:
        for topic in archive.topics():
            if as_json:
                echo_json(output.topic_json(topic))
            else:
                click.echo(f"{topic.slug}  {topic.name_zh}  {topic.name_en}  {len(topic.papers)}")


@click.command()
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
        echo_json(output.results_json(results))
    else:
        echo_all(output.hit_text(number, hit) for number, hit in enumerate(results.hits, 1))


@contextmanager
def _archive(data: Path | None, *, ranks: bool = False) -> Iterator[Archive]:
    """The archive, closed at the end; where it cannot be read, the command ends with one sentence.

    Only a command that ``ranks`` papers waits for the embedding model, if there is one.
    """
    settings = settings_with(data)
    embedder = embedder_of(settings) if ranks else None
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
