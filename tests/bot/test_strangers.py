"""What is for admins is closed to everybody else: every command, every button, every file, in private and in groups."""

from __future__ import annotations

import logging
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from bot import callbacks
from bot.callbacks import Callback
from bot.presses import FOR_ADMINS
from bot.routes import ROUTES
from bot.uploads import tag
from tests.bot.admins import CLOVER, kept, send, upload, waiting, zipped
from tests.conftest import RunningBot
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Conversation, Reply

ADMIN_COMMANDS = [route.command for route in ROUTES if route.access == "admins"]
ADMINS_ONLY = "Sorry, this is for the admins of the bot only."
CLOVER_FILE = tag("clover.md")


def made(kind: type[Callback]) -> str:
    """Callback data of this kind that an admin's button could carry: about upload 1, or the file clover.md."""
    values = {"number": 1, "page": 0, "how": "new", "file": CLOVER_FILE, "content": tag(CLOVER)[:8], "remove": 1}
    return kind(**{name: values[name] for name in (field.name for field in fields(kind))}).pack()


@pytest.fixture
async def with_files(own_bot: RunningBot) -> RunningBot:
    """The bot with a digest that was uploaded, and another one that waits to be kept."""
    await upload(own_bot, "clover.md", CLOVER)
    await send(own_bot.admin, "thistle.md", weekly_digest(weekly_entry("Thistle", "蓟", "2506.00002", "蓟。")))
    return own_bot


@pytest.fixture
def before(with_files: RunningBot) -> dict[Path, bytes]:
    return everything(with_files)


def everything(bot: RunningBot) -> dict[Path, bytes]:
    """All digest files there are, seeds, uploaded and waiting ones, with their bytes."""
    folders = (bot.seeds, bot.services.settings.data / "digests", bot.services.settings.data / "uploads")
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_there_are_commands_and_buttons_for_admins() -> None:
    """Or the tests below would test nothing."""
    assert {"reload", "files", "remove", "status"} <= set(ADMIN_COMMANDS)
    assert set(FOR_ADMINS) < set(get_args(Callback))


@pytest.mark.parametrize("command", ADMIN_COMMANDS)
async def test_a_strangers_command_is_declined_politely_and_logged(
    with_files: RunningBot, before: dict[Path, bytes], command: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        [reply] = await with_files.bob.say(f"/{command} clover.md")
    assert reply.text == ADMINS_ONLY
    assert [record.getMessage() for record in caplog.records] == [f"User 8 tried /{command}, which is for admins"]
    assert everything(with_files) == before


@pytest.mark.parametrize("command", ADMIN_COMMANDS)
async def test_in_a_group_nobody_may(
    with_files: RunningBot, before: dict[Path, bytes], command: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.dispatch")
    group = with_files.stand_in.group(members=[with_files.bob.person, with_files.admin.person])
    said = {}
    for who in (with_files.bob, with_files.admin):
        [reply] = await with_files.driver.conversation(who.person, group).say(f"/{command} clover.md")
        said[who.person.id] = reply.text
    assert said == {8: ADMINS_ONLY, 99: "Please send me this in our private chat."}
    assert caplog.messages == [
        f"User 8 tried /{command}, which is for admins",
        f"Admin 99 tried /{command} outside the private chat",
    ]
    assert everything(with_files) == before


@pytest.mark.parametrize("command", ADMIN_COMMANDS)
async def test_the_menu_and_the_help_of_others_do_not_name_it(with_files: RunningBot, command: str) -> None:
    [of_bob] = await with_files.bob.say("/help")
    [of_admin] = await with_files.admin.say("/help")
    assert f"/{command}" not in of_bob.text
    assert f"/{command}" in of_admin.text


@pytest.mark.parametrize("kind", FOR_ADMINS)
async def test_a_strangers_tap_is_declined_and_logged(
    with_files: RunningBot, before: dict[Path, bytes], kind: type[Callback], caplog: pytest.LogCaptureFixture
) -> None:
    card = await any_message(with_files.bob)
    with caplog.at_level(logging.WARNING):
        [note] = await with_files.bob.press_data(made(kind), on=card)
    assert (note.method, note.text) == ("answerCallbackQuery", ADMINS_ONLY)
    assert [record.getMessage() for record in caplog.records] == ["User 8 tapped a button that is for admins"]
    assert everything(with_files) == before


@pytest.mark.parametrize("kind", FOR_ADMINS)
async def test_nor_does_an_admins_tap_before_others(
    with_files: RunningBot, before: dict[Path, bytes], kind: type[Callback]
) -> None:
    group = with_files.stand_in.group(members=[with_files.admin.person])
    in_group = with_files.driver.conversation(with_files.admin.person, group)
    [note] = await in_group.press_data(made(kind), on=await any_message(in_group))
    assert note.method == "answerCallbackQuery"
    assert everything(with_files) == before


@pytest.mark.parametrize("name", ["clover.md", "digest.txt", "papers.pdf", "papers.zip"])
async def test_a_strangers_file_is_declined_logged_and_never_fetched(
    with_files: RunningBot, before: dict[Path, bytes], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = zipped({"clover.md": CLOVER}) if name.endswith(".zip") else CLOVER
    with caplog.at_level(logging.WARNING):
        [reply] = await send(with_files.bob, name, content)
    assert reply.text == (
        "Sorry, I take files from the admins of the bot only. If you have a question, please write it down."
    )
    assert [record.getMessage() for record in caplog.records] == ["User 8 sent a file, which is for admins"]
    assert len(with_files.stand_in.api.calls_of("getFile")) == 2, "the admin's own"
    assert everything(with_files) == before


async def test_one_admin_does_not_decide_on_anothers_upload(with_files: RunningBot) -> None:
    other = with_files.stand_in.person(id=77, first_name="Other", language_code="en")
    settings = with_files.services.settings.model_copy(update={"admins": frozenset({99, 77})})
    with_files.services.settings = settings
    conversation = with_files.driver.conversation(other)
    card = await any_message(conversation)
    for kind in (callbacks.KeepUpload(2, "new"), callbacks.DiscardUpload(2)):
        [note] = await conversation.press_data(kind.pack(), on=card)
        assert note.method == "answerCallbackQuery"
    assert [path.name for path in waiting(with_files)] == ["thistle.md"]


async def test_a_replayed_tap_keeps_nothing_a_second_time(with_files: RunningBot) -> None:
    shown = with_files.admin.last
    keep = next(button for button in shown.all_buttons if button.text == "Keep")
    await with_files.admin.press(keep, on=shown)
    assert set(kept(with_files)) == {"clover.md", "thistle.md"}
    await with_files.admin.say("/remove thistle.md")
    await with_files.admin.press("Remove")
    [note] = await with_files.admin.press(keep, on=shown)
    assert note.method == "answerCallbackQuery"
    assert set(kept(with_files)) == {"clover.md"}


async def any_message(who: Conversation) -> Reply:
    """Some message of the bot's, under which a tampered client can press what it likes."""
    [reply] = await who.say("/paper 2505.00001")
    return reply
