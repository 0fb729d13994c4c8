"""/language: the language of interface and papers, kept for each chat."""

from __future__ import annotations

import pytest

from tests.conftest import RunningBot
from tests.telegram import Conversation


async def test_alone_it_offers_the_three(ada: Conversation) -> None:
    [reply] = await ada.say("/language")
    assert reply.text == "论文用哪种语言显示？"
    assert reply.button_texts == [["中文", "English", "中英文"]]


async def test_a_choice_is_kept_and_confirmed_in_its_own_language(ada: Conversation) -> None:
    [reply] = await ada.say("/language en")
    assert reply.text == "All right, English from now on."
    [after] = await ada.say("/language")
    assert after.text == "Which language should papers be shown in?"
    assert after.button_texts == [["中文", "✓ English", "Both"]]


async def test_it_may_be_chosen_by_button_in_place(bob: Conversation) -> None:
    [choice] = await bob.say("/language")
    [chosen] = await bob.press("中文")
    assert chosen.message_id == choice.message_id
    assert chosen.text == "好的，以后用中文。"
    [reply] = await bob.say("/help")
    assert reply.bold == ["我会这些"]


async def test_pressing_the_chosen_one_again_changes_nothing(bob: Conversation) -> None:
    await bob.say("/language en")
    assert await bob.press("✓ English") == []


async def test_both_leaves_the_interface_to_telegrams_language(ada: Conversation) -> None:
    await ada.say("/language en")
    [reply] = await ada.say("/language both")
    assert reply.text == "好的，论文内容以后中英文都显示。"


@pytest.mark.parametrize("words", ["中文", "Chinese", "ZH", "ｚｈ", "汉语"])
async def test_it_is_understood_in_either_language(bob: Conversation, words: str) -> None:
    [reply] = await bob.say(f"/language {words}")
    assert reply.text == "好的，以后用中文。"


async def test_a_language_there_is_not(bob: Conversation) -> None:
    [reply] = await bob.say("/language klingon")
    assert reply.text == "Add zh (Chinese), en (English) or both, for example: /language both"


async def test_every_chat_has_its_own(sheep_bot: RunningBot) -> None:
    group = sheep_bot.stand_in.group(admins=[sheep_bot.ada.person])
    in_group = sheep_bot.driver.conversation(sheep_bot.ada.person, group)
    await in_group.say("/language en")
    [there] = await in_group.say("/help")
    [here] = await sheep_bot.ada.say("/help")
    assert (there.bold, here.bold) == (["What I can do"], ["我会这些"])


async def test_the_choice_outlives_a_restart(sheep_bot: RunningBot) -> None:
    from bot.chats import Chats

    await sheep_bot.ada.say("/language en")
    again = Chats.open(sheep_bot.seeds.parent)
    assert again.language(sheep_bot.ada.person.id) == "en"
    again.close()
