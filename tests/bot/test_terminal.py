"""A conversation in the terminal: what is typed reaches the bot as from Telegram, what it does is drawn."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, NetworkError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.terminal import (
    TERMINAL_TOKEN,
    TERMINAL_USER_ID,
    Screen,
    TerminalRequest,
    chat,
    command_completer,
    locale_language,
    prompt_lines,
    read_lines,
)

URL = "https://arxiv.org/abs/2504.13837"
Context = ContextTypes.DEFAULT_TYPE


class Conversation:
    """A small bot behind a `TerminalRequest`, and what it drew."""

    def __init__(self) -> None:
        self.output = io.StringIO()
        self.request = TerminalRequest(Screen(self.output))
        self.app = (
            ApplicationBuilder()
            .token(TERMINAL_TOKEN)
            .request(self.request)
            .get_updates_request(self.request)
            .updater(None)
            .build()
        )
        self.errors: list[Exception | None] = []
        self.app.add_error_handler(self._keep_error)
        self.app.add_handler(CommandHandler("buttons", send_buttons))
        self.app.add_handler(CommandHandler("plain", send_without_buttons))
        self.app.add_handler(CallbackQueryHandler(press))
        self.app.add_handler(MessageHandler(filters.ALL, echo))

    async def hold(self, *lines: str, language: Any = "en") -> str:
        """What the screen shows after these lines; an error in a handler fails the test."""
        await chat(self.app, self.request, typed(*lines), language=language)
        assert self.errors == []
        return self.output.getvalue()

    async def _keep_error(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        self.errors.append(context.error)


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def message_of(update: Update) -> Message:
    assert isinstance(update.effective_message, Message)
    return update.effective_message


async def echo(update: Update, context: Context) -> None:
    await message_of(update).reply_text(f"heard: {message_of(update).text}")


async def send_buttons(update: Update, context: Context) -> None:
    rows = [
        [InlineKeyboardButton("more", callback_data="more"), InlineKeyboardButton("arXiv", url=URL)],
        [InlineKeyboardButton("again", callback_data="again")],
    ]
    await message_of(update).reply_html(
        "<code>sheep</code> " + " ".join(context.args or ()), reply_markup=InlineKeyboardMarkup(rows)
    )


async def send_without_buttons(update: Update, context: Context) -> None:
    await message_of(update).reply_text("no buttons here")


async def press(update: Update, context: Context) -> None:
    """`more` edits the message in place, as views do that read their query back from it."""
    query = update.callback_query
    assert query is not None
    if query.data == "again":
        await query.answer("Nothing new.")
        return
    await query.answer()
    [(_, word)] = message_of(update).parse_entities(["code"]).items()
    button = InlineKeyboardButton("back", callback_data="again")
    await query.edit_message_text(f"page 2 of {word}", reply_markup=InlineKeyboardMarkup([[button]]))


@pytest.fixture
def conversation() -> Conversation:
    return Conversation()


async def test_lines_are_answered_in_order(conversation: Conversation) -> None:
    assert await conversation.hold("one", "two") == "heard: one\n\nheard: two\n\n"


async def test_blank_lines_are_passed_over(conversation: Conversation) -> None:
    assert await conversation.hold("", "  \t", " one ") == "heard: one\n\n"


async def test_characters_no_client_sends_are_left_out(conversation: Conversation) -> None:
    assert await conversation.hold("o\x00n\x1be\udc80") == "heard: one\n\n"


async def test_a_command_reaches_its_handler_with_its_arguments(conversation: Conversation) -> None:
    shown = await conversation.hold("/buttons@digestbot one two")
    assert shown == f"sheep one two\n#1 [more]  #2 [arXiv] {URL}\n#3 [again]\n\n"


async def test_the_bot_is_told_who_writes_and_in_which_language(conversation: Conversation) -> None:
    seen: list[Update] = []

    async def remember(update: Update, context: Context) -> None:
        seen.append(update)

    conversation.app.add_handler(MessageHandler(filters.ALL, remember), group=1)
    await conversation.hold("one", language="zh")
    [update] = seen
    assert update.effective_user is not None
    assert update.effective_chat is not None
    assert (update.effective_user.id, update.effective_user.language_code) == (TERMINAL_USER_ID, "zh")
    assert (update.effective_chat.id, update.effective_chat.type) == (TERMINAL_USER_ID, "private")


@pytest.mark.parametrize("words", ["/quit", "exit", "/EXIT", "quit"])
async def test_a_parting_word_ends_the_conversation(conversation: Conversation, words: str) -> None:
    assert await conversation.hold("one", words, "two") == "heard: one\n\n"
    assert not conversation.app.running


async def test_a_pressed_button_edits_its_message_in_place(conversation: Conversation) -> None:
    shown = await conversation.hold("/buttons", "#1")
    assert shown.split("\n\n")[1:] == ["page 2 of sheep\n#1 [back]", ""]


async def test_numbers_belong_to_the_latest_message_with_buttons(conversation: Conversation) -> None:
    shown = await conversation.hold("/buttons", "#1", "/plain", "#1")
    assert shown.split("\n\n")[2:] == ["no buttons here", "Nothing new.", ""]


async def test_an_edited_message_counts_as_the_latest(conversation: Conversation) -> None:
    async def edit_first(update: Update, context: Context) -> None:
        await context.bot.edit_message_reply_markup(
            chat_id=TERMINAL_USER_ID,
            message_id=2,
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("only", callback_data="again")]]),
        )

    conversation.app.add_handler(CommandHandler("edit", edit_first), group=-1)
    await conversation.hold("/buttons", "/buttons", "/edit")
    assert [button.text for button in conversation.request.buttons()] == ["only"]


@pytest.mark.parametrize("number", ["#3", "# 3", "#03", "＃３"])
async def test_a_number_may_be_written_in_several_ways(conversation: Conversation, number: str) -> None:
    assert (await conversation.hold("/buttons", number)).split("\n\n")[1:] == ["Nothing new.", ""]


@pytest.mark.parametrize("number", ["0", "4", "99999"])
async def test_a_wrong_number_is_answered_with_the_right_ones(conversation: Conversation, number: str) -> None:
    shown = await conversation.hold("/buttons", f"#{number}")
    note = f"There is no button #{number}. Buttons to press now: #1–#3."
    assert shown.split("\n\n")[1:] == [note, ""]


async def test_a_number_of_any_length_is_only_a_wrong_number(conversation: Conversation) -> None:
    shown = await conversation.hold("/buttons", "/buttons", "#1", "#" + "9" * 5000)
    note = f"There is no button #{'9' * 20}. Buttons to press now: #1."
    assert shown.split("\n\n")[3:] == [note, ""]


async def test_a_press_before_any_button_says_that_there_is_none(conversation: Conversation) -> None:
    assert await conversation.hold("#1") == "There are no buttons to press yet.\n\n"


async def test_pressing_a_link_says_where_it_leads(conversation: Conversation) -> None:
    shown = await conversation.hold("/buttons", "#2", language="zh")
    assert shown.split("\n\n")[1:] == [f"按钮 #2 是个链接：{URL}", ""]


async def test_a_hash_with_words_is_a_message(conversation: Conversation) -> None:
    assert await conversation.hold("#1 of what?") == "heard: #1 of what?\n\n"


async def test_the_hooks_of_the_application_run(conversation: Conversation) -> None:
    ran: list[str] = []

    async def start(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
        await app.bot.set_my_commands([BotCommand("help", "help")])
        ran.append("post_init")

    async def stop(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
        ran.append("post_stop")

    async def shut_down(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
        ran.append("post_shutdown")

    conversation.app.post_init = start
    conversation.app.post_stop = stop
    conversation.app.post_shutdown = shut_down
    assert await conversation.hold() == ""
    assert ran == ["post_init", "post_stop", "post_shutdown"]


async def test_an_edit_that_changes_nothing_is_refused(conversation: Conversation) -> None:
    async with conversation.app as app:
        message = await app.bot.send_message(TERMINAL_USER_ID, "<b>a</b>", parse_mode="HTML")
        with pytest.raises(BadRequest, match="not modified"):
            await message.edit_text("<b>a</b>", parse_mode="HTML")
        await message.edit_text("a")
    assert conversation.output.getvalue() == "a\n\na\n\n"


async def test_a_deleted_message_can_no_longer_be_edited_or_pressed(conversation: Conversation) -> None:
    button = InlineKeyboardMarkup([[InlineKeyboardButton("1", callback_data="a")]])
    async with conversation.app as app:
        message = await app.bot.send_message(TERMINAL_USER_ID, "a", reply_markup=button)
        await message.delete()
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await message.edit_text("b")
    assert conversation.request.buttons() == ()


async def test_a_button_is_answered_once(conversation: Conversation) -> None:
    async with conversation.app as app:
        with pytest.raises(BadRequest, match="query id is invalid"):
            await app.bot.answer_callback_query("7", "too late")


async def test_a_document_is_shown(conversation: Conversation) -> None:
    async with conversation.app as app:
        message = await app.bot.send_document(
            TERMINAL_USER_ID, b"@misc{a}\n", filename="a.bib", caption="<b>One</b>", parse_mode="HTML"
        )
        await app.bot.send_document(TERMINAL_USER_ID, io.BytesIO(b"\x00\xff"), filename="a.bin")
    assert conversation.output.getvalue() == "📎 a.bib (9 B)\n@misc{a}\nOne\n\n📎 a.bin (2 B)\n\n"
    assert message.document is not None
    assert (message.document.file_name, message.caption) == ("a.bib", "One")


async def test_another_chat_cannot_be_reached_but_is_not_reported_gone(conversation: Conversation) -> None:
    async with conversation.app as app:
        with pytest.raises(NetworkError) as failure:
            await app.bot.send_message(4711, "good morning")
    assert type(failure.value) is NetworkError
    assert conversation.output.getvalue() == ""


async def test_a_method_the_terminal_has_no_use_for_is_refused_by_name(conversation: Conversation) -> None:
    async with conversation.app as app:
        with pytest.raises(BadRequest, match=r"(?i)the terminal cannot do sendDice"):
            await app.bot.send_dice(TERMINAL_USER_ID)


async def test_the_conversation_ends_when_nobody_reads_any_more(conversation: Conversation) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    heard: list[str] = []

    async def lines() -> AsyncIterator[str]:
        for line in ("one", "two"):
            heard.append(line)
            yield line

    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        conversation.request = TerminalRequest(Screen(pipe))
        app = ApplicationBuilder().token(TERMINAL_TOKEN).request(conversation.request)
        conversation.app = app.get_updates_request(conversation.request).updater(None).build()
        conversation.app.add_handler(MessageHandler(filters.ALL, echo))
        await chat(conversation.app, conversation.request, lines(), language="en")
    assert heard == ["one"]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\n\nlast", ["one\r", "", "last"]),
        ("\ufeff数羊\n".encode(), ["数羊"]),
        (b"\xff\n\xe6\x95", ["\ufffd", "\ufffd"]),
    ],
)
async def test_lines_are_read_to_the_end(data: bytes, lines: list[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    assert [line async for line in read_lines(reading)] == lines
    os.close(reading)


async def test_lines_are_read_from_a_file(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_bytes(b"x" * 70_000 + b"\n" + "数羊\n".encode() * 30_000)
    with script.open("rb") as file:
        lines = [line async for line in read_lines(file.fileno())]
    assert lines == ["x" * 70_000] + ["数羊"] * 30_000


async def test_waiting_for_a_line_does_not_hold_up_the_bot() -> None:
    reading, writing = os.pipe()
    lines = aiter(read_lines(reading))
    waiting = asyncio.create_task(anext(lines))
    # The event loop gets to this line although nothing was written yet.
    await asyncio.get_running_loop().run_in_executor(None, os.write, writing, b"one\n")
    assert await waiting == "one"
    os.close(writing)
    assert [line async for line in lines] == []
    os.close(reading)


async def test_a_closed_standard_input_is_an_empty_one() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    os.close(reading)
    assert [line async for line in read_lines(reading)] == []


@pytest.mark.parametrize("last_key", ["\x04", "\x03"])
async def test_the_prompt_keeps_a_history_and_ends_politely(tmp_path: Path, last_key: str) -> None:
    history = tmp_path / "data" / "history"
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(f"first\rsecond\r{last_key}")
        assert [line async for line in prompt_lines(history, {})] == ["first", "second"]
        keys.send_text("\x1b[A\x1b[A\r\x04")
        assert [line async for line in prompt_lines(history, {})] == ["first"]
    assert history.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("typed_so_far", "completed"),
    [("/", ["/search", "/start"]), ("/se", ["/search"]), ("search", []), ("a /se", []), ("/search /s", [])],
)
def test_only_a_command_that_is_being_typed_is_completed(typed_so_far: str, completed: list[str]) -> None:
    completer = command_completer({"search": "finds papers", "start": "says hello"})
    found = completer.get_completions(Document(typed_so_far), CompleteEvent())
    assert [completion.text for completion in found] == completed


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8", "LANG": "de_DE.UTF-8"}, "zh"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_locale(environment: dict[str, str], language: str) -> None:
    assert locale_language(environment) == language
