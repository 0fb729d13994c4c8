"""Driving an application in process: what a step returns, and what makes it fail."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, NetworkError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from tests.telegram import Conversation, Driver, Fault, Link, StandIn
from tests.telegram.request import download


async def list_papers(update: Update, context: Any) -> None:
    keyboard = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("1", callback_data="open")],
            [InlineKeyboardButton("silent", callback_data="silent")],
            [InlineKeyboardButton("arXiv", url="https://arxiv.org/abs/2504.13837")],
        ]
    )
    assert update.message is not None
    await update.message.reply_html(
        f"<b>{' '.join(context.args)}</b> <a href='https://arxiv.org/abs/1'>a &amp; b</a> <code>q</code>",
        reply_markup=keyboard,
    )


async def pressed(update: Update, context: Any) -> None:
    query = update.callback_query
    assert query is not None
    if query.data != "silent":
        await query.answer("opened")
        await query.edit_message_text(f"{query.data} 论文")


async def later(update: Update, context: Any) -> None:
    async def send() -> None:
        assert update.effective_chat is not None
        await context.bot.send_message(update.effective_chat.id, "later")

    context.application.create_task(send())


async def fail(update: Update, context: Any) -> None:
    raise KeyError("broken")


async def break_markup(update: Update, context: Any) -> None:
    assert update.message is not None
    try:
        await update.message.reply_html("<p>x</p>")
    except BadRequest:
        await update.message.reply_text("sorry")


async def bibtex(update: Update, context: Any) -> None:
    assert update.message is not None
    await update.message.reply_document("@article{一}".encode(), filename="a.bib", caption="1")


async def echo_file(update: Update, context: Any) -> None:
    assert update.message is not None and update.message.document is not None
    file = await update.message.document.get_file()
    await update.message.reply_text((await file.download_as_bytearray()).decode())


async def edited(update: Update, context: Any) -> None:
    assert update.edited_message is not None
    await update.edited_message.reply_text(f"now {update.edited_message.text}")


async def apologise(update: object, context: Any) -> None:
    assert isinstance(update, Update) and update.effective_chat is not None
    await context.bot.send_message(update.effective_chat.id, "sorry")
    raise ApplicationHandlerStop


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def app(stand_in: StandIn) -> Application[Any, Any, Any, Any, Any, Any]:
    builder = Application.builder().token(stand_in.token).updater(None)
    app = builder.request(stand_in.request()).get_updates_request(stand_in.request()).build()
    for name, handler in {
        "list": list_papers,
        "later": later,
        "fail": fail,
        "markup": break_markup,
        "bibtex": bibtex,
    }.items():
        app.add_handler(CommandHandler(name, handler, filters.UpdateType.MESSAGE))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.Document.ALL, echo_file))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited))
    app.add_error_handler(apologise)
    return app


@pytest.fixture
async def driver(stand_in: StandIn, app: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[Driver]:
    async with stand_in.running(app) as driver:
        yield driver


@pytest.fixture
def ada(stand_in: StandIn, driver: Driver) -> Conversation:
    return driver.conversation(stand_in.person(id=7, first_name="Ada"))


async def test_a_reply_shows_text_markup_and_buttons(ada: Conversation) -> None:
    [reply] = await ada.say("/list KEY")
    assert reply.method == "sendMessage"
    assert reply.chat_id == 7
    assert reply.text == "KEY a & b q"
    assert reply.html == "<b>KEY</b> <a href='https://arxiv.org/abs/1'>a &amp; b</a> <code>q</code>"
    assert reply.bold == ["KEY"]
    assert reply.code == ["q"]
    assert reply.links == [Link("a & b", "https://arxiv.org/abs/1")]
    assert reply.button_texts == [["1"], ["silent"], ["arXiv"]]
    assert reply.button("1").data == "open"
    assert reply.button("arXiv").url == "https://arxiv.org/abs/2504.13837"


async def test_a_pressed_button_brings_an_answer_and_an_edit(ada: Conversation) -> None:
    [listed] = await ada.say("/list x")
    toast, edit = await ada.press("1")
    assert (toast.method, toast.text, toast.chat_id) == ("answerCallbackQuery", "opened", 7)
    assert (edit.method, edit.text, edit.message_id) == ("editMessageText", "open 论文", listed.message_id)
    assert edit.buttons == []


async def test_an_old_button_and_forged_data_can_be_pressed(ada: Conversation) -> None:
    [listed] = await ada.say("/list x")
    await ada.press("1")
    [_, edit] = await ada.press_data("'; DROP", on=listed)
    assert edit.text == "'; DROP 论文"
    [_, edit] = await ada.press(listed.button("1"))
    assert edit.text == "open 论文"


async def test_buttons_are_found_by_a_part_of_their_text_if_it_is_plain_which(ada: Conversation) -> None:
    await ada.say("/list x")
    with pytest.raises(LookupError, match=r"0 buttons with 'none' among \['1', 'silent', 'arXiv'\]"):
        await ada.press("none")
    with pytest.raises(ValueError, match="sends nothing to the bot"):
        await ada.press("arX")


async def test_a_step_waits_for_background_tasks(ada: Conversation) -> None:
    assert [reply.text for reply in await ada.say("/later")] == ["later"]


async def test_what_a_handler_raises_fails_the_step(ada: Conversation) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        await ada.say("/fail")
    assert [type(error) for error in caught.value.exceptions] == [KeyError]
    assert [reply.text for reply in await ada.say("/list ok")] == ["ok a & b q"]


async def test_an_expected_error_brings_the_replies(ada: Conversation) -> None:
    assert [reply.text for reply in await ada.say("/fail", expect_error=KeyError)] == ["sorry"]
    with pytest.raises(AssertionError, match="expected"):
        await ada.say("/list x", expect_error=KeyError)


async def test_an_unanswered_button_fails_the_step(ada: Conversation) -> None:
    await ada.say("/list x")
    with pytest.raises(AssertionError, match=r"buttons left unanswered: \['silent'\]"):
        await ada.press("silent")


async def test_a_refused_request_fails_the_step_even_if_the_bot_hides_it(ada: Conversation) -> None:
    with pytest.raises(AssertionError, match='Unsupported start tag "p"'):
        await ada.say("/markup")


async def test_an_error_handler_that_breaks_fails_the_step(ada: Conversation, stand_in: StandIn) -> None:
    stand_in.api.fail_next("sendMessage", Fault.bad_gateway())
    with pytest.raises(AssertionError, match="python-telegram-bot logged"):
        await ada.say("/fail", expect_error=KeyError)


async def test_a_lost_reply_was_sent_all_the_same(ada: Conversation, stand_in: StandIn) -> None:
    stand_in.api.fail_next("sendMessage", Fault.lost_reply())
    replies = await ada.say("/list x", expect_error=NetworkError)
    assert [reply.text for reply in replies] == ["x a & b q", "sorry"]
    stand_in.api.fail_next("sendMessage", Fault.unreachable())
    assert [reply.text for reply in await ada.say("/list x", expect_error=NetworkError)] == ["sorry"]


async def test_a_document_comes_with_its_content(ada: Conversation) -> None:
    [reply] = await ada.say("/bibtex")
    assert (reply.text, reply.file_name, reply.document) == ("1", "a.bib", "@article{一}".encode())


async def test_the_bot_can_fetch_a_file_somebody_sends(ada: Conversation, stand_in: StandIn) -> None:
    update = stand_in.updates.document(ada.person, "a.txt", "内容".encode())
    assert [reply.text for reply in await ada.process(update)] == ["内容"]


async def test_an_album_is_a_message_for_each_file_with_one_group(ada: Conversation, stand_in: StandIn) -> None:
    first, second = stand_in.updates.album(ada.person, {"a.txt": "一".encode(), "b.txt": "二".encode()})
    assert first["message"]["media_group_id"] == second["message"]["media_group_id"]
    assert [(await ada.process(update))[-1].text for update in (first, second)] == ["一", "二"]


def test_a_file_is_fetched_by_the_address_it_was_given_and_by_no_other(stand_in: StandIn) -> None:
    stand_in.updates.document(stand_in.person(), "a b.TXT", b"content")
    assert download(stand_in.api, stand_in.token, "documents/file_0.TXT")[0] == 404
    answer = json.loads(stand_in.api.answer(stand_in.token, "getFile", {"file_id": "document-1"}).body)
    path = answer["result"]["file_path"]
    assert path == "documents/file_0.TXT"
    assert download(stand_in.api, stand_in.token, path) == (200, b"content")
    assert download(stand_in.api, stand_in.token, "documents/document-1")[0] == 404


def test_a_file_over_20_mb_is_not_given_to_bots(stand_in: StandIn) -> None:
    stand_in.updates.document(stand_in.person(), "a.txt", bytes(20_000_001))
    answer = json.loads(stand_in.api.answer(stand_in.token, "getFile", {"file_id": "document-1"}).body)
    assert answer["description"] == "Bad Request: file is too big"


async def test_people_may_edit_what_they_wrote(ada: Conversation, stand_in: StandIn) -> None:
    update = stand_in.updates.edited_message(stand_in.updates.message(ada.person, "a")["message"], "b")
    assert [reply.text for reply in await ada.process(update)] == ["now b"]


async def test_a_conversation_may_be_in_a_group(driver: Driver, stand_in: StandIn) -> None:
    ada = stand_in.person(id=7)
    group = stand_in.group(members=[ada])
    here = driver.conversation(ada, group)
    [reply] = await here.say("/list@digest_test_bot x")
    assert reply.chat_id == group.id
    assert await here.say("/list@another_bot x") == []


async def test_a_job_is_driven_like_an_update(driver: Driver, stand_in: StandIn) -> None:
    async def remind(context: Any) -> None:
        await context.bot.send_message(7, "time")

    stand_in.person(id=7)
    assert driver.app.job_queue is not None
    job = driver.app.job_queue.run_once(remind, when=3600)
    assert [reply.text for reply in await driver.run_job(job)] == ["time"]


async def test_the_life_of_the_application_is_complete(stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    seen = []

    def note(name: str) -> Any:
        async def callback(app: object) -> None:
            seen.append(name)

        return callback

    builder = Application.builder().token(stand_in.token).updater(None)
    builder = builder.request(stand_in.request()).get_updates_request(stand_in.request())
    builder.post_init(note("init")).post_stop(note("stop")).post_shutdown(note("shutdown"))
    with caplog.at_level(logging.ERROR):
        async with stand_in.running(builder.build()):
            seen.append("running")
    assert seen == ["init", "running", "stop", "shutdown"]
    assert caplog.records == []
