"""The day a chat was last seen: written at most once a day, and never more exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.chats import Chats, Readers
from tests.conftest import RunningBot

MONDAY = date(2025, 6, 2)
DAY = timedelta(days=1)


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    yield chats
    chats.close()


def days(chats: Chats) -> dict[int, str]:
    return {row["id"]: row["last_seen"] for row in chats._rows("SELECT id, last_seen FROM chats")}


def writes(chats: Chats) -> int:
    return chats._database.conn.total_changes


def test_the_day_is_written_once_and_the_language_read_with_it(chats: Chats) -> None:
    assert chats.came(7, MONDAY) is None
    chats.choose_language(7, "en")
    before = writes(chats)
    assert [chats.came(7, MONDAY) for _ in range(3)] == ["en"] * 3
    assert writes(chats) == before
    assert chats.came(7, MONDAY + DAY) == "en"
    assert days(chats) == {7: "2025-06-03"}


def test_persons_and_groups_are_told_apart_by_their_ids(chats: Chats) -> None:
    for chat_id, day in ((1, 0), (2, 0), (3, -1), (4, -6), (5, -7), (-100, 0), (-200, -7)):
        chats.came(chat_id, MONDAY + day * DAY)
    chats.choose_language(6, "zh")  # known from before days were noted
    assert chats.readers(MONDAY) == Readers(people=6, people_today=2, people_week=4, groups=2, groups_week=1)


def test_nobody_has_been_here_yet(chats: Chats) -> None:
    assert chats.readers(MONDAY) == Readers(0, 0, 0, 0, 0)


async def test_messages_and_taps_note_the_day_in_the_bots_time_zone(sheep_bot: RunningBot) -> None:
    sheep_bot.clock.time = datetime(2025, 6, 2, 15, 59, tzinfo=UTC)  # a minute before midnight in Shanghai
    await sheep_bot.bob.say("/search sheep")
    assert days(sheep_bot.services.chats_) == {8: "2025-06-02"}
    sheep_bot.clock.time += timedelta(minutes=1)
    await sheep_bot.bob.press("Next ›")
    assert days(sheep_bot.services.chats_) == {8: "2025-06-03"}


async def test_a_message_on_the_same_day_writes_nothing(sheep_bot: RunningBot) -> None:
    await sheep_bot.bob.say("/help")
    before = writes(sheep_bot.services.chats_)
    await sheep_bot.bob.say("/help")
    assert writes(sheep_bot.services.chats_) == before


async def test_what_a_group_says_to_others_leaves_no_trace(sheep_bot: RunningBot) -> None:
    group = sheep_bot.stand_in.group(members=[sheep_bot.bob.person])
    in_group = sheep_bot.driver.conversation(sheep_bot.bob.person, group)
    await in_group.say("lovely weather")
    assert days(sheep_bot.services.chats_) == {}
    await in_group.say("/help")
    assert days(sheep_bot.services.chats_) == {group.id: "2025-06-02"}
