"""SIGHUP loads the digest files; the log has the report."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.hangup import load_on_hangup, loading_on_hangup
from store import Archive, load
from tests import flock
from tests.bot.admins import CLOVER, CLOVER_AND_THISTLE, another_writer, until
from tests.conftest import RunningBot, write_digests
from tests.telegram import StandIn


@pytest.fixture(autouse=True)
def hangup_as_it_was() -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


async def test_a_sighup_loads_and_the_log_names_refused_files(
    own_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.loading")
    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER, "notes.txt": ""})
    async with loading_on_hangup(own_bot.services):
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: len(caplog.messages) == 2)
    assert caplog.messages[0].startswith("SIGHUP loaded: 9 papers, 1 added, ")
    assert caplog.records[1].levelno == logging.WARNING
    assert caplog.messages[1] == ("notes.txt cannot be used: The file is empty; put a digest into it or remove it.")


async def test_a_second_one_is_told_that_a_load_is_running(
    own_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    with another_writer(own_bot):
        first = asyncio.create_task(load_on_hangup(own_bot.services))
        await until(own_bot.services.reloading.locked)
        await load_on_hangup(own_bot.services)
        assert caplog.messages == ["SIGHUP: a load is running already"]
    await first


async def test_a_load_that_fails_is_one_line(own_bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    write_digests(own_bot.seeds, {})
    await load_on_hangup(own_bot.services)
    [message] = caplog.messages
    assert message.startswith("SIGHUP loaded in vain: The folder ")


async def test_leaving_gives_up_a_load_and_ignores_later_signals(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER})
    async with loading_on_hangup(own_bot.services):
        with another_writer(own_bot):
            os.kill(os.getpid(), signal.SIGHUP)
            await until(own_bot.services.reloading.locked)
            own_bot.services.stopping.set()
    os.kill(os.getpid(), signal.SIGHUP)
    assert await own_bot.services.archive(Archive.count) == 8


def test_watchers_are_told_at_once_of_a_sighup_and_of_a_load_beside_the_bot(stand_in: StandIn, tmp_path: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    seeds = tmp_path / "seeds"
    write_digests(seeds, flock.files())
    with (
        stand_in.serve() as server,
        stand_in.live_bot(server, tmp_path, environment={"DIGESTBOT_SEEDS": str(seeds)}) as bot,
    ):
        for word in ("clover", "thistle"):
            bot.say(bob, f"/watch {word}")
        [listed] = bot.say(bob, "/watches")
        for number in (1, 2):
            [listed] = bot.press(bob, f"{number}: at once", listed)
        write_digests(seeds, {**flock.files(), "june.md": CLOVER})
        since = len(stand_in.api.calls)
        bot.hang_up()
        [told] = bot.wait_for_replies(1, since=since)
        assert "Clover" in told.text
        assert "SIGHUP loaded: 9 papers, 1 added" in bot.output
        write_digests(seeds, {**flock.files(), "june.md": CLOVER_AND_THISTLE})
        since = len(stand_in.api.calls)
        load(seeds, tmp_path / "data")
        [told] = bot.wait_for_replies(1, since=since)
        assert "Thistle" in told.text
        assert "Another process loaded: 10 papers, generation 3" in bot.output
        assert bot.stop() == 0
