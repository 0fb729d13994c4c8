"""Whoever floods the bot is told once, then left unanswered for half a minute; nobody else notices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fair_use import MOST, SILENCE, WITHIN, FairUse
from tests.conftest import ADMIN, RunningBot
from tests.telegram import Conversation

CHAT, OTHER = 7, 8


def test_twenty_within_ten_seconds_are_answered_and_the_next_gets_a_notice() -> None:
    fair_use = FairUse()
    assert [fair_use.judge(CHAT, second / 2) for second in range(22)] == ["answer"] * 20 + ["answer"] * 2
    fair_use = FairUse()
    verdicts = [fair_use.judge(CHAT, second / 4) for second in range(30)]
    assert verdicts == ["answer"] * 20 + ["notice"] + ["silence"] * 9


def test_after_thirty_seconds_it_is_answered_again_however_much_it_sent_meanwhile() -> None:
    fair_use = FairUse()
    assert [fair_use.judge(CHAT, 0.0) for _ in range(MOST + 1)][-1] == "notice"
    assert {fair_use.judge(CHAT, second / 10) for second in range(299)} == {"silence"}
    assert fair_use.judge(CHAT, SILENCE) == "answer"


def test_another_chat_is_answered_meanwhile() -> None:
    fair_use = FairUse()
    for _ in range(100):
        fair_use.judge(CHAT, 0.0)
    assert fair_use.judge(OTHER, 0.0) == "answer"


def test_who_flooded_the_bot_stands_behind_the_others_for_a_while() -> None:
    fair_use = FairUse()
    fair_use.judge(OTHER, 0.0)
    assert fair_use.asked_lately(OTHER, 0.0) == 1
    for _ in range(MOST + 1):
        fair_use.judge(CHAT, 0.0)
    fair_use.judge(CHAT, 40.0)
    assert fair_use.asked_lately(CHAT, 40.0) == MOST + 1
    fair_use.judge(CHAT, 1000.0)
    assert fair_use.asked_lately(CHAT, 1000.0) == 1


def test_quiet_chats_are_forgotten() -> None:
    fair_use = FairUse()
    for chat in range(5000):
        fair_use.judge(chat, 0.0)
    fair_use.judge(CHAT, WITHIN)
    assert len(fair_use._chats) == 1


@given(st.lists(st.floats(0, 3), max_size=200))
def test_in_any_ten_seconds_no_more_than_twenty_are_answered(pauses: list[float]) -> None:
    fair_use, now, answered = FairUse(), 0.0, []
    for pause in pauses:
        now += pause
        if fair_use.judge(CHAT, now) == "answer":
            answered.append(now)
    assert all(later - first >= WITHIN for first, later in zip(answered, answered[MOST:], strict=False))


@pytest.fixture
def limited(sheep_bot: RunningBot) -> RunningBot:
    sheep_bot.services.fair_use = FairUse()
    return sheep_bot


async def test_a_flood_of_messages_is_answered_with_one_notice(limited: RunningBot) -> None:
    for _ in range(MOST):
        assert len(await limited.bob.say("/topic")) == 1
    [notice] = await limited.bob.say("/topic")
    assert notice.text == "That is more than I can answer at once. Please wait 30 seconds, then ask again."
    assert await limited.bob.say("/topic") == []
    assert await limited.bob.say("What is lantern?") == []
    assert len(await limited.ada.say("/topic")) == 1


async def test_taps_count_as_messages_do(limited: RunningBot) -> None:
    [topics] = await limited.ada.say("/topic")
    for _ in range(MOST - 1):
        await limited.ada.press(topics.all_buttons[0], on=topics)
    [notice] = await limited.ada.press(topics.all_buttons[0], on=topics)
    assert (notice.method, notice.text) == (
        "answerCallbackQuery",
        "消息来得太快，我答不过来了。请等 30 秒再发。",
    )
    assert await limited.ada.say("/topic") == []


async def test_what_a_group_says_among_itself_is_not_counted(limited: RunningBot) -> None:
    group = limited.stand_in.group(members=[limited.bob.person])
    in_group = limited.driver.conversation(limited.bob.person, group)
    for _ in range(2 * MOST):
        assert await in_group.say("Sheep are nice.") == []
        assert await in_group.say("/weather") == [], "another bot's command"
    assert len(await in_group.say("/topic")) == 1


async def test_admins_are_not_limited_in_private(limited: RunningBot) -> None:
    admin: Conversation = limited.admin
    assert admin.person.id == ADMIN
    for _ in range(MOST + 5):
        assert len(await admin.say("/topic")) == 1


async def test_what_was_silenced_is_counted(limited: RunningBot) -> None:
    for _ in range(MOST + 3):
        await limited.bob.say("/topic")
    registry = limited.services.stats.registry
    assert registry.get_sample_value("digestbot_updates_total", {"kind": "message"}) == MOST
    assert registry.get_sample_value("digestbot_silenced_total") == 3
    times = limited.services.stats.answer_times
    assert times is not None
    assert times.answers == MOST
    # Each is timed by itself, whether or not the update came through the bot's queue.
    assert 0 < times.p50 <= times.p95
