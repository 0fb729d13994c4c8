"""How long it takes to find who is due among a million chats: ``python -m tests.bench.tick``."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.chats import CHATS_FILE, Chats
from bot.chats.records import to_text
from bot.chats.schema import migrations
from store import open_for_writing

NOW = datetime(2025, 6, 3, 0, 30, tzinfo=UTC)
ROUNDS = 50


def fill(folder: Path, chats: int, due: int) -> None:
    """Write so many subscriptions, of which ``due`` are due; the others are over the coming day."""
    database = open_for_writing(folder / CHATS_FILE, migrations)
    with database.conn:
        database.conn.executemany("INSERT INTO chats (id) VALUES (?)", ([number] for number in range(2, chats + 2)))
        database.conn.executemany(
            """INSERT INTO subscriptions (chat_id, kind, ui, time, zone, topics, count, weekdays_only, next_due_at,
                 new_since, quiet, strikes)
               VALUES (?, 'private', 'zh', '08:30', 'Asia/Shanghai', '[]', 5, 0, ?, ?, 0, 0)""",
            _rows(chats, due),
        )
        # As many deliveries of the days before, and a watch for each tenth chat.
        database.conn.executemany(
            """INSERT INTO deliveries (chat_id, kind, local_date, due_at, state, papers, tries, try_at, changed_at)
               VALUES (?, 'digest', '2025-06-02', ?, 'sent', '[]', 1, ?, ?)""",
            ([number + 2, *[to_text(NOW - timedelta(days=1))] * 3] for number in range(chats)),
        )
        database.conn.executemany(
            "INSERT INTO watches (chat_id, words, at_once, added_at) VALUES (?, 'sheep', 1, ?)",
            ([number + 2, to_text(NOW)] for number in range(0, chats, 10)),
        )
    database.close()


def _rows(chats: int, due: int) -> Iterator[tuple[int, str, str]]:
    every = chats // due
    for number in range(chats):
        is_due = number % every == 0 and number // every < due
        at = NOW - timedelta(seconds=1) if is_due else NOW + timedelta(seconds=1 + number % 86_400)
        yield number + 2, to_text(at), to_text(NOW)


def measure(folder: Path, rounds: int = ROUNDS) -> tuple[int, list[float]]:
    """How many chats are due, and the milliseconds that each look took: what is left over, and who is due."""
    chats = Chats.open(folder)
    taken = []
    found = 0
    for _ in range(rounds):
        started = time.perf_counter()
        chats.recover(NOW)
        chats.planned(NOW, 200)
        found = len(chats.due(NOW, 200, without=1))
        chats.chats_to_tell(NOW, without=1)
        taken.append((time.perf_counter() - started) * 1000)
    chats.close()
    return found, taken


@click.command()
@click.option("--chats", default=1_000_000, show_default=True, help="How many are subscribed.")
@click.option("--due", default=100, show_default=True, help="How many of them are due.")
def main(chats: int, due: int) -> None:
    """Print how long a look takes."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), chats, due)
        found, taken = measure(Path(folder))
    taken.sort()
    click.echo(
        f"{found} of {chats:,} chats are due: found in {statistics.median(taken):.1f} ms "
        f"(p95 {taken[len(taken) * 95 // 100]:.1f} ms)"
    )


if __name__ == "__main__":
    main()
