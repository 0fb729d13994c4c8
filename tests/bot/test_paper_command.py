"""/paper: a paper by id, link or title, its card, and the nearest where it is not there."""

from __future__ import annotations

import pytest

from tests import flock
from tests.conftest import RunningBot
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Conversation, Link

WOOLLY = "2505.00001"


async def test_a_card_tells_all_there_is_in_both_languages(ada: Conversation) -> None:
    [card] = await ada.say(f"/paper {WOOLLY}")
    assert card.text == (
        "羊毛：用语言模型给绵羊剪毛\n"
        "Woolly: Shearing Sheep with Language Models\n"
        "\n"
        "时间：2025-05\n"
        "arXiv：2505.00001 · PDF\n"
        "\n"
        "中文摘要\n"
        "Woolly让语言模型给绵羊剪毛，剪毛成功率达到90.5%。\n"
        "\n"
        "英文摘要\n"
        "Woolly lets a language model shear sheep. It reaches a shearing rate of 90.5%.\n"
        "\n"
        "收录于：2025-05-weekly.md"
    )
    assert card.links == [
        Link("2505.00001", "https://arxiv.org/abs/2505.00001"),
        Link("PDF", "https://arxiv.org/pdf/2505.00001"),
    ]
    assert card.button_texts == [["相关论文", "BibTeX"], ["arXiv"]]
    assert card.button("arXiv").url == "https://arxiv.org/abs/2505.00001"


async def test_a_card_speaks_the_readers_language_first(bob: Conversation) -> None:
    [card] = await bob.say(f"/paper {WOOLLY}")
    assert card.bold == [
        "Woolly: Shearing Sheep with Language Models",
        "羊毛：用语言模型给绵羊剪毛",
        "Summary",
        "Summary in Chinese",
    ]


async def test_a_paper_without_id_gets_a_title_search_said_as_such(bob: Conversation) -> None:
    [card] = await bob.say(f"/paper {flock.WITHOUT_ID}")
    assert "no arXiv id in the digests · Search arXiv by title" in card.text
    search = "https://arxiv.org/search/?query=Nightwatch%3A+Sheep+in+the+Dark&searchtype=title"
    assert card.links == [Link("Search arXiv by title", search)]
    assert card.button("Search arXiv by title").url == search
    assert "Authors: Ada Wong, Bo Li" in card.text
    assert "• 灯笼整夜亮着\n• 没有丢一只绵羊" in card.text


async def test_a_missing_language_is_said_and_never_faked(own_bot: RunningBot) -> None:
    chinese_only = weekly_digest(weekly_entry("Clover", "三叶草", "2506.00001", "绵羊爱吃三叶草。"))
    await own_bot.reload({"2025-06-weekly.md": chinese_only})
    [card] = await own_bot.bob.say("/paper 2506.00001")
    assert "No English summary in the digests." in card.italic
    await own_bot.bob.say("/language en")
    [card] = await own_bot.bob.say("/paper 2506.00001")
    assert "No English summary in the digests." in card.italic
    assert "绵羊爱吃三叶草。" in card.text


async def test_a_chosen_language_leaves_the_other_one_out(sheep_bot: RunningBot) -> None:
    await sheep_bot.ada.say("/language zh")
    [card] = await sheep_bot.ada.say(f"/paper {WOOLLY}")
    assert "剪毛成功率达到90.5%" in card.text
    assert "It reaches a shearing rate" not in card.text


async def test_code_has_a_link_and_a_button(own_bot: RunningBot) -> None:
    body = "绵羊。\n\n代码：https://github.com/example/clover"
    await own_bot.reload({"2025-06-weekly.md": weekly_digest(weekly_entry("Clover", "三叶草", "2506.00001", body))})
    [card] = await own_bot.bob.say("/paper 2506.00001")
    assert Link("Code", "https://github.com/example/clover") in card.links
    assert card.button("Code").url == "https://github.com/example/clover"


@pytest.mark.parametrize(
    "wanted",
    [
        "2505.00001",
        "2505.00001v2",
        "arXiv:2505.00001",
        "ARXIV: 2505.00001v1",
        "https://arxiv.org/abs/2505.00001",
        "https://arxiv.org/abs/2505.00001v3",
        "http://arxiv.org/pdf/2505.00001v1",
        "https://arxiv.org/pdf/2505.00001.pdf",
        "https://arxiv.org/html/2505.00001v2",
        "arxiv.org/abs/2505.00001",
        "２５０５．００００１",
        "2505-00001",
        "Woolly: Shearing Sheep with Language Models",
        "woolly shearing sheep with language models",
        "羊毛：用语言模型给绵羊剪毛",
        "羊毛:用语言模型给绵羊剪毛",
        "Wooly: Shearing Sheeps with Languge Models",
        "Woolly",
    ],
)
async def test_a_paper_is_found_however_it_is_named(ada: Conversation, wanted: str) -> None:
    [card] = await ada.say(f"/paper {wanted}")
    assert card.button("BibTeX").data == "b:2505-00001"


@pytest.mark.parametrize(
    "wanted", ["cs/0112017", "arXiv:cs/0112017v1", "https://arxiv.org/abs/cs/0112017", "cs-0112017"]
)
async def test_an_old_style_id_is_an_id(ada: Conversation, wanted: str) -> None:
    [card] = await ada.say(f"/paper {wanted}")
    assert card.button("BibTeX").data == "b:cs-0112017"


async def test_for_an_id_that_is_not_there_the_nearest_are_offered(bob: Conversation) -> None:
    [reply] = await bob.say("/paper 2505.00009")
    assert reply.text.startswith("There is no paper numbered 2505.00009 in the archive.\nThe nearest are:\n\n1. ")
    assert len(reply.all_buttons) == 5
    [card] = await bob.press(reply.all_buttons[0])
    assert "arXiv: 2505.0000" in card.text


async def test_for_a_title_that_is_not_there_the_nearest_are_offered(ada: Conversation) -> None:
    [reply] = await ada.say("/paper Surveys of Fences and Gates")
    assert reply.text.startswith(
        "论文库里没有标题与“Surveys of Fences and Gates”相符的论文。\n最接近的是：\n\n1. 绵羊围栏综述\n"
    )
    [card] = await ada.press("1")
    assert card.button("BibTeX").data == "b:2505-00002"


async def test_an_id_or_link_alone_is_answered_with_the_paper(ada: Conversation) -> None:
    for text in ("2505.00002", "https://arxiv.org/abs/2505.00002v2"):
        [card] = await ada.say(text)
        assert card.button("BibTeX").data == "b:2505-00002"


async def test_a_shipped_paper_says_which_digests_it_came_from(shipped_bot: RunningBot) -> None:
    [card] = await shipped_bot.bob.say("/paper 2504.13837v2")
    assert card.text.endswith("From: 2025-04-weekly-numbered.txt, 2025-05-bib-notes.md")
    assert len(card.quotes) >= 1
