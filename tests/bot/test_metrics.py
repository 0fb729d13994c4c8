"""`/metrics`: what the process counted and how things stand, as Prometheus reads it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.contact import Contact
from bot.settings import Listen
from bot.version import version
from bot.web.monitor import monitored
from tests.conftest import ROOT, RunningBot
from tests.monitoring import Source


@pytest.fixture
def updates() -> Source:
    seconds = iter([100.0, 107.0, 109.0])
    return Source(contact=Contact(lambda: next(seconds)))


@pytest.fixture
async def client(
    sheep_bot: RunningBot, updates: Source, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[httpx.AsyncClient]:
    caplog.set_level("INFO", "bot.web.monitor")
    async with monitored(Listen("127.0.0.1", 0), sheep_bot.services, updates):
        [url] = [line.rpartition(" ")[2] for line in caplog.messages if line.startswith("Health and metrics are at")]
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            yield client


async def test_every_metric_is_documented(client: httpx.AsyncClient, sheep_bot: RunningBot, updates: Source) -> None:
    updates.pending = 0
    await updates.connect()
    documented = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    names = {name for name, *_ in await scrape(client)}
    ours = {re.sub("_(bucket|count|sum|created)$", "", name) for name in names if name.startswith("digestbot_")}
    assert {name for name in ours if f"`{name}" not in documented} == set()


async def scrape(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    """Every value, by its name and its labels' values."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(answer.text))
    assert len({family.name for family in families}) == len(families)
    assert all(family.documentation for family in families)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


async def test_how_things_stand(client: httpx.AsyncClient, updates: Source) -> None:
    await updates.connect()
    values = await scrape(client)
    assert values["digestbot_papers",] == 8
    assert values["digestbot_archive_generation",] == 1
    assert values["digestbot_subscriptions",] == 0
    assert values["digestbot_info", version() or ""] == 1
    assert values["digestbot_telegram_silence_seconds",] == 7
    assert values["digestbot_healthy", "telegram"] == 1
    assert values["digestbot_healthy", "archive"] == 1
    assert values["digestbot_healthy", "chats"] == 1
    assert values["process_open_fds",] > 0
    assert ("digestbot_pending_updates",) not in values  # nobody tells while updates are fetched
    updates.pending = 3
    assert (await scrape(client))["digestbot_pending_updates",] == 3


async def test_what_the_process_did_is_counted(client: httpx.AsyncClient, sheep_bot: RunningBot) -> None:
    before = await scrape(client)
    assert ("digestbot_updates_total", "message") not in before
    await sheep_bot.bob.say("/search sheep")
    await sheep_bot.bob.say("What shearing rate does Woolly reach?")
    values = await scrape(client)
    assert values["digestbot_updates_total", "message"] == 2
    assert values["digestbot_answer_seconds_count",] == 2
    assert values["digestbot_answer_seconds_bucket", "60.0"] == 2


async def test_a_database_that_does_not_answer_is_left_out(client: httpx.AsyncClient, sheep_bot: RunningBot) -> None:
    sheep_bot.services.chats_.close()
    values = await scrape(client)
    assert ("digestbot_subscriptions",) not in values
    assert values["digestbot_healthy", "chats"] == 0
    assert values["digestbot_papers",] == 8


async def test_a_subscription_is_counted(client: httpx.AsyncClient, sheep_bot: RunningBot) -> None:
    await sheep_bot.bob.say("/subscribe 08:30")
    assert (await scrape(client))["digestbot_subscriptions",] == 1


async def test_nothing_people_wrote_is_told(client: httpx.AsyncClient, sheep_bot: RunningBot) -> None:
    await sheep_bot.bob.say("something rather private")
    assert "private" not in (await client.get("/metrics")).text
