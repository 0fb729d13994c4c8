"""chats.db: what people told the bot, kept through restarts, schema changes and everything else."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.chats import CHATS_FILE, Chats, ChatsUnusable

NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    yield chats
    chats.close()


def test_nothing_was_chosen_at_first(chats: Chats) -> None:
    assert chats.language(7) is None


def test_a_choice_is_kept_for_its_chat(chats: Chats) -> None:
    chats.choose_language(7, "en")
    chats.choose_language(-100, "both")
    chats.choose_language(7, "zh")
    assert (chats.language(7), chats.language(-100), chats.language(8)) == ("zh", "both", None)


def test_it_outlives_the_process(tmp_path: Path) -> None:
    first = Chats.open(tmp_path / "new" / "folder")
    first.choose_language(7, "en")
    first.close()
    second = Chats.open(tmp_path / "new" / "folder")
    assert second.language(7) == "en"
    second.close()


def test_a_group_takes_its_choice_to_its_new_id(chats: Chats) -> None:
    chats.choose_language(-5, "en")
    chats.choose_language(-100500, "zh")
    chats.move(-5, -100500)
    chats.move(-6, -100600)
    assert (chats.language(-5), chats.language(-100500), chats.language(-100600)) == (None, "en", None)


def test_admins_are_told_of_a_kind_once_in_a_while(chats: Chats) -> None:
    assert chats.may_notify("ValueError", NOON, HOUR)
    assert not chats.may_notify("ValueError", NOON + timedelta(minutes=59), HOUR)
    assert chats.may_notify("KeyError", NOON, HOUR)
    assert chats.may_notify("ValueError", NOON + HOUR, HOUR)
    assert not chats.may_notify("ValueError", NOON + HOUR, HOUR)


def test_times_are_compared_across_time_zones(chats: Chats) -> None:
    shanghai = timezone(timedelta(hours=8))
    assert chats.may_notify("ValueError", NOON.astimezone(shanghai), HOUR)
    assert not chats.may_notify("ValueError", NOON + timedelta(minutes=30), HOUR)


def test_threads_may_use_it_at_once(chats: Chats) -> None:
    threads = [threading.Thread(target=chats.choose_language, args=(number, "en")) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [chats.language(number) for number in range(20)] == ["en"] * 20


def test_a_damaged_file_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / CHATS_FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(ChatsUnusable, match=r"chats\.db is damaged .* put back a copy"):
        Chats.open(tmp_path)
    assert (tmp_path / CHATS_FILE).read_bytes().startswith(b"this is no database")


def test_a_file_of_a_newer_version_is_left_alone_and_named(tmp_path: Path) -> None:
    Chats.open(tmp_path).close()
    connection = sqlite3.connect(tmp_path / CHATS_FILE)
    connection.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('chats', 'm999_of_tomorrow')")
    connection.commit()
    connection.close()
    with pytest.raises(ChatsUnusable, match=r"chats\.db is from a newer version of digestbot"):
        Chats.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ChatsUnusable, match="cannot be opened"):
        Chats.open(tmp_path / "file" / "data")


def test_a_locked_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.WRITE_TIMEOUT", 0.0)
    holder = sqlite3.connect(tmp_path / CHATS_FILE, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ChatsUnusable, match="is locked: another process is writing to it"):
        Chats.open(tmp_path)
    holder.close()


def test_the_file_explains_itself(chats: Chats, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / CHATS_FILE)
    [(schema,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'chats'")
    connection.close()
    assert "-- Telegram's chat id" in schema
