"""/remove FILE: asked twice, never of the seeds, and for good."""

from __future__ import annotations

import asyncio

import pytest

from tests import flock
from tests.bot.admins import CLOVER, CLOVER_AND_THISTLE, another_writer, kept, until, upload
from tests.conftest import RunningBot, write_digests
from tests.digests import weekly_digest, weekly_entry


async def test_it_asks_and_tells_what_would_go(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER_AND_THISTLE)
    [asked] = await own_bot.admin.say("/remove june.md")
    assert asked.text.splitlines() == [
        "Remove june.md for good? I keep no other copy.",
        "Papers that go with it: 2.",
        "",
        "− Clover",
        "− Thistle",
    ]
    assert asked.button_texts == [["Remove", "Leave it"]]
    assert kept(own_bot) == {"june.md": CLOVER_AND_THISTLE}


async def test_then_it_removes_and_reports(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [asked] = await own_bot.admin.say("/remove june.md")
    report = (await own_bot.admin.press("Remove"))[-1]
    assert report.message_id == asked.message_id
    assert report.text.splitlines()[1:] == [
        "Papers added: 0, changed: 0, removed: 1.",
        "",
        "june.md: no longer in the folder; papers −1",
        "2 files unchanged",
        "",
        "− Clover",
    ]
    assert kept(own_bot) == {}
    [missing] = await own_bot.bob.say("/search clover")
    assert missing.text.startswith("Nothing found for clover.")


async def test_or_leaves_it(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    await own_bot.admin.say("/remove june.md")
    [left] = await own_bot.admin.press("Leave it")
    assert (left.text, left.buttons) == ("june.md stays.", [])
    assert kept(own_bot) == {"june.md": CLOVER}


async def test_a_button_pressed_again_finds_nothing(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [asked] = await own_bot.admin.say("/remove june.md")
    await own_bot.admin.press(asked.button("Remove"))
    [note] = await own_bot.admin.press(asked.button("Remove"))
    assert note.text == "This file is gone, or another one by now. /files lists what there is."


async def test_an_old_button_does_not_remove_what_replaced_the_file(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [asked] = await own_bot.admin.say("/remove june.md")
    (own_bot.services.settings.data / "digests" / "june.md").write_text(CLOVER_AND_THISTLE, encoding="utf-8")
    [note] = await own_bot.admin.press(asked.button("Remove"))
    assert note.text.startswith("This file is gone, or another one by now.")
    assert kept(own_bot) == {"june.md": CLOVER_AND_THISTLE}


async def test_a_paper_that_another_file_has_as_well_only_loses_something(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", flock.weekly("2505.00001") + "\n更多。")
    [asked] = await own_bot.admin.say("/remove june.md")
    assert asked.text.splitlines()[1:] == [
        "Papers that go with it: 0; that keep only what other files say: 1.",
        "",
        "~ Woolly: Shearing Sheep with Language Models",
    ]


@pytest.mark.parametrize("written", ["JUNE.MD", "june", " june.md "])
async def test_case_and_suffix_may_be_left_out(own_bot: RunningBot, written: str) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [asked] = await own_bot.admin.say(f"/remove {written}")
    assert asked.text.startswith("Remove june.md for good?")


async def test_a_file_of_the_seeds_is_removed_there(own_bot: RunningBot) -> None:
    [reply] = await own_bot.admin.say(f"/remove {flock.MAY}")
    assert reply.text == "2025-05-weekly.md belongs to the seeds folder: delete it there, then /reload."


async def test_of_an_unknown_name_the_nearest_are_offered(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [reply] = await own_bot.admin.say("/remove jnue.md")
    assert reply.text == "There is no uploaded file jnue.md.\nDid you mean june.md?"
    [asked] = await own_bot.admin.press("✕ june.md")
    assert asked.text.startswith("Remove june.md for good?")
    [reply] = await own_bot.admin.say("/remove ../../chats.db")
    assert reply.text == "There is no uploaded file ../../chats.db.\n/files lists what there is."


async def test_of_a_part_of_names_those_that_have_it_are_offered(own_bot: RunningBot) -> None:
    for name in ("2025-06-a.md", "2025-06-b.md", "2025-07-a.md"):
        await upload(own_bot, name, weekly_digest(weekly_entry(name, "羊", "", name)))
    [reply] = await own_bot.admin.say("/remove 2025-06")
    assert reply.button_texts == [["✕ 2025-06-a.md"], ["✕ 2025-06-b.md"]]


async def test_the_only_file_there_is_stays(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    write_digests(own_bot.seeds, {})
    [reply] = await own_bot.admin.say("/remove june.md")
    assert reply.text == "june.md is the only digest file there is, and the archive needs one. Add another one first."
    assert reply.buttons == []
    await upload(own_bot, "july.md", CLOVER_AND_THISTLE)
    await own_bot.admin.say("/remove june.md")
    await own_bot.admin.press("Remove")
    assert set(kept(own_bot)) == {"july.md"}


async def test_without_a_name_it_tells_how(own_bot: RunningBot) -> None:
    [reply] = await own_bot.admin.say("/remove")
    assert reply.text == "Add the name of an uploaded file, for example: /remove 2025-05-weekly.md\n/files lists them."


async def test_a_file_that_was_never_used_goes_without_papers(own_bot: RunningBot) -> None:
    folder = own_bot.services.settings.data / "digests"
    folder.mkdir()
    (folder / "notes.txt").write_text("no digest", encoding="utf-8")
    (folder / flock.MAY).write_text(CLOVER, encoding="utf-8")
    for name in ("notes.txt", flock.MAY):
        [asked] = await own_bot.admin.say(f"/remove {name}")
        assert asked.text.splitlines() == [
            f"Remove {name} for good? I keep no other copy.",
            "The archive has nothing of it, so no paper goes with it.",
        ]
    report = (await own_bot.admin.press("Remove"))[-1]
    assert "removed: 0." in report.text
    assert (own_bot.seeds / flock.MAY).exists()


async def test_where_the_load_fails_the_file_stays(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    await own_bot.admin.say("/remove june.md")
    own_bot.seeds.rename(own_bot.seeds.with_name("elsewhere"))
    failed = (await own_bot.admin.press("Remove"))[-1]
    assert failed.text.startswith("The load failed: There is no folder ")
    assert kept(own_bot) == {"june.md": CLOVER}


async def test_while_a_load_runs_nothing_is_removed(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [asked] = await own_bot.admin.say("/remove june.md")
    with another_writer(own_bot):
        update = own_bot.stand_in.updates.message(own_bot.admin.person, "/reload")
        reloading = asyncio.create_task(own_bot.driver.process(update))
        await until(lambda: own_bot.services.reloading.locked())
        [note] = await own_bot.admin.press(asked.button("Remove"))
    await reloading
    assert note.text == "A load is running already. Please wait until it is done."
    assert kept(own_bot) == {"june.md": CLOVER}


@pytest.mark.parametrize("command", ["/files", "/remove june.md", "/reload"])
async def test_readers_are_refused(own_bot: RunningBot, command: str) -> None:
    [reply] = await own_bot.bob.say(command)
    assert reply.text == "Sorry, this is for the admins of the bot only."
