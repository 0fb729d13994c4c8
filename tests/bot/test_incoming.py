"""An update that cannot be read is passed over, and those around it arrive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from telegram.ext import ExtBot

from bot.incoming import UpdatesTransport
from bot.polling import connect, fetch
from tests.telegram import Fault, StandIn


@pytest.fixture
async def bot(stand_in: StandIn) -> AsyncIterator[ExtBot[None]]:
    bot: ExtBot[None] = ExtBot(
        stand_in.token, request=stand_in.request(), get_updates_request=UpdatesTransport(stand_in.request())
    )
    await connect(bot)
    yield bot
    await bot.shutdown()


@pytest.mark.parametrize("date", ["yesterday", 10**12, 10**18, 10**400])
async def test_what_stands_around_an_update_that_cannot_be_read_arrives(
    date: object, stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    ada = stand_in.person()
    before, broken, after = (stand_in.updates.message(ada, text) for text in ("before", "my secret", "after"))
    broken["message"]["date"] = date
    for update in (before, broken, after):
        stand_in.api.queue(update)
    queue: asyncio.Queue[object] = asyncio.Queue()
    fetching = asyncio.create_task(fetch(bot, queue))
    arrived = [await queue.get() for _ in range(3)]
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    texts = [update.message and update.message.text for update in arrived]  # type: ignore[attr-defined]
    assert texts == ["before", None, "after"]
    assert list(stand_in.api.updates) == []  # it does not come again
    [line] = caplog.messages
    assert line.startswith(f"Update {broken['update_id']} cannot be read and is passed over:\n")
    assert "my secret" not in line
    assert "yesterday" not in line


@pytest.mark.parametrize("result", [b"[]", b"[7]", b'[{"message": {}}]', b"{}", b"null"])
async def test_an_answer_without_updates_stays_as_it_is(result: bytes, stand_in: StandIn) -> None:
    answer = b'{"ok": true, "result": ' + result + b"}"
    stand_in.api.fail_next("getUpdates", Fault(status=200, body=answer, content_type="application/json"))
    request = UpdatesTransport(stand_in.request())
    assert await request.do_request(f"https://example.org/bot{stand_in.token}/getUpdates", "POST") == (200, answer)
