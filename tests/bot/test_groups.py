"""In groups the bot answers commands, its name, and replies to what it said; otherwise it keeps silent."""

from __future__ import annotations

import pytest

from tests.conftest import RunningBot
from tests.telegram import Conversation, Group

NAME = "digest_test_bot"


@pytest.fixture
def group(sheep_bot: RunningBot) -> Group:
    return sheep_bot.stand_in.group(members=[sheep_bot.ada.person, sheep_bot.bob.person])


@pytest.fixture
def in_group(sheep_bot: RunningBot, group: Group) -> Conversation:
    """Bob, who reads English, in a group."""
    return sheep_bot.driver.conversation(sheep_bot.bob.person, group)


@pytest.mark.parametrize(
    "text",
    ["羊好可爱", "What is a sheep?", "lantern", "https://arxiv.org/abs/2505.00001", "@somebody look", "#sheep", "😀"],
)
async def test_what_is_not_said_to_it_is_left_alone(in_group: Conversation, text: str) -> None:
    assert await in_group.say(text) == []


@pytest.mark.parametrize("command", ["/paper", f"/paper@{NAME}", f"/PAPER@{NAME.upper()}"])
async def test_commands_are_answered_as_replies(in_group: Conversation, command: str) -> None:
    [card] = await in_group.say(f"{command} 2505.00001")
    assert card.bold[0] == "Woolly: Shearing Sheep with Language Models"
    assert card.message["reply_to_message"]["text"] == f"{command} 2505.00001"


@pytest.mark.parametrize("command", ["/paper@other_bot 2505.00001", "/help@other_bot", "/weather", "/serch lantern"])
async def test_commands_of_other_bots_are_left_alone(in_group: Conversation, command: str) -> None:
    assert await in_group.say(command) == []


async def test_an_unknown_command_with_its_name_is_answered(in_group: Conversation) -> None:
    [reply] = await in_group.say(f"/serch@{NAME} lantern")
    assert reply.text == "There is no command /serch.\nDid you mean /search?"


@pytest.mark.parametrize(
    "text",
    [
        f"@{NAME} What shearing rate does Woolly reach?",
        f"What shearing rate does Woolly reach, @{NAME.title()}?",
        f"🐑🐑 @{NAME}\nWhat shearing rate does Woolly reach?",
    ],
)
async def test_a_mention_makes_a_question(in_group: Conversation, text: str) -> None:
    [reply] = await in_group.say(text)
    assert "90.5%" in reply.quotes[0]
    assert reply.message["reply_to_message"]["text"] == text


async def test_a_longer_name_is_no_mention(in_group: Conversation) -> None:
    assert await in_group.say(f"@{NAME}_fans What shearing rate does Woolly reach?") == []


async def test_a_bare_mention_is_answered_with_how_to_ask(in_group: Conversation) -> None:
    [reply] = await in_group.say(f"@{NAME}")
    assert reply.text.startswith("Add your question, for example: /ask ")


async def test_a_command_after_a_mention_is_one(in_group: Conversation) -> None:
    [reply] = await in_group.say(f"@{NAME} /search lantern")
    assert reply.text.startswith("Search lantern: 1 paper")


async def test_a_reply_to_what_it_said_is_a_question(in_group: Conversation) -> None:
    [card] = await in_group.say("/paper 2505.00001")
    [answer] = await in_group.say("What shearing rate does Woolly reach?", reply_to=card)
    assert "90.5%" in answer.quotes[0]


async def test_a_reply_to_somebody_else_is_left_alone(sheep_bot: RunningBot, in_group: Conversation) -> None:
    said = sheep_bot.stand_in.updates.message(sheep_bot.ada.person, "你好", chat=in_group.chat)
    await in_group.process(said)
    assert await in_group.say("What shearing rate does Woolly reach?", reply_to=said["message"]) == []


async def test_a_picture_in_reply_is_left_alone(in_group: Conversation) -> None:
    [card] = await in_group.say("/paper 2505.00001")
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    assert await in_group.say(None, reply_to=card, photo=photo) == []  # type: ignore[arg-type]


async def test_each_member_is_answered_in_their_telegrams_language(
    sheep_bot: RunningBot, group: Group, in_group: Conversation
) -> None:
    [english] = await in_group.say("/search lantern")
    [chinese] = await sheep_bot.driver.conversation(sheep_bot.ada.person, group).say("/search lantern")
    assert english.text.startswith("Search lantern")
    assert chinese.text.startswith("搜索 lantern")


async def test_in_a_forum_the_answer_stays_in_its_topic(in_group: Conversation) -> None:
    await in_group.say("/search lantern", is_topic_message=True, message_thread_id=5)
    [call] = in_group.driver.api.calls_of("sendMessage")
    assert call.parameters["message_thread_id"] == 5


async def test_the_asker_may_have_deleted_the_question(sheep_bot: RunningBot, in_group: Conversation) -> None:
    update = sheep_bot.stand_in.updates.message(in_group.person, "/search lantern", chat=in_group.chat)
    del sheep_bot.driver.api.messages[in_group.chat.id, update["message"]["message_id"]]
    [reply] = await in_group.process(update)
    assert "reply_to_message" not in reply.message


async def test_channel_posts_are_left_alone(sheep_bot: RunningBot) -> None:
    channel = sheep_bot.stand_in.channel()
    assert await sheep_bot.driver.process(sheep_bot.stand_in.updates.channel_post(channel, "/help")) == []


async def test_buttons_work_for_any_member(sheep_bot: RunningBot, group: Group, in_group: Conversation) -> None:
    [listed] = await in_group.say("/search sheep")
    [second] = await sheep_bot.driver.conversation(sheep_bot.ada.person, group).press("Next ›", on=listed)
    assert second.message_id == listed.message_id
    assert second.text.startswith("搜索 sheep：共 8 篇 · 第 2/2 页")


async def test_what_a_group_chose_moves_with_it_to_its_new_id(sheep_bot: RunningBot) -> None:
    bob, stand_in = sheep_bot.bob.person, sheep_bot.stand_in
    small = stand_in.group(id=-500, type="group", admins=[bob])
    await sheep_bot.driver.conversation(bob, small).say("/language zh")
    large, updates = stand_in.updates.migration(bob, small, -1001000000500)
    for update in updates:
        assert await sheep_bot.driver.process(update) == []
    [reply] = await sheep_bot.driver.conversation(bob, large).say("/help")
    assert reply.bold == ["我会这些"]


async def test_a_group_that_let_the_bot_write_no_more_is_no_crash(sheep_bot: RunningBot, group: Group) -> None:
    from telegram.error import BadRequest, Forbidden

    in_group = sheep_bot.driver.conversation(sheep_bot.bob.person, group)
    group.bot_status = "restricted"
    assert await in_group.say("/help", expect_error=BadRequest) == []
    group.bot_status = "kicked"
    assert await in_group.say("/help", expect_error=Forbidden) == []
