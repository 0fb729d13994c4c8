"""Fetching Telegram's updates: out of reach it is waited for, in one line a failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from telegram.error import InvalidToken
from telegram.ext import ExtBot

from bot.polling import connect, fetch
from tests.telegram import Fault, StandIn

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Pauses:
    """Takes the pauses that were to be slept, and ends the waiting after some."""

    def __init__(self, ends_after: int = 1000) -> None:
        self.slept: list[float] = []
        self._ends_after = ends_after

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) == self._ends_after:
            raise asyncio.CancelledError


@pytest.fixture
async def bot(stand_in: StandIn) -> AsyncIterator[ExtBot[None]]:
    bot: ExtBot[None] = ExtBot(stand_in.token, request=stand_in.request(), get_updates_request=stand_in.request())
    yield bot
    await bot.shutdown()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert all(record.exc_info is None for record in caplog.records if record.name == "bot.polling")
    return [record.getMessage() for record in caplog.records if record.name == "bot.polling"]


async def test_telegram_is_waited_for_at_start(
    stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.api.fail_next("getMe", Fault.unreachable(), times=2)
    stand_in.api.fail_next("getMe", Fault.bad_gateway())
    pauses = Pauses()
    await connect(bot, sleep=pauses)
    assert bot.username == "digest_test_bot"
    assert pauses.slept == [1.0, 1.5, 2.25]
    assert warnings(caplog)[0] == (
        "Telegram cannot be reached (httpx.ConnectError: All connection attempts failed); trying again in 1 s"
    )
    assert all("\n" not in line and len(line) < 300 for line in warnings(caplog))


async def test_a_webhook_is_taken_down(stand_in: StandIn, bot: ExtBot[None]) -> None:
    stand_in.api.webhook_url = "https://example.org/hook"
    await connect(bot)
    assert stand_in.api.webhook_url == ""


async def test_an_unknown_token_ends_the_start(stand_in: StandIn) -> None:
    bot: ExtBot[None] = ExtBot("1:wrong", request=stand_in.request(), get_updates_request=stand_in.request())
    with pytest.raises(InvalidToken):
        await connect(bot)
    await bot.shutdown()


async def test_updates_arrive_in_order_and_are_confirmed_at_the_end(stand_in: StandIn, bot: ExtBot[None]) -> None:
    await connect(bot)
    ada = stand_in.person()
    for text in ("one", "two"):
        stand_in.api.queue(stand_in.updates.message(ada, text))
    queue: asyncio.Queue[object] = asyncio.Queue()
    fetching = asyncio.create_task(fetch(bot, queue))
    arrived = [await queue.get(), await queue.get()]
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert [update.message.text for update in arrived] == ["one", "two"]  # type: ignore[attr-defined]
    # Telegram would send them again at the next start otherwise.
    assert list(stand_in.api.updates) == []


async def test_pauses_grow_with_failures_up_to_half_a_minute(stand_in: StandIn, bot: ExtBot[None]) -> None:
    await connect(bot)
    stand_in.api.fail_next("getUpdates", Fault.unreachable(), times=12)
    pauses = Pauses(ends_after=12)
    with pytest.raises(asyncio.CancelledError):
        await fetch(bot, asyncio.Queue(), sleep=pauses)
    assert pauses.slept[:3] == [1.0, 1.5, 2.25]
    assert pauses.slept[-1] == 30.0


async def test_a_second_bot_with_the_token_is_named_clearly(
    stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    await connect(bot)
    stand_in.api.fail_next("getUpdates", Fault.refused(409, CONFLICT))
    with pytest.raises(asyncio.CancelledError):
        await fetch(bot, asyncio.Queue(), sleep=Pauses(ends_after=1))
    [line] = warnings(caplog)
    assert line.startswith("Another process fetches this bot's messages, so some never arrive here (")
    assert line.endswith("Only one bot may run with a token: stop the other one.")


async def test_a_pause_that_telegram_asks_for_is_kept(
    stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it, the library warns of its own attribute
    await connect(bot)
    stand_in.api.fail_next("getUpdates", Fault.flood(7))
    pauses = Pauses(ends_after=1)
    with pytest.raises(asyncio.CancelledError):
        await fetch(bot, asyncio.Queue(), sleep=pauses)
    assert pauses.slept == [7.0]
    assert warnings(caplog) == ["Telegram asks for a pause of 7 s"]


async def test_a_request_that_timed_out_is_asked_again_at_once(
    stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await connect(bot)
    stand_in.api.fail_next("getUpdates", Fault.silence(accepted=False))
    pauses = Pauses(ends_after=1)
    with pytest.raises(asyncio.CancelledError):
        await fetch(bot, asyncio.Queue(), sleep=pauses)
    assert pauses.slept == [0.0]
    assert warnings(caplog) == []


async def test_a_token_withdrawn_while_running_ends_the_bot(stand_in: StandIn, bot: ExtBot[None]) -> None:
    await connect(bot)
    stand_in.api.token = "1:another"
    with pytest.raises(InvalidToken):
        await fetch(bot, asyncio.Queue())


async def test_an_answer_that_makes_no_sense_is_no_end(
    stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    await connect(bot)
    nonsense = b'{"ok": true, "result": [{"update_id": 5, "message": {"text": "my secret", "date": "yesterday"}}]}'
    stand_in.api.fail_next("getUpdates", Fault(status=200, body=nonsense, content_type="application/json"))
    with pytest.raises(asyncio.CancelledError):
        await fetch(bot, asyncio.Queue(), sleep=Pauses(ends_after=1))
    told, retried = warnings(caplog)
    assert told.startswith("An answer of Telegram's made no sense:\n")
    assert retried == "Telegram cannot be reached (its answer made no sense); trying again in 1 s"
    assert "my secret" not in told
