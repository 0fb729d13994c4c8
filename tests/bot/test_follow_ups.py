"""A question without a subject of its own is about the paper spoken of last, or the one it replies to."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import RunningBot
from tests.telegram import Link

WOOLLY = Link("羊毛：用语言模型给绵羊剪毛", "https://arxiv.org/abs/2505.00001")


async def test_after_a_card_it_is_about_that_paper(sheep_bot: RunningBot) -> None:
    await sheep_bot.ada.say("/paper 2505.00001")
    [reply] = await sheep_bot.ada.say("它的成功率是多少？")
    assert "剪毛成功率达到90.5%。" in reply.quotes[0]
    assert reply.links == [WOOLLY]


async def test_after_an_answer_it_is_about_the_paper_that_answered(sheep_bot: RunningBot) -> None:
    await sheep_bot.ada.say("Woolly的剪毛成功率是多少？")
    [reply] = await sheep_bot.ada.say("它用了什么模型？")
    assert reply.links[0] == WOOLLY


async def test_after_half_an_hour_it_is_forgotten(sheep_bot: RunningBot) -> None:
    await sheep_bot.ada.say("/paper 2505.00003")
    sheep_bot.clock.time += timedelta(minutes=30)
    [about_the_dog] = await sheep_bot.ada.say("它的成功率是多少？")
    assert WOOLLY not in about_the_dog.links
    await sheep_bot.ada.say("/paper 2505.00003")
    sheep_bot.clock.time += timedelta(minutes=30, seconds=1)
    [about_anything] = await sheep_bot.ada.say("它的成功率是多少？")
    assert about_anything.links == [WOOLLY]


async def test_a_reply_to_a_card_is_about_its_paper_whatever_was_spoken_of_since(sheep_bot: RunningBot) -> None:
    [card] = await sheep_bot.ada.say("/paper 2505.00001")
    await sheep_bot.ada.say("/paper 2505.00003")
    [reply] = await sheep_bot.ada.say("它的成功率是多少？", reply_to=card)
    assert reply.links == [WOOLLY]


async def test_a_reply_to_an_answer_is_about_the_paper_it_quotes(sheep_bot: RunningBot) -> None:
    [answer] = await sheep_bot.ada.say("Woolly的剪毛成功率是多少？")
    await sheep_bot.ada.say("/paper 2505.00003")
    [reply] = await sheep_bot.ada.say("它的成功率是多少？", reply_to=answer)
    assert reply.links[0] == WOOLLY


async def test_what_one_chat_spoke_of_is_nothing_to_another(sheep_bot: RunningBot) -> None:
    await sheep_bot.bob.say("/paper 2505.00003")
    [reply] = await sheep_bot.ada.say("它的成功率是多少？")
    assert reply.links == [WOOLLY]


async def test_a_question_with_a_subject_of_its_own_is_about_that(sheep_bot: RunningBot) -> None:
    await sheep_bot.ada.say("/paper 2505.00003")
    [reply] = await sheep_bot.ada.say("Woolly的剪毛成功率是多少？")
    assert reply.links[0] == WOOLLY
