"""/search: five papers a page, matches bold, pages turned in place."""

from __future__ import annotations

from tests.conftest import RunningBot
from tests.telegram import Conversation, Link


async def test_a_paper_is_found_by_a_word_of_its_summary(bob: Conversation) -> None:
    [reply] = await bob.say("/search lantern")
    assert reply.text == (
        "Search lantern: 1 paper\n"
        "\n"
        "1. Nightwatch: Sheep in the Dark\n"
        "no arXiv id in the digests\n"
        "A lantern watches sheep at night."
    )
    assert reply.bold == ["Nightwatch: Sheep in the Dark", "lantern"]
    assert reply.code == ["lantern"]
    assert reply.button_texts == [["1"]]


async def test_chinese_readers_see_chinese_titles_first(ada: Conversation) -> None:
    [reply] = await ada.say("/search 牧羊犬")
    lines = reply.text.splitlines()
    assert lines[0].startswith("搜索 牧羊犬：共 1 篇")
    assert lines[2:5] == [
        "1. 向上吠叫：会数绵羊的牧羊犬",
        "Barking Up: A Dog that Counts Sheep",
        "arXiv 2505.00003 · 2025-05",
    ]
    assert reply.links == [Link("arXiv 2505.00003", "https://arxiv.org/abs/2505.00003")]


async def test_a_long_list_comes_in_pages_of_five(bob: Conversation) -> None:
    [first] = await bob.say("/search sheep")
    assert first.text.startswith("Search sheep: 8 papers · page 1/2\n")
    assert first.button_texts == [["1", "2", "3", "4", "5"], ["Next ›"]]
    [second] = await bob.press("Next ›")
    assert second.method == "editMessageText"
    assert second.message_id == first.message_id
    assert second.text.startswith("Search sheep: 8 papers · page 2/2\n\n6. ")
    assert second.button_texts == [["6", "7", "8"], ["‹ Previous"]]
    opened = {button.data for button in (*first.all_buttons, *second.all_buttons) if button.text.isdecimal()}
    assert len(opened) == 8
    [back] = await bob.press("‹ Previous")
    assert back.text == first.text


async def test_a_number_opens_its_paper_below_the_list(ada: Conversation) -> None:
    [listed] = await ada.say("/search 领头羊")
    [card] = await ada.press("1")
    assert card.method == "sendMessage"
    assert card.message_id != listed.message_id
    assert card.bold[0] == "领头羊：带绵羊回家"


async def test_the_query_of_a_turned_page_is_read_back_whole(bob: Conversation) -> None:
    query = 'sheep <b>&amp; dogs"</b> `x` 绵羊 🐑 _a_'
    [first] = await bob.say(f"/search {query}")
    assert first.code == [query]
    [second] = await bob.press("Next ›")
    assert second.code == [query]
    assert second.text.splitlines()[0] == first.text.splitlines()[0].replace("page 1/", "page 2/")


async def test_spaces_and_line_breaks_in_a_query_are_no_reason_to_call_it_long(bob: Conversation) -> None:
    [reply] = await bob.say("/search  dog \n\n  counts ")
    assert reply.code == ["dog counts"]
    assert "characters were searched for" not in reply.text


async def test_nothing_found_is_said_with_advice(ada: Conversation) -> None:
    [reply] = await ada.say("/search 量子纠缠态")
    assert reply.text == (
        "没有找到与 量子纠缠态 有关的论文。\n\n可以换个词、少写几个词，或用另一种语言再试；发 /topic 可以按主题浏览。"
    )


async def test_the_chosen_language_of_papers_holds_in_lists(sheep_bot: RunningBot) -> None:
    await sheep_bot.bob.say("/language zh")
    [reply] = await sheep_bot.bob.say("/search lantern")
    assert reply.text.startswith("搜索 lantern：共 1 篇")


async def test_a_shipped_paper_is_found_by_its_name(shipped_bot: RunningBot) -> None:
    [reply] = await shipped_bot.ada.say("/search SEED-GRPO")
    assert reply.text.splitlines()[2].startswith("1. SEED-GRPO")
