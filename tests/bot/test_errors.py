"""When answering fails: a friendly line with a reference, all about it in the log but what people wrote, and word to
the admins once an hour."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter

from store import Archive
from tests.conftest import ADMIN, RunningBot
from tests.telegram import Conversation, Fault

SECRET = "我的导师叫张三丰 and my thesis is about wombats"


class BrokenArchive(Archive):
    """Every question to it fails with an exception that repeats what was asked, as a careless library's may."""

    def __init__(self, said: str, kind: type[Exception] = ValueError) -> None:
        self.error = kind(f"cannot read {said!r} near {said[-3:]!r}")

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        raise self.error
        yield


@pytest.fixture
def broken_bot(sheep_bot: RunningBot) -> RunningBot:
    sheep_bot.services.archive_ = BrokenArchive(SECRET)
    return sheep_bot


def logged(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """What the bot itself logged at this level."""
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    return [record.getMessage() for record in ours if record.levelno == level]


def reference_in(text: str) -> str:
    [reference] = re.findall(r"\b[0-9a-f]{8}\b", text)
    return str(reference)


async def test_the_reader_gets_one_friendly_line_with_a_reference(broken_bot: RunningBot) -> None:
    replies = await broken_bot.ada.say(SECRET, expect_error=ValueError)
    [reply] = [reply for reply in replies if reply.chat_id == broken_bot.ada.person.id]
    reference = reference_in(reply.text)
    assert reply.text == (f"抱歉，这次出了点问题，请稍后再试。如果一直这样，请把编号 {reference} 告诉管理员。")
    assert reply.code == [reference]


async def test_the_log_has_the_traceback_and_nothing_of_what_was_written(
    broken_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    update = broken_bot.stand_in.updates.message(broken_bot.bob.person, f"/search {SECRET}")
    replies = await broken_bot.bob.process(update, expect_error=ValueError)
    [line] = logged(caplog, logging.ERROR)
    reference = reference_in(replies[0].text)
    first, *stack = line.splitlines()
    assert first == f"Error {reference}: update {update['update_id']}, a message of {len(SECRET) + 8} characters"
    assert any("in search" in each for each in stack)
    assert stack[-1].startswith("ValueError: cannot read '")
    for word in ("张三丰", "导师", "thesis", "wombats"):
        assert word not in caplog.text


async def test_a_tap_that_fails_is_answered_and_apologised_for(
    sheep_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    await sheep_bot.bob.say("/search sheep")
    sheep_bot.services.archive_ = BrokenArchive("sheep")
    replies = await sheep_bot.bob.press("Next ›", expect_error=ValueError)
    assert replies[0].text.startswith("Sorry, something went wrong. ")
    assert len(sheep_bot.driver.api.calls_of("answerCallbackQuery")) == 1
    [line] = logged(caplog, logging.ERROR)
    assert re.search(r"^Error \w{8}: update \d+, a callback_query of 3 characters$", line.splitlines()[0])
    assert "sheep" not in line.splitlines()[-1]


async def test_admins_are_told_of_a_kind_once_an_hour(broken_bot: RunningBot) -> None:
    async def told() -> int:
        replies = await broken_bot.bob.say("wool?", expect_error=ValueError)
        return sum(reply.chat_id == ADMIN for reply in replies)

    assert [await told(), await told()] == [1, 0]
    broken_bot.clock.time += timedelta(minutes=59, seconds=59)
    assert await told() == 0
    broken_bot.clock.time += timedelta(seconds=1)
    assert [await told(), await told()] == [1, 0]


async def test_admins_learn_kind_and_reference_and_not_what_was_written(broken_bot: RunningBot) -> None:
    to_reader, to_admin = await broken_bot.bob.say(SECRET, expect_error=ValueError)
    assert to_admin.chat_id == ADMIN
    assert to_admin.text == f"出错了：ValueError in _reading，编号 {reference_in(to_reader.text)}，详情见日志。"


async def test_another_kind_is_told_within_the_hour(broken_bot: RunningBot) -> None:
    await broken_bot.bob.say("wool?", expect_error=ValueError)
    broken_bot.services.archive_ = BrokenArchive("", KeyError)
    replies = await broken_bot.bob.say("wool?", expect_error=KeyError)
    assert [reply.chat_id for reply in replies] == [broken_bot.bob.person.id, ADMIN]


async def test_the_reader_is_told_also_where_chats_db_is_what_fails(
    sheep_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    sheep_bot.services.chats_.close()
    [reply] = await sheep_bot.ada.say("/help", expect_error=sqlite3.ProgrammingError)
    assert reply.text.startswith("抱歉，这次出了点问题")
    told, untold = logged(caplog, logging.ERROR)
    assert told.startswith(f"Error {reference_in(reply.text)}: ")
    assert untold.startswith(f"Admins were not told of error {reference_in(reply.text)}, since chats.db cannot be used")


async def test_a_job_that_fails_is_logged_and_told_to_admins(
    sheep_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    mark = len(sheep_bot.driver.api.calls)
    await sheep_bot.driver.app.process_error(None, ValueError("of its own"))
    sheep_bot.driver.errors.clear()
    [alert] = sheep_bot.driver.replies_since(mark)
    assert alert.chat_id == ADMIN
    [line] = logged(caplog, logging.ERROR)
    assert line.splitlines() == [
        f"Error {reference_in(alert.text)}: update none, a job of 0 characters",
        "ValueError: of its own",
    ]


async def test_an_admin_who_cannot_be_told_is_no_second_error(
    broken_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    broken_bot.admin.person.blocked = True
    replies = await broken_bot.bob.say("wool?", expect_error=ValueError)
    assert [reply.chat_id for reply in replies] == [broken_bot.bob.person.id]
    assert logged(caplog, logging.WARNING) == [
        "An admin was not told of an error: Forbidden: bot was blocked by the user"
    ]


async def test_in_a_forum_the_apology_stays_in_its_topic(broken_bot: RunningBot) -> None:
    group = broken_bot.stand_in.group(members=[broken_bot.bob.person])
    in_group = broken_bot.driver.conversation(broken_bot.bob.person, group)
    await in_group.say("/search wool", is_topic_message=True, message_thread_id=5, expect_error=ValueError)
    call = broken_bot.driver.api.calls_of("sendMessage")[0]
    assert call.parameters["message_thread_id"] == 5


@pytest.mark.parametrize("fault", [Fault.unreachable(), Fault.silence(), Fault.bad_gateway(), Fault.lost_reply()])
async def test_telegram_out_of_reach_is_one_line_and_no_traceback(
    bob: Conversation, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    bob.driver.api.fail_next("sendMessage", fault)
    mark = len(bob.driver.api.calls)
    update = bob.driver.stand_in.updates.message(bob.person, "/help")
    with pytest.raises(BaseExceptionGroup) as raised:
        await bob.process(update)
    assert isinstance(raised.value.exceptions[0], NetworkError)
    assert len([call for call in bob.driver.api.calls[mark:] if call.method == "sendMessage"]) <= 1
    assert logged(caplog, logging.ERROR) == []
    [line] = logged(caplog, logging.WARNING)
    assert line.startswith("A message was not answered, since Telegram could not be reached: ")


async def test_a_reader_who_blocked_the_bot_is_no_error(bob: Conversation, caplog: pytest.LogCaptureFixture) -> None:
    from telegram.error import Forbidden

    caplog.set_level(logging.INFO)
    bob.person.blocked = True
    await bob.say("/help", expect_error=Forbidden)
    assert logged(caplog, logging.ERROR) == []
    assert "A message was not answered: the reader has blocked the bot or left" in logged(caplog, logging.INFO)


async def test_a_group_found_moved_takes_its_choice_along(sheep_bot: RunningBot) -> None:
    from telegram.error import ChatMigrated

    stand_in, bob = sheep_bot.stand_in, sheep_bot.bob.person
    small = stand_in.group(id=-500, type="group", admins=[bob])
    in_group = sheep_bot.driver.conversation(bob, small)
    await in_group.say("/language zh")
    large, _ = stand_in.updates.migration(bob, small, -1001000000500)
    await in_group.say("/help", expect_error=ChatMigrated)
    [reply] = await sheep_bot.driver.conversation(bob, large).say("/help")
    assert reply.bold == ["我会这些"]


async def test_a_flood_that_outlasts_every_patience_is_one_line(
    sheep_bot: RunningBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    from telegram import Update

    application = sheep_bot.driver.app
    update = Update.de_json(sheep_bot.stand_in.updates.message(sheep_bot.bob.person, "/help"), application.bot)
    await application.process_error(update, RetryAfter(3))
    sheep_bot.driver.errors.clear()
    assert logged(caplog, logging.ERROR) == []
    [line] = logged(caplog, logging.WARNING)
    assert line.startswith("A message was not answered: Flood control exceeded.")
