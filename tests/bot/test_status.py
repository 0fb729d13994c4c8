"""/status: what is wrong first, then how things stand, in both languages."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chats import Failure, Marks, Readers, ReasonCount, UnansweredQuestion
from bot.reasons import AWAY, ENDED, LATE, UNWRITTEN
from bot.stats import AnswerTimes
from bot.version import version
from bot.views.base import Voice
from bot.views.status import Status, questions_file, status
from store import LoadSummary
from tests.bot.delivered import Delivered, deliver
from tests.conftest import ADMIN, RunningBot
from tests.morning import DUE, Morning
from tests.telegram import Fault

ZH = Voice("zh", "both")
EN = Voice("en", "both")
MONDAY = date(2025, 6, 2)
LOAD = LoadSummary(
    finished_at=datetime(2025, 6, 2, 3, 5, tzinfo=UTC), papers=1234, added=3, changed=1, removed=0, seconds=12.34
)


def make_status(**overrides: Any) -> Status:
    zone = ZoneInfo("Asia/Shanghai")
    well = Status(
        now=datetime(2025, 6, 2, 20, 0, tzinfo=zone),
        zone=zone,
        version="0.1.0",
        up=timedelta(days=3, hours=4, minutes=5),
        papers=1234,
        files=56,
        unused=0,
        load=LOAD,
        readers=Readers(people=1200, people_today=12, people_week=345, groups=7, groups_week=3),
        subscribed=250,
        deliveries={"sent": 240},
        reasons=(),
        due=10,
        overdue=0,
        errors=(),
        times=AnswerTimes(answers=1000, p50=0.05, p95=0.123),
        writes=False,
        marks=Marks(good=12, bad=3),
        questions=(),
    )
    return replace(well, **overrides)


def shown(voice: Voice = EN, **overrides: Any) -> Delivered:
    view, _ = status(make_status(**overrides), voice)
    return deliver(view)


def wrong(**overrides: Any) -> list[str]:
    """What stands first, between the headline and the time."""
    lines = shown(**overrides).text.splitlines()
    return lines[1 : lines.index("2025-06-02 20:00 (Beijing time)")]


def test_when_all_is_well_it_says_so_first() -> None:
    assert shown(EN).text == (
        "✅ All is well\n"
        "2025-06-02 20:00 (Beijing time)\n\n"
        "Version 0.1.0, up 3 d 4 h\n\n"
        "Archive\n"
        "Papers 1,234 · files 56\n"
        "Last change: 2025-06-02 11:05, 12.3 s\n"
        "added 3 · changed 1 · removed 0\n\n"
        "Readers\n"
        "Today 12 · 7 days 345 · all 1,200\n"
        "Groups and channels: 7 days 3 · all 7\n"
        "Subscribed to the digest: 250\n\n"
        "Deliveries today\n"
        "sent 240 · failed 0 · unknown 0 · skipped 0\n"
        "planned 0 · sending 0 · due later 10\n\n"
        "Errors today: none\n\n"
        "Answers\n"
        "p50 0.05 s · p95 0.12 s · last 1,000 answers\n"
        "7 days: 👍 12 · 👎 3\n\n"
        "Unanswered in 7 days: none"
    )


def test_it_speaks_chinese() -> None:
    assert shown(ZH).text == (
        "✅ 一切正常\n"
        "2025-06-02 20:00（北京时间）\n\n"
        "版本 0.1.0，已运行 3 天 4 小时\n\n"
        "论文库\n"
        "论文 1,234 篇 · 文件 56 个\n"
        "上次更新：2025-06-02 11:05，用时 12.3 秒\n"
        "新增 3 · 更新 1 · 移除 0\n\n"
        "读者\n"
        "今天 12 · 近 7 天 345 · 共 1,200\n"
        "群和频道：近 7 天 3 · 共 7\n"
        "订阅每日速递：250\n\n"
        "今天的投递\n"
        "送达 240 · 失败 0 · 不确定 0 · 跳过 0\n"
        "待发送 0 · 发送中 0 · 今天稍后 10\n\n"
        "今天的错误：没有\n\n"
        "回答\n"
        "p50 0.05 秒 · p95 0.12 秒 · 最近 1,000 次\n"
        "近 7 天：👍 12 · 👎 3\n\n"
        "近 7 天没有答案的问题：没有"
    )


def test_files_that_are_not_used_are_counted() -> None:
    assert "Papers 1,234 · files 56\n1 file is not used: /files\nLast change: " in shown(EN, unused=1).text
    assert "论文 1,234 篇 · 文件 56 个\n没有用上的文件 2 个，见 /files\n上次更新：" in shown(ZH, unused=2).text


async def test_they_are_those_that_files_lists_as_such(own_bot: RunningBot) -> None:
    (own_bot.seeds / "notes.txt").write_text("no digest", encoding="utf-8")
    await own_bot.admin.say("/reload")
    [reply] = await own_bot.admin.say("/status")
    assert "1 file is not used: /files" in reply.text
    [listed] = await own_bot.admin.say("/files")
    assert "notes.txt: not in the archive" in listed.text


async def test_where_the_folders_cannot_be_read_the_rest_is_told(
    own_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("bot.handlers.files.digest_paths", refuse)
    [reply] = await own_bot.admin.say("/status")
    assert reply.text.startswith("✅ All is well")


def test_its_groups_have_bold_heads() -> None:
    assert shown().marked("bold") == [
        "All is well",
        "Archive",
        "Readers",
        "Deliveries today",
        "Errors today",
        "Answers",
        "Unanswered in 7 days",
    ]


def test_lines_are_short_enough_for_a_phone() -> None:
    for voice in (EN, ZH):
        assert max(map(len, shown(voice).text.splitlines())) <= 45


def test_what_is_wrong_stands_first() -> None:
    text = shown(
        papers=0,
        errors=(Failure("ValueError in search", 3, "0badcafe"),),
        deliveries={"failed": 2, "unknown": 1, "skipped": 4},
        reasons=(ReasonCount("failed", "Bad Request: message is too long", 2),),
        overdue=1,
        times=AnswerTimes(20, 1.0, 2.5),
    ).text
    assert text.splitlines()[:9] == [
        "⚠️ Something needs a look",
        "• The archive is empty. Send me digest files, or put some into the seeds folder, then /reload.",
        "• 3 errors today",
        "• 2 deliveries failed today",
        "• 1 delivery of today may not have arrived",
        "• 4 deliveries were too late today and were not sent",
        "• 1 delivery has waited for more than 15 minutes",
        "• answers are slow: p95 is 2.50 s",
        "2025-06-02 20:00 (Beijing time)",
    ]


def test_a_reader_who_shuts_the_bot_out_is_nothing_wrong() -> None:
    reasons = (ReasonCount("failed", "Forbidden: bot was blocked by the user", 2),)
    assert wrong(deliveries={"failed": 2}, reasons=reasons) == []
    assert wrong(deliveries={"failed": 3}, reasons=reasons) == ["• 1 delivery failed today"]


def test_slow_answers_are_wrong_only_where_that_says_something() -> None:
    slow = AnswerTimes(20, 1.0, 2.5)
    assert wrong(times=slow) == ["• answers are slow: p95 is 2.50 s"]
    assert wrong(times=AnswerTimes(19, 1.0, 2.5)) == []
    assert wrong(times=slow, writes=True) == []


def test_reasons_are_told_in_the_readers_language_the_commonest_first() -> None:
    reasons = (
        ReasonCount("skipped", AWAY, 1_000),
        ReasonCount("skipped", LATE, 5),
        ReasonCount("failed", "Forbidden: bot was blocked by the user", 4),
        ReasonCount("failed", "Bad Request: chat not found", 4),
        ReasonCount("unknown", ENDED, 3),
        ReasonCount("failed", f"{UNWRITTEN}: KeyError", 2),
        ReasonCount("unknown", "Timed out", 1),
    )
    lines = shown(ZH, reasons=reasons).text.splitlines()
    start = lines.index("今天的投递") + 3
    assert lines[start : start + 6] == [
        "• 跳过 1,000：机器人停得太久",
        "• 失败 8：对方屏蔽了机器人，或聊天已不存在",
        "• 跳过 5：轮到时已经太迟",
        "• 不确定 3：发送途中机器人退出",
        "• 失败 2：消息写不出来（KeyError）",
        "",
    ]
    assert "• unknown 1: Timed out" in shown(EN, reasons=reasons[-1:]).text


def test_errors_come_with_their_references() -> None:
    errors = tuple(Failure(f"ValueError in step_{number}", 9 - number, f"0000000{number}") for number in range(7))
    view = shown(errors=errors)
    assert view.marked("code") == [f"0000000{number}" for number in range(5)]
    assert "• 9 × ValueError in step_0, reference 00000000\n" in view.text
    assert "… and 2 more kinds" in view.text


@pytest.mark.parametrize(
    ("up", "said"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(days=1), "1 d 0 h"),
        (timedelta(days=1234, hours=5), "1,234 d 5 h"),
        (timedelta(seconds=-1), "0 min"),  # the clock was set back
    ],
)
def test_uptime_is_told_as_people_tell_it(up: timedelta, said: str) -> None:
    assert f"Version 0.1.0, up {said}\n" in shown(up=up).text


def test_an_unknown_version_is_said_to_be_unknown() -> None:
    assert "Version unknown (not installed as a package), up" in shown(version=None).text


def test_where_nothing_happened_yet_that_is_said() -> None:
    text = shown(load=None, times=None).text
    assert "Nothing was loaded yet" in text
    assert "None since the start" in text


def questions(count: int, text: str = "Why do goats climb?") -> tuple[UnansweredQuestion, ...]:
    return tuple(UnansweredQuestion(f"{text} {number}", count - number, MONDAY) for number in range(count))


def test_unanswered_questions_are_listed_with_how_often_they_were_asked() -> None:
    view, whole = status(make_status(questions=questions(2)), EN)
    assert deliver(view).text.endswith(
        "Unanswered in 7 days: 2\n• Why do goats climb? 0 (2 ×)\n• Why do goats climb? 1"
    )
    assert whole


@pytest.mark.parametrize("text", ["Why?", "山羊为什么会爬树？" * 20])
def test_of_many_questions_the_first_are_shown_and_the_rest_counted(text: str) -> None:
    view, whole = status(make_status(questions=questions(200, text)), EN)
    *_, last = deliver(view).text.splitlines()
    listed = sum(line.startswith("• ") for line in deliver(view).text.splitlines())
    assert (whole, last) == (False, f"… and {200 - listed} more; the file below has all")
    assert 10 <= listed <= 20


def test_the_file_has_every_question_on_its_line() -> None:
    asked = [UnansweredQuestion("a\tb\nc\u202e", 3, MONDAY), UnansweredQuestion("羊？", 1, MONDAY)]
    assert questions_file(asked) == "3\t2025-06-02\ta b c\n1\t2025-06-02\t羊？\n"


async def test_it_tells_how_things_stand(sheep_bot: RunningBot) -> None:
    await sheep_bot.bob.say("What shearing rate does Woolly reach?")
    await sheep_bot.bob.press("👍")
    await sheep_bot.ada.say("明天上海会下雨吗？")
    sheep_bot.clock.time += timedelta(hours=2)
    [reply] = await sheep_bot.admin.say("/status")
    assert reply.text.startswith("✅ All is well\n2025-06-02 22:00 (Beijing time)\n\n")
    for line in (
        f"Version {metadata.version('digestbot')}, up 2 h 0 min",
        "Papers 8 · files 2",
        "added 8 · changed 0 · removed 0",
        "Today 3 · 7 days 3 · all 3",
        "7 days: 👍 1 · 👎 0",
        "• 明天上海会下雨吗？",
    ):
        assert line in reply.text.splitlines()


async def test_errors_are_counted_also_while_admins_are_not_told_of_them(sheep_bot: RunningBot) -> None:
    sheep_bot.services.archive_.close()
    alerts = 0
    for _ in range(3):
        replies = await sheep_bot.bob.say("wool?", expect_error=sqlite3.ProgrammingError)
        alerts += sum(reply.chat_id == ADMIN for reply in replies)
    assert alerts == 1
    [failure] = sheep_bot.services.chats_.failures(MONDAY)
    assert failure.count == 3
    assert failure.reference in replies[-1].text
    counted = sheep_bot.services.stats.registry.get_sample_value("digestbot_errors_total", {"kind": "ProgrammingError"})
    assert counted == 3


async def test_deliveries_are_counted_by_what_became_of_them(morning: Morning) -> None:
    bot = morning.bot
    for conversation in (bot.ada, bot.bob, bot.admin):
        await conversation.say("/subscribe 8:30")
    morning.fail(Fault.refused(403, "Forbidden: bot was blocked by the user"), bot.bob)
    morning.fail(Fault.lost_reply(), bot.ada)
    await morning.tick(DUE)
    [reply] = await bot.admin.say("/status")
    assert reply.text.splitlines()[:2] == ["⚠️ Something needs a look", "• 1 delivery of today may not have arrived"]
    assert "sent 1 · failed 1 · unknown 1 · skipped 0" in reply.text
    assert "• failed 1: blocked the bot, or the chat is gone" in reply.text
    outcome = bot.services.stats.registry.get_sample_value
    counted = {each: outcome("digestbot_deliveries_total", {"outcome": each}) for each in ("sent", "failed", "unknown")}
    assert counted == {"sent": 1, "failed": 1, "unknown": 1}
    bot.clock.time += timedelta(days=1, minutes=-1)
    [reply] = await bot.admin.say("/status")
    assert "sent 0 · failed 0 · unknown 0 · skipped 0" in reply.text
    assert "planned 0 · sending 0 · due later 3" in reply.text
    bot.clock.time += timedelta(minutes=16, seconds=1)  # nobody looked for what is due
    [reply] = await bot.admin.say("/status")
    assert "• 3 deliveries have waited for more than 15 minutes" in reply.text
    assert "due later 0" in reply.text


async def test_more_questions_than_fit_come_as_a_file(sheep_bot: RunningBot) -> None:
    for number in range(30):
        sheep_bot.services.chats_.note_unanswered(f"Why do goats climb? {number}", MONDAY)
    told, listed = await sheep_bot.admin.say("/status")
    assert told.text.endswith("… and 10 more; the file below has all")
    assert listed.file_name == "unanswered-2025-06-02.txt"
    assert listed.document is not None
    assert len(listed.document.decode().splitlines()) == 30


async def test_others_are_told_that_it_is_not_for_them(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.bob.say("/status")
    assert reply.text == "Sorry, this is for the admins of the bot only."
    group = sheep_bot.stand_in.group(members=[sheep_bot.admin.person])
    [reply] = await sheep_bot.driver.conversation(sheep_bot.admin.person, group).say("/status")
    assert reply.text == "Please send me this in our private chat."


def test_where_the_bot_is_no_installed_package_its_version_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.version._PACKAGE", "no-such-package-of-digests")
    assert version() is None
