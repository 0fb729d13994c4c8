"""Digest files that an admin sends: shown with what they would change, then kept or discarded."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from telegram import Update

from bot.chats import Chats
from bot.uploads import EXPIRY, Uploads, expire
from store import Intake, take_in
from tests import flock
from tests.bot.admins import (
    CLOVER,
    CLOVER_AND_THISTLE,
    UNTITLED,
    another_writer,
    kept,
    send,
    until,
    upload,
    waiting,
    zipped,
)
from tests.conftest import RunningBot
from tests.telegram import Fault

AFTER_A_WHILE = timedelta(seconds=11)


async def test_a_file_is_shown_with_what_it_would_change_and_changes_nothing(own_bot: RunningBot) -> None:
    reading, shown = await send(own_bot.admin, "june.md", UNTITLED)
    assert reading.text == "Reading june.md…"
    assert shown.message_id == reading.message_id
    assert shown.text.splitlines() == [
        "1 file to keep? Nothing is changed yet.",
        "Papers it would add: 1, change: 0, remove: 0.",
        "",
        "june.md (weekly): 1 entry",
        "  line 6: This entry has no title, so it is left out; write one after '##'.",
        "",
        "+ Clover",
    ]
    assert shown.button_texts == [["Keep", "Discard"]]
    [missing] = await own_bot.bob.say("/search clover")
    assert missing.text.startswith("Nothing found for clover.")
    assert kept(own_bot) == {}


async def test_kept_it_is_loaded_and_readers_find_it(own_bot: RunningBot) -> None:
    await send(own_bot.admin, "june.md", CLOVER)
    report = (await own_bot.admin.press("Keep"))[-1]
    assert report.text.splitlines()[1:4] == [
        "Papers added: 1, changed: 0, removed: 0.",
        "",
        "june.md (weekly): new, 1 entry; papers +1",
    ]
    assert report.buttons == []
    assert kept(own_bot) == {"june.md": CLOVER}
    assert waiting(own_bot) == []
    [found] = await own_bot.bob.say("/search clover")
    assert found.text.startswith("Search clover: 1 paper")


async def test_discarded_it_is_deleted(own_bot: RunningBot) -> None:
    await send(own_bot.admin, "june.md", CLOVER)
    [gone] = await own_bot.admin.press("Discard")
    assert gone.text == "Discarded. Nothing was changed."
    assert gone.buttons == []
    assert (kept(own_bot), waiting(own_bot)) == ({}, [])


async def test_a_second_tap_is_told_that_it_is_over(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    keep, discard = shown.all_buttons
    await own_bot.admin.press(keep)
    for button in (keep, discard):
        [note] = await own_bot.admin.press(button)
        assert note.method == "answerCallbackQuery"
        assert note.text == "These files are gone: they were kept or discarded, or nobody decided within a day."
    assert kept(own_bot) == {"june.md": CLOVER}


async def test_taps_at_once_load_once(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    keep, discard = (button.data or "" for button in shown.all_buttons)
    taps = [own_bot.stand_in.updates.press(own_bot.admin.person, shown.message, data) for data in (keep, keep, discard)]
    mark = len(own_bot.driver.api.calls)
    process = own_bot.driver.app.process_update
    await asyncio.gather(*(process(Update.de_json(tap, own_bot.driver.app.bot)) for tap in taps))
    own_bot.driver.check()
    notes = [reply.text for reply in own_bot.driver.replies_since(mark) if reply.method == "answerCallbackQuery"]
    assert notes == ["A load is running already. Please wait until it is done."] * 2
    assert kept(own_bot) == {"june.md": CLOVER}
    assert own_bot.services.uploads.keeping == set()


async def test_the_files_of_an_album_share_a_message(own_bot: RunningBot) -> None:
    files = {"june.md": CLOVER.encode(), "notes.txt": b"no digest", "more.txt": b"none either"}
    replies = [
        (await own_bot.admin.process(update))[-1]
        for update in own_bot.stand_in.updates.album(own_bot.admin.person, files)
    ]
    assert len({reply.message_id for reply in replies}) == 1
    lines = replies[-1].text.splitlines()
    assert lines[0] == "1 file to keep? Nothing is changed yet."
    assert lines[3].startswith("notes.txt, more.txt cannot be used: The file is in no layout that is known: ")
    assert lines[4:] == ["june.md (weekly): 1 entry", "", "+ Clover"]
    # What cannot be used is not kept for later.
    assert [path.name for path in waiting(own_bot)] == ["june.md"]


async def test_so_do_files_that_come_within_ten_seconds_and_later_ones_do_not(own_bot: RunningBot) -> None:
    first = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    own_bot.clock.time += timedelta(seconds=9)
    second = (await send(own_bot.admin, "july.md", CLOVER_AND_THISTLE))[-1]
    own_bot.clock.time += AFTER_A_WHILE
    third = (await send(own_bot.admin, "august.md", CLOVER + "更多。"))[-1]
    assert first.message_id == second.message_id != third.message_id
    assert second.text.startswith("2 files to keep?")
    assert third.text.startswith("1 file to keep?")


async def test_a_file_that_takes_long_to_read_stays_in_the_message_it_began(
    own_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_in_slowly(name: str, data: bytes) -> Intake:
        own_bot.clock.time += AFTER_A_WHILE
        return take_in(name, data)

    monkeypatch.setattr("bot.handlers.uploads.take_in", take_in_slowly)
    reading, shown = await send(own_bot.admin, "june.md", CLOVER)
    assert shown.message_id == reading.message_id
    assert shown.text.startswith("1 file to keep?")


async def test_files_that_come_at_once_are_all_in_it(own_bot: RunningBot) -> None:
    files = {f"{number}.md": (CLOVER + "更" * number).encode() for number in range(10)}
    updates = own_bot.stand_in.updates.album(own_bot.admin.person, files)
    await asyncio.gather(*map(own_bot.admin.process, updates))
    assert own_bot.admin.last.text.startswith("10 files to keep?")
    assert len({reply.message_id for reply in own_bot.admin.replies}) == 1


async def test_each_of_two_uploads_that_are_read_at_once_is_shown(
    own_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=10)

    def take_in_together(name: str, data: bytes) -> Intake:
        both.wait()
        return take_in(name, data)

    monkeypatch.setattr("bot.handlers.uploads.take_in", take_in_together)
    first = asyncio.create_task(send(own_bot.admin, "june.md", CLOVER))
    await until(lambda: both.n_waiting)
    own_bot.clock.time += AFTER_A_WHILE
    await asyncio.gather(first, send(own_bot.admin, "july.md", CLOVER_AND_THISTLE))
    texts = {reply.message_id: reply.text for reply in own_bot.admin.replies}
    assert [text.splitlines()[0] for text in texts.values()] == ["1 file to keep? Nothing is changed yet."] * 2


async def test_while_many_files_are_read_readers_are_answered(
    own_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    begun: list[str] = []

    def take_in_slowly(name: str, data: bytes) -> Intake:
        begun.append(name)
        done.wait(10)
        return take_in(name, data)

    monkeypatch.setattr("bot.handlers.uploads.take_in", take_in_slowly)
    files = {f"{number}.md": CLOVER.encode() for number in range(10)}
    updates = own_bot.stand_in.updates.album(own_bot.admin.person, files)
    process, bot = own_bot.driver.app.process_update, own_bot.driver.app.bot
    reading = asyncio.gather(*(process(Update.de_json(update, bot)) for update in updates))
    await until(lambda: len(begun) == 2)
    await asyncio.sleep(0.1)
    assert len(begun) == 2
    question = own_bot.stand_in.updates.message(own_bot.bob.person, "/help")
    async with asyncio.timeout(8):
        await process(Update.de_json(question, bot))
    assert not done.is_set()
    done.set()
    await reading


async def test_a_zip_file_is_unpacked(own_bot: RunningBot) -> None:
    content = zipped({"../../june.md": CLOVER, "sub/picture.png": "x", "__MACOSX/june.md": "x"})
    shown = (await send(own_bot.admin, "all.zip", content))[-1]
    assert "picture.png cannot be used: Digests are .txt, .md or .pdf files" in shown.text
    await own_bot.admin.press("Keep")
    assert kept(own_bot) == {"june.md": CLOVER}


async def test_of_a_pdf_its_text_is_kept(own_bot: RunningBot) -> None:
    content = io.BytesIO()
    page = Canvas(content)
    lines = ["## Clover", "[Clover](https://arxiv.org/abs/2506.00001)", "Sheep eat clover."]
    for number, line in enumerate(lines):
        page.drawString(50, 700 - 20 * number, line)
    page.save()
    shown = (await send(own_bot.admin, "june.pdf", content.getvalue()))[-1]
    assert shown.text.splitlines()[3:] == ["june.txt (weekly): 1 entry", "", "+ Clover"]
    await own_bot.admin.press("Keep")
    assert kept(own_bot)["june.txt"].split("\n")[:3] == lines


async def test_a_name_that_an_uploaded_file_has_may_be_replaced(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    own_bot.clock.time += AFTER_A_WHILE
    shown = (await send(own_bot.admin, "june.md", CLOVER_AND_THISTLE))[-1]
    assert "Papers that replacing would add: 1, change: 0, remove: 0." in shown.text
    assert "june.md (weekly): 2 entries; there is an uploaded file of this name" in shown.text
    assert shown.button_texts == [["Replace", "Keep both"], ["Discard"]]
    report = (await own_bot.admin.press("Replace"))[-1]
    assert "june.md (weekly): changed, 2 entries" in report.text
    assert kept(own_bot) == {"june.md": CLOVER_AND_THISTLE}


async def test_or_both_are_kept(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    own_bot.clock.time += AFTER_A_WHILE
    await send(own_bot.admin, "june.md", CLOVER_AND_THISTLE)
    await own_bot.admin.press("Keep both")
    assert kept(own_bot) == {"june.md": CLOVER, "june-2.md": CLOVER_AND_THISTLE}


async def test_a_file_of_the_seeds_is_never_in_the_way(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, flock.MAY, CLOVER))[-1]
    assert shown.text.splitlines()[3:5] == [
        "2025-05-weekly-2.md (weekly): 1 entry",
        "  its own name, 2025-05-weekly.md, is taken",
    ]
    assert shown.button_texts == [["Keep", "Discard"]]
    await own_bot.admin.press("Keep")
    assert kept(own_bot) == {"2025-05-weekly-2.md": CLOVER}
    assert (own_bot.seeds / flock.MAY).read_text(encoding="utf-8") == flock.weekly()


async def test_what_came_meanwhile_under_the_name_is_not_overwritten_unasked(own_bot: RunningBot) -> None:
    first = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    own_bot.clock.time += AFTER_A_WHILE
    await upload(own_bot, "june.md", CLOVER_AND_THISTLE)
    shown = (await own_bot.admin.press(first.button("Keep")))[-1]
    assert shown.button_texts == [["Replace", "Keep both"], ["Discard"]]
    assert kept(own_bot) == {"june.md": CLOVER_AND_THISTLE}


async def test_a_file_that_is_there_already_is_said_to_be(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "copy.md", flock.weekly()))[-1]
    assert shown.text.splitlines() == [
        "Nothing to keep.",
        "",
        "copy.md: in the archive already, byte for byte, as 2025-05-weekly.md",
    ]
    assert shown.buttons == []


async def test_a_chinese_admin_reads_chinese(own_bot: RunningBot) -> None:
    await own_bot.admin.say("/language zh")
    reading, shown = await send(own_bot.admin, "六月.md", CLOVER)
    assert reading.text == "正在读取 六月.md……"
    assert shown.text.splitlines() == [
        "要保留这 1 个文件吗？目前还没有任何改动。",
        "保留后将新增 1 篇，更新 0 篇，移除 0 篇。",
        "",
        "六月.md（weekly）：1 条",
        "",
        "＋ Clover",
    ]
    assert shown.button_texts == [["保留", "丢弃"]]


async def test_what_is_too_large_for_telegram_is_never_fetched(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "huge.txt", bytes(20_000_001)))[-1]
    assert shown.text.splitlines()[-1] == (
        "huge.txt cannot be used: The file has more than 20 MB; split it into several files."
    )
    assert own_bot.stand_in.api.calls_of("getFile") == []


@pytest.mark.parametrize("fault", [Fault.unreachable(), Fault.refused(400, "Bad Request: file is too big")])
async def test_a_file_that_telegram_does_not_give_is_to_be_sent_again(own_bot: RunningBot, fault: Fault) -> None:
    own_bot.stand_in.api.fail_next("getFile", fault)
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    assert shown.text.splitlines()[-1] == (
        "june.md cannot be used: Telegram did not hand it over; please send it again."
    )
    assert waiting(own_bot) == []
    again = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    assert again.message_id == shown.message_id
    assert again.button_texts == [["Keep", "Discard"]]


async def test_buttons_work_after_a_restart(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    own_bot.services.uploads = Uploads(own_bot.services.settings.data)
    report = (await own_bot.admin.press(shown.button("Keep")))[-1]
    assert report.text.startswith("Loaded in ")


async def test_while_a_load_runs_the_files_wait(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    with another_writer(own_bot):
        update = own_bot.stand_in.updates.message(own_bot.admin.person, "/reload")
        reloading = asyncio.create_task(own_bot.driver.process(update))
        await until(lambda: own_bot.services.reloading.locked())
        [note] = await own_bot.admin.press(shown.button("Keep"))
    await reloading
    assert note.text == "A load is running already. Please wait until it is done."
    assert kept(own_bot) == {}
    assert (await own_bot.admin.press(shown.button("Keep")))[-1].text.startswith("Loaded in ")


async def test_where_the_load_fails_nothing_is_kept_and_it_can_be_tried_again(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    own_bot.clock.time += AFTER_A_WHILE
    await send(own_bot.admin, "june.md", CLOVER_AND_THISTLE)
    own_bot.seeds.rename(own_bot.seeds.with_name("elsewhere"))
    failed = (await own_bot.admin.press("Replace"))[-1]
    assert failed.text.startswith("The load failed: There is no folder ")
    assert failed.text.endswith(
        "\nThe archive is as it was.\nThe files are not kept yet, nor discarded; you can try again."
    )
    assert kept(own_bot) == {"june.md": CLOVER}
    own_bot.seeds.with_name("elsewhere").rename(own_bot.seeds)
    assert (await own_bot.admin.press("Replace"))[-1].text.startswith("Loaded in ")
    assert kept(own_bot) == {"june.md": CLOVER_AND_THISTLE}


async def test_a_folder_that_cannot_be_written_is_named_as_the_reason(own_bot: RunningBot) -> None:
    await send(own_bot.admin, "june.md", CLOVER)
    (own_bot.services.settings.data / "digests").write_text("a file where the folder should be")
    failed = (await own_bot.admin.press("Keep"))[-1]
    assert failed.text.startswith("The load failed: the folder of uploaded digests cannot be written (")
    assert failed.button_texts == [["Keep", "Discard"]]


async def test_where_another_process_loads_the_files_can_still_be_kept(
    own_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.WRITE_TIMEOUT", 0)
    with another_writer(own_bot):
        shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    assert shown.text.splitlines() == [
        "1 file to keep? Nothing is changed yet.",
        "What this would change cannot be told now: Another load is under way; try again when it is done.",
        "",
        "june.md",
    ]
    assert (await own_bot.admin.press("Keep"))[-1].text.startswith("Loaded in ")


async def test_a_caption_says_nothing(own_bot: RunningBot) -> None:
    replies = await send(own_bot.admin, "june.md", CLOVER, caption="/reload please")
    assert replies[-1].text.startswith("1 file to keep?")


async def test_files_of_readers_are_never_fetched(own_bot: RunningBot) -> None:
    [reply] = await send(own_bot.bob, "june.md", CLOVER)
    assert reply.text.startswith("Sorry, I take files from the admins of the bot only.")
    assert own_bot.stand_in.api.calls_of("getFile") == []
    assert waiting(own_bot) == []


async def test_an_animation_which_comes_with_a_file_as_well_is_none(own_bot: RunningBot) -> None:
    animation = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "duration": 1}
    [reply] = await send(own_bot.admin, "dance.mp4", b"frames", animation=animation)
    assert reply.text == "I can only read text. Write your question down, please."


async def test_nor_are_those_of_admins_in_groups(own_bot: RunningBot) -> None:
    group = own_bot.stand_in.group(members=[own_bot.admin.person])
    assert await send(own_bot.driver.conversation(own_bot.admin.person, group), "june.md", CLOVER) == []
    assert own_bot.stand_in.api.calls_of("getFile") == []


@pytest.mark.parametrize(
    "data", ["k:1:new", "k:1:replace", "k:1:both", "q:1", "f:0", "R:" + 16 * "a", f"y:{16 * 'a'}:{8 * 'a'}:1"]
)
async def test_strangers_taps_do_nothing_and_are_logged(
    own_bot: RunningBot, data: str, caplog: pytest.LogCaptureFixture
) -> None:
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    [note] = await own_bot.bob.press_data(data, on=shown)
    assert note.text == "Sorry, this is for the admins of the bot only."
    [record] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage() == "User 8 tapped a button that is for admins"
    assert kept(own_bot) == {}
    assert len(waiting(own_bot)) == 1


async def test_an_admins_tap_in_a_group_does_nothing_either(own_bot: RunningBot) -> None:
    await send(own_bot.admin, "june.md", CLOVER)
    group = own_bot.stand_in.group(members=[own_bot.admin.person])
    in_group = own_bot.driver.conversation(own_bot.admin.person, group)
    [posted] = await in_group.say("/help@digest_test_bot")
    [note] = await in_group.press_data("k:1:new", on=posted)
    assert note.text == "Sorry, this is for the admins of the bot only."
    assert kept(own_bot) == {}


async def test_one_that_cannot_be_deleted_does_not_keep_the_others(
    own_bot: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "june.md").write_text(CLOVER)
    folder = own_bot.services.settings.data / "uploads"
    folder.mkdir()
    (folder / "7").symlink_to(outside)
    (folder / "8").write_text("a file where a folder should be")
    for name in ("9", "10"):
        (folder / name).mkdir()
    drop = Uploads.drop

    def refuse_some(uploads: Uploads, upload_id: int) -> None:
        if upload_id == 9:
            raise PermissionError(13, "Permission denied", "9")
        drop(uploads, upload_id)

    monkeypatch.setattr(Uploads, "drop", refuse_some)
    await expire(own_bot.services)
    assert [path.name for path in folder.iterdir()] == ["9"]
    assert (outside / "june.md").read_text() == CLOVER
    assert "The files of upload 9 could not be deleted: Permission denied" in caplog.messages


async def test_what_nobody_decides_on_is_deleted_after_a_day(own_bot: RunningBot) -> None:
    shown = (await send(own_bot.admin, "june.md", CLOVER))[-1]
    own_bot.clock.time += EXPIRY
    assert await expire(own_bot.services) == 0
    own_bot.clock.time += timedelta(seconds=1)
    assert await expire(own_bot.services) == 1
    assert waiting(own_bot) == []
    [note] = await own_bot.admin.press(shown.button("Keep"))
    assert note.text.startswith("These files are gone: ")


async def test_so_are_folders_of_no_upload(own_bot: RunningBot) -> None:
    await send(own_bot.admin, "june.md", CLOVER)
    await own_bot.services.chats(Chats.end_upload, 1)
    assert await expire(own_bot.services) == 1
    assert waiting(own_bot) == []


async def test_the_message_comes_anew_where_it_was_deleted(own_bot: RunningBot) -> None:
    await send(own_bot.admin, "june.md", CLOVER)
    own_bot.stand_in.api.fail_next("editMessageText", Fault.refused(400, "Bad Request: message to edit not found"))
    [shown] = await send(own_bot.admin, "july.md", CLOVER_AND_THISTLE)
    assert shown.method == "sendMessage"
    report = (await own_bot.admin.press(shown.button("Keep")))[-1]
    assert report.message_id == shown.message_id
