"""/digest: what a day, a month or the latest digest held."""

from __future__ import annotations

import pytest

from tests import flock
from tests.conftest import RunningBot
from tests.telegram import Conversation


@pytest.mark.parametrize("call", ["/digest latest", "/digest 最新", "/digest LATEST"])
async def test_the_latest_digest(bob: Conversation, call: str) -> None:
    [reply] = await bob.say(call)
    assert reply.text == (
        "Latest digest (2025-05-30): 1 paper\n"
        "2025-05-30-daily.txt\n"
        "\n"
        "1. Nightwatch: Sheep in the Dark\n"
        "no arXiv id in the digests\n"
        "A lantern watches sheep at night."
    )


@pytest.mark.parametrize("date", ["2025-05-30", "2025/5/30", "20250530", "2025年5月30日", "２０２５－０５－３０"])
async def test_the_digest_of_a_day(ada: Conversation, date: str) -> None:
    [reply] = await ada.say(f"/digest {date}")
    assert reply.text.splitlines()[0] == "2025-05-30 的速递：共 1 篇"


async def test_a_month_holds_its_days_and_turns_its_pages(ada: Conversation) -> None:
    [first] = await ada.say("/digest 2025-05")
    assert first.text.splitlines()[:2] == [
        "2025-05 的速递：共 8 篇 · 第 1/2 页",
        "2025-05-30-daily.txt、2025-05-weekly.md",
    ]
    assert first.text.splitlines()[3] == f"1. {flock.WITHOUT_ID}"
    [second] = await ada.press("下一页 ›")
    assert second.message_id == first.message_id
    assert second.button_texts == [["6", "7", "8"], ["‹ 上一页"]]
    assert "8. 旧羊毛：网络之前绵羊穿什么" in second.text


async def test_for_a_day_without_digest_the_nearest_are_offered(bob: Conversation) -> None:
    [reply] = await bob.say("/digest 2025-05-29")
    assert reply.text == "There is no digest for 2025-05-29.\nThe nearest are:"
    assert reply.button_texts == [["2025-05-30", "2025-05"]]
    [digest] = await bob.press("2025-05-30")
    assert digest.message_id == reply.message_id
    assert digest.bold[0] == "Digest of 2025-05-30"


async def test_a_month_without_digest(ada: Conversation) -> None:
    [reply] = await ada.say("/digest 1999-12")
    assert reply.text.startswith("没有 1999-12 的速递。")


async def test_an_inferred_date_is_said_to_be_one(own_bot: RunningBot) -> None:
    await own_bot.reload({"weekly.md": flock.weekly("2505.00001")})
    [reply] = await own_bot.bob.say("/digest 2025-05")
    assert reply.italic == ["The file states no date; the month is that of its newest arXiv id."]


@pytest.mark.parametrize("date", ["2025-02-30", "2025-13", "2025-05-00", "2025-00", "0000-01"])
async def test_a_date_that_does_not_exist(bob: Conversation, date: str) -> None:
    [reply] = await bob.say(f"/digest {date}")
    assert reply.text == f"“{date}” is not a date. Write a day as 2025-05-30 and a month as 2025-05."


@pytest.mark.parametrize("words", ["yesterday", "2025", "05-30", "第三期", "2025-05-30-01", "<b>"])
async def test_what_is_no_date_is_answered_with_how_to_write_one(ada: Conversation, words: str) -> None:
    [reply] = await ada.say(f"/digest {words}")
    assert reply.code == ["/digest latest", "/digest 2025-05-30", "/digest 2025-05"]
