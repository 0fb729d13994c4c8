"""A chats.db of every earlier version, opened by today's: no row is lost, and all of it goes on being used.

`tests/chats_versions/N.sql` is the dump of a chats.db after the first N migrations, with rows in every table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.chats import CHATS_FILE, Chats, ChatsUnusable, Item, SavedPaper, Subscription
from bot.chats.schema import migrations
from tests.conftest import ROOT

DUMPS = sorted((ROOT / "tests" / "chats_versions").glob("*.sql"), key=lambda path: int(path.stem))
NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
SHEEP = "2505-00001"
HERDING = SavedPaper("t0123456789ab", None, "牧羊智能体")
Rows = dict[str, list[tuple[tuple[str, object], ...]]]


def restored(dump: Path, folder: Path) -> Path:
    """The chats.db of a dump, in the folder."""
    path = folder / CHATS_FILE
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    return path


def rows(path: Path, like: Rows | None = None) -> Rows:
    """Every row by table, as (column, value) pairs; with `like`, of its tables and columns only."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [row["name"] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for table in like or (name for name in tables if not name.startswith(("_", "sqlite_"))):
            columns = ", ".join(column for column, _ in like[table][0]) if like else "*"
            found[table] = [
                tuple(zip(row.keys(), row, strict=True))
                for row in connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2")
            ]
        return found


def versions(first: int) -> pytest.MarkDecorator:
    """The test is made for the dumps from this version on: earlier ones had no such table."""
    return pytest.mark.parametrize("dump", DUMPS[first - 1 :], ids=lambda dump: f"version {dump.stem}")


@pytest.fixture
def chats(dump: Path, tmp_path: Path) -> Iterator[Chats]:
    restored(dump, tmp_path)
    chats = Chats.open(tmp_path)
    yield chats
    chats.close()


def test_every_version_before_todays_has_a_dump_with_rows_in_every_table(tmp_path: Path) -> None:
    names = [each.name for each in migrations.pending(Database(memory=True))]
    assert [int(dump.stem) for dump in DUMPS] == list(range(1, len(names)))
    for dump in DUMPS:
        folder = tmp_path / dump.stem
        folder.mkdir()
        path = restored(dump, folder)
        with closing(sqlite3.connect(path)) as connection:
            applied = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
        assert [name for (name,) in applied] == names[: int(dump.stem)]
        assert [table for table, found in rows(path).items() if not found] == []


@versions(1)
def test_no_row_is_lost_or_changed(dump: Path, tmp_path: Path) -> None:
    path = restored(dump, tmp_path)
    before = rows(path)
    Chats.open(tmp_path).close()
    assert rows(path, before) == before


@versions(1)
def test_the_schema_is_that_of_a_new_file(dump: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for folder in (tmp_path, tmp_path / "new"):
        if folder == tmp_path:
            restored(dump, folder)
        Chats.open(folder).close()
    assert schema(tmp_path / CHATS_FILE) == schema(tmp_path / "new" / CHATS_FILE)


def schema(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Names, types and defaults of all columns, and all indexes."""
    with closing(sqlite3.connect(path)) as connection:
        named = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        columns = {name: connection.execute(f"PRAGMA table_xinfo({name})").fetchall() for (name,) in named}
        indexes = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name")
        return {**columns, "indexes": indexes.fetchall()}


@versions(1)
def test_a_second_opening_changes_nothing_more(dump: Path, tmp_path: Path) -> None:
    path = restored(dump, tmp_path)
    Chats.open(tmp_path).close()
    once = path.read_bytes()
    Chats.open(tmp_path).close()
    assert path.read_bytes() == once


@versions(1)
def test_languages_and_what_admins_were_told_stay(chats: Chats) -> None:
    assert [chats.language(chat) for chat in (7, 8, -55, -1001234567890)] == ["en", None, "both", "zh"]
    first_told = datetime(2025, 6, 1, tzinfo=UTC)
    assert not chats.may_notify("KeyError", first_told + timedelta(minutes=1), timedelta(hours=1))
    chats.choose_language(8, "zh")
    assert chats.language(8) == "zh"


@versions(2)
def test_subscriptions_stay_and_are_due(chats: Chats) -> None:
    ada = Subscription(
        chat_id=7,
        kind="private",
        ui="en",
        time=time(7, 15),
        zone="Europe/Berlin",
        new_since=datetime(2025, 6, 1, 5, 15, tzinfo=UTC),
        topics=("agents", "survey"),
        count=10,
        weekdays_only=True,
        paused_until=datetime(2025, 6, 9, 22, 0, tzinfo=UTC),
        next_due_at=datetime(2025, 6, 10, 5, 15, tzinfo=UTC),
        quiet=True,
        strikes=2,
        language="en",
    )
    assert chats.subscription(7) == ada
    assert chats.due(datetime(2025, 6, 10, 6, 0, tzinfo=UTC), 10) == [ada]
    left = chats.subscription(-1001234567890)
    assert left is not None
    assert (left.subscribed, left.kind) == (False, "supergroup")


@versions(2)
def test_what_was_sent_is_not_sent_again(chats: Chats) -> None:
    states = {each.local_date.day: each.state for each in chats.deliveries(7)}
    assert states == {27: "sent", 28: "skipped", 29: "failed", 30: "unknown", 31: "sending"}
    [find] = chats.deliveries(7, "find")
    assert find.items == (Item(key="2505-00005", arxiv_id="2505.00005", title="Sheep 5", why="watch", watch="sheep"),)
    assert chats.recover(NOW) == 1
    assert chats.seen(7) == {SHEEP, "2505-00004", "2505-00005", "2505-00006"}
    assert {each.day for each in chats.dates_taken(7)} >= {27, 30, 31}
    # What was planned goes out now.
    assert chats.begin(find.id, NOW)
    chats.was_sent(find.id, 42, NOW)
    taken = chats.digest_of(7, date(2025, 5, 31))
    assert taken is not None
    assert taken.state == "unknown"


@versions(2)
def test_watches_and_saved_papers_stay(chats: Chats) -> None:
    [agents] = chats.watches(-55)
    assert (agents.id, agents.words, agents.at_once) == (5, "智能体", False)
    assert [find.key for find in chats.finds(-55)] == [HERDING.key]
    assert [each.words for each in chats.watches(7)] == ['"sheep dog" -survey']
    assert chats.saved(-55) == [HERDING]
    # The number of a watch stands in buttons: it is never given again.
    assert chats.add_watch(7, "lantern", at_once=False, now=NOW).id == 6


@versions(2)
def test_no_paper_is_new_again(chats: Chats) -> None:
    assert {paper.key for paper in chats.known_papers()} == {SHEEP, HERDING.key}


@versions(3)
def test_the_paper_spoken_of_stays(chats: Chats) -> None:
    assert chats.paper_spoken_of(8, NOW) == SHEEP
    chats.remember_paper(7, HERDING.key, NOW)
    assert chats.paper_spoken_of(7, NOW) == HERDING.key


@versions(1)
def test_all_of_a_chat_goes_with_it(chats: Chats, dump: Path) -> None:
    chats.move(-55, -1002222222222)
    assert chats.language(-1002222222222) == "both"
    if int(dump.stem) >= 2:
        assert chats.saved(-1002222222222) == [HERDING]
        assert [watch.id for watch in chats.watches(-1002222222222)] == [5]


def test_a_chats_db_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = restored(DUMPS[-1], tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('chats', 'm999_later', 'now')"
        )
        connection.commit()
    before = rows(path)
    with pytest.raises(ChatsUnusable, match="newer version"):
        Chats.open(tmp_path)
    assert rows(path, before) == before
