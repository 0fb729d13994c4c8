"""/reload: an admin loads the seeds folder while readers go on asking."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tests import flock
from tests.bot.admins import CLOVER, UNTITLED, another_writer, until
from tests.conftest import RunningBot, write_digests
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Conversation, Fault

JUNE = {"2025-06-weekly.md": CLOVER}


async def test_new_papers_are_there_after_it(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {**flock.files(), **JUNE})
    replies = await own_bot.admin.say("/reload")
    assert replies[0].text == "Reading the folder of digests…"
    assert {reply.message_id for reply in replies} == {replies[0].message_id}
    lines = replies[-1].text.splitlines()
    assert lines[0].startswith("Loaded in ")
    assert lines[0].endswith(" s; there are now 9 papers in the archive.")
    assert lines[1:] == [
        "Papers added: 1, changed: 0, removed: 0.",
        "",
        "2025-06-weekly.md (weekly): new, 1 entry; papers +1",
        "2 files unchanged",
        "",
        "+ Clover",
    ]
    [card] = await own_bot.bob.say("/paper 2506.00001")
    assert card.bold[0] == "Clover"


async def test_a_refused_file_is_named_with_the_reason(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {**flock.files(), "notes.txt": "no digest at all"})
    report = (await own_bot.admin.say("/reload"))[-1]
    assert "notes.txt cannot be used: The file is in no layout that is known" in report.text
    [still] = await own_bot.bob.say("/paper 2505.00001")
    assert still.bold[0] == "Woolly: Shearing Sheep with Language Models"


async def test_a_chinese_admin_reads_the_reasons_in_chinese(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {**flock.files(), "notes.txt": "no digest at all", "2025-06-weekly.md": UNTITLED})
    await own_bot.admin.say("/language zh")
    first, again = [(await own_bot.admin.say("/reload"))[-1].text.splitlines() for _ in range(2)]
    warning = "　第 6 行：这一条没有标题，未收录，请在“##”后面写上标题。"
    refused = next(line for line in first if line.startswith("notes.txt 无法使用：认不出文件的格式。"))
    assert refused.endswith(
        "；weekly（每篇论文有一行“## English title”，下面是“[中文标题](https://arxiv.org/abs/ID)”）。"
    )
    assert first[first.index("2025-06-weekly.md（weekly）：新文件，1 条；论文 +1") + 1] == warning
    assert again[-2:] == ["2025-06-weekly.md（weekly）：没有变化，1 条", warning]
    assert refused in again


async def test_a_long_report_comes_as_a_file_as_well(own_bot: RunningBot) -> None:
    titles = [f"A Flock of Sheep Numbered {number}" for number in range(1, 200)]
    entries = (weekly_entry(title, f"羊{number}", f"2506.{number:05}") for number, title in enumerate(titles, 1))
    write_digests(own_bot.seeds, {**flock.files(), "many.md": weekly_digest(*entries)})
    await own_bot.admin.say("/language zh")
    *_, report, file = await own_bot.admin.say("/reload")
    assert report.text.splitlines()[1] == "新增 199 篇，更新 0 篇，移除 0 篇。"
    assert report.text.endswith(" 行，全部内容见下面的文件")
    assert file.file_name == "reload-report.txt"
    assert file.document is not None
    lines = file.document.decode("utf-8").splitlines()
    assert lines[:3] == [*report.text.splitlines()[:2], ""]
    assert lines[3:5] == ["many.md（weekly）：新文件，199 条；论文 +199", "2 个文件没有变化"]
    assert lines[6:] == [f"＋ {title}" for title in titles]


async def test_a_file_that_telegram_refuses_does_not_hide_the_report(own_bot: RunningBot) -> None:
    entries = (weekly_entry(f"Sheep {number}" * 5, f"羊{number}", f"2506.{number:05}") for number in range(1, 200))
    write_digests(own_bot.seeds, {**flock.files(), "many.md": weekly_digest(*entries)})
    own_bot.stand_in.api.fail_next("sendDocument", Fault.refused(400, "Bad Request: not enough rights"))
    report = (await own_bot.admin.say("/reload"))[-1]
    assert report.text.startswith("Loaded in ")


async def test_an_emptied_folder_leaves_the_archive_as_it_was(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {})
    report = (await own_bot.admin.say("/reload"))[-1]
    assert report.text.startswith("The load failed: The folder ")
    assert report.text.endswith(", so nothing was changed.\nThe archive is as it was.")
    [still] = await own_bot.bob.say("/search lantern")
    assert still.text.startswith("Search lantern: 1 paper")


async def test_a_reader_is_refused_politely_and_the_log_has_only_the_number(
    sheep_bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    [reply] = await sheep_bot.ada.say("/reload 秘密口令")
    assert reply.text == "抱歉，这项功能只有机器人的管理员能用。"
    [record] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage() == "User 7 tried /reload, which is for admins"


async def test_meanwhile_readers_get_their_answers_and_a_second_load_is_refused(own_bot: RunningBot) -> None:
    write_digests(own_bot.seeds, {**flock.files(), **JUNE})
    with another_writer(own_bot):
        update = own_bot.stand_in.updates.message(own_bot.admin.person, "/reload")
        reloading = asyncio.create_task(own_bot.driver.process(update))
        await until(lambda: own_bot.driver.api.calls_of("sendMessage"))
        [found] = await own_bot.bob.say("/search lantern")
        [missing] = await own_bot.bob.say("/search clover")
        [refused] = await own_bot.admin.say("/reload")
        assert not reloading.done()
    assert found.text.startswith("Search lantern: 1 paper")
    assert missing.text.startswith("Nothing found for clover.")
    assert refused.text == "A load is running already. Please wait until it is done."
    assert (await reloading)[-1].text.startswith("Loaded in ")
    [found] = await own_bot.bob.say("/search clover")
    assert found.text.startswith("Search clover: 1 paper")


async def test_the_report_comes_anew_where_the_progress_was_deleted(admin: Conversation) -> None:
    deleted = Fault.refused(400, "Bad Request: message to edit not found")
    admin.driver.api.fail_next("editMessageText", deleted, times=2)
    started, report = await admin.say("/reload")
    assert started.text == "Reading the folder of digests…"
    assert report.method == "sendMessage"
    assert report.text.startswith("Loaded in ")
