"""`/healthz`: well only while updates arrive and both databases answer, and else what is wrong, in few words."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from telegram.ext import ExtBot

from bot.contact import Contact
from bot.polling import Polling, fetch
from bot.settings import Listen
from bot.web.health import Databases, NoAnswer
from bot.web.monitor import monitor_application, monitored
from bot.web.server import address, bound, serving
from tests.conftest import RunningBot
from tests.monitoring import Source
from tests.telegram import StandIn


@pytest.fixture
def updates() -> Source:
    return Source()


@pytest.fixture
def databases(sheep_bot: RunningBot) -> Iterator[Databases]:
    databases = Databases(sheep_bot.services)
    yield databases
    databases.close()


@pytest.fixture
async def client(sheep_bot: RunningBot, updates: Source, databases: Databases) -> AsyncIterator[httpx.AsyncClient]:
    with bound(Listen("127.0.0.1", 0), "DIGESTBOT_MONITOR") as listening:
        application = monitor_application(sheep_bot.services, updates, databases)
        url = f"http://{address(listening)}"
        async with serving(application, listening), httpx.AsyncClient(base_url=url, trust_env=False) as client:
            yield client


async def test_all_is_well(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.json() == {"status": "ok", "checks": {"telegram": "ok", "archive": "ok", "chats": "ok"}}
    head = await client.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")


async def test_no_updates(client: httpx.AsyncClient, updates: Source) -> None:
    updates.why = "Telegram was not reached yet"
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "checks": {"telegram": "Telegram was not reached yet", "archive": "ok", "chats": "ok"},
    }


async def test_a_database_that_cannot_be_read(client: httpx.AsyncClient, sheep_bot: RunningBot) -> None:
    sheep_bot.services.chats_.close()
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "telegram": "ok",
        "archive": "ok",
        "chats": "chats.db cannot be read: Cannot operate on a closed database.",
    }


async def test_a_chats_db_that_somebody_deleted(client: httpx.AsyncClient, tmp_path: Path) -> None:
    chats = tmp_path / "chats.db"
    aside = chats.rename(chats.with_name("aside.db"))
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()["checks"]["chats"]) == (
        503,
        "chats.db was deleted or replaced while the bot runs, and what it is told is lost when it ends: stop it and "
        "restore a backup",
    )
    aside.rename(chats)
    assert (await client.get("/healthz")).status_code == 200


async def test_a_full_disk(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=3_000_000))
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()["checks"]["chats"]) == (
        503,
        "the disk is full, or nearly so (3 MB are free): what is told may not be kept",
    )


async def test_a_database_that_hangs_is_not_waited_for_and_does_not_hang_the_other(sheep_bot: RunningBot) -> None:
    databases, goes_on = Databases(sheep_bot.services, patience=0.05), threading.Event()
    try:
        for _ in range(2):  # whoever comes later finds its thread taken
            with pytest.raises(NoAnswer, match=r"^archive\.db did not answer within 0\.05 s$"):
                await databases.archive(lambda archive: goes_on.wait())
        assert await databases.chats(lambda chats: chats.count_subscribed()) == 0
    finally:
        goes_on.set()
    assert await databases.archive(lambda archive: archive.count()) == 8
    databases.close()


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 404), ("GET", "/healthz/", 404), ("POST", "/healthz", 405)]
)
async def test_there_is_nothing_else(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.content) == (status, b"")
    assert "Server" not in answer.headers


async def test_monitoring_may_be_off(sheep_bot: RunningBot, updates: Source) -> None:
    before = threading.active_count()
    async with monitored(None, sheep_bot.services, updates):
        assert threading.active_count() == before


async def test_while_polling_updates_arrive_as_long_as_telegram_answers(stand_in: StandIn) -> None:
    seconds = [0.0]
    bot: ExtBot[None] = ExtBot(stand_in.token, request=stand_in.request(), get_updates_request=stand_in.request())
    polling = Polling(bot, Contact(lambda: seconds[0]))
    assert polling.fault() == "Telegram was not reached yet"
    await polling.connect()
    seconds[0] = 90.0
    assert polling.fault() is None
    seconds[0] = 91.0
    assert polling.fault() == "Telegram has answered no request for updates for 91 s"
    stand_in.api.queue(stand_in.updates.message(stand_in.person(), "hello"))
    arrived: asyncio.Queue[object] = asyncio.Queue()
    fetching = asyncio.create_task(fetch(bot, arrived, polling.contact))
    await arrived.get()
    assert polling.fault() is None
    fetching.cancel()
    await asyncio.wait({fetching})
    await bot.shutdown()
