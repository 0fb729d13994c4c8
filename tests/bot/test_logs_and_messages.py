"""Whatever people say to the bot, and however: not one word of it comes into the log, not even at DEBUG."""

from __future__ import annotations

import logging

import pytest

from bot.llm.client import ChatClient
from bot.llm.writing import Writer
from bot.logs import configure_logging
from bot.routes import ROUTES
from tests.bot.language_model import running_model
from tests.bot.test_errors import BrokenArchive
from tests.conftest import RunningBot

# In no file, phrase or digest; its parts are in no other word.
WORD = "zqxwvkjzq"
CHINESE = "龘靐齉"

pytestmark = pytest.mark.usefixtures("logging_as_it_was")


@pytest.fixture
def said() -> str:
    return f"{WORD} {CHINESE}"


@pytest.fixture
async def bot(sheep_bot: RunningBot) -> RunningBot:
    configure_logging("DEBUG", secrets=[sheep_bot.stand_in.token])
    return sheep_bot


def assert_unheard(capsys: pytest.CaptureFixture[str]) -> str:
    """Gives the log, in which nothing of it stands."""
    logging.getLogger("bot").debug("That was all")
    log = capsys.readouterr().err
    assert log.endswith("bot: That was all\n")
    for part in (WORD, WORD[:5], WORD[-5:], CHINESE, CHINESE[:2]):
        assert part.casefold() not in log.casefold()
    return log


async def test_questions_and_the_arguments_of_every_command(
    bot: RunningBot, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for conversation in (bot.bob, bot.admin):
        await conversation.say(f"What is {said}?")
        await conversation.say(f"/{WORD} {said}")
        for route in ROUTES:
            await conversation.say(f"/{route.command} {said}")
        for command in ("/subscribe 8:30", "/search author:", "/search from:", "/search topic:", "/paper 2505.00001"):
            await conversation.say(f"{command}{said}")
    assert_unheard(capsys)


async def test_groups_replies_captions_names_and_places(
    bot: RunningBot, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    person = bot.stand_in.person(id=70, first_name=WORD, last_name=CHINESE, username=WORD, language_code=WORD)
    group = bot.stand_in.group(members=[person], title=said)
    private, in_group = (bot.driver.conversation(person, chat) for chat in (None, group))
    for conversation in (private, in_group):
        await conversation.say(said)
        await conversation.say(f"@digest_test_bot {said}")
        [reply] = await conversation.say(f"/ask {said}")
        await conversation.say(said, reply_to=reply)
        await conversation.say(f"/status {said}")
        photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
        update = bot.stand_in.updates.message(person, chat=conversation.chat, photo=photo, caption=said)
        await conversation.process(update)
        await conversation.process(bot.stand_in.updates.edited_message(update["message"], said))
    channel = bot.stand_in.group(type="channel", title=said, bot_status="administrator")
    await private.process(bot.stand_in.updates.channel_post(channel, said))
    await private.process(bot.stand_in.updates.channel_post(channel, f"/subscribe {said}"))
    assert_unheard(capsys)


async def test_taps_true_and_tampered(bot: RunningBot, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = await bot.bob.say(f"/search sheep {WORD}")
    await bot.bob.press("1", on=found)
    await bot.bob.say(f"/watch sheep {said}")
    await bot.bob.press("My watches")
    await bot.bob.press("✕ 1")
    for data in (WORD, f"p:{WORD}", f"s:{WORD}", f"t:{WORD}:0", f"h:{WORD}", f"z:{WORD}", f"c:zone:{WORD}", CHINESE):
        await bot.bob.press_data(data, on=found)
    assert_unheard(capsys)


async def test_a_handler_that_fails(bot: RunningBot, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = await bot.bob.say(f"/search sheep {WORD}")
    bot.services.archive_ = BrokenArchive(said)
    for text in (said, f"/search {said}", f"/paper {said}"):
        await bot.bob.say(text, expect_error=ValueError)
    bot.services.archive_ = BrokenArchive(WORD)
    await bot.bob.press_data("s:1", on=found, expect_error=ValueError)
    await bot.bob.press_data(f"p:{WORD}", on=found, expect_error=ValueError)
    log = assert_unheard(capsys)
    assert log.count("ValueError: cannot read") == 5


async def test_a_language_model_and_what_it_writes(
    bot: RunningBot, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_model() as model:
        writer = Writer(ChatClient(model.url, "shepherd", "key"), pause=0.0)
        bot.services.writer = writer
        for reply in ("Woolly reaches 90.5% [1].", f"It is {said} [1].", said, f"<think>{said}"):
            model.will_say(reply)
            await bot.bob.say(f"What shearing rate does Woolly reach, {WORD}?")
        await writer.aclose()
        assert any(WORD in str(request.body) for request in model.requests)
    assert_unheard(capsys)


async def test_files_their_names_and_captions(bot: RunningBot, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    updates = bot.stand_in.updates
    for conversation in (bot.bob, bot.admin):
        for name, data in (
            (f"{WORD}.txt", said.encode()),
            (f"{WORD}.exe", b"MZ"),
            (f"{WORD}.zip", b"PK" + said.encode()),
        ):
            update = updates.document(conversation.person, name, data)
            update["message"]["caption"] = said
            await conversation.process(update)
            await conversation.say(f"/remove {WORD}.txt")
    assert_unheard(capsys)
