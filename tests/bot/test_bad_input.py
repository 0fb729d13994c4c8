"""Whatever is typed: a clear sentence back, nothing lost, nothing logged as a crash.

Every step of a conversation here fails the test where a handler raised or Telegram refused what was sent.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import RunningBot
from tests.telegram import Conversation

EVERYONES_COMMANDS = ["search", "ask", "paper", "topic", "digest", "language"]
ONLY_PUNCTUATION = "There is no word in that to look for. Write a word or two."
LONG = "绵羊 sheep " * 500  # 5,500 characters; Telegram cuts a message at 4,096


@pytest.mark.parametrize("command", ["search", "ask", "paper"])
async def test_no_argument_is_answered_with_an_example(bob: Conversation, command: str) -> None:
    for text in (f"/{command}", f"/{command}   ", f"/{command}\n", f"/{command} \u3164\u200b"):
        [reply] = await bob.say(text)
        assert reply.text.startswith("Add ")
        assert reply.code[0].startswith(f"/{command} ")


async def test_no_argument_in_chinese(ada: Conversation) -> None:
    [reply] = await ada.say("/search")
    assert reply.text == "请在命令后面写上要找的词，例如：/search 视频生成"


@pytest.mark.parametrize("command", [*EVERYONES_COMMANDS, "start", "help", "reload"])
async def test_a_very_long_argument(bob: Conversation, command: str) -> None:
    [reply] = await bob.say(f"/{command} {LONG}")
    assert reply.text


async def test_a_very_long_query_is_cut_and_said_to_be(bob: Conversation) -> None:
    [reply] = await bob.say(f"/search {LONG}")
    assert "That was long: only its first 256 characters were searched for." in reply.text
    [second] = await bob.press("Next ›")
    assert second.code == reply.code


async def test_a_very_long_question(bob: Conversation) -> None:
    [reply] = await bob.say(LONG[:5000])
    assert reply.text


@pytest.mark.parametrize("text", ["???", "。。。！", "😀🐑", "—…·", "()[]{}", "* _ ~ `", "​?"])
async def test_only_punctuation_or_emoji(bob: Conversation, text: str) -> None:
    for said in (text, f"/search {text}", f"/ask {text}"):
        [reply] = await bob.say(said)
        assert reply.text == ONLY_PUNCTUATION


@pytest.mark.parametrize(
    "text", ["/search ＬＡＮＴＥＲＮ", "／search lantern", "/search ｌａｎｔｅｒｎ！", "/SEARCH Lantern"]
)
async def test_full_width_letters_are_letters(bob: Conversation, text: str) -> None:
    [reply] = await bob.say(text)
    assert "1. Nightwatch: Sheep in the Dark" in reply.text


async def test_full_width_digits_are_digits(bob: Conversation) -> None:
    [card] = await bob.say("/paper ａｒＸｉｖ：２５０５．００００３")
    assert card.button("BibTeX").data == "b:2505-00003"


@pytest.mark.parametrize(
    ("traditional", "simplified"), [("燈籠", "灯笼"), ("領頭羊", "领头羊"), ("牧羊犬學會", "牧羊犬学会")]
)
async def test_traditional_characters_find_what_simplified_ones_find(
    ada: Conversation, traditional: str, simplified: str
) -> None:
    [by_traditional] = await ada.say(f"/search {traditional}")
    [by_simplified] = await ada.say(f"/search {simplified}")
    assert by_traditional.text.splitlines()[1:] == by_simplified.text.splitlines()[1:]
    assert len(by_traditional.all_buttons) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "<b>wool",
        "</code><script>alert(1)</script>",
        "&lt;b&gt; & &amp;",
        "<a href='tg://user?id=1'>x</a>",
        "**wool** __x__ [x](http://example.org) ```y```",
        "'; DROP TABLE papers; --",
        '" OR 1=1 --',
        "wool* NEAR(sheep, 2) AND title:x",
        "%' UNION SELECT * FROM papers --",
        "{wool} %s {0} %(x)s",
        "\\ \x00 \x1b[31m wool",
        "\u202ewool\u202c \u2066x\u2069",
    ],
)
async def test_markup_and_sql_are_words_like_others(bob: Conversation, text: str) -> None:
    for command in EVERYONES_COMMANDS:
        [reply] = await bob.say(f"/{command} {text}")
        assert reply.text
    [answered] = await bob.say(text)
    assert answered.text
    [still] = await bob.say("/search lantern")
    assert still.text.startswith("Search lantern: 1 paper")


async def test_markup_in_a_query_is_shown_as_it_was_typed(bob: Conversation) -> None:
    [reply] = await bob.say("/search <b>lantern</b> & *x*")
    assert reply.code == ["<b>lantern</b> & *x*"]
    assert reply.bold == ["Nightwatch: Sheep in the Dark", "lantern"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("2505.99999", "There is no paper numbered 2505.99999 in the archive."),
        ("arXiv:2505.99999v3", "There is no paper numbered 2505.99999 in the archive."),
        ("https://arxiv.org/abs/hep-th/9901001", "There is no paper numbered hep-th/9901001 in the archive."),
        ("Xylophone Zebra Quartz", "No paper in the archive is called “Xylophone Zebra Quartz”."),
    ],
)
async def test_a_paper_that_is_not_there(bob: Conversation, wanted: str, said: str) -> None:
    [reply] = await bob.say(f"/paper {wanted}")
    assert reply.text.splitlines()[0] == said


async def test_a_link_to_something_else_is_no_paper(bob: Conversation) -> None:
    for link in ("https://example.org/abs/2505.00001", "https://github.com/a/b", "https://arxiv.org/"):
        [reply] = await bob.say(f"/paper {link}")
        assert not any(button.text == "BibTeX" for button in reply.all_buttons)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/serch wool", "There is no command /serch.\nDid you mean /search?"),
        ("/Papr x", "There is no command /Papr.\nDid you mean /paper?"),
        ("/langauge", "There is no command /langauge.\nDid you mean /language?"),
        ("/xyzzy", "There is no command /xyzzy.\n/help lists all commands."),
        ("/relod", "There is no command /relod.\n/help lists all commands."),
    ],
)
async def test_an_unknown_command_offers_the_nearest(bob: Conversation, typed: str, said: str) -> None:
    [reply] = await bob.say(typed)
    assert reply.text == said


async def test_admins_commands_are_offered_to_admins(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.admin.say("/relod")
    assert reply.text == "There is no command /relod.\nDid you mean /reload?"


@pytest.mark.parametrize("text", ["/", "//", "/ search", "/-", "/搜索 绵羊", "/search-papers"])
async def test_what_only_looks_like_a_command(bob: Conversation, text: str) -> None:
    [reply] = await bob.say(text)
    assert reply.text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).filter(lambda text: text.strip()))
async def test_anything_at_all_is_answered_once(bob: Conversation, text: str) -> None:
    update = bob.driver.stand_in.updates.message(bob.person, text)
    if "text" not in update["message"] or not update["message"]["text"]:
        return
    assert len(await bob.process(update)) == 1
