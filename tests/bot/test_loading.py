"""Loading while the bot answers: one load at a time, counted, undone where it fails, given up when the bot stops."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from contextlib import nullcontext

import pytest

from bot.loading import AlreadyLoading, LoadStopped, load_digests, preview_load
from bot.uploads import PutFiles
from store import Archive, LoadError
from tests import flock
from tests.bot.admins import CLOVER, another_writer, kept, until
from tests.conftest import RunningBot, write_digests


def loads(bot: RunningBot) -> dict[str, float]:
    """How many loads were counted, by outcome."""
    [metric] = [each for each in bot.services.stats.registry.collect() if each.name == "digestbot_loads"]
    return {each.labels["outcome"]: each.value for each in metric.samples if each.name.endswith("_total")}


async def test_a_load_is_counted_and_logged(own_bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.loading")
    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER, "notes.txt": "no digest"})
    report = await load_digests(own_bot.services, "SIGHUP")
    assert report.added == 1
    assert loads(own_bot) == {"done": 1.0}
    assert caplog.messages[0].startswith(
        "SIGHUP loaded: 9 papers, 1 added, 0 changed, 0 removed, 1 of 4 files refused, "
    )


async def test_afterwards_the_new_archive_is_open_and_known(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER})
    before = await own_bot.services.archive(lambda archive: archive.generation)
    await load_digests(own_bot.services, "Somebody")
    assert own_bot.services.loaded_generation == before + 1
    assert await own_bot.services.archive(Archive.count) == 9


@pytest.mark.parametrize("fails", [False, True])
async def test_meanwhile_the_garbage_collector_halts_no_answer(own_bot: RunningBot, fails: bool) -> None:
    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER})
    collecting: list[bool] = []

    def progress(done: int, total: int, name: str) -> None:
        collecting.append(gc.isenabled())
        if fails:
            raise LoadStopped

    with pytest.raises(LoadStopped) if fails else nullcontext():
        await load_digests(own_bot.services, "Somebody", progress=progress)
    assert set(collecting) == {False}
    assert gc.isenabled()


async def test_a_second_load_is_refused(own_bot: RunningBot) -> None:
    with another_writer(own_bot):
        first = asyncio.create_task(load_digests(own_bot.services, "One"))
        await until(own_bot.services.reloading.locked)
        with pytest.raises(AlreadyLoading):
            await load_digests(own_bot.services, "Another")
    await first


async def test_a_load_that_fails_undoes_what_was_done_to_the_folder(
    own_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    own_bot.seeds.rename(own_bot.seeds.with_name("elsewhere"))
    change = PutFiles(own_bot.services.uploads.shelf, {"june.md": CLOVER.encode()})
    with pytest.raises(LoadError):
        await load_digests(own_bot.services, "User 99", change=change)
    assert kept(own_bot) == {}
    assert loads(own_bot) == {"failed": 1.0}
    assert caplog.messages[0].startswith("User 99 loaded in vain: There is no folder ")


async def test_a_load_that_fails_is_kept_for_status(own_bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    own_bot.seeds.rename(own_bot.seeds.with_name("elsewhere"))
    with pytest.raises(LoadError):
        await load_digests(own_bot.services, "SIGHUP")
    [failure] = own_bot.services.chats_.failures(own_bot.services.today())
    assert (failure.kind, failure.count) == ("LoadError in load", 1)
    assert failure.reference in caplog.text
    [status] = await own_bot.admin.say("/status")
    assert f"LoadError in load, reference {failure.reference}" in status.text


async def test_when_the_bot_stops_a_load_is_given_up(own_bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.loading")
    begun, stop = threading.Event(), threading.Event()

    def progress(done: int, total: int, name: str) -> None:
        begun.set()
        stop.wait(10)

    write_digests(own_bot.seeds, {**flock.files(), "june.md": CLOVER})
    change = PutFiles(own_bot.services.uploads.shelf, {"july.md": CLOVER.encode()})
    loading = asyncio.create_task(load_digests(own_bot.services, "User 99", progress=progress, change=change))
    await until(begun.is_set)
    own_bot.services.stopping.set()
    stop.set()
    with pytest.raises(LoadStopped):
        await loading
    assert caplog.messages == ["A load was given up, since the bot is stopping; the archive is as it was"]
    assert await own_bot.services.archive(Archive.count) == 8
    assert kept(own_bot) == {}


async def test_the_admin_is_told_that_it_was_given_up(own_bot: RunningBot) -> None:
    own_bot.services.stopping.set()
    report = (await own_bot.admin.say("/reload"))[-1]
    assert report.text == "The bot is being stopped, so the load was given up.\nThe archive is as it was."


async def test_a_preview_waits_for_a_load_and_changes_nothing(own_bot: RunningBot) -> None:
    with another_writer(own_bot):
        loading = asyncio.create_task(load_digests(own_bot.services, "Somebody"))
        await until(own_bot.services.writing_archive.locked)
        looking = asyncio.create_task(preview_load(own_bot.services, put={"june.md": CLOVER.encode()}))
    await loading
    report = await looking
    assert (report.added, report.papers) == (1, 9)
    assert await own_bot.services.archive(Archive.count) == 8
