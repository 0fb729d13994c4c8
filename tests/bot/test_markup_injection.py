"""Markup in what comes from outside is shown or left out: never obeyed, never an error of Telegram's."""

from __future__ import annotations

import pytest

from tests.bot.admins import send
from tests.conftest import RunningBot
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Reply

NASTY = '<b>Bold</b> & <a href="https://evil.example">link</a> </code> &lt;i&gt;'
TITLE = f"Wool {NASTY}"
READ = "Wool Bold & link <i>"  # as a Markdown reader reads it
DIGEST = weekly_digest(weekly_entry(TITLE, f"羊毛 {NASTY}", "2506.00009", f"羊毛很暖和，准确率达到 91.5%。{NASTY}"))
# Whatever a file's name may have on some computer; what it is kept as has none of the worst.
FILE = "<b>&amp; wool'\".md"


@pytest.fixture
async def nasty_bot(own_bot: RunningBot) -> RunningBot:
    await own_bot.reload({FILE: DIGEST})
    return own_bot


def shows(reply: Reply, text: str) -> bool:
    """Whether the text stands in the reply as it is, with none of it obeyed."""
    links = [*(button.url or "" for button in reply.all_buttons), str(reply.message.get("entities"))]
    return text in reply.text and not any("evil" in link for link in links)


@pytest.mark.parametrize("said", ["/paper 2506.00009", "/search wool", "What does Wool achieve?", "/digest"])
async def test_in_titles_and_texts(nasty_bot: RunningBot, said: str) -> None:
    [reply] = await nasty_bot.bob.say(said)
    assert shows(reply, READ)


async def test_in_the_report_and_the_list_of_files(nasty_bot: RunningBot) -> None:
    report = nasty_bot.admin.last
    assert shows(report, "<b>&amp; wool")
    [files] = await nasty_bot.admin.say("/files")
    assert shows(files, "<b>&amp; wool")


async def test_in_the_name_of_a_file_that_is_sent(own_bot: RunningBot) -> None:
    [*_, shown] = await send(own_bot.admin, FILE, DIGEST)
    assert shows(shown, READ)
    [*_, report] = await own_bot.admin.press("Keep")
    assert shows(report, READ)


async def test_in_what_is_asked_for(own_bot: RunningBot) -> None:
    for said in (
        f"/search {NASTY}",
        f"/paper {NASTY}",
        f"/topic {NASTY}",
        f"/watch {NASTY}",
        f"/remove {NASTY}",
        NASTY,
    ):
        for reply in await own_bot.admin.say(said):
            assert "https://evil.example" not in str(reply.message.get("entities", ""))


async def test_in_a_persons_name(own_bot: RunningBot) -> None:
    person = own_bot.stand_in.person(id=55, first_name=NASTY, last_name="</b>", language_code="en")
    conversation = own_bot.driver.conversation(person)
    for said in ("/start", "/help", "/reload", "What is lantern?"):
        assert await conversation.say(said)
