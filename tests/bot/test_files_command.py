"""/files: what the archive is made of, and what lies in its folders unused."""

from __future__ import annotations

import pytest

from bot.views.base import Voice
from bot.views.files import File, files_page
from tests import flock
from tests.bot.admins import CLOVER, UNTITLED, upload
from tests.bot.delivered import deliver
from tests.conftest import RunningBot, write_digests
from tests.digests import weekly_digest, weekly_entry


async def test_uploaded_files_come_first_and_can_be_removed(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", UNTITLED)
    [listed] = await own_bot.admin.say("/files")
    assert listed.text.splitlines() == [
        "3 digest files",
        "",
        "Uploaded",
        "1. june.md: weekly · 2025-06 · 1 paper · 1 warning",
        "",
        "In the seeds folder",
        "2. 2025-05-30-daily.txt: daily · 2025-05-30 · 1 paper",
        "3. 2025-05-weekly.md: weekly · 2025-05 · 7 papers",
        "",
        "Send me files to add them; /remove NAME removes an uploaded one.",
    ]
    assert listed.button_texts == [["✕ 1"]]
    assert listed.code == ["june.md", "2025-05-30-daily.txt", "2025-05-weekly.md", "/remove NAME"]


async def test_a_chinese_admin_reads_chinese(own_bot: RunningBot) -> None:
    await own_bot.admin.say("/language zh")
    [listed] = await own_bot.admin.say("/files")
    assert listed.text.splitlines() == [
        "共 2 个速递文件",
        "",
        "seeds 文件夹里的文件",
        "1. 2025-05-30-daily.txt：daily · 2025-05-30 · 1 篇",
        "2. 2025-05-weekly.md：weekly · 2025-05 · 7 篇",
        "",
        "把文件发给我即可添加，/remove 文件名 可以删除上传的文件。",
    ]


@pytest.mark.parametrize("files", [[], [File("may.md", "seeds")]])
def test_in_the_terminal_where_no_file_can_be_sent_it_says_what_to_do_instead(files: list[File]) -> None:
    listed = deliver(files_page(files, 0, Voice("en", "both"), in_terminal=True))
    assert listed.text.splitlines()[-1] == (
        "Files cannot be sent in the terminal: put them into the seeds folder, then /reload."
    )


async def test_what_is_not_used_is_listed_as_such(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    digests = own_bot.services.settings.data / "digests"
    (digests / flock.MAY).write_text(CLOVER, encoding="utf-8")
    (digests / "notes.txt").write_text("no digest", encoding="utf-8")
    (own_bot.seeds / "more.txt").write_text("none either", encoding="utf-8")
    (own_bot.seeds / flock.FRIDAY).unlink()
    [listed] = await own_bot.admin.say("/files")
    assert listed.text.splitlines()[2:-2] == [
        "Uploaded",
        "1. notes.txt: not in the archive; /reload loads it or says why",
        "2. 2025-05-weekly.md: not used, since a file of the seeds folder has its name",
        "3. june.md: weekly · 2025-06 · 1 paper",
        "",
        "In the seeds folder",
        "4. more.txt: not in the archive; /reload loads it or says why",
        "5. 2025-05-30-daily.txt: daily · 2025-05-30 · 1 paper · "
        "gone from its folder, and from the archive with the next load",
        "6. 2025-05-weekly.md: weekly · 2025-05 · 7 papers",
    ]
    assert listed.button_texts == [["✕ 1", "✕ 2", "✕ 3"]]


async def test_many_files_have_pages(own_bot: RunningBot) -> None:
    write_digests(
        own_bot.seeds,
        {f"2025-05-{day:02}.md": weekly_digest(weekly_entry(arxiv_id=f"2505.000{day:02}")) for day in range(1, 13)},
    )
    await own_bot.admin.say("/reload")
    [first] = await own_bot.admin.say("/files")
    assert first.text.splitlines()[0] == "12 digest files · page 1/2"
    assert first.button_texts == [["Next ›"]]
    [second] = await own_bot.admin.press("Next ›")
    assert second.message_id == first.message_id
    assert second.text.splitlines()[3].startswith("11. 2025-05-02.md: ")
    assert second.button_texts == [["‹ Previous"]]
    assert await own_bot.admin.press_data("f:99", on=second) == []  # there is no such page: the last one is shown


async def test_a_button_asks_before_anything_is_removed(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [listed] = await own_bot.admin.say("/files")
    [asked] = await own_bot.admin.press(listed.button("✕ 1"))
    assert asked.method == "sendMessage"
    assert asked.button_texts == [["Remove", "Leave it"]]


async def test_a_button_of_a_file_that_has_gone_says_so(own_bot: RunningBot) -> None:
    await upload(own_bot, "june.md", CLOVER)
    [listed] = await own_bot.admin.say("/files")
    (own_bot.services.settings.data / "digests" / "june.md").unlink()
    [note] = await own_bot.admin.press(listed.button("✕ 1"))
    assert note.text == "This file is gone, or another one by now. /files lists what there is."
