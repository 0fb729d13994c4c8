"""Questions that had no answer: counted by day and text, never with who asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.chats import Chats, UnansweredQuestion
from bot.chats.unanswered import MAX_A_DAY, MAX_QUESTION
from tests.conftest import RunningBot

MONDAY = date(2025, 6, 2)
TUESDAY = MONDAY + timedelta(days=1)
BEFORE = MONDAY - timedelta(days=1)


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    yield chats
    chats.close()


def test_capitals_and_spaces_make_no_other_question(chats: Chats) -> None:
    for question in ("How do goats  climb?", "how do GOATS climb?", " How\ndo goats climb? "):
        chats.note_unanswered(question, MONDAY)
    assert chats.unanswered_after(BEFORE) == [UnansweredQuestion("How do goats climb?", 3, MONDAY)]


def test_the_most_frequent_come_first_and_then_the_newest(chats: Chats) -> None:
    for question, day in (("a", MONDAY), ("b", MONDAY), ("B", TUESDAY), ("c", TUESDAY)):
        chats.note_unanswered(question, day)
    assert [(each.question, each.count, each.last_asked_on) for each in chats.unanswered_after(BEFORE)] == [
        ("B", 2, TUESDAY),
        ("c", 1, TUESDAY),
        ("a", 1, MONDAY),
    ]
    assert [each.question for each in chats.unanswered_after(MONDAY)] == ["B", "c"]


def test_a_long_question_is_cut(chats: Chats) -> None:
    chats.note_unanswered("羊" * 1000, MONDAY)
    [kept] = chats.unanswered_after(BEFORE)
    assert kept.question == "羊" * MAX_QUESTION


def test_nothing_is_no_question(chats: Chats) -> None:
    chats.note_unanswered(" \n ", MONDAY)
    assert chats.unanswered_after(BEFORE) == []


def test_nonsense_without_end_does_not_fill_the_disk(chats: Chats) -> None:
    for number in range(MAX_A_DAY + 5):
        chats.note_unanswered(f"nonsense {number}", MONDAY)
    chats.note_unanswered("nonsense 0", MONDAY)
    kept = chats.unanswered_after(BEFORE)
    assert len(kept) == MAX_A_DAY
    assert kept[0].count == 2
    chats.note_unanswered("nonsense 0", TUESDAY)
    assert chats.unanswered_after(MONDAY)[0].count == 1


def test_the_table_has_no_place_for_who_asked(chats: Chats) -> None:
    columns = [row["name"] for row in chats._rows("PRAGMA table_info(unanswered)")]
    assert columns == ["asked_on", "folded", "question", "count"]


async def test_only_what_had_no_answer_is_noted(sheep_bot: RunningBot) -> None:
    for text in (
        "Who won the football match yesterday?",
        "/ask who won the football  match yesterday?",
        "What shearing rate does Woolly reach?",
        "Which papers are about sheep?",
        "hello",
        "thanks",
        "???",
        "2505.00001",
        "/search football",
        "/paper football",
    ):
        await sheep_bot.bob.say(text)
    assert sheep_bot.services.chats_.unanswered_after(BEFORE) == [
        UnansweredQuestion("Who won the football match yesterday?", 2, MONDAY)
    ]


async def test_nothing_is_noted_where_that_is_switched_off(sheep_bot: RunningBot) -> None:
    settings = sheep_bot.services.settings.model_copy(update={"keep_unanswered": False})
    sheep_bot.services.settings = settings
    await sheep_bot.bob.say("Who won the football match yesterday?")
    assert sheep_bot.services.chats_.unanswered_after(BEFORE) == []
    [reply] = await sheep_bot.admin.say("/status")
    assert reply.text.endswith("Unanswered questions: not kept (DIGESTBOT_KEEP_UNANSWERED)")
