"""/privacy tells all that is kept, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chats import Chats
from bot.chats.forgetting import MONTH, YEAR
from bot.chats.spoken import MEMORY
from bot.uploads import EXPIRY
from bot.views.base import Voice
from bot.views.privacy import TOLD, privacy
from tests.bot.delivered import deliver
from tests.conftest import ROOT, RunningBot

ZH = Voice("zh", "both")
EN = Voice("en", "both")
# SQLite's own, and the list of migrations.
OF_THE_DATABASE = {"_sqlite_migrations", "sqlite_sequence"}


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    yield chats
    chats.close()


def text(voice: Voice = EN, *, keeps_unanswered: bool = True, model: str | None = None) -> str:
    return deliver(privacy(voice, keeps_unanswered=keeps_unanswered, model=model)).text


def test_every_table_is_told_of(chats: Chats) -> None:
    tables = {row["name"] for row in chats._rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    columns = {f"chats.{row['name']}" for row in chats._rows("PRAGMA table_info(chats)")} - {"chats.id"}
    assert (tables - OF_THE_DATABASE - {"chats"}) | columns == TOLD


def test_the_documentation_tells_of_every_table_too() -> None:
    documented = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", documented)) - {"chats.db", "terminal_history"} == TOLD


def test_what_belongs_to_a_chat_hangs_on_its_row(chats: Chats) -> None:
    """So that forgetting the row forgets all of it; uploads, which are files too, are forgotten by name."""
    hanging = set()
    for table in TOLD - {"chats.language", "chats.last_seen"}:
        keys = chats._rows(f"PRAGMA foreign_key_list({table})")
        if any((key["table"], key["on_delete"]) in (("chats", "CASCADE"), ("watches", "CASCADE")) for key in keys):
            hanging.add(table)
        else:
            assert "chat_id" not in {row["name"] for row in chats._rows(f"PRAGMA table_info({table})")} or (
                table == "uploads"
            )
    assert hanging == {"subscriptions", "watches", "finds", "saved", "seen", "deliveries", "marks", "spoken_of"}


def test_the_times_are_those_the_code_keeps_to() -> None:
    assert (YEAR.days, MONTH.days, MEMORY.seconds // 60, EXPIRY.days) == (365, 30, 30, 1)
    for time in ("一年", "30 天", "30 分钟", "一天"):
        assert time in text(ZH)
    for time in ("a year", "30 days", "30 minutes", "a day"):
        assert time in text(EN)


def test_in_english() -> None:
    assert text(EN) == (
        "What I keep, and for how long\n"
        "What belongs to this chat is kept under its id, without names.\n\n"
        "Until you delete it or send /forget\n"
        "• settings: language; hour, time zone, topics of the daily digest\n"
        "• the day of your last message or tap, without the time\n"
        "• watches, and the papers they found\n"
        "• saved papers\n"
        "• which papers were sent, so that none comes twice\n\n"
        "For a time, then deleted within an hour\n"
        "• what was sent by itself: date, papers, whether it arrived; a year\n"
        "• your 👍 and 👎 on answers; a year\n"
        "• the paper last spoken of; 30 minutes\n\n"
        "Without any id\n"
        "• questions that had no answer: text, day and count; 30 days\n"
        "• errors: kind, count and reference; 30 days\n"
        "• which papers the archive ever held; for good\n\n"
        "Digest files that admins send are deleted after a day unless kept; kept ones become part of the archive.\n\n"
        "Nothing else of a message is kept. The log has no text of messages either; a few of its lines name a chat or "
        "user by id.\n\n"
        "The messages themselves are kept by Telegram, under Telegram's privacy policy.\n\n"
        "/forget deletes all that is kept of this chat at once. Backups made by the admins hold it until they are "
        "deleted."
    )


@pytest.mark.parametrize(
    ("voice", "said"), [(ZH, "没有答案的问题：不保存"), (EN, "questions that had no answer: not kept")]
)
def test_where_questions_are_not_kept_it_says_so(voice: Voice, said: str) -> None:
    assert said in text(voice, keeps_unanswered=False)
    assert said not in text(voice)


def test_a_language_model_is_named_where_there_is_one() -> None:
    assert "the language model <shepherd>. It gets the question and the quotations" in text(EN, model="<shepherd>")
    assert "语言模型 shepherd 改写" in text(ZH, model="shepherd")
    assert "language model" not in text(EN)


async def test_everybody_may_ask(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.bob.say("/privacy")
    assert reply.text == text(EN)
    group = sheep_bot.stand_in.group(members=[sheep_bot.ada.person])
    [reply] = await sheep_bot.driver.conversation(sheep_bot.ada.person, group).say("/privacy")
    assert reply.text == text(ZH)
    [started] = await sheep_bot.ada.say("/start")
    assert "/privacy" in started.text
