"""Questions: an answer quoted from the digests with its sources, or an honest none."""

from __future__ import annotations

import pytest

from tests import flock
from tests.conftest import RunningBot
from tests.telegram import Conversation, Link


async def test_a_question_is_answered_with_a_quotation_and_its_source(ada: Conversation) -> None:
    [reply] = await ada.say("Woolly的剪毛成功率是多少？")
    assert "剪毛成功率达到90.5%。" in reply.quotes[0]
    assert Link("羊毛：用语言模型给绵羊剪毛", "https://arxiv.org/abs/2505.00001") in reply.links
    assert flock.MAY in reply.code
    [card] = await ada.press("1")
    assert card.button("BibTeX").data == "b:2505-00001"


async def test_it_is_answered_in_the_askers_language(bob: Conversation) -> None:
    [reply] = await bob.say("What shearing rate does Woolly reach?")
    assert "It reaches a shearing rate of 90.5%." in reply.quotes[0]
    assert Link("Woolly: Shearing Sheep with Language Models", "https://arxiv.org/abs/2505.00001") in reply.links


async def test_ask_is_the_same_as_asking(bob: Conversation) -> None:
    [asked] = await bob.say("What shearing rate does Woolly reach?")
    [by_command] = await bob.say("/ask What shearing rate does Woolly reach?")
    assert by_command.text == asked.text


async def test_a_full_disk_keeps_no_question_from_its_answer(bob: Conversation, sheep_bot: RunningBot) -> None:
    sheep_bot.services.chats_._database.conn.execute("PRAGMA query_only = ON")
    [reply] = await bob.say("What shearing rate does Woolly reach?")
    assert "It reaches a shearing rate of 90.5%." in reply.quotes[0]
    [reply] = await bob.say("Who won the football match yesterday?")
    assert reply.text.startswith("I found no answer to this in the archive.")


async def test_what_the_archive_does_not_know_it_says(ada: Conversation, bob: Conversation) -> None:
    [reply] = await ada.say("明天上海会下雨吗？")
    assert reply.text.startswith("论文库里没有找到这个问题的答案。")
    assert reply.quotes == []
    [reply] = await bob.say("Who won the football match yesterday?")
    assert reply.text.startswith("I found no answer to this in the archive.")


@pytest.mark.parametrize("greeting", ["hello", "Hi!", "你好", "您好。", "What can you do?", "你是谁？"])
async def test_a_greeting_is_returned(bob: Conversation, greeting: str) -> None:
    [started] = await bob.say("/start")
    [reply] = await bob.say(greeting)
    assert reply.text == started.text


async def test_thanks_are_taken(ada: Conversation, bob: Conversation) -> None:
    [reply] = await ada.say("謝謝！")
    assert reply.text == "不客气。"
    [reply] = await bob.say("Thank you.")
    assert reply.text == "You're welcome."


async def test_a_question_that_greets_first_is_a_question(bob: Conversation) -> None:
    [reply] = await bob.say("Hello! What shearing rate does Woolly reach?")
    assert "It reaches a shearing rate of 90.5%." in reply.quotes[0]


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [("ada", "我只看得懂文字，请把问题写下来。"), ("bob", "I can only read text. Write your question down, please.")],
)
async def test_a_picture_gets_a_sentence(sheep_bot: RunningBot, reader: str, sentence: str) -> None:
    conversation: Conversation = getattr(sheep_bot, reader)
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    update = sheep_bot.stand_in.updates.message(conversation.person, photo=photo, caption="绵羊")
    [reply] = await conversation.process(update)
    assert reply.text == sentence


async def test_an_edited_message_is_not_answered_again(sheep_bot: RunningBot) -> None:
    said = sheep_bot.stand_in.updates.message(sheep_bot.ada.person, "/help")
    await sheep_bot.ada.process(said)
    edited = sheep_bot.stand_in.updates.edited_message(said["message"], "/start")
    assert await sheep_bot.ada.process(edited) == []


async def test_shipped_digests_answer_in_both_languages(shipped_bot: RunningBot) -> None:
    [chinese] = await shipped_bot.ada.say("SEED-GRPO是做什么的？")
    assert any("SEED-GRPO" in quote for quote in chinese.quotes)
    [english] = await shipped_bot.bob.say("What is SEED-GRPO?")
    assert any("SEED-GRPO" in quote for quote in english.quotes)
