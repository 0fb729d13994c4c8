"""Thumbs under answers: one mark an answer, the last tap wins, and nothing else can be marked."""

from __future__ import annotations

from datetime import date

import pytest

from bot.chats import Marks
from bot.llm.client import ChatClient
from bot.llm.writing import Writer
from tests.bot.language_model import running_model
from tests.conftest import RunningBot
from tests.telegram import Reply

SUNDAY = date(2025, 6, 1)
QUESTION = "What shearing rate does Woolly reach?"
THUMBS = ["👍", "👎"]
OUTDATED = "This button is out of date. Please send the command again."


def marks(bot: RunningBot) -> Marks:
    return bot.services.chats_.marks_after(SUNDAY)


@pytest.mark.parametrize(
    "question",
    [QUESTION, f"/ask {QUESTION}", "Which papers are about sheep?", "Who won the football match yesterday?"],
)
async def test_they_are_the_last_row_under_every_answer(sheep_bot: RunningBot, question: str) -> None:
    [answer] = await sheep_bot.bob.say(question)
    assert answer.button_texts[-1] == THUMBS
    assert answer.buttons[-1][0].data == "h:1"


@pytest.mark.parametrize("command", ["/paper 2505.00001", "/search sheep", "/help", "hello", "/digest latest"])
async def test_nothing_else_has_them(sheep_bot: RunningBot, command: str) -> None:
    [reply] = await sheep_bot.bob.say(command)
    assert not set(THUMBS) & {button.text for button in reply.all_buttons}


async def test_a_tap_is_noted_and_thanked_for(sheep_bot: RunningBot) -> None:
    await sheep_bot.ada.say("Woolly的剪毛成功率是多少？")
    [note] = await sheep_bot.ada.press("👍")
    assert (note.method, note.text, note.alert) == ("answerCallbackQuery", "已记下 👍，谢谢！", False)
    await sheep_bot.bob.say(QUESTION)
    [note] = await sheep_bot.bob.press("👎")
    assert note.text == "👎 noted, thank you."
    assert marks(sheep_bot) == Marks(good=1, bad=1)


async def test_of_taps_on_one_answer_the_last_wins(sheep_bot: RunningBot) -> None:
    group = sheep_bot.stand_in.group(members=[sheep_bot.ada.person, sheep_bot.bob.person])
    [answer] = await sheep_bot.driver.conversation(sheep_bot.bob.person, group).say(f"/ask {QUESTION}")
    for person, thumb in ((sheep_bot.bob.person, "👍"), (sheep_bot.ada.person, "👎"), (sheep_bot.ada.person, "👎")):
        await sheep_bot.driver.conversation(person, group).press(thumb, on=answer)
    assert marks(sheep_bot) == Marks(good=0, bad=1)
    [again] = await sheep_bot.driver.conversation(sheep_bot.bob.person, group).say(f"/ask {QUESTION}")
    await sheep_bot.driver.conversation(sheep_bot.bob.person, group).press("👍", on=again)
    assert marks(sheep_bot) == Marks(good=1, bad=1)


async def test_what_is_no_answer_cannot_be_marked(sheep_bot: RunningBot) -> None:
    [card] = await sheep_bot.bob.say("/paper 2505.00001")
    [note] = await sheep_bot.bob.press_data("h:1", on=card)
    assert note.text == OUTDATED
    [answer] = await sheep_bot.bob.say(QUESTION)
    forged = {**answer.message, "from": sheep_bot.ada.person.user_json()}
    sheep_bot.driver.api.messages[answer.chat_id, answer.message_id] = forged
    [note] = await sheep_bot.bob.press("👍", on=answer)
    assert note.text == OUTDATED
    assert marks(sheep_bot) == Marks(0, 0)


@pytest.mark.parametrize("data", ["h", "h:", "h:2", "h:-1", "h:01", "h:1:1", "H:1", "h:👍"])
async def test_tampered_taps_do_nothing(sheep_bot: RunningBot, data: str) -> None:
    [answer] = await sheep_bot.bob.say(QUESTION)
    [note] = await sheep_bot.bob.press_data(data, on=answer)
    assert note.text == "I don't know this button. Please send the command again."
    assert marks(sheep_bot) == Marks(0, 0)


async def test_an_answer_too_old_to_be_given_is_not_marked(sheep_bot: RunningBot) -> None:
    [answer] = await sheep_bot.bob.say(QUESTION)
    [note] = await sheep_bot.bob.press("👍", on=answer, inaccessible=True)
    assert note.text == OUTDATED
    assert marks(sheep_bot) == Marks(0, 0)


async def test_a_question_in_reply_to_an_answer_is_still_about_its_paper(sheep_bot: RunningBot) -> None:
    [answer] = await sheep_bot.bob.say(QUESTION)
    await sheep_bot.bob.say("/paper 2505.00003")
    [reply] = await sheep_bot.bob.say("What rate does it reach?", reply_to=answer)
    assert "90.5%" in reply.quotes[0]


async def test_the_papers_of_a_marked_answer_open_as_before(sheep_bot: RunningBot) -> None:
    [answer] = await sheep_bot.bob.say(QUESTION)
    await sheep_bot.bob.press("👍")
    [card] = await sheep_bot.bob.press("1", on=answer)
    assert (card.method, card.bold[0]) == ("sendMessage", "Woolly: Shearing Sheep with Language Models")


async def test_an_answer_in_a_models_words_keeps_them(sheep_bot: RunningBot) -> None:
    with running_model() as model:
        writer = Writer(ChatClient(model.url, "shepherd", "key"), pause=0.0)
        sheep_bot.services.writer = writer
        model.will_say("Woolly", " reaches 90.5% [1]. ")
        replies = await sheep_bot.bob.say(QUESTION)
        await writer.aclose()
    assert [reply.button_texts[-1] for reply in replies] == [THUMBS] * len(replies)
    written: Reply = replies[-1]
    assert written.method == "editMessageText"
    await sheep_bot.bob.press("👍", on=written)
    assert marks(sheep_bot) == Marks(good=1, bad=0)
