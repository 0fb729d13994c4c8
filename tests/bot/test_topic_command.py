"""/topic: all topics as buttons, one topic's papers, and the nearest to a name."""

from __future__ import annotations

import pytest

from tests.conftest import RunningBot
from tests.telegram import Conversation


async def test_all_topics_are_buttons_with_counts(shipped_bot: RunningBot) -> None:
    [reply] = await shipped_bot.ada.say("/topic")
    assert reply.text == "选一个主题看看："
    labels = [button.text for button in reply.all_buttons]
    assert len(labels) == 19
    assert labels[0].startswith("强化学习推理 ")
    assert all(label.rpartition(" ")[2].isdecimal() for label in labels)
    assert {button.data for button in reply.all_buttons} >= {"t:agents:0", "t:survey:0"}


async def test_topics_are_named_in_the_readers_language(shipped_bot: RunningBot) -> None:
    [reply] = await shipped_bot.bob.say("/topic")
    assert reply.text == "Choose a topic:"
    assert reply.all_buttons[5].text.startswith("Agents ")


async def test_a_topic_opens_and_leads_back_in_place(bob: Conversation) -> None:
    [topics] = await bob.say("/topic")
    [papers] = await bob.press("Surveys 1")
    assert papers.message_id == topics.message_id
    assert papers.text == (
        "Surveys (综述): 1 paper\n"
        "\n"
        "1. A Survey of Fences for Sheep\n"
        "绵羊围栏综述\n"
        "arXiv 2505.00002 · 2025-05\n"
        "This survey reviews fences for sheep."
    )
    assert papers.button_texts == [["1"], ["All topics"]]
    [back] = await bob.press("All topics")
    assert back.button_texts == topics.button_texts


@pytest.mark.parametrize("name", ["survey", "SURVEY", "综述", "Surveys", "ｓｕｒｖｅｙ", " surveys "])
async def test_a_topic_is_called_by_slug_or_either_name(ada: Conversation, name: str) -> None:
    [reply] = await ada.say(f"/topic {name}")
    assert reply.bold[0] == "综述"


@pytest.mark.parametrize("name", ["強化學習推理", "RL for reasoning", "rl-reasoning", "强化学习推理"])
async def test_a_topic_of_several_words(ada: Conversation, name: str) -> None:
    [reply] = await ada.say(f"/topic {name}")
    assert reply.bold[0] == "强化学习推理"


async def test_an_empty_topic_says_so(bob: Conversation) -> None:
    [reply] = await bob.say("/topic agents")
    assert reply.text == "Agents (智能体): 0 papers\nThere are no papers here yet."


async def test_for_an_unknown_topic_the_nearest_are_offered(bob: Conversation) -> None:
    [reply] = await bob.say("/topic survay")
    assert reply.text == "There is no topic called “survay”.\nDid you mean one of these?"
    [papers] = await bob.press("Surveys 1")
    assert papers.bold[0] == "Surveys"


async def test_for_a_name_like_none_all_topics_are_offered(ada: Conversation) -> None:
    [reply] = await ada.say("/topic zzzzqqqq")
    assert reply.text == "没有叫“zzzzqqqq”的主题。"
    assert reply.button_texts == [["全部主题"]]
    [topics] = await ada.press("全部主题")
    assert topics.text == "选一个主题看看："


async def test_a_long_topic_turns_its_pages_in_place(shipped_bot: RunningBot) -> None:
    [first] = await shipped_bot.ada.say("/topic rl-reasoning")
    [second] = await shipped_bot.ada.press("下一页 ›")
    assert second.message_id == first.message_id
    assert " · 第 2/" in second.text.splitlines()[0]
    assert second.button_texts[0] == ["6", "7", "8", "9", "10"]
