"""Loads of another process are noticed, once, and nobody has to ask first."""

from __future__ import annotations

import logging

import pytest

from bot.loading import load_digests
from bot.noticing import Noticing
from store import load
from tests import flock
from tests.bot.admins import CLOVER, CLOVER_AND_THISTLE
from tests.conftest import RunningBot, write_digests


class Told:
    """How often deliveries were told to look."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def load_elsewhere(bot: RunningBot, digest: str) -> None:
    """As `digestbot load` does beside a running bot."""
    write_digests(bot.seeds, {**flock.files(), "june.md": digest})
    load(bot.seeds, bot.services.settings.data)


async def test_a_load_of_another_process_is_noticed_once(own_bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.noticing")
    told = Told()
    noticing = Noticing(own_bot.services, told)
    await noticing.look()
    await noticing.look()
    assert (told.times, caplog.messages) == (0, [])
    load_elsewhere(own_bot, CLOVER)
    await noticing.look()
    await noticing.look()
    assert told.times == 1
    assert caplog.messages == ["Another process loaded: 9 papers, generation 2"]
    load_elsewhere(own_bot, CLOVER_AND_THISTLE)
    await noticing.look()
    assert told.times == 2


async def test_of_our_own_load_only_deliveries_are_told(own_bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.noticing")
    told = Told()
    noticing = Noticing(own_bot.services, told)
    await noticing.look()
    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER})
    await load_digests(own_bot.services, "Somebody")
    await noticing.look()
    assert (told.times, caplog.messages) == (1, [])


async def test_while_we_load_ourselves_it_does_not_look(own_bot: RunningBot) -> None:
    told = Told()
    noticing = Noticing(own_bot.services, told)
    await noticing.look()
    load_elsewhere(own_bot, CLOVER)
    async with own_bot.services.reloading:
        await noticing.look()
    assert told.times == 0
    await noticing.look()
    assert told.times == 1


async def test_the_next_question_sees_the_new_archive_before_it_is_noticed(own_bot: RunningBot) -> None:
    load_elsewhere(own_bot, CLOVER)
    [found] = await own_bot.bob.say("/search clover")
    assert found.text.startswith("Search clover: 1 paper")


async def test_an_archive_that_cannot_be_read_is_logged_once(
    own_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    noticing = Noticing(own_bot.services, Told())
    own_bot.services.archive_.close()
    await noticing.look()
    await noticing.look()
    [message] = caplog.messages
    assert message.startswith("The archive cannot be read: ")
