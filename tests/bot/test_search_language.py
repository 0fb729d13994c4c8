"""The search language, as readers meet it: what it finds, and what is said of a query that is none."""

from __future__ import annotations

import pytest

from tests.conftest import RunningBot


async def found(bot: RunningBot, query: str) -> set[str]:
    [reply] = await bot.bob.say(f"/search {query}")
    return {(button.data or "").removeprefix("p:") for button in reply.all_buttons if (button.data or "")[:2] == "p:"}


async def test_a_word_that_is_not_wanted_keeps_papers_out(sheep_bot: RunningBot) -> None:
    assert "2505-00003" in await found(sheep_bot, "dog")
    assert "2505-00003" not in await found(sheep_bot, "dog -count")


async def test_a_phrase_is_looked_for_as_it_stands(sheep_bot: RunningBot) -> None:
    assert await found(sheep_bot, '"leads sheep home"') == {"2505-00005"}


async def test_a_filter_alone_is_a_query(sheep_bot: RunningBot) -> None:
    assert await found(sheep_bot, "id:2505.00004") == {"2505-00004"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("topic:", "Something is missing after topic, as in topic:agents or from:2025-05."),
        ("sheep from:soon", "soon is not a date. Write a year as 2025, a month as 2025-05, a day as 2025-05-30."),
        ("sheep from:2025-06 to:2025-05", "The search begins at 2025-06, after it ends."),
        ("sheep has:legs", "has:legs is not known; there is only has:code."),
        ("id:none", "There is no digit in the id none; write id:2505 or id:2505.12345."),
        ("-sheep", "-sheep only says what you do not want. Add a word to look for."),
    ],
)
async def test_a_query_that_cannot_be_understood_is_explained(sheep_bot: RunningBot, query: str, said: str) -> None:
    [reply] = await sheep_bot.bob.say(f"/search {query}")
    assert reply.text == f"{said}\n/help search tells how to search."


async def test_an_unknown_topic_offers_the_nearest(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.ada.say("/search topic:agnets")
    assert reply.text == "没有叫 agnets 的主题，相近的有 agents。\n搜索的写法见 /help search。"


async def test_a_mistyped_name_is_corrected_visibly(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.bob.say("/search Bellwehter")
    assert "these are the results for bellwether." in reply.text.casefold()
    assert reply.button("1").data == "p:2505-00005"
    assert reply.code[0] == "Bellwehter"


async def test_help_search_explains_every_filter(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.ada.say("/help search")
    filters = {"topic", "from", "to", "source", "author", "has", "id"}
    assert filters <= {word.partition(":")[0] for code in reply.code for word in code.split()}
