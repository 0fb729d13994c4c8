"""/forget: all of a chat's, after it was asked, and nothing of anybody else's."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.chats import CHATS_FILE, Chats, Find, Item, KnownPaper, Plan, SavedPaper
from bot.chats.examining import reading
from bot.readers import default_subscription
from bot.settings import Settings
from tests.bot.admins import CLOVER, kept, send, waiting
from tests.conftest import ADMIN, RunningBot
from tests.morning import DUE, Morning
from tests.telegram import Conversation, Reply

NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
MONDAY = date(2025, 6, 2)
DONE = "Done: nothing is kept of this chat any more. Write to me again, and we start afresh."
NOTHING = "I keep nothing of this chat."


def rows_of(chats: Chats, chat_id: int) -> dict[str, int]:
    """How many rows of each table name a chat; those of the watches' finds by the watches."""
    counted = {}
    for table in chats._database.table_names():
        columns = {row["name"] for row in chats._rows(f"PRAGMA table_info({table})")}
        column = "id" if table == "chats" else "chat_id" if "chat_id" in columns else None
        if column:
            counted[table] = len(chats._rows(f"SELECT 1 FROM {table} WHERE {column} = ?", [chat_id]))
    return {table: count for table, count in counted.items() if count}


def fill(chats: Chats, chat_id: int) -> None:
    """Something of every kind for a chat."""
    chats.came(chat_id, MONDAY)
    chats.choose_language(chat_id, "en")
    settings = Settings(_env_file=None)
    chats.keep_subscription(default_subscription(chat_id, "private", "en", settings, NOON))
    watch = chats.add_watch(chat_id, "sheep", at_once=False, now=NOON)
    chats.record_news([KnownPaper("a", None, "A", NOON)], [Find(watch, "a", None, "A")], NOON)
    chats.save(chat_id, SavedPaper("b", None, "B"), NOON)
    chats.mark_seen(chat_id, ["c", "d"])
    chats.plan([Plan(chat_id, NOON, MONDAY, NOON, (Item(key="e", why="new"),))], NOON)
    chats.mark(chat_id, 5, good=True, today=MONDAY)
    chats.remember_paper(chat_id, "f", NOON)


def test_all_of_a_chat_goes_and_nothing_of_another(tmp_path: Path) -> None:
    chats = Chats.open(tmp_path)
    fill(chats, 7)
    fill(chats, -100)
    before = rows_of(chats, -100)
    assert rows_of(chats, 7) == before
    assert set(before) == {
        "chats", "deliveries", "marks", "saved", "seen", "spoken_of", "subscriptions", "watches"
    }  # fmt: skip
    assert chats.forget(7)
    assert rows_of(chats, 7) == {}
    assert not chats.kept_of(7)
    assert rows_of(chats, -100) == before
    assert len(chats._rows("SELECT 1 FROM finds")) == 1
    assert not chats.forget(7)
    chats.close()


async def test_files_that_an_admin_has_not_kept_yet_go_too(own_bot: RunningBot) -> None:
    admin = own_bot.admin
    await send(admin, "june.md", CLOVER)
    looked_at = admin.last
    [asked] = await admin.say("/forget")
    assert "• the files sent and not kept yet" in asked.text
    [done] = await admin.press("Delete all")
    assert done.text == DONE
    assert rows_of(own_bot.services.chats_, ADMIN) == {}
    assert waiting(own_bot) == []
    [note] = await admin.press("Keep", on=looked_at)
    assert note.text == "These files are gone: they were kept or discarded, or nobody decided within a day."
    assert kept(own_bot) == {}


def test_what_is_forgotten_is_not_in_the_file_any_more(tmp_path: Path) -> None:
    chats = Chats.open(tmp_path)
    for number in range(200):
        chats.save(7, SavedPaper(f"k{number}", None, f"Wombatology {number}"), NOON)
    chats.forget(7)
    chats.close()  # the last connection moves the journal into the file
    assert b"Wombatology" not in (tmp_path / CHATS_FILE).read_bytes()


def bytes_of(folder: Path) -> bytes:
    """All that lies on the disk of chats.db, the log beside it included."""
    return b"".join(path.read_bytes() for path in folder.glob(f"{CHATS_FILE}*"))


def test_what_is_forgotten_is_at_once_nowhere_on_the_disk(tmp_path: Path) -> None:
    chats = Chats.open(tmp_path)
    for number in range(200):
        chats.save(7, SavedPaper(f"k{number}", None, f"Wombatology {number}"), NOON)
    assert b"Wombatology" in bytes_of(tmp_path)
    chats.forget(7)
    assert b"Wombatology" not in bytes_of(tmp_path)
    chats.close()


def test_where_a_backup_reads_meanwhile_the_next_housekeeping_clears_the_disk(tmp_path: Path) -> None:
    chats = Chats.open(tmp_path)
    chats.save(7, SavedPaper("k", None, "Wombatology"), NOON)
    with reading(tmp_path / CHATS_FILE) as backup:
        backup.execute("SELECT count(*) FROM saved").fetchone()
        started = time.monotonic()
        assert chats.forget(7)
        assert time.monotonic() - started < 1  # nobody waits for the backup's end
    chats.prune(NOON)
    assert b"Wombatology" not in bytes_of(tmp_path)
    [patience] = chats._database.conn.execute("PRAGMA busy_timeout").fetchone()
    assert patience == 5000
    chats.close()


async def something(bot: RunningBot, who: Conversation) -> None:
    await who.say("/watch sheep")
    await who.say("/subscribe 8:30")
    [digest] = await who.say("/digest")
    await who.press("☆ 1", on=digest)
    await who.press("☆ 2", on=digest)
    await who.say("What shearing rate does Woolly reach?")
    await who.press("👍")


async def test_it_asks_first_and_tells_in_numbers_what_would_be_deleted(sheep_bot: RunningBot) -> None:
    await something(sheep_bot, sheep_bot.bob)
    [asked] = await sheep_bot.bob.say("/forget")
    assert asked.text == (
        "Delete everything? This chat would lose:\n\n"
        "• 2 saved papers\n"
        "• 1 watch and what it found\n"
        "• the subscription to the daily digest\n"
        "• the settings of language and digest\n"
        "• 1 mark (👍 or 👎)\n"
        "• the paper last spoken of\n"
        "• the day it was last seen\n\n"
        "This cannot be undone."
    )
    assert asked.button_texts == [["Delete all", "Keep"]]
    assert rows_of(sheep_bot.services.chats_, 8)["saved"] == 2


async def test_what_was_delivered_is_named_too(morning: Morning) -> None:
    await morning.bot.ada.say("/subscribe 8:30")
    await morning.tick(DUE)
    await morning.bot.ada.say("/unsubscribe")
    [asked] = await morning.bot.ada.say("/forget")
    assert asked.text == (
        "确定全部删除吗？将要删除的有：\n\n"
        "• 语言和速递的设置\n"
        "• 已经送过的论文：5 篇\n"
        "• 自动发送的记录：1 条\n"
        "• 最近一次使用的日期\n\n"
        "删除后无法恢复。"
    )
    [done] = await morning.bot.ada.press("全部删除")
    assert done.text == "已全部删除，我这里不再有这个聊天的任何记录。再给我发消息，就是重新开始。"
    assert rows_of(morning.bot.services.chats_, 7) == {}


async def test_after_it_there_is_no_row_until_the_chat_speaks_again(sheep_bot: RunningBot) -> None:
    bob, chats = sheep_bot.bob, sheep_bot.services.chats_
    await something(sheep_bot, bob)
    await bob.say("/forget")
    sheep_bot.clock.time += timedelta(days=1)  # the tap comes on a day that is not noted yet
    [done] = await bob.press("Delete all")
    assert (done.method, done.text, done.buttons) == ("editMessageText", DONE, [])
    assert rows_of(chats, 8) == {}
    await bob.say("/help")
    assert rows_of(chats, 8) == {"chats": 1}


async def test_keeping_keeps(sheep_bot: RunningBot) -> None:
    await something(sheep_bot, sheep_bot.bob)
    await sheep_bot.bob.say("/forget")
    before = rows_of(sheep_bot.services.chats_, 8)
    [reply] = await sheep_bot.bob.press("Keep")
    assert (reply.method, reply.text, reply.buttons) == ("editMessageText", "All right, nothing was deleted.", [])
    assert rows_of(sheep_bot.services.chats_, 8) == before


async def test_who_has_nothing_kept_is_told_so(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.bob.say("/forget")
    assert (reply.text, reply.buttons) == (NOTHING, [])
    assert rows_of(sheep_bot.services.chats_, 8) == {}


async def test_confirming_twice_is_harmless(sheep_bot: RunningBot) -> None:
    await something(sheep_bot, sheep_bot.bob)
    [asked] = await sheep_bot.bob.say("/forget")
    await sheep_bot.bob.press("Delete all")
    [note] = await sheep_bot.bob.press(asked.button("Delete all"))
    assert (note.method, note.text) == ("answerCallbackQuery", NOTHING)
    assert rows_of(sheep_bot.services.chats_, 8) == {}


async def test_an_old_confirmation_asks_anew(sheep_bot: RunningBot) -> None:
    sheep_bot.stand_in.api.clock = lambda: sheep_bot.clock.time.timestamp()
    await sheep_bot.bob.say("/language en")
    [asked] = await sheep_bot.bob.say("/forget")
    await sheep_bot.bob.say("/watch sheep")
    sheep_bot.clock.time += timedelta(hours=1, seconds=1)
    [anew] = await sheep_bot.bob.press("Delete all", on=asked)
    assert anew.method == "sendMessage"
    assert "• 1 watch and what it found" in anew.text
    [done] = await sheep_bot.bob.press("Delete all", on=anew)
    assert done.text == DONE


@pytest.mark.parametrize("data", ["z:1", "z:0"])
async def test_a_forged_tap_does_nothing(sheep_bot: RunningBot, data: str) -> None:
    await something(sheep_bot, sheep_bot.bob)
    [card] = await sheep_bot.bob.say("/paper 2505.00001")
    before = rows_of(sheep_bot.services.chats_, 8)
    for inaccessible in (False, True):
        [note] = await sheep_bot.bob.press_data(data, on=card, inaccessible=inaccessible)
        assert note.text == "This button is out of date. Please send the command again."
    assert rows_of(sheep_bot.services.chats_, 8) == before


async def test_in_a_group_only_its_admins_may(sheep_bot: RunningBot) -> None:
    ada, bob = sheep_bot.ada.person, sheep_bot.bob.person
    group = sheep_bot.stand_in.group(members=[ada], admins=[bob])
    member, admin = (sheep_bot.driver.conversation(person, group) for person in (ada, bob))
    await admin.say("/subscribe 8:30")
    [refused] = await member.say("/forget")
    assert refused.text == "这项操作只限本群的管理员。"
    [asked] = await admin.say("/forget")
    for button in asked.all_buttons:
        [note] = await member.press(button)
        assert (note.method, note.text) == ("answerCallbackQuery", "这项操作只限本群的管理员。")
    assert "subscriptions" in rows_of(sheep_bot.services.chats_, group.id)
    done: list[Reply] = await admin.press("Delete all", on=asked)
    assert done[0].text == DONE
    assert rows_of(sheep_bot.services.chats_, group.id) == {}


async def test_a_delivery_on_its_way_is_not_sent_to_who_was_forgotten(morning: Morning) -> None:
    bot = morning.bot
    await bot.bob.say("/subscribe 8:30")
    await bot.bob.say("/forget")
    await bot.bob.press("Delete all")
    assert await morning.tick(DUE) == []
    assert rows_of(bot.services.chats_, 8) == {}
